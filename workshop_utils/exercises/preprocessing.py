"""The exercises of notebook 04: a careful cleaner, a split without copies, and padding."""

import re
from collections.abc import Callable, Collection, Sequence
from typing import Any

from workshop_utils.exercises.core import Exercise, Mistake

Clean = Callable[[str], str]
Shared = Callable[[Sequence[int], Sequence[int], Sequence[int]], Any]
Pad = Callable[[list[int], int], Any]

TWEETS = (
    "rt @friend: i support this party",
    "start here rt @friend: a smart part",
    "the last word is rt",
    "no mark at all",
    "rt rt @a: twice",
)
# Groups, rows of the training part, rows of the test part.
SPLITS = (
    ([0, 1, 0, 2, 1, 3], [0, 1, 5], [2, 3, 4]),
    ([0, 0, 1, 1], [0, 1], [2, 3]),
    ([7, 8, 7, 7, 9], [0, 4], [1, 2, 3]),
)
SEQUENCES: tuple[tuple[list[int], int], ...] = (
    ([5, 3, 8], 5),
    ([5, 3, 8], 3),
    ([4, 9, 2, 6, 1], 3),
    ([], 2),
    ([7], 1),
)


def solution_drop_rt(text: str) -> str:
    """Remove the word "rt", and no other word."""
    return " ".join(word for word in text.split() if word != "rt")


def solution_shared_groups(
    groups: Sequence[int], train: Sequence[int], test: Sequence[int]
) -> set[int]:
    """The groups that have rows on both sides of a split."""
    groups_in_train = {groups[row] for row in train}
    groups_in_test = {groups[row] for row in test}
    return groups_in_train & groups_in_test


def solution_pad_left(sequence: list[int], timesteps: int) -> list[int]:
    """The last words of a sequence, with zeros before them."""
    kept = sequence[-timesteps:]
    return [0] * (timesteps - len(kept)) + kept


def _cleaned(clean: Clean) -> list[str]:
    """Spaces do not count: a later step puts them right."""
    return [" ".join(clean(tweet).split()) for tweet in TWEETS]


def _cleans_like(mistake: Clean) -> Callable[[Clean], bool]:
    return lambda clean: _cleaned(clean) == _cleaned(mistake)


def _found(shared: Shared) -> list[Any]:
    answers = (shared(*split) for split in SPLITS)
    return [_as_set(answer) for answer in answers]


def _as_set(answer: Any) -> Any:
    """A set, a list or an array of groups are all welcome; a number is not."""
    return {int(group) for group in answer} if isinstance(answer, Collection) else answer


def _finds_like(mistake: Shared) -> Callable[[Shared], bool]:
    return lambda shared: _found(shared) == _found(mistake)


def _padded(pad: Pad) -> list[list[int]]:
    return [[int(index) for index in pad(list(words), steps)] for words, steps in SEQUENCES]


def _pads_like(mistake: Pad) -> Callable[[Pad], bool]:
    return lambda pad: _padded(pad) == _padded(mistake)


def _everywhere(text: str) -> str:
    return text.replace("rt", "")


def _at_the_start_only(text: str) -> str:
    return re.sub(r"^(rt )+", "", text)


def _between_spaces_only(text: str) -> str:
    return text.replace(" rt ", " ")


def _the_handle_too(text: str) -> str:
    return re.sub(r"\brt\b( @\w+:)?", "", text)


def _shared_rows(groups: Sequence[int], train: Sequence[int], test: Sequence[int]) -> set[int]:  # noqa: ARG001  # the mistake
    return set(train) & set(test)


def _all_groups(groups: Sequence[int], train: Sequence[int], test: Sequence[int]) -> set[int]:
    return {groups[row] for row in [*train, *test]}


def _how_many(groups: Sequence[int], train: Sequence[int], test: Sequence[int]) -> int:
    return len(solution_shared_groups(groups, train, test))


def _pad_right(sequence: list[int], timesteps: int) -> list[int]:
    kept = sequence[-timesteps:]
    return kept + [0] * (timesteps - len(kept))


def _too_long(sequence: list[int], timesteps: int) -> list[int]:
    return [0] * (timesteps - len(sequence)) + sequence


def _first_words(sequence: list[int], timesteps: int) -> list[int]:
    kept = sequence[:timesteps]
    return [0] * (timesteps - len(kept)) + kept


drop_rt = Exercise(
    name="drop_rt",
    accepts=lambda function: _cleaned(function) == _cleaned(solution_drop_rt),
    hints=(
        "Look at whole words, not at the letters inside them.",
        "text.split() gives the words; keep those that are not 'rt', and join them again.",
    ),
    solved_by=solution_drop_rt,
    mistakes=(
        Mistake(
            _cleans_like(_everywhere),
            "'party' has become 'pay': compare whole words with 'rt'.",
            (_everywhere,),
        ),
        Mistake(
            _cleans_like(_at_the_start_only),
            "a retweet mark can stand in the middle of a tweet too, or at its end.",
            (_at_the_start_only,),
        ),
        Mistake(
            _cleans_like(_between_spaces_only),
            "the first and the last word have a space on one side only; split the text at spaces.",
            (_between_spaces_only,),
        ),
        Mistake(
            _cleans_like(_the_handle_too),
            "only the word 'rt' goes; the handle behind it stays in this exercise.",
            (_the_handle_too,),
        ),
    ),
    otherwise="every word but 'rt' must stay as it is, in the same order.",
    after="No other word has lost a letter.",
)

shared_groups = Exercise(
    name="shared_groups",
    accepts=lambda function: _found(function) == _found(solution_shared_groups),
    hints=(
        "A row number says where a tweet stands; groups[row] says which text it is a copy of.",
        "Collect the groups of the training rows and those of the test rows as two sets, and "
        "join them with &.",
    ),
    solved_by=solution_shared_groups,
    mistakes=(
        Mistake(
            _finds_like(_shared_rows),
            "these are row numbers, and no row stands on both sides: look up groups[row].",
            (_shared_rows,),
        ),
        Mistake(
            _finds_like(_all_groups),
            "these are the groups of either side; only those of both sides are asked for.",
            (_all_groups,),
        ),
        Mistake(
            _finds_like(_how_many),
            "this counts the groups; return the groups themselves, as a set.",
            (_how_many,),
        ),
    ),
    otherwise="return the set of groups that have a row in train and a row in test.",
    after="An empty set means that no text crosses.",
)

pad_left = Exercise(
    name="pad_left",
    accepts=lambda function: _padded(function) == _padded(solution_pad_left),
    hints=(
        "First cut the sequence to its last words, then count how many zeros are missing.",
        "sequence[-timesteps:] are the last words; [0] * n is a list of n zeros.",
    ),
    solved_by=solution_pad_left,
    mistakes=(
        Mistake(
            _pads_like(_pad_right),
            "the zeros stand behind the words; in 2019 they stood before them.",
            (_pad_right,),
        ),
        Mistake(
            _pads_like(_too_long),
            "a sequence longer than timesteps stays too long; cut it.",
            (_too_long,),
        ),
        Mistake(
            _pads_like(_first_words),
            "a long sequence keeps its first words here; Keras keeps the last ones.",
            (_first_words,),
        ),
    ),
    otherwise="return a list of exactly timesteps numbers: zeros first, then the last words.",
    after="This is what keras.utils.pad_sequences does.",
)
