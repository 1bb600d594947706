"""What each command of ``workshop`` shares: the app, and errors as one sentence."""

import sys
from collections.abc import Callable
from typing import Annotated

import typer

from workshop_utils import __version__

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="The LSTM workshop: look at this machine, and build, run and check the notebooks.",
)


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


def told(work: Callable[[], int]) -> None:
    """Do the work and exit with its status; a known error is one sentence, without a traceback."""
    from workshop_utils.lessons import CourseError

    try:
        status = work()
    except (CourseError, OSError, ValueError) as error:
        print(f"✗ {error}", file=sys.stderr)
        status = 2
    raise typer.Exit(status)
