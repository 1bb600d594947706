"""How large a hub must be: the formulas on round numbers, and the table in its place."""

from dataclasses import replace
from pathlib import Path

import pytest

from workshop_utils.course import sizing, sizing_page
from workshop_utils.course.catalogue import LESSONS, CourseError
from workshop_utils.course.report import NotebookRun, Report, as_json
from workshop_utils.course.sizing import Assumptions, most_running, one_learner, size, sizes

MEBIBYTE = 1024**2
# Both have 45 and 55 minutes of reading and exercises.
ONE, TWO = LESSONS[:2]


def notebook(lesson, **more):
    about = {
        "passed": True,
        "seconds": 100.0,
        "peak_mebibytes": 1000,
        "cells": 1,
        "failed_cell": None,
        "failure": "",
        "cpu_seconds": 150.0,
        "wanted_bytes": {"tweets": 8 * MEBIBYTE},
        "saved_bytes": 2 * MEBIBYTE,
        "copy_bytes": MEBIBYTE,
    }
    return NotebookRun(lesson.name, "T", **(about | more))


def report(*notebooks, server=200):
    return Report("2026-01-02T03:04:05+00:00", True, "the real tweets", "Here.", {},
                  notebooks or (notebook(ONE), notebook(TWO, peak_mebibytes=600, seconds=300.0)),
                  (), 2, server)  # fmt: skip


def test_one_learner_needs_the_server_and_the_largest_peak():
    each = one_learner(report(), Assumptions())
    assert (each.memory_mebibytes, each.server_mebibytes) == (1200, 200)
    assert each.busy_cores == 1.5
    assert each.fetched_bytes == 8 * MEBIBYTE, "one file, however many notebooks ask for it"
    assert each.kept_bytes == 6 * MEBIBYTE
    # 300 seconds of running beside 55 minutes is the largest share.
    assert each.at_once == pytest.approx(300 / (55 * 60 + 300))


def test_open_notebooks_add_their_peaks():
    assert one_learner(report(), Assumptions(open_kernels=2)).memory_mebibytes == 1800
    assert one_learner(report(), Assumptions(open_kernels=6)).memory_mebibytes == 1800
    assert one_learner(report(server=None), Assumptions()).memory_mebibytes == 1000


def test_thirty_learners():
    each = one_learner(report(), Assumptions(at_once=0.5))
    found = size(30, each)
    assert found.memory_mebibytes == 36_000
    assert found.cores_at_once == 45
    # Of 30 coins at most 21 show heads with probability 0.9919, at most 20 with 0.9786.
    assert found.cores_spread == 32
    assert found.fetched_bytes == 240 * MEBIBYTE
    assert found.fetched_shared_bytes == 8 * MEBIBYTE
    assert found.disk_bytes == (240 + 180) * MEBIBYTE
    assert found.disk_shared_bytes == (8 + 180) * MEBIBYTE


@pytest.mark.parametrize("learners", sizing.LEARNERS)
def test_more_learners_need_more_and_never_more_than_all_at_once(learners):
    each = one_learner(report(), Assumptions())
    found = size(learners, each)
    assert 1 <= found.cores_spread <= found.cores_at_once
    assert found.fetched_bytes == learners * found.fetched_shared_bytes
    assert size(learners + 1, each).cores_at_once > found.cores_at_once


def test_the_number_that_run_is_the_smallest_that_is_enough():
    assert most_running(30, 0.5) == 21
    assert most_running(1, 0.001) == 0
    assert most_running(300, 1.0) == 300
    # By the normal approximation 10,000 / 2 + 2.326 * 50, give or take one.
    assert abs(most_running(10_000, 0.5) - 5116) <= 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"passed": False}, "01_rnn_intuition failed"),
        ({"parameters": {"EPOCHS": 1}}, "ran with other parameters"),
        ({"peak_mebibytes": None}, "was not measured"),
        ({"cpu_seconds": None}, "was not measured"),
    ],
)
def test_a_run_that_is_not_the_notebooks_as_they_are_is_refused(changed, words):
    with pytest.raises(CourseError, match=words):
        one_learner(report(notebook(ONE, **changed)), Assumptions())


def test_what_makes_no_sense_is_refused():
    with pytest.raises(CourseError, match="no notebook 01_old"):
        one_learner(report(replace(notebook(ONE), name="01_old")), Assumptions())
    with pytest.raises(CourseError, match="nothing to compute"):
        one_learner(replace(report(), notebooks=()), Assumptions())
    for share in (0.0, 1.1):
        with pytest.raises(ValueError, match="A share"):
            sizes(report(), Assumptions(at_once=share), [1])
    with pytest.raises(ValueError, match="1 notebook or more"):
        sizes(report(), Assumptions(open_kernels=0), [1])
    with pytest.raises(ValueError, match="at least one learner"):
        sizes(report(), Assumptions(), [0])


# --- the table


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0 B"), (1023, "1,023 B"), (8_485_200, "8.1 MiB"), (1200 * 30 * MEBIBYTE, "35 GiB"),
     (2000 * 1024**4, "2,000 TiB")],
)  # fmt: skip
def test_bytes_in_words(number, text):
    assert sizing_page.in_bytes(number) == text


def test_the_tables_state_what_they_stand_on():
    text = sizing_page.as_markdown(report(), Assumptions(at_once=0.5), [30])
    lines = text.splitlines()
    assert lines[2] == "| 30 | 35 GiB | 32 | 45 | 240 MiB | 8.0 MiB | 420 MiB | 188 MiB |"
    assert "on 2026-01-02 with 2 CPU cores" in text
    assert "a JupyterLab server of 200 MiB, and 1 open notebook at" in text
    assert "with `--record-minutes` each starts cold" in text
    cold = sizing_page.as_markdown(replace(report(), cold=True), Assumptions(), [30])
    assert "Each started cold." in cold
    assert "50.0% of the time (as given)" in text
    assert f"| {ONE.name} | 100.0 | 150.0 | 1,000 MiB | 8.0 MiB | 2.0 MiB |" in lines
    assert all(line.count("|") == 9 for line in lines[:3])
    unknown = sizing_page.as_markdown(report(server=None), Assumptions(open_kernels=2), [30])
    assert "no JupyterLab server, which was not measured, and 2 open notebooks" in unknown
    assert "computed from the minutes" in unknown


@pytest.fixture
def root(tmp_path):
    (tmp_path / "colab").mkdir()
    (tmp_path / "report.json").write_text(as_json(report()), encoding="utf-8")
    return tmp_path


def test_the_guide_gets_the_table_between_its_marks(root, capsys):
    guide = root / sizing_page.GUIDE
    around = "# Guide\n\n<!-- sizing:begin -->\nold\n<!-- sizing:end -->\n\nBy hand.\n"
    guide.write_text(around, encoding="utf-8")
    for _ in range(2):
        assert sizing_page.sizing(root / "report.json", write=True, root=root) == 0
        text = guide.read_text(encoding="utf-8")
        assert text.startswith("# Guide\n\n<!-- sizing:begin -->\n| Learners |")
        assert text.endswith("|\n<!-- sizing:end -->\n\nBy hand.\n")
        assert "| 10,000 |" in text
        assert "\nold\n" not in text
    assert "colab/INSTRUCTOR.md" in capsys.readouterr().out


def test_without_write_the_table_is_printed(root, capsys):
    assert sizing_page.sizing(root / "report.json", learners=[7], root=root) == 0
    assert "| 7 | 8.2 GiB |" in capsys.readouterr().out
    assert not (root / sizing_page.GUIDE).exists()


@pytest.mark.parametrize(
    "text",
    [
        "no marks",
        "<!-- sizing:begin -->",
        "<!-- sizing:end --><!-- sizing:begin -->",
        "<!-- sizing:begin --><!-- sizing:end -->" * 2,
    ],
)
def test_a_guide_without_its_marks_is_left_alone(root, text):
    guide = root / sizing_page.GUIDE
    guide.write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match="must have one line <!-- sizing:begin -->"):
        sizing_page.sizing(root / "report.json", write=True, root=root)
    assert guide.read_text(encoding="utf-8") == text
    guide.unlink()
    with pytest.raises(CourseError, match="is missing"):
        sizing_page.sizing(root / "report.json", write=True, root=Path(root))
