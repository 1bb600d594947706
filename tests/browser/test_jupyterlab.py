"""The learner's notebooks in a real JupyterLab, on synthetic tweets, cut off from the network."""

import pytest
from lab_page import REPOSITORY, alts, descriptions, is_only_dressing, open_in_lab, run_all
from tiny_course import code_cell, markdown_cell, notebook_of

from workshop_tools.editions import code_cells, read_notebook
from workshop_tools.lesson_files import full_path, learner_path
from workshop_tools.pages import notebook_page
from workshop_utils.learning import quizzes
from workshop_utils.learning.lessons import LESSONS
from workshop_utils.learning.quizzes.markup import as_plain

pytestmark = pytest.mark.browser

LONG = ("01", "02", "03", "05")
PRESENT = [
    pytest.param(lesson, marks=[pytest.mark.slow] * (lesson.number in LONG), id=lesson.number)
    for lesson in LESSONS
    if learner_path(lesson, REPOSITORY).is_file()
]
NOTEBOOK = full_path(LESSONS[0], REPOSITORY)
QUIZ = LESSONS[0].subject
QUIZ_PAGE = "quiz.ipynb"


def write_a_sentence(page):
    """Write into the sentence reader; its answer must change."""
    before = page.locator(".verdict").inner_text()
    page.get_by_label("Your sentence").fill("a very bad night")
    changed = "before => document.querySelector('.verdict').innerText !== before"
    page.wait_for_function(changed, arg=before)


MOVED = {"inference": write_a_sentence}


@pytest.mark.parametrize("lesson", PRESENT)
def test_a_learners_notebook_runs_in_jupyterlab_and_its_figures_are_described(page, lab, lesson):
    notebook = read_notebook(learner_path(lesson, REPOSITORY))
    name = f"{lesson.name}.ipynb"
    open_in_lab(page, lab, notebook, name)
    ran = run_all(page, lab, name, len(code_cells(notebook)))
    kinds = {output["output_type"] for cell in code_cells(ran) for output in cell["outputs"]}
    assert "error" not in kinds
    warned = page.locator('[data-mime-type="application/vnd.jupyter.stderr"]')
    assert warned.all_text_contents() == []
    captions = page.locator(".jp-OutputArea-output.jp-RenderedMarkdown").all_text_contents()
    shown = [" ".join(text.split()) for text in captions]
    described = alts(ran)
    assert described
    for alt in described:
        assert any(" ".join(alt.split()) in text for text in shown), f"no caption says: {alt}"
    MOVED.get(lesson.subject, lambda _: None)(page)
    assert page.problems == []
    assert is_only_dressing(page.outside)  # without them their words are shown


def quiz_notebook(outputs=(), count=None):
    """Return a notebook that shows the first quiz, not executed or with a stored output."""
    code = f'from workshop_utils.learning import quizzes\n\nquizzes.show("{QUIZ}")'
    notebook = notebook_of(markdown_cell("## Quiz"), code_cell(code, outputs, count=count))
    # Without it, JupyterLab asks which kernel to start.
    notebook["metadata"] = read_notebook(NOTEBOOK)["metadata"]
    return notebook


def test_a_quiz_explains_the_answer_that_is_chosen(page, lab):
    question = quizzes.load(QUIZ)[0]
    open_in_lab(page, lab, quiz_notebook(), QUIZ_PAGE)
    run_all(page, lab, QUIZ_PAGE, 1)
    area = page.locator(".jp-OutputArea").first
    option = question.options[0]
    button = area.get_by_role("button", name=option.text).first
    button.wait_for()
    button.focus()
    page.keyboard.press("Enter")  # as a reader without a mouse does it
    begins = option.why.split("$")[0].split("`")[0].split("*")[0].strip()
    area.get_by_text(begins).first.wait_for()
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
    sign = "✓" if option.right else "✗"
    explanation = page.get_by_text(f"{sign} {as_plain(option.why)}", exact=True)
    assert not explanation.is_visible()
    page.locator("summary", has_text=as_plain(option.text)).click()
    assert explanation.is_visible()


def test_the_report_page_reads_each_picture_to_a_screen_reader(page, tmp_path):
    notebook = read_notebook(NOTEBOOK)
    file = tmp_path / "page.html"
    file.write_text(notebook_page(notebook, "The first"), encoding="utf-8")
    page.goto(file.as_uri(), wait_until="domcontentloaded")
    described = alts(notebook)
    told = descriptions(page)
    assert described
    for alt in described:
        assert page.get_by_text(alt).first.is_visible()
    # Each live drawing has taken the place of one picture.
    live = page.locator(".lstm-workshop-live").count()
    assert live >= 1
    assert len(set(described) & told.keys()) == len(described) - live
    assert len(told["Live drawing"]) > 100
