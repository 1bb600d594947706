"""A run beside an earlier one, and reading the earlier report."""

import json
from dataclasses import replace

import pytest

from workshop_tools.compare import compare
from workshop_tools.report import Claim, NotebookRun, Report, as_json, read_report
from workshop_tools.report_page import report_page
from workshop_utils.lessons import CourseError


def notebook(name="01_a", seconds=10.0, claims=(), **more):
    about = {"peak_mebibytes": 100, "cells": 2, "failed_cell": None, "failure": ""}
    return NotebookRun(name, f"Title {name}", seconds=seconds, claims=claims,
                       **({"passed": True} | about | more))  # fmt: skip


def metric(value, outcome="holds", name="accuracy", **more):
    about = {"low": 0.8, "high": 0.9, "digits": 2} | more
    return Claim(3, f"{name} lies in 0.80 to 0.90", outcome, name, value, **about)


def report(*notebooks, tweets="the real tweets", cores=2, **machine):
    machine = {"system": "Linux", "keras": "3.14"} | machine
    return Report("2026-01-01T00:00:00+00:00", True, tweets, "From the cache.", machine,
                  notebooks, (), cores)  # fmt: skip


def test_two_equal_runs_have_nothing_to_say():
    same = report(notebook(claims=(metric(0.85),)))
    found = compare(same, same)
    assert (found.remarks, found.findings, found.versions) == ((), (), ())
    assert found.notebooks[0].change == 0
    assert found.metrics[0].now == 0.85
    assert "Nothing became worse." in report_page(same, found)


@pytest.mark.parametrize(("seconds", "named"), [(12.0, False), (12.1, True), (8.0, False)])
def test_a_notebook_slower_by_more_than_a_fifth_is_named(seconds, named):
    found = compare(report(notebook()), report(notebook(seconds=seconds)))
    sentence = "01_a is slower by 21%: 10.0 s before, 12.1 s now."
    assert found.findings == ((sentence,) if named else ())
    assert found.notebooks[0].slower is named


def test_a_notebook_that_fails_now_is_named_and_not_called_slow():
    bad = notebook(seconds=60.0, passed=False, failed_cell=2, failure="x")
    found = compare(report(notebook()), report(bad))
    assert found.findings == ("01_a: passed before, failed in cell 2 now.",)
    mended = compare(report(bad), report(notebook()))
    assert mended.findings == ("01_a: failed in cell 2 before, passed now.",)
    assert compare(report(notebook(seconds=0.0)), report(bad)).notebooks[0].change is None


def test_a_metric_that_left_its_band_is_named():
    before = report(notebook(claims=(metric(0.85), metric(0.5, "fails", name="loss"))))
    now = report(notebook(claims=(metric(0.95, "fails"), metric(0.4, "fails", name="loss"))))
    found = compare(before, now)
    assert found.findings == (
        "01_a: accuracy left its band 0.80 to 0.90: 0.8500 before, 0.9500 now.",
    )
    assert [one.left_band for one in found.metrics] == [True, False]
    page = report_page(now, found)
    assert "<strong>01_a: accuracy left its band" in page
    assert "+0.1000" in page


def test_claims_without_a_number_and_numbers_that_are_none():
    true, false = Claim(1, "two is even", "holds"), Claim(4, "two is even", "fails")
    before = report(notebook(claims=(true, metric(0.85))))
    now = report(notebook(claims=(false, metric(None, "fails"))))
    found = compare(before, now)
    assert found.findings == (
        "01_a: no longer true: two is even.",
        "01_a: no longer true: accuracy lies in 0.80 to 0.90.",
    )
    assert found.metrics == ()


def test_a_metric_that_comes_twice_is_paired_in_order():
    before = report(notebook(claims=(metric(0.81), metric(0.82))))
    now = report(notebook(claims=(metric(0.83), metric(0.84))))
    pairs = [(one.before, one.now) for one in compare(before, now).metrics]
    assert pairs == [(0.81, 0.83), (0.82, 0.84)]


def test_what_makes_two_runs_unlike_is_said():
    before = report(notebook(), notebook("02_b"), keras="3.13")
    now = report(
        notebook(parameters={"SEED": 7}), notebook("03_c"), tweets="the offline twin", cores=8
    )
    found = compare(before, now)
    assert found.remarks == (
        "The earlier run used the real tweets, this one the offline twin.",
        "The earlier run had 2 CPU cores, this one 8.",
        "The parameters are not the same: 01_a.",
        "Only in the earlier run: 02_b.",
        "Only in this run: 03_c.",
    )
    assert found.versions == (("keras", "3.13", "3.14"),)
    page = report_page(now, found)
    assert "<caption>What is another version</caption>" in page


def test_two_runs_without_a_common_notebook_are_not_called_equal():
    before, now = report(notebook("02_b")), report(notebook("03_c"))
    found = compare(before, now)
    assert (
        found.remarks[0] == "The two runs have no notebook in common, so nothing could be compared."
    )
    assert found.verdict == ()
    page = report_page(now, found)
    assert "Nothing became worse" not in page
    assert "<caption>Notebooks in both runs" not in page


def test_a_report_is_read_as_it_was_written(tmp_path):
    path = tmp_path / "report.json"
    written = report(notebook(claims=(metric(0.85),), parameters={"SEED": 7}))
    path.write_text(as_json(written, comparison={"date": "x"}), encoding="utf-8")
    assert read_report(path) == written


def test_a_report_of_an_older_version_is_read_too(tmp_path):
    content = json.loads(as_json(report(notebook())))
    content["gone"] = 1
    for name in ("claims", "cpu_seconds", "wanted_bytes", "parameters"):
        del content["notebooks"][0][name]
    del content["cores"]
    path = tmp_path / "report.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    assert read_report(path) == replace(report(notebook()), cores=0)


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"notebooks": [{}], "slowest": []}'])
def test_another_file_is_no_report(tmp_path, text):
    path = tmp_path / "other.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match="is no report of a run"):
        read_report(path)
    with pytest.raises(CourseError, match="cannot be read"):
        read_report(tmp_path / "absent.json")
