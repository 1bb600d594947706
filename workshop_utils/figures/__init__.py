"""Drawings, still and live, share one style, and each describes the values that it shows.

Every function returns a :class:`Drawing`; a notebook cell shows it with
``figures.show(figures.lines(epochs, losses), "The loss is lowest at epoch 3.")``.
"""

from workshop_utils.figures.backward import two_steps_back
from workshop_utils.figures.bars import bars
from workshop_utils.figures.drawing import Drawing, show
from workshop_utils.figures.lines import lines
from workshop_utils.figures.live.batch import tweet_batch
from workshop_utils.figures.live.explorer import gate_explorer
from workshop_utils.figures.live.language import pronoun_surgery, sentence_player
from workshop_utils.figures.live.reading import sentence_reader
from workshop_utils.figures.live.units import one_unit, unit_at_rest
from workshop_utils.figures.lstm import lstm_module
from workshop_utils.figures.matrices import heatmap
from workshop_utils.figures.playing import play
from workshop_utils.figures.recurrent import unrolled_step_by_step
from workshop_utils.figures.reliability import reliability
from workshop_utils.figures.streams import cell_stream

__all__ = [
    "Drawing",
    "bars",
    "cell_stream",
    "gate_explorer",
    "heatmap",
    "lines",
    "lstm_module",
    "one_unit",
    "play",
    "pronoun_surgery",
    "reliability",
    "sentence_player",
    "sentence_reader",
    "show",
    "tweet_batch",
    "two_steps_back",
    "unit_at_rest",
    "unrolled_step_by_step",
]
