"""A short text to learn to spell from: public facts, in plain words, written for this workshop.

It is so short that a plain RNN learns it on a CPU within seconds.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FACTS = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8")
"""Facts about the sky, the water and living things, in plain words."""


def plain(text: str) -> str:
    """Lower the case and put one space between words, so that the alphabet stays small."""
    return " ".join(text.lower().split())


def one_hot(text: str, alphabet: Sequence[str]) -> NDArray[np.float64]:
    """Return a row with a single 1 for each character; those outside the alphabet are left out."""
    places = [alphabet.index(each) for each in text.lower() if each in alphabet]
    return np.eye(len(alphabet))[places]


def facts(
    length: int = 40, stride: int = 2
) -> tuple[str, list[str], NDArray[np.float64], NDArray[np.int64]]:
    """Return the facts as one page, its alphabet, and its overlapping pieces for training.

    Returns:
        The page; its characters, sorted; one-hot inputs (pieces, length, characters); and for
        each the place in the alphabet of the character that comes next (pieces, length).
    """
    page = plain(FACTS)
    alphabet = sorted(set(page))
    numbers = np.array([alphabet.index(each) for each in page])
    starts = range(0, len(numbers) - length, stride)
    windows = np.array([numbers[start : start + length + 1] for start in starts])
    return page, alphabet, np.eye(len(alphabet))[windows[:, :-1]], windows[:, 1:]


def shares(
    written: Iterable[str], page: str, run: int = 20
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Compare what was written with the page that was learnt.

    Returns:
        For each text the share of its whole words that stand on the page, and the share of its
        runs of so many characters that do.
    """
    vocabulary = set(_words(page))
    real = list[float]()
    copied = list[float]()
    for text in written:
        runs = [text[place : place + run] for place in range(len(text) - run + 1)]
        real.append(float(np.mean([word in vocabulary for word in _words(text)[:-1]] or [False])))
        copied.append(float(np.mean([each in page for each in runs] or [False])))
    return np.array(real), np.array(copied)


def _words(text: str) -> list[str]:
    return "".join(each for each in text if each not in ",.").split()
