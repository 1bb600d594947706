"""The exercises of notebook 04: a repaired cleaner, groups of copies, memory, a vocabulary."""

import html
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from workshop_utils.exercises.core import Exercise, Mistake


def _strip_quotes(text: str) -> str:
    return " ".join(word.strip("'") for word in text.split())


def _all_gone(text: str) -> str:
    return " ".join(text.replace("'", "").split())


def _to_spaces(text: str) -> str:
    return " ".join(text.replace("'", " ").split())


def _left_only(text: str) -> str:
    return " ".join(word.lstrip("'") for word in text.split())


def _quoted() -> Iterator[tuple[str]]:
    yield ("she said 'this is good' and he'll agree",)
    yield ("who're you and we're here 'party'",)
    yield ("'don't' 'tis o'clock '",)
    yield ("no quote at all",)


def _same_words(given: Any, expected: Any) -> bool:
    """Spaces do not count: they separate words and nothing else."""
    return isinstance(given, str) and given.split() == expected.split()


strip_quotes = Exercise(
    name="strip_quotes",
    hints=(
        "An apostrophe is a quotation mark when it stands at an end of a word.",
        'text.split() gives the words, and word.strip("\'") cuts off what stands at their ends.',
    ),
    solved_by=_strip_quotes,
    trials=_quoted,
    same=_same_words,
    after='"he\'ll" stays one word, and does not become another one.',
    mistakes=(
        Mistake(
            None,
            '"he\'ll" has become "hell": remove only the apostrophes at the ends of words.',
            (_all_gone,),
            name="other_word",
        ),
        Mistake(
            None,
            '"he\'ll" has become two words; the apostrophe inside a word stays.',
            (_to_spaces,),
            name="two_words",
        ),
        Mistake(
            None,
            "a quotation mark at the end of a word is still there.",
            (_left_only,),
            name="left_end_only",
        ),
    ),
    otherwise="every word stays, with its inner apostrophes; only those at its ends go.",
)


def _group_key(tweet: str) -> str:
    import html
    import re

    tweet = re.sub(r"https?://\S+", " ", html.unescape(tweet.lower()))
    tweet = re.sub(r"\brt @\w+:?", " ", tweet)
    return " ".join(re.findall("[a-z0-9]+", tweet))


def _with_links(tweet: str) -> str:
    tweet = re.sub(r"\brt @\w+:?", " ", html.unescape(tweet.lower()))
    return " ".join(re.findall("[a-z0-9]+", tweet))


def _with_retweet_mark(tweet: str) -> str:
    tweet = re.sub(r"https?://\S+", " ", html.unescape(tweet.lower()))
    return " ".join(re.findall("[a-z0-9]+", tweet))


def _letters_only(tweet: str) -> str:
    tweet = re.sub(r"https?://\S+", " ", html.unescape(tweet.lower()))
    return " ".join(re.findall("[a-z]+", re.sub(r"\brt @\w+:?", " ", tweet)))


def _with_capitals(tweet: str) -> str:
    tweet = re.sub(r"https?://\S+", " ", html.unescape(tweet))
    return " ".join(re.findall("[A-Za-z0-9]+", re.sub(r"(?i)\brt @\w+:?", " ", tweet)))


_TWEETS = (
    "RT @some_one: Vote for #Change! http://t.co/1",
    "vote for change",
    "RT @d: vote for change",
    "Vote for change! https://t.co/9",
    "RT @a: RT @b: Vote for\n#Change &amp; http://t.co/2 http://t.co/3",
    "Vote for @Change",
    "Vote for a change",
    "10 reasons",
    "20 reasons",
    "RT @c: 20 Reasons &gt; https://x.y/z?rt=1",
    "start @user: the art of it",
)


def _groups(key: Any) -> list[int]:
    """Number the keys of the tweets in the order of their first appearance."""
    numbers: dict[Any, int] = {}
    return [numbers.setdefault(key(tweet), len(numbers)) for tweet in _TWEETS]


def _groups_like(mistake: Any) -> Any:
    return lambda key: _groups(key) == _groups(mistake)


group_key = Exercise(
    name="group_key",
    hints=(
        'Three steps: drop what differs between copies (links, "rt @user:"), then keep letters '
        "and digits only, in lower case.",
        'tweet.lower() first. re.sub(r"https?://\\S+", " ", tweet) drops links; \\brt @\\w+:? '
        'matches the mark of a retweet; " ".join(re.findall("[a-z0-9]+", tweet)) keeps the rest.',
    ),
    solved_by=_group_key,
    # Any key is right that puts the same tweets together, whatever it looks like.
    accepts=lambda key: _groups(key) == _groups(_group_key),
    after="The keys of copies are equal, and those of other tweets are not.",
    mistakes=(
        Mistake(
            _groups_like(_with_links),
            "two copies with different links have different keys: drop the links.",
            (_with_links,),
            name="links_kept",
        ),
        Mistake(
            _groups_like(_with_retweet_mark),
            'a tweet and its retweet have different keys: drop "rt @user:".',
            (_with_retweet_mark,),
            name="retweet_mark_kept",
        ),
        Mistake(
            _groups_like(_letters_only),
            '"10 reasons" and "20 reasons" have one key: digits stay.',
            (_letters_only,),
            name="digits_dropped",
        ),
        Mistake(
            _groups_like(_with_capitals),
            '"Vote" and "vote" have different keys: begin with tweet.lower().',
            (_with_capitals,),
            name="capitals_kept",
        ),
    ),
    otherwise="copies must have equal keys, and tweets with other words must not.",
)


def _memorise(learnt_groups: Any, learnt_labels: Any, asked_groups: Any) -> list[int]:
    import pandas as pd

    share = pd.Series(learnt_labels).groupby(learnt_groups).mean()
    return (share.reindex(asked_groups).fillna(0) > 0.5).astype(int).tolist()


def _last_label(learnt_groups: Any, learnt_labels: Any, asked_groups: Any) -> Any:
    table = dict(zip(learnt_groups, learnt_labels, strict=True))
    return np.array([table.get(group, 0) for group in asked_groups])


def _unknown_positive(learnt_groups: Any, learnt_labels: Any, asked_groups: Any) -> Any:
    known = np.isin(asked_groups, learnt_groups)
    return np.where(known, _memorise(learnt_groups, learnt_labels, asked_groups), 1)


def _always_negative(learnt_groups: Any, learnt_labels: Any, asked_groups: Any) -> Any:  # noqa: ARG001  # the mistake
    return np.zeros(len(asked_groups), dtype=int)


def _memories() -> Iterator[tuple[Any, Any, Any]]:
    groups, labels = np.array([3, 3, 3, 5, 8, 8, 9]), np.array([1, 1, 0, 1, 0, 1, 0])
    yield groups, labels, np.array([3, 5, 8, 9, 4])
    yield np.array([1, 0, 1]), np.array([1, 0, 1]), np.array([0, 1, 1, 2])
    generator = np.random.default_rng(141)
    yield generator.integers(0, 40, 200), generator.integers(0, 2, 200), np.arange(60)


def _same_labels(given: Any, expected: Any) -> bool:
    return np.array_equal(np.asarray(given).astype(int), expected)


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
    same=_same_labels,
    after="It reads no word, and it remembers each text.",
    mistakes=(
        Mistake(
            None,
            "this takes the last label of a group; take the one that most of its copies carry.",
            (_last_label,),
            name="last_label",
        ),
        Mistake(
            None,
            "a group that was never seen is answered 1; answer 0, since most tweets are negative.",
            (_unknown_positive,),
            name="unknown_positive",
        ),
        Mistake(
            None,
            "every answer is 0: look the groups up among those that were learnt.",
            (_always_negative,),
            name="always_negative",
        ),
    ),
    otherwise="give 1 where more than half of the learnt copies are positive, otherwise 0.",
)


def _build_vocabulary(texts: Sequence[str], size: int) -> list[str]:
    from collections import Counter

    counts = Counter(word for text in texts for word in text.split())
    return ["", "[UNK]", *(word for word, _ in counts.most_common(size - 2))]


def _no_places(texts: Sequence[str], size: int) -> list[str]:
    counts = Counter(word for text in texts for word in text.split())
    return [word for word, _ in counts.most_common(size)]


def _too_long(texts: Sequence[str], size: int) -> list[str]:
    return ["", "[UNK]", *_no_places(texts, size)]


def _alphabet(texts: Sequence[str], size: int) -> list[str]:
    return ["", "[UNK]", *sorted({word for text in texts for word in text.split()})][:size]


def _corpora() -> Iterator[tuple[list[str], int]]:
    yield ["c b b", "a c b", "b c d"], 4
    yield ["don't stop", "don't", ""], 10
    yield [f"{'w ' * 3}" + f"{'x ' * 2}", "y", "w y y y y"], 5


vocabulary = Exercise(
    name="vocabulary",
    hints=(
        "Count all words of all texts; collections.Counter counts, and its most_common(n) gives "
        "the n most frequent ones with their counts.",
        'Two places are taken by "" and "[UNK]", so size - 2 words are left.',
    ),
    solved_by=_build_vocabulary,
    trials=_corpora,
    # Words that are equally frequent may stand in any order, and texts may be of any kind.
    same=lambda given, expected: [str(word) for word in given] == list(expected),
    after='Number 0 is the padding, number 1 is "[UNK]", and 2 is the most frequent word.',
    mistakes=(
        Mistake(
            None,
            'the first two places belong to "" (padding) and "[UNK]" (unknown word).',
            (_no_places,),
            name="no_special_places",
        ),
        Mistake(
            None,
            "the list is two words too long: padding and [UNK] count too.",
            (_too_long,),
            name="two_too_many",
        ),
        Mistake(
            None,
            "the words stand in the order of the alphabet; the most frequent one comes first.",
            (_alphabet,),
            name="alphabet",
        ),
    ),
    otherwise='return ["", "[UNK]"] and then the most frequent words, size entries in all.',
)

ORIGINAL = "RT @user: Not one question about schools tonight. Not one! #GOPDebate"
"""The tweet of which the learner writes a near copy."""


def _words(tweet: str) -> set[str]:
    return set(_group_key(tweet).split())


def _overlap(tweet: str) -> float:
    """Return the Jaccard index: shared words, of all words of both."""
    ours, theirs = _words(ORIGINAL), _words(tweet)
    return len(ours & theirs) / len(ours | theirs)


near_copy = Exercise(
    name="near_copy",
    hints=(
        "Twitter cuts long retweets; people add a word of their own in front.",
        "Take the words of the original and change, add or cut one.",
    ),
    solved_by='"So true: not one question about schools tonight. Not one! #GOPDebate"',
    accepts=lambda tweet: _group_key(tweet) != _group_key(ORIGINAL) and _overlap(tweet) >= 0.7,
    same=lambda given, expected: given == expected,
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
