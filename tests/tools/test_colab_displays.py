"""What Colab does differently around a lesson: tables, secrets, files, widgets."""

import ast
import re
from pathlib import Path

import pytest
from colab_kernel import outputs_of, run_in_colab, text_of

from workshop_tools.colab_check import notebook_of_script, raw_html
from workshop_tools.lesson_files import text_path
from workshop_utils.learning.lessons import LESSONS

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = "application/vnd.google.colaboratory.module+javascript"
INTRINSIC = "application/vnd.google.colaboratory.intrinsic+json"

TABLES = """
import numpy as np
import pandas as pd
rng = np.random.default_rng(141)
tables = [pd.DataFrame(rng.random((3, 2)), ["<b>network</b>", "b", "c"]) for _ in range(3)]
"""
PRINT = "for table in tables:\n    print(table.to_string())"
SHOW = "for table in tables:\n    display(table, table.iloc[:, 0])"
ENABLE = "from google.colab import data_table\ndata_table.enable_dataframe_formatter()"


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """Our tables, printed and displayed, before and after Colab's interactive tables are on."""
    folder = tmp_path_factory.mktemp("tables")
    ran = run_in_colab(folder / "content", TABLES, PRINT, SHOW, ENABLE, PRINT, SHOW)
    assert ran.passed, ran.failure
    return ran


def test_a_printed_table_is_the_same_under_colabs_formatter(tables):
    assert text_of(tables, 2)
    assert text_of(tables, 5) == text_of(tables, 2)
    assert not any(map(raw_html, outputs_of(tables, 5)))


def test_a_displayed_table_is_a_table_and_no_html_is_seen(tables):
    for number in (3, 6):
        shown = [output["data"] for output in outputs_of(tables, number)]
        assert len(shown) == 6
        # No warning, no traceback: every output is a display.
        assert {output["output_type"] for output in outputs_of(tables, number)} == {"display_data"}
        for data in shown:
            assert "<table" in data["text/html"]
            assert raw_html({"data": {"text/plain": data["text/plain"]}}) == []
            assert "<b>network</b>" not in data["text/html"]


def test_the_interactive_form_is_really_there(tables):
    before = outputs_of(tables, 3)
    after = outputs_of(tables, 6)
    assert not any(SCRIPT in output["data"] for output in before)
    assert sum(SCRIPT in output["data"] for output in after) == 3
    assert all(INTRINSIC in output["data"] for output in before[::2])


@pytest.mark.parametrize(
    ("output", "seen"),
    [
        ({"text": "<table><tr>"}, ["<table>", "<tr>"]),
        ({"data": {"text/plain": "<div class='a'>"}}, ["<div class='a'>"]),
        ({"data": {"text/plain": "<script>", INTRINSIC: {"type": "string"}}}, ["<script>"]),
        ({"data": {"text/plain": "<div>", "text/html": "<div>"}}, []),
        ({"data": {"text/plain": "<Figure size 640x480 with 1 Axes>"}}, []),
        ({"data": {"text/plain": "<Dense name=dense>"}}, []),
        ({"text": "x < y > z"}, []),
    ],
)
def test_html_that_a_reader_sees_as_text_is_found(output, seen):
    assert raw_html(output) == seen


@pytest.mark.parametrize("lesson", LESSONS, ids=[lesson.number for lesson in LESSONS])
def test_no_lesson_needs_a_file_a_secret_or_an_account(lesson):
    text = text_path(lesson, ROOT).read_text(encoding="utf-8")
    cells = re.findall(r"^```\{code-cell\}.*?\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert cells
    assert not [cell for cell in cells if re.search(r"google|mount_drive|\binput\(", cell)]


def test_the_package_asks_colab_for_its_drive_and_nothing_else():
    used = set()
    for path in (ROOT / "workshop_utils").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("google"):
                used |= {(path.name, alias.name) for alias in node.names}
            elif isinstance(node, ast.Import):
                assert not any(alias.name.startswith("google") for alias in node.names)
    assert used <= {("drive.py", "drive"), ("drive.py", "errors")}


REFUSALS = ["denied", "headless", "timeout", "policy", "nothing", "vscode", "stopped"]
LESSON = """
import os
import workshop_utils
workshop_utils.start("06")
from workshop_utils.runtime import storage
for os.environ["COLAB_STUB_DRIVE"] in {refusals}:
    print(storage.mount_drive())
storage.write_text(storage.artifacts_dir() / "model.txt", "saved")
"""


def test_a_lesson_saves_locally_whatever_drive_answers_and_asks_for_nothing_else(
    tmp_path, private_folders
):
    cell = LESSON.format(refusals=REFUSALS)
    ran = run_in_colab(tmp_path / "content", cell, LSTM_WORKSHOP_ARTIFACTS="")
    assert ran.passed, ran.failure
    first, *lines = text_of(ran, 1).splitlines()
    assert first.startswith("Notebook 06 · Google Colab · ")
    assert [line.split(" (")[0] for line in lines] == (
        ["Google Drive was not mounted", "False"] * len(REFUSALS)
    )
    saved = private_folders / "cache" / "artifacts" / "model.txt"
    assert saved.read_text() == "saved"
    assert (tmp_path / "asked.txt").read_text().split() == ["drive.mount"] * len(REFUSALS)


def snippet_of_readme():
    text = (ROOT / "colab" / "README.md").read_text(encoding="utf-8")
    (snippet,) = [
        code for code in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if "files" in code
    ]
    return snippet


def test_the_answers_can_be_taken_home_as_the_readme_says(tmp_path):
    answer = (
        "from workshop_utils.learning import record\nrecord.record_quiz('inference', 1, 'A', True)"
    )
    told = "print(files.CALLS)"
    ran = run_in_colab(
        tmp_path / "content", answer, snippet_of_readme(), told, LSTM_WORKSHOP_PROGRESS=""
    )
    assert ran.passed, ran.failure
    assert "progress.jsonl" in text_of(ran, 3)


def test_every_widget_answers_in_a_real_kernel(tmp_path):
    script = ROOT / "tests" / "colab" / "touch_widgets.py"
    cells = notebook_of_script("import workshop_utils", script)["cells"]
    assert len(cells) == script.read_text(encoding="utf-8").count("# %%") + 1
    ran = run_in_colab(tmp_path / "content", *(cell["source"] for cell in cells))
    assert ran.passed, ran.failure
    assert text_of(ran, len(cells)).startswith("Every widget answers, with ipywidgets 8")
