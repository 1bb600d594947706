"""nbval on tiny notebooks: what is compared, what is not, and that a changed output is found."""

import pytest
from tiny_course import code_cell, first_lesson, make_course, markdown_cell, notebook_of, stream

from workshop_tools import validate as validation
from workshop_tools.editions import as_text, code_cells, tags
from workshop_tools.tweets_at_hand import Finding
from workshop_tools.validate import Counts, copy_for_nbval, count, validate
from workshop_utils.lessons import CourseError

REAL = Finding("real", "From the cache.")
TWIN = Finding("twin", "No mirror answered.")
LESSON = first_lesson()

WHICH = "import os\nprint('hidden' if os.environ.get('LSTM_WORKSHOP_TWEETS') == '' else 'shown')"


@pytest.fixture
def course(tmp_path):
    return make_course(tmp_path / "course")


def store(course, *cells):
    LESSON.full(course).write_text(as_text(notebook_of(*cells)), encoding="utf-8")


@pytest.fixture
def tweets(monkeypatch):
    """Say which tweets are at hand."""

    def say(found):
        monkeypatch.setattr(validation, "look_for_tweets", lambda: found)

    return say


def test_counts_add_up_and_are_said():
    total = Counts(1, 1, 2, 0) + Counts(3, 2, 0, 1)
    assert str(total) == (
        "4 cells compared (3 of them with an output), 2 executed but not compared, 1 skipped"
    )


def test_cells_are_counted_as_nbval_treats_them():
    cells = [
        code_cell("1", [stream("1\n")]),
        code_cell("x = 1"),
        code_cell("fit()", [stream("2\n")], ["nbval-ignore-output"]),
        code_cell("no()", tags=["nbval-skip"]),
        markdown_cell("text"),
    ]
    assert count(notebook_of(*cells)) == Counts(2, 1, 1, 1)
    assert count(notebook_of(*cells), lax=True) == Counts(0, 0, 3, 1)


@pytest.mark.parametrize(("real", "ignored"), [(True, 0), (False, 1)])
def test_only_on_the_twin_cells_with_tweets_are_not_compared(course, real, ignored):
    store(
        course,
        code_cell("1", [stream("1\n")]),
        code_cell("load()", [stream("13,871\n")], ["real-tweets"]),
    )
    notebook = copy_for_nbval(LESSON, course, real=real)
    marked = [cell for cell in code_cells(notebook) if "nbval-ignore-output" in tags(cell)]
    assert len(marked) == ignored


def test_a_notebook_that_would_pass_without_being_compared_is_refused(course):
    with pytest.raises(CourseError, match="is missing"):
        copy_for_nbval(LESSON, course, real=True)
    store(course, code_cell("1", count=None))
    with pytest.raises(CourseError, match=r"without an execution \(\[1\]\)"):
        copy_for_nbval(LESSON, course, real=True)
    store(course, markdown_cell("no code"))
    with pytest.raises(CourseError, match="without an execution"):
        copy_for_nbval(LESSON, course, real=True)


@pytest.mark.slow
def test_on_the_real_tweets_a_changed_output_is_found(course, tweets, capfd):
    tweets(REAL)
    store(
        course,
        code_cell("print('right')", [stream("right\n")], ["real-tweets"]),
        code_cell("print('new')", [stream("old\n")], ["real-tweets"]),
    )
    assert validate(["01"], root=course) == 1
    said = capfd.readouterr().out
    assert said.startswith("Real tweets: every stored output is compared. From the cache.\n")
    assert "1 failed, 1 passed in" in said  # pytest's own closing line
    assert "2 cells compared (2 of them with an output), 0 executed" in said
    assert "✗ failed: 01" in said


@pytest.mark.slow
def test_on_the_twin_tweets_are_hidden_and_their_cells_run_uncompared(course, tweets, capfd):
    tweets(TWIN)
    store(
        course,
        code_cell(WHICH, [stream("hidden\n")]),
        code_cell("print('new')", [stream("old\n")], ["real-tweets"]),
    )
    assert validate(["01"], root=course) == 0
    said = capfd.readouterr().out
    assert said.startswith("Offline twin: cells that depend on the tweets are executed")
    assert "No mirror answered." in said
    assert "2 passed in" in said
    assert "nbval on the offline twin, 1 notebook(s): 1 cells compared" in said
    assert "✓ all passed" in said


def test_a_file_of_ones_own_is_validated_on_the_twin(tweets):
    tweets(Finding("own", "Your own file."))
    assert validation._known_tweets().kind == "twin"
    tweets(REAL)
    assert validation._known_tweets() == REAL


@pytest.mark.slow
def test_in_lax_mode_only_failing_cells_count(course, tweets, capfd):
    tweets(REAL)
    store(course, code_cell("print('new')", [stream("old\n")]), code_cell("x = 1"))
    assert validate(["01"], lax=True, root=course) == 0
    assert "outputs are not compared, only the checks count" in capfd.readouterr().out
    store(course, code_cell("assert False"))
    assert validate(["01"], lax=True, root=course) == 1


@pytest.mark.slow
def test_the_twin_can_be_asked_for_and_each_notebook_starts_cold(course, tweets, capfd):
    tweets(REAL)
    listed = "import os\nprint(os.listdir(os.environ['LSTM_WORKSHOP_ARTIFACTS']))"
    store(course, code_cell(listed, [stream("[]\n")]))
    assert validate(["01"], twin=True, root=course) == 0
    assert "The offline twin was asked for." in capfd.readouterr().out
