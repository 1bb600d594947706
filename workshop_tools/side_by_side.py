"""Several notebooks at a time, with one line that says where each of them is."""

import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import TypeVar

import psutil  # type: ignore[import-untyped]
from tqdm import tqdm

from workshop_utils.learning.lessons import Lesson

T = TypeVar("T")
OnCell = Callable[[int, int], None]
GIBIBYTES_EACH = 2.5
"""Memory that a kernel with TensorFlow may need while it trains."""


def jobs_here(asked: int | None, lessons: int) -> int:
    """Return how many notebooks run at a time; by default two, one where memory is small."""
    if asked is None:
        fitting = int(psutil.virtual_memory().available / 1024**3 / GIBIBYTES_EACH)
        asked = min(2, fitting, psutil.cpu_count() or 1)
    return max(1, min(asked, lessons))


def side_by_side(
    lessons: Sequence[Lesson],
    work: Callable[[Lesson, OnCell], tuple[T, str]],
    *,
    jobs: int,
    label: str,
) -> list[T]:
    """Do the same work for each notebook, some at a time; return the results in their order.

    Args:
        lessons: The notebooks.
        work: Gets a notebook and a function to call with the number of cells done, and of
            all; returns its result and what to say about it.
        jobs: How many at a time.
        label: What is done, for the bar.
    """
    places: dict[str, str] = {}
    shares = dict.fromkeys((lesson.name for lesson in lessons), 0.0)
    form = "{desc}: {percentage:3.0f}%|{bar}| {elapsed}{postfix}"
    lock = Lock()
    with (
        tqdm(total=len(lessons), desc=label, bar_format=form, disable=None) as bar,
        ThreadPoolExecutor(jobs) as pool,
    ):

        def one(lesson: Lesson) -> T:
            def on_cell(done: int, of: int) -> None:
                with lock:
                    places[lesson.name] = f"{lesson.number}: cell {done}/{of}"
                    shares[lesson.name] = done / of
                    bar.n = sum(shares.values())
                    bar.set_postfix_str(" · ".join(places.values()))

            result, said = work(lesson, on_cell)
            with lock:
                places.pop(lesson.name, None)
                shares[lesson.name] = 1.0
                bar.n = sum(shares.values())
                bar.write(said, file=sys.stdout)
                sys.stdout.flush()
            return result

        try:
            return list(pool.map(one, lessons))
        except KeyboardInterrupt:
            # Kernels do not hear Ctrl-C; without them the work ends.
            for child in psutil.Process().children(recursive=True):
                child.kill()
            raise
