"""The makers' commands: build, run, validate and their like; they need the extras, and say so.

Each imports its module when it is called, so that ``workshop --help`` answers at once.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from workshop_tools.validate import Edition
from workshop_utils.cli.app import app, class_checks, told

Only = Annotated[list[str] | None, Option(help="Numbers or names of notebooks; else all.")]
Jobs = Annotated[
    int | None, Option(min=1, help="Notebooks at a time; else two where memory allows.")
]
Synthetic = Annotated[bool, Option("--synthetic", help="Use synthetic tweets in any case.")]
ColabList = Annotated[
    Path | None,
    Option("--list", envvar="LSTM_WORKSHOP_COLAB_LIST", help="Folder of Colab's pip-freeze.txt."),
]


@app.command()
def build(
    repo: Annotated[str | None, Option(help="New owner/name for every link.")] = None,
    ref: Annotated[str | None, Option(help="New branch or tag for every link.")] = None,
    only: Only = None,
    check: Annotated[bool, Option("--check", help="Change nothing; say what differs.")] = False,
    force: Annotated[bool, Option("--force", help="Execute what has not changed, too.")] = False,
    jobs: Jobs = None,
) -> None:
    """Make both editions of the notebooks from their texts."""
    from workshop_tools import build as editions_builder

    told(lambda: editions_builder.build(repo, ref, only, check=check, force=force, jobs=jobs))


@app.command()
def run(
    only: Only = None,
    synthetic: Synthetic = False,
    data: Annotated[Path | None, Option(help="A file of tweets to use first.")] = None,
    parameter: Annotated[
        list[str] | None, Option(help="NAME=VALUE for those that have it.")
    ] = None,
    quick: Annotated[bool, Option("--quick", help="Train shortly; bands are reported.")] = False,
    compare: Annotated[Path | None, Option(help="The report.json of an earlier run.")] = None,
    record_minutes: Annotated[
        bool, Option("--record-minutes", help="Run cold, one by one, and keep the times.")
    ] = False,
    jobs: Jobs = None,
) -> None:
    """Execute the notebooks and write copies, pages and one report under build/."""
    from workshop_tools import run as runner

    told(
        lambda: runner.run(
            only,
            synthetic=synthetic,
            data=data,
            parameter=parameter,
            quick=quick,
            compare_with=compare,
            record_minutes=record_minutes,
            jobs=jobs,
        )
    )


@app.command()
def validate(
    only: Only = None,
    edition: Annotated[
        Edition, Option(help="Compare full with its outputs; execute solved or learner.")
    ] = "full",
    synthetic: Synthetic = False,
    lax: Annotated[bool, Option("--lax", help="Compare no output; the checks decide.")] = False,
    jobs: Jobs = None,
) -> None:
    """Compare the notebooks with their stored outputs (nbval), or execute another edition."""
    from workshop_tools import validate as validator

    told(lambda: validator.validate(only, edition=edition, synthetic=synthetic, lax=lax, jobs=jobs))


@app.command()
def lint(only: Only = None) -> None:
    """Apply the house rules to the notebooks."""
    from workshop_tools import lint as linter

    told(lambda: linter.main(only))


@app.command()
def slides(only: Only = None) -> None:
    """Make slides from the full editions under build/slides; they need no internet."""
    from workshop_tools import slides as decks

    told(lambda: decks.make(only))


@app.command()
def site(
    links: Annotated[bool, Option("--links", help="Follow every link to the internet.")] = False,
) -> None:
    """Build the notebooks and the reference of the package as a web site, in build/site."""
    from workshop_tools import site as pages

    told(lambda: pages.build(links))


@app.command()
def film() -> None:
    """Film the gate explorer for the README, into docs/explorer.gif and docs/explorer.png."""
    from workshop_tools import explorer

    told(explorer.film)


@app.command("class")
def class_page(
    folder: Annotated[Path, Argument(help="Where the handed-in files lie.")],
    out: Annotated[Path, Option(help="The page, HTML.")] = Path("build/class/index.html"),
) -> None:
    """Show what a class has not solved yet, from the files that learners handed in."""
    from workshop_tools import class_page as page

    told(lambda: page.make(folder, out))


@app.command()
def wheel() -> None:
    """Build the wheel that a classroom without GitHub installs in Colab."""
    from workshop_tools import wheel as builder

    told(builder.wheel)


@app.command("colab-check")
def colab_check(folder: ColabList = None, only: Only = None) -> None:
    """Run the learner's editions under Colab's packages; date the README when all pass."""
    from workshop_tools import colab_check as checker

    told(lambda: checker.check(folder, only))


@app.command()
def matrix(
    folder: ColabList = None,
    minutes: Annotated[int, Option(help="How long one set of versions may take.")] = 15,
) -> None:
    """Try the quick tests and the core notebooks under six sets of versions."""
    from workshop_tools import matrix as versions

    told(lambda: versions.matrix(folder, minutes))


@app.command()
def experiment(
    name: Annotated[str, Argument(help="papers or ablation: the further notebook.")],
    processes: Annotated[int | None, Option(min=1, help="Jobs at a time; else the cores.")] = None,
) -> None:
    """Compute an experiment that takes too long for a notebook; goes on if stopped."""
    from workshop_tools import experiment as experiments

    told(lambda: experiments.compute(name, processes))


def _class_checks(learners: int) -> Iterable[object]:
    from workshop_tools import class_day
    from workshop_utils.learning.lessons import find_root

    return class_day.findings(find_root(), learners)


# What `workshop doctor --class` looks at; the command is everyone's.
class_checks.append(_class_checks)
