"""The parts of the README and of other pages that are made, not written.

A made part stands between ``<!-- workshop:NAME -->`` and ``<!-- /workshop:NAME -->``; the
build replaces what is between by what the macro NAME of ``blocks.md.j2`` gives.
"""

import ast
import math
import re
import tomllib
from pathlib import Path
from typing import Any

from workshop_tools import class_day, colab_list, lesson_files, minutes, schedules
from workshop_tools.editions import read_notebook
from workshop_tools.repository_url import read_slug
from workshop_utils.learning.lessons import EVERY, LESSONS, CourseError

PAGES = ("README.md", "CONTRIBUTING.md", "docs/house.md", "colab/INSTRUCTOR.md")
_BLOCK = re.compile(
    r"(?P<open><!-- workshop:(?P<name>[a-z]+) -->\n).*?(?P<close><!-- /workshop:(?P=name) -->)",
    re.DOTALL,
)


def pages(root: Path) -> dict[Path, str]:
    """Return the pages with marked blocks as they must be; errors as in :func:`filled`."""
    there = [root / name for name in PAGES if (root / name).is_file()]
    return {page: filled(page.read_text(encoding="utf-8"), root) for page in there}


def filled(text: str, root: Path) -> str:
    """Return a page's text with every marked block made anew.

    Raises:
        CourseError: A block has a name that nobody makes, or is not closed.
    """
    made = blocks(root)

    def fill(found: re.Match[str]) -> str:
        name = found.group("name")
        if not hasattr(made, name):
            raise CourseError(f"There is no block {name!r} in blocks.md.j2.")
        return f"{found.group('open')}{getattr(made, name)().strip()}\n{found.group('close')}"

    if text.count("<!-- workshop:") != len(_BLOCK.findall(text)):
        raise CourseError("A block of the page is not closed by <!-- /workshop:NAME -->.")
    return _BLOCK.sub(fill, text)


def blocks(root: Path) -> Any:
    """Return the template whose macros make the blocks, with what they ask."""
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

    ours = Environment(
        loader=PackageLoader("workshop_tools", ""),
        autoescape=select_autoescape(),  # which leaves Markdown as it is
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    ours.filters["ceil"] = math.ceil
    ours.globals |= {"root": root, "slug": read_slug(root), "EVERY": EVERY, "LESSONS": LESSONS}
    ours.globals |= {"class_day": class_day, "colab_list": colab_list, "plans": schedules}
    ours.globals |= {"lesson_files": lesson_files, "minutes": minutes, "floors": floors}
    ours.globals |= {"read_notebook": read_notebook, "room": room}
    return ours.get_template("blocks.md.j2").module


def without_blocks(text: str) -> str:
    """Return a page's text without its made parts: what was written by hand."""
    return _BLOCK.sub("", text)


def floors(root: Path) -> list[list[str]]:
    """Return the rooms of the package, floor by floor from the top, as the contracts name them."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
    return [re.findall(r"\w+", layer) for layer in layers]


def room(root: Path, name: str) -> tuple[int, str]:
    """Return the lines of a room, and the first sentence of its docstring."""
    place = root / "workshop_utils" / name
    found = sorted(place.rglob("*.py")) if place.is_dir() else [place.with_suffix(".py")]
    texts = [path.read_text(encoding="utf-8") for path in found]
    # To the hundred, so that not every change of a line changes this page.
    lines = math.ceil(sum(len(text.splitlines()) for text in texts) / 100) * 100
    said = (ast.get_docstring(ast.parse(texts[0])) or "").replace("``", "`")
    first = re.split(r"(?<=[.?])\s", " ".join(said.split()), maxsplit=1)[0]
    return lines, first.replace("|", " or ")
