"""Where the files of a lesson lie, what its title is, and which lessons stand beside it."""

import re
from pathlib import Path

from workshop_utils.lessons import LESSONS, CourseError, Lesson


def text_path(lesson: Lesson, root: Path) -> Path:
    """Return the path of the text that the lesson is written in."""
    return root / "notebooks" / "text" / lesson.folder / f"{lesson.name}.md"


def full_path(lesson: Lesson, root: Path) -> Path:
    """Return the path of the full edition, with outputs and solutions."""
    return root / "notebooks" / lesson.folder / f"{lesson.name}.ipynb"


def learner_path(lesson: Lesson, root: Path) -> Path:
    """Return the path of the learner's edition, without outputs and solutions."""
    return root / "colab" / lesson.folder / f"{lesson.name}.ipynb"


def title_of(lesson: Lesson, root: Path) -> str:
    """Return the title: the first heading of the text.

    Raises:
        CourseError: The text is missing or has no heading of the first level.
    """
    path = text_path(lesson, root)
    if not path.is_file():
        raise CourseError(f"The text of {lesson.name} is missing: expected {path}.")
    found = re.search(r"^# +(.+?)\s*$", path.read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        raise CourseError(f"{path.name} has no title; expected a first line like '# Title'.")
    return found[1]


def heading_of(lesson: Lesson, root: Path) -> str:
    """Return the title behind its number; the name of a text that is not written yet."""
    words = title_of(lesson, root) if text_path(lesson, root).is_file() else lesson.subject
    return words if lesson.further else f"{lesson.number} {words}"


def neighbours(lesson: Lesson) -> tuple[Lesson | None, Lesson | None]:
    """Return the lesson before and the lesson after, ``None`` at the ends and for further ones."""
    row = () if lesson.further else (None, *LESSONS, None)
    place = row.index(lesson) if row else None
    return (row[place - 1], row[place + 1]) if place else (None, None)
