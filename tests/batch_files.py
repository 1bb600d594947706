"""Files of texts for the tests that score whole files, and what is said of them."""

import csv
import dataclasses

from typer.testing import CliRunner

from workshop_utils.cli.main import app
from workshop_utils.sentiment.batch_predict import score_file
from workshop_utils.sentiment.classifier import SentimentClassifier


def write(path, texts, column="text"):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([[column], *([each] for each in texts)])


def score(classifier, place, **options):
    return score_file(classifier, place.source, place.target, show=False, **options)


def answers(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def many(count):
    return [f"{'great' if n % 3 else 'terrible'} night number {n}" for n in range(count)]


def left(place):
    return sorted(path.name for path in place.folder.iterdir())


def invoke(classifier, *arguments, **more):
    return CliRunner().invoke(app, ["predict", *arguments, "--model", str(classifier.path)], **more)


class Watched(SentimentClassifier):
    """A classifier that calls ``seen`` with each piece of texts before it answers them."""

    def predict_many(self, given):
        self.seen(given)
        return super().predict_many(given)


def watch(classifier, seen):
    """Return the same classifier, watched."""
    parts = (getattr(classifier, each.name) for each in dataclasses.fields(classifier))
    watched = Watched(*parts)
    object.__setattr__(watched, "seen", seen)
    return watched


def stop_before(number):
    """Return what stops a scoring before that piece, counted from 0."""
    pieces = iter(range(number))

    def seen(_):
        if next(pieces, None) is None:
            raise KeyboardInterrupt

    return seen
