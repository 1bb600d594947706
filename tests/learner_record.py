"""An exercise, answers to it and what a learner's file holds of it, for the tests of the record."""

from workshop_utils.learning.exercises import rnn_intuition
from workshop_utils.learning.record import lines

NOTEBOOK = "rnn_intuition"
NAME = "door_weights"
EXERCISE = rnn_intuition.door_weights
WRONG = next(iter(EXERCISE.examples.values()))
RIGHT = EXERCISE.solution_answers()


def kept(file):
    """What the lines of a file say together."""
    return lines.summed(*lines.read(file.read_text(encoding="utf-8")))


def entry(file, notebook=NOTEBOOK, name=NAME):
    return kept(file).exercises[notebook, name]
