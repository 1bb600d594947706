"""What Sphinx calls while it builds the site; ``docs/conf.py`` names this module.

Formulas become MathML, a table in a docstring becomes a table of the page, the types in
a signature keep their short names, its source is a link to the repository, and the Colab
button of a notebook opens the learner's edition.
"""

from __future__ import annotations

import importlib
import inspect
import re
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from workshop_tools.site.formulas import as_mathml
from workshop_utils.cli.repository_url import read_slug
from workshop_utils.lessons import EVERY, CourseError, find_root

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx about the functions of this module."""
    app.add_html_math_renderer(
        "mathml", inline_renderers=(show_formula, None), block_renderers=(show_block, None)
    )
    _call_them_attributes()
    # Before Napoleon, which comes with the usual priority.
    app.connect("autodoc-process-docstring", write_tables, priority=400)
    app.connect("autodoc-process-signature", shorten_types)
    # After the theme has made its buttons.
    app.connect("html-page-context", open_learners_edition, priority=600)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


_NDARRAY = re.compile(
    r"~numpy\.ndarray\[(?:tuple\[~typing\.Any, \.\.\.\]|~typing\.Any), "
    r"~numpy\.dtype\[([^\[\]]+)\]\]"
)


def _call_them_attributes() -> None:
    """Give the attributes of a class the name that the docstrings have for them."""
    from sphinx.domains.python import PyObject

    for field in PyObject.doc_field_types:
        if field.name == "variable":
            field.label = "Attributes"


def show_formula(writer: Any, node: Any) -> None:
    """Write a formula inside a sentence."""
    _write(writer, node, "span", block=False)


def show_block(writer: Any, node: Any) -> None:
    """Write a formula on a line of its own."""
    _write(writer, node, "div", block=True)


def _write(writer: Any, node: Any, element: str, *, block: bool) -> None:
    from docutils import nodes
    from sphinx.util import logging

    try:
        formula = as_mathml(node.astext(), block=block)
    except CourseError as error:
        # Warnings are errors: the build says where, goes on, and fails at its end.
        logging.getLogger(__name__).warning(str(error), location=node)
    else:
        writer.body.append(writer.starttag(node, element, "", CLASS="formula notranslate"))
        writer.body.append(f"{formula}</{element}>")
    raise nodes.SkipNode


def write_tables(
    app: Sphinx, what: str, name: str, documented: object, options: object, lines: list[str]
) -> None:
    """Turn each table of a docstring, written with bars, into one that Sphinx knows, in place."""
    del app, what, name, documented, options
    made: list[str] = []
    rows: list[str] = []
    for line in [*lines, ""]:
        if line.startswith("|") and line.rstrip().endswith("|"):
            rows.append(line)
            continue
        made += _list_table(rows)
        rows = []
        made.append(line)
    lines[:] = made[:-1]


def _list_table(rows: list[str]) -> list[str]:
    if not rows:
        return []
    made = [".. list-table::", "   :header-rows: 1", ""]
    for number, row in enumerate(rows):
        if number == 1:  # the line that separates the head
            continue
        first, *others = (cell.strip() for cell in row.strip().strip("|").split("|"))
        made += [f"   * - {first}", *(f"     - {cell}" for cell in others)]
    return [*made, ""]


def shorten_types(
    app: Sphinx,
    what: str,
    name: str,
    documented: object,
    options: object,
    signature: str | None,
    returned: str | None,
) -> tuple[str | None, str | None]:
    """Write NumPy's types as the code has them, not as the long unions that they stand for."""
    del app, what, name, documented, options
    return _shorter(signature), _shorter(returned)


def _shorter(types: str | None) -> str | None:
    if types is None:
        return None
    for long, short in _unions():
        types = types.replace(long, short)
    # With other versions of Python the name of the private module is written.
    types = types.replace("~numpy._typing._array_like.NDArray[", "~numpy.typing.NDArray[")
    return _NDARRAY.sub(r"~numpy.typing.NDArray[\1]", types)


@cache
def _unions() -> tuple[tuple[str, str], ...]:
    """Return how Sphinx writes a union of NumPy, and its name, for each one in use."""
    from numpy.typing import ArrayLike, DTypeLike
    from sphinx.util.typing import stringify_annotation

    named = {"ArrayLike": ArrayLike, "DTypeLike": DTypeLike}
    return tuple(
        (stringify_annotation(union, "smart"), f"~numpy.typing.{name}")
        for name, union in named.items()
    )


def source_of(domain: str, info: dict[str, str]) -> str | None:
    """Return the address of the lines in which something documented is written.

    Args:
        domain: The language of the object, ``"py"``.
        info: Its ``module`` and its ``fullname`` there, as ``sphinx.ext.linkcode`` has them.

    Returns:
        A page of the repository; ``None`` for what has no lines of its own, as a constant.
    """
    found: Any = importlib.import_module(info["module"])
    try:
        for part in info["fullname"].split("."):
            found = getattr(found, part)
        found = getattr(found, "fget", found)  # of a property, the function that gets it
        found = inspect.unwrap(found)
        file, (lines, first) = inspect.getsourcefile(found), inspect.getsourcelines(found)
    except (AttributeError, OSError, TypeError):
        return None
    root = find_root()
    if domain != "py" or file is None or not Path(file).is_relative_to(root):
        return None
    page = read_slug(root).file(PurePosixPath(Path(file).relative_to(root).as_posix()))
    return f"{page}#L{first}-L{first + len(lines) - 1}"


def open_learners_edition(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Point the Colab button of a notebook's page at the learner's edition, in place."""
    del templatename, doctree
    slug = read_slug(find_root(Path(app.confdir)))
    for lesson in EVERY:
        if pagename == PurePosixPath("notebooks", lesson.folder, lesson.name).as_posix():
            for group in context["header_buttons"]:
                for button in group.get("buttons", []):
                    if button.get("text") == "Colab":
                        button["url"] = slug.colab(lesson)
