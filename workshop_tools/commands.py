"""The commands that build, run and check the notebooks; they need the extras, and say so."""

from pathlib import Path
from typing import Annotated

import typer

from workshop_utils.cli.app import Only, app, told


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


@app.command()
def build(
    only: Only = None,
    repo: Annotated[str | None, typer.Option(help="New owner/name for every link.")] = None,
    ref: Annotated[str | None, typer.Option(help="New branch or tag for every link.")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; say what does not agree.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Execute what is unchanged too.")] = False,
    solved: Annotated[
        bool, typer.Option("--solved", help="Only write the solved editions to build/solved.")
    ] = False,
    jobs: Jobs = None,
) -> None:
    """Make both editions of the notebooks from their texts."""
    from workshop_tools import build as room

    told(lambda: room.build(repo, ref, only, check=check, force=force, solved=solved, jobs=jobs))


@app.command()
def run(
    only: Only = None,
    synthetic: Synthetic = False,
    twin: Twin = False,  # noqa: ARG001
    data: Annotated[Path | None, typer.Option(help="A file of tweets to use.")] = None,
    parameter: Annotated[
        list[str] | None,
        typer.Option("--parameter", help="NAME=VALUE for the notebooks that have it; several."),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, max=2**32 - 1, help="Short for --parameter SEED=...")
    ] = None,
    epochs: Annotated[
        int | None, typer.Option(min=1, help="Short for --parameter EPOCHS=...")
    ] = None,
    quick: Annotated[
        bool,
        typer.Option("--quick", help="Train as shortly as possible; bands are only reported."),
    ] = False,
    compare: Annotated[
        Path | None, typer.Option(help="The report.json of an earlier run, to compare with.")
    ] = None,
    record_minutes: Annotated[
        bool, typer.Option("--record-minutes", help="Run one by one and keep the measured times.")
    ] = False,
    cell_timeout: CellTimeout = 600,
    jobs: Jobs = None,
) -> None:
    """Execute the notebooks and write copies, pages and one report under build/."""

    def work() -> int:
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

    told(work)


@app.command()
def validate(
    only: Only = None,
    edition: Annotated[
        str, typer.Option(help="full is compared with its outputs; solved, learner are executed.")
    ] = "full",
    synthetic: Synthetic = False,
    twin: Twin = False,  # noqa: ARG001
    lax: Annotated[
        bool, typer.Option("--lax", help="Compare no output; only the checks count.")
    ] = False,
    cell_timeout: CellTimeout = 180,
    jobs: Jobs = None,
) -> None:
    """Compare the notebooks with their stored outputs (nbval), or execute another edition."""

    def work() -> int:
        from workshop_tools import validate as room

        return room.validate(
            only,
            edition=edition,
            synthetic=synthetic,
            lax=lax,
            cell_timeout=cell_timeout,
            jobs=jobs,
        )

    told(work)


@app.command()
def slides(only: Only = None) -> None:
    """Make slides from the full editions under build/slides; they need no internet."""

    def work() -> int:
        from workshop_tools import slides as room

        return room.make(only)

    told(work)


@app.command()
def wheel(
    out: Annotated[
        Path | None, typer.Option(help="Folder of the wheel; by default dist/ in the clone.")
    ] = None,
) -> None:
    """Build the wheel that a classroom without GitHub installs in Colab."""

    def work() -> int:
        from workshop_tools import wheel as room

        return room.wheel(out)

    told(work)


@app.command()
def colab_check(
    only: Only = None,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--list", envvar="LSTM_WORKSHOP_COLAB_LIST", help="Folder of Colab's pip-freeze.txt."
        ),
    ] = None,
    minutes: Annotated[float, typer.Option(help="Minutes for all notebooks together.")] = 45,
    cell_timeout: CellTimeout = 600,
) -> None:
    """Run the learner's editions under Colab's packages; date the README when all pass."""

    def work() -> int:
        from workshop_tools import colab_check as room

        return room.check(folder, only, minutes=minutes, cell_timeout=cell_timeout)

    told(work)


@app.command()
def experiment(
    name: Annotated[
        str,
        typer.Argument(
            help="papers: the tables of further/papers; ablation: those of further/ablation."
        ),
    ],
    only: Annotated[
        list[str] | None, typer.Option("--only", help="A part of a row's name.")
    ] = None,
    processes: Annotated[
        int | None, typer.Option(min=1, help="Jobs at a time; as many as cores by default.")
    ] = None,
) -> None:
    """Compute an experiment that takes too long for a notebook; goes on if stopped."""

    def work() -> int:
        from workshop_tools import experiment as room

        return room.compute(name, processes, only or [])

    told(work)


@app.command()
def lint(only: Only = None) -> None:
    """Apply the house rules to the notebooks."""

    def work() -> int:
        from workshop_tools import lint as room

        return room.main(only)

    told(work)


@app.command()
def site() -> None:
    """Build the notebooks and the reference of the package as a web site, in build/site."""

    def work() -> int:
        from workshop_tools import site as room

        return room.build()

    told(work)


@app.command(name="class")
def class_page(
    folder: Annotated[Path, typer.Argument(help="Where the learners' hand-in files lie.")],
    out: Annotated[Path, typer.Option(help="The page to write.")] = Path("build/class/index.html"),
) -> None:
    """Show what a class got wrong, from the files that learners handed in."""

    def work() -> int:
        from workshop_tools import class_page as room

        return room.make(folder, out)

    told(work)


def _gone(name: str, sentence: str) -> None:
    """Keep an old command as one sentence that says where its users go."""

    @app.command(
        name,
        hidden=True,
        context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    )
    def gone() -> None:
        typer.echo(f"✗ {sentence}", err=True)
        raise typer.Exit(2)


_gone("sizing", "`workshop sizing` has gone; the table is in colab/INSTRUCTOR.md.")
_gone("study", "`workshop study` is called `workshop experiment papers` or `... ablation` now.")


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
    load: Annotated[
        bool, typer.Option("--load", help="Load TensorFlow too, and ask it for its GPUs.")
    ] = False,
    learners: Annotated[
        int | None,
        typer.Option("--class", min=1, help="Whether it carries so many learners too."),
    ] = None,
) -> None:
    """Say whether this machine can run the workshop, or carry a class of it."""
    from workshop_tools import class_day
    from workshop_utils.cli import doctor as room
    from workshop_utils.lessons import find_root

    more = class_day.findings(find_root(), learners) if learners else ()
    report = room.examine(load, more)
    print(report.as_json()) if as_json else room.show(report)
    raise typer.Exit(0 if report.can_run else 1)
