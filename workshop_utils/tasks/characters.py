"""A short text to learn to spell from: public facts, in plain words, written for this workshop.

It is so short that a plain RNN learns it on a CPU within seconds.
"""

from pathlib import Path

FACTS = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8")
"""Facts about the sky, the water and living things, in plain words."""


def plain(text: str) -> str:
    """Lower the case and put one space between words, so that the alphabet stays small."""
    return " ".join(text.lower().split())
