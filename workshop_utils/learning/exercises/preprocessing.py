"""The exercises of notebook 04; that on keys comes from ``preprocessing_keys``."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from workshop_utils.learning.exercises.core import Exercise, Mistake
from workshop_utils.learning.exercises.preprocessing_keys import group_key
from workshop_utils.tweets import KINDS, clean, normalise

__all__ = ["choices", "group_key", "memorise", "two_tweets"]

KEPT = ("rt in a word", "inner apostrophe")
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


def _are_two_texts(pair: Any, _: Any, clean: Callable[[str], str]) -> bool:
    return len(pair) == 2 and all(isinstance(tweet, str) and clean(tweet) for tweet in pair)


two_tweets = Exercise(
    __name__,
    "two_tweets",
    solved_by='("Vote now! #Cha\u2026", "Vote now! #C\u2026")',
    given=(normalise, clean),  # in the notebook: the learner's own key and cleaner
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
            lambda pair, key, clean: not _are_two_texts(pair, key, clean),
        ),
        Mistake(
            "same_key",
            "the key joins these two already; change something that the key keeps.",
            ("Vote now!", "RT @me: vote now http://t.co/1"),
            lambda pair, key, _: key(pair[0]) == key(pair[1]),
        ),
        Mistake(
            "other_words",
            "the cleaner leaves different words of them: print clean(...) of both.",
            ("Vote now!", "Vote later!"),
            lambda pair, _, clean: clean(pair[0]) != clean(pair[1]),
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
    groups = np.array([3, 3, 3, 5, 8, 8, 9])
    labels = np.array([1, 1, 0, 1, 0, 1, 0])
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
