"""The files of the quizzes, and their page for places without a kernel."""

import re
from pathlib import Path

import pytest
from page_elements import Elements
from sample_quizzes import FILE, HOSTILE, QUESTION, hostile_quiz

from workshop_tools.lesson_files import text_path
from workshop_utils.learning import quizzes
from workshop_utils.learning.lessons import EVERY
from workshop_utils.learning.quizzes import markup
from workshop_utils.learning.quizzes.questions import FEWEST_QUESTIONS

REPOSITORY = Path(__file__).parents[2]
SUBJECTS = [lesson.subject for lesson in EVERY]


# The files.


def test_each_notebook_has_a_quiz_and_each_quiz_a_notebook():
    assert quizzes.names() == sorted(SUBJECTS)


@pytest.mark.parametrize("lesson", EVERY, ids=SUBJECTS)
def test_each_text_shows_its_own_quiz_under_its_heading(lesson):
    text = text_path(lesson, REPOSITORY).read_text(encoding="utf-8")
    assert re.findall(r"^quizzes\.show\((.*)\)$", text, re.MULTILINE) == [f'"{lesson.subject}"']
    section = text.partition("\n## Quiz\n")[2].partition("\n## ")[0]
    assert f'quizzes.show("{lesson.subject}")' in section


@pytest.mark.parametrize("name", SUBJECTS)
def test_the_letter_does_not_give_the_right_answer_away(name):
    quiz = quizzes.load(name)
    assert len(quiz) >= FEWEST_QUESTIONS
    right = [option.letter for question in quiz for option in question.options if option.right]
    assert len(right) == len(quiz)
    assert len(set(right)) > 1


@pytest.mark.parametrize("name", SUBJECTS)
def test_every_mark_in_a_text_is_closed(name):
    for question in quizzes.load(name):
        for text in (question.text, *(t for o in question.options for t in (o.text, o.why))):
            assert not re.search(r"[`$*\n]", markup.as_plain(text)), text


def test_a_file_is_read():
    first, *others = quizzes.parse(FILE, "x")
    assert (first.number, first.text) == (1, "What happens to it?")
    assert [(each.letter, each.right) for each in first.options] == [("A", False), ("B", True)]
    assert first.options[1].why == "Yes: $W$ and $U$ stay."
    assert [question.number for question in others] == [2, 3]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("question = ", "The quiz x: Invalid value"),
        ("", "an entry is missing, unknown or of another type"),
        ("question = [1]", "of another type"),
        (QUESTION * 2, "2 question.s.; expected at least 3"),
        (FILE.replace("What happens\nto it?", "", 1), "question 1 asks nothing"),
        (FILE + "[[question]]\nask = 'So?'\noption = []", "question 4 has 0 right options of 0"),
        (FILE.replace("'It stays.'", "1", 1), "of another type"),
        (FILE.replace("'It stays.'", "'$n$'", 1), "option B holds a formula"),
        (FILE.replace("'It stays.'", "' '", 1), "question 1, option B says nothing"),
        (FILE.replace("right = true", "right = 'yes'", 1), "of another type"),
        (FILE.replace("right = true", "wright = true", 1), "of another type"),
        (FILE.replace("right = true", "right = true\nhint = 1", 1), "unknown or of another type"),
        (FILE.replace("Yes: $W$ and $U$ stay.", "Yes. So.", 1), "option B has no explanation"),
        (FILE.replace("Yes: ", "Because ", 1), "option B needs an explanation that begins with 'Y"),
        (FILE.replace("No. ", "Yes. ", 1), "option A needs an explanation that begins with 'No.'"),
        (FILE.replace("right = false", "right = true", 1), "question 1 has 2 right options"),
        (FILE.replace("right = true", "right = false", 1), "question 1 has 0 right options"),
    ],
)
def test_a_file_that_is_not_complete_is_refused(text, message):
    with pytest.raises(ValueError, match=message):
        quizzes.parse(text, "x")


@pytest.mark.parametrize("name", ["nothing", "../quizzes/inference", ""])
def test_an_unknown_quiz_is_refused_with_the_names_of_the_others(name):
    with pytest.raises(ValueError, match=r"no quiz called .*; there are .*gate_walkthrough, in"):
        quizzes.show(name)


# The markup.


@pytest.mark.parametrize(
    ("text", "page", "plain"),
    [
        ("`a<b` and *so*", "<code>a&lt;b</code> and <em>so</em>", "a<b and so"),
        ("**all `$x` of it**", "<b>all <code>$x</code> of it</b>", "all $x of it"),
        ("$a < b_1 * c * d$", "$a &lt; b_1 * c * d$", "a < b_1 * c * d"),
        ("2 * 3 * 4", "2 * 3 * 4", "2 * 3 * 4"),
        ("$5 and $6", "<span>$</span>5 and <span>$</span>6", "$5 and $6"),
        ("\\(x\\)", "<span>\\</span>(x<span>\\</span>)", "\\(x\\)"),
        ("", "", ""),
    ],
)
def test_marks_become_elements_and_all_else_is_text(text, page, plain):
    assert markup.as_html(text) == page
    assert markup.as_plain(text) == plain


# The page without a kernel.


def test_the_page_hides_each_explanation_behind_its_option():
    page = quizzes.as_html(quizzes.parse(FILE, "x"))
    assert page.count("<details>") == 2 * FEWEST_QUESTIONS
    assert "<b>1. What happens to it?</b>" in page
    assert (
        "<details><summary>A. It <code>grows</code>, <em>so</em> there is n &lt; 2 of it."
        "</summary><p>✗ No. It has <b>no</b> reason to grow.</p></details>"
    ) in page


def test_a_hostile_text_is_only_text_on_the_page():
    read = Elements(quizzes.as_html(hostile_quiz()))
    allowed = {("div",), ("p",), ("p", "style"), ("b",), ("details",), ("summary",), ("span",)}
    assert set(read.found) <= allowed
    assert sum(element == ("details",) for element in read.found) == 2
    assert read.text.count(HOSTILE) == 3
