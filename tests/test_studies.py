"""Studies: jobs that are carried out once, kept, and summed up beside the papers' figures."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from workshop_utils import sequence_tasks
from workshop_utils.experiments import guessing, papers, published, runner, tables
from workshop_utils.experiments.runner import Job, JobsFailedError

JOBS = [Job(row, seed, f"settings of {row}") for row in ("a", "b") for seed in (1, 2)]


def work(row, seed):
    """A job of no time; a function of a module, so that another process can find it."""
    if row == "broken" and seed == 2:
        raise ValueError("this one fails")
    return {"value": f"{row}{seed}", "process": os.getpid()}


def slow(row, seed):
    time.sleep(0.2)
    return {"value": f"{row}{seed}"}


def rows_of(path):
    return [(record["row"], record["seed"]) for record in runner.read(path)]


def test_every_job_is_done_and_kept_in_the_order_of_the_table(tmp_path):
    path = tmp_path / "study.json"
    assert runner.carry_out(JOBS, work, path, 1) == 4
    assert rows_of(path) == [("a", 1), ("a", 2), ("b", 1), ("b", 2)]
    about = runner.about(path)
    assert about["seeds"] == [1, 2]
    assert len(about["dates"]) == 1
    assert set(about["versions"]) == {"python", *runner.COMPUTING}


def test_a_second_run_does_nothing(tmp_path):
    path = tmp_path / "study.json"
    runner.carry_out(JOBS, work, path, 1)
    before = path.read_bytes()
    assert runner.carry_out(JOBS, work, path, 1) == 0
    assert path.read_bytes() == before


def test_only_what_is_missing_or_changed_is_done(tmp_path):
    path = tmp_path / "study.json"
    runner.carry_out(JOBS[:1], work, path, 1)
    assert runner.carry_out(JOBS, work, path, 1) == 3
    changed = [replace(JOBS[0], settings="new"), *JOBS[1:]]
    assert runner.carry_out(changed, work, path, 1) == 1
    assert len(runner.read(path)) == 4


def test_a_row_that_is_no_longer_in_the_study_leaves_the_file(tmp_path):
    path = tmp_path / "study.json"
    runner.carry_out(JOBS, work, path, 1)
    runner.carry_out([*JOBS[:2], Job("c", 1, "new")], work, path, 1)
    assert rows_of(path) == [("a", 1), ("a", 2), ("c", 1)]


def test_only_some_rows_can_be_asked_for(tmp_path):
    path = tmp_path / "study.json"
    assert runner.carry_out(JOBS, work, path, 1, only=["b"]) == 2
    assert rows_of(path) == [("b", 1), ("b", 2)]


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
    with pytest.raises(JobsFailedError, match=r"broken, seed 2: ValueError.*this one fails"):
        runner.carry_out(jobs, work, path, 1)
    assert len(runner.read(path)) == 4


def test_jobs_run_in_processes_of_one_thread(tmp_path, monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    path = tmp_path / "study.json"
    assert runner.carry_out(JOBS, work, path, 2) == 4
    assert os.getpid() not in {record["process"] for record in runner.read(path)}
    assert "OMP_NUM_THREADS" not in os.environ


def test_a_study_that_was_killed_goes_on_where_it_was(tmp_path):
    path = tmp_path / "study.json"
    code = (
        "import test_studies as t; from pathlib import Path; "
        f"t.runner.carry_out(t.JOBS, t.slow, Path({str(path)!r}), 1)"
    )
    here = Path(__file__).parent
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(here), str(here.parent)])}
    child = subprocess.Popen([sys.executable, "-c", code], env=environment)
    deadline = time.monotonic() + 60
    while not path.is_file() and time.monotonic() < deadline:
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    child.wait()
    done = len(runner.read(path))
    assert 1 <= done < 4
    assert runner.carry_out(JOBS, slow, path, 1) == 4 - done


def test_the_papers_jobs_are_told_apart_and_every_network_can_be_built():
    jobs = list(papers.jobs())
    assert len({job.key for job in jobs}) == len(jobs)
    assert {job.seed for job in jobs} == set(papers.SEEDS)
    for network in papers.ALL:
        layer = papers.layer_of(network, units=3, longest=20)
        layer.build((None, 5, 2))
        assert layer.units == 3
    with pytest.raises(KeyError):
        papers.layer_of("no such network", 3, 20)


def test_every_published_row_is_run():
    assert set(published.ROWS) <= set(papers.experiments())
    at_least = {"order-6a", "order-6b", "adding-50", "adding-100", "reber", "lag-2c-500"}
    assert at_least <= set(papers.experiments())
    assert set(papers.experiments()["order-6a"].networks) == set(papers.ALL)
    assert len(papers.SEEDS) >= 5


def test_the_tables_do_not_depend_on_the_titles_or_on_what_else_is_tried(monkeypatch):
    before = {job.key for job in papers.jobs()}
    renamed = {
        name: replace(experiment, title="another", networks=experiment.networks[:1])
        for name, experiment in papers.experiments().items()
    }
    monkeypatch.setattr(papers, "experiments", lambda: renamed)
    assert {job.key for job in papers.jobs()} <= before


@pytest.mark.parametrize("name", ["latch", "grammar"])
def test_a_small_row_is_measured(monkeypatch, name):
    task = sequence_tasks.Latch(10) if name == "latch" else sequence_tasks.EmbeddedReber()
    small = papers.Experiment("small", task, papers.ALL, sequences=64, units=2, steps=2)
    monkeypatch.setattr(papers, "experiments", lambda: {name: small})
    found = papers.measure(f"{name}: {papers.RNN}", 141)
    assert found["sequences"] == 64
    assert found["stopped"] is False
    assert found["solved"] is False
    assert 0 <= found["correct"] <= 1


def test_guessing_solves_the_two_sequence_problem_and_says_how_long_it_read():
    found = guessing.measure(sequence_tasks.Latch(10), 141, 500)
    assert found["stopped"]
    assert found["correct"] > 0.99
    assert found["sequences"] > 1000
    assert found["guesses"] > 1


def test_guessing_gives_up(monkeypatch):
    monkeypatch.setattr(guessing, "_MOST_GUESSES", 3)
    found = guessing.measure(sequence_tasks.Latch(10), 141, 500)
    assert not found["solved"]
    assert found["guesses"] == 3


@pytest.fixture
def study(tmp_path, monkeypatch):
    """A data file with one network that always solves it, one that does so once, one never."""
    experiment = papers.experiments()["order-6a"]
    monkeypatch.setattr(papers, "experiments", lambda: {"order-6a": experiment})
    needed = {papers.RNN: [], papers.LSTM: [500], papers.CHRONO: [100, 300, 200]}

    def found(row, seed):
        network = row.split(": ")[1]
        solved = len(needed[network]) > seed
        sequences = needed[network][seed] if solved else 1000
        return {"sequences": sequences, "correct": 1.0 if solved else 0.25, "solved": solved}

    path = tmp_path / "papers.json"
    jobs = [Job(f"order-6a: {network}", seed, "") for network in needed for seed in range(3)]
    runner.carry_out(jobs, found, path, 1)
    return path


def test_the_table_counts_the_seeds_and_sets_the_paper_beside_them(study):
    table = tables.beside_the_papers(path=study)
    assert list(table["network"]) == [papers.RNN, papers.LSTM, papers.CHRONO]
    assert list(table["solved"]) == ["0 of 3", "1 of 3", "3 of 3"]
    assert list(table["sequences"]) == [tables.NOT_SOLVED, "500", "200"]
    assert list(table["wrong"]) == ["75.0 %", "50.0 %", "0.0 %"]
    assert list(table["experiment"]) == ["temporal order 6a", "", ""]
    assert set(table["the paper"]) == {"31,390"}


def test_the_verdict_names_who_reproduces_the_claim(study):
    (verdict,) = tables.verdicts(study).values()
    assert verdict.startswith(f"reproduced by {papers.CHRONO}")
    assert f"{papers.LSTM}: 1 of 3 seeds" in verdict


def test_the_share_of_seeds_that_solved_a_row(study):
    assert tables.share_solved("order-6a", papers.CHRONO, study) == 1
    assert tables.share_solved("order-6a", papers.LSTM, study) == pytest.approx(1 / 3)
    with pytest.raises(KeyError):
        tables.share_solved("order-6a", "GRU", study)


def test_a_missing_data_file_names_the_command(tmp_path):
    with pytest.raises(FileNotFoundError, match="make papers"):
        tables.records(tmp_path / "papers.json")


def test_the_data_file_of_the_repository_is_whole_and_of_these_settings():
    kept = {(each["row"], each["seed"], each["settings"]) for each in runner.read(papers.FILE)}
    assert kept == {job.key for job in papers.jobs()}


def test_the_origin_names_seeds_date_and_versions(study):
    said = runner.origin(study)
    assert "seeds 0, 1, 2" in said
    assert "tensorflow" in said


def test_the_command_computes_what_is_missing(tmp_path, monkeypatch, capsys):
    from workshop_tools import experiment as room
    from workshop_utils.lessons import CourseError

    with pytest.raises(CourseError, match="no study 'weather'; there are: papers, climb"):
        room.compute("weather")
    monkeypatch.setattr(papers, "FILE", tmp_path / "papers.json")
    monkeypatch.setattr(papers, "measure", work)
    assert room.compute("papers", 1, ["latch-10:"]) == 0
    assert "25 jobs done now" in capsys.readouterr().out
    assert {row for row, _ in rows_of(tmp_path / "papers.json")} == {
        f"latch-10: {network}" for network in (*papers.ALL, guessing.NAME)
    }

    def fail(row, seed):
        raise ValueError("no")

    monkeypatch.setattr(papers, "measure", fail)
    with pytest.raises(CourseError, match="latch-20: RNN, seed 141"):
        room.compute("papers", 1, ["latch-20: RNN"])
