"""From one text to two editions: pure functions from a lesson's text to notebooks.

The full edition has everything and gets its outputs from :mod:`~workshop_tools.build`.
The learner's edition is derived from the same cells: no outputs, no solutions,
nothing for instructors, and links that work in Colab.
"""

import hashlib
import posixpath
import re
from collections import Counter
from pathlib import Path, PurePosixPath
from typing import Any

from workshop_utils.cli.repository_url import Slug
from workshop_utils.lessons import LESSONS, CourseError, Lesson, minutes, neighbours

NAVIGATION = "<!-- navigation -->"
IGNORE = "nbval-ignore-output"
TAGS = frozenset(
    {
        "setup",
        "parameters",
        "exercise",
        "solution",
        "instructor",
        "real-tweets",
        "shows-tweets",
        IGNORE,
        "nbval-skip",
    }
)
#: Tags that mean something in the learner's edition too.
_KEPT = frozenset({"setup", "parameters", "exercise"})
_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
_LANGUAGE = {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"}
_LINK = re.compile(r"(\]\()([^)\s]+)(\))")

Cell = dict[str, Any]
Notebook = dict[str, Any]


def bootstrap(lesson: Lesson, slug: Slug) -> str:
    """Return the code of the set-up cell, the same in both editions.

    It cannot use the package, since it installs it: from the address that the variable
    ``LSTM_WORKSHOP_INSTALL`` names, else from the newest wheel in the working folder or
    on a mounted Drive, else from GitHub. Without its last part, the pattern would also
    find ``...-any (1).whl``, the name that a browser gives to a second copy and that pip
    refuses.
    """
    return (
        "# In Colab this installs the companion package: from a wheel in this folder or on your\n"
        "# mounted Drive, else from GitHub. Elsewhere it does nothing.\n"
        "try:\n"
        "    import workshop_utils\n"
        "except ModuleNotFoundError:\n"
        "    import glob, os\n"
        '    wheel, drive = "lstm_workshop-*-any.whl", "/content/drive/My*Drive/lstm-workshop/"\n'
        "    wheels = glob.glob(wheel) or glob.glob(drive + wheel)\n"
        f'    github = "{slug.archive}"\n'
        "    newest = [github, *sorted(wheels, key=os.path.getmtime)][-1]\n"
        '    address = os.environ.get("LSTM_WORKSHOP_INSTALL") or newest\n'
        '    %pip install --quiet --no-deps "{address}"\n'
        "    import workshop_utils\n"
        "\n"
        f'workshop_utils.start("{lesson.number}")'
    )


def navigation(lesson: Lesson, root: Path, slug: Slug) -> str:
    """Return the Markdown under the title: previous, index, next, badge, and the minutes."""
    before, after = neighbours(lesson)
    parts = []
    if before is not None:
        parts.append(f"Previous: {_named_link(before, root)}")
    parts.append("[Index](../README.md)")
    if after is not None:
        parts.append(f"Next: {_named_link(after, root)}")
    parts.append(slug.badge(lesson))
    return " · ".join(parts) + "\n\n" + minutes(lesson, root)


def _named_link(lesson: Lesson, root: Path) -> str:
    title = lesson.title(root) if lesson.text(root).is_file() else lesson.subject
    return f"[{lesson.number} {title}]({lesson.name}.ipynb)"


def full_edition(lesson: Lesson, root: Path, slug: Slug) -> Notebook:
    """Make the full edition of a lesson, not yet executed.

    Args:
        lesson: Which one.
        root: The folder of the repository.
        slug: The public address.

    Returns:
        A notebook (format 4.5) with derived cell ids and no outputs.

    Raises:
        CourseError: The text is missing, or lacks its navigation line or set-up cell.
    """
    cells = _cells_of_text(lesson, root)
    _replace_navigation(cells, lesson, root, slug)
    _fill_setup(cells, lesson, slug)
    for cell in cells:
        if "solution" in tags(cell):
            cell["metadata"]["jupyter"] = {"source_hidden": True}
    return _notebook(cells)


def learner_edition(lesson: Lesson, root: Path, slug: Slug) -> Notebook:
    """Make the learner's edition of a lesson.

    Args:
        lesson: Which one.
        root: The folder of the repository.
        slug: The public address.

    Returns:
        A notebook without outputs, solutions and cells for instructors.

    Raises:
        CourseError: As in :func:`full_edition`.
    """
    hidden = {"solution", "instructor"}
    cells = [cell for cell in full_edition(lesson, root, slug)["cells"] if not hidden & tags(cell)]
    for cell in cells:
        kept = [tag for tag in cell["metadata"].pop("tags", []) if tag in _KEPT]
        cell["metadata"] = {"tags": kept} if kept else {}
        if cell["cell_type"] == "markdown":
            cell["source"] = _LINK.sub(
                lambda found: found[1] + _public(found[2], slug) + found[3],
                cell["source"],
            )
    return _notebook(cells)


def tags(cell: Cell) -> set[str]:
    """Return the tags of a cell."""
    return set(cell["metadata"].get("tags", []))


def code_cells(notebook: Notebook) -> list[Cell]:
    """Return the code cells of a notebook, in order."""
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def _cells_of_text(lesson: Lesson, root: Path) -> list[Cell]:
    import jupytext

    lesson.title(root)  # raises when there is no text
    text = lesson.text(root).read_text(encoding="utf-8")
    read = jupytext.reads(text, fmt={"extension": ".md", "format_name": "myst"})
    cells: list[Cell] = []
    for cell in read.cells:
        made: Cell = {
            "cell_type": str(cell.cell_type),
            "metadata": {"tags": list(cell.metadata["tags"])} if cell.metadata.get("tags") else {},
            "source": str(cell.source).strip("\n"),
        }
        if made["cell_type"] == "code":
            made |= {"execution_count": None, "outputs": []}
        cells.append(made)
    return cells


def _replace_navigation(cells: list[Cell], lesson: Lesson, root: Path, slug: Slug) -> None:
    """Put the navigation in its place and end the cell there, so that it changes alone."""
    places = [n for n, cell in enumerate(cells) if NAVIGATION in cell["source"]]
    if len(places) != 1 or cells[places[0]]["source"].count(NAVIGATION) != 1:
        raise CourseError(
            f"The text of {lesson.name} must have the line {NAVIGATION} exactly once, "
            "under its title."
        )
    cell = cells[places[0]]
    above, below = (part.strip("\n") for part in cell["source"].split(NAVIGATION))
    cell["source"] = f"{above}\n\n{navigation(lesson, root, slug)}".lstrip("\n")
    if below:
        cells.insert(places[0] + 1, {"cell_type": "markdown", "metadata": {}, "source": below})


def _fill_setup(cells: list[Cell], lesson: Lesson, slug: Slug) -> None:
    setups = [cell for cell in cells if "setup" in tags(cell) and cell["cell_type"] == "code"]
    if len(setups) != 1 or setups[0]["source"]:
        raise CourseError(
            f"The text of {lesson.name} must have exactly one code cell with the tag 'setup', "
            "and it must be empty: the build fills it."
        )
    setups[0]["source"] = bootstrap(lesson, slug)
    setups[0]["metadata"]["tags"] = ["setup", IGNORE]


def _public(target: str, slug: Slug) -> str:
    """Return a link's target as it must stand outside the ``notebooks`` folder."""
    if re.match(r"[a-z]+:|#", target):
        return target
    path, _, anchor = target.partition("#")
    for lesson in LESSONS:
        if path == f"{lesson.name}.ipynb":
            return slug.colab(lesson)
    from_root = PurePosixPath(posixpath.normpath(posixpath.join("notebooks", path)))
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


def as_text(notebook: Notebook) -> str:
    """Return a notebook as the bytes that are stored would read: sorted keys, one final newline."""
    import nbformat

    text: str = nbformat.writes(nbformat.from_dict(notebook), version=4)
    return text.rstrip("\n") + "\n"


def read_notebook(path: Path) -> Notebook:
    """Read a stored notebook as plain dictionaries with joined sources."""
    import json

    import nbformat

    plain: Notebook = json.loads(json.dumps(nbformat.read(path, as_version=4)))
    return plain
