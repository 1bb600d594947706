"""The measures of `make bench`: what counts as better, the limit's FLOP, growth, memory."""

import sys
import time
from pathlib import Path

import numpy as np
import pytest

BENCHMARKS = Path(__file__).resolve().parent.parent / "benchmarks"


@pytest.fixture(autouse=True)
def beside_the_benchmarks(monkeypatch):
    """Let them be imported as they import each other."""
    monkeypatch.syspath_prepend(BENCHMARKS)


@pytest.fixture
def shape():
    from limit import Shape

    return Shape(batch=3, timesteps=5, embedded=4, units=6, linear=7, classes=2)


@pytest.mark.parametrize(("unit", "ratio"), [("s", 2), ("MB", 2), ("rows/s", 0.5)])
def test_seconds_and_memory_are_better_when_less(unit, ratio):
    from measure import Measure

    measure = Measure("m", 10, 20, "another", unit, promise=1)
    assert measure.ratio == ratio
    assert measure.met is (ratio >= 1)


@pytest.mark.parametrize("joined", [False, True])
def test_the_formula_counts_the_products_that_are_timed(shape, joined):
    from limit import flops, products

    timed = products(shape, joined=joined)
    assert flops(shape) == sum(2 * p.rows * p.inner * p.columns * p.times for p in timed)


def test_the_sizes_are_those_of_the_2019_network():
    from limit import Shape
    from training_2019 import BATCH

    assert Shape.of_2019() == Shape(BATCH, 28, 100, 128, 256, 2)


def test_both_libraries_do_the_same_products(shape, monkeypatch):
    import limit

    wanted = limit.products(shape, joined=False)
    results = []
    monkeypatch.setattr(limit, "np", Recording(results))
    limit.in_numpy(wanted, threads=1)()
    theirs = limit.in_tensorflow(wanted)()
    assert len(results) == sum(p.times for p in wanted) == len(theirs)
    for mine, other in zip(results, theirs, strict=True):
        np.testing.assert_allclose(mine, other.numpy(), rtol=1e-4, atol=1e-4)


class Recording:
    """NumPy that keeps what it multiplies."""

    def __init__(self, results):
        self.results = results

    def __getattr__(self, name):
        return getattr(np, name)

    def matmul(self, a, b, out):
        self.results.append(np.matmul(a, b, out=out))


@pytest.mark.parametrize(("power", "met"), [(1, True), (2, False)])
def test_growth_tells_linear_from_quadratic(monkeypatch, power, met):
    import growth

    # A clock that the work moves, so that a busy machine cannot spoil the outcome.
    now = [0.0]
    monkeypatch.setattr(time, "perf_counter", lambda: now[0])

    def make(rows):
        def work():
            now[0] += rows**power / 1000

        return work

    measures = list(growth.grow("work", make, rows=10, rounds=2))
    assert [m.met for m in measures] == [None, None, met]
    assert [m.ratio for m in measures] == [
        pytest.approx(1 / factor ** (power - 1), abs=1e-3) for factor in growth.FACTORS[1:]
    ]


def test_a_size_that_takes_long_is_timed_once(monkeypatch):
    import growth

    now, calls = [0.0], []
    monkeypatch.setattr(time, "perf_counter", lambda: now[0])

    def make(rows):
        def work():
            calls.append(rows)
            now[0] += rows * growth.ENOUGH / 4

        return work

    list(growth.grow("work", make, rows=1, rounds=3))
    # One more of the smallest, which is the warm-up.
    assert [calls.count(rows) for rows in growth.FACTORS] == [4, 2, 1, 1]


@pytest.mark.skipif(sys.platform == "win32", reason="make bench needs make")
def test_the_peak_is_that_of_the_process_alone():
    from serving import fresh_process

    def peak_after(work):
        lines = ("import sys", "sys.path.insert(0, sys.argv[1])", "import growth", work)
        code = "\n".join([*lines, "print(growth.peak_megabytes())"])
        (peak,) = fresh_process(code, str(BENCHMARKS))
        return peak

    large = b"1" * 500_000_000  # what this process holds must not count there
    little, much = peak_after("pass"), peak_after("x = b'1' * 200_000_000; del x")
    assert little < len(large) / 1e6
    assert much - little == pytest.approx(200, abs=40)


def test_every_part_can_be_chosen():
    import run

    assert {"vectorising", "limit", "growth"} <= run.parts().keys()
