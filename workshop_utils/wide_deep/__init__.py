"""Readers: LSTMs that read tweets word by word, and the steps that make them better.

``Settings`` holds one field for each step, ``train`` makes a :class:`Reader` from texts
and labels. ``START`` is a plain LSTM; ``DEEP`` and ``BEST`` are where the climb of
:mod:`workshop_utils.experiments.ablation` ends, without and with a linear part.
"""

from workshop_utils.wide_deep.encoder import Encoder, learn_encoder
from workshop_utils.wide_deep.learning import (
    Reader,
    mean_log_odds,
    train,
    train_best,
    train_several,
)
from workshop_utils.wide_deep.settings import BEST, DEEP, START, Settings
from workshop_utils.wide_deep.wide import WideColumns

__all__ = [
    "BEST",
    "DEEP",
    "START",
    "Encoder",
    "Reader",
    "Settings",
    "WideColumns",
    "learn_encoder",
    "mean_log_odds",
    "train",
    "train_best",
    "train_several",
]
