"""``workshop predict``: what the trained model says of a few texts, or of a whole file."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from workshop_utils.lessons import CourseError

if TYPE_CHECKING:
    from workshop_utils.classifier import SentimentClassifier

INTERRUPTED = 130
SHOWN = 10
"""Bad rows of a file that are named on the screen."""


def texts(given: Sequence[str], model: str | None, best: bool) -> int:
    """Print a line for each text; without texts, for each line of the standard input."""
    classifier = _classifier(model, best)
    for each in classifier.predict_many(given or [line.rstrip("\r\n") for line in sys.stdin]):
        notes = f" ({', '.join(each.notes)})" if each.notes else ""
        print(f"{each.label} {each.positive:.2f} {each.text}{notes}")
    return 0


def file(source: str, target: str | None, column: str | None, model: str | None, best: bool) -> int:
    """Answer a CSV file, and name the rows that could not be read.

    Raises:
        CourseError: No target is named.
    """
    from workshop_utils.batch_predict import score_file

    if target is None:
        raise CourseError("Name the file for the answers: --out answers.csv.")
    classifier = _classifier(model, best)
    try:
        done = score_file(classifier, source, target, column=column)
    except KeyboardInterrupt:
        print("Stopped. The same command goes on where it stopped.", file=sys.stderr)
        return INTERRUPTED
    if done.continued_at:
        print(f"Continued after row {done.continued_at:,}.")
    for number, problem in done.bad_rows[:SHOWN]:
        print(f"Row {number:,} could not be read: {problem}.", file=sys.stderr)
    if done.bad > SHOWN:
        more = f"{done.bad - SHOWN:,} more could not be read; see the column problem."
        print(more, file=sys.stderr)
    print(f"{done.rows - done.bad:,} of {done.rows:,} rows are answered in {done.target}.")
    return 0


def _classifier(model: str | None, best: bool) -> "SentimentClassifier":
    from workshop_utils.classifier import SentimentClassifier
    from workshop_utils.tweets import TweetsUnavailable

    if model is not None and best:
        raise CourseError("Name a file with --model, or ask for --best; not both.")
    try:
        if best:
            return SentimentClassifier.load_or_train_best()
        if model is None:
            return SentimentClassifier.load_or_train_quick()
        return SentimentClassifier.load(model)
    except TweetsUnavailable as error:
        raise CourseError(str(error)) from error
