"""The saved model as a web page reads it: cleaning, words, rounded weights, as plain data.

``figures/live/sentiment.js`` does the same with these data as :mod:`~workshop_utils.sentiment`
does with the file; tests hold the two together on tweets and on texts in any script.
"""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workshop_utils.cells import LSTMCell
from workshop_utils.sentiment import calibration
from workshop_utils.sentiment.classifier import SentimentClassifier
from workshop_utils.sentiment.models import LONGEST_TEXT
from workshop_utils.sentiment.network import UNKNOWN
from workshop_utils.tweets import page_steps

SWAPS = (
    ("rubio", "kasich", "carson", "fiorina", "cruz", "trump", "paul", "walker", "bush", "huckabee"),
    ("he", "she"),
    ("his", "her"),
)
"""Words that a reader may exchange for each other, to see whether the answer changes."""

GATES = ("forget", "input", "output")


def for_page(classifier: SentimentClassifier) -> dict[str, Any]:
    """Return everything that an answer depends on; weights are rounded to half precision.

    Returns:
        ``steps`` of the cleaner, ``vocabulary`` (one word a line, in the order of the rows),
        ``arrays`` (base64 of float16), ``units``, ``bias``, ``temperature``, ``threshold``,
        ``longest``, ``known_enough`` and ``longest_checked`` (what it was checked on),
        ``labels``, ``is_real`` and ``swaps``.
    """
    network = classifier.network
    known = set(classifier.network.vocabulary)
    cell = network.cell
    arrays = {
        # There are more rows than words where the tweets had few words.
        "embedding": network.embedding[: len(network.vocabulary)],
        "kernel": cell.kernel,
        "recurrent": cell.recurrent_kernel,
        "bias": cell.bias,
        "readout": network.readout,
    }
    known_enough, longest_checked = classifier.limits
    return {
        "steps": page_steps(),
        "vocabulary": "\n".join(network.vocabulary),
        "arrays": {name: _packed(values) for name, values in arrays.items()},
        "units": cell.units,
        "bias": network.bias,
        "temperature": classifier.temperature,
        "threshold": classifier.threshold,
        "longest": LONGEST_TEXT,
        "known_enough": known_enough,
        "longest_checked": longest_checked,
        "labels": list(classifier.record.labels),
        "is_real": classifier.record.is_real,
        "swaps": [[word for word in group if word in known] for group in SWAPS],
    }


def rounded(classifier: SentimentClassifier) -> SentimentClassifier:
    """Return the model with the weights that a page gets."""
    network = classifier.network
    cell = network.cell
    parts = (cell.kernel, cell.recurrent_kernel, cell.bias)
    return replace(
        classifier,
        network=replace(
            network,
            embedding=_half(network.embedding).astype(np.float32),
            cell=LSTMCell(*(_half(each).astype(np.float32) for each in parts)),
            readout=_half(network.readout).astype(np.float32),
        ),
    )


def reading(classifier: SentimentClassifier, given: str) -> dict[str, Any]:
    """Read one text word by word, and keep what a page draws of it.

    The last answer is a sum: the logit is the bias of the output plus, for each word, what is
    left of its writes, as the output gates show it and the readout weighs it.

    Returns:
        ``text``, ``words`` as read, ``known`` (for each word), ``positive`` (P(positive) after
        each word), ``pushes`` (each word's share of the last logit), ``gates`` (the mean over
        the units at each word), ``label`` and ``notes``.
    """
    network = classifier.network
    answer = classifier.predict(given)
    words = classifier.words(given)[:LONGEST_TEXT]
    numbers = network.numbers(words) or [UNKNOWN]
    trace = network.cell.run(network.embedding[numbers], return_steps=True).steps
    assert trace is not None  # asked for
    gates = {name: getattr(trace, f"{name}_gate").astype(float) for name in GATES}
    left = np.zeros((len(numbers), network.cell.units))  # of each word's write, so far
    for t, forget in enumerate(gates["forget"]):
        left *= forget
        left[t] = gates["input"][t] * trace.candidate[t]
    cell_state = trace.cell_state[-1].astype(float)
    safe = np.where(np.abs(cell_state) < 1e-9, 1, cell_state)
    shown = np.where(np.abs(cell_state) < 1e-9, 1, np.tanh(safe) / safe)
    weights = network.readout * gates["output"][-1] * shown / classifier.temperature
    logits = trace.hidden_state.astype(float) @ network.readout + network.bias
    return {
        "text": given,
        "words": words,
        "known": [word in network.vocabulary for word in words],
        "positive": calibration.sigmoid(logits / classifier.temperature).round(6).tolist(),
        "pushes": (left @ weights).round(6).tolist(),
        "gates": {name: values.mean(axis=1).round(6).tolist() for name, values in gates.items()},
        "label": answer.label,
        "notes": list(answer.notes),
    }


def _half(values: ArrayLike) -> NDArray[np.float16]:
    return np.asarray(values, dtype="<f2")


def _packed(values: ArrayLike) -> str:
    return base64.b64encode(_half(values).tobytes()).decode("ascii")
