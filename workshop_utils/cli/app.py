"""What each command of ``workshop`` shares: the app, common options, errors as one sentence."""

import sys
from collections.abc import Callable
from typing import Annotated

import typer

from workshop_utils import __version__

EXTRAS = frozenset(
    {"ipykernel", "jupyter_client", "jupyterlab", "jupytext", "nbclient", "nbconvert", "nbformat"}
    | {"latex2mathml", "nbval", "papermill", "pytest", "sphinx_revealjs", "syllapy"}
)
INSTALL = 'python -m pip install "lstm-workshop[lab,instructor]"'

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="The LSTM workshop: look at this machine, and build, run and check the notebooks.",
)

Only = Annotated[
    list[str] | None,
    typer.Option("--only", help="A notebook by number or name, several times if need be."),
]
Twin = Annotated[bool, typer.Option("--twin", help="Use the offline twin, not the real tweets.")]


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
    except ModuleNotFoundError as error:
        module = (error.name or "").split(".")[0]
        if module not in EXTRAS:
            raise
        print(f"This needs {module}; install the extras with: {INSTALL}", file=sys.stderr)
        status = 2
    except (CourseError, OSError, ValueError) as error:
        print(f"✗ {error}", file=sys.stderr)
        status = 2
    raise typer.Exit(status)
