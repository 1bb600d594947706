"""The measures of `make bench`: every part at a tiny size, and how ways are compared."""

from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
import small_classifier

from workshop_utils import tweets
from workshop_utils.tweets import synthetic

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture(autouse=True)
def beside_the_benchmarks(monkeypatch):
    """Let them be imported as they import each other."""
    monkeypatch.syspath_prepend(BENCHMARKS)


class Inline:
    """A process pool that calls here and now: importing TensorFlow thirty times takes minutes."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def submit(self, function, *given):
        self.given = function(*given)
        return self

    def result(self):
        return self.given


@pytest.fixture
def tiny(monkeypatch, tmp_path):
    """Few tweets, a small classifier, one call of each way, all in this process."""
    import measure
    import texts

    def once(call, *_, repeat, **__):  # the warm-up was the one
        return [1.0] * repeat

    texts.prepared.cache_clear()
    few = tweets.Tweets(synthetic.make(260, seed=1), "synthetic", False, "")

    def small():
        return SimpleNamespace(path=small_classifier.save(tmp_path / "small.keras"))

    for name, value in {
        "workshop_utils.tweets.load_or_synthetic": lambda: few,
        "workshop_utils.sentiment.classifier.SentimentClassifier.load_or_train": small,
        "measure.own_process": Inline,
        "timeit.repeat": once,
        "inside_the_cell.STEPS": 4,
        "serving.MANY": 400,
        "serving.FEW": 40,
    }.items():
        monkeypatch.setattr(name, value)
    yield measure
    texts.prepared.cache_clear()


FEWEST = {"cleaning": 1, "vectorising": 2, "cells": 2, "serving": 5, "training": 4}


@pytest.mark.slow
@pytest.mark.parametrize("part", FEWEST)
def test_every_part_runs(tiny, tmp_path, part):
    import run

    assert run.PARTS.keys() == FEWEST.keys()
    measures = list(run.PARTS[part](1))
    assert len(measures) >= FEWEST[part]
    page = tmp_path / "page.md"
    table = tmp_path / "table.csv"
    for _ in range(2):  # the second time the rows take the place of the first ones
        tiny.keep(measures, table, tiny.machine(), page)
    assert page.read_text().count(" times as fast as ") >= 1
    rows = pd.read_csv(table)
    assert len(rows) == len(measures)
    assert (rows["ratio"] > 0).all()
    assert (rows["load"] >= 0).all()


@pytest.mark.parametrize(("unit", "ratio"), [("s", 2), ("MB", 2), ("rows/s", 0.5)])
def test_seconds_and_memory_are_better_when_less(unit, ratio):
    from measure import Measure

    measure = Measure("m", [9, 10, 30], [20], "another", unit, promise=1)
    assert measure.ratio == ratio
    assert measure.met is (ratio >= 1)


@pytest.mark.slow
def test_ways_have_processes_of_their_own_and_a_missing_library_is_left_out(capsys):
    from measure import alone, compare, peak_megabytes, race

    ways = {"a": partial(partial, list, [1]), "b": partial(partial, list, [2])}
    taken = race(ways, 3, calls=2)
    assert [len(seconds) for seconds in taken.values()] == [6, 6]
    missing = {"none": partial(__import__, "no_such_library")}
    assert list(compare("x", {"a": ways["a"]}, missing, 1)) == []
    assert "no_such_library" in capsys.readouterr().out
    large = b"1" * 300_000_000  # what this process holds must not count there
    assert alone(peak_megabytes) < len(large) / 1e6
