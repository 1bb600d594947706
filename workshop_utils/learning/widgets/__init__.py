"""A box for a text of your own.

It works with ipywidgets 7 (Colab) and 8 (JupyterLab); where no widget can run, a
picture of the start stands in its place.
"""

from workshop_utils.learning.widgets.text_box import text_box

__all__ = ["text_box"]
