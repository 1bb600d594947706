"""Slides made from the stored full editions, by the tags of the texts: ``workshop slides``.

nbconvert makes a reveal.js page of the cells whose metadata say ``slide``, ``subslide``,
``fragment`` or ``-``; every other cell is left out, and boxes for instructors become the
speaker's notes. A deck asks nothing of the internet: reveal.js stands in the file, and
formulas are MathML, which browsers draw themselves.
"""

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from workshop_tools.build import written
from workshop_tools.editions import Cell, Notebook, read_notebook, tags
from workshop_tools.extras import require
from workshop_utils.lessons import EVERY, CourseError, Lesson, find_root, select
from workshop_utils.storage import write_text

FOLDER = Path("build", "slides")
SHOWN = frozenset({"slide", "subslide", "fragment", "-"})
FEWEST_WORDS = 8
"""A slide without code and picture that says less is nearly empty."""


def make(only: Sequence[str] | None = None, *, root: Path | None = None) -> int:
    """Write one deck for each notebook under ``build/slides``, and say how to show them.

    Args:
        only: Numbers or names of notebooks; all by default.
        root: The folder of the repository; found from the current folder by default.

    Returns:
        The exit status, 0.

    Raises:
        CourseError: A full edition or a package is missing.
    """
    require("jinja2", "latex2mathml", "nbconvert", "nbformat", "sphinx_revealjs")
    root = root or find_root()
    for lesson in written(select(only, EVERY), root):
        path, count = make_deck(lesson, root)
        print(f"✓ {path.relative_to(root)}: {count} slides")
    print("Open a file in a browser, and press S for the speaker's notes.")
    return 0


def make_deck(lesson: Lesson, root: Path) -> tuple[Path, int]:
    """Write the deck of one lesson.

    Returns:
        The path of the page, and how many slides it has.

    Raises:
        CourseError: The full edition is missing.
    """
    stored = lesson.full(root)
    if not stored.is_file():
        raise CourseError(f"{stored} is missing; make it with: workshop build")
    made = deck(read_notebook(stored))
    path = root / FOLDER / f"{lesson.name}.html"
    write_text(path, page(made, lesson.heading(root)))
    return path, len(slides(made["cells"]))


def kind(cell: Cell) -> str:
    """Return the slide type of a cell; ``skip`` where none is tagged."""
    return str(cell["metadata"].get("slideshow", {}).get("slide_type", "skip"))


def slides(cells: Sequence[Cell]) -> list[list[Cell]]:
    """Return the cells of each slide."""
    found: list[list[Cell]] = []
    for cell in cells:
        if kind(cell) in ("slide", "subslide"):
            found.append([])
        if found and kind(cell) in SHOWN:
            found[-1].append(cell)
    return found


def nearly_empty(slide: Sequence[Cell]) -> bool:
    """Return whether a slide has neither code nor a picture, and hardly a word."""
    if any(cell["cell_type"] == "code" for cell in slide):
        return False
    text = "\n".join(re.sub(r"^#+ .*$", "", cell["source"], flags=re.MULTILINE) for cell in slide)
    return len(re.findall(r"\w+", text)) < FEWEST_WORDS and "$$" not in text and "|" not in text


def deck(notebook: Notebook) -> Notebook:
    """Return a notebook as nbconvert must get it: a title, what is tagged, and notes.

    Args:
        notebook: A full edition; it is not changed.
    """
    title, *others = notebook["cells"]
    first = {**title, "source": title["source"].partition("\n")[0], "metadata": _typed("slide")}
    cells = [first]
    for cell in others:
        if "instructor" in tags(cell):
            cells.append({**cell, "metadata": _typed("notes")})
        elif kind(cell) in SHOWN:
            cells.append({**cell, "metadata": _typed(kind(cell))})
    return {**notebook, "cells": cells}


def _typed(slide_type: str) -> dict[str, Any]:
    return {"slideshow": {"slide_type": slide_type}}


def page(made: Notebook, title: str) -> str:
    """Return a deck as one HTML page that needs nothing beside it.

    Args:
        made: What :func:`deck` gives.
        title: The title of the page.
    """
    import nbformat
    from jinja2 import DictLoader

    template = files("workshop_tools").joinpath("slides.html.j2").read_text(encoding="utf-8")
    exporter = _exporter_class()(
        extra_loaders=[DictLoader({"deck.html.j2": template})],
        template_file="deck.html.j2",
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
    )
    named = {**made, "metadata": {**made["metadata"], "title": title}}
    html: Any
    html, _ = exporter.from_notebook_node(nbformat.from_dict(named), resources=_reveal())
    # The base template's links to style sheets of a server.
    return re.sub(r"<link\b[^>]*stylesheet[^>]*>", "", str(html))


def _reveal() -> dict[str, Any]:
    """Return reveal.js and its styles as texts, from the package that carries them."""
    reveal = files("sphinx_revealjs").joinpath("_static", "revealjs")

    def read(*names: str) -> str:
        return "\n".join(reveal.joinpath(name).read_text(encoding="utf-8") for name in names)

    styles = read("dist/reveal.css", "dist/theme/white.css")
    # Fonts would be fetched; system fonts do.
    styles = re.sub(r"@import[^;]+;", "", styles)
    scripts = read("dist/reveal.js", "plugin/notes/notes.js").replace("</script", "<\\/script")
    return {"reveal_css": styles, "reveal_js": scripts}


@cache
def _exporter_class() -> Any:
    """Return nbconvert's exporter of slides, taught to write formulas as MathML."""
    from jinja2 import pass_context
    from latex2mathml.converter import convert
    from nbconvert import SlidesExporter
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    class WithMathML(IPythonRenderer):  # type: ignore[misc]
        def inline_math(self, body: str) -> str:
            return str(convert(body))

        def block_math(self, body: str) -> str:
            return str(convert(body, display="block"))

    class Deck(SlidesExporter):  # type: ignore[misc]
        # Jinja hands the context to a filter that is marked so; the base class wants it.
        @pass_context
        def markdown2html(self, context: Any, source: str) -> str:  # noqa: ARG002
            renderer = WithMathML(escape=False, exclude_anchor_links=True)
            return str(MarkdownWithMath(renderer=renderer).render(source))

    return Deck
