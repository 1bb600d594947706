"""The exercises of notebook 04: a repaired cleaner, groups of copies, memory, a vocabulary."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from workshop_utils.exercises.core import Exercise, Mistake

Wrong = tuple[str, Any, str]
"""A mistake: its name, a function that makes it, and the sentence that repairs it."""


def _mistakes(*wrong: Wrong) -> tuple[Mistake, ...]:
    return tuple(Mistake(None, sentence, (made,), name=name) for name, made, sentence in wrong)


def _strip_quotes(text: str) -> str:
    return " ".join(word.strip("'") for word in text.split())


def _quoted() -> Iterator[tuple[str]]:
    yield ("she said 'this is good' and he'll agree",)
    yield ("who're you and we're here 'party'",)
    yield ("'don't' 'tis o'clock '",)
    yield ("no quote at all",)


strip_quotes = Exercise(
    name="strip_quotes",
    hints=(
        "An apostrophe is a quotation mark when it stands at an end of a word.",
        'text.split() gives the words, and word.strip("\'") cuts off what stands at their ends.',
    ),
    solved_by=_strip_quotes,
    trials=_quoted,
    # Spaces do not count: they separate words and nothing else.
    same=lambda given, expected: given.split() == expected.split(),
    after='"he\'ll" stays one word, and does not become another one.',
    mistakes=_mistakes(
        (
            "other_word",
            lambda text: text.replace("'", ""),
            '"he\'ll" has become "hell": remove only the apostrophes at the ends of words.',
        ),
        (
            "two_words",
            lambda text: text.replace("'", " "),
            '"he\'ll" has become two words; the apostrophe inside a word stays.',
        ),
        (
            "left_end_only",
            lambda text: " ".join(word.lstrip("'") for word in text.split()),
            "a quotation mark at the end of a word is still there.",
        ),
    ),
    otherwise="every word stays, with its inner apostrophes; only those at its ends go.",
)


def _group_key(tweet: str) -> str:
    import html
    import re

    tweet = re.sub(r"https?://\S+|\brt @\w+:?", " ", html.unescape(tweet.lower()))
    return " ".join(re.findall("[a-z0-9]+", tweet))


_TWEETS = (
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
    return [numbers.setdefault(key(tweet), len(numbers)) for tweet in _TWEETS]


def _kept(name: str, pattern: str, sentence: str) -> Mistake:
    """Return the mistake of a key that keeps what matches, as one more word."""

    def made(tweet: str) -> Any:
        return _group_key(tweet), *re.findall(pattern, tweet)

    return Mistake(lambda key: _groups(key) == _groups(made), sentence, (made,), name=name)


def _no_digits(tweet: str) -> str:
    return re.sub("[0-9]", "", _group_key(tweet))


group_key = Exercise(
    name="group_key",
    hints=(
        'Drop what differs between copies (links, "rt @user:"), then keep letters and digits only.',
        'tweet.lower() first. re.sub(r"https?://\\S+", " ", tweet) drops links; \\brt @\\w+:? '
        'matches the mark of a retweet; " ".join(re.findall("[a-z0-9]+", tweet)) keeps the rest.',
    ),
    solved_by=_group_key,
    # Any key is right that puts the same tweets together, whatever it looks like.
    accepts=lambda key: _groups(key) == _groups(_group_key),
    after="The keys of copies are equal, and those of other tweets are not.",
    mistakes=(
        _kept(
            "links_kept",
            "http[^ ]+",
            "two copies with different links have different keys: drop the links.",
        ),
        _kept(
            "retweet_mark_kept",
            "RT @[^ ]+",
            'a tweet and its retweet have different keys: drop "rt @user:".',
        ),
        _kept(
            "capitals_kept",
            r"\b[VR][a-z]+",
            '"Vote" and "vote" have different keys: begin with tweet.lower().',
        ),
        Mistake(
            lambda key: _groups(key) == _groups(_no_digits),
            '"10 reasons" and "20 reasons" have one key: digits stay.',
            (_no_digits,),
            name="digits_dropped",
        ),
    ),
    otherwise="copies must have equal keys, and tweets with other words must not.",
)


def _memorise(learnt_groups: Any, learnt_labels: Any, asked_groups: Any) -> list[int]:
    votes: dict[int, list[int]] = {}
    for group, label in zip(learnt_groups, learnt_labels, strict=True):
        votes.setdefault(group, []).append(label)
    return [int(np.mean(votes.get(group, [0])) > 0.5) for group in asked_groups]


def _memories() -> Iterator[tuple[Any, Any, Any]]:
    groups, labels = np.array([3, 3, 3, 5, 8, 8, 9]), np.array([1, 1, 0, 1, 0, 1, 0])
    yield groups, labels, np.array([3, 5, 8, 9, 4])
    yield np.array([1, 0, 1]), np.array([1, 0, 1]), np.array([0, 1, 1, 2])
    generator = np.random.default_rng(141)
    yield generator.integers(0, 40, 200), generator.integers(0, 2, 200), np.arange(60)


memorise = Exercise(
    name="memorise",
    hints=(
        "pandas can group the learnt labels: pd.Series(labels).groupby(groups).mean() is the "
        "share of positive labels in each group.",
        "share.reindex(asked).fillna(0) looks each group up and gives 0 where it is not known; "
        "compare with 0.5.",
    ),
    solved_by=_memorise,
    trials=_memories,
    same=lambda given, expected: np.array_equal(np.asarray(given).astype(int), expected),
    after="It reads no word, and it remembers each text.",
    mistakes=_mistakes(
        (
            "last_label",
            lambda learnt, labels, asked: [
                dict(zip(learnt, labels, strict=True)).get(group, 0) for group in asked
            ],
            "this takes the last label of a group; take the one that most of its copies carry.",
        ),
        (
            "unknown_positive",
            lambda learnt, labels, asked: np.where(
                np.isin(asked, learnt), _memorise(learnt, labels, asked), 1
            ),
            "a group that was never seen is answered 1; answer 0, since most tweets are negative.",
        ),
        (
            "always_negative",
            lambda _, __, asked: [0] * len(asked),
            "every answer is 0: look the groups up among those that were learnt.",
        ),
    ),
    otherwise="give 1 where more than half of the learnt copies are positive, otherwise 0.",
)


def _build_vocabulary(texts: Sequence[str], size: int) -> list[str]:
    from collections import Counter

    counts = Counter(word for text in texts for word in text.split())
    return ["", "[UNK]", *(word for word, _ in counts.most_common(size - 2))]


def _frequent(texts: Sequence[str], size: int) -> list[str]:
    return [word for word, _ in Counter(" ".join(texts).split()).most_common(size)]


def _corpora() -> Iterator[tuple[list[str], int]]:
    yield ["c b b", "a c b", "b c d"], 4
    yield ["don't stop", "don't", ""], 10
    yield ["w w w x x", "y", "w y y y y"], 5


vocabulary = Exercise(
    name="vocabulary",
    hints=(
        "Count all words of all texts; collections.Counter counts, and its most_common(n) gives "
        "the n most frequent ones with their counts.",
        'Two places are taken by "" and "[UNK]", so size - 2 words are left.',
    ),
    solved_by=_build_vocabulary,
    trials=_corpora,
    same=lambda given, expected: [str(word) for word in given] == list(expected),
    after='Number 0 is the padding, number 1 is "[UNK]", and 2 is the most frequent word.',
    mistakes=_mistakes(
        (
            "no_special_places",
            _frequent,
            'the first two places belong to "" (padding) and "[UNK]" (unknown word).',
        ),
        (
            "two_too_many",
            lambda texts, size: ["", "[UNK]", *_frequent(texts, size)],
            "the list is two words too long: padding and [UNK] count too.",
        ),
        (
            "alphabet",
            lambda texts, size: ["", "[UNK]", *sorted(set(" ".join(texts).split()))][:size],
            "the words stand in the order of the alphabet; the most frequent one comes first.",
        ),
    ),
    otherwise='return ["", "[UNK]"] and then the most frequent words, size entries in all.',
)

ORIGINAL = "RT @user: Not one question about schools tonight. Not one! #GOPDebate"
"""The tweet of which the learner writes a near copy."""


def _overlap(tweet: str) -> float:
    """Return the Jaccard index: shared words, of all words of both."""
    ours, theirs = (set(_group_key(each).split()) for each in (ORIGINAL, tweet))
    return len(ours & theirs) / len(ours | theirs)


near_copy = Exercise(
    name="near_copy",
    hints=(
        "Twitter cuts long retweets; people add a word of their own in front.",
        "Take the words of the original and change, add or cut one.",
    ),
    solved_by='"So true: not one question about schools tonight. Not one! #GOPDebate"',
    accepts=lambda tweet: _group_key(tweet) != _group_key(ORIGINAL) and _overlap(tweet) >= 0.7,
    after="A reader sees a copy, and the key sees another text: the rule is not complete.",
    mistakes=(
        Mistake(
            lambda tweet: _group_key(tweet) == _group_key(ORIGINAL),
            "the key of this copy is that of the original, so the rule finds it; change a word.",
            ("Not one question about schools tonight. Not one! #GOPDebate http://t.co/x",),
            name="same_key",
        ),
        Mistake(
            lambda tweet: _overlap(tweet) < 0.7,
            "less than seven tenths of the words are shared; stay closer to the original.",
            ("The moderators forgot the schools",),
            name="too_far",
        ),
        Mistake(
            lambda tweet: not isinstance(tweet, str),
            "one text in quotation marks is expected.",
            (("Not one question",),),
            name="no_text",
        ),
    ),
    otherwise="write one tweet as a text in quotation marks.",
)
