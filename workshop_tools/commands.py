"""The commands that build, run and check the notebooks; they need the extras, and say so."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from workshop_utils.cli.app import app, told

Only = Annotated[
    list[str] | None,
    typer.Option("--only", help="A notebook by number or name, several times if need be."),
]


def _renamed(asked: bool) -> None:
    if asked:
        raise typer.BadParameter("it is called --synthetic now.")


Synthetic = Annotated[
    bool, typer.Option("--synthetic", help="Use synthetic tweets, not the real ones.")
]
Twin = Annotated[bool, typer.Option("--twin", hidden=True, is_eager=True, callback=_renamed)]
Jobs = Annotated[
    int | None,
    typer.Option(min=1, help="Notebooks at a time; by default two where memory allows."),
]
CellTimeout = Annotated[int, typer.Option(help="Seconds that one cell may take.")]
Flag = typer.Option


def command(function: Callable[..., int]) -> Callable[..., int]:
    """Make a command of a function that returns the exit status; it imports when it is called."""

    @functools.wraps(function)
    def run(*values: object, **options: object) -> None:
        told(lambda: function(*values, **options))

    app.command(function.__name__.removesuffix("_page").replace("_", "-"))(run)
    return function


@command
def build(
    only: Only = None,
    repo: Annotated[str | None, Flag(help="New owner/name for every link.")] = None,
    ref: Annotated[str | None, Flag(help="New branch or tag for every link.")] = None,
    check: Annotated[bool, Flag("--check", help="Change nothing; say what differs.")] = False,
    force: Annotated[bool, Flag("--force", help="Execute what is unchanged too.")] = False,
    solved: Annotated[
        bool, Flag("--solved", help="Only write the solved editions to build/solved.")
    ] = False,
    jobs: Jobs = None,
) -> int:
    """Make both editions of the notebooks from their texts."""
    from workshop_tools import build as room

    return room.build(repo, ref, only, check=check, force=force, solved=solved, jobs=jobs)


@command
def run(
    only: Only = None,
    synthetic: Synthetic = False,
    twin: Twin = False,  # noqa: ARG001
    data: Annotated[Path | None, Flag(help="A file of tweets to use.")] = None,
    parameter: Annotated[
        list[str] | None, Flag(help="NAME=VALUE for the notebooks that have it; several.")
    ] = None,
    seed: Annotated[
        int | None, Flag(min=0, max=2**32 - 1, help="Short for --parameter SEED=...")
    ] = None,
    epochs: Annotated[int | None, Flag(min=1, help="Short for --parameter EPOCHS=...")] = None,
    quick: Annotated[
        bool, Flag("--quick", help="Train as shortly as possible; bands are only reported.")
    ] = False,
    compare: Annotated[
        Path | None, Flag(help="The report.json of an earlier run, to compare with.")
    ] = None,
    record_minutes: Annotated[
        bool, Flag("--record-minutes", help="Run one by one and keep the measured times.")
    ] = False,
    cell_timeout: CellTimeout = 600,
    jobs: Jobs = None,
) -> int:
    """Execute the notebooks and write copies, pages and one report under build/."""
    from workshop_tools import run as room

    return room.run(
        only,
        synthetic=synthetic,
        data=data,
        parameter=parameter,
        seed=seed,
        epochs=epochs,
        quick=quick,
        compare_with=compare,
        record_minutes=record_minutes,
        cell_timeout=cell_timeout,
        jobs=jobs,
    )


@command
def validate(
    only: Only = None,
    edition: Annotated[
        str, Flag(help="full is compared with its outputs; solved, learner are executed.")
    ] = "full",
    synthetic: Synthetic = False,
    twin: Twin = False,  # noqa: ARG001
    lax: Annotated[bool, Flag("--lax", help="Compare no output; only checks count.")] = False,
    cell_timeout: CellTimeout = 180,
    jobs: Jobs = None,
) -> int:
    """Compare the notebooks with their stored outputs (nbval), or execute another edition."""
    from workshop_tools import validate as room

    return room.validate(
        only,
        edition=edition,
        synthetic=synthetic,
        lax=lax,
        cell_timeout=cell_timeout,
        jobs=jobs,
    )


@command
def slides(only: Only = None) -> int:
    """Make slides from the full editions under build/slides; they need no internet."""
    from workshop_tools import slides as room

    return room.make(only)


@command
def wheel(
    out: Annotated[Path | None, Flag(help="Folder of the wheel; by default dist/.")] = None,
) -> int:
    """Build the wheel that a classroom without GitHub installs in Colab."""
    from workshop_tools import wheel as room

    return room.wheel(out)


@command
def colab_check(
    only: Only = None,
    folder: Annotated[
        Path | None,
        Flag("--list", envvar="LSTM_WORKSHOP_COLAB_LIST", help="Folder of Colab's pip-freeze.txt."),
    ] = None,
    minutes: Annotated[float, Flag(help="Minutes for all notebooks together.")] = 45,
    cell_timeout: CellTimeout = 600,
) -> int:
    """Run the learner's editions under Colab's packages; date the README when all pass."""
    from workshop_tools import colab_check as room

    return room.check(folder, only, minutes=minutes, cell_timeout=cell_timeout)


@command
def experiment(
    name: Annotated[str, typer.Argument(help="papers or ablation: the further notebook.")],
    only: Annotated[list[str] | None, Flag("--only", help="A part of a row's name.")] = None,
    processes: Annotated[int | None, Flag(min=1, help="Jobs at a time; by default cores.")] = None,
) -> int:
    """Compute an experiment that takes too long for a notebook; goes on if stopped."""
    from workshop_tools import experiment as room

    return room.compute(name, processes, only or [])


@command
def lint(only: Only = None) -> int:
    """Apply the house rules to the notebooks."""
    from workshop_tools import lint as room

    return room.main(only)


@command
def site() -> int:
    """Build the notebooks and the reference of the package as a web site, in build/site."""
    from workshop_tools import site as room

    return room.build()


@command
def class_page(
    folder: Annotated[Path, typer.Argument(help="Where the learners' hand-in files lie.")],
    out: Annotated[Path, Flag(help="The page to write.")] = Path("build/class/index.html"),
) -> int:
    """Show what a class got wrong, from the files that learners handed in."""
    from workshop_tools import class_page as room

    return room.make(folder, out)


def _gone(name: str, sentence: str) -> None:
    """Keep an old command as one sentence that says where its users go."""
    anything = {"allow_extra_args": True, "ignore_unknown_options": True}

    @app.command(name, hidden=True, context_settings=anything)
    def gone() -> None:
        typer.echo(f"✗ {sentence}", err=True)
        raise typer.Exit(2)


_gone("sizing", "`workshop sizing` has gone; the table is in colab/INSTRUCTOR.md.")
_gone("study", "`workshop study` is called `workshop experiment papers` or `... ablation` now.")
