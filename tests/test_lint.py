"""The lint on tiny notebooks: a good one passes every rule, each bad one breaks one."""

import copy
import re
from pathlib import Path

import pytest
from tiny_course import ALT, code_cell, markdown_cell, notebook_of, picture, result, stream

from workshop_tools import lint as lint_module
from workshop_tools.editions import as_text, code_cells, read_notebook, tags
from workshop_tools.lint import RULES, lint, lint_page, main
from workshop_tools.rules import Page, prose, unfenced
from workshop_tools.rules_outputs import MOST_TWEETS, texts, tweets_shown
from workshop_utils import quizzes
from workshop_utils.lessons import LESSONS, CourseError

REPOSITORY = Path(__file__).parents[1]
NAME = LESSONS[1].name

FIRST = f"""\
# See one thing

Previous: [01]({LESSONS[0].name}.ipynb) · [Index](../README.md)
· Next: [03]({LESSONS[2].name}.ipynb) · [![Open](https://colab.research.google.com/assets/colab-badge.svg)](https://example.org)

Reading 5 min · exercises 5 min · running 1 min (2 CPU cores)"""

INTRODUCTION = """\
## What you will do
One thing.

## What you will learn
- Add
- Subtract
- Divide

## What you need
- Patience

## Set up"""

QUIZ = """\
## Quiz

Run the cell."""

QUIZ_CODE = f'quizzes.show("{LESSONS[1].subject}")'

END = """\
## What you learnt
- Addition adds.
- Subtraction takes away.
- Division parts. See [the set-up](#set-up) and `don't`.

## Going further
- [Nothing](https://example.org): a page.
- The [cheat sheet](../docs/cheat_sheet.md)."""

GLOSSARY = f"""\
# Glossary

## gate

A number between 0 and 1.

First in notebook [02](../notebooks/{LESSONS[1].name}.ipynb).

## term

A word. See [gate](#gate).

First in notebook [01](../notebooks/{LESSONS[0].name}.ipynb).
"""
GATE = "[**gate**](../docs/glossary.md#gate)"
HARD = (
    "Notwithstanding considerable organisational difficulties, international administrations "
    "systematically underestimated environmental interdependencies, accelerating uncoordinated "
    "industrial diversification. "
) * 6


def exercise(name):
    return [
        markdown_cell(f"### Exercise: {name}\n\n**Predict.** Which?"),
        code_cell("x = ...\nexercises.x.check(x)", [stream("Not attempted yet.\n")], ["exercise"]),
        code_cell(
            "solution_x = 1\nexercises.x.check(solution_x)", [stream("Correct.\n")], ["solution"]
        ),
    ]


def good():
    """Return the cells of a notebook that every rule accepts."""
    return [
        markdown_cell(FIRST),
        markdown_cell(INTRODUCTION),
        code_cell("start()", [stream("here\n")], ["setup", "nbval-ignore-output"]),
        code_cell("runtime.ready()\nruntime.set_seed()", [stream("ready\n")]),
        markdown_cell(
            f"## One idea\n\nA {GATE} opens. Gates close.\n\n**Predict.** What comes?\n\n"
            "```python\n# no heading\n```"
        ),
        code_cell("1 + 1", [result("2")]),
        code_cell("show()", picture()),
        *exercise("one"),
        *exercise("two"),
        markdown_cell(QUIZ),
        code_cell(QUIZ_CODE, [result("a quiz")]),
        markdown_cell(END),
    ]


@pytest.fixture
def folder(tmp_path):
    """A repository's notebooks folder in which the good notebook's links lead somewhere."""
    place = tmp_path / "notebooks"
    place.mkdir()
    (tmp_path / "README.md").write_text("# Read me\n", encoding="utf-8")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "glossary.md").write_text(GLOSSARY, encoding="utf-8")
    (tmp_path / "docs" / "cheat_sheet.md").write_text("# Cheat sheet\n", encoding="utf-8")
    for lesson in (LESSONS[0], LESSONS[2]):
        page = notebook_of(markdown_cell("# A title\n\n## A part (of it)"))
        (place / f"{lesson.name}.ipynb").write_text(as_text(page), encoding="utf-8")
    return place


def findings(folder, cells):
    return lint_page(Page(folder / f"{NAME}.ipynb", notebook_of(*cells)))


def change(cells, old, new):
    """Replace a text in whatever cell holds it."""
    cells = copy.deepcopy(cells)
    hits = [cell for cell in cells if old in cell["source"]]
    assert hits, f"no cell holds {old!r}"
    hits[0]["source"] = hits[0]["source"].replace(old, new, 1)
    return cells


def with_cells(*more, at=6):
    cells = good()
    cells[at:at] = more
    return cells


def with_outputs(*outputs, tags=()):
    return with_cells(code_cell("say()", outputs, tags))


def text_as_result(kind, text):
    return {"output_type": "display_data", "metadata": {}, "data": {kind: text}}


def test_a_good_notebook_breaks_no_rule(folder):
    assert [str(finding) for finding in findings(folder, good())] == []


PATH_OUTPUT = stream(f"saved to {'/'}home/somebody/x\n")
IGNORED = ["nbval-ignore-output"]
ERROR = {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": []}

BAD = {
    "seeded": (
        "seeded",
        "lacks runtime.set_seed()",
        lambda: change(good(), "runtime.set_seed()", ""),
    ),
    "parameters: none": (
        "parameters-cell",
        "its last line is none such as SEED = 141",
        lambda: with_cells(code_cell("x = 1", [result("1")], ["parameters"])),
    ),
    "parameters: not at the end": (
        "parameters-cell",
        "its last line is none such as SEED = 141",
        lambda: with_cells(
            code_cell("SEED = 1\nshow()", tags=["parameters"]),
            code_cell("SEED + 1", [result("2")]),
        ),
    ),
    "parameters: of no use": (
        "parameters-cell",
        "no later cell uses EPOCHS",
        lambda: with_cells(
            code_cell("SEED = 1\nEPOCHS = 2", tags=["parameters"]),
            code_cell("SEED + 1", [result("2")]),
        ),
    ),
    "parameters: twice": (
        "parameters-cell",
        "a second cell tagged",
        lambda: with_cells(
            code_cell("SEED = 1", tags=["parameters"]),
            code_cell("SEED = SEED", tags=["parameters"]),
        ),
    ),
    "anatomy: title": (
        "anatomy",
        "must begin with the title",
        lambda: change(good(), "# See one thing", "Nothing"),
    ),
    "anatomy: two titles": ("anatomy", "a second title", lambda: [*good(), markdown_cell("# B")]),
    "anatomy: heading": (
        "anatomy",
        "'## What you need' is missing",
        lambda: change(good(), "## What you need\n- Patience", ""),
    ),
    "anatomy: order": (
        "anatomy",
        "another order",
        lambda: change(
            good(),
            "## What you need\n- Patience\n\n## Set up",
            "## Set up\n\n## What you need\n- Patience",
        ),
    ),
    "anatomy: nothing between": (
        "anatomy",
        "no section between",
        lambda: change(good(), "## One idea", "One idea"),
    ),
    "navigation: index": (
        "navigation",
        "lacks the index",
        lambda: change(good(), "[Index](../README.md)", "Index"),
    ),
    "navigation: badge": (
        "navigation",
        "badge",
        lambda: change(good(), "colab-badge.svg", "x.svg"),
    ),
    "navigation: next": (
        "navigation",
        "the notebook after",
        lambda: change(good(), f"({LESSONS[2].name}.ipynb)", "(../README.md)"),
    ),
    "minutes: missing": ("minutes", "are missing", lambda: change(good(), "Reading 5 min", "")),
    "minutes: unmeasured": (
        "minutes",
        "not measured",
        lambda: change(good(), "running 1 min (2 CPU cores)", "running not measured yet"),
    ),
    "objectives: too few": ("objectives", "has 2 items", lambda: change(good(), "- Divide", "")),
    "objectives: unanswered": (
        "objectives",
        "2 items under",
        lambda: change(good(), "- Addition adds.\n", ""),
    ),
    "prediction: too few": (
        "prediction",
        "2 prompt(s)",
        lambda: change(good(), "**Predict.**", "Predict"),
    ),
    "prediction: nothing follows": (
        "prediction",
        "no code cell follows",
        lambda: with_cells(markdown_cell("Words."), at=5),
    ),
    "prediction: at the end": (
        "prediction",
        "no code cell follows",
        lambda: change(good(), "## What you learnt", "**Predict.** What?\n\n## What you learnt"),
    ),
    "exercises: one": (
        "exercises",
        "1 heading(s)",
        lambda: change(good(), "### Exercise: one", "### Task: one"),
    ),
    "quiz: none": ("quiz", "the quizzes shown: none", lambda: change(good(), QUIZ_CODE, "1")),
    "quiz: of another notebook": (
        "quiz",
        f"the quizzes shown: {LESSONS[0].subject}",
        lambda: change(good(), LESSONS[1].subject, LESSONS[0].subject),
    ),
    "quiz: twice": (
        "quiz",
        f"the quizzes shown: {LESSONS[1].subject}, {LESSONS[1].subject}",
        lambda: change(good(), QUIZ_CODE, f"{QUIZ_CODE}\n{QUIZ_CODE}"),
    ),
    "quiz: elsewhere": (
        "quiz",
        "the quizzes shown: none",
        lambda: change(change(good(), QUIZ_CODE, "1"), "show()", QUIZ_CODE),
    ),
    "quiz: after its section": (
        "quiz",
        "the quizzes shown: none",
        lambda: [*change(good(), QUIZ_CODE, "1"), code_cell(QUIZ_CODE)],
    ),
    "quiz: in the Markdown": (
        "quiz",
        "a question in the Markdown",
        lambda: change(good(), "Run the cell.", "<details><summary>A. So</summary>No.</details>"),
    ),
    "directive": (
        "no-directive",
        "':::{'",
        lambda: with_cells(markdown_cell(":::{note}\nx\n:::")),
    ),
    "role": ("no-directive", "role", lambda: with_cells(markdown_cell("See {term}`cell`."))),
    "contraction": (
        "no-contraction",
        'write out "doesn\'t"',
        lambda: with_cells(markdown_cell("It doesn't.")),
    ),
    "curly contraction": (
        "no-contraction",
        "write out",
        lambda: with_cells(markdown_cell("It\u2019s so.")),
    ),
    "link to no file": (
        "links",
        "leads nowhere",
        lambda: with_cells(markdown_cell("[x](07_more.ipynb)")),
    ),
    "link to no heading": (
        "links",
        "no heading for #nothing",
        lambda: with_cells(markdown_cell("[x](#nothing)")),
    ),
    "link to no heading there": (
        "links",
        "has no heading",
        lambda: with_cells(markdown_cell(f"[x]({LESSONS[0].name}.ipynb#part)")),
    ),
    "long cell": (
        "cell-length",
        "26 lines",
        lambda: with_cells(code_cell("\n".join(["pass"] * 26))),
    ),
    "long cells": (
        "cell-length",
        "median code cell has 6 lines",
        lambda: with_cells(*(code_cell("\n".join(["pass"] * 6)) for _ in range(9))),
    ),
    "tag": ("known-tags", "'exercse'", lambda: with_cells(markdown_cell("x", ["exercse"]))),
    "comment": (
        "nbval-comment",
        "does not read",
        lambda: with_cells(code_cell("# NBVAL_SKIP because\n1")),
    ),
    "not executed": (
        "executed",
        "execution count None",
        lambda: with_cells(code_cell("1", count=None)),
    ),
    "unchecked": (
        "ignored-then-checked",
        "no check( or band(",
        lambda: with_cells(
            code_cell("fit()", tags=IGNORED), code_cell("1"), code_cell("2"), code_cell("check(a)")
        ),
    ),
    "checked by an ignored cell": (
        "ignored-then-checked",
        "no check( or band(",
        lambda: with_cells(
            code_cell("# NBVAL_IGNORE_OUTPUT\nfit()"), code_cell("band(a)\nfit()", tags=IGNORED)
        ),
    ),
    "checked by an exercise": (
        "ignored-then-checked",
        "no check( or band(",
        lambda: with_cells(code_cell("fit()", tags=IGNORED), at=8),
    ),
    "share": (
        "ignored-share",
        "3 of 11 cells",
        lambda: with_cells(
            *(code_cell("fit()", [stream("x")], IGNORED) for _ in range(2)),
            code_cell("check(a)"),
        ),
    ),
    "real tweets": (
        "real-tweets-tag",
        "lacks the tag",
        lambda: with_cells(code_cell("check('x', y, real_tweets=tweets.is_real)")),
    ),
    "a check switched off": (
        "real-tweets-tag",
        "switches the check off",
        lambda: with_cells(code_cell("check('x', y, real_tweets=False)", tags=["real-tweets"])),
    ),
    "semicolon": ("no-semicolon", "semicolon", lambda: with_cells(code_cell("plot(x);  # quiet"))),
    "no alt": (
        "alt-text",
        "without a description",
        lambda: with_outputs(*picture(alt="short")),
    ),
    "a formula as alt": (
        "alt-text",
        "typesets as a formula",
        lambda: with_outputs(
            *picture(alt="The red line of $x$ falls from 3 to 1 over the steps of $y$.")
        ),
    ),
    "no caption": ("alt-text", "as a caption", lambda: with_outputs(picture()[0], stream(ALT))),
    "another caption": (
        "alt-text",
        "as a caption",
        lambda: with_outputs(picture()[0], picture(alt="Another description, quite long.")[1]),
    ),
    "error": ("no-error-output", "ValueError: no", lambda: with_outputs(ERROR)),
    "stderr": ("no-error-output", "'warned'", lambda: with_outputs(stream("warned\n", "stderr"))),
    "path in an output": ("no-absolute-path", "a path", lambda: with_outputs(PATH_OUTPUT)),
    "path in a source": (
        "no-absolute-path",
        "a path",
        lambda: with_cells(code_cell(f"open('{'/'}tmp/x')")),
    ),
    "address": (
        "no-memory-address",
        "memory address",
        lambda: with_outputs(result("[<Line2D at 0x7f96885b8290>]")),
    ),
    "table": (
        "no-bare-table",
        "to_string",
        lambda: with_outputs(text_as_result("text/html", ["<div><table>", "</table></div>"])),
    ),
    "handle": (
        "no-handle",
        "a handle: @no...",
        lambda: with_outputs(stream("RT @nobody: hello\n")),
    ),
    "solution names": (
        "solution-names",
        "uses 'solution_x'",
        lambda: with_cells(code_cell("solution_x + 1", [result("2")]), at=10),
    ),
    "an alt that names the kind of picture": (
        "telling-alt",
        "says little",
        lambda: with_outputs(*picture(alt="This figure shows the plot of a line chart.")),
    ),
    "one alt for two pictures": (
        "telling-alt",
        "two pictures",
        lambda: with_outputs(*picture(level=0.2)),
    ),
    "a level is skipped": (
        "heading-levels",
        "'Deep' is of level 4, and the heading before of level 2",
        lambda: change(good(), "Run the cell.", "Run the cell.\n\n#### Deep"),
    ),
    "a term linked twice": (
        "glossary-links",
        "a second link to 'gate'",
        lambda: change(good(), "Gates close", f"Another {GATE} closes"),
    ),
    "a term linked late": (
        "glossary-links",
        "the first use of 'gate' is no link",
        lambda: change(good(), "## One idea\n", "## One idea\n\nThe gates are open."),
    ),
    "a term not linked": (
        "glossary-terms",
        "'gate' first appears here",
        lambda: change(good(), GATE, "gate"),
    ),
    "no cheat sheet": (
        "cheat-sheet",
        "no link to cheat_sheet.md",
        lambda: change(good(), "../docs/cheat_sheet.md", "../README.md"),
    ),
    "hard to read": (
        "plain-english",
        "words a sentence",
        lambda: change(good(), "Gates close.", HARD),
    ),
    "no bullets": (
        "shown-tweets-are-bullets",
        "no line begins",
        lambda: with_outputs(stream("a tweet\n"), tags=["shows-tweets"]),
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_notebook_breaks_its_rule_and_no_other(folder, case):
    name, message, make = BAD[case]
    found = findings(folder, make())
    assert {finding.rule for finding in found} == {name}
    assert any(message in str(finding) for finding in found)


def test_every_rule_is_broken_by_some_bad_notebook():
    assert {name for name, _, _ in BAD.values()} == {rule.name for rule in RULES}
    assert all(rule.wants.endswith((".", "out.")) and rule.wants for rule in RULES)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("x = ...\nexercises.x.check(x)", "x = ...", "has no check"),
        ("exercises.x.check(solution_x)", "pass", "not given to the check"),
    ],
)
def test_an_exercise_lacks_its_check(folder, old, new, message):
    found = findings(folder, change(good(), old, new))
    assert [finding.rule for finding in found] == ["exercises"]
    assert message in found[0].message


def test_an_exercise_lacks_a_stub_a_solution_or_a_correct_one(folder):
    cells = good()
    del cells[9]
    assert "no cell with the tag 'solution'" in findings(folder, cells)[0].message
    cells = good()
    del cells[8]
    said = [finding.message for finding in findings(folder, cells)]
    assert "the exercise has no stub cell with the tag 'exercise'" in said
    cells = good()
    cells[9]["outputs"] = [stream("Not yet: more.\n")]
    assert "does not call the solution correct" in findings(folder, cells)[0].message


def test_the_questions_of_the_quiz_are_read_too(folder, monkeypatch):
    option = quizzes.Option("A", "So", True, "Yes. It\u2019s so, and `don't` is code.")
    questions = (quizzes.Question(1, "Why?", (option,)),)
    monkeypatch.setattr(quizzes, "load", lambda name: questions)
    (found,) = findings(folder, good())
    assert found.message == "quiz question 1: write out 'It\u2019s'"

    def refuse(name):
        raise ValueError(f"The quiz {name}: question 1 has 0 right options")

    monkeypatch.setattr(quizzes, "load", refuse)
    (found,) = findings(folder, good())
    assert found.message.endswith(f"{LESSONS[1].subject}: question 1 has 0 right options")


def test_links_that_lead_somewhere_are_accepted(folder):
    target = f"{LESSONS[0].name}.ipynb"
    text = (
        f"[a]({target}#A-part-(of-it)) "  # JupyterLab's anchor ends at the first bracket here
        f"[b]({target}#a-part-of-it) [c](../README.md#read-me) [d](mailto:x@example.org)"
    ).split(" ", 1)[1]
    assert findings(folder, with_cells(markdown_cell(text))) == []


def test_a_handle_in_an_address_and_a_mask_are_no_handles(folder):
    outputs = [stream("write to a@example.org or x.org/@y\n"), stream("RT @user: hello\n")]
    assert findings(folder, with_outputs(*outputs)) == []


def test_places_are_counted_from_one():
    page = Page(Path("x.ipynb"), notebook_of(markdown_cell("a"), code_cell("b"), code_cell("c")))
    assert [page.place(n) for n in (-1, 0, 2)] == [
        "whole notebook",
        "cell 1",
        "cell 3 (code cell 2)",
    ]


def test_prose_is_what_is_read():
    source = "It `doesn't` $x't$ [go](it's.md).\n\n```python\ndon't\n```\nEnd."
    assert prose(source).split() == ["It", "[go].", "End."]
    assert unfenced("a\n~~~\n# b\n~~~\nc").split() == ["a", "c"]


def tweets_page(path, number):
    lines = "".join(f"- tweet {n}\n" for n in range(number))
    tagged = code_cell("show()", [stream(lines)], ["shows-tweets"])
    other = code_cell("list()", [stream("- no tweet\n")])
    return Page(path, notebook_of(markdown_cell("# A"), tagged, other))


def test_tweets_are_counted_in_tagged_cells_over_all_notebooks(tmp_path):
    paths = []
    for number, shown in enumerate((25, 16)):
        page = tweets_page(tmp_path / f"{number}.ipynb", shown)
        assert tweets_shown(page) == shown
        page.path.write_text(as_text(page.notebook), encoding="utf-8")
        paths.append(page.path)
    (found,) = [finding for finding in lint(paths) if finding.rule == "tweets-shown"]
    assert found.message == "41 tweets are shown in all; at most 40"
    assert found.path == paths[0]
    assert not [finding for finding in lint(paths[:1]) if finding.rule == "tweets-shown"]


def test_the_command_prints_findings_and_says_how_many(folder, capsys):
    root = folder.parent
    assert main(["02"], root=root) == 1
    said = capsys.readouterr().out
    assert f"{NAME}.ipynb, whole notebook [missing]: the notebook is missing" in said
    (folder / f"{NAME}.ipynb").write_text(as_text(notebook_of(*good())), encoding="utf-8")
    assert main(["02"], root=root) == 0
    assert f"{len(RULES)} rules hold in notebooks 02" in capsys.readouterr().out
    with pytest.raises(CourseError, match="no notebook called"):
        main(["99"], root=root)


def test_by_default_all_six_are_read(monkeypatch, tmp_path):
    monkeypatch.setattr(lint_module, "find_root", lambda: tmp_path)
    assert [finding.rule for finding in lint()] == ["missing"] * 6


@pytest.mark.parametrize("lesson", LESSONS, ids=[lesson.number for lesson in LESSONS])
def test_the_notebooks_of_this_repository_pass(lesson):
    assert [str(finding) for finding in lint([lesson.full(REPOSITORY)])] == []


def runs_of_words(text, length=6):
    """Return every run of six words, without links and handles."""
    plain = re.sub(r"https?://\S+|@\w+", " ", text.lower())
    words = re.findall(r"[a-z0-9]+", plain)
    return {tuple(words[n : n + length]) for n in range(len(words) - length + 1)}


def test_no_tweet_is_shown_outside_the_cells_that_are_counted(tweets_csv):
    """Look for the real texts themselves in every stored output, cut, masked or quoted."""
    import pandas as pd

    texts_of_all = pd.read_csv(tweets_csv, usecols=["text"])["text"]
    known = set().union(*map(runs_of_words, texts_of_all))
    shown = 0
    for lesson in LESSONS:
        for cell in code_cells(read_notebook(lesson.full(REPOSITORY))):
            printed = "\n".join(text for output in cell["outputs"] for text in texts(output))
            hits = [line for line in printed.splitlines() if runs_of_words(line) & known]
            if "shows-tweets" in tags(cell):
                shown += len(hits)
            else:
                assert not hits, f"{lesson.name} shows a tweet in {cell['source']!r}"
    assert shown <= MOST_TWEETS
