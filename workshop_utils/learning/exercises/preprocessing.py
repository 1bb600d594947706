"""The exercises of notebook 04: what a cleaner keeps, keys of copies, a broken key, a memory."""

import html
import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from workshop_utils.learning.exercises.core import Exercise, Mistake
from workshop_utils.tweets import KINDS, clean, normalise

KEPT = ("rt in a word", "inner apostrophe")
EITHER_WAY = ("link", "retweet mark", "cut word")
"""Kinds that a cleaner may delete or replace by a space."""
DECIDED = dict.fromkeys(KINDS, "space") | dict.fromkeys(KEPT, "keep")


def _decides(kind: str, *words: str) -> Callable[[Mapping[str, str]], bool]:
    """Return the predicate: this kind is decided in one of these ways."""
    return lambda choices: choices[kind] in words


def _but(**other: str) -> dict[str, str]:
    """Return the right choices with some others, named with underscores for spaces."""
    return DECIDED | {kind.replace("_", " "): choice for kind, choice in other.items()}


def _all_decided(choices: Any) -> bool:
    return isinstance(choices, Mapping) and all(
        isinstance(choices.get(kind), str) and choices[kind] in ("keep", "space", "delete")
        for kind in KINDS
    )


choices = Exercise(
    __name__,
    "choices",
    solved_by=(
        '{"link": "space", "entity": "space", "retweet mark": "space", "cut word": "space",\n'
        ' "rt in a word": "keep", "inner apostrophe": "keep", "other mark": "space"}'
    ),
    hints=(
        "Ask of each kind: which words would stand there if you kept it, or took it out?",
        'Two kinds are parts of words. Marks and entities stand between words: "a...b", "a&amp;b".',
    ),
    after="What is left are the words that were written, and no others.",
    mistakes=(
        Mistake(
            "not_all_decided",
            'give a dictionary in which each of the seven kinds has "keep", "space" or "delete".',
            {"link": "space"},
            lambda given: not _all_decided(given),
        ),
        Mistake(
            "words_lose_letters",
            '"party" would lose its rt; inside a word these letters are part of the word.',
            _but(rt_in_a_word="delete"),
            _decides("rt in a word", "delete", "space"),
        ),
        Mistake(
            "other_word",
            '"he\'ll" would become "hell"; an apostrophe inside a word belongs to it.',
            _but(inner_apostrophe="delete"),
            _decides("inner apostrophe", "delete"),
        ),
        Mistake(
            "two_words",
            '"he\'ll" would become the two words "he" and "ll"; leave the apostrophe in it.',
            _but(inner_apostrophe="space"),
            _decides("inner apostrophe", "space"),
        ),
        Mistake(
            "joined_words",
            '"start...so" would become one word; put a space where a mark goes.',
            _but(other_mark="delete"),
            _decides("other mark", "delete"),
        ),
        Mistake(
            "marks_kept",
            '"party" and "party!" would be two words for the network; marks must go.',
            _but(other_mark="keep"),
            _decides("other mark", "keep"),
        ),
        Mistake(
            "entity_kept",
            'from `&amp;` a word "amp" would be left, which nobody wrote.',
            _but(entity="keep"),
            _decides("entity", "keep"),
        ),
        Mistake(
            "entity_joins",
            '"fair&amp;balanced" would become one word; put a space there.',
            _but(entity="delete"),
            _decides("entity", "delete"),
        ),
        Mistake(
            "link_kept",
            "of a link, letters drawn by chance would be left as words.",
            _but(link="keep"),
            _decides("link", "keep"),
        ),
        Mistake(
            "retweet_mark_kept",
            'every retweet would begin with the word "rt" and a name, and its original would not.',
            _but(retweet_mark="keep"),
            _decides("retweet mark", "keep"),
        ),
        Mistake(
            "cut_word_kept",
            'half a word such as "gopdeba" is no word; it must go.',
            _but(cut_word="keep"),
            _decides("cut word", "keep"),
        ),
    ),
)


def solution_group_key(tweet):
    tweet = re.sub(r"https?://\S+|\brt @\w+:?", " ", html.unescape(tweet.lower()))
    return " ".join(re.findall("[a-z0-9]+", tweet))


TEXTS = (
    "vote for change",
    "vote for a change",
    "vote for change now",
    "vote now for change",
    "vote for for change",
    "10 reasons to vote",
    "20 reasons to vote",
    "10 20 reasons to vote",
    "no one won",
    "noone won",
    "man bites dog in ohio",
    "dog bites man in ohio",
    "rt if you agree",
    "if you agree",
    "start cnn the art of it",
    "sta the art of it",
    "http is a word here",
    "amp is a word here",
    "is a word here",
)
"""Texts that say different things, though a careless key joins some of them."""
_COPIES: tuple[Callable[[str], str], ...] = (
    lambda text: f"RT @some_one: {text}",
    lambda text: f"RT @a1 {text}",
    lambda text: f"rt @b: RT @C_2: {text} http://t.co/Aa1",
    lambda text: f"{text} https://t.co/9 http://t.co/2b",
    lambda text: f"http://x.y/z?rt=1 {text}!",
    lambda text: text.upper(),
    lambda text: f"#{text.title()} ...",
    lambda text: text.replace(" ", "\n", 1),
    lambda text: f'  "{text}" &amp; &gt; ',
    lambda text: " @".join(text.rsplit(" ", 1)) + " \U0001f600",
    lambda text: text.replace(" ", " RT @me: ", 1),
    lambda text: text.replace(" ", " &amp; ", 1),
)
_NO_RETWEET = "start @cnn: the art of it"
TWEETS = (
    *TEXTS,
    _NO_RETWEET,
    *(copied(text) for text, copied in itertools.product(TEXTS, _COPIES)),
)


def _groups(key: Callable[[str], Any]) -> list[int]:
    """Number the keys of the tweets in the order of their first appearance."""
    numbers: dict[Any, int] = {}
    return [numbers.setdefault(key(tweet), len(numbers)) for tweet in TWEETS]


def _hashes(key: Callable[[str], Any]) -> bool:
    try:
        hash(key(TWEETS[0]))
    except TypeError:
        return False
    return True


def _keeping(pattern: str) -> Callable[[str], Any]:
    """Return a key that keeps what matches a pattern, as one more word."""
    return lambda tweet: (normalise(tweet), *re.findall(pattern, tweet))


def _parts_copies(key: Callable[[str], Any], *copied: Callable[[str], str]) -> bool:
    """Return whether a key tells some text from a copy of it."""
    return any(key(text) != key(each(text)) for text in TEXTS for each in copied)


group_key = Exercise(
    __name__,
    "group_key",
    solved_by=solution_group_key,
    measure=_groups,  # any key that puts the same tweets together, whatever it looks like
    hints=(
        "Drop what differs between copies (links, retweet marks), then keep letters and digits.",
        'Small letters and html.unescape first; r"https?://\\S+" matches a link, r"\\brt @\\w+:?" '
        'a retweet mark, and " ".join(re.findall("[a-z0-9]+", tweet)) keeps the words.',
    ),
    otherwise="copies must have equal keys, and tweets with other words must not.",
    after="The keys of copies are equal, and those of other tweets are not.",
    mistakes=(
        Mistake(
            "list_as_key",
            "a list cannot be compared as a key; give back a text or a tuple.",
            lambda tweet: normalise(tweet).split(),
            lambda key: not _hashes(key),
        ),
        Mistake(
            "capitals_kept",
            '"Vote" and "vote" have different keys: begin with tweet.lower().',
            _keeping(r"\b[A-Z]{3,}"),
            lambda key: _parts_copies(key, str.upper),
        ),
        Mistake(
            "retweet_mark_kept",
            "a tweet and its retweet have different keys: drop each `RT @user:`.",
            _keeping("RT @[^ ]+"),
            lambda key: _parts_copies(key, _COPIES[0], _COPIES[1], _COPIES[10]),
        ),
        Mistake(
            "links_kept",
            "two copies with different links have different keys: drop the links.",
            _keeping("http[^ ]+"),
            lambda key: _parts_copies(key, _COPIES[3]),
        ),
        Mistake(
            "entities_kept",
            "`&amp;` has become a word of the key: decode the tweet with html.unescape.",
            lambda tweet: (normalise(tweet), "&amp;" in tweet),
            lambda key: _parts_copies(key, _COPIES[8], _COPIES[11]),
        ),
        Mistake(
            "beginnings",
            "tweets that only begin alike have one key; the key needs all words.",
            lambda tweet: normalise(tweet)[:10],
            lambda key: key(TEXTS[0]) == key(TEXTS[2]),
        ),
        Mistake(
            "order_lost",
            "two tweets with the same words in another order have one key; keep the order.",
            lambda tweet: frozenset(normalise(tweet).split()),
            lambda key: key(TEXTS[10]) == key(TEXTS[11]) or key(TEXTS[0]) == key(TEXTS[4]),
        ),
        Mistake(
            "spaces_lost",
            '"no one" and "noone" have one key; keep a space between words.',
            lambda tweet: normalise(tweet).replace(" ", ""),
            lambda key: key(TEXTS[8]) == key(TEXTS[9]),
        ),
        Mistake(
            "digits_dropped",
            '"10 reasons" and "20 reasons" have one key: digits stay.',
            lambda tweet: " ".join(re.sub("[0-9]", "", normalise(tweet)).split()),
            lambda key: key(TEXTS[5]) == key(TEXTS[6]),
        ),
        Mistake(
            "mark_inside_words",
            r'"start @cnn" holds no retweet mark: \b before rt says that a word begins there.',
            lambda tweet: normalise(re.sub(r"rt @\w+:?", " ", tweet.lower())),
            lambda key: key(_NO_RETWEET) == key(TEXTS[15]),
        ),
    ),
)


def _cleaned(pair: Sequence[str]) -> list[str]:
    return [clean(tweet) for tweet in pair]


def _two_texts(pair: Any) -> bool:
    return len(pair) == 2 and all(isinstance(tweet, str) and clean(tweet) for tweet in pair)


two_tweets = Exercise(
    __name__,
    "two_tweets",
    solved_by='("Vote now! #Cha\u2026", "Vote now! #C\u2026")',
    hints=(
        "Which of the seven kinds above does the cleaner drop, letters and all, but the key keep?",
        "Twitter may cut the same tweet at two places: end both with a cut word, as #Cha\u2026.",
    ),
    after="The network would read them as one text, and your key calls them two.",
    mistakes=(
        Mistake(
            "not_two_texts",
            "give two tweets with some words, as texts in quotation marks.",
            ("Vote now!", ""),
            lambda pair: not _two_texts(pair),
        ),
        Mistake(
            "same_key",
            "the key joins these two already; change something that the key keeps.",
            ("Vote now!", "RT @me: vote now http://t.co/1"),
            lambda pair: normalise(pair[0]) == normalise(pair[1]),
        ),
        Mistake(
            "other_words",
            "the cleaner leaves different words of them: print tweets.clean(...) of both.",
            ("Vote now!", "Vote later!"),
            lambda pair: len(set(_cleaned(pair))) > 1,
        ),
    ),
)


def solution_memorise(learnt_groups, learnt_labels, asked_groups):
    share = pd.Series(learnt_labels).groupby(learnt_groups).mean()
    return [int(share.get(group, 0) > 0.5) for group in asked_groups]


def _last_label(learnt: Any, labels: Any, asked: Any) -> list[int]:
    last = dict(zip(learnt, labels, strict=True))
    return [last.get(group, 0) for group in asked]


def _unknown_positive(learnt: Any, labels: Any, asked: Any) -> list[int]:
    answers = solution_memorise(learnt, labels, asked)
    return [int(answer) for answer in np.where(np.isin(asked, learnt), answers, 1)]


def _ties_positive(learnt: Any, labels: Any, asked: Any) -> list[int]:
    share = pd.Series(labels).groupby(learnt).mean()
    return [int(share.get(group, 0) >= 0.5) for group in asked]


def _memories() -> Iterator[tuple[Any, Any, Any]]:
    groups, labels = np.array([3, 3, 3, 5, 8, 8, 9]), np.array([1, 1, 0, 1, 0, 1, 0])
    yield groups, labels, np.array([3, 5, 8, 9, 4, 3])
    yield np.array([1, 0, 1]), np.array([1, 0, 1]), np.array([0, 1, 1, 2])
    generator = np.random.default_rng(141)
    yield generator.integers(0, 40, 200), generator.integers(0, 2, 200), np.arange(60)
    yield generator.integers(0, 900, 700), generator.integers(0, 2, 700), np.arange(950)[::-1]


def _same_answers(given: Any, expected: Any) -> bool:
    answers = np.asarray(given)
    return answers.dtype.kind in "biuf" and np.array_equal(answers, expected)


memorise = Exercise(
    __name__,
    "memorise",
    solved_by=solution_memorise,
    trials=_memories,
    same=_same_answers,
    hints=(
        "pd.Series(learnt_labels).groupby(learnt_groups).mean() is the positive share of each "
        "group.",
        "share.get(group, 0) looks a group up, and gives 0 where it is not known; compare with .5.",
    ),
    otherwise="answer 1 where more than half of the learnt labels are 1, otherwise 0.",
    after="It reads no word, and it remembers each text.",
    mistakes=(
        Mistake(
            "texts_as_answers",
            "your answers are texts; give the numbers 0 and 1.",
            lambda *given: [
                "positive" if each else "negative" for each in solution_memorise(*given)
            ],
            lambda memory: any(isinstance(each, str) for each in memory(*next(_memories()))),
        ),
        Mistake(
            "minus_one",
            "the label of a negative tweet is 0, and not -1.",
            lambda *given: [2 * each - 1 for each in solution_memorise(*given)],
        ),
        Mistake(
            "shares",
            "these are shares of positive labels; answer 1 where the share is above .5, else 0.",
            lambda learnt, labels, asked: [
                float(pd.Series(labels).groupby(learnt).mean().get(group, 0)) for group in asked
            ],
        ),
        Mistake(
            "ties_positive",
            "half is not more than half: where the labels are in balance, answer 0.",
            _ties_positive,
        ),
        Mistake(
            "last_label",
            "this takes the last label of a group; take the one that most of its rows carry.",
            _last_label,
        ),
        Mistake(
            "unknown_positive",
            "a group that was never learnt is answered 1; answer 0, as most tweets are negative.",
            _unknown_positive,
        ),
        Mistake(
            "always_negative",
            "every answer is 0: look the groups up among those that were learnt.",
            lambda _learnt, _labels, asked: [0] * len(asked),
        ),
    ),
)
