"""The parts of a good model file, files with some of them changed, and how they are refused."""

import functools
import io
import zipfile

import pytest
import small_classifier

from workshop_utils.sentiment.classifier import SentimentClassifier
from workshop_utils.sentiment.model_guard import ModelFileError

WEIGHTS = "model.weights.h5"
RECORD = "workshop.json"
PLAN = "config.json"


@functools.cache
def parts():
    """Return the parts of a good file, by name."""
    with zipfile.ZipFile(io.BytesIO(small_classifier.saved())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write(path, changes, compression=zipfile.ZIP_STORED):
    """Write a model file with some parts changed; None leaves one out."""
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in {**parts(), **changes}.items():
            if content is not None:
                archive.writestr(name, content)
    return path


def refused(path, words):
    """Load a file that must be refused, and return the sentence."""
    with pytest.raises(ModelFileError, match=words) as error:
        SentimentClassifier.load(path)
    said = str(error.value)
    assert said.count("cannot be used as a model") == 1
    assert said.isprintable()
    assert len(said) < 600
    return said
