"""Text: clean it, find copies, split the rows, and repeat the integers of 2019."""

from workshop_utils.text.cleaning import STEPS, Step, clean, clean_2019, clean_all
from workshop_utils.text.grouping import group_ids, normalise
from workshop_utils.text.splits import Split, grouped_split, random_split
from workshop_utils.text.vocabulary import Vocabulary, fit_vocabulary, pad, to_sequences, words

__all__ = [
    "STEPS",
    "Split",
    "Step",
    "Vocabulary",
    "clean",
    "clean_2019",
    "clean_all",
    "fit_vocabulary",
    "group_ids",
    "grouped_split",
    "normalise",
    "pad",
    "random_split",
    "to_sequences",
    "words",
]
