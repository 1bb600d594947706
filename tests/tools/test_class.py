"""What learners hand in, and the page that a class makes of it."""

import contextlib
import json
import os
import random

import pytest
from typer.testing import CliRunner

from workshop_tools import class_page
from workshop_utils.cli import hand_in, main
from workshop_utils.learning import quizzes, record
from workshop_utils.learning.exercises import exercises_of, rnn_intuition
from workshop_utils.learning.lessons import LESSONS
from workshop_utils.runtime.platforms import _CI_VARIABLES

NOTEBOOK = "rnn_intuition"
EXERCISE = rnn_intuition.rnn_step
MISTAKE = "no_tanh"
REPAIR = next(each.repair for each in EXERCISE.mistakes if each.name == MISTAKE)


@pytest.fixture(autouse=True)
def a_learner_at_work(monkeypatch):
    for name in (*_CI_VARIABLES, record.PROGRESS_VARIABLE):
        monkeypatch.delenv(name, raising=False)


def entry(learner, right=False, mistakes=None, letter="A", tries=2):
    exercises = {EXERCISE.name: {"right": right, "tries": tries, "mistakes": mistakes or {}}}
    quiz = {"1": {"letter": letter}}
    notebooks = {NOTEBOOK: {"exercises": exercises, "quiz": quiz}}
    return {"hand_in": 1, "learner": learner, "notebooks": notebooks}


def put(folder, name, table):
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(table if isinstance(table, str) else json.dumps(table))


def workshop(*words):
    main.add_commands()
    return CliRunner().invoke(main.app, [str(word) for word in words])


def test_what_is_handed_in_holds_no_code_no_path_and_no_name(tmp_path, capsys):
    secret = "/home/ada/secret.py ada@example.org"
    record.record_exercise(NOTEBOOK, EXERCISE.name, correct=False, answer=secret, mistake=MISTAKE)
    record.record_exercise(NOTEBOOK, EXERCISE.name, correct=False, mistake=secret)
    record.record_exercise(NOTEBOOK, secret, correct=True)
    record.record_exercise(secret, EXERCISE.name, correct=True)
    record.record_quiz(NOTEBOOK, 1, "B", True)
    record.record_quiz(NOTEBOOK, 1, secret, True)
    file = hand_in.hand_in(str(tmp_path))
    text = file.read_text()
    for word in ("secret", "ada", "/home", "@"):
        assert word not in text
    table = json.loads(text)["notebooks"][NOTEBOOK]
    assert table["exercises"][EXERCISE.name]["mistakes"] == {MISTAKE: 1}
    assert table["exercises"][EXERCISE.name]["tries"] == 2
    assert len(text) <= hand_in.MAX_BYTES
    said = capsys.readouterr().out
    assert str(file) in said
    assert "Nothing was sent" in said


def test_the_id_is_kept_and_can_be_made_anew(tmp_path):
    first = hand_in.hand_in(str(tmp_path))
    second = hand_in.hand_in(str(tmp_path))
    assert first == second
    assert hand_in.hand_in(str(tmp_path), fresh=True) != first
    assert json.loads(hand_in.hand_in(str(tmp_path), "Ada L.").read_text())["learner"] == "Ada L."
    with pytest.raises(ValueError, match="nickname"):
        hand_in.hand_in(str(tmp_path), "<b>")


def test_the_largest_honest_file_is_small_enough(tmp_path):
    for lesson in LESSONS:
        module = __import__(f"workshop_utils.learning.exercises.{lesson.subject}", fromlist=["x"])
        for exercise in exercises_of(module):
            for name in exercise.examples:
                record.record_exercise(lesson.subject, exercise.name, correct=False, mistake=name)
        for question in quizzes.load(lesson.subject):
            record.record_quiz(lesson.subject, question.number, "A", False)
    assert hand_in.hand_in(str(tmp_path)).stat().st_size < hand_in.MAX_BYTES


def test_the_page_counts_learners_by_named_mistake_and_says_what_changed(tmp_path):
    folder = tmp_path / "in"
    out = tmp_path / "page" / "index.html"
    put(folder, "a.json", entry("a", mistakes={MISTAKE: 5}))
    put(folder, "b.json", entry("b", right=True, mistakes={MISTAKE: 1}, letter="B"))
    put(folder, "c.json", entry("c", right=True, mistakes={"unknown": 1}))
    assert workshop("class", folder, "--out", out).exit_code == 0
    (page,) = class_page.count(class_page.gather(folder))
    exercise = next(each for each in page["exercises"] if each["name"] == EXERCISE.name)
    assert (exercise["tried"], exercise["right"], exercise["tries"]) == (3, 2, 2)
    assert exercise["mistakes"] == [{"name": MISTAKE, "learners": 2, "sentence": REPAIR}]
    shares = page["quiz"][0]["shares"]
    assert (shares["A"], shares["B"]) == (pytest.approx(2 / 3), pytest.approx(1 / 3))
    assert "Since the last page" not in out.read_text()
    put(folder, "a2.json", entry("a", right=True, tries=3))
    workshop("class", folder, "--out", out)
    assert "right 2 → 3" in out.read_text()
    assert "1 more files belong to the same learners" in out.read_text()
    for outside in ("http://", "https://", "src="):
        assert outside not in out.read_text()


DEEP = '{"hand_in": 1, "learner": "x", "notebooks": ' + "[" * 100_000


@pytest.mark.parametrize(
    "bad",
    [
        "{",
        "[]",
        DEEP[: hand_in.MAX_BYTES],
        " " * (hand_in.MAX_BYTES + 1),
        {"hand_in": 7},
        entry(""),
        entry("x" * 99),
        entry("x", tries=-1),
        entry("x", tries=True),
        entry("x", mistakes=["a"]),
        entry("x") | {"notebooks": []},
        entry("x") | {"notebooks": {NOTEBOOK: {"exercises": 3, "quiz": {}}}},
    ],
)
def test_a_bad_file_is_named_and_skipped(tmp_path, bad):
    put(tmp_path, "bad.json", bad)
    put(tmp_path, "good.json", entry("good"))
    gathered = class_page.gather(tmp_path)
    assert list(gathered.learners) == ["good"]
    assert [name for name, _ in gathered.skipped] == ["bad.json"]
    out = tmp_path / "out" / "index.html"
    assert class_page.make(tmp_path, out) == 0
    page = out.read_text(encoding="utf-8")
    assert "1 learners handed in" in page
    assert "<li>bad.json: " in page


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"'><svg onload=alert(1)>",
    "{{ 7 * 191 }}{% raw %}",
    "javascript:alert(1)",
    "&lt;b&gt;</li></ul><b>",
    "\u202e\x1b[31m\ud800",
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_that_a_learner_wrote_is_executed(tmp_path, hostile):
    put(tmp_path, "a.json", entry(hostile[:30], mistakes={hostile: 1}, letter="<"))
    put(tmp_path, "b.json", entry("b", mistakes={MISTAKE: 1}) | {hostile: hostile})
    with contextlib.suppress(OSError, ValueError):  # no name of a file
        put(tmp_path, f"{hostile.replace('/', '')}.json", "{")
    out = tmp_path / "out" / "index.html"
    done = workshop("class", tmp_path, "--out", out)
    assert done.exit_code == 0, done.output
    page = out.read_text()
    for markup in ("<script", "<img", "<svg", "<b>", "1337"):
        assert markup not in page
    assert "\x1b" not in done.output


@pytest.mark.skipif(os.name == "nt", reason="a name in bytes")
def test_a_file_whose_name_is_no_text_stops_nothing(tmp_path, capsys):
    put(tmp_path, "good.json", entry("good"))
    (tmp_path / os.fsdecode(b"\xff\xfe.json")).write_text("{")
    out = tmp_path / "out" / "index.html"
    assert class_page.make(tmp_path, out) == 0
    assert "Not used" in out.read_text(encoding="utf-8")


@pytest.mark.parametrize("counts", ["[]", "null", "7", "{", '{"a/b": 3}', '"text"', "\x00"])
def test_counts_of_the_last_page_that_are_no_counts_stop_nothing(tmp_path, counts):
    put(tmp_path, "good.json", entry("good"))
    out = tmp_path / "out" / "index.html"
    put(out.parent, class_page.MEMORY, counts)
    assert class_page.make(tmp_path, out) == 0
    assert "Since the last page" not in out.read_text(encoding="utf-8")


def test_an_empty_or_missing_folder_is_one_sentence(tmp_path):
    for folder in (tmp_path, tmp_path / "gone"):
        done = workshop("class", folder)
        assert (done.exit_code, done.stderr.count("\n")) == (2, 1)


def test_of_too_many_files_the_oldest_are_counted(tmp_path, monkeypatch):
    monkeypatch.setattr(class_page, "MOST_FILES", 20)
    for n in range(25):
        put(tmp_path, f"{n}.json", entry(f"learner {n}"))
        os.utime(tmp_path / f"{n}.json", (n, n))
    gathered = class_page.gather(tmp_path)
    assert (len(gathered.learners), gathered.left_out) == (20, 5)
    assert "learner 0" not in gathered.learners


def test_thirty_learners_from_their_mistakes_to_the_page(tmp_path, monkeypatch):
    """Each makes known mistakes, is right at last or not, answers the quiz, and hands in."""
    draw = random.Random(7)
    made = {}
    known = exercises_of(rnn_intuition)
    for learner in range(30):
        monkeypatch.setenv("LSTM_WORKSHOP_ARTIFACTS", str(tmp_path / f"{learner}"))
        monkeypatch.setattr(record, "_unsaved", [])
        for exercise in known:
            monkeypatch.setattr(exercise, "results", [])
            exercise.check(*draw.choice(list(exercise.examples.values())))
            made.setdefault(exercise.name, []).append(exercise.results[-1].mistake)
            if learner % 3:
                exercise.check(*exercise.solution_answers())
        record.record_quiz(NOTEBOOK, 1, draw.choice("AB"), False)
        hand_in.hand_in(str(tmp_path / "class"))
    (page,) = class_page.count(class_page.gather(tmp_path / "class"))
    assert page["learners"] == 30
    assert page["done"] == pytest.approx(2 / 3)
    for exercise in page["exercises"]:
        names = [name for name in made[exercise["name"]] if name]
        assert len(names) >= 15
        assert (exercise["tried"], exercise["right"]) == (30, 20)
        assert {each["name"]: each["learners"] for each in exercise["mistakes"]} == {
            name: names.count(name) for name in set(names)
        }
        counts = [each["learners"] for each in exercise["mistakes"]]
        assert counts == sorted(counts, reverse=True)
    assert sum(page["quiz"][0]["shares"].values()) == pytest.approx(1)


def test_the_first_box_ranks_what_is_still_unsolved_the_quiz_included(tmp_path):
    for name, right, letter in [("a", True, "A"), ("b", False, "B"), ("c", False, "C")]:
        table = entry(name, right=right, mistakes={MISTAKE: 1}, letter=letter)
        put(tmp_path, f"{name}.json", table)
    (page,) = class_page.count(class_page.gather(tmp_path))
    options = page["quiz"][0]["asked"].options
    wrong = sum(not each.right for each in options if each.letter in "ABC")
    says = {each["what"]: each for each in class_page.five_minutes([page])}
    exercise = says[EXERCISE.name.replace("_", " ")]
    assert (exercise["learners"], exercise["sentence"]) == (2, REPAIR)
    assert says["quiz question 1"]["learners"] == wrong
    counts = [each["learners"] for each in says.values()]
    assert counts == sorted(counts, reverse=True)
    out = tmp_path / "out" / "index.html"
    class_page.make(tmp_path, out)
    assert f">{page['title']}</h2>" in out.read_text(encoding="utf-8")
