"""What the hidden units of a character model look at."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from workshop_utils.char_rnn.alphabet import words_of

VOWELS = "aeiou"


def landmarks(text: str) -> dict[str, npt.NDArray[np.float64]]:
    """What a hidden unit could look at, one number for each character of the text.

    Returns:
        Name to values, each (len(text),): whether the character is a space or a vowel,
        its place in the word (a space has 0), and whether the word ends behind it.
    """
    breaks = " .,"
    ends = [
        here not in breaks and behind in breaks
        for here, behind in zip(text, text[1:] + " ", strict=True)
    ]
    places, place = [], 0
    for character in text:
        place = 0 if character in breaks else place + 1
        places.append(place)
    return {
        "a space": np.array([character == " " for character in text], dtype=float),
        "a vowel": np.array([character in VOWELS for character in text], dtype=float),
        "place in the word": np.array(places, dtype=float),
        "the word ends here": np.array(ends, dtype=float),
    }


def announced(text: str, probabilities: npt.ArrayLike, threshold: float = 0.5) -> list[str]:
    """The pieces of words after which the end of the word is called likely.

    Args:
        text: What was read.
        probabilities: (len(text),), that the word ends behind each character.
        threshold: From where on an end counts as announced.

    Returns:
        For each announced end the letters of the word up to there: "iron", or "heavi" where
        the network was wrong about "heavier".

    Raises:
        ValueError: There is not one probability for each character.
    """
    likely = np.asarray(probabilities)
    if likely.shape != (len(text),):
        raise ValueError(
            f"A text of {len(text)} characters needs probabilities of the shape ({len(text)},), "
            f"but they have the shape {likely.shape}."
        )
    pieces = []
    for place in np.flatnonzero(likely > threshold):
        words = words_of(text[: place + 1])
        if text[place] not in " .," and words:
            pieces.append(words[-1])
    return pieces


class UnitMatch(NamedTuple):
    """The unit that goes with a landmark most closely.

    Attributes:
        landmark: Name of the landmark.
        unit: Number of the unit.
        correlation: Pearson's correlation of the two along the text, -1 to 1.
    """

    landmark: str
    unit: int
    correlation: float


def match_units(
    states: npt.ArrayLike, marks: dict[str, npt.NDArray[np.float64]]
) -> Sequence[UnitMatch]:
    """For each landmark the unit whose hidden state correlates with it most, up or down.

    Args:
        states: (characters, units).
        marks: Name to values, each (characters,).

    Raises:
        ValueError: A landmark has another length than the states.
    """
    values = np.asarray(states, dtype=float)
    centred = values - values.mean(axis=0)
    spread = np.linalg.norm(centred, axis=0)
    found = []
    for name, mark in marks.items():
        if len(mark) != len(values):
            raise ValueError(
                f"The landmark {name!r} has {len(mark)} values for {len(values)} characters."
            )
        about = mark - mark.mean()
        scale = spread * np.linalg.norm(about)
        with np.errstate(divide="ignore", invalid="ignore"):
            correlations = np.nan_to_num((about @ centred) / scale)
        unit = int(np.abs(correlations).argmax())
        found.append(UnitMatch(name, unit, float(correlations[unit])))
    return found
