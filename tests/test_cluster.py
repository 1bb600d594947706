"""Several processes give the answers of one, in its order, also when some of them are lost."""

import csv
import sys
import time

import pandas as pd
import pytest
import small_classifier

from workshop_utils import batch_predict, cluster, model_io
from workshop_utils.classifier import SentimentClassifier, TableError

TEXTS = [
    "great",
    "terrible, \u201clies\u201d\r\nand\nlines",
    "",
    "\x00",
    "\U0001f602 \u0627\u0644\u064a\u0648\u0645",
    "great " * 99,
    "x" * 5000,
]


@pytest.fixture(scope="module")
def model_path(tmp_path_factory):
    path = tmp_path_factory.mktemp("model") / "m.keras"
    return model_io.save(small_classifier.train(), small_classifier.record(threshold=0.4), path)


@pytest.fixture(scope="module")
def classifier(model_path):
    return SentimentClassifier.load(model_path)


@pytest.fixture(scope="module")
def running():
    """A cluster that was there before, of two workers."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        dashboard_address="127.0.0.1:0",
        scheduler_kwargs={"dashboard": False},
    ) as there:
        yield there


@pytest.fixture
def dask_frame():
    return pytest.importorskip("dask.dataframe")


def many(count):
    return [f"a {'great' if n % 3 else 'terrible'} night {n}" for n in range(count)]


def write(path, texts):
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["id", "text"], *([1, text] for text in texts)])
    return path


def test_without_dask_one_sentence_says_what_to_install(model_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "dask.dataframe", None)
    with pytest.raises(ModuleNotFoundError, match=r'pip install "dask\[dataframe\]" distributed'):
        cluster.score("texts.csv", model_path)


def test_what_cannot_work_is_refused_before_any_process_is_started(model_path, tmp_path):
    with pytest.raises(ValueError, match="not both"):
        cluster.score("texts.csv", model_path, address="tcp://127.0.0.1:1", workers=2)
    with pytest.raises(FileNotFoundError):
        cluster.score("texts.csv", tmp_path / "none.keras")
    (tmp_path / "bad.keras").write_bytes(b"no model")
    with pytest.raises(model_io.ArtifactError):
        cluster.score("texts.csv", tmp_path / "bad.keras")


def test_a_frame_is_answered_as_at_home(running, dask_frame, classifier, model_path):
    index = [7, 7, *range(100, 105)]
    texts = pd.DataFrame({"tweet": TEXTS, "id": range(7)}, index=index)
    parts = [texts[:2], texts[2:2], texts[2:6], texts[6:]]  # one without rows, two rows 7
    frame = dask_frame.from_map(lambda number: parts[number], range(4), meta=texts[:0])
    answers = cluster.score(frame, model_path, column="tweet", address=running.scheduler_address)
    pd.testing.assert_frame_equal(answers, classifier.predict_table(texts["tweet"]))
    nothing = cluster.score(
        frame.partitions[1], model_path, column="tweet", address=running.scheduler_address
    )
    pd.testing.assert_frame_equal(nothing, classifier.predict_table(texts["tweet"][:0]))


@pytest.mark.parametrize("texts", [TEXTS, many(95), []])
def test_a_file_is_answered_as_at_home(
    running, classifier, model_path, tmp_path, monkeypatch, texts
):
    monkeypatch.setattr(batch_predict, "ROWS_AT_ONCE", 10)
    path = write(tmp_path / "in.csv", texts)
    answers = cluster.score(path, model_path, address=running.scheduler_address)
    pd.testing.assert_frame_equal(answers, classifier.predict_table(path))


def test_a_worker_loads_the_model_once_and_takes_one_thread(running, dask_frame, model_path):
    from distributed import Client

    def found():
        import os
        import sys

        from workshop_utils import cluster

        return (
            [id(each) for each in cluster._LOADED.values()],
            os.environ["TF_NUM_INTRAOP_THREADS"],
            os.environ["TF_NUM_INTEROP_THREADS"],
            "tensorflow" in sys.modules,
        )

    frame = dask_frame.from_pandas(pd.DataFrame({"text": many(60)}), npartitions=12)
    with Client(running, set_as_default=False) as client:
        seen = []
        for _ in range(2):
            cluster.score(frame, model_path, address=running.scheduler_address)
            seen.append(client.run(found))
    plugins = running.scheduler.worker_plugins
    assert not [name for name in plugins if name.endswith(".keras")]
    assert seen[0] == seen[1]
    assert [(len(models), *rest) for models, *rest in seen[0].values()] == [
        (1, "1", "1", False)
    ] * 2


def test_no_more_pieces_are_under_way_than_a_few_a_worker(
    running, model_path, tmp_path, monkeypatch
):
    monkeypatch.setattr(batch_predict, "ROWS_AT_ONCE", 10)
    path = write(tmp_path / "in.csv", many(300))
    read, pieces = [], cluster._pieces

    def counted(*given):
        for piece in pieces(*given):
            read.append(len(piece))
            yield piece

    monkeypatch.setattr(cluster, "_pieces", counted)
    ahead = []
    for done, _ in enumerate(
        cluster.score_parts(path, model_path, address=running.scheduler_address)
    ):
        ahead.append(len(read) - done)
        assert len(running.scheduler.tasks) <= 2 * 2 + 1
    assert max(ahead) == 2 * 2 + 1
    assert sum(read) == 300


def test_wrong_inputs_are_named(running, dask_frame, model_path, tmp_path):
    def score(given, column="text"):
        return cluster.score(given, model_path, column=column, address=running.scheduler_address)

    table = pd.DataFrame({"text": ["great", "good", None, "bad"]})
    frame = dask_frame.from_pandas(table, npartitions=2)
    with pytest.raises(TypeError, match="Partition 1, counted from 0: Expected text in row 0"):
        score(frame)
    with pytest.raises(TableError, match="no column 'tweet'; the frame has text"):
        score(frame, column="tweet")
    with pytest.raises(TypeError, match="Expected a Dask DataFrame or a path, got DataFrame"):
        score(table)
    with pytest.raises(FileNotFoundError):
        score(tmp_path / "none.csv")
    (tmp_path / "in.csv").write_text("id,text\n1,great\n2\n")
    with pytest.raises(TableError, match=r"Row 2 of in\.csv: 1 fields, expected 2"):
        score(tmp_path / "in.csv")


@pytest.mark.slow
def test_processes_of_our_own_listen_to_this_machine_alone_and_end(
    classifier, model_path, tmp_path, monkeypatch
):
    pytest.importorskip("distributed")
    import psutil

    monkeypatch.setattr(batch_predict, "ROWS_AT_ONCE", 10)
    path = write(tmp_path / "in.csv", many(40))
    us = psutil.Process()
    before = set(us.children(recursive=True))
    parts = cluster.score_parts(path, model_path, workers=1)
    answers = [next(parts)]
    ours = set(us.children(recursive=True)) - before
    listening = {
        connection.laddr.ip
        for process in (us, *ours)
        for connection in process.net_connections()
        if connection.status == psutil.CONN_LISTEN
    }
    assert listening == {"127.0.0.1"}
    workers = [each for each in ours if "resource_tracker" not in " ".join(each.cmdline())]
    assert len(workers) == 1
    answers.extend(parts)
    pd.testing.assert_frame_equal(pd.concat(answers), classifier.predict_table(path))
    assert not psutil.wait_procs(workers, timeout=10)[1], "it has ended"


@pytest.mark.slow
def test_lost_workers_are_survived(running, classifier, model_path, tmp_path, monkeypatch):
    import psutil

    monkeypatch.setattr(batch_predict, "ROWS_AT_ONCE", 50)
    # Many small pieces: a worker that happens to rest when it is halted goes on.
    path = write(tmp_path / "in.csv", many(6000))
    at_first = [(each.pid, each.worker_address) for each in running.workers.values()]
    to_kill, answers = list(at_first), []
    for part in cluster.score_parts(path, model_path, address=running.scheduler_address):
        answers.append(part)
        if to_kill:
            # Halted first, so that it cannot finish what it has in hand when we look.
            process, address = psutil.Process(to_kill[-1][0]), to_kill[-1][1]
            process.suspend()
            time.sleep(0.1)
            if running.scheduler.workers[address].processing:
                process.kill()
                to_kill.pop()
            else:
                process.resume()
    assert not to_kill, "both were killed while they worked"
    pd.testing.assert_frame_equal(pd.concat(answers), classifier.predict_table(path))
    now = {each.pid for each in running.workers.values()}
    assert len(now) == 2
    assert not now & {pid for pid, _ in at_first}
