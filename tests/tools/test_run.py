"""Running, reporting and validating, on a course of one notebook and real kernels."""

import io
import json
import os
import re
from pathlib import Path

import pytest
from tiny_course import code_cell, first_lesson, make_course, markdown_cell, notebook_of, stream

from workshop_tools import parameters, report, run, side_by_side, validate
from workshop_tools.editions import _KERNEL, as_text, read_notebook
from workshop_tools.execute import execute, kernel_environment
from workshop_tools.lesson_files import full_path, text_path
from workshop_tools.tweets_at_hand import SYNTHETIC, Finding
from workshop_utils.learning.lessons import LESSONS, CourseError
from workshop_utils.runtime import run_events

LESSON = first_lesson()
CLAIM = """from workshop_utils.learning.checks import band
print(SEED)
band("speed", SEED, 0, 5)"""


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course whose two notebooks are stored; nothing is fetched."""
    root = make_course(tmp_path / "course")
    for lesson in LESSONS[:2]:
        store(
            root,
            lesson,
            markdown_cell(f"# Title of {lesson.number}\n\n[next](02_long_term_dependencies.ipynb)"),
            code_cell("SEED = 3", tags=["parameters"]),
            code_cell(CLAIM, [stream("3\n✓ speed lies in 0.00 to 5.00\n")]),
        )
    monkeypatch.chdir(root)
    monkeypatch.setattr(run, "look_for_tweets", lambda _=None: SYNTHETIC)
    monkeypatch.setattr(validate, "look_for_tweets", lambda _=None: Finding("real", "Here."))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    return root


def store(root, lesson, *cells):
    notebook = notebook_of(*cells)
    notebook["metadata"]["kernelspec"] = dict(_KERNEL)
    full_path(lesson, root).write_text(as_text(notebook), encoding="utf-8")


def stored_report(root):
    return json.loads((root / "build/run/report.json").read_text(encoding="utf-8"))


def test_a_run_writes_copies_pages_and_a_report_that_keeps_what_did_not_run_now(course, capsys):
    store(course, LESSONS[1], markdown_cell("# <b>Bad</b>"), code_cell("1 / 0"))
    assert run.run(["01", "02"], jobs=2) == 1
    said = capsys.readouterr().out
    assert "✗ 02_long_term_dependencies" in said
    assert "ZeroDivisionError" in said
    first, second = stored_report(course)["notebooks"]
    assert first["passed"]
    assert first["seconds"] > 0
    assert first["peak_mebibytes"] > 10
    (claim,) = first["claims"]
    assert (claim["cell"], claim["value"], claim["outcome"]) == (2, 3, "holds")
    assert (second["passed"], second["failed_cell"]) == (False, 1)
    page = (course / "build/run/report.html").read_text(encoding="utf-8")
    assert "1 of 2 notebooks passed" in page
    assert "<b>Bad" not in page
    # Another run of one notebook keeps the page of the other, and does not call all passed.
    assert run.run(["01"]) == 0
    said = capsys.readouterr().out
    assert "✓ passed: 01_rnn_intuition" in said
    assert "02_long_term_dependencies" in said
    assert (course / "build/run/02_long_term_dependencies.html").is_file()
    assert [one["passed"] for one in stored_report(course)["notebooks"]] == [True, False]


def test_other_parameters_report_a_claim_and_the_comparison_names_it(course, capsys):
    assert run.run(["01"]) == 0
    assert run.run(["01"], parameter=["SEED=9"], compare_with=course / "build/run/report.json") == 0
    said = capsys.readouterr().out
    assert "does not hold: speed lies in 0.00 to 5.00" in said
    assert "01_rnn_intuition had other parameters" in said
    (one,) = stored_report(course)["notebooks"]
    assert one["parameters"] == {"SEED": 9}
    assert one["reported_only"]


def test_contradictions_and_missing_notebooks_are_one_sentence(course, tmp_path):
    full_path(LESSONS[1], course).unlink()
    for options, words in [
        ({"only": ["02"]}, "no such notebook"),
        ({"only": ["01"], "synthetic": True, "data": tmp_path}, "two kinds of tweets"),
        ({"only": ["01"], "parameter": ["SPEED=3"]}, "SPEED"),
        ({"only": ["01"], "parameter": ["SEED"]}, "NAME=VALUE"),
        ({"only": ["01"], "parameter": ["SEED=1", "SEED=2"]}, "twice"),
        ({"only": ["01"], "parameter": ["SEED='a'"]}, "kind int"),
        ({"only": ["01"], "parameter": ["SEED=2"], "record_minutes": True}, "own parameters"),
        ({"only": ["01"], "compare_with": tmp_path / "none.json"}, "cannot be read"),
    ]:
        with pytest.raises(CourseError, match=words):
            run.run(**options)


def test_quick_sets_what_a_notebook_offers(course):
    store(course, LESSON, code_cell("EPOCHS = 10\nRATE = 0.5", tags=["parameters"]))
    assert parameters.settle([LESSON], quick=True) == {LESSON.name: {"EPOCHS": 1}}
    assert parameters.settle([LESSON], ["RATE=1"]) == {LESSON.name: {"RATE": 1}}


def entry(name="01_rnn_intuition", seconds=10.0, value=1.0, outcome="holds", passed=True):
    claim = {"cell": 1, "name": "speed", "sentence": "s", "value": value, "outcome": outcome}
    return {
        "name": name,
        "passed": passed,
        "seconds": seconds,
        "parameters": {},
        "claims": [claim],
    }


def made(*entries, **machine):
    return {"date": "2026-01-01", "machine": machine, "notebooks": entries, "tweets_used": "x"}


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        (made(entry()), made(entry()), "Nothing became worse"),
        (made(entry()), made(entry(seconds=13)), "slower"),
        (made(entry()), made(entry(passed=False)), "failed now"),
        (made(entry()), made(entry(value=9.0, outcome="fails")), r"no longer true.*1, now 9"),
        (made(entry()), made(entry("02_x")), "nothing could be compared"),
        (made(entry(), keras="1"), made(entry(), keras="2"), "keras: 1 before, 2 now"),
    ],
)
def test_a_comparison_names_what_moved(before, now, words):
    assert re.search(words, "\n".join(report.compare(before, now)))


def test_the_report_has_a_column_of_parameters_only_where_one_was_given():
    kept = {"claims": [], "cpu_seconds": 1.0, "peak_mebibytes": 9, "cells": 2, "title": "Title"}
    one = {**entry(), **kept}
    for values, count in [({}, 7), ({"SEED": 9}, 8)]:
        page = report.report_page(report.make_report(SYNTHETIC, [{**one, "parameters": values}]))
        notebooks = page.split('id="notebooks"')[1].split("</table>")[0]
        assert notebooks.count('<th scope="col"') == count
        assert notebooks.count("<td") == count - 1


def test_the_bar_moves_cell_by_cell_even_for_one_notebook(monkeypatch):
    shown = io.StringIO()
    real = side_by_side.tqdm
    told = {"file": shown, "disable": False, "mininterval": 0}
    monkeypatch.setattr(side_by_side, "tqdm", lambda **given: real(**{**given, **told}))

    def work(lesson, on_cell):
        for done in range(1, 5):
            on_cell(done, 4)
        return lesson.name, ""

    assert side_by_side.side_by_side([LESSON], work, jobs=1, label="run") == [LESSON.name]
    shares = [int(share) for share in re.findall(r"(\d+)%", shown.getvalue())]
    assert shares == sorted(shares)
    assert set(shares) == {0, 25, 50, 75, 100}


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"notebooks": [{"seconds": "x"}]}'])
def test_what_is_no_report_is_refused(tmp_path, text):
    path = tmp_path / "report.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match="no report"):
        report.read_report(path)


@pytest.mark.parametrize(
    ("code", "words"),
    [("import os; os._exit(1)", "died"), ("import time; time.sleep(60)", "took longer")],
)
def test_a_dead_kernel_and_an_endless_cell_say_so(tmp_path, code, words):
    notebook = notebook_of(markdown_cell("# T"), code_cell("1"), code_cell(code))
    environment = kernel_environment(tmp_path, tmp_path)
    ran = execute(notebook, tmp_path, environment, cell_timeout=3)
    assert not ran.passed
    assert ran.failed_cell == 2
    assert words in ran.failure


DIES_ONCE = """
import os, sys
if "ipykernel_launcher" in sys.orig_argv:
    try:
        open({mark!r}, "x").close()
        os._exit(1)
    except FileExistsError:
        pass
"""


@pytest.mark.parametrize("edition", ["full", "learner"])
def test_a_kernel_that_dies_before_it_answers_is_started_once_more(
    course, tmp_path, monkeypatch, edition
):
    if edition == "learner":
        monkeypatch.setattr(
            validate.editions, "learner_edition", lambda _: notebook_of(code_cell("1"))
        )
    mark = tmp_path / "died"
    (tmp_path / "sitecustomize.py").write_text(DIES_ONCE.format(mark=str(mark)), encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    assert validate.validate(["01"], edition=edition) == 0
    assert mark.exists()


def test_a_kernel_is_cut_off_and_quiet(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LSTM_WORKSHOP_TWEETS", "tweets.csv")
    made_for = kernel_environment(tmp_path, tmp_path / "artifacts")
    assert made_for["LSTM_WORKSHOP_OFFLINE"] == "1"
    assert made_for["LSTM_WORKSHOP_TWEETS"] == str(tmp_path.resolve() / "tweets.csv")
    held = kernel_environment(tmp_path, tmp_path / "artifacts", SYNTHETIC)
    assert held["LSTM_WORKSHOP_TWEETS"] == ""


def test_jobs_follow_memory_and_what_was_asked_for(monkeypatch):
    import psutil

    assert side_by_side.jobs_here(4, 2) == 2
    few = type("Memory", (), {"available": 1024**3})
    monkeypatch.setattr(psutil, "virtual_memory", few)
    assert side_by_side.jobs_here(None, 6) == 1


def test_facts_are_written_where_a_run_asks_for_them(tmp_path, monkeypatch):
    path = tmp_path / "ledger"
    run_events.note("claim", value=1)
    assert run_events.read(path) == []
    monkeypatch.setenv(run_events.LEDGER_VARIABLE, str(path))
    run_events.note("claim", value=float("nan"), sentence="s")
    assert run_events.read(path) == [{"kind": "claim", "cell": 0, "value": None, "sentence": "s"}]


# --- validation


def test_nbval_passes_what_is_stored_and_finds_what_is_not(course, capfd):
    for name in [name for name in os.environ if name.startswith("COV_CORE")]:
        os.environ.pop(name)
    assert validate.validate(["01"]) == 0
    assert "2 cells compared, 0 executed but not compared" in capfd.readouterr().out
    text = full_path(LESSON, course).read_text(encoding="utf-8")
    full_path(LESSON, course).write_text(text.replace('"3\\n"', '"4\\n"'), encoding="utf-8")
    assert validate.validate(["01"]) == 1
    assert validate.validate(["01"], lax=True) == 0


def test_on_synthetic_tweets_tagged_cells_are_not_compared(course):
    cells = code_cell("1", [stream("1\n")], ["real-tweets"]), code_cell("2", [stream("2\n")])
    store(course, LESSON, *cells)
    real = validate.copy_for_nbval(LESSON, real=True)
    assert validate.treatment(real).startswith("2 cells compared")
    synthetic = validate.copy_for_nbval(LESSON, real=False)
    assert validate.treatment(synthetic).startswith("1 cells compared, 1 executed")


def test_what_nbval_would_pass_without_looking_is_refused(course):
    store(course, LESSON, code_cell("1", count=None))
    with pytest.raises(CourseError, match="without an execution"):
        validate.copy_for_nbval(LESSON, real=True)


def test_the_solved_edition_is_executed(course):
    text = text_path(LESSON, course).read_text(encoding="utf-8")
    text = text.replace("\n```{code-cell} ipython3\nsolution_answer\n```\n", "")
    text += "\n```{code-cell} ipython3\nprint('answer', answer)\n```\n"
    text_path(LESSON, course).write_text(text, encoding="utf-8")
    assert validate.validate(["01"], edition="solved") == 0
    ran = read_notebook(course / "build/validate/solved/01_rnn_intuition.ipynb")
    assert ran["cells"][-1]["outputs"][0]["text"] == "answer 2\n"
    assert validate.validate(["01"], edition="learner") == 0
