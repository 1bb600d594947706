"""An executed notebook as an HTML page, with each picture's alt text on it.

nbconvert's own template drops the ``alt`` of a PNG's metadata; a small one puts it back.
"""

import re

from workshop_tools.editions import Notebook

#: Where links lead from a page in ``build/run``; the index is the report there.
_PAGES = {
    r"(?:\.\./)?(?:further/)?(\w+)\.ipynb(?=[)#])": r"\1.html",
    r"(?:\.\./)+docs/": "../../docs/",
    r"(?:\.\./)+README\.md(?=\))": "report.html",
}


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
            for target, place in _PAGES.items():
                cell.source = re.sub(rf"\]\({target}", f"]({place}", cell.source)
    page: str = exporter.from_notebook_node(named)[0]
    return page
