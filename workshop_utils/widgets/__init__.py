"""Things to touch: a gate with sliders, and a box for a text of your own.

They work with ipywidgets 7 (Colab) and 8 (JupyterLab); where no widget can run, a
picture of the start stands in their place.
"""

from workshop_utils.widgets.explorer import (
    GATES,
    draw_step,
    equations,
    gate_explorer,
    slider_names,
    start_settings,
    step_with,
)
from workshop_utils.widgets.text_box import text_box

__all__ = [
    "GATES",
    "draw_step",
    "equations",
    "gate_explorer",
    "slider_names",
    "start_settings",
    "step_with",
    "text_box",
]
