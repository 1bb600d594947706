"""One output that is a widget where one can run, and a picture everywhere else."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from workshop_utils.figures import Drawing, show
from workshop_utils.figures import drawing as drawings

_WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def publish(drawing: Drawing, build: Callable[[Any], Any]) -> None:
    """Show a widget, with a picture for pages that have no kernel to run it.

    Both are one output: JupyterLab and Colab show the widget; GitHub, an HTML report
    and a kernel without ipywidgets show the picture.

    Args:
        drawing: What the widget looks like before anybody touches it.
        build: Given the module ipywidgets, it makes the widget.
    """
    ipywidgets = None if _without_notebook() else _ipywidgets()
    if ipywidgets is None:
        show(drawing)
        return
    model = str(build(ipywidgets).model_id)
    view = {"version_major": 2, "version_minor": 0, "model_id": model}
    figure = drawing.figure
    drawings.publish(
        drawings.png_bytes(figure),
        drawings.shown_size(figure),
        drawing.alt,
        {_WIDGET_VIEW: view},
    )


def _without_notebook() -> bool:
    """Whether there is no kernel that could talk to a widget in a browser."""
    shell = sys.modules.get("IPython")
    running = shell.get_ipython() if shell is not None else None
    return running is None or not hasattr(running, "kernel")


def _ipywidgets() -> Any | None:
    try:
        import ipywidgets
    except ImportError:
        return None
    return ipywidgets
