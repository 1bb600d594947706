"""Files of texts for the tests that score whole files, and what is said of them."""

import csv

from typer.testing import CliRunner

from workshop_utils.cli.main import app
from workshop_utils.sentiment.batch_predict import score_file


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
