"""Where the files of a lesson lie, what its title is, and how files are written."""

import re
from collections.abc import Mapping
from pathlib import Path

from workshop_utils.learning.lessons import CourseError, Lesson
from workshop_utils.runtime.storage import atomic_path


def text_path(lesson: Lesson, root: Path) -> Path:
    """Return the path of the text that the lesson is written in."""
    return root / "notebooks" / "text" / lesson.folder / f"{lesson.name}.md"


def full_path(lesson: Lesson, root: Path) -> Path:
    """Return the path of the full edition, with outputs and solutions."""
    return root / "notebooks" / lesson.folder / f"{lesson.name}.ipynb"


def learner_path(lesson: Lesson, root: Path) -> Path:
    """Return the path of the learner's edition, without outputs and solutions."""
    return root / "colab" / lesson.folder / f"{lesson.name}.ipynb"


def hero_path(lesson: Lesson, root: Path) -> Path:
    """Return the path of the picture that stands under the lesson's question."""
    return root / "docs" / "pictures" / f"{lesson.name}.png"


def text_of(lesson: Lesson, root: Path) -> str:
    """Return the text that the lesson is written in.

    Raises:
        CourseError: It is missing.
    """
    path = text_path(lesson, root)
    if not path.is_file():
        raise CourseError(f"The text of {lesson.name} is missing: expected {path}.")
    return path.read_text(encoding="utf-8")


def title_of(lesson: Lesson, root: Path) -> str:
    """Return the title: the first heading of the text.

    Raises:
        CourseError: The text is missing or has no heading of the first level.
    """
    title = re.search(r"^# +(.+?)\s*$", text_of(lesson, root), re.MULTILINE)
    if title is None:
        raise CourseError(f"{lesson.name}.md has no title; expected a first line like '# Title'.")
    return title[1]


def heading_of(lesson: Lesson, root: Path) -> str:
    """Return the title behind its number; the name of a text that is not written yet."""
    words = title_of(lesson, root) if text_path(lesson, root).is_file() else lesson.subject
    return words if lesson.further else f"{lesson.number} {words}"


def write_changed(contents: Mapping[Path, str | bytes]) -> None:
    """Write those of these files whose content is another one now."""
    for path, content in contents.items():
        data = content.encode() if isinstance(content, str) else content
        if not path.is_file() or path.read_bytes() != data:
            with atomic_path(path) as part:
                part.write_bytes(data)
