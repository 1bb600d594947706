"""The path of a learner: run all, answer wrongly, then rightly, lose the kernel, come back."""

import json
import subprocess
import sys

import pytest
from lab_page import (
    REPOSITORY,
    environment,
    is_only_dressing,
    open_again,
    open_in_lab,
    run_all,
    save_until,
    stop_kernels,
)
from tiny_course import markdown_cell

from workshop_tools.editions import code_cells, read_notebook
from workshop_tools.lesson_files import learner_path
from workshop_utils.learning.exercises import rnn_intuition
from workshop_utils.learning.lessons import LESSONS

pytestmark = pytest.mark.browser

LESSON = LESSONS[0]
NAME = "my_first_notebook.ipynb"
EXERCISE = rnn_intuition.rnn_step
STUB = "def rnn_step(x, h, W, U, b):"
CHECK = "step = exercises.rnn_step.use(rnn_step)"
WRONG = f"{STUB} return x @ W + h @ U + b"
RIGHT = f"{STUB} return np.tanh(x @ W + h @ U + b)"
NO_TANH = EXERCISE.judge(lambda x, h, W, U, b: x @ W + h @ U + b).line


def cell_with(page, source):
    """Return the code cell whose text begins so."""
    return (
        page.locator(".jp-CodeCell").filter(has=page.locator(".cm-content", has_text=source)).first
    )


def write_and_run(page, cell, source):
    """Replace what stands in a cell, as a learner types it, and run it."""
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(source)
    page.keyboard.press("Shift+Enter")


def check_says(page, line):
    """Run the cell of the check and wait for the line that it prints."""
    cell = cell_with(page, CHECK)
    cell.locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    cell.locator(".jp-OutputArea-output", has_text=line).wait_for()


def sources(notebook):
    return [cell["source"] for cell in code_cells(notebook)]


def kept(lab):
    """Return what `workshop progress` says of this notebook, in a process of its own."""
    start = "from workshop_utils.cli.main import main; main()"
    command = [sys.executable, "-c", start, "progress", "--json", "--notebook", LESSON.number]
    done = subprocess.run(
        command, env=environment(lab.home), capture_output=True, text=True, check=True
    )
    (notebook,) = json.loads(done.stdout)["notebooks"]
    return notebook


def up_to_the_check():
    """Return the learner's notebook without what follows the check of the exercise."""
    notebook = read_notebook(learner_path(LESSON, REPOSITORY))
    (last,) = [k for k, cell in enumerate(notebook.cells) if CHECK in cell["source"]]
    # Without a last one JupyterLab would add a cell when the check is run.
    notebook.cells[last + 1 :] = [markdown_cell("The end.")]
    return notebook


def test_a_learner_answers_loses_the_kernel_and_comes_back(page, lab):
    notebook = up_to_the_check()
    cells = len(code_cells(notebook))
    open_in_lab(page, lab, notebook, NAME)
    ran = run_all(page, lab, NAME, cells)
    said = "".join(output.get("text", "") for cell in code_cells(ran) for output in cell["outputs"])
    assert "Not attempted yet" in said

    write_and_run(page, cell_with(page, STUB), WRONG)
    check_says(page, NO_TANH)
    write_and_run(page, cell_with(page, STUB), RIGHT)
    check_says(page, "Correct.")

    save_until(page, lab, NAME, lambda saved: RIGHT in sources(saved))
    stop_kernels(lab.url)
    open_again(page, lab, NAME)
    ran = run_all(page, lab, NAME, cells)
    (checked,) = [cell for cell in code_cells(ran) if CHECK in cell["source"]]
    assert "✓ Correct" in "".join(output["text"] for output in checked["outputs"])
    (known,) = [each for each in kept(lab)["exercises"] if each["name"] == EXERCISE.name]
    assert (known["outcome"], known["wrong"]) == ("correct", 1)
    assert page.problems == []
    assert is_only_dressing(page.outside)
