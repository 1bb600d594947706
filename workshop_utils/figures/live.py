"""Learning curves that grow while a training runs."""

from __future__ import annotations

import sys
from typing import Any

from workshop_utils.figures.drawing import png_bytes, shown_size
from workshop_utils.figures.plots import learning_curves


class LiveCurves:
    """One picture that each epoch replaces: ``training.fit(..., watch=figures.LiveCurves())``.

    It is drawn in JupyterLab and Colab. Outside of a notebook there is nowhere to
    show it, and nothing happens.

    Args:
        title: Title of the figure.
    """

    def __init__(self, title: str = "") -> None:
        self.title = title
        self._handle: Any = None

    def __call__(self, history: Any) -> None:
        """Draw what was recorded so far.

        Args:
            history: What ``learning_curves`` takes.
        """
        shell = sys.modules.get("IPython")
        kernel = shell.get_ipython() if shell else None
        if kernel is None or not hasattr(kernel, "kernel"):
            return
        from IPython.display import display

        drawing = learning_curves(history, title=self.title)
        width, height = shown_size(drawing.figure)
        options: dict[str, Any] = {
            "raw": True,
            "metadata": {"image/png": {"width": width, "height": height, "alt": drawing.alt}},
        }
        picture = {"image/png": png_bytes(drawing.figure), "text/plain": f"Figure: {drawing.alt}"}
        if self._handle is None:
            self._handle = display(picture, display_id=True, **options)
        else:
            self._handle.update(picture, **options)
