"""The quizzes, one file of questions a notebook, shown as buttons or as a page to open.

The files have the notebooks' names without the numbers. A notebook shows its own:
``quizzes.show("rnn_intuition")``.
"""

from workshop_utils.learning.quizzes.panel import as_html, as_text, show
from workshop_utils.learning.quizzes.questions import Option, Question, load, names, parse

__all__ = ["Option", "Question", "as_html", "as_text", "load", "names", "parse", "show"]
