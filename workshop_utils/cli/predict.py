"""``workshop predict``: what the trained model says of a few texts, or of a whole file."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from workshop_utils.learning.lessons import CourseError

if TYPE_CHECKING:
    from workshop_utils.sentiment.batch_predict import Scored
    from workshop_utils.sentiment.classifier import SentimentClassifier

INTERRUPTED = 130
SHOWN = 10
"""Bad rows of a file that are named on the screen."""


def texts(given: Sequence[str], model: str | None) -> int:
    """Print a line for each text; without texts, for each line of the standard input."""
    from workshop_utils.sentiment.classifier import CANNOT_TELL
    from workshop_utils.sentiment.text_table import printable

    classifier = _classifier(model)
    for each in classifier.predict_many(given or [line.rstrip("\r\n") for line in sys.stdin]):
        notes = f" ({', '.join(each.notes)})" if each.notes else ""
        number = "" if each.label == CANNOT_TELL else f" {each.positive:.2f}"
        print(f"{each.label}{number} {printable(each.text)}{notes}")
    return 0


def file(source: str, target: str | None, column: str | None, model: str | None) -> int:
    """Answer a CSV file, and name the rows that could not be read.

    Raises:
        CourseError: No target is named.
        InUse: Another process writes the target.
    """
    from workshop_utils.sentiment import batch_predict

    if target is None:
        raise CourseError("Name the file for the answers: --out answers.csv.")
    classifier = _classifier(model)
    try:
        done = batch_predict.score_file(classifier, source, target, column=column)
    except KeyboardInterrupt:
        print("Stopped. The same command goes on where it stopped.", file=sys.stderr)
        return INTERRUPTED
    _report(done)
    return 0


def _report(done: "Scored") -> None:
    from workshop_utils.sentiment.text_table import printable

    if done.continued_at:
        print(f"Continued after row {done.continued_at:,}.")
    for number, problem in done.bad_rows[:SHOWN]:
        print(f"Row {number:,} could not be read: {printable(str(problem))}.", file=sys.stderr)
    if done.bad > SHOWN:
        print(
            f"{done.bad - SHOWN:,} more could not be read; see the column problem.", file=sys.stderr
        )
    print(f"{done.rows - done.bad:,} of {done.rows:,} rows are answered in {done.target}.")
    if done.domain is not None and done.domain.far:
        print(done.domain, file=sys.stderr)


def _classifier(model: str | None) -> "SentimentClassifier":
    from workshop_utils.sentiment.classifier import SentimentClassifier
    from workshop_utils.tweets import TweetsUnavailable

    try:
        if model is None:
            return SentimentClassifier.load_or_train()
        return SentimentClassifier.load(model)
    except TweetsUnavailable as error:
        raise CourseError(str(error)) from error
