"""The commands that build, run and check the notebooks; they need the extras, and say so."""

from pathlib import Path
from typing import Annotated

import typer

from workshop_utils.cli.app import Only, Twin, app, told


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
        from workshop_tools import build as room

        return room.build(repo, ref, only, check=check, force=force)

    told(work)


@app.command()
def run(
    only: Only = None,
    twin: Twin = False,
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
        Path | None, typer.Option(help="The report.json of an earlier run, to stand beside.")
    ] = None,
    record_minutes: Annotated[
        bool, typer.Option("--record-minutes", help="Start cold and keep the measured times.")
    ] = False,
    cell_timeout: Annotated[int, typer.Option(help="Seconds that one cell may take.")] = 600,
) -> None:
    """Execute the notebooks and write copies, pages and one report under build/."""

    def work() -> int:
        from workshop_tools import run as room

        return room.run(
            only,
            twin=twin,
            data=data,
            parameter=parameter,
            seed=seed,
            epochs=epochs,
            quick=quick,
            compare=compare,
            record_minutes=record_minutes,
            cell_timeout=cell_timeout,
        )

    told(work)


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
        from workshop_tools import validate as room

        return room.validate(only, twin=twin, lax=lax, cell_timeout=cell_timeout)

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
    cell_timeout: Annotated[int, typer.Option(help="Seconds that one cell may take.")] = 600,
) -> None:
    """Run the learner's editions under Colab's packages; date the README when all pass."""

    def work() -> int:
        from workshop_tools.colab_check import check as room

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
        from workshop_tools.site import making as room

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
