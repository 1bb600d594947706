"""Answers to the exercises of notebook 04."""

import functools
import html
import re
from collections import Counter, defaultdict
from types import MappingProxyType

import numpy as np
import pandas as pd

from workshop_utils.tweets import KINDS, clean, normalise

# --- choices: keep, space or delete ---------------------------------------------------------

SPACES = {
    "link": "space",
    "entity": "space",
    "retweet mark": "space",
    "cut word": "space",
    "rt in a word": "keep",
    "inner apostrophe": "keep",
    "other mark": "space",
}


def but(**other):
    return SPACES | {kind.replace("_", " "): choice for kind, choice in other.items()}


# --- group_key ------------------------------------------------------------------------------


def by_words(tweet):
    given = html.unescape(tweet).lower().split()
    kept = []
    place = 0
    while place < len(given):
        word = given[place]
        if word == "rt" and given[place + 1 : place + 2] and given[place + 1].startswith("@"):
            place += 1
        elif not word.startswith(("http://", "https://")):
            kept.append(word)
        place += 1
    return tuple(re.findall("[a-z0-9]+", " ".join(kept)))


def letter_by_letter(tweet):
    tweet = re.sub(r"\brt @\w+:?", " ", re.sub(r"https?://\S+", " ", html.unescape(tweet.lower())))
    kept = ""
    for letter in tweet:
        kept += letter if letter.isascii() and letter.isalnum() else " "
    return " ".join(kept.split())


def recursive_marks(tweet):
    shorter = re.sub(r"\brt @\w+:?", " ", tweet, count=1, flags=re.IGNORECASE)
    if shorter != tweet:
        return recursive_marks(shorter)
    return normalise(tweet)


def with_word_class(tweet):
    tweet = html.unescape(tweet).lower()
    return re.findall(r"\w+", re.sub(r"http\S+|\brt @\w+:?", " ", tweet)).__str__()


def marks_deleted(tweet):
    tweet = re.sub(r"https?://\S+|\brt @\w+:?", " ", html.unescape(tweet.lower()))
    return " ".join(re.sub(r"[^a-z0-9\s]", "", tweet).split())


def translated(tweet):
    tweet = re.sub(r"https?://\S+|\brt @\w+:?", " ", html.unescape(tweet.lower()))
    table = {
        ord(letter): " " for letter in set(tweet) if not (letter.isascii() and letter.isalnum())
    }
    return tweet.translate(table).split().__repr__()


class Key:
    def __init__(self, pattern):
        self.pattern = re.compile(pattern)

    def __call__(self, tweet):
        text = self.pattern.sub(" ", html.unescape(tweet.casefold()))
        return "_".join(re.findall("[a-z0-9]+", text))


def with_series(tweet):
    text = pd.Series([html.unescape(tweet.lower())])
    text = text.str.replace(r"https?://\S+|\brt @\w+:?", " ", regex=True)
    return " ".join(text.str.findall("[a-z0-9]+")[0])


def kept_in(pattern, tweet):
    return " ".join(re.findall(pattern, normalise(tweet)))


# --- memorise -------------------------------------------------------------------------------


def with_lists(learnt, labels, asked):
    table = {}
    for group, label in zip(learnt, labels, strict=True):
        table.setdefault(group, []).append(label)
    return [int(sum(table.get(each, [])) * 2 > len(table.get(each, []))) for each in asked]


def truth_values(learnt, labels, asked):
    return np.array(with_lists(learnt, labels, asked)) == 1


def with_counter(learnt, labels, asked):
    seen = Counter(learnt)
    positive = Counter(learnt[labels == 1])
    return [1 if 2 * positive[group] > seen[group] else 0 for group in asked]


def with_balance(learnt, labels, asked):
    balance = defaultdict(int)
    for group, label in zip(learnt.tolist(), labels.tolist(), strict=True):
        balance[group] += 1 if label else -1
    return tuple(int(balance[group] > 0) for group in asked.tolist())


def vectorised(learnt, labels, asked):
    matrix = asked[:, None] == learnt[None, :]
    return ((2 * matrix @ labels) > matrix.sum(axis=1)).astype(int)


def with_bincount(learnt, labels, asked):
    most = max(learnt.max(), asked.max()) + 1
    seen = np.bincount(learnt, minlength=most)
    positive = np.bincount(learnt, weights=labels, minlength=most)
    return np.where(2 * positive[asked] > seen[asked], 1.0, 0.0)


def with_frame(learnt, labels, asked):
    means = pd.DataFrame({"g": learnt, "y": labels}).groupby("g")["y"].mean()
    return means.reindex(asked).fillna(0).gt(0.5).astype(np.float32).to_numpy()


def with_series_map(learnt, labels, asked):
    means = pd.Series(labels).groupby(learnt).mean()
    return pd.Series(asked).map(means).fillna(0).gt(0.5)


def with_generator(learnt, labels, asked):
    return (each for each in with_lists(learnt, labels, asked))


class Memory:
    def __call__(self, learnt, labels, asked):
        return [self.answer(learnt, labels, group) for group in asked]

    def answer(self, learnt, labels, group):
        mine = labels[learnt == group]
        return int(mine.size > 0 and mine.mean() > 0.5)


def recursive(learnt, labels, asked):
    if len(asked) == 0:
        return []
    mine = labels[learnt == asked[0]]
    rest = (
        recursive(learnt, labels, asked[1:])
        if len(asked) < 100
        else with_lists(learnt, labels, asked[1:])
    )
    return [int(2 * mine.sum() > mine.size), *rest]


def with_threshold(threshold, learnt, labels, asked):
    means = pd.Series(labels).groupby(learnt).mean().to_dict()
    return [1 if means.get(group, 0) > threshold else 0 for group in asked]


def never_learnt_left_out(learnt, labels, asked):
    return with_lists(learnt, labels, [group for group in asked if group in set(learnt)])


def numbers_of_groups(learnt, labels, asked):
    return [
        group
        for group, answer in zip(asked, with_lists(learnt, labels, asked), strict=True)
        if answer
    ]


CUT = "\u2026"
RIGHT = {
    "choices": [
        SPACES,
        but(link="delete"),
        but(retweet_mark="delete"),
        but(cut_word="delete"),
        but(link="delete", cut_word="delete"),
        but(link="delete", retweet_mark="delete"),
        but(link="delete", retweet_mark="delete", cut_word="delete"),
        dict(zip(KINDS, ["space"] * 4 + ["keep"] * 2 + ["space"], strict=True)),
        {kind: "keep" if kind.startswith(("rt ", "inner")) else "space" for kind in KINDS},
        dict(reversed(SPACES.items())),
        MappingProxyType(SPACES),
        defaultdict(lambda: "space", SPACES),
        SPACES | {"emoji": "space"},
    ],
    "group_key": [
        normalise,
        by_words,
        letter_by_letter,
        recursive_marks,
        with_word_class,
        marks_deleted,
        translated,
        Key(r"https?://\S+|\brt @\w+:?"),
        with_series,
        functools.partial(kept_in, r"\w+"),
        lambda tweet: normalise(tweet).replace(" ", "-"),
        lambda tweet: tuple(normalise(tweet).split()),
        lambda tweet: normalise(tweet).upper().encode(),
        lambda tweet: ("key", normalise(tweet)),
    ],
    "two_tweets": [
        ("Vote now! #Cha\u2026", "Vote now! #C\u2026"),
        ["Vote now! #Cha\u2026", "Vote now! #C\u2026"],
        np.array(["Vote now! #Cha\u2026", "Vote now! #C\u2026"]),
        pd.Series(["Vote now! #Cha\u2026", "Vote now! #C\u2026"]),
        ("RT @me: a debate htt\u2026", "RT @you: a debate http://t.co/1"),
        ("a debate h\u2026", "a debate"),
        ("a debate", "A DEBATE #GOPDeba\u2026  "),
        ("RT @a: so true #Ta\u2026", "so true"),
        ("one two three\u2026", "one two four\u2026"),
        ("one two \u2026", "one two x\u2026")[::-1],
        ("no\nway #x\u2026", "no way #y\u2026"),
        (f"it is late ht{CUT}", f"it is late http{CUT}"),
        ("rather late, h\u2026", "rather late ht\u2026 "),
    ],
    "memorise": [
        with_lists,
        truth_values,
        with_counter,
        with_balance,
        vectorised,
        with_bincount,
        with_frame,
        with_series_map,
        with_generator,
        Memory(),
        recursive,
        functools.partial(with_threshold, 0.5),
    ],
}
WRONG = {
    "choices": {
        "not_all_decided": [
            {},
            ["space"] * 7,
            "space",
            but(link="remove"),
            but(link=None),
            dict.fromkeys(KINDS, True),
            pd.DataFrame({"link": ["space"]}),
        ],
        "words_lose_letters": [but(rt_in_a_word="delete"), but(rt_in_a_word="space")],
        "other_word": [but(inner_apostrophe="delete")],
        "two_words": [but(inner_apostrophe="space")],
        "joined_words": [but(other_mark="delete")],
        "marks_kept": [but(other_mark="keep")],
        "entity_kept": [but(entity="keep")],
        "entity_joins": [but(entity="delete")],
        "link_kept": [but(link="keep")],
        "retweet_mark_kept": [but(retweet_mark="keep")],
        "cut_word_kept": [but(cut_word="keep")],
    },
    "group_key": {
        "list_as_key": [lambda tweet: normalise(tweet).split()],
        "capitals_kept": [
            lambda tweet: tweet,
            lambda tweet: " ".join(
                re.findall(
                    "[A-Za-z0-9]+", re.sub(r"https?://\S+|\bRT @\w+:?", " ", html.unescape(tweet))
                )
            ),
        ],
        "retweet_mark_kept": [
            lambda tweet: " ".join(
                re.findall("[a-z0-9]+", re.sub(r"https?://\S+", " ", html.unescape(tweet.lower())))
            ),
            lambda tweet: normalise(
                re.sub(r"^rt (@\w+:)", r"\1", tweet.lower()).replace("rt @", "rt  @")
            ),
        ],
        "links_kept": [lambda tweet: (normalise(tweet), "//" in tweet)],
        "entities_kept": [
            lambda tweet: " ".join(
                re.findall("[a-z0-9]+", re.sub(r"https?://\S+|\brt @\w+:?", " ", tweet.lower()))
            )
        ],
        "beginnings": [
            lambda tweet: normalise(tweet)[:10],
            lambda tweet: normalise(tweet).split()[0],
            lambda tweet: 1,
        ],
        "order_lost": [
            lambda tweet: frozenset(normalise(tweet).split()),
            lambda tweet: tuple(sorted(normalise(tweet).split())),
        ],
        "spaces_lost": [lambda tweet: normalise(tweet).replace(" ", "")],
        "digits_dropped": [lambda tweet: " ".join(re.findall("[a-z]+", normalise(tweet)))],
        "mark_inside_words": [
            lambda tweet: " ".join(
                re.findall(
                    "[a-z0-9]+",
                    re.sub(r"https?://\S+|rt @\w+:?", " ", html.unescape(tweet.lower())),
                )
            )
        ],
        "": [
            len,
            lambda tweet: len(normalise(tweet)),
            lambda tweet: hash(normalise(tweet)) % 7,
            clean,
            lambda tweet: object(),
            lambda tweet: (word for word in normalise(tweet).split()),
            "vote for change",
        ],
    },
    "two_tweets": {
        "not_two_texts": [("Vote now!",), ("Vote now!", ""), ("a", "b", "c"), ("!!!", "???")],
        "same_key": [
            ("Vote now!", "vote now"),
            ("Vote now!", "RT @me: Vote now! http://t.co/1"),
            ("Vote now #Cha\u2026", "Vote now #Cha\u2026"),
        ],
        "other_words": [("Vote now!", "Vote later!"), ("don't", "dont"), ("a b\u2026 c", "a c")],
        "": [7, "Vote now!", {"a": 1}, (1, 2), None],
    },
    "memorise": {
        "texts_as_answers": [
            lambda *given: ["positive" if each else "negative" for each in with_lists(*given)],
            lambda *given: [str(each) for each in with_lists(*given)],
        ],
        "minus_one": [lambda *given: np.array(with_lists(*given)) * 2 - 1],
        "shares": [
            lambda learnt, labels, asked: (
                pd.Series(labels).groupby(learnt).mean().reindex(asked).fillna(0)
            )
        ],
        "ties_positive": [
            lambda learnt, labels, asked: [
                int(np.mean(labels[learnt == g]) >= 0.5) if g in learnt else 0 for g in asked
            ]
        ],
        "last_label": [
            lambda learnt, labels, asked: [
                {int(g): int(y) for g, y in zip(learnt, labels, strict=True)}.get(int(g), 0)
                for g in asked
            ]
        ],
        "unknown_positive": [
            lambda learnt, labels, asked: [
                int(np.mean(labels[learnt == g]) > 0.5) if g in learnt else 1 for g in asked
            ]
        ],
        "always_negative": [lambda learnt, labels, asked: np.zeros(len(asked), int)],
        "": [
            lambda learnt, labels, asked: labels,
            lambda learnt, labels, asked: asked,
            lambda learnt, labels, asked: [1] * len(asked),
            lambda learnt, labels, asked: dict(
                zip(asked, with_lists(learnt, labels, asked), strict=True)
            ),
            lambda *given: with_lists(*given)[::-1],
            never_learnt_left_out,
            numbers_of_groups,
            [0, 1],
        ],
    },
}
