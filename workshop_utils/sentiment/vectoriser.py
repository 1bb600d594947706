"""The cleaner inside a saved model: the same steps, run by TensorFlow.

``keras.layers.TextVectorization(standardize=standardise)`` cleans with TensorFlow's
operations, because only these are saved in a ``.keras`` file and run where there is no
Python. The patterns are those of :data:`workshop_utils.tweets.STEPS`; a property test holds
both executions together, on the real tweets and on texts in any script.
"""

from __future__ import annotations

from typing import Any

from workshop_utils import tweets
from workshop_utils.runtime import environment

PACKAGE = "workshop_utils"


def standardise(texts: Any) -> Any:
    """Clean texts with TensorFlow, as :func:`workshop_utils.tweets.clean` does in Python.

    Args:
        texts: A string tensor of any shape.

    Returns:
        A string tensor of the same shape.
    """
    import tensorflow

    for step in tweets.STEPS:
        if step.pattern:
            texts = tensorflow.strings.regex_replace(texts, step.pattern, step.replacement)
        else:
            texts = tensorflow.strings.lower(texts, encoding="utf-8")
    return texts


def register() -> None:
    """Tell Keras what ``standardise`` means in a saved model. Call it before loading one."""
    keras = environment.load_keras()
    keras.saving.register_keras_serializable(package=PACKAGE)(standardise)
