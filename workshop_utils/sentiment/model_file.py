"""One file that holds everything: cleaning, vocabulary, network, and how to read its answers.

``sentiment.keras`` is an ordinary Keras file (raw text in, P(positive) out) with one more
part, ``workshop.json``: labels, threshold, temperature, what the network itself answered to
some texts, and how scores, known words and lengths were distributed on the validation part.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from workshop_utils.runtime import environment, storage
from workshop_utils.sentiment import calibration, domain, model_guard, vectoriser
from workshop_utils.sentiment.model_guard import ModelFileError
from workshop_utils.sentiment.models import LABELS, LONGEST_TEXT
from workshop_utils.sentiment.network import Network

FILE_NAME = "sentiment.keras"
FORMAT = 3
KEPT = 501
"""Quantiles of each distribution that is kept."""

TOLERANCE = 1e-3
"""How far a probability may be from the reference; a GPU rounds more coarsely than a CPU."""

REFERENCE_TEXTS = (
    "What a great night",
    "I do NOT like it!!! &amp; I don't think they'll win http://t.co/abc",
    "RT @someone: the answers were soooooo terrible, weren't they? \U0001f44d",
    "xyzzy plugh",
    "candidate " * 100,
)
"""Texts on which two cleaners or two networks would differ; each word alone stands beside them."""

MOST_WORDS = 5_000
"""Words, the most frequent first, whose answers a file keeps."""


@dataclass(frozen=True)
class Record:
    """What is known about a model, apart from its network.

    Attributes:
        labels: The classes, in the order of the output: 0, 1.
        threshold: P(positive) after the temperature from which on a text is positive.
        temperature: What the logits are divided by.
        is_real: Whether it learnt from the published tweets.
        reference: ``texts``, and the network's own answers ``positive``.
        digest: Of the words and weights that were saved.
        domain: For each of :data:`workshop_utils.sentiment.domain.MEASURES`, sorted values.
        about: Where it comes from, for people to read.
    """

    labels: tuple[str, ...]
    threshold: float
    temperature: float
    is_real: bool
    reference: dict[str, list[Any]]
    digest: str
    domain: dict[str, list[float]]
    about: dict[str, Any]


def default_path() -> Path:
    """Return where notebook 05 saves the model and notebook 06 looks for it."""
    return storage.artifacts_dir() / FILE_NAME


def save(
    model: Any,
    *,
    threshold: float,
    validation_texts: Sequence[str],
    is_real: bool,
    temperature: float = 1.0,
    about: dict[str, Any] | None = None,
    path: str | os.PathLike[str] | None = None,
) -> Path:
    """Save a text-in model as one file, whole or not at all.

    Args:
        model: Keras model, strings (batch,) in, P(positive) (batch, 1) out: vectoriser,
            embedding, one LSTM, ``Dense(1, activation="sigmoid")``.
        threshold: Chosen on validation data, for probabilities after the temperature.
        validation_texts: Raw texts that the training did not see; each distinct one counts once.
        is_real: Whether the model learnt from the published tweets.
        temperature: See :func:`workshop_utils.sentiment.calibration.fit_temperature`.
        about: Anything else worth knowing, as plain numbers, texts, lists and dicts.
        path: Target; :func:`default_path` if none is given.

    Returns:
        The path written.

    Raises:
        ModelFileError: :func:`read` would refuse the file.
        StorageError: The file cannot be written.
    """
    target = default_path() if path is None else Path(path)
    with storage.atomic_path(target) as part:
        model.save(part)
        with model_guard.refusing(target):
            network = Network.of(*model_guard.inspect(part)[:3])
        texts = [*REFERENCE_TEXTS, *list(network.vocabulary)[2 : 2 + MOST_WORDS]]
        answers = _answers(model, texts)
        reading = network.read(sorted(set(validation_texts)))
        positive = calibration.sigmoid(reading.logits / temperature)
        values = domain.measure(positive, reading.words, reading.words - reading.known)
        at = np.linspace(0, 1, KEPT)
        record = Record(
            labels=LABELS,
            threshold=float(threshold),
            temperature=float(temperature),
            is_real=bool(is_real),
            reference={"texts": texts, "positive": [round(float(each), 7) for each in answers]},
            digest=network.digest,
            domain={
                name: np.quantile(each, at, method="inverted_cdf").round(6).tolist()
                for name, each in values.items()
            },
            about=about or {},
        )
        with zipfile.ZipFile(part, "a", zipfile.ZIP_DEFLATED) as archive:
            content = json.dumps({"format": FORMAT, **asdict(record)})
            archive.writestr(model_guard.RECORD_NAME, content)
        read(part)
    return target


def read(path: Path) -> tuple[Network, Record]:
    """Read a model without TensorFlow, and check that it answers as it did when it was saved.

    Raises:
        FileNotFoundError: There is no such file.
        ModelFileError: It is refused; the message says why and what to do.
    """
    with model_guard.refusing(path):
        plan, vocabulary, weights, given = model_guard.inspect(path)
        network = Network.of(plan, vocabulary, weights)
        record = _record(given)
        compare(network, record)
        return network, record


def compare(network: Network, record: Record) -> None:
    """Refuse a network that does not answer the reference texts as it did when it was saved.

    Raises:
        ModelFileError: Its words, weights or cleaning are not those that were saved.
    """
    answers = calibration.sigmoid(network.read(record.reference["texts"]).logits)
    if np.abs(answers - record.reference["positive"]).max() > TOLERANCE:
        raise ModelFileError("its words and weights do not give the answers stored with them")
    if network.digest != record.digest:
        raise ModelFileError("its words and weights are not those that were saved")


def load_keras(path: Path) -> Any:
    """Load the Keras model: strings in, P(positive) before the temperature out.

    Raises:
        FileNotFoundError: There is no such file.
        ModelFileError: As for :func:`read`, which looks at the file first.
    """
    _, record = read(path)
    vectoriser.register()
    with model_guard.refusing(path):
        keras = environment.load_keras()
        model = keras.saving.load_model(path, compile=False, safe_mode=True)
        answers = _answers(model, record.reference["texts"])
        if not np.abs(answers - record.reference["positive"]).max() <= TOLERANCE:
            raise ModelFileError("Keras reads it in another way than it was saved")
        return model


def _answers(model: Any, texts: Sequence[str]) -> Any:
    """Return what a Keras model answers to texts, shape (texts,)."""
    return np.asarray(model(environment.load_tensorflow().constant(list(texts))))[:, 0]


def _record(given: Any) -> Record:
    """Check every field; what a field must be stands in its message."""
    if not isinstance(given, dict) or given.get("format") != FORMAT:
        raise ModelFileError("it was saved by another version of the workshop, or not by it at all")
    found: dict[str, Any] = {name: given.get(name) for name in Record.__dataclass_fields__}
    _must(found["labels"] == list(LABELS), f"its labels must be {list(LABELS)}, in this order")
    _numbers("threshold", [found["threshold"]], 0, 1)
    _must(0 < found["threshold"] < 1, "its threshold must lie between 0 and 1, neither of them")
    _numbers("temperature", [found["temperature"]], calibration.COLDEST, calibration.HOTTEST)
    _must(isinstance(found["is_real"], bool), "its is_real must be true or false")
    _must(isinstance(found["digest"], str), "its digest must be a text")
    for name in ("reference", "domain", "about"):
        _must(isinstance(found[name], dict), f"its {name} must be a table")
    texts, positive = (found["reference"].get(name) for name in ("texts", "positive"))
    _numbers("reference answers", positive, 0, 1)
    whole = isinstance(texts, list) and all(isinstance(each, str) for each in texts)
    fits = whole and len(texts) == len(positive) and sum(map(len, texts)) <= 100_000
    _must(fits, "its reference must hold one short text for each answer")
    for name in domain.MEASURES:
        values = found["domain"].get(name)
        _numbers(f"domain of {name}", values, 0, LONGEST_TEXT if name == "words" else 1)
        _must(values == sorted(values), f"its domain of {name} must be sorted")
    return Record(**{**found, "labels": LABELS})


def _numbers(name: str, values: Any, low: float, high: float) -> None:
    some = isinstance(values, list) and 1 <= len(values) <= 10_000
    # bool is a kind of int in Python, and 10**400 is an int that no float can hold.
    fit = some and all(type(each) in {int, float} and low <= each <= high for each in values)
    _must(fit, f"its {name} must be a number from {low} to {high}, or a list of such numbers")


def _must(holds: bool, why: str) -> None:
    if not holds:
        raise ModelFileError(why)
