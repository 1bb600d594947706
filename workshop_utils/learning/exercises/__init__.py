"""The exercises, one module a notebook, each with check, hint and solution.

The modules have the notebooks' names without the numbers. A notebook imports its
own: ``from workshop_utils.learning.exercises import rnn_intuition as exercises``.
"""

from workshop_utils.learning.exercises.core import Exercise, Mistake, Outcome, exercises_of

__all__ = ["Exercise", "Mistake", "Outcome", "exercises_of"]
