"""Score a file on a Dask cluster: the same answers, from as many processes as there are.

``workshop predict --file texts.csv --out answers.csv --scheduler ADDRESS`` uses it. Dask is
an extra. A worker that is lost costs the pieces that it had in hand; others answer them again.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections import deque
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from workshop_utils.sentiment.batch_predict import Answering
from workshop_utils.sentiment.classifier import Prediction, SentimentClassifier

AHEAD = 2
"""Pieces that a thread of a worker has at a time: one in work, one that waits."""


@contextlib.contextmanager
def workers(classifier: SentimentClassifier, scheduler: Any) -> Iterator[Answering]:
    """Give what :func:`workshop_utils.sentiment.batch_predict.score_file` takes as ``answering``.

    Args:
        classifier: Whose file is sent to the workers, with each piece: it is smaller than the
            texts, so that a worker may come or go at any time, and nothing is left behind.
        scheduler: The address of a running cluster whose workers have this package, such as
            ``tcp://10.0.0.5:8786``; or a ``LocalCluster``.

    Raises:
        ModuleNotFoundError: Dask is not installed.
        OSError: No cluster answers at the address.
    """
    from distributed import Client

    with Client(scheduler, set_as_default=False) as client:
        model = classifier.path.read_bytes()

        def answer(pieces: Iterator[list[str]]) -> Iterator[list[Prediction]]:
            in_hand: deque[Any] = deque()
            for piece in pieces:
                in_hand.append(client.submit(_answer, deque(piece), model, pure=False))
                if len(in_hand) > AHEAD * max(1, sum(client.nthreads().values())):
                    yield list(in_hand.popleft().result())
            while in_hand:
                yield list(in_hand.popleft().result())

        yield answer


def _answer(piece: deque[str], model: bytes) -> deque[Prediction]:
    """Answer one piece; this runs in a worker. Of a list, Dask would pack each entry by itself."""
    return deque(_loaded(model).predict_many(piece))


@lru_cache(maxsize=1)
def _loaded(model: bytes) -> SentimentClassifier:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        path.write_bytes(model)
        return SentimentClassifier.load(path)
