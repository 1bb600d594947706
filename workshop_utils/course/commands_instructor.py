"""The commands that build, run and check the notebooks; they need the extras, and say so."""

from pathlib import Path
from typing import Annotated

import typer

from workshop_utils.course.command import Only, Twin, app, told


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
        from workshop_utils.course import run as room

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
def sizing(
    report: Annotated[Path, typer.Argument(help="The report.json of a run that passed.")],
    learners: Annotated[
        list[int] | None,
        typer.Option("--learners", help="How many; several. By default 30, 300 and 10000."),
    ] = None,
    open_kernels: Annotated[
        int, typer.Option(min=1, help="Notebooks that one learner keeps open at a time.")
    ] = 1,
    at_once: Annotated[
        float | None,
        typer.Option(help="Share of the time in which a learner runs a cell; else computed."),
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Put the table into colab/INSTRUCTOR.md.")
    ] = False,
) -> None:
    """Compute how large a JupyterHub must be, from what a run has measured."""

    def work() -> int:
        from workshop_utils.course import sizing_page as room

        return room.sizing(
            report,
            learners=learners,
            open_kernels=open_kernels,
            at_once=at_once,
            write=write,
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
        from workshop_utils.course import validate as room

        return room.validate(only, twin=twin, lax=lax, cell_timeout=cell_timeout)

    told(work)


@app.command()
def slides(only: Only = None) -> None:
    """Make slides from the full editions under build/slides; they need no internet."""

    def work() -> int:
        from workshop_utils.course import slides as room

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
        from workshop_utils.course import wheel as room

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
        from workshop_utils.course.colab_check import check as room

        return room.check(folder, only, minutes=minutes, cell_timeout=cell_timeout)

    told(work)


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

    told(work)


@app.command()
def lint(only: Only = None) -> None:
    """Apply the house rules to the notebooks."""

    def work() -> int:
        from workshop_utils.course import lint as room

        return room.main(only)

    told(work)


@app.command()
def site() -> None:
    """Build the notebooks and the reference of the package as a web site, in build/site."""

    def work() -> int:
        from workshop_utils.course.site import making as room

        return room.build()

    told(work)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def lab(context: typer.Context) -> None:
    """Open JupyterLab on a working copy that is never overwritten."""

    def work() -> int:
        from workshop_utils.course import extras
        from workshop_utils.course import lab as room
        from workshop_utils.course.catalogue import find_root

        extras.require("jupyterlab")
        return room.open_lab(find_root(), arguments=tuple(context.args))

    told(work)
