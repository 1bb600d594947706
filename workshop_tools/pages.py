"""An executed notebook as an HTML page, with each picture's alt text on it.

nbconvert's own template drops the ``alt`` of a PNG's metadata; a small one puts it back.
"""

import re

from workshop_tools.editions import Notebook


def notebook_page(notebook: Notebook, title: str) -> str:
    """Return an executed notebook as an HTML page; links to other notebooks lead to theirs."""
    import nbformat
    from jinja2 import PackageLoader
    from nbconvert import HTMLExporter

    ours = PackageLoader("workshop_tools", "")
    exporter = HTMLExporter(extra_loaders=[ours], template_file="page.html.j2")
    named = nbformat.from_dict(notebook)
    named.metadata.title = title
    for cell in named.cells:
        if cell.cell_type == "markdown":
            cell.source = _with_links_to_pages(cell.source)
    page: str = exporter.from_notebook_node(named)[0]
    return page


def _with_links_to_pages(source: str) -> str:
    """Point links at the pages in ``build/run``, and the index at the report."""
    source = re.sub(r"\]\((?:\.\./)?(?:further/)?(\w+)\.ipynb(?=[)#])", r"](\1.html", source)
    source = re.sub(r"\]\((?:\.\./)+docs/", "](../../docs/", source)
    return re.sub(r"\]\((?:\.\./)+README\.md\)", "](report.html)", source)
