"""Inside a decision: what each word of a text does to P(positive)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workshop_utils import text as cleaning

Score = Callable[[Sequence[str]], NDArray[np.float64]]
"""Texts in, P(positive) out, one number a text."""


@dataclass(frozen=True, eq=False)
class Explanation:
    """One number for each word of a text.

    Attributes:
        tokens: The words as the model reads them.
        values: Shape (tokens,); what they mean depends on the method.
        positive: P(positive) of the whole text.
    """

    tokens: tuple[str, ...]
    values: NDArray[np.float64]
    positive: float


def tokens_of(text: str) -> tuple[str, ...]:
    """Return the words of a text as the model reads them.

    Raises:
        ValueError: Nothing is left of the text after cleaning.
    """
    tokens = tuple(cleaning.clean(text).split())
    if not tokens:
        raise ValueError("This text holds no word to explain: give one with at least one word.")
    return tokens


def prefix_trajectory(score: Score, text: str) -> Explanation:
    """Follow the decision: P(positive) after the first word, the first two, and so on.

    Args:
        score: Texts in, P(positive) out.
        text: The text to explain.

    Returns:
        ``values[t]`` is P(positive) of the first t + 1 words.

    Raises:
        ValueError: The text holds no word.
    """
    tokens = tokens_of(text)
    prefixes = [" ".join(tokens[: end + 1]) for end in range(len(tokens))]
    values = score(prefixes)
    return Explanation(tokens, values, float(values[-1]))


def leave_one_word_out(score: Score, text: str) -> Explanation:
    """Ask what the answer would be without each word.

    Args:
        score: Texts in, P(positive) out.
        text: The text to explain.

    Returns:
        ``values[t]`` is P(positive) of the whole text minus that without word t: above 0
        the word speaks for "positive".

    Raises:
        ValueError: The text holds no word.
    """
    tokens = tokens_of(text)
    shortened = [" ".join(tokens[:t] + tokens[t + 1 :]) for t in range(len(tokens))]
    whole, *without = score([" ".join(tokens), *shortened])
    return Explanation(tokens, float(whole) - np.asarray(without), float(whole))
