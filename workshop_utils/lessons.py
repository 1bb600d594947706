"""The catalogue of notebooks: number, name, title, and where their files lie.

The name of a notebook stands here once. Its title is the first heading of its text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath


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
    def folder(self) -> PurePosixPath:
        """The folder below ``notebooks``, ``notebooks/text`` and ``colab``."""
        return PurePosixPath("further" if self.further else ".")

    def text(self, root: Path) -> Path:
        """Return the path of the text that the lesson is written in."""
        return root / "notebooks" / "text" / self.folder / f"{self.name}.md"

    def full(self, root: Path) -> Path:
        """Return the path of the full edition, with outputs and solutions."""
        return root / "notebooks" / self.folder / f"{self.name}.ipynb"

    def learner(self, root: Path) -> Path:
        """Return the path of the learner's edition, without outputs and solutions."""
        return root / "colab" / self.folder / f"{self.name}.ipynb"

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

    def heading(self, root: Path) -> str:
        """Return the title behind its number; the name of a text that is not written yet."""
        title = self.title(root) if self.text(root).is_file() else self.subject
        return title if self.further else f"{self.number} {title}"


LESSONS: tuple[Lesson, ...] = (
    Lesson("01", "rnn_intuition"),
    Lesson("02", "long_term_dependencies"),
    Lesson("03", "gate_walkthrough"),
    Lesson("04", "preprocessing"),
    Lesson("05", "training_the_lstm"),
    Lesson("06", "inference"),
)
"""The six core notebooks."""

FURTHER: tuple[Lesson, ...] = tuple(
    Lesson(subject, subject, further=True) for subject in ("papers", "ablation", "in_use")
)
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
    if not only:
        return otherwise
    wanted = {lesson for word in only for lesson in _find(word)}
    return tuple(lesson for lesson in EVERY if lesson in wanted)


def _find(word: str) -> tuple[Lesson, ...]:
    stem = Path(word).stem
    groups = {"further": FURTHER, "all": EVERY}
    if stem in groups:
        return groups[stem]
    for lesson in EVERY:
        if stem in (lesson.number, lesson.number.lstrip("0"), lesson.name, lesson.subject):
            return (lesson,)
    known = ", ".join(lesson.name for lesson in EVERY)
    raise CourseError(f"There is no notebook called {word!r}; the course has {known}.")


def neighbours(lesson: Lesson) -> tuple[Lesson | None, Lesson | None]:
    """Return the lesson before and the lesson after, ``None`` at the ends and for further ones."""
    if lesson.further:
        return None, None
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
