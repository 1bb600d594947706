"""Quizzes for the tests: a complete file, a hostile text, and what a page of either holds."""

from workshop_utils.learning import quizzes
from workshop_utils.learning.quizzes.questions import FEWEST_QUESTIONS

HOSTILE = "<script>x</script> \"' onx='1 <b &lt; </p></details> $5 and \\(6\\) ![a](b)"

OPTIONS = """
[[question.option]]
text = 'It `grows`, *so* there is n < 2 of it.'
right = false
why = 'No. It has **no** reason to grow.'

[[question.option]]
text = 'It stays.'
right = true
why = 'Yes: $W$ and $U$ stay.'
"""
QUESTION = f"[[question]]\nask = '''\nWhat happens\nto it?'''\n{OPTIONS}"
FILE = QUESTION * FEWEST_QUESTIONS


def hostile_quiz():
    options = (
        quizzes.Option("A", HOSTILE, False, f"No. {HOSTILE}"),
        quizzes.Option("B", "b", True, "Yes. It is b."),
    )
    return (quizzes.Question(1, HOSTILE, options),)
