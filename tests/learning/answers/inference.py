"""Answers to the exercises of notebook 06."""

import math
from bisect import bisect_left
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from functools import partial, reduce
from statistics import fmean

import numpy as np
import pandas as pd

GOOD = ["NAME won tonight", "I like NAME", "Is NAME here tonight?"]


# --- the calibration error ---------------------------------------------------------------


def in_a_loop(labels, p, bin_of):
    total = 0.0
    for k in set(bin_of):
        inside = bin_of == k
        total += inside.sum() * abs(p[inside].mean() - labels[inside].mean())
    return total / len(labels)


def by_lists(labels, p, bin_of):
    bins = defaultdict(list)
    for label, each, k in zip(labels, p, bin_of, strict=True):
        bins[k].append((label, each))
    weighted = [
        len(texts) * abs(fmean(each for _, each in texts) - fmean(label for label, _ in texts))
        for texts in bins.values()
    ]
    return sum(weighted) / sum(map(len, bins.values()))


def by_bincount(labels, p, bin_of):
    return np.abs(np.bincount(bin_of, weights=p - labels)).sum() / len(p)


def by_pandas(labels, p, bin_of):
    table = pd.DataFrame({"label": labels, "p": p, "bin": bin_of}).groupby("bin")
    distances = (table["p"].mean() - table["label"].mean()).abs()
    return (distances * table.size()).sum() / table.size().sum()


def by_series(labels, p, bin_of):
    return pd.Series(p - labels).groupby(bin_of).sum().abs().sum() / len(p)


def by_average(labels, p, bin_of):
    numbers, sizes = np.unique(bin_of, return_counts=True)
    far = [abs(p[bin_of == k].mean() - labels[bin_of == k].mean()) for k in numbers]
    return np.average(far, weights=sizes)


def by_add_at(labels, p, bin_of):
    sums = np.zeros(bin_of.max() + 1)
    np.add.at(sums, bin_of, p - labels)
    return np.abs(sums).mean() * len(sums) / len(p)


def by_matrix(labels, p, bin_of):
    inside = (np.unique(bin_of)[:, None] == bin_of).astype(float)
    return np.abs(inside @ (p - labels)).sum() / inside.sum()


def skipping_empty(labels, p, bin_of, bins=10):
    error = 0
    for k in range(bins):
        here = np.flatnonzero(bin_of == k)
        if len(here) == 0:
            continue
        error += len(here) / len(p) * np.abs(p[here].mean() - labels[here].mean())
    return error


def recursive(labels, p, bin_of):
    def rest(numbers):
        if not len(numbers):
            return 0
        inside = bin_of == numbers[0]
        return abs((p - labels)[inside].sum()) + rest(numbers[1:])

    return rest(np.unique(bin_of)) / len(p)


def reduced(labels, p, bin_of):
    return reduce(
        lambda total, k: total + abs((p[bin_of == k] - labels[bin_of == k]).sum()) / p.size,
        np.unique(bin_of),
        0,
    )


def in_float32(labels, p, bin_of):
    return np.float32(in_a_loop(labels, p.astype("float32"), bin_of))


def with_epsilon(labels, p, bin_of):
    total = 0
    for k in range(bin_of.max() + 1):
        inside = (bin_of == k).astype(float)
        count = inside.sum()
        mean, share = (np.sum(inside * each) / (count + 1e-7) for each in (p, labels))
        total += count * abs(mean - share)
    return total / len(p)


class CalibrationError:
    def __call__(self, labels, p, bin_of):
        return by_bincount(labels, p, bin_of)


def mean_of_bins(labels, p, bin_of):
    return pd.Series(p - labels).groupby(bin_of).mean().abs().mean()


def over_ten(labels, p, bin_of):
    far = [np.abs(p[bin_of == k].mean() - labels[bin_of == k].mean()) for k in range(10)]
    return np.average(far, weights=np.bincount(bin_of, minlength=10))


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
    "calibration_error": [
        in_a_loop,
        by_lists,
        by_bincount,
        by_pandas,
        by_series,
        by_average,
        by_add_at,
        by_matrix,
        skipping_empty,
        recursive,
        reduced,
        in_float32,
        with_epsilon,
        partial(skipping_empty, bins=25),
        CalibrationError(),
        lambda labels, p, bin_of: [by_bincount(labels, p, bin_of)],
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
    "would_use": [
        one_by_one,
        nested,
        by_points,
        stricter_with_a_gap,
        with_limits,
        partial(with_limits, least=200),
        by_any,
        Rule(99),
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
    "calibration_error": {
        "mean_over_bins": [
            mean_of_bins,
            lambda labels, p, bin_of: np.mean(
                [abs(p[bin_of == k].mean() - labels[bin_of == k].mean()) for k in set(bin_of)]
            ),
        ],
        "bins_cancel": [
            lambda labels, p, bin_of: abs((p - labels).sum()) / len(p),
            lambda labels, p, bin_of: abs(
                sum((p - labels)[bin_of == k].sum() for k in set(bin_of)) / len(p)
            ),
        ],
        "signs_kept": [
            lambda labels, p, bin_of: (
                sum((p - labels)[bin_of == k].sum() for k in set(bin_of)) / len(p)
            )
        ],
        "single_texts": [
            lambda labels, p, bin_of: sum(map(abs, p - labels)) / len(p),
            lambda labels, p, bin_of: (
                sum(np.abs(p - labels)[bin_of == k].sum() for k in set(bin_of)) / len(p)
            ),
        ],
        "largest": [
            lambda labels, p, bin_of: pd.Series(p - labels).groupby(bin_of).mean().abs().max()
        ],
        "not_divided": [
            lambda labels, p, bin_of: np.abs(np.bincount(bin_of, weights=p - labels)).sum()
        ],
        "empty_bin": [over_ten],
        "": [
            lambda labels, p, bin_of: np.mean((p - labels) ** 2),
            lambda labels, p, bin_of: by_bincount(labels, p, bin_of).round(1),
            lambda labels, p, bin_of: by_average(labels, labels, bin_of),
            lambda labels, p, bin_of: np.abs(np.bincount(bin_of, weights=p - labels)) / len(p),
            lambda labels, p, bin_of: 0.225,
            lambda labels, p, bin_of: np.sqrt(
                pd.Series(p - labels).groupby(bin_of).mean().pow(2).mean()
            ),
            lambda labels, p, bin_of: np.bincount(bin_of, p - labels).clip(0).sum() / len(p),
            lambda labels, p: abs(p - labels).mean(),
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
