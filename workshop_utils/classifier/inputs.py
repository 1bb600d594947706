"""What may be given to the classifier: texts, and nothing that only looks like them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from typing import cast

_ADVICE = "Turn every row into a string first; an empty string stands for a missing text."


def one_text(text: object) -> str:
    """Check that this is one text.

    Raises:
        TypeError: It is something else.
    """
    if isinstance(text, str):
        return without_half_pairs(text)
    if isinstance(text, bytes | bytearray):
        advice = "Decode it first, for example with .decode('utf-8')."
    elif isinstance(text, Iterable):
        advice = "Call predict_many for several texts."
    else:
        advice = "Give a string; an empty one stands for a missing text."
    raise TypeError(f"Expected one text, got {type(text).__name__}. {advice}")


def many_texts(texts: object) -> list[str]:
    """Check that these are texts, in an order: a list, an array, a Series, a generator.

    Raises:
        TypeError: It is one text, a table, something without an order, or holds
            something else than texts; the message names the row, counted from 0.
    """
    if isinstance(texts, str | bytes | bytearray):
        raise TypeError("Expected several texts, got one. Call predict(text) for a single text.")
    if hasattr(texts, "columns"):
        raise TypeError(
            "Expected one column of texts, got a table. Give for example frame['text']."
        )
    if isinstance(texts, Mapping | Set):
        raise TypeError(
            f"Expected texts in an order, got a {type(texts).__name__}. Give a list of them."
        )
    try:
        given = list(cast("Iterable[object]", texts))
    except TypeError as error:
        raise TypeError(
            f"Expected several texts, got {type(texts).__name__}. Give a list of strings."
        ) from error
    return [_row(number, each) for number, each in enumerate(given)]


def _row(number: int, text: object) -> str:
    if not isinstance(text, str):
        raise TypeError(f"Expected text in row {number}, got {type(text).__name__}. {_ADVICE}")
    return without_half_pairs(text)


def without_half_pairs(text: str) -> str:
    """Put a question mark for half a surrogate pair: no file and no model can hold it."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
