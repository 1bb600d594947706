"""The parts of the README that are made, not written: the table of notebooks and the addresses.

A made part stands between ``<!-- workshop:NAME -->`` and ``<!-- /workshop:NAME -->``;
the build replaces what is between. Names: ``notebooks`` (the table), ``clone`` (the
command that fetches the repository), ``colab`` (when the notebooks last passed under
Colab's packages), ``schedules``, ``late`` and ``hub`` (for a class), ``links`` (link targets
``[repository]`` and ``[issues]`` for use in the prose).
"""

import ast
import math
import re
import tomllib
from collections.abc import Callable
from pathlib import Path

from workshop_tools import class_day, minutes, schedules
from workshop_tools.colab_list import sentence
from workshop_tools.editions import read_notebook
from workshop_tools.lesson_files import full_path, learner_path, text_path, title_of
from workshop_tools.repository_url import Slug, read_slug
from workshop_utils.lessons import EVERY, CourseError

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
    slug = read_slug(root)

    def fill(found: re.Match[str]) -> str:
        name = found.group("name")
        if name not in _MAKERS:
            raise CourseError(f"There is no block {name!r}; known are {', '.join(_MAKERS)}.")
        return f"{found.group('open')}{_MAKERS[name](root, slug)}\n{found.group('close')}"

    if text.count("<!-- workshop:") != len(_BLOCK.findall(text)):
        raise CourseError(
            "A block <!-- workshop:NAME --> is not closed by <!-- /workshop:NAME -->."
        )
    return _BLOCK.sub(fill, text)


def without_blocks(text: str) -> str:
    """Return a page's text without its made parts: what was written by hand."""
    return _BLOCK.sub("", text)


def _notebooks(root: Path, slug: Slug) -> str:
    """Return the table of the notebooks, Markdown."""
    rows = ["| | Notebook | Reading | Exercises | Running | |", "|---|---|---|---|---|---|"]
    for lesson in EVERY:
        if not text_path(lesson, root).is_file():
            continue
        path = full_path(lesson, root)
        counted = minutes.count(read_notebook(path)["cells"] if path.is_file() else [])
        exercises = counted["exercises"]
        number = "further" if lesson.further else lesson.number
        rows.append(
            f"| {number} | [{title_of(lesson, root)}]({path.relative_to(root).as_posix()}) "
            f"| {counted.whole - exercises} min | {exercises} min "
            f"| {minutes.running_time(lesson, root)} | {slug.badge(lesson)} |"
        )
    return "\n".join([*rows, "", minutes.NOTE])


def _buttons(root: Path, slug: Slug) -> str:
    """Return the three ways in: run it in the browser, read it, open it in Colab."""
    first = EVERY[0]
    place = learner_path(first, root).relative_to(root).as_posix()
    binder = f"https://mybinder.org/v2/gh/{slug.repository}/{slug.ref}?urlpath=lab/tree/{place}"
    read = full_path(first, root).relative_to(root).as_posix()
    return (
        f"**[Try it here]({binder})** · **[Read]({read})** · "
        f"**[Open in Colab]({slug.colab(first)})**"
    )


def _house(root: Path) -> str:
    """Return the rooms of the package, floor by floor, each with its docstring's first sentence."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
    floors = [" · ".join(re.findall(r"\w+", layer)) for layer in layers]
    rows = ["```text", "  " + "\n↓ ".join(floors), "```", ""]
    rows += ["| room | lines | what it is for |", "|---|---|---|"]
    for name in re.findall(r"\w+", "\n".join(layers)):
        room = root / "workshop_utils" / name
        files = sorted(room.rglob("*.py")) if room.is_dir() else [room.with_suffix(".py")]
        texts = [path.read_text(encoding="utf-8") for path in files if path.is_file()]
        if texts:
            # To the hundred, so that not every change of a line changes this page.
            lines = math.ceil(sum(len(text.splitlines()) for text in texts) / 100) * 100
            said = (ast.get_docstring(ast.parse(texts[0])) or "").replace("``", "`")
            first = re.split(r"(?<=[.:?])\s", " ".join(said.split()), maxsplit=1)[0]
            rows.append(f"| `{name}` | {lines} | {first.rstrip('.:').replace('|', ' or ')} |")
    return "\n".join(rows)


_MAKERS: dict[str, Callable[[Path, Slug], str]] = {
    "schedules": lambda root, _: schedules.schedules(root),
    "late": lambda root, _: schedules.late(root),
    "hub": lambda root, _: class_day.hub_table(root),
    "notebooks": _notebooks,
    "buttons": _buttons,
    "house": lambda root, _: _house(root),
    "clone": lambda _, slug: (
        f"```bash\ngit clone {slug.home}.git\ncd {slug.repository.split('/')[1]}\n```"
    ),
    "colab": lambda root, _: sentence(root),
    "links": lambda _, slug: f"[repository]: {slug.home}\n[issues]: {slug.home}/issues",
}
