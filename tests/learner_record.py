"""An exercise, answers to it and what a learner's file holds of it, for the tests of the record."""

import json

from workshop_utils.learning.exercises import rnn_intuition
from workshop_utils.learning.record import CORRECT, ExerciseRecord, QuizRecord, Record, records

NOTEBOOK, NAME = "rnn_intuition", "door_weights"
EXERCISE = rnn_intuition.door_weights
WRONG, RIGHT = next(iter(EXERCISE.examples.values())), EXERCISE.solution_answers()


def kept(file):
    return records.parse(file.read_text(encoding="utf-8"))


def entry(file, notebook=NOTEBOOK, name=NAME):
    return kept(file).exercises[notebook, name]


def whole():
    moment = records.now()
    exercise = ExerciseRecord(CORRECT, 2, 1, "45", moment, moment)
    quiz = QuizRecord("A", True, 1, moment, moment)
    return Record({(NOTEBOOK, NAME): exercise}, {(NOTEBOOK, 1): quiz})


def changed(table, key, value):
    """The text of a whole record with one entry replaced or, by ``KeyError``, removed."""
    known = json.loads(whole().as_text())
    inner = {
        "top": known,
        "tables": known["exercises"],
        "exercise": known["exercises"][NOTEBOOK][NAME],
        "quizzes": known["quizzes"][NOTEBOOK],
        "quiz": known["quizzes"][NOTEBOOK]["1"],
    }[table]
    if value is KeyError:
        del inner[key]
    else:
        inner[key] = value
    return json.dumps(known)


DAMAGE = {
    "cut": whole().as_text()[:-20],
    "empty": "",
    "no JSON": "progress = {}",
    "a list": "[]",
    "deep": "[" * 100_000,
    "bytes": b"\xff\xfe\x00",
    "newer": changed("top", "version", 3),
    "version as text": changed("top", "version", "1"),
    "no version": changed("top", "version", KeyError),
    "no exercises": changed("top", "exercises", KeyError),
    "quizzes a list": changed("top", "quizzes", []),
    "notebook a number": changed("tables", NOTEBOOK, 1),
    "exercise a text": changed("tables", NOTEBOOK, {NAME: "correct"}),
    "outcome": changed("exercise", "outcome", "perfect"),
    "tries a bool": changed("exercise", "tries", True),
    "tries negative": changed("exercise", "tries", -1),
    "answer missing": changed("exercise", "answer", KeyError),
    "date": changed("exercise", "last", "yesterday"),
    "date without zone": changed("exercise", "last", "2026-01-01T00:00:00"),
    "date of the year 9999": changed("exercise", "last", "9999-12-31T23:59:59-12:00"),
    "right": changed("quiz", "right", 1),
    "question": changed("quizzes", "first", {}),
}
