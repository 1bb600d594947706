"""A box for a text of your own, and a drawing that reads one word by word.

The box works with ipywidgets 7 (Colab) and 8 (JupyterLab); where no widget can run, a
picture of the start stands in its place.
"""

from workshop_utils.learning.widgets.sentence import read_sentence
from workshop_utils.learning.widgets.text_box import text_box

__all__ = ["read_sentence", "text_box"]
