"""The six notebooks: number, name, title and minutes, and where their files lie.

The name of a notebook stands here once. Its title is the first heading of its
text; the minutes for reading and for the exercises are estimates kept here by
hand; the minutes for running are measured and read from ``notebooks/minutes.toml``.
"""

import datetime
import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from workshop_utils.storage import write_text

MINUTES_FILE = Path("notebooks", "minutes.toml")


class CourseError(Exception):
    """Something about the course's files is not as it must be; the sentence says what to do."""


@dataclass(frozen=True)
class Lesson:
    """One notebook of the course.

    Attributes:
        number: Two digits, ``"01"`` to ``"06"``.
        subject: The name without its number, also the name of its exercise module.
        reading: Minutes for reading, an estimate.
        exercises: Minutes for the exercises, an estimate.
    """

    number: str
    subject: str
    reading: int
    exercises: int

    @property
    def name(self) -> str:
        """The stem of every file of this lesson, for example ``01_rnn_intuition``."""
        return f"{self.number}_{self.subject}"

    def text(self, root: Path) -> Path:
        """Return the path of the text that the lesson is written in."""
        return root / "notebooks" / "text" / f"{self.name}.md"

    def full(self, root: Path) -> Path:
        """Return the path of the full edition, with outputs and solutions."""
        return root / "notebooks" / f"{self.name}.ipynb"

    def learner(self, root: Path) -> Path:
        """Return the path of the learner's edition, without outputs and solutions."""
        return root / "colab" / f"{self.name}.ipynb"

    def title(self, root: Path) -> str:
        """Return the title: the first heading of the text.

        Raises:
            CourseError: The text is missing or has no heading of the first level.
        """
        path = self.text(root)
        if not path.is_file():
            raise CourseError(f"The text of {self.name} is missing: expected {path}.")
        found = re.search(r"^# +(.+?)\s*$", path.read_text(encoding="utf-8"), re.MULTILINE)
        if found is None:
            raise CourseError(f"{path.name} has no title; expected a first line like '# Title'.")
        return found.group(1)


LESSONS: tuple[Lesson, ...] = (
    Lesson("01", "rnn_intuition", reading=30, exercises=15),
    Lesson("02", "long_term_dependencies", reading=40, exercises=15),
    Lesson("03", "gate_walkthrough", reading=35, exercises=20),
    Lesson("04", "preprocessing", reading=30, exercises=15),
    Lesson("05", "training_the_lstm", reading=35, exercises=20),
    Lesson("06", "inference", reading=35, exercises=20),
)


def select(only: Sequence[str] | None = None) -> tuple[Lesson, ...]:
    """Return the lessons that were asked for, in the order of the course.

    Args:
        only: Numbers (``"01"``, ``"1"``) or names (``"01_rnn_intuition"``, ``"rnn_intuition"``,
            a path that ends so); ``None`` or nothing means all six.

    Raises:
        CourseError: A word names no lesson.
    """
    if not only:
        return LESSONS
    wanted = {_find(word).number for word in only}
    return tuple(lesson for lesson in LESSONS if lesson.number in wanted)


def _find(word: str) -> Lesson:
    stem = Path(word).stem
    for lesson in LESSONS:
        if stem in (lesson.number, lesson.number.lstrip("0"), lesson.name, lesson.subject):
            return lesson
    known = ", ".join(lesson.name for lesson in LESSONS)
    raise CourseError(f"There is no notebook called {word!r}; the course has {known}.")


def neighbours(lesson: Lesson) -> tuple[Lesson | None, Lesson | None]:
    """Return the lesson before and the lesson after, ``None`` at the ends."""
    place = LESSONS.index(lesson)
    before = LESSONS[place - 1] if place > 0 else None
    after = LESSONS[place + 1] if place + 1 < len(LESSONS) else None
    return before, after


def find_root(start: Path | None = None) -> Path:
    """Return the folder of the repository: the nearest one whose project file names the workshop.

    Args:
        start: Where to begin to look upwards; the current folder by default, then this package.

    Raises:
        CourseError: Neither lies in a clone of the repository.
    """
    for beginning in [start] if start else [Path.cwd(), Path(__file__)]:
        for folder in (beginning.resolve(), *beginning.resolve().parents):
            project = folder / "pyproject.toml"
            if project.is_file() and "[tool.workshop]" in project.read_text(encoding="utf-8"):
                return folder
    raise CourseError(
        "This is not a clone of the workshop's repository (no pyproject.toml with a "
        "[tool.workshop] table here or above); change into the clone and try again."
    )


@dataclass(frozen=True)
class Measured:
    """The measured running times of the notebooks.

    Attributes:
        seconds: Wall time of each notebook, by name.
        cores: CPU cores of the machine that measured; 0 when nothing was measured.
    """

    seconds: Mapping[str, float]
    cores: int = 0


def measured(root: Path) -> Measured:
    """Read the measured running times; empty when none were taken yet."""
    path = root / MINUTES_FILE
    if not path.is_file():
        return Measured({})
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    seconds = {name: float(value) for name, value in table["seconds"].items()}
    return Measured(seconds, int(table["cores"]))


def record_seconds(root: Path, seconds: Mapping[str, float]) -> None:
    """Write measured running times; those of notebooks not measured now are kept.

    Args:
        root: The folder of the repository.
        seconds: Wall time of each notebook, by name.

    Raises:
        CourseError: The kept ones were measured on a machine with another number of cores.
    """
    from workshop_utils.accelerator import cpu_count

    before, cores = measured(root), cpu_count()
    kept = {name: value for name, value in before.seconds.items() if name not in seconds}
    if kept and before.cores != cores:
        raise CourseError(
            f"The times of {', '.join(kept)} were measured with {before.cores} cores and this "
            f"machine has {cores}; measure all six here."
        )
    lines = [f"{name} = {value:.1f}" for name, value in sorted({**kept, **seconds}.items())]
    head = (
        "# Written by `workshop run --record-minutes`, which starts each notebook cold;\n"
        "# not edited by hand.\n"
        f'measured = "{datetime.date.today().isoformat()}"\ncores = {cores}\n\n[seconds]\n'
    )
    write_text(root / MINUTES_FILE, head + "\n".join(lines) + "\n")


def running_time(lesson: Lesson, root: Path) -> str:
    """Say how long the lesson runs, in whole minutes, or that this was not measured."""
    seconds = measured(root).seconds.get(lesson.name)
    return "not measured yet" if seconds is None else f"{math.ceil(seconds / 60)} min"


def minutes(lesson: Lesson, root: Path) -> str:
    """Say how long the lesson takes, in one line of Markdown without a full stop."""
    cores = measured(root).cores
    machine = f" ({cores} CPU cores)" if cores else ""
    return (
        f"Reading {lesson.reading} min · exercises {lesson.exercises} min · "
        f"running {running_time(lesson, root)}{machine}"
    )
