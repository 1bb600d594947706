"""What the commands of ``workshop`` share: the app, errors as one sentence, and tables."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any, NoReturn

import typer

from workshop_utils import __version__

_COLOURS = {"ok": "green", "correct": "green", "warning": "yellow", "not yet": "yellow"}
_COLOURS |= {"failure": "red", "not attempted": "dim"}

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="The LSTM workshop: look at this machine, and build, run and check the notebooks.",
)
class_checks: list[Callable[[int], Iterable[Any]]] = []
"""What gives ``workshop doctor --class`` findings about so many learners: the makers' tools."""


def _version(asked: bool) -> None:
    if asked:
        print(f"lstm-workshop {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Take the options that stand before a command."""


def told(work: Callable[[], int]) -> NoReturn:
    """Do the work and exit with its status; a known error is one sentence, without a traceback."""
    from workshop_utils.learning.lessons import CourseError

    try:
        status = work()
    except (CourseError, OSError, ValueError) as error:
        words = str(error)
        if isinstance(error, OSError) and error.errno and words.startswith("[Errno"):
            words = ": ".join(filter(None, (str(error.filename or ""), error.strerror)))
        # A name that was given may hold what a terminal would obey.
        print(
            f"✗ {''.join(each if each.isprintable() else '?' for each in words)}", file=sys.stderr
        )
        status = 2
    raise typer.Exit(status)


def print_table(title: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table; outcomes have colours, and names and dates are never cut."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left")
    for heading in headings:
        longest_word = max(map(len, heading.split()))
        whole = heading in {"notebook", "exercise", "last"}
        table.add_column(heading, no_wrap=whole, min_width=longest_word, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell, style=_COLOURS.get(cell, "")) for cell in row))
    Console().print(table)
