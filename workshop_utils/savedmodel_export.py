"""The trained model as a TensorFlow SavedModel: raw text in, without Python or this package.

TensorFlow Serving reads the folder, and so does every program that has TensorFlow.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from pathlib import Path
from typing import Any

from workshop_utils import environment, model_io, models
from workshop_utils.classifier import SentimentClassifier
from workshop_utils.classifier.engines import WordEngine, vectoriser_of
from workshop_utils.classifier.parts import network_of

RECORD_NAME = model_io.RECORD_NAME
"""The text file in the folder that says how to read the answers."""


def export(
    classifier_or_model_path: SentimentClassifier | str | os.PathLike[str],
    folder: str | os.PathLike[str],
) -> Path:
    """Write a model for serving, whole or not at all.

    The SavedModel takes texts as people write them (strings in UTF-8, shape (batch,)) and
    returns P(positive), shape (batch, 1), float32: by its method ``serve`` and by its default
    signature. The temperature is built in, so these are the probabilities of
    :meth:`SentimentClassifier.predict`, to 1e-6. It does not decide:
    :data:`RECORD_NAME` in the folder holds ``labels`` and the ``threshold`` from which on a
    text is called the second of them. It gives no flags (unknown words, cut off, empty).

    Args:
        classifier_or_model_path: A classifier, or the ``.keras`` file of one.
        folder: Where it goes. TensorFlow Serving wants a whole number as its last part.

    Returns:
        The folder.

    Raises:
        FileExistsError: The folder is there already; a server may be reading it.
        FileNotFoundError: There is no such model.
        ArtifactError: The model is refused, is a reader, whose inputs are made in Python, or a
            temperature cannot be built into it.
        OSError: The folder cannot be written.
    """
    target = Path(folder)
    if target.exists():
        raise FileExistsError(f"{target} is there already. Name a new folder.")
    classifier = classifier_or_model_path
    if not isinstance(classifier, SentimentClassifier):
        classifier = SentimentClassifier.load(classifier)
    if not isinstance(classifier.engine, WordEngine):
        raise model_io.ArtifactError(
            "The inputs of this model are made in Python, so it cannot be served without. Take the "
            "quick model."
        )
    about = {
        "input": "texts in UTF-8, shape (batch,)",
        "output": "P(positive) after the temperature, shape (batch, 1)",
        "labels": classifier.record["labels"],
        "threshold": classifier.threshold,
        "temperature": classifier.temperature,
        "fingerprint": classifier.fingerprint,
        "versions": classifier.record["versions"],
    }
    served = models.text_to_sentiment(vectoriser_of(classifier.model), _calibrated(classifier))
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    part.mkdir(parents=True)
    try:
        served.export(part, verbose=False)
        text = json.dumps(about, indent=1, ensure_ascii=False)
        (part / RECORD_NAME).write_text(f"{text}\n", encoding="utf-8")
        part.rename(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return target


def _calibrated(classifier: SentimentClassifier) -> Any:
    """Copy the network and divide its last weights by the temperature.

    sigmoid((h w + b) / T) = sigmoid(h (w / T) + b / T). Working the logit out from the
    probability would round it.
    """
    network = network_of(classifier.model)
    copy = environment.load_keras().models.clone_model(network)
    copy.set_weights(network.get_weights())
    for layer in copy.layers:
        # A layer for both directions holds one for each.
        ways = [getattr(layer, f"{way}_layer", layer) for way in ("forward", "backward")]
        for each in ways:
            if hasattr(each, "use_cudnn"):
                each.use_cudnn = False  # what is saved with it runs on a GPU alone
    if classifier.temperature != 1:
        last = copy.layers[-1]
        if type(last).__name__ != "Dense" or last.activation.__name__ != "sigmoid":
            raise model_io.ArtifactError(
                "A temperature is built into a last layer Dense(1, activation='sigmoid'); here it "
                f"is {type(last).__name__}, so this model cannot be exported with one."
            )
        last.set_weights([each / classifier.temperature for each in last.get_weights()])
    return copy
