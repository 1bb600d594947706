"""Past one machine: the same answers from several processes, here or on a Dask cluster.

Dask is an extra. Nothing is new about the answers: each worker loads the model once and
calls :meth:`SentimentClassifier.predict_table`, piece after piece. A worker that is lost
costs the pieces that it had in hand; others answer them again.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import sys
import tempfile
import threading
import uuid
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workshop_utils import accelerator, batch_predict
from workshop_utils.classifier import SentimentClassifier, TableError, archive
from workshop_utils.classifier.columns import TEXT_COLUMN, rows_of

if TYPE_CHECKING:
    from pandas import DataFrame, Series

_HERE = "127.0.0.1"
_AHEAD = 2  # pieces that a thread of a worker has at a time: one in work, one that waits
_ONE_LOADS = threading.Lock()
_LOADED: dict[str, SentimentClassifier] = {}


def score(
    frame_or_path: Any,
    model_path: str | os.PathLike[str],
    *,
    column: str = TEXT_COLUMN,
    address: str | None = None,
    workers: int | None = None,
) -> DataFrame:
    """Say what each text of a Dask DataFrame, or of a CSV file, expresses.

    Args:
        frame_or_path: A Dask DataFrame, or the path of a CSV file. The file is read here and
            sent in pieces: a text may hold line breaks, and the workers need not see the file.
        model_path: The ``.keras`` file; it is sent to the workers too.
        column: The texts' column.
        address: The scheduler of a running cluster that has this package, for example
            ``tcp://10.0.0.5:8786``. None: processes of one thread are started on this machine,
            reached by no other, and stopped in the end; a script that asks for this has its
            work below ``if __name__ == "__main__":``.
        workers: How many processes to start; one a core if none is given.

    Returns:
        What ``predict_table`` returns for the same texts, in the same order, with the frame's
        index. :func:`score_parts` gives it piece by piece, where it is too much for the memory.

    Raises:
        ModuleNotFoundError: Dask is not installed.
        FileNotFoundError: There is no such model or no such file.
        ArtifactError: The model is refused.
        TableError: There is no such column, or a row of the file cannot be read.
        TypeError: The frame is not Dask's, or a row is no text; the message names the
            partition, and the row inside it.
        ValueError: Both an address and a number of workers are given.
        OSError: No cluster answers at the address.
    """
    import pandas as pd

    parts = list(
        score_parts(frame_or_path, model_path, column=column, address=address, workers=workers)
    )
    # A table without rows cannot know the type of its labels, and would change that of all.
    return pd.concat([each for each in parts if len(each)] or parts[:1])


def score_parts(
    frame_or_path: Any,
    model_path: str | os.PathLike[str],
    *,
    column: str = TEXT_COLUMN,
    address: str | None = None,
    workers: int | None = None,
) -> Iterator[DataFrame]:
    """Yield the answers of :func:`score` piece by piece, in order.

    A piece is a partition, or 10,000 rows of a file. Nobody holds more than a few, however
    many there are. Partitions are asked for one by one: ``persist()`` a frame that was
    sorted or joined, or that work is done again for each.

    Args:
        frame_or_path: This and all others as in :func:`score`.
        model_path: The ``.keras`` file.
        column: The texts' column.
        address: The scheduler of a running cluster.
        workers: How many processes to start.

    Raises:
        Exception: As :func:`score`, when the first piece is asked for.
    """
    archive.inspect(Path(model_path))
    with _client(address, workers) as client, _sent(client, Path(model_path)) as names:
        from dask import delayed

        answer = delayed(_answer, pure=False)
        in_hand: deque[Any] = deque()
        for number, piece in enumerate(_pieces(frame_or_path, column)):
            in_hand.append(client.compute(answer(piece, *names, number)))
            if len(in_hand) > _AHEAD * sum(client.nthreads().values()):
                yield in_hand.popleft().result()
        while in_hand:
            yield in_hand.popleft().result()


@contextlib.contextmanager
def _client(address: str | None, workers: int | None) -> Iterator[Any]:
    """Connect with a cluster; where none is named, with one that only this machine reaches."""
    if address is not None and workers is not None:
        raise ValueError("Give an address, or the number of workers to start here; not both.")
    try:
        import dask.dataframe  # noqa: F401 - it asks for more packages than the rest of Dask
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise ModuleNotFoundError(
            f"Several processes need Dask, which this Python ({sys.executable}) does not have. Run "
            '`python -m pip install "dask[dataframe]" distributed` with this Python.',
            name="dask",
        ) from error
    with contextlib.ExitStack() as stack:
        place = address or stack.enter_context(
            LocalCluster(
                n_workers=workers or accelerator.cpu_count(),
                threads_per_worker=1,
                processes=True,
                host=_HERE,
                # Dask opens this port in any case; without pages, and not always the same.
                dashboard_address=f"{_HERE}:0",
                scheduler_kwargs={"dashboard": False},
                silence_logs=logging.ERROR,
            )
        )
        yield stack.enter_context(Client(place, set_as_default=False))


@contextlib.contextmanager
def _sent(client: Any, model_path: Path) -> Iterator[tuple[str, str]]:
    """Put the model on each worker's disk, also of those that come later; give its names.

    Each call has a file name of its own, so that none overwrites what another one reads.
    """
    from distributed.diagnostics.plugin import UploadFile

    data = model_path.read_bytes()
    file_name = f"{uuid.uuid4().hex}.keras"
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / file_name
        copy.write_bytes(data)
        client.register_plugin(UploadFile(str(copy), load=False), name=file_name)
    try:
        yield hashlib.sha256(data).hexdigest(), file_name
    finally:
        # A worker, or the cluster, that is lost just now is no reason to lose the answers.
        with contextlib.suppress(Exception):
            client.unregister_worker_plugin(file_name)


def _pieces(frame_or_path: Any, column: str) -> Iterator[Any]:
    """Yield the texts: partitions of a frame, or pandas Series from a file."""
    if isinstance(frame_or_path, str | os.PathLike):
        yield from _from_file(Path(frame_or_path), column)
        return
    if not hasattr(frame_or_path, "npartitions"):
        raise TypeError(
            f"Expected a Dask DataFrame or a path, got {type(frame_or_path).__name__}. For a table "
            "in memory call the classifier's predict_table, or dask.dataframe.from_pandas first."
        )
    if column not in frame_or_path.columns:
        known = ", ".join(map(str, frame_or_path.columns))
        raise TableError(f"There is no column {column!r}; the frame has {known}.")
    # Not to_delayed(): each of its parts is sent with the plan of all of them.
    for number in range(frame_or_path.npartitions):
        yield frame_or_path[column].partitions[number]


def _from_file(path: Path, column: str) -> Iterator[Series[str]]:
    import pandas as pd

    done = 0
    with path.open("rb") as file:
        for piece in batch_predict.pieces(rows_of(file, column), batch_predict.ROWS_AT_ONCE):
            for row in piece:
                if row.problem:
                    raise TableError(f"Row {row.number} of {path.name}: {row.problem}.")
            index = pd.RangeIndex(done, done + len(piece))
            yield pd.Series([row.text for row in piece], index=index, dtype=object)
            done += len(piece)
    if not done:
        yield pd.Series([], index=pd.RangeIndex(0), dtype=object)


def _answer(texts: Series[str], digest: str, file_name: str, number: int) -> DataFrame:
    """Answer one piece; this runs in a worker."""
    from distributed import get_worker

    try:
        path = Path(get_worker().local_directory) / file_name
        return _classifier(digest, path).predict_table(texts)
    except TypeError as error:
        raise TypeError(f"Partition {number}, counted from 0: {error}") from error


def _classifier(digest: str, path: Path) -> SentimentClassifier:
    """Return the model, loaded once in a process, on one thread: others need the other cores."""
    with _ONE_LOADS:
        if digest not in _LOADED:
            _LOADED.clear()
            # Read by TensorFlow when it is loaded, which most models do not need.
            os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
            os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")
            _LOADED[digest] = SentimentClassifier.load(path)
        return _LOADED[digest]
