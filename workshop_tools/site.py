"""The collection as a web site: ``workshop site``, and what Sphinx calls while it builds.

MyST-NB reads the stored full editions, the README and the pages of ``docs/`` where they lie.
Nothing is executed, and a page asks for nothing from outside.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from workshop_tools import explorer, landing
from workshop_tools.editions import read_notebook, tags
from workshop_tools.extras import require
from workshop_tools.formulas import as_mathml, with_formulas
from workshop_tools.repository_url import Slug, read_slug
from workshop_utils.learning.lessons import CourseError, find_root

if TYPE_CHECKING:
    from sphinx.application import Sphinx

PAGES = (
    *("README.md", "CONTRIBUTING.md", "docs/*.md", "colab/INSTRUCTOR.md", "colab/FEEDBACK.md"),
    *("notebooks/*.ipynb", "notebooks/further/*.ipynb", "docs/api/*.rst"),
)
#: An exercise is done where Python runs: what its check says, and what a page says instead.
ELSEWHERE = (
    "Write your answer in place of the three dots.",
    "This page runs no Python: do it in Colab (the link under the title) or in JupyterLab.",
)
#: Of a code cell with a tag, what is folded, and what stands on the fold.
FOLDS = (
    ("solution", "cell", "Solution"),
    ("test", "cell", "Check"),
    ("setup", "input", "Set-up code"),
    ("parameters", "input", "Set-up code"),
    ("draws", "input", "Code of the figure"),
)
MAKERS = """
```{toctree}
:hidden:

/CONTRIBUTING
house
measures
versions
api
```
"""
# A link's target stands in the sentence, or in a line of its own below.
_LINK = re.compile(r"((?<=\]\()[^)\s]+|(?<=\]: )\S+(?=$))", re.MULTILINE)
# A picture from outside, wrapped in a link, as badges are: its words become the link.
_BADGE = re.compile(r"\[!\[([^\]]*)\]\(https?://[^)\s]*\)\](?=\()")
# The README's moving picture, which makes room for what it shows.
_PICTURE = re.compile(r"<picture>.*?</picture>", re.DOTALL)


def build(links: bool = False) -> int:
    """Build the site into ``build/site``; return 0 when Sphinx has nothing to warn of.

    Args:
        links: Follow every link to the internet instead, and name those that are dead.

    Raises:
        CourseError: A package is missing.
    """
    require("latex2mathml", "myst_nb", "sphinx", "sphinx_book_theme", extras="site")
    root = find_root()
    builder, name = ("linkcheck", "links") if links else ("html", "site")
    made = root / "build" / name
    # Pages of modules that are gone would stay.
    shutil.rmtree(root / "docs" / "api", ignore_errors=True)
    command = [sys.executable, "-m", "sphinx", "--builder", builder, "--jobs", "auto", "--quiet"]
    command += ["--fail-on-warning", "--conf-dir", str(root / "docs")]
    command += ["--doctree-dir", str(made.with_name("site-state")), str(root), str(made)]
    status = subprocess.run(command, cwd=root, check=False).returncode
    if status == 0 and not links:
        landing.write(root, made)
    if status == 0:
        print("Every link answers." if links else f"The site: open {made / 'index.html'}.")
    return status


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx about the functions of this module."""
    app.add_html_math_renderer("mathml", (show_formula, None), (show_formula, None))
    app.connect("source-read", read_source)
    # Pages are read anew when what makes them has changed.
    made_by = files("workshop_tools").joinpath("site.py").read_bytes()
    digest = hashlib.sha256(made_by).hexdigest()
    app.add_config_value("pages_made_by", digest, "env", str)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def show_formula(writer: Any, node: Any) -> None:
    """Write a formula inside a sentence, or on a line of its own."""
    from docutils import nodes
    from sphinx.util import logging

    block = isinstance(node, nodes.math_block)
    element = "div" if block else "span"
    try:
        formula = as_mathml(node.astext(), block=block)
    except CourseError as error:
        # Warnings are errors: the build says where, goes on, and fails at its end.
        logging.getLogger(__name__).warning(str(error), location=node)
    else:
        writer.body.append(writer.starttag(node, element, "", CLASS="formula notranslate"))
        writer.body.append(f"{formula}</{element}>")
    raise nodes.SkipNode


def read_source(app: Sphinx, docname: str, content: list[str]) -> None:
    """Change a page's text, the only element of ``content``, in place before it is read."""
    root = Path(app.srcdir)
    here = PurePosixPath(docname)
    slug = read_slug(root)
    pages = set(app.env.found_docs)
    if (root / f"{docname}.ipynb").is_file():
        notebook = read_notebook(root / f"{docname}.ipynb")
        content[0] = json.dumps(shown(notebook, here, slug, pages))
    elif (root / f"{docname}.md").is_file():
        content[0] = with_links(content[0], here, slug, pages)
        if docname == "docs/makers":  # one entry of the navigation for all of its pages
            content[0] += MAKERS
        if docname == app.config.root_doc:
            page = _PICTURE.sub(lambda _: explorer.as_myst(root), content[0])
            # The navigation is made from its lists of pages.
            page += files("workshop_tools").joinpath("contents.txt").read_text("utf-8")
            content[0] = page.replace("<!-- workshop:buttons -->", "{.buttons}")


def shown(notebook: Any, here: PurePosixPath, slug: Slug, pages: set[str]) -> Any:
    """Return a full edition as a reader of the site sees it.

    Boxes for instructors are left out; solutions, tests, and code that sets up or only draws
    are closed until a reader opens them. Each picture has its alt text, and formulas in
    outputs are MathML.
    """
    cells = []
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown" and "instructor" not in tags(cell):
            source = with_links(cell["source"], here, slug, pages)
            cells.append({**cell, "source": source})
        elif cell["cell_type"] == "code":
            about = _folded(cell)
            for output in cell["outputs"]:
                if alt := output.get("metadata", {}).get("image/png", {}).get("alt"):
                    about["mystnb"]["image"] = {"alt": alt}
                if text := output.get("text"):
                    output["text"] = text.replace(*ELSEWHERE)
                if page := output.get("data", {}).get("text/html"):
                    up = "../" * (len(here.parts) - 1)
                    live = landing.with_model(with_formulas(page), up + landing.MODEL.as_posix())
                    output["data"]["text/html"] = live
            cells.append({**cell, "metadata": about})
    return {**notebook, "cells": cells}


def _folded(cell: Any) -> dict[str, Any]:
    """Return the metadata of a code cell: what of it a reader opens, and by which words."""
    for tag, part, words in FOLDS:
        if tag in tags(cell) or (tag == "draws" and only_draws(cell)):
            folds = {"code_prompt_show": words, "code_prompt_hide": words}
            return {"tags": [f"hide-{part}"], "mystnb": folds}
    return {"tags": [], "mystnb": {}}


def only_draws(cell: Any) -> bool:
    """Whether a cell shows a picture and does nothing else that a reader is to see."""
    if not any("image/png" in output.get("data", {}) for output in cell["outputs"]):
        return False
    # Whoever prints, or hands an answer on, does more than draw.
    return not re.search(r"\bprint\(|\.(use|check|fit)\(", cell["source"])


def with_links(text: str, here: PurePosixPath, slug: Slug, pages: set[str]) -> str:
    """Return Markdown whose links to files without a page lead to the repository."""

    def target(found: re.Match[str]) -> str:
        link = found[1]
        path, sign, anchor = link.partition("#")
        if re.match(r"[a-z][a-z0-9+.-]*:|//", link) or not path:
            return link
        named = PurePosixPath(posixpath.normpath(here.parent / path))
        if named.suffix == ".ipynb":  # "Who-wins?" in JupyterLab is "who-wins" here
            anchor = re.sub(r"[^\w-]", "", unquote(anchor).lower())
        if named.with_suffix("").as_posix() in pages or named.suffix in (".png", ".svg"):
            return path + sign + anchor
        return slug.file(named) + sign + anchor

    return _LINK.sub(target, _BADGE.sub(r"[\1]", text))
