"""Scoring that is stopped or killed leaves no half file and is continued, by one at a time."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import small_classifier
from batch_files import answers, invoke, left, many, score, stop_before, watch, write

from workshop_utils.runtime import locks
from workshop_utils.sentiment.batch_predict import score_file
from workshop_utils.sentiment.classifier import SentimentClassifier


def stop(classifier, place, rows=50):
    write(place.source, many(rows))
    with pytest.raises(KeyboardInterrupt):
        score(watch(classifier, stop_before(2)), place, rows_at_once=10)


def test_a_stopped_file_is_continued_and_comes_out_the_same(classifier, place):
    stop(classifier, place)
    assert left(place) == ["in.csv", "out.csv.part", "out.csv.state"]
    with (place.folder / "out.csv.part").open("ab") as part:
        part.write(b"21,half a ro")  # written, but not yet noted
    done = score(classifier, place, rows_at_once=10)
    assert (done.continued_at, done.rows) == (20, 50)
    whole = place.folder / "whole.csv"
    score_file(classifier, place.source, whole, rows_at_once=10, show=False)
    assert place.target.read_bytes() == whole.read_bytes()
    assert left(place) == ["in.csv", "out.csv", "whole.csv"]


def edit(**changes):
    def change(place):
        path = place.folder / "out.csv.state"
        path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))

    return change


def change_the_source(place):
    with place.source.open("a", encoding="utf-8") as file:
        file.write("great\n")


def lose_the_part(place):
    (place.folder / "out.csv.part").write_bytes(b"")


def spoil_the_state(place):
    (place.folder / "out.csv.state").write_text('{"rows": 7}')


@pytest.mark.parametrize(
    "change",
    [
        *(change_the_source, lose_the_part, spoil_the_state),
        *(edit(bytes=10**9), edit(made_from=[]), edit(more=1)),
    ],
)
def test_what_does_not_fit_any_more_is_begun_anew(classifier, place, change):
    stop(classifier, place)
    change(place)
    assert score(classifier, place).continued_at == 0
    found = answers(place.target)
    assert [int(row["row"]) for row in found] == list(range(1, len(found) + 1))
    assert len(found) >= 50


def test_another_model_begins_anew(classifier, place, tmp_path):
    stop(classifier, place)
    other = SentimentClassifier.load(small_classifier.save(tmp_path / "o.keras", threshold=0.25))
    assert score_file(other, place.source, place.target, show=False).continued_at == 0


SLOW = """
import sys, time
from batch_files import watch
from workshop_utils.sentiment.batch_predict import score_file
from workshop_utils.sentiment.classifier import SentimentClassifier
slow = watch(SentimentClassifier.load(sys.argv[1]), lambda _: time.sleep(0.05))
score_file(slow, *sys.argv[2:], rows_at_once=20, show=False)
"""


@pytest.fixture
def running(classifier, place):
    """A second process that scores slowly, after it has noted at least 40 rows."""
    write(place.source, many(2000))
    arguments = [classifier.path, place.source, place.target]
    tests = Path(__file__).parents[1]
    path = os.pathsep.join([str(tests.parent), str(tests), os.environ.get("PYTHONPATH", "")])
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW, *map(str, arguments)], env={**os.environ, "PYTHONPATH": path}
    )
    state = place.folder / "out.csv.state"
    end = time.monotonic() + 120
    while not (state.exists() and json.loads(state.read_text())["rows"] >= 40):
        assert process.poll() is None, "the process ended too soon"
        assert time.monotonic() < end
        time.sleep(0.01)
    yield process
    process.kill()
    process.wait()


def test_a_killed_process_leaves_no_half_file_and_is_continued(classifier, place, running):
    running.kill()
    running.wait()
    assert not place.target.exists()
    done = score(classifier, place, rows_at_once=20)
    assert 40 <= done.continued_at < 2000
    whole = place.folder / "whole.csv"
    score_file(classifier, place.source, whole, rows_at_once=20, show=False)
    assert place.target.read_bytes() == whole.read_bytes()


def test_a_second_scoring_to_one_target_is_told_who_holds_it(classifier, place, running):
    with pytest.raises(locks.InUse, match=f"process {running.pid} on "):
        score(classifier, place)
    said = invoke(classifier, "--file", str(place.source), "--out", str(place.target))
    assert said.exit_code != 0
    assert f"process {running.pid}" in said.output
    assert running.poll() is None, "the first one goes on"


def test_a_lock_ends_with_its_block(tmp_path):
    for _ in range(2):
        with (
            locks.held(tmp_path / "a"),
            pytest.raises(locks.InUse),
            locks.held(tmp_path / "a"),
        ):
            pass
    assert list(tmp_path.iterdir()) == []
