"""One output that is a widget where one can run, and a page everywhere else."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

_WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def publish(page: str, text: str, build: Callable[[Any], Any]) -> None:
    """Show a widget, with HTML and plain text for places that have no kernel to run it.

    All three are one output: JupyterLab and Colab show the widget; GitHub, an HTML report
    and a kernel without ipywidgets show the HTML. Outside of IPython the text is printed.

    Args:
        page: HTML that says the same as the widget; every text in it is escaped.
        text: The same in characters only.
        build: Given the module ipywidgets, it makes the widget.
    """
    shell = sys.modules.get("IPython")
    if shell is None or shell.get_ipython() is None:
        print(text)
        return
    from IPython.display import display

    display({"text/html": page, "text/plain": text, **_view(build)}, raw=True)


def _view(build: Callable[[Any], Any]) -> dict[str, Any]:
    """Return a widget's entry in an output's data; none where no widget can run."""
    if _without_notebook():
        return {}
    try:
        import ipywidgets
    except ImportError:
        return {}
    model = str(build(ipywidgets).model_id)
    return {_WIDGET_VIEW: {"version_major": 2, "version_minor": 0, "model_id": model}}


def _without_notebook() -> bool:
    """Whether there is no kernel that could talk to a widget in a browser."""
    shell = sys.modules.get("IPython")
    return shell is None or not hasattr(shell.get_ipython(), "kernel")
