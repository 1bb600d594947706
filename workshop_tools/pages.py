"""An executed notebook as an HTML page.

A picture's description reaches a screen reader there: nbconvert's own template
drops the ``alt`` of a PNG's metadata, so a small template puts it back.
"""

import re
from typing import Any

from workshop_tools.editions import Cell, Notebook

_TEMPLATE = """\
{%- extends 'lab/index.html.j2' -%}
{%- block html_head_js_requirejs -%}{%- endblock -%}
{%- block data_png scoped -%}
{%- set described = output | get_metadata('alt', 'image/png') -%}
{%- if described -%}
{{ super() | replace('<img src', '<img alt="' ~ (described | escape_html) ~ '" src') }}
{%- else -%}
{{ super() }}
{%- endif -%}
{%- endblock -%}
"""
_SIBLING = re.compile(r"(\]\(\d\d_\w+)\.ipynb([)#])")


def notebook_page(notebook: Notebook, title: str) -> str:
    """Return an executed notebook as one HTML page, with each picture's description on it.

    Links to other notebooks lead to their pages, and the index is the report of the run.

    Args:
        notebook: The notebook with its outputs; a PNG's description is the ``alt`` of
            its metadata.
        title: The title of the page.
    """
    import nbformat
    from jinja2 import DictLoader
    from nbconvert import HTMLExporter

    exporter = HTMLExporter(
        extra_loaders=[DictLoader({"described.html.j2": _TEMPLATE})],
        template_file="described.html.j2",
    )
    named = {
        **notebook,
        "cells": [_with_links_to_pages(cell) for cell in notebook["cells"]],
        "metadata": {**notebook["metadata"], "title": title},
    }
    page: Any
    page, _ = exporter.from_notebook_node(nbformat.from_dict(named))
    return str(page)


def _with_links_to_pages(cell: Cell) -> Cell:
    if cell["cell_type"] != "markdown":
        return cell
    source = _SIBLING.sub(r"\1.html\2", cell["source"])
    # The pages lie in build/run/, one folder deeper than the notebooks.
    source = source.replace("](../docs/", "](../../docs/")
    return {**cell, "source": source.replace("](../README.md)", "](report.html)")}
