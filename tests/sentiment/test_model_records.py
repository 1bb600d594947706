"""The record in a model file: a malformed field is refused in one sentence that names it."""

import json
import random
import string

import pytest
from model_parts import RECORD, refused

from workshop_utils.sentiment.classifier import SentimentClassifier
from workshop_utils.sentiment.model_guard import ModelFileError


def as_json(part, **changes):
    return json.dumps({**json.loads(part), **changes}).encode()


WRONG = [
    None, True, -1, 2, 1e-320, 10**400, float("nan"), float("inf"), "0.5", "", [], [1], {},
    {"a": 1}, [[]], [None], ["positive", "negative"], [True, False], [0.5, 0.1],
    "\x1b[31m", [1e308] * 3,
]  # fmt: skip


def variants(record, count=500):
    """Yield the record with one field, at any depth, made wrong or left out."""
    generator = random.Random(141)
    places = [("format",), *((name,) for name in record)]
    places += [(name, inner) for name in ("reference", "domain") for inner in record[name]]
    places += [(*place, 0) for place in places if len(place) == 2]
    for _ in range(count):
        changed = json.loads(json.dumps(record))
        *outer, last = generator.choice(places)
        holder = changed
        for step in outer:
            holder = holder[step]
        if generator.random() < 0.1 and isinstance(holder, dict):
            del holder[last]
        else:
            holder[last] = generator.choice(WRONG)
        yield changed


def test_each_malformed_field_is_one_clear_sentence(write, parts):
    record = json.loads(parts[RECORD])
    accepted = 0
    for changed in variants(record):
        path = write({RECORD: json.dumps(changed).encode()})
        try:
            found = SentimentClassifier.load(path)
        except ModelFileError as error:
            said = str(error)
            assert "\n" not in said
            assert "damaged" not in said, said
            assert set(said) <= set(string.printable), said
        else:
            accepted += 1
            assert 0 <= found.predict("great").positive <= 1
    assert accepted < 100, "only what is harmless passes, such as another table in about"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"format": 1}, "another version of the workshop"),
        ({"labels": ["positive", "negative"]}, "in this order"),
        ({"threshold": 10**400}, "threshold must be a number from 0 to 1"),
        ({"threshold": 1.0}, "threshold must lie between 0 and 1"),
        ({"threshold": 0}, "threshold must lie between 0 and 1"),
        ({"digest": 7}, "digest must be a text"),
        ({"temperature": True}, "temperature must be a number from 0.05"),
        ({"temperature": 1e-320}, "temperature must be a number from 0.05"),
        ({"domain": []}, "domain must be a table"),
        ({"reference": {"texts": ["a"], "positive": []}}, "reference answers"),
    ],
)
def test_the_sentence_names_the_field(write, parts, changes, words):
    refused(write({RECORD: as_json(parts[RECORD], **changes)}), words)
