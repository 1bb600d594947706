"""Experiments: jobs that are carried out once, kept, and shown beside the papers' figures."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from workshop_tools.experiments import papers, runner
from workshop_tools.experiments.papers_tasks import EmbeddedReber
from workshop_tools.experiments.runner import Job
from workshop_utils import tasks
from workshop_utils.learning.lessons import CourseError
from workshop_utils.training import experiments

JOBS = [Job(row, seed, f"settings of {row}") for row in ("a", "b") for seed in (1, 2)]


def work(row, seed):
    """A job of no time; a function of a module, so that another process can find it."""
    if row == "broken" and seed == 2:
        raise ValueError("this one fails")
    threads = os.environ.get("OMP_NUM_THREADS")
    return {"value": f"{row}{seed}", "process": os.getpid(), "threads": threads}


def slow(row, seed):
    time.sleep(0.2)
    return {"value": f"{row}{seed}"}


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def rows_of(path):
    return [(record["row"], record["seed"]) for record in read(path)["records"]]


def test_every_job_is_done_and_kept_in_the_order_of_the_table(tmp_path):
    path = tmp_path / "study.json"
    assert runner.carry_out(JOBS, work, path, 1) == 4
    assert rows_of(path) == [("a", 1), ("a", 2), ("b", 1), ("b", 2)]
    about = read(path)
    assert about["seeds"] == [1, 2]
    assert len(about["dates"]) == 1
    assert set(about["versions"]) == {"python", *runner.COMPUTING}


def test_only_what_is_missing_or_changed_is_done(tmp_path):
    path = tmp_path / "study.json"
    runner.carry_out(JOBS[:1], work, path, 1)
    assert runner.carry_out(JOBS, work, path, 1) == 3
    assert runner.carry_out(JOBS, work, path, 1) == 0
    changed = [replace(JOBS[0], settings="new"), *JOBS[1:]]
    assert runner.carry_out(changed, work, path, 1) == 1
    assert len(rows_of(path)) == 4


def test_a_row_that_is_no_longer_in_the_study_leaves_the_file(tmp_path):
    path = tmp_path / "study.json"
    runner.carry_out(JOBS, work, path, 1)
    runner.carry_out([*JOBS[:2], Job("c", 1, "new")], work, path, 1)
    assert rows_of(path) == [("a", 1), ("a", 2), ("c", 1)]


def test_results_of_other_library_versions_are_computed_again(tmp_path):
    path = tmp_path / "study.json"
    runner.carry_out(JOBS, work, path, 1)
    kept = json.loads(path.read_text())
    kept["versions"]["tensorflow"] = "1.0"
    path.write_text(json.dumps(kept))
    assert runner.carry_out(JOBS, work, path, 1) == 4


def test_a_job_that_fails_costs_no_other_job(tmp_path):
    path = tmp_path / "study.json"
    jobs = [Job("broken", 2, ""), *JOBS]
    with pytest.raises(CourseError, match=r"broken, seed 2: ValueError.*this one fails"):
        runner.carry_out(jobs, work, path, 1)
    assert len(rows_of(path)) == 4


def test_jobs_run_in_processes_of_one_thread(tmp_path, monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    path = tmp_path / "study.json"
    assert runner.carry_out(JOBS, work, path, 2) == 4
    records = read(path)["records"]
    assert os.getpid() not in {each["process"] for each in records}
    assert {each["threads"] for each in records} == {"1"}
    assert "OMP_NUM_THREADS" not in os.environ


def test_a_study_that_was_killed_goes_on_where_it_was(tmp_path):
    path = tmp_path / "study.json"
    code = (
        "import test_experiments as t; from pathlib import Path; "
        f"t.runner.carry_out(t.JOBS, t.slow, Path({str(path)!r}), 1)"
    )
    here = Path(__file__).parent
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(here), str(here.parents[1])])}
    child = subprocess.Popen([sys.executable, "-c", code], env=environment)
    deadline = time.monotonic() + 60
    while not path.is_file() and time.monotonic() < deadline:
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    child.wait()
    done = len(rows_of(path))
    assert 1 <= done < 4
    assert runner.carry_out(JOBS, slow, path, 1) == 4 - done


def test_the_papers_jobs_are_told_apart_and_every_network_can_be_built():
    jobs = list(papers.jobs())
    assert len({job.key for job in jobs}) == len(jobs)
    assert {job.seed for job in jobs} == set(papers.SEEDS)
    for name in papers.ALL:
        network = papers.network_of(name, tasks.Latch(20))
        assert network.layers[0].units == 16
        assert network.output_shape == (None, 1)
    with pytest.raises(KeyError):
        papers.network_of("no such network", tasks.Latch(20))


def test_every_row_has_its_paper_and_its_limit():
    printed = tomllib.loads((experiments.FOLDER / "papers.toml").read_text("utf-8"))
    assert list(printed) == list(papers.rows())
    for name, row in papers.rows().items():
        assert printed[name]["at_most"] == row.sequences
    assert len(papers.SEEDS) >= 5


@pytest.mark.parametrize("task", [tasks.Latch(10), EmbeddedReber()], ids=repr)
def test_a_small_row_is_measured(monkeypatch, task):
    small = papers.Experiment(task, papers.ALL, sequences=64)
    monkeypatch.setattr(papers, "rows", lambda: {"small": small})
    found = papers.measure(f"small: {papers.CHRONO}", 141)
    assert found["sequences"] == 80 * 32
    assert found["stopped"] is False
    assert 0 <= found["correct"] <= 1


def test_guessing_solves_the_two_sequence_problem_and_says_how_long_it_read():
    found = papers.guess(tasks.Latch(10), 141)
    assert found["stopped"]
    assert found["correct"] > 0.99
    assert found["sequences"] > 1000
    assert found["guesses"] > 1


def test_guessing_gives_up(monkeypatch):
    monkeypatch.setattr(papers, "MOST_GUESSES", 3)
    found = papers.guess(tasks.Latch(10), 141)
    assert not found["stopped"]
    assert found["guesses"] == 3


@pytest.fixture
def results(tmp_path, monkeypatch):
    """One network that reaches the goal with all seeds, one with one of three."""

    def found(row, seed):
        reached = row.endswith("chrono") or seed == 0
        wrong = 2 + 2 * seed if reached else 2560
        return {"sequences": 100 * (seed + 1), "stopped": reached, "correct": 1 - wrong / 2560}

    jobs = [Job(f"order-6a: {n}", seed, "") for n in ("LSTM", "LSTM, chrono") for seed in range(3)]
    runner.carry_out(jobs, found, tmp_path / "papers.json", 1)
    shutil.copy(experiments.FOLDER / "papers.toml", tmp_path)
    monkeypatch.setattr(experiments, "FOLDER", tmp_path)


@pytest.mark.usefixtures("results")
def test_the_table_counts_the_goal_and_the_papers_test_apart():
    table = experiments.papers(["order-6a"])
    assert list(table["network"]) == ["LSTM", "LSTM, chrono"]
    assert list(table["goal reached"]) == ["1 of 3", "3 of 3"]
    assert list(table["sequences"]) == ["100", "200"]
    assert list(table["paper's test"]) == ["1 of 3", "1 of 3"]  # at most 3 wrong of 2,560
    assert list(table["wrong"]) == ["2560", "4"]
    assert list(table["experiment"]) == ["temporal order 6a", ""]
    assert set(table["1997"]) == {"31,390"}
    with pytest.raises(KeyError):
        experiments.papers(["no such row"])


def test_the_data_file_of_the_repository_is_whole_and_of_these_settings():
    records = read(papers.FILE)["records"]
    kept = {(each["row"], each["seed"], each["settings"]) for each in records}
    assert kept == {job.key for job in papers.jobs()}


def test_the_command_computes_what_is_missing(tmp_path, monkeypatch, capsys):
    from workshop_tools import experiment as room

    with pytest.raises(CourseError, match="no experiment 'weather'"):
        room.compute("weather")
    monkeypatch.setattr(papers, "FILE", tmp_path / "papers.json")
    monkeypatch.setattr(papers, "jobs", lambda: JOBS)
    monkeypatch.setattr(papers, "measure", work)
    assert room.compute("papers", 1) == 0
    assert "4 jobs done now" in capsys.readouterr().out
    assert rows_of(tmp_path / "papers.json") == [("a", 1), ("a", 2), ("b", 1), ("b", 2)]


def test_the_rules_are_those_of_the_tasks():
    stored = papers.rows()
    table = experiments.rules(list(stored))
    assert list(table["limit"]) == [f"{row.sequences:,}" for row in stored.values()]
    assert list(table["near"]) == [getattr(row.task, "tolerance", "-") for row in stored.values()]
    goals = [100 * row.stop_at for row in stored.values()]
    assert list(table["goal"]) == [f"{round(goal)} %" for goal in goals]
    assert table["paper's test"][0] == "<= 3 wrong"
    with pytest.raises(KeyError):
        experiments.rules(["no such row"])


def test_guessed_weights_say_how_often_they_were_guessed():
    throws = experiments.throws("latch-100")
    assert len(throws) == len(papers.SEEDS)
    assert all(0 < each < papers.MOST_GUESSES for each in throws)
    assert experiments.throws("order-6a") == []
