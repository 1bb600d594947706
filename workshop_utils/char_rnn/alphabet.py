"""A text as numbers: its alphabet, windows of it, and its words."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt


def plain(text: str) -> str:
    """Lower the case and put one space between words, so that the alphabet stays small."""
    return " ".join(text.lower().split())


@dataclass(frozen=True)
class Alphabet:
    """The characters of a text, each with a number.

    Attributes:
        characters: The distinct characters in order; a character's number is its place.
    """

    characters: str

    @classmethod
    def of(cls, text: str) -> "Alphabet":
        """The alphabet of a text.

        Raises:
            ValueError: The text is empty.
        """
        if not text:
            raise ValueError("An alphabet needs a text with at least one character.")
        return cls("".join(sorted(set(text))))

    def __len__(self) -> int:
        return len(self.characters)

    def numbers(self, text: str) -> npt.NDArray[np.int64]:
        """The number of each character, (len(text),).

        Raises:
            ValueError: A character is not in the alphabet; the message names it.
        """
        unknown = sorted(set(text) - set(self.characters))
        if unknown:
            raise ValueError(
                f"The alphabet lacks {', '.join(map(repr, unknown))}; it holds {self.characters!r}."
            )
        return np.array([self.characters.index(character) for character in text], dtype=np.int64)

    def one_hot(self, numbers: npt.ArrayLike) -> npt.NDArray[np.float32]:
        """Vectors with a single 1 at the character's place, (..., len(alphabet))."""
        return np.eye(len(self), dtype=np.float32)[np.asarray(numbers, dtype=np.int64)]


class Windows(NamedTuple):
    """Cuttings of a text, and for each character the one that comes next.

    Attributes:
        inputs: (windows, timesteps, len(alphabet)), one-hot.
        targets: (windows, timesteps), the number of the next character.
    """

    inputs: npt.NDArray[np.float32]
    targets: npt.NDArray[np.int64]


def windows(text: str, alphabet: Alphabet, timesteps: int, stride: int = 1) -> Windows:
    """Cut a text into windows of equal length that overlap.

    Args:
        text: What is learnt.
        alphabet: Must hold every character of the text.
        timesteps: Characters in a window.
        stride: Characters from the start of one window to the start of the next.

    Raises:
        ValueError: The text is too short for one window, or has unknown characters.
    """
    numbers = alphabet.numbers(text)
    if len(numbers) <= timesteps:
        raise ValueError(
            f"A window of {timesteps} characters needs a text of at least {timesteps + 1}, "
            f"but this one has {len(numbers)}."
        )
    views = np.lib.stride_tricks.sliding_window_view(numbers, timesteps + 1)[::stride]
    return Windows(alphabet.one_hot(views[:, :-1]), np.ascontiguousarray(views[:, 1:]))


def words_of(text: str) -> list[str]:
    """The words of a text, without its full stops and commas."""
    return plain(text).replace(".", " ").replace(",", " ").split()


def known_share(sample: str, text: str) -> float:
    """Share of the sample's words that also stand in the text; 0 for no words.

    The first and the last word of a sample may be cut, and are left out.
    """
    known = set(words_of(text))
    words = words_of(sample)[1:-1]
    return sum(word in known for word in words) / len(words) if words else 0.0
