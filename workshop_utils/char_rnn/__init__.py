"""A model that learns to spell, one character after the other.

The network reads a character and says which one comes next. Its text is short and
written for this workshop, so that a plain RNN learns it on a CPU within seconds.
The trained weights then run in NumPy (``Speller``), and the hidden units are
compared with landmarks of the text (``match_units``).
"""

from workshop_utils.char_rnn.alphabet import (
    Alphabet,
    Windows,
    known_share,
    plain,
    windows,
    words_of,
)
from workshop_utils.char_rnn.facts import FACTS
from workshop_utils.char_rnn.landmarks import UnitMatch, announced, landmarks, match_units
from workshop_utils.char_rnn.speller import Speller

__all__ = [
    "FACTS",
    "Alphabet",
    "Speller",
    "UnitMatch",
    "Windows",
    "announced",
    "known_share",
    "landmarks",
    "match_units",
    "plain",
    "windows",
    "words_of",
]
