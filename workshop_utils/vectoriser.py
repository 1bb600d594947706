"""From text to integers inside the model: cleaning and numbering that travel with it.

``TextVectorization`` cleans with TensorFlow's operations, because only these are
saved in a ``.keras`` file and run where there is no Python. :func:`standardise`
does step by step what :func:`workshop_utils.text.clean` does; tests hold the two
together, on the real tweets and on texts in any script.

Two differences remain. Of HTML's two thousand names for characters only those in
:data:`ENTITIES` are turned back; Twitter writes three of them. And characters that
Unicode got in the last years are letters only for the one whose tables are newer.
"""

from __future__ import annotations

import string
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workshop_utils import environment
from workshop_utils.models import LONGEST_TEXT

PACKAGE = "workshop_utils"

TOGETHER = 2048
"""Texts that are numbered in one call. With more, TensorFlow's strings fill more memory than
the processor keeps close, and a text takes up to twice as long."""

ENTITIES = {
    "&lt;?": "<",
    "&gt;?": ">",
    "&quot;?": '"',
    "&apos;": "'",
    "&#0*39;?": "'",
    "&nbsp;?": "\u00a0",
    # Last, so that "&amp;lt;" becomes "&lt;" and no more, as in html.unescape.
    "&amp;?": "&",
}
"""Pattern to character. HTML allows some names without the semicolon."""

# TensorFlow's patterns (RE2) mean ASCII by \w, \s and \b, where Python means Unicode.
_LETTER = r"[\p{L}\p{N}_]"
_NO_LETTER = r"[^\p{L}\p{N}_]"
_SPACES = (
    r"\t-\r\x1c-\x20\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}"
)
# RE2 cannot look back, so the character before goes into the match and back out of it.
# The plus stands for matches that touch: the second has no character before it left.
_LINKS = rf"(^|{_NO_LETTER})(?:https?:[^{_SPACES}]*|http?s?…)+"
_RETWEETS = rf"(^|{_NO_LETTER})(?:rt[{_SPACES}]+@{_LETTER}+:?)+"
_INNER_APOSTROPHE = rf"({_LETTER})['\x{{2019}}]({_LETTER})"
_NO_WORD_NO_SYMBOL = r"[^\p{L}\p{N}\p{M}\p{So}]|[\x{fe00}-\x{fe0f}]"


def standardise(texts: Any) -> Any:
    """Clean texts with TensorFlow, as :func:`workshop_utils.text.clean` does.

    Args:
        texts: A string tensor of any shape.

    Returns:
        A string tensor of the same shape.
    """
    import tensorflow

    replace = tensorflow.strings.regex_replace
    # A text ends at its first zero byte for tf.strings.lower; another control character is safe.
    texts = replace(texts, r"\x00", "\x01")
    for entity, character in ENTITIES.items():
        texts = replace(texts, entity, character)
    texts = tensorflow.strings.lower(texts, encoding="utf-8")
    texts = replace(texts, _LINKS, r"\1 ")
    texts = replace(texts, _RETWEETS, r"\1 ")
    for _ in range(2):  # in "a'b'c" the second apostrophe needs the b that the first one took
        texts = replace(texts, _INNER_APOSTROPHE, r"\1\2")
    for letter in string.ascii_lowercase:  # RE2 cannot say "the same letter again"
        texts = replace(texts, f"{letter}{{4,}}", letter * 3)
    texts = replace(texts, _NO_WORD_NO_SYMBOL, " ")
    texts = replace(texts, r"\p{So}", r" \0 ")
    return tensorflow.strings.strip(replace(texts, " +", " "))


def register() -> None:
    """Tell Keras what ``standardise`` means in a saved model. Call it before loading one."""
    keras = environment.load_keras()
    keras.saving.register_keras_serializable(package=PACKAGE)(standardise)


def fit_vectoriser(texts: Sequence[str] | NDArray[Any], vocabulary_size: int) -> Any:
    """Learn a vocabulary from training texts.

    Args:
        texts: Texts as people wrote them, of the training part alone.
        vocabulary_size: Known words at most, padding (0) and unknown word (1) among them.

    Returns:
        A ``TextVectorization`` layer: strings (batch,) in, integers (batch, longest)
        out, padded with zeros on the right.

    Raises:
        ValueError: There is no text, or no room for a word.
    """
    if len(texts) == 0 or vocabulary_size < 3:
        raise ValueError(
            "A vocabulary needs at least one text and three places (padding, unknown, one "
            f"word); got {len(texts)} texts and {vocabulary_size} places."
        )
    register()
    keras = environment.load_keras()
    layer = keras.layers.TextVectorization(
        max_tokens=vocabulary_size, standardize=standardise, name="vectoriser"
    )
    # A list, because an array of Python strings takes hundreds of times as long.
    layer.adapt([str(text) for text in texts])
    return layer


def encode(
    layer: Any, texts: Sequence[str] | NDArray[Any], timesteps: int = LONGEST_TEXT
) -> NDArray[np.int32]:
    """Turn texts into the integers that a network trains on.

    Args:
        layer: A vectoriser that knows its vocabulary.
        texts: Texts as people wrote them, length n.
        timesteps: Longer texts are cut off on the right.

    Returns:
        Shape (n, tokens of the longest text), zeros on the right; at most
        ``timesteps`` columns.
    """
    tensorflow = environment.load_tensorflow()
    listed = [str(text) for text in texts]
    starts = range(0, len(listed), TOGETHER)
    parts = [
        np.asarray(layer(tensorflow.constant(listed[at : at + TOGETHER])))[:, :timesteps]
        for at in starts
    ]
    encoded = np.zeros((len(listed), max((part.shape[1] for part in parts), default=1)), np.int32)
    for at, part in zip(starts, parts, strict=True):
        encoded[at : at + len(part), : part.shape[1]] = part
    return encoded
