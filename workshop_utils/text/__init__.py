"""Text: clean it, find copies, split the rows, and repeat the integers of 2019."""

from workshop_utils.text.cleaning import STEPS, Step, clean, clean_2019, clean_all
from workshop_utils.text.splits import Split, group_ids, grouped_split, normalise, random_split
from workshop_utils.text.vocabulary import fit_vocabulary, pad, to_sequences, words

__all__ = [
    "STEPS",
    "Split",
    "Step",
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
