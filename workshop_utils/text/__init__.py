"""Text: cleaning it, finding copies, splitting the rows, and turning words into integers."""

from workshop_utils.text.bulk import clean_2019_all, clean_all
from workshop_utils.text.cleaning import (
    STEPS,
    clean,
    clean_2019,
    decode_entities,
    drop_links,
    drop_retweet_mark,
    join_contractions,
    lower_case,
    one_line,
    shorten_stretched,
    space_out_symbols,
)
from workshop_utils.text.grouping import (
    LabelConflicts,
    conflicting_groups,
    group_ids,
    label_conflicts,
    normalise,
    normalise_all,
    twin_share,
)
from workshop_utils.text.splits import Split, grouped_split, random_split
from workshop_utils.text.subwords import LINK, pieces, words_as_written
from workshop_utils.text.vocabulary import (
    Vocabulary,
    coverage,
    fit_vocabulary,
    pad,
    to_sequences,
    words,
)

__all__ = [
    "LINK",
    "STEPS",
    "LabelConflicts",
    "Split",
    "Vocabulary",
    "clean",
    "clean_2019",
    "clean_2019_all",
    "clean_all",
    "conflicting_groups",
    "coverage",
    "decode_entities",
    "drop_links",
    "drop_retweet_mark",
    "fit_vocabulary",
    "group_ids",
    "grouped_split",
    "join_contractions",
    "label_conflicts",
    "lower_case",
    "normalise",
    "normalise_all",
    "one_line",
    "pad",
    "pieces",
    "random_split",
    "shorten_stretched",
    "space_out_symbols",
    "to_sequences",
    "twin_share",
    "words",
    "words_as_written",
]
