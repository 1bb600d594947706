"""The catalogue of notebooks: the number, the name and the folder of each stand here once."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


class CourseError(Exception):
    """Something about the course's files is not as it must be; the sentence says what to do."""


@dataclass(frozen=True)
class Lesson:
    """One notebook of the course.

    Attributes:
        number: Two digits, ``"01"`` to ``"06"``; a further notebook has its subject instead.
        subject: The name without its number, also the name of its exercise module.
        further: Whether it lies in the folder ``further``: no other notebook needs it.
    """

    number: str
    subject: str
    further: bool = False

    @property
    def name(self) -> str:
        """The stem of every file of this lesson, for example ``01_rnn_intuition``."""
        return self.subject if self.further else f"{self.number}_{self.subject}"

    @property
    def folder(self) -> str:
        """The folder below ``notebooks``, ``notebooks/text`` and ``colab``."""
        return "further" if self.further else "."

    def is_meant_by(self, word: str) -> bool:
        """Say whether a word of the command line names this lesson, or a group with it."""
        group = "further" if self.further else self.number.lstrip("0")
        return Path(word).stem in {self.number, self.name, self.subject, group, "all"}


LESSONS = (
    Lesson("01", "rnn_intuition"),
    Lesson("02", "long_term_dependencies"),
    Lesson("03", "gate_walkthrough"),
    Lesson("04", "preprocessing"),
    Lesson("05", "training_the_lstm"),
    Lesson("06", "inference"),
)
"""The six core notebooks."""
FURTHER = tuple(Lesson(name, name, further=True) for name in ("papers", "ablation", "in_use"))
"""Notebooks for those who want more."""
EVERY = (*LESSONS, *FURTHER)


def select(
    only: Sequence[str] | None = None, otherwise: tuple[Lesson, ...] = LESSONS
) -> tuple[Lesson, ...]:
    """Return the lessons that were asked for, in the order of the course.

    Args:
        only: Numbers (``"01"``, ``"1"``), names (``"01_rnn_intuition"``, ``"rnn_intuition"``,
            a path that ends so), ``"further"`` or ``"all"``.
        otherwise: The lessons where nothing was asked for.

    Raises:
        CourseError: A word names no lesson.
    """
    for word in only or ():
        if not any(lesson.is_meant_by(word) for lesson in EVERY):
            known = ", ".join(lesson.name for lesson in EVERY)
            raise CourseError(f"There is no notebook called {word!r}; the course has {known}.")
    if not only:
        return otherwise
    return tuple(lesson for lesson in EVERY if any(map(lesson.is_meant_by, only)))


def find_root() -> Path:
    """Return the folder of the repository: the nearest one whose project file names the workshop.

    It is looked for upwards from the current folder, then from this package.

    Raises:
        CourseError: Neither lies in a clone of the repository.
    """
    for beginning in (Path.cwd(), Path(__file__).resolve()):
        for folder in (beginning, *beginning.parents):
            project = folder / "pyproject.toml"
            if project.is_file() and "[tool.workshop]" in project.read_text(encoding="utf-8"):
                return folder
    raise CourseError(
        "This is not a clone of the workshop's repository (no pyproject.toml with a "
        "[tool.workshop] table here or above); change into the clone and try again."
    )
