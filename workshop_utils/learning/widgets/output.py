"""One output that is a widget where one can run, and a page everywhere else."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from workshop_utils.figures.drawing import in_notebook

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
    if not in_notebook():
        print(text)
        return
    from IPython import get_ipython
    from IPython.display import display

    output: dict[str, Any] = {"text/html": page, "text/plain": text}
    # Without a kernel nothing could talk to a widget in a browser.
    if hasattr(get_ipython(), "kernel") and find_spec("ipywidgets"):
        import ipywidgets

        model = build(ipywidgets).model_id
        output[_WIDGET_VIEW] = {"version_major": 2, "version_minor": 0, "model_id": model}
    display(output, raw=True)
