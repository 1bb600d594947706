"""A notebook, or a Markdown file, as a page of the site.

A page is made from the stored file and nothing is executed. Its links lead to the
other pages; what has no page, to the repository. It asks for nothing from outside.
"""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote

from workshop_tools.editions import Cell, Notebook, tags
from workshop_tools.outputs import joined
from workshop_tools.site.formulas import with_formulas
from workshop_utils.cli.repository_url import Slug
from workshop_utils.lessons import CourseError, Lesson

README = PurePosixPath("README.md")
SOLUTION_PROMPTS = {
    "code_prompt_show": "Show a solution",
    "code_prompt_hide": "Hide the solution",
}
# A link's target stands in the sentence, or in a line of its own below.
_LINK = re.compile(r"((?<=\]\()[^)\s]+|(?<=\]: )\S+(?=$))", re.MULTILINE)
_OUTSIDE = re.compile(r"[a-z][a-z0-9+.-]*:|//")
# A picture from outside, wrapped in a link, as badges are: its words become the link.
_BADGE = re.compile(r"\[!\[([^\]]*)\]\(https?://[^)\s]*\)\](?=\()")
_SUMMARY = re.compile(r"<summary>.*?</summary>", re.DOTALL)
_PROGRESS_BAR = re.compile(r"^[^\n]*\d+%\|[^\n]*$")


@dataclass(frozen=True)
class Places:
    """Where the files of the repository are found from the site.

    Attributes:
        root: The folder of the repository.
        slug: Its public address.
        pages: For each file that is part of the site, its place there; both count from
            the root.
    """

    root: Path
    slug: Slug
    pages: Mapping[PurePosixPath, PurePosixPath]


def markdown_page(text: str, here: PurePosixPath, places: Places) -> str:
    """Return a Markdown file as it must stand in the site.

    Args:
        text: The file.
        here: Its path in the repository, from which its links count.
        places: Where its links may lead.

    Raises:
        CourseError: A link leads to a file that is not there, or a formula in a
            ``<summary>`` cannot be shown.
    """
    text = _LINK.sub(lambda found: _target(found[1], here, places), _BADGE.sub(r"[\1]", text))
    # Sphinx leaves HTML alone, and with it the formulas in the line that opens a hint.
    return _SUMMARY.sub(lambda found: with_formulas(found[0]), text)


def _target(link: str, here: PurePosixPath, places: Places) -> str:
    if _OUTSIDE.match(link):
        return link
    path, hash_sign, anchor = link.partition("#")
    named = PurePosixPath(posixpath.normpath(here.parent / path)) if path else here
    if named.suffix == ".ipynb":
        anchor = _heading(anchor)
    if not path:
        return hash_sign + anchor
    page = places.pages.get(named)
    # The site's index stands for the README, but has not its headings.
    if page is not None and not (anchor and named == README):
        start = places.pages[here].parent
        return posixpath.relpath(page, start) + hash_sign + anchor
    if not (places.root / named).exists():
        raise CourseError(f"{here} links to {link}, but there is no {named} in the repository.")
    return places.slug.file(named) + hash_sign + anchor


def _heading(anchor: str) -> str:
    """Return the name of a notebook's heading as the site has it.

    In JupyterLab and Colab it is ``Who-wins?``, on the site ``who-wins``.
    """
    return re.sub(r"[^\w-]", "", unquote(anchor).lower())


def notebook_page(lesson: Lesson, notebook: Notebook, places: Places) -> Notebook:
    """Return the full edition of a lesson as MyST-NB must get it.

    Solutions are closed until a reader opens them, and cells for instructors are left
    out. Each picture has its description, each formula in an output is MathML.

    Args:
        lesson: Which one.
        notebook: Its full edition with outputs; it is not changed.
        places: Where its links may lead.

    Raises:
        CourseError: A link leads to a file that is not there, a picture has no
            description, or a formula cannot be shown.
    """
    here = PurePosixPath(lesson.full(places.root).relative_to(places.root).as_posix())
    cells: list[Cell] = []
    for cell in notebook["cells"]:
        if cell["cell_type"] != "markdown":
            cells += _code(cell)
        elif "instructor" not in tags(cell):
            source = markdown_page(cell["source"], here, places)
            cells.append({**cell, "source": source})
    metadata = dict(notebook["metadata"])
    if "language_info" in metadata:
        # Magic commands, as the one that installs, are no plain Python.
        metadata["language_info"] = {**metadata["language_info"], "pygments_lexer": "ipython3"}
    description = _first_words(cells)
    if description:
        metadata["myst"] = {"html_meta": {"description": description}}
    return {**notebook, "cells": cells, "metadata": metadata}


def _first_words(cells: list[Cell]) -> str:
    """Return the first paragraph under "What you will do", for search engines."""
    for cell in cells:
        found = re.search(r"^## What you will do\n+(.+?)(?:\n\n|\Z)", cell["source"], re.M | re.S)
        if cell["cell_type"] == "markdown" and found:
            return re.sub(r"[*`$]|\]\([^)]*\)|\[", "", " ".join(found[1].split()))
    return ""


def _code(cell: Cell) -> list[Cell]:
    """Return a code cell as one cell, or several: MyST-NB describes one picture in each."""
    shown = [_output(output) for output in cell["outputs"] if not _stands_still(output)]
    groups: list[list[dict[str, Any]]] = [[]]
    for output in shown:
        if _is_picture(output) and any(map(_is_picture, groups[-1])):
            groups.append([])
        groups[-1].append(output)
    solution = "solution" in tags(cell)
    made: list[Cell] = []
    for number, outputs in enumerate(groups):
        marks = ["hide-cell"] if solution else []
        about: dict[str, Any] = dict(SOLUTION_PROMPTS) if solution else {}
        for output in filter(_is_picture, outputs):
            about["image"] = {"alt": _description(output)}
        if number:
            marks.append("remove-input")
        source = "" if number else cell["source"]
        made.append(
            {
                **cell,
                "id": f"{cell['id']}-{number}" if number else cell["id"],
                "metadata": {"tags": marks, "mystnb": about},
                "source": source,
                "outputs": outputs,
            }
        )
    return made


def _stands_still(output: dict[str, Any]) -> bool:
    """Whether an output is all that a page without a kernel has of a progress bar."""
    data = output.get("data", {})
    return set(data) == {"text/plain"} and bool(_PROGRESS_BAR.match(joined(data["text/plain"])))


def _is_picture(output: dict[str, Any]) -> bool:
    return "image/png" in output.get("data", {})


def _description(output: dict[str, Any]) -> str:
    about = output["metadata"].get("image/png", {})
    if not about.get("alt"):
        text = joined(output["data"].get("text/plain", "without a name"))
        raise CourseError(f"A picture has no description in its metadata: {text}.")
    return str(about["alt"])


def _output(output: dict[str, Any]) -> dict[str, Any]:
    data = dict(output.get("data", {}))
    if _is_picture(output):
        # With its height fixed, a picture that is made narrower would be squeezed.
        about = dict(output["metadata"].get("image/png", {}))
        about.pop("height", None)
        return {**output, "metadata": {**output["metadata"], "image/png": about}}
    if "text/html" in data:
        data["text/html"] = with_formulas(joined(data["text/html"]))
        return {**output, "data": data}
    return output
