"""The sentence reader, and how a widget is shown where one can run and elsewhere."""

from workshop_utils.learning.widgets.sentence import read_sentence

__all__ = ["read_sentence"]
