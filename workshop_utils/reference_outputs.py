"""What a model itself makes of hard texts, written into its file when it is saved.

To open a ``.keras`` file with Keras takes many seconds. A program that answers in another
way, in NumPy, may be trusted when it gives what the model gave: these are the model's own
answers, to compare with (``workshop_utils.classifier.stored``).
"""

from __future__ import annotations

import json
import string
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from workshop_utils import environment, vectoriser

HARD = (
    "",
    "RT @someone: Don't stop!!! http://t.co/abc rt @a:rt @b: a'b'c'd",
    "soooooo htt\u2026http:/\u2026 https://x.y/?q=1 _rt @x xrt @y",
    "fox &amp; friends &lt;3 &gt &quot;hi&quot; &#39;s &#039;s &apos;s a&nbsp;b &amp;lt; &amp",
    "&hellip; &#8217;s &copy; &Amp; &LT; #tag",
)
"""Texts on which cleaners differ."""

_COMMON = (
    (0x0000, 0x0700),  # Latin, Greek, Cyrillic, Hebrew, Arabic
    (0x1E00, 0x2C00),  # Latin and Greek with accents, punctuation, signs
    (0x3000, 0x3100),  # Japanese
    (0xFE00, 0xFE10),  # how an emoji is drawn
    (0xFF00, 0xFFF0),  # wide and narrow forms
    (0x1F000, 0x1FB00),  # emoji
)
_LENGTHS = (0, 1, 2, 5, 12)
_WORDS_IN_A_TEXT = 50


@dataclass(frozen=True)
class Witness:
    """What one model said.

    Attributes:
        plan: Digest of the building plan beside which it lies, ``config.json``.
        cleaned: Character to the digest of what the vectoriser makes of :func:`surrounded`.
        numbers: Digests of the numbers of :func:`texts`, in their order.
        probes: Lists of word numbers.
        positive: P(positive) of these from the network, before the temperature.
    """

    plan: str
    cleaned: Mapping[str, str]
    numbers: Sequence[str]
    probes: Sequence[Sequence[int]]
    positive: Sequence[float]

    def to_json(self) -> str:
        """Write it down."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str | bytes) -> Witness:
        """Read what :meth:`to_json` wrote.

        Raises:
            ValueError: It is something else.
        """
        try:
            return cls(**json.loads(text))
        except TypeError as error:
            raise ValueError(f"this is no witness: {error}") from error


def of(model: Any, plan: str) -> Witness | None:
    """Ask a text-in model.

    Args:
        model: From :func:`workshop_utils.models.text_to_sentiment`, trained.
        plan: Its ``config.json``, as Keras wrote it.

    Returns:
        What it said; None for a model that takes no texts, or does not clean as the
        workshop does.
    """
    layers = {type(layer).__name__: layer for layer in model.layers}
    layer, network = layers.get("TextVectorization"), model.layers[-1]
    if layer is None or layer.get_config()["standardize"] is not vectoriser.standardise:
        return None
    vocabulary = layer.get_vocabulary()
    given = texts(vocabulary)
    characters = sorted({*common_characters(), *"".join(given)})
    rows = [each.input_dim for each in network.layers if type(each).__name__ == "Embedding"]
    probes = draw_probes(min([len(vocabulary), *rows]))
    return Witness(
        plan=digest(plan),
        cleaned=cleaned_by(layer, characters),
        numbers=[digest(each) for each in numbers_by(layer, given)],
        probes=probes,
        positive=np.asarray(network(padded(probes), training=False))[:, 0].tolist(),
    )


def texts(vocabulary: Sequence[str]) -> list[str]:
    """Return hard texts, and texts that hold every word of a vocabulary."""
    known = vocabulary[2:]  # the first two are padding and the unknown word
    starts = range(0, len(known), _WORDS_IN_A_TEXT)
    # In pieces, because all words in one text would be one very wide row.
    return [*HARD, *(" ".join(known[at : at + _WORDS_IN_A_TEXT]) for at in starts)]


def common_characters() -> Iterable[str]:
    """Yield the characters of which a saved model is asked, several thousand."""
    return (chr(code) for first, last in _COMMON for code in range(first, last))


def surrounded(c: str) -> str:
    """Put a character inside a word, beside a link, in a link, beside an apostrophe, in a name."""
    return f"a{c}b {c}http:q{c}w {c}'{c} {c}rt @{c}x rt{c}@y {c * 4} {string.digits}{c}"


def cleaned_by(layer: Any, characters: Sequence[str]) -> dict[str, str]:
    """Let a vectoriser clean each character in every surrounding that matters.

    Returns:
        Character to the digest of the cleaned text.
    """
    probes = [surrounded(each) for each in characters]
    given = environment.load_tensorflow().constant(probes, shape=(len(probes),), dtype="string")
    cleaned = layer.get_config()["standardize"](given).numpy()
    pairs = zip(characters, cleaned, strict=True)
    return {each: digest(text.decode("utf-8")) for each, text in pairs}


def numbers_by(layer: Any, given: Sequence[str]) -> list[list[int]]:
    """Let a vectoriser number the words of texts, as lists without padding."""
    if not given:
        return []
    rows = np.asarray(layer(list(given)))
    return [row[row > 0].tolist() for row in rows]


def draw_probes(vocabulary_size: int) -> list[list[int]]:
    """Draw lists of word numbers of several lengths.

    They are short, because a network takes long, and what differs shows at once.
    """
    drawn = np.random.default_rng(0)
    return [drawn.integers(1, vocabulary_size, length).tolist() for length in _LENGTHS]


def padded(
    numbered: Sequence[Sequence[int]], rows: int | None = None, timesteps: int | None = None
) -> Any:
    """Return lists of numbers as one array, zeros on the right.

    Args:
        numbered: The lists.
        rows: Rows of the array; as many as there are lists if none is given.
        timesteps: Columns; as many as the longest list has.

    Returns:
        Shape (rows, timesteps), int32.
    """
    height = len(numbered) if rows is None else rows
    width = max(map(len, numbered), default=0) if timesteps is None else timesteps
    tokens = np.zeros((height, width), np.int32)
    for row, numbers in zip(tokens, numbered, strict=False):
        row[: len(numbers)] = numbers
    return tokens


def digest(value: Any) -> str:
    """Return eight characters that differ for different values, nearly always."""
    return f"{zlib.crc32(json.dumps(value).encode()):08x}"
