"""The parts of the README that are made, not written: the table of notebooks and the addresses.

A made part stands between ``<!-- workshop:NAME -->`` and ``<!-- /workshop:NAME -->``;
the build replaces what is between. Names: ``notebooks`` (the table), ``clone`` (the
command that fetches the repository), ``colab`` (when the notebooks last passed under
Colab's packages), ``links`` (link targets ``[repository]`` and ``[issues]`` for use in
the prose).
"""

import re
from collections.abc import Callable
from pathlib import Path

from workshop_tools.colab_check.passed import sentence
from workshop_utils.cli.repository_url import Slug
from workshop_utils.lessons import LESSONS, CourseError, running_time

PAGES = ("README.md", "CONTRIBUTING.md")
_BLOCK = re.compile(
    r"(?P<open><!-- workshop:(?P<name>[a-z]+) -->\n).*?(?P<close><!-- /workshop:(?P=name) -->)",
    re.DOTALL,
)


def filled(text: str, root: Path, slug: Slug) -> str:
    """Return a page's text with every marked block made anew.

    Args:
        text: The page, Markdown.
        root: The folder of the repository.
        slug: The public address.

    Raises:
        CourseError: A block has a name that nobody makes, or is not closed.
    """

    def fill(found: re.Match[str]) -> str:
        name = found.group("name")
        if name not in _MAKERS:
            raise CourseError(f"There is no block {name!r}; known are {', '.join(_MAKERS)}.")
        return f"{found.group('open')}{_MAKERS[name](root, slug)}\n{found.group('close')}"

    made = _BLOCK.sub(fill, text)
    opened = text.count("<!-- workshop:")
    if opened != len(_BLOCK.findall(text)):
        raise CourseError(
            "A block <!-- workshop:NAME --> is not closed by <!-- /workshop:NAME -->."
        )
    return made


def without_blocks(text: str) -> str:
    """Return a page's text without its made parts: what was written by hand."""
    return _BLOCK.sub("", text)


def _notebooks(root: Path, slug: Slug) -> str:
    rows = [
        "| | Notebook | Reading | Exercises | Running | |",
        "|---|---|---|---|---|---|",
    ]
    for lesson in LESSONS:
        title = lesson.title(root) if lesson.text(root).is_file() else lesson.subject
        running = running_time(lesson, root)
        rows.append(
            f"| {lesson.number} | [{title}](notebooks/{lesson.name}.ipynb) "
            f"| {lesson.reading} min | {lesson.exercises} min | {running} | {slug.badge(lesson)} |"
        )
    return "\n".join(rows)


def _clone(root: Path, slug: Slug) -> str:  # noqa: ARG001
    folder = slug.repository.split("/")[1]
    return f"```bash\ngit clone {slug.home}.git\ncd {folder}\n```"


def _colab(root: Path, slug: Slug) -> str:  # noqa: ARG001
    return sentence(root)


def _links(root: Path, slug: Slug) -> str:  # noqa: ARG001
    return f"[repository]: {slug.home}\n[issues]: {slug.home}/issues"


_MAKERS: dict[str, Callable[[Path, Slug], str]] = {
    "notebooks": _notebooks,
    "clone": _clone,
    "colab": _colab,
    "links": _links,
}
