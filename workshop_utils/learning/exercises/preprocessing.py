"""The exercises of notebook 04: a repaired cleaner, groups of copies, memory, a vocabulary."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from workshop_utils.learning.exercises.core import Exercise, texts

TEXTS = texts(__name__)


def _strip_quotes(text: str) -> str:
    return " ".join(word.strip("'") for word in text.split())


def _quoted() -> Iterator[tuple[str]]:
    yield ("she said 'this is good' and he'll agree",)
    yield ("who're you and we're here 'party'",)
    yield ("'don't' 'tis o'clock '",)
    yield ("no quote at all",)


strip_quotes = Exercise(
    **TEXTS["strip_quotes"],
    solved_by=_strip_quotes,
    trials=_quoted,
    # Spaces do not count: they separate words and nothing else.
    same=lambda given, expected: given.split() == expected.split(),
    wrong={
        "other_word": lambda text: text.replace("'", ""),
        "two_words": lambda text: text.replace("'", " "),
        "left_end_only": lambda text: " ".join(word.lstrip("'") for word in text.split()),
    },
)


def _group_key(tweet: str) -> str:
    import html
    import re

    tweet = re.sub(r"https?://\S+|\brt @\w+:?", " ", html.unescape(tweet.lower()))
    return " ".join(re.findall("[a-z0-9]+", tweet))


TWEETS = (
    "RT @some_one: Vote for #Change! http://t.co/1",
    "vote for change",
    "RT @d: vote for change",
    "Vote for change! https://t.co/9",
    "RT @a: RT @b: Vote for\n#Change &amp; http://t.co/2 http://t.co/3",
    "Vote for a change",
    "10 reasons",
    "20 reasons",
    "RT @c: 20 Reasons &gt; https://x.y/z?rt=1",
    "start @user: the art of it",
)


def _groups(key: Callable[[str], Any]) -> list[int]:
    """Number the keys of the tweets in the order of their first appearance."""
    numbers: dict[Any, int] = {}
    return [numbers.setdefault(key(tweet), len(numbers)) for tweet in TWEETS]


def _keeping(pattern: str) -> Callable[[str], Any]:
    """Return a key that keeps what matches a pattern, as one more word."""
    return lambda tweet: (_group_key(tweet), *re.findall(pattern, tweet))


group_key = Exercise(
    **TEXTS["group_key"],
    solved_by=_group_key,
    measure=_groups,  # any key that puts the same tweets together, whatever it looks like
    wrong={
        "links_kept": _keeping("http[^ ]+"),
        "retweet_mark_kept": _keeping("RT @[^ ]+"),
        "capitals_kept": _keeping(r"\b[VR][a-z]+"),
        "digits_dropped": lambda tweet: re.sub("[0-9]", "", _group_key(tweet)),
    },
)


def _memorise(learnt_groups: Any, learnt_labels: Any, asked_groups: Any) -> list[int]:
    votes: dict[int, list[int]] = {}
    for group, label in zip(learnt_groups, learnt_labels, strict=True):
        votes.setdefault(group, []).append(label)
    return [int(np.mean(votes.get(group, [0])) > 0.5) for group in asked_groups]


def _last_label(learnt: Any, labels: Any, asked: Any) -> list[int]:
    last = dict(zip(learnt, labels, strict=True))
    return [last.get(group, 0) for group in asked]


def _unknown_positive(learnt: Any, labels: Any, asked: Any) -> Any:
    return np.where(np.isin(asked, learnt), _memorise(learnt, labels, asked), 1)


def _memories() -> Iterator[tuple[Any, Any, Any]]:
    groups, labels = np.array([3, 3, 3, 5, 8, 8, 9]), np.array([1, 1, 0, 1, 0, 1, 0])
    yield groups, labels, np.array([3, 5, 8, 9, 4])
    yield np.array([1, 0, 1]), np.array([1, 0, 1]), np.array([0, 1, 1, 2])
    generator = np.random.default_rng(141)
    yield generator.integers(0, 40, 200), generator.integers(0, 2, 200), np.arange(60)


memorise = Exercise(
    **TEXTS["memorise"],
    solved_by=_memorise,
    trials=_memories,
    same=lambda given, expected: np.array_equal(np.asarray(given).astype(int), expected),
    wrong={
        "last_label": _last_label,
        "unknown_positive": _unknown_positive,
        "always_negative": lambda _, __, asked: [0] * len(asked),
    },
)


def _build_vocabulary(texts: Sequence[str], size: int) -> list[str]:
    from collections import Counter

    counts = Counter(word for text in texts for word in text.split())
    return ["", "[UNK]", *(word for word, _ in counts.most_common(size - 2))]


def _frequent(texts: Sequence[str], size: int) -> list[str]:
    return [word for word, _ in Counter(" ".join(texts).split()).most_common(size)]


def _alphabet(texts: Sequence[str], size: int) -> list[str]:
    return ["", "[UNK]", *sorted(set(" ".join(texts).split()))][:size]


def _corpora() -> Iterator[tuple[list[str], int]]:
    yield ["c b b", "a c b", "b c d"], 4
    yield ["don't stop", "don't", ""], 10
    yield ["w w w x x", "y", "w y y y y"], 5


vocabulary = Exercise(
    **TEXTS["vocabulary"],
    solved_by=_build_vocabulary,
    trials=_corpora,
    same=lambda given, expected: [str(word) for word in given] == list(expected),
    wrong={
        "no_special_places": _frequent,
        "two_too_many": lambda texts, size: ["", "[UNK]", *_frequent(texts, size)],
        "alphabet": _alphabet,
    },
)

ORIGINAL = "RT @user: Not one question about schools tonight. Not one! #GOPDebate"
"""The tweet of which the learner writes a near copy."""


def _overlap(tweet: str) -> float:
    """Return the Jaccard index: shared words, of all words of both."""
    ours, theirs = (set(_group_key(each).split()) for each in (ORIGINAL, tweet))
    return len(ours & theirs) / len(ours | theirs)


near_copy = Exercise(
    **TEXTS["near_copy"],
    solved_by='"So true: not one question about schools tonight. Not one! #GOPDebate"',
    wrong={
        "same_key": (
            lambda tweet: _group_key(tweet) == _group_key(ORIGINAL),
            "Not one question about schools tonight. Not one! #GOPDebate http://t.co/x",
        ),
        "too_far": (lambda tweet: _overlap(tweet) < 0.7, "The moderators forgot the schools"),
    },
)
