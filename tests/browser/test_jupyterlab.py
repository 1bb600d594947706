"""The six notebooks in a real JupyterLab and a real browser, on the offline twin, cut off."""

import re

import pytest
from lab_page import BADGE, REPOSITORY, alts, open_in_lab, run_all, without_outputs
from tiny_course import code_cell, markdown_cell, notebook_of

from workshop_tools.editions import IGNORE, code_cells, read_notebook, tags
from workshop_tools.pages import notebook_page
from workshop_tools.validate import REAL_TWEETS
from workshop_utils import quizzes
from workshop_utils.lessons import LESSONS

pytestmark = pytest.mark.browser

NOTEBOOK = LESSONS[0].full(REPOSITORY)
QUIZ = LESSONS[0].subject
QUIZ_PAGE = "quiz.ipynb"


def printed(notebook):
    """Return what the cells printed whose output is the same everywhere, by their place."""
    return {
        place: "".join(
            output["text"] for output in cell["outputs"] if output.get("name") == "stdout"
        )
        for place, cell in enumerate(code_cells(notebook), start=1)
        if not {IGNORE, REAL_TWEETS} & set(tags(cell))
    }


def move_the_explorer(page):
    """Move a slider by keyboard; the equations below must be others then."""
    equations = page.get_by_role("group", name="Equations of this step").locator("pre")
    before = equations.text_content()
    page.locator(".widget-slider .noUi-handle").first.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        """before => document.querySelector('[aria-label="Equations of this step"] pre')
                         .textContent !== before""",
        arg=before,
    )


def write_in_the_box(page):
    """Write in the text box; the answer below must repeat the new text."""
    page.locator(".widget-textarea textarea").fill("a very bad night")
    page.get_by_role("status").filter(has_text="a very bad night").wait_for()


def answer_a_question(page):
    """Choose an answer; an explanation must appear."""
    page.get_by_role("button", name="Choose A").first.click()
    page.get_by_role("button", name="Chosen: A").first.wait_for()
    page.get_by_text("Right so far: ").first.wait_for()


MOVED = {"gate_walkthrough": move_the_explorer, "inference": write_in_the_box}


@pytest.mark.parametrize("lesson", LESSONS, ids=[lesson.number for lesson in LESSONS])
def test_a_notebook_runs_in_jupyterlab_and_its_figures_are_described(page, lab, lesson):
    stored = read_notebook(lesson.full(REPOSITORY))
    notebook, name = without_outputs(lesson.full(REPOSITORY)), f"{lesson.name}.ipynb"
    open_in_lab(page, lab, notebook, name)
    ran = run_all(page, lab, name, len(code_cells(notebook)))
    kinds = {output["output_type"] for cell in code_cells(ran) for output in cell["outputs"]}
    assert "error" not in kinds
    assert page.locator('[data-mime-type="application/vnd.jupyter.stderr"]').count() == 0
    prompts = page.locator(".jp-CodeCell .jp-InputPrompt").all_text_contents()
    # A collapsed solution shows no number; in the saved file it has one, as all cells have.
    collapsed = sum("jupyter" in cell["metadata"] for cell in code_cells(notebook))
    numbered = [prompt for prompt in prompts if re.fullmatch(r"\[\d+\]:", prompt)]
    assert len(numbered) == len(code_cells(notebook)) - collapsed > 0, prompts
    captions = page.locator(".jp-OutputArea-output.jp-RenderedMarkdown").all_text_contents()
    shown = [" ".join(text.split()) for text in captions]
    described = alts(ran)
    assert described
    for alt in described:
        assert any(" ".join(alt.split()) in text for text in shown), f"no caption says: {alt}"
    assert printed(ran) == printed(stored)
    answer_a_question(page)
    MOVED.get(lesson.subject, lambda _: None)(page)
    assert page.problems == []
    assert set(page.outside) <= {BADGE}  # without it the link shows its text


def quiz_notebook(outputs=(), count=None):
    """Return a notebook that shows the first quiz, not executed or with a stored output."""
    code = f'from workshop_utils import quizzes\n\nquizzes.show("{QUIZ}")'
    notebook = notebook_of(markdown_cell("## Quiz"), code_cell(code, outputs, count=count))
    # Without it, JupyterLab asks which kernel to start.
    notebook["metadata"] = read_notebook(NOTEBOOK)["metadata"]
    return notebook


def test_a_quiz_explains_the_answer_that_is_chosen(page, lab):
    question = quizzes.load(QUIZ)[0]
    open_in_lab(page, lab, quiz_notebook(), QUIZ_PAGE)
    run_all(page, lab, QUIZ_PAGE, 1)
    area = page.locator(".jp-OutputArea").first
    area.get_by_role("button", name="Choose A").first.wait_for()
    assert area.locator("details").count() == 0
    assert len(quizzes.load(QUIZ)) == area.get_by_role("button", name="Choose A").count()
    for option, right in zip(question.options, (0, 1), strict=False):
        # By keyboard, as a reader without a mouse does it.
        area.get_by_role("button", name=f"Choose {option.letter}").first.focus()
        page.keyboard.press("Enter")
        area.get_by_role("button", name=f"Chosen: {option.letter}").wait_for()
        begins = f"{option.letter}. {option.why.split('$')[0].strip()}"
        area.get_by_role("status").filter(has_text=begins).wait_for()
        area.get_by_text(f"Right so far: {right} of ").wait_for()
    # The explanation of the second option holds formulas, and they are typeset.
    formulas = question.options[1].why.count("$") // 2
    status = area.get_by_role("status").filter(has_text=begins)
    status.locator("mjx-container").nth(formulas - 1).wait_for()
    assert status.locator("mjx-container").count() == formulas > 0
    assert page.problems == []


def stored_quiz():
    quiz = quizzes.load(QUIZ)
    data = {"text/html": quizzes.as_html(quiz), "text/plain": quizzes.as_text(quiz)}
    return {"output_type": "display_data", "metadata": {}, "data": data}


@pytest.mark.parametrize("place", ["lab", "report"])
def test_a_stored_quiz_opens_without_a_kernel(page, lab, tmp_path, place):
    notebook = quiz_notebook([stored_quiz()], 1)
    if place == "lab":
        open_in_lab(page, lab, notebook, QUIZ_PAGE)
    else:
        file = tmp_path / "page.html"
        file.write_text(notebook_page(notebook, "The quiz"), encoding="utf-8")
        page.goto(file.as_uri(), wait_until="domcontentloaded")
    option = quizzes.load(QUIZ)[1].options[0]
    explanation = page.get_by_text(option.why, exact=True)
    assert not explanation.is_visible()
    page.locator("summary", has_text=option.text).click()
    assert explanation.is_visible()


def test_the_report_page_reads_each_picture_to_a_screen_reader(page, tmp_path):
    notebook = read_notebook(NOTEBOOK)
    file = tmp_path / "page.html"
    file.write_text(notebook_page(notebook, "The first"), encoding="utf-8")
    page.goto(file.as_uri(), wait_until="domcontentloaded")
    described = alts(notebook)
    assert described
    for alt in described:
        assert page.get_by_role("img", name=alt, exact=True).count() >= 1, alt
        assert page.get_by_text(alt).first.is_visible()
