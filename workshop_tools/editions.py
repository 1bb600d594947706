"""From one text to its editions: pure functions from a lesson's text to notebooks.

The full edition has everything and gets its outputs from :mod:`~workshop_tools.build`.
The learner's edition is derived from the same cells: no outputs, no solutions, no tests,
nothing for instructors, and links that work in Colab. The solved edition is the learner's
with each stub replaced by its solution: what a learner has who wrote everything.
"""

import base64
import hashlib
import itertools
import posixpath
import re
from collections import Counter
from importlib.resources import files
from pathlib import Path, PurePosixPath
from typing import Any

from workshop_tools import minutes, solutions
from workshop_tools.lesson_files import full_path, heading_of, hero_path, learner_path, text_of
from workshop_tools.repository_url import Slug, read_slug
from workshop_utils.learning.lessons import EVERY, LESSONS, CourseError, Lesson, find_root

NAVIGATION = "<!-- navigation -->"
IGNORE = "nbval-ignore-output"
TAGS = frozenset(
    {
        *("setup", "parameters", "exercise", "solution", "test", "instructor", "nbval-skip"),
        *("real-tweets", "shows-tweets", "hero", IGNORE),
    }
)
_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
_LANGUAGE = {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"}
_LINK = re.compile(r"(?<=\]\()[^)\s]+(?=\))")

Cell = dict[str, Any]
Notebook = dict[str, Any]


def bootstrap(lesson: Lesson, slug: Slug) -> str:
    """Return the code of the set-up cell, the same in both editions.

    It cannot use the package, since it installs it: from the address that the variable
    ``LSTM_WORKSHOP_INSTALL`` names, else from the newest wheel in the working folder, on a
    mounted Drive or attached on Kaggle, else from GitHub. Without its last part, the pattern
    would also find ``...-any (1).whl``, the name that a browser gives to a second copy and
    that pip refuses.
    """
    code = files("workshop_tools").joinpath("setup_cell.txt").read_text(encoding="utf-8")
    return code.strip().replace("ARCHIVE", slug.archive).replace("NUMBER", lesson.number)


def full_edition(lesson: Lesson, executed: Notebook | None = None) -> Notebook:
    """Make the full edition of a lesson.

    Args:
        lesson: Which one.
        executed: A notebook with the same code cells, whose outputs are taken; the minutes
            depend on them.

    Returns:
        A notebook (format 4.5) with derived cell ids; without outputs by default.

    Raises:
        CourseError: The text is missing, or lacks its navigation line or set-up cell, or an
            empty solution cell belongs to no exercise.
    """
    root = find_root()
    slug = read_slug(root)
    cells = _cells_of_text(lesson, root)
    _fill_setup(cells, lesson, slug)
    solutions.fill(cells, lesson)
    if executed is not None and sources(executed) == sources({"cells": cells}):
        for cell, run in zip(code_cells({"cells": cells}), code_cells(executed), strict=True):
            cell |= {key: run[key] for key in ("outputs", "execution_count")}
    _replace_navigation(cells, lesson, root, slug)
    for cell in cells:
        if tags(cell) & {"solution", "test"}:
            cell["metadata"]["jupyter"] = {"source_hidden": True}
    return _notebook(cells)


def learner_edition(lesson: Lesson, full: Notebook | None = None) -> Notebook:
    """Make the learner's edition: without outputs, solutions, tests and instructors' cells.

    It comes from ``full`` where the full edition is made already; errors are those of
    :func:`full_edition`.
    """
    slug = read_slug(find_root())
    cells = []
    for cell in (full or full_edition(lesson))["cells"]:
        if minutes.HIDDEN & tags(cell):
            continue
        about = cell["metadata"].get("tags", [])
        kept = [tag for tag in about if tag in ("setup", "parameters", "exercise")]
        made = {**cell, "metadata": {"tags": kept} if kept else {}}
        if cell["cell_type"] == "markdown":
            made["source"] = _LINK.sub(lambda at: _public(at[0], lesson, slug), cell["source"])
        cells.append(made)
    return without_outputs(_notebook(cells))


def solved_edition(lesson: Lesson) -> Notebook:
    """Make the learner's edition with each stub replaced by its solution.

    Raises:
        CourseError: As in :func:`full_edition`, or a stub has no solution behind it.
    """
    full = full_edition(lesson)
    marked = [cell for cell in full["cells"] if tags(cell) & {"exercise", "solution"}]
    for stub, solution in itertools.zip_longest(marked[::2], marked[1::2]):
        if solution is None or "exercise" not in tags(stub) or "solution" not in tags(solution):
            raise CourseError(
                f"{lesson.name}: a solution cell must follow each stub; there is no solution, "
                f"or no stub, at this cell:\n{stub['source']}"
            )
        stub["source"] = re.sub(r"\bsolution_(?=\w)", "", solution["source"])
    return learner_edition(lesson, full)


def stored_files(lesson: Lesson, executed: Notebook) -> dict[Path, bytes]:
    """Return both editions with the outputs of a run, and the picture under the question.

    This picture is the output of the cell with the tag ``hero``, where there is one.
    """
    root = find_root()
    full = full_edition(lesson, executed)
    editions = {
        full_path(lesson, root): as_text(full).encode(),
        learner_path(lesson, root): as_text(learner_edition(lesson, full)).encode(),
    }
    pictures = [
        output["data"]["image/png"]
        for cell in code_cells(full)
        if "hero" in tags(cell)
        for output in cell["outputs"]
        if "image/png" in output.get("data", {})
    ]
    hero = {hero_path(lesson, root): base64.b64decode(picture) for picture in pictures[:1]}
    return editions | hero


def tags(cell: Cell) -> set[str]:
    """Return the tags of a cell."""
    return set(cell["metadata"].get("tags", []))


def code_cells(notebook: Notebook) -> list[Cell]:
    """Return the code cells of a notebook, in order."""
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def sources(notebook: Notebook) -> list[str]:
    """Return the code of each code cell in order, with nothing in place of the set-up cell's.

    The set-up cell is made by the build and carries the public address; another
    address is no reason to run the notebook again.
    """
    return ["" if "setup" in tags(cell) else cell["source"] for cell in code_cells(notebook)]


def _cells_of_text(lesson: Lesson, root: Path) -> list[Cell]:
    import jupytext

    read = jupytext.reads(text_of(lesson, root), fmt={"extension": ".md", "format_name": "myst"})
    for cell in read["cells"]:
        about = cell["metadata"]
        cell["metadata"] = {key: about[key] for key in ("tags", "slideshow") if about.get(key)}
        cell["source"] = cell["source"].strip("\n")
    cells: list[Cell] = without_outputs(read)["cells"]
    return cells


def _replace_navigation(cells: list[Cell], lesson: Lesson, root: Path, slug: Slug) -> None:
    """Put the navigation in its place and end the cell there, so that it changes alone."""
    places = [n for n, cell in enumerate(cells) for _ in cell["source"].split(NAVIGATION)[1:]]
    if len(places) != 1:
        raise CourseError(
            f"The text of {lesson.name} must have the line {NAVIGATION} exactly once, "
            "under its title."
        )
    cell = cells[places[0]]
    above, below = (part.strip("\n") for part in cell["source"].split(NAVIGATION))
    links = _navigation(lesson, root, slug)
    said = minutes.sentence(cells)
    cell["source"] = f"{above}\n\n{links}\n\n{said}".lstrip("\n")
    if below:
        cells.insert(places[0] + 1, {"cell_type": "markdown", "metadata": {}, "source": below})


def _navigation(lesson: Lesson, root: Path, slug: Slug) -> str:
    """Return the line of links under the title: previous, index, next and badge."""
    parts = [f"[Index]({'../' * lesson.further}../README.md)", slug.badge(lesson)]
    for before, after in itertools.pairwise(LESSONS):
        if lesson == after:
            parts.insert(0, f"Previous: [{heading_of(before, root)}]({before.name}.ipynb)")
        if lesson == before:
            parts.insert(-1, f"Next: [{heading_of(after, root)}]({after.name}.ipynb)")
    return " · ".join(parts)


def _fill_setup(cells: list[Cell], lesson: Lesson, slug: Slug) -> None:
    setups = [cell for cell in cells if "setup" in tags(cell) and cell["cell_type"] == "code"]
    if len(setups) != 1 or setups[0]["source"]:
        raise CourseError(
            f"The text of {lesson.name} must have exactly one code cell with the tag 'setup', "
            "and it must be empty: the build fills it."
        )
    setups[0]["source"] = bootstrap(lesson, slug)
    setups[0]["metadata"]["tags"] = ["setup", IGNORE]


def _public(target: str, lesson: Lesson, slug: Slug) -> str:
    """Return a link's target as it must stand outside the ``notebooks`` folder."""
    if re.match(r"[a-z]+:|#", target):
        return target
    path, _, anchor = target.partition("#")
    from_root = PurePosixPath(posixpath.normpath(f"notebooks/{lesson.folder}/{path}"))
    for other in EVERY:
        if from_root == PurePosixPath("notebooks", other.folder, f"{other.name}.ipynb"):
            return slug.colab(other)
    if from_root.suffix == ".png":
        return slug.raw(from_root)
    return slug.file(from_root) + (f"#{anchor}" if anchor else "")


def _notebook(cells: list[Cell]) -> Notebook:
    """Wrap cells as a notebook, with ids that depend on nothing but the cells."""
    seen: Counter[str] = Counter()
    for cell in cells:
        digest = hashlib.sha256(f"{cell['cell_type']}\0{cell['source']}".encode()).hexdigest()[:12]
        seen[digest] += 1
        cell["id"] = digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"
    return {
        "cells": cells,
        "metadata": {"kernelspec": dict(_KERNEL), "language_info": dict(_LANGUAGE)},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def without_outputs(notebook: Notebook) -> Notebook:
    """Take the outputs away, in place, and return the notebook."""
    for cell in code_cells(notebook):
        cell |= {"execution_count": None, "outputs": []}
    return notebook


def as_text(notebook: Notebook) -> str:
    """Return a notebook as the bytes that are stored would read: sorted keys, one final newline."""
    import nbformat

    text: str = nbformat.writes(nbformat.from_dict(notebook), version=4)
    return text.rstrip("\n") + "\n"


def read_notebook(path: Path) -> Notebook:
    """Read a stored notebook, with joined sources."""
    import nbformat

    notebook: Notebook = nbformat.read(path, as_version=4)
    return notebook
