"""Do the stored editions agree with the texts? A proof without executing anything.

What the cells say must be what the text gives today, byte for byte; the outputs
must be there, in the one form, without errors. Whether they are still true is
for nbval (:mod:`~workshop_tools.validate`).
"""

from collections.abc import Sequence
from pathlib import Path

from workshop_tools import readme
from workshop_tools.editions import (
    Cell,
    Notebook,
    as_text,
    code_cells,
    full_edition,
    learner_edition,
    read_notebook,
)
from workshop_tools.outputs import normalise_cells
from workshop_utils.cli.repository_url import Slug, project_text, read_slug
from workshop_utils.lessons import EVERY, LESSONS, CourseError, Lesson


def report(root: Path, lessons: Sequence[Lesson] = LESSONS) -> int:
    """Print every disagreement and return the exit status.

    Args:
        root: The folder of the repository.
        lessons: Which notebooks to look at.

    Returns:
        0 when all agree, 1 otherwise.
    """
    found = disagreements(root, lessons)
    for sentence in found:
        print(f"✗ {sentence}")
    if found:
        print(f"{len(found)} disagreement(s); `workshop build` makes the editions anew.")
        return 1
    names = ", ".join(lesson.number for lesson in lessons)
    print(f"✓ Both editions of {names} and every link agree with the texts and the address.")
    return 0


def disagreements(root: Path, lessons: Sequence[Lesson] = LESSONS) -> list[str]:
    """Return a sentence for each thing that differs from what the build would make.

    Args:
        root: The folder of the repository.
        lessons: Which notebooks to look at; the pages and the project file are looked
            at in any case.

    Raises:
        CourseError: The project file has no usable address.
    """
    slug = read_slug(root)
    found = [*_pages(root, slug), *_strangers(root)]
    for lesson in lessons:
        try:
            lesson.title(root)  # without a text there is nothing to agree with
            found += _full(lesson, root, slug)
            found += _learner(lesson, root, slug)
        except CourseError as error:
            found.append(f"{lesson.name}: {error}")
    return found


def not_executed(notebook: Notebook) -> list[int]:
    """Return the numbers (from 1) of code cells that were not run, or that ended in an error."""
    return [
        number
        for number, cell in enumerate(code_cells(notebook), start=1)
        if cell["execution_count"] is None
        or any(output["output_type"] == "error" for output in cell["outputs"])
    ]


def _full(lesson: Lesson, root: Path, slug: Slug) -> list[str]:
    path = lesson.full(root)
    if not path.is_file():
        return [f"{path.relative_to(root)} is missing"]
    stored = read_notebook(path)
    expected = full_edition(lesson, root, slug, stored)
    where = str(path.relative_to(root))
    found = [f"{where}, {what}" for what in _cells(expected["cells"], stored["cells"])]
    bad = not_executed(stored)
    if bad:
        found.append(f"{where}, code cell(s) not run without error: {', '.join(map(str, bad))}")
    if not found and path.read_text(encoding="utf-8") != _in_form(stored, expected):
        found.append(f"{where} is not in the form that the build writes")
    return found


def _in_form(stored: Notebook, expected: Notebook) -> str:
    """Return the text that the build would write for these cells with these outputs."""
    normalise_cells(stored)
    return as_text({**expected, "cells": stored["cells"]})


def _cells(expected: list[Cell], stored: list[Cell]) -> list[str]:
    """Compare cells one by one: kind, source, metadata with tags, and id."""
    for number, (want, have) in enumerate(zip(expected, stored, strict=False), start=1):
        for key in ("cell_type", "source", "metadata", "id"):
            if want.get(key) != have.get(key):
                # After a cell too many or too few every later one differs; one is enough.
                return [f"cell {number}: its {key} differs from the text"]
    if len(expected) != len(stored):
        return [f"there are {len(stored)} cells; the text gives {len(expected)}"]
    return []


def _learner(lesson: Lesson, root: Path, slug: Slug) -> list[str]:
    path = lesson.learner(root)
    where = str(path.relative_to(root))
    if not path.is_file():
        return [f"{where} is missing"]
    full = lesson.full(root)
    stored = read_notebook(full) if full.is_file() else None
    expected = learner_edition(lesson, root, slug, stored)
    if path.read_bytes() == as_text(expected).encode():
        return []
    try:
        found = _cells(expected["cells"], read_notebook(path)["cells"])
    except (ValueError, KeyError):
        found = []
    return [f"{where}, {what}" for what in found] or [f"{where} differs from its derivation"]


def _pages(root: Path, slug: Slug) -> list[str]:
    found = []
    for name in readme.PAGES:
        path = root / name
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            if readme.filled(text, root, slug) != text:
                found.append(f"{name}: a marked block is not what the build makes")
            if slug.repository in readme.without_blocks(text):
                found.append(f"{name}: the address {slug.repository} stands outside the blocks")
    project = (root / "pyproject.toml").read_text(encoding="utf-8")
    if project_text(project, slug) != project:
        found.append("pyproject.toml: [project.urls] does not follow [tool.workshop]")
    return found


def _strangers(root: Path) -> list[str]:
    """Find notebooks that no text gives, for example after a renaming."""
    texts = [lesson for lesson in EVERY if not lesson.further or lesson.text(root).is_file()]
    known = {path for lesson in texts for path in (lesson.full(root), lesson.learner(root))}
    return [
        f"{path.relative_to(root)} belongs to no text; remove it"
        for folder in ("notebooks", "colab")
        for path in sorted((root / folder).rglob("*.ipynb"))
        if path not in known and ".ipynb_checkpoints" not in path.parts
    ]
