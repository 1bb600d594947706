"""The command ``workshop``: thin; each command imports what it needs when it is called.

``doctor`` and ``cache`` run on what Colab has. The commands that build, run and
validate notebooks need the extras, and say so.
"""

import sys
from collections.abc import Callable
from typing import Annotated

import typer

from workshop_utils import __version__

EXTRAS = frozenset(
    {"ipykernel", "jupyter_client", "jupyterlab", "jupytext", "nbclient", "nbconvert", "nbformat"}
    | {"nbval", "pytest"}
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


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        # A console with a small character set must not stop a command at a tick.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    app()


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


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
    load: Annotated[
        bool, typer.Option("--load", help="Load TensorFlow too, and ask it for its GPUs.")
    ] = False,
) -> None:
    """Say whether this machine can run the workshop; exit with 1 when it cannot."""
    from workshop_utils.course import doctor as room

    report = room.examine(load)
    if as_json:
        print(report.as_json())
    else:
        room.show(report)
    raise typer.Exit(0 if report.can_run else 1)


@app.command()
def cache(
    clear: Annotated[bool, typer.Option("--clear", help="Remove what lies there.")] = False,
    only: Annotated[
        list[str] | None, typer.Option("--only", help="cache (downloads) or artifacts (saved).")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before removing.")] = False,
) -> None:
    """Show where files are kept and how large they are; clear them if asked to."""
    _told(lambda: _show_and_clear(only or [], clear=clear, yes=yes))


def _show_and_clear(names: list[str], *, clear: bool, yes: bool) -> int:
    from workshop_utils import storage

    found = storage.usage(*names)
    for each in found:
        print(f"{each.name}: {each.folder}: {_sizes(len(each.files), each.size_bytes)}")
    count = sum(len(each.files) for each in found)
    if not clear:
        return 0
    if not yes and count and not typer.confirm(f"Remove {_files(count)}?"):
        print("Nothing was removed.")
        return 0
    removed = storage.clear(*names)
    count = sum(len(each.files) for each in removed)
    print(f"Removed: {_sizes(count, sum(each.size_bytes for each in removed))}.")
    return 0


def _files(count: int) -> str:
    return f"{count} file{'' if count == 1 else 's'}"


def _sizes(count: int, size: int) -> str:
    from workshop_utils.course.doctor import in_words

    return f"{_files(count)}, {in_words(size)}"


@app.command()
def stamp() -> None:
    """Print the date and the versions, as a notebook's last cell does."""
    from workshop_utils import runtime

    print(runtime.stamp())


@app.command()
def predict(
    texts: Annotated[
        list[str] | None, typer.Argument(help="Texts, each in quotes; without any, one a line.")
    ] = None,
    file: Annotated[
        str | None, typer.Option(help="A CSV file; each of its texts is answered in --out.")
    ] = None,
    out: Annotated[str | None, typer.Option(help="Where the answers to --file go.")] = None,
    column: Annotated[
        str | None, typer.Option(help="The texts' column in --file; by default: text.")
    ] = None,
    model: Annotated[
        str | None, typer.Option(help="A .keras file; by default the one notebook 05 saved.")
    ] = None,
) -> None:
    """Say whether each text sounds negative or positive; goes on with a file if stopped."""

    def work() -> int:
        from workshop_utils.course import predict as room

        if file is None:
            return room.texts(texts or [], model)
        return room.file(file, out, column, model)

    _told(work)


@app.command()
def build(
    only: Only = None,
    repo: Annotated[str | None, typer.Option(help="New owner/name for every link.")] = None,
    ref: Annotated[str | None, typer.Option(help="New branch or tag for every link.")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; say what does not agree.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Execute what is unchanged too.")] = False,
) -> None:
    """Make both editions of the notebooks from their texts."""

    def work() -> int:
        from workshop_utils.course import build as room

        return room.build(repo, ref, only, check=check, force=force)

    _told(work)


@app.command()
def run(
    only: Only = None,
    twin: Twin = False,
    record_minutes: Annotated[
        bool, typer.Option("--record-minutes", help="Start cold and keep the measured times.")
    ] = False,
    cell_timeout: Annotated[int, typer.Option(help="Seconds that one cell may take.")] = 600,
) -> None:
    """Execute the notebooks and write copies, pages and one report under build/."""

    def work() -> int:
        from workshop_utils.course import run as room

        return room.run(only, twin=twin, record_minutes=record_minutes, cell_timeout=cell_timeout)

    _told(work)


@app.command()
def validate(
    only: Only = None,
    twin: Twin = False,
    lax: Annotated[
        bool, typer.Option("--lax", help="Compare no output; only the checks count.")
    ] = False,
    cell_timeout: Annotated[int, typer.Option(help="Seconds that one cell may take.")] = 180,
) -> None:
    """Compare the notebooks with their stored outputs (nbval)."""

    def work() -> int:
        from workshop_utils.course import validate as room

        return room.validate(only, twin=twin, lax=lax, cell_timeout=cell_timeout)

    _told(work)


@app.command()
def study(
    name: Annotated[
        str, typer.Argument(help="papers: the tables of notebook 02; climb: those of 05.")
    ],
    only: Annotated[
        list[str] | None, typer.Option("--only", help="A part of a row's name.")
    ] = None,
    processes: Annotated[
        int | None, typer.Option(min=1, help="Jobs at a time; as many as cores by default.")
    ] = None,
) -> None:
    """Compute the data file of a study that takes too long for a notebook; goes on if stopped."""

    def work() -> int:
        from workshop_utils.course import study as room

        return room.compute(name, processes, only or [])

    _told(work)


@app.command()
def lint(only: Only = None) -> None:
    """Apply the house rules to the notebooks."""

    def work() -> int:
        from workshop_utils.course import lint as room

        return room.main(only)

    _told(work)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def lab(context: typer.Context) -> None:
    """Open JupyterLab on a working copy that is never overwritten."""

    def work() -> int:
        from workshop_utils.course import extras
        from workshop_utils.course import lab as room
        from workshop_utils.course.catalogue import find_root

        extras.require("jupyterlab")
        return room.open_lab(find_root(), arguments=tuple(context.args))

    _told(work)


def _told(work: Callable[[], int]) -> None:
    """Do the work and exit with its status; a known error is one sentence, without a traceback."""
    from workshop_utils.course.catalogue import CourseError

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
