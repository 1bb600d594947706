"""What a learner has done: tries, results and last answers, in one small local file.

The file outlives the kernel, so that a lost runtime costs no answer. It stays on
the learner's machine, or on the learner's Drive; nothing is sent anywhere.

Keeping it must never disturb a lesson: a full disk, a damaged file, a slow Drive
or a second notebook that writes at the same moment raises nothing and prints
nothing. ``workshop progress`` shows the file and starts it afresh.
"""

from workshop_utils.progress.keeping import (
    Look,
    exercise,
    look,
    record_exercise,
    record_quiz,
    reset,
)
from workshop_utils.progress.place import PROGRESS_VARIABLE
from workshop_utils.progress.records import CORRECT, NOT_YET, ExerciseRecord, QuizRecord, Record

__all__ = [
    "CORRECT",
    "NOT_YET",
    "PROGRESS_VARIABLE",
    "ExerciseRecord",
    "Look",
    "QuizRecord",
    "Record",
    "exercise",
    "look",
    "record_exercise",
    "record_quiz",
    "reset",
]
