"""Answers to the exercises of notebook 06."""

import math
from bisect import bisect_left
from collections import deque
from decimal import Decimal
from fractions import Fraction
from functools import partial

import numpy as np
import pandas as pd

GOOD = ["NAME won tonight", "I like NAME", "Is NAME here tonight?"]


# --- the threshold ------------------------------------------------------------------------


def by_search(false_alarm, miss):
    low = 0.0
    high = 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if (1 - middle) * false_alarm > middle * miss:
            low = middle
        else:
            high = middle
    return low


def by_grid(false_alarm, miss):
    p = np.linspace(0, 1, 1_000_001)
    return p[np.abs((1 - p) * false_alarm - p * miss).argmin()]


def by_bisect(false_alarm, miss):
    return bisect_left(range(10**7), 0, key=lambda n: n * miss - (10**7 - n) * false_alarm) / 1e7


def as_odds(false_alarm, miss):
    odds = false_alarm / miss
    return odds / (1 + odds)


def costs(false_alarm, miss, text):
    return {"read": false_alarm, "leave": miss}[text] / (false_alarm + miss)


class Threshold:
    def __call__(self, false_alarm, miss):
        return [false_alarm / (false_alarm + miss)]


# --- the rule -------------------------------------------------------------------------------


def one_by_one(praise, different, gap):
    if praise < 120:
        return False
    if different < 100:
        return False
    return gap < 0.5


def nested(praise, different, gap):
    if praise > 200:
        if gap <= 0.4 and different >= 100:
            return True
        return praise == different == 300
    return False


def by_points(praise, different, gap):
    points = praise / 300 + different / 300 - gap
    return points > 1.3


def stricter_with_a_gap(praise, different, gap):
    return praise >= (150 if gap < 0.2 else 250)


def with_limits(praise, different, gap, least=100, most=0.5):
    return min(praise, different) >= least and gap <= most


def by_any(praise, different, gap):
    return not any([praise < 180, different < 90, gap > 0.6])


class Rule:
    def __init__(self, least):
        self.least = least

    def __call__(self, praise, different, gap):
        return praise > self.least and different > self.least


RIGHT = {
    "my_sentences": [
        GOOD,
        tuple(GOOD),
        np.array(GOOD),
        pd.Series(GOOD),
        set(GOOD),
        iter(GOOD),
        (f"{start} NAME today" for start in ("I saw", "I heard", "I met")),
        dict.fromkeys(GOOD).keys(),
        [*GOOD, "What would NAME's mother say?"],
        ["NAME is a liar", "NAME was great", "NAME and the other one", "NAME?! Why so late"],
        "NAME is late\nNAME was late\nNAME will be late".splitlines(),
        ["I saw @NAME tonight", "#NAME is on television", "So NAME, what now?"],
        [f"NAME gave {n} answers" for n in range(8)],
        ["NAME NAME is here", "NAME hat gewonnen heute", "where is NAME \U0001f600"],
    ],
    "threshold_from_costs": [
        lambda alarm, miss: Fraction(alarm) / Fraction(alarm + miss),
        lambda alarm, miss: Decimal(alarm) / (Decimal(alarm) + Decimal(miss)),
        lambda alarm, miss: 1 / (1 + miss / alarm),
        lambda alarm, miss: 1 - miss / (alarm + miss),
        lambda alarm, miss: np.float32(alarm) / np.float32(alarm + miss),
        lambda alarm, miss: np.divide([alarm], [alarm + miss]),
        lambda alarm, miss: 1 / (1 + math.exp(math.log(miss) - math.log(alarm))),
        lambda alarm, miss: np.roots([alarm + miss, -alarm])[0],
        lambda alarm, miss: alarm / sum((alarm, miss)),
        lambda alarm, miss: pd.Series([alarm, miss]).pipe(lambda each: each / each.sum())[0],
        lambda alarm, miss: alarm / (alarm + miss + 1e-7),
        by_search,
        by_grid,
        by_bisect,
        as_odds,
        partial(costs, text="read"),
        Threshold(),
    ],
    "my_mends": [
        ["no copies"],
        ["equal names"],
        ["equal names", "no copies"],
        ["no copies", "equal names"],
        [],
        (),
        ("no copies",),
        {"no copies", "equal names"},
        frozenset({"equal names"}),
        np.array(["no copies"]),
        pd.Series(["equal names", "no copies"]),
        iter(["no copies"]),
        (f"no {each}" for each in ["copies"]),
        dict.fromkeys(["no copies"]).keys(),
        deque(["equal names"]),
        ["equal names", "no copies"],
    ],
    "would_use": [
        one_by_one,
        nested,
        by_points,
        stricter_with_a_gap,
        with_limits,
        partial(with_limits, least=200),
        by_any,
        Rule(99),
        lambda praise, different, gap: praise >= 150 and different >= 240 and gap <= 0.25,
        lambda praise, different, gap: all((praise > 100, different > 100, gap < 0.5)),
        lambda praise, different, gap: (praise >= 150) & (different >= 150) & (gap <= 0.3),
        lambda praise, different, gap: np.logical_and(praise >= 150, gap <= 0.25),
        lambda praise, different, gap: np.all(np.array([praise, different]) >= 150),
        lambda praise, different, gap: 1 if praise > 150 and different > 150 else 0,
        lambda praise, different, gap: praise * different >= 30_000,
        lambda praise, different, gap: praise - 100 * gap >= 120,
        lambda praise, different, gap: not (praise < 150 or gap > 0.5),
        lambda praise, different, gap: praise == 300 and different == 300,
    ],
}
WRONG = {
    "my_sentences": {
        "lacks_name": [
            ["Name is late", "I saw Name", "Is Name here tonight?"],
            ["NAMES are here now", "I saw NAME", "I like NAME"],
            ["I am late", "I saw NAME", "I like NAME"],
        ],
        "names_somebody": [
            ["NAME beat Trump", "I saw NAME", "I like NAME"],
            ["NAME and @TedCruz or Cruz", "I saw NAME", "I like NAME"],
            ["NAME against Hillary's plan", "I saw NAME", "I like NAME"],
        ],
        "repeats": [
            ["I saw NAME", "I saw NAME!", "I like NAME"],
            ["I saw NAME", "i Saw NAME", "I like NAME"],
        ],
        "only_a_name": [["NAME", "I saw NAME", "I like NAME"], ["NAME won", *GOOD]],
        "wrong_number": [["NAME is here"], [], GOOD[:2], [f"NAME is {n}" for n in range(9)]],
        "": [
            "NAME is here tonight",
            7,
            [1, 2, 3],
            dict.fromkeys(GOOD),
            [GOOD],
            [each.split() for each in GOOD],
            None,
            b"NAME is here",
        ],
    },
    "threshold_from_costs": {
        "miss_over_sum": [
            lambda alarm, miss: miss / (miss + alarm),
            lambda alarm, miss: 1 - alarm / (miss + alarm),
        ],
        "ratio_of_costs": [lambda alarm, miss: alarm / miss],
        "always_half": [lambda alarm, miss: 0.5, lambda alarm, miss: 1 / 2 + 0 * alarm],
        "whole_numbers": [lambda alarm, miss: alarm // (alarm + miss)],
        "": [
            lambda alarm, miss: miss / alarm,
            lambda alarm, miss: alarm - miss,
            lambda alarm, miss: alarm * miss,
            lambda alarm, miss: 1 / (alarm + miss),
            lambda alarm, miss: math.log(alarm / miss),
            lambda alarm, miss: round(alarm / (alarm + miss), 1),
            lambda alarm, miss: f"{alarm / (alarm + miss)}",
            lambda alarm, miss: (alarm, alarm + miss),
            lambda alarm: alarm / 5,
        ],
    },
    "my_mends": {
        "joined": [
            ["equal names, no copies"],
            ["no copies and equal names"],
            ["equal names", "no copies, equal names"],
        ],
        "written_otherwise": [
            ["No copies"],
            ["equal_names"],
            ["no copies", "Equal Names"],
            [" no copies"],
            ["nocopies"],
        ],
        "twice": [["no copies", "no copies"], ("equal names", "no copies", "equal names")],
        "": [
            "no copies",
            ["nothing"],
            ["copies"],
            ["no copies", "fewer names"],
            [True, False],
            7,
            True,
            [["no copies"]],
            b"no copies",
        ],
    },
    "would_use": {
        "never_uses": [
            lambda praise, different, gap: False,
            lambda praise, different, gap: praise > 300,
            lambda praise, different, gap: praise >= 150 and gap < 0,
            lambda praise, different, gap: praise >= 0.7 and praise <= 1,
        ],
        "turns_down_better": [
            lambda praise, different, gap: praise >= 150 and (gap >= 0.3 or different >= 300),
            lambda praise, different, gap: praise in (210, 300) and different > 100,
            lambda praise, different, gap: praise >= different,
        ],
        "blind_passes": [
            lambda praise, different, gap: True,
            lambda praise, different, gap: praise > 60 and different > 100,
            lambda praise, different, gap: different >= 150 or gap <= 0.3,
        ],
        "looks_at_one": [
            lambda praise, different, gap: praise >= 150,
            lambda praise, different, gap: praise >= 150 or praise / 300 > 0.8,
            lambda praise, different, gap: bool(praise >= 150 and different),
        ],
        "": [
            lambda praise, different, gap: "yes",
            lambda praise, different, gap: praise,
            lambda praise, different, gap: (praise >= 150, different >= 150, gap <= 0.3),
            lambda praise, different, gap: praise >= "150",
            lambda praise, different, gap: print(praise >= 150),
            lambda numbers: numbers[0] >= 150,
            True,
            lambda praise, different, gap: praise / gap > 300,
        ],
    },
}
