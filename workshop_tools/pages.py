"""An executed notebook as an HTML page, with each picture's alt text on it.

nbconvert's own template drops the ``alt`` of a PNG's metadata; a small one puts it back.
"""

import re
from typing import Any

from workshop_tools.editions import Notebook

_TEMPLATE = """\
{%- extends 'lab/index.html.j2' -%}
{%- block html_head_js_requirejs -%}{%- endblock -%}
{%- block data_png scoped -%}
{%- set alt = output | get_metadata('alt', 'image/png') or '' -%}
{{ super() | replace('<img src', '<img alt="' ~ (alt | escape_html) ~ '" src') }}
{%- endblock -%}
"""


def notebook_page(notebook: Notebook, title: str) -> str:
    """Return an executed notebook as one HTML page; links to other notebooks lead to their pages.

    Args:
        notebook: The notebook with its outputs.
        title: The title of the page.
    """
    import nbformat
    from jinja2 import DictLoader
    from nbconvert import HTMLExporter

    exporter = HTMLExporter(
        extra_loaders=[DictLoader({"described.html.j2": _TEMPLATE})],
        template_file="described.html.j2",
    )
    cells = [
        {**cell, "source": _with_links_to_pages(cell["source"])}
        if cell["cell_type"] == "markdown"
        else cell
        for cell in notebook["cells"]
    ]
    named = {**notebook, "cells": cells, "metadata": {**notebook["metadata"], "title": title}}
    page: Any
    page, _ = exporter.from_notebook_node(nbformat.from_dict(named))
    return str(page)


def _with_links_to_pages(source: str) -> str:
    """Point links at the pages in ``build/run``, and the index at the report."""
    source = re.sub(r"\]\((?:\.\./)?(?:further/)?(\w+)\.ipynb(?=[)#])", r"](\1.html", source)
    source = re.sub(r"\]\((?:\.\./)+docs/", "](../../docs/", source)
    return re.sub(r"\]\((?:\.\./)+README\.md\)", "](report.html)", source)
