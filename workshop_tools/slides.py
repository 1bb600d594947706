"""Slides made from the stored full editions, by the tags of the texts: ``workshop slides``.

nbconvert makes a reveal.js page of the cells whose metadata say ``slide``, ``subslide``,
``fragment`` or ``-``; every other cell is left out, and boxes for instructors become the
speaker's notes. A deck asks nothing of the internet: reveal.js stands in the file, and
formulas are MathML, which browsers draw themselves.
"""

import re
import textwrap
from collections.abc import Sequence
from functools import partial
from importlib.resources import files
from pathlib import Path

from workshop_tools.editions import Cell, Notebook, read_notebook, tags
from workshop_tools.extras import require
from workshop_tools.formulas import as_mathml
from workshop_tools.lesson_files import full_path, heading_of
from workshop_utils.learning.lessons import EVERY, Lesson, find_root, select
from workshop_utils.runtime.storage import write_text

FOLDER = Path("build", "slides")
#: More pixels than this, of 720, and a slide is shown smaller.
TALLEST = 760
SHOWN = frozenset({"slide", "subslide", "fragment", "-"})


def make(only: Sequence[str] | None = None) -> int:
    """Write a deck for each notebook, say how to show them, and return 0.

    Args:
        only: Numbers or names of notebooks, several if need be; all by default.

    Raises:
        CourseError: A package is missing, or a word names no notebook.
        FileNotFoundError: A full edition is missing.
    """
    require("jinja2", "latex2mathml", "nbconvert", "nbformat", "sphinx_revealjs")
    root = find_root()
    for lesson in select(only, EVERY):
        path, count = make_deck(lesson, root)
        print(f"✓ {path.relative_to(root)}: {count} slides")
    print("Open a file in a browser, and press S for the speaker's notes.")
    return 0


def make_deck(lesson: Lesson, root: Path) -> tuple[Path, int]:
    """Write the deck of one lesson; return the path of the page, and how many slides it has."""
    notebook = deck(read_notebook(full_path(lesson, root)))
    path = root / FOLDER / f"{lesson.name}.html"
    write_text(path, page(notebook, heading_of(lesson, root)))
    return path, len(slides(notebook["cells"]))


def kind(cell: Cell) -> str:
    """Return the slide type of a cell; ``skip`` where none is tagged."""
    return str(cell["metadata"].get("slideshow", {}).get("slide_type", "skip"))


def slides(cells: Sequence[Cell]) -> list[list[Cell]]:
    """Return the cells of each slide."""
    groups: list[list[Cell]] = []
    for cell in cells:
        if kind(cell) in ("slide", "subslide"):
            groups.append([])
        if groups and kind(cell) in SHOWN:
            groups[-1].append(cell)
    return groups


def deck(notebook: Notebook) -> Notebook:
    """Return a full edition as nbconvert must get it: a title, what is tagged, and notes."""
    title, *others = notebook["cells"]
    types = ["notes" if "instructor" in tags(cell) else kind(cell) for cell in others]
    cells = [
        projected({**cell, "metadata": {"slideshow": {"slide_type": name}}})
        for cell, name in zip([title, *others], ["slide", *types], strict=True)
        if name in SHOWN or name == "notes"
    ]
    cells[0]["source"] = title["source"].partition("\n")[0]
    filled = 0
    for cell in cells:
        filled = height(cell) + (0 if kind(cell) in ("slide", "subslide") else filled)
        if filled > TALLEST and kind(cell) in ("fragment", "-") and filled > height(cell):
            # What no longer fits below the rest can be read on a slide of its own.
            cell["metadata"]["slideshow"] = {"slide_type": "subslide"}
            filled = height(cell)
    return {**notebook, "cells": cells}


def height(cell: Cell) -> int:
    """Return about how many pixels of a slide a cell takes."""
    if kind(cell) == "notes":
        return 0
    if cell["cell_type"] == "markdown":
        return sum(60 if line.startswith("#") else 37 for line in _lines(cell["source"], 95))
    hidden = "transient" in cell["metadata"]
    high = 0 if hidden else 24 * len(_lines(cell["source"], 110)) + 18
    for output in cell["outputs"]:
        picture = output.get("metadata", {}).get("image/png", {}).get("height")
        text = output.get("text") or output.get("data", {}).get("text/plain", "")
        high += min(500, picture) + 10 if picture else 24 * len(_lines(text, 110)) + 18
    return high


def _lines(text: str, width: int) -> list[str]:
    return [line for each in text.splitlines() for line in textwrap.wrap(each, width) or [""]]


def projected(cell: Cell) -> Cell:
    """Return a cell as a room sees it: a picture without its code, and its caption alone.

    The folded description is for who reads by ear, and stays in the notebook.
    """
    outputs = [dict(output) for output in cell.get("outputs", [])]
    if not any("image/png" in output.get("data", {}) for output in outputs):
        return cell
    for output in outputs:
        if words := output.get("data", {}).get("text/markdown"):
            output["data"] = {**output["data"], "text/markdown": words.partition("<details>")[0]}
    about = {**cell["metadata"], "transient": {"remove_source": True}}
    return {**cell, "outputs": outputs, "metadata": about}


def page(made: Notebook, title: str) -> str:
    """Return what :func:`deck` gives as one HTML page that needs nothing beside it."""
    import nbformat
    from jinja2 import PackageLoader
    from nbconvert import SlidesExporter

    exporter = SlidesExporter(
        extra_loaders=[PackageLoader("workshop_tools", "")],
        template_file="slides.html.j2",
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
    )
    exporter.register_filter("markdown2html", _markdown_with_mathml)
    named = {**made, "metadata": {**made["metadata"], "title": title}}
    html: str = exporter.from_notebook_node(nbformat.from_dict(named), resources=_reveal())[0]
    # The base template's links to style sheets of a server.
    return re.sub(r"<link\b[^>]*stylesheet[^>]*>", "", html)


def _reveal() -> dict[str, str]:
    """Return reveal.js and its styles as texts, from the package that carries them."""
    reveal = files("sphinx_revealjs").joinpath("_static", "revealjs")

    def read(*names: str) -> str:
        return "\n".join(reveal.joinpath(name).read_text(encoding="utf-8") for name in names)

    # Fonts would be fetched; system fonts do.
    styles = re.sub(r"@import[^;]+;", "", read("dist/reveal.css", "dist/theme/white.css"))
    scripts = read("dist/reveal.js", "plugin/notes/notes.js").replace("</script", "<\\/script")
    return {"reveal_css": styles, "reveal_js": scripts}


def _markdown_with_mathml(source: str) -> str:
    """Return Markdown as HTML with its formulas as MathML."""
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    renderer = IPythonRenderer(escape=False, exclude_anchor_links=True)
    renderer.inline_math = as_mathml
    renderer.block_math = partial(as_mathml, block=True)
    return str(MarkdownWithMath(renderer=renderer).render(source))
