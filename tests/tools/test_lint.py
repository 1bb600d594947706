"""The lint on tiny notebooks: a good one passes every rule, each bad one breaks one."""

import re
from pathlib import Path

import pytest
from good_notebook import GATE, GLOSSARY, QUIZ_CODE, change, findings, good, make_folder, with_cells
from tiny_course import code_cell, markdown_cell, notebook_of, picture, result, stream

from workshop_tools import voice
from workshop_tools.editions import as_text, code_cells, read_notebook, tags
from workshop_tools.glossary import in_the_glossary
from workshop_tools.lesson_files import full_path
from workshop_tools.lint import RULES, lint, main
from workshop_tools.rules import Page
from workshop_tools.rules_outputs import MOST_TWEETS, printed, tweets_shown
from workshop_utils.learning.lessons import EVERY, LESSONS, CourseError

pytestmark = pytest.mark.quick
REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path):
    return make_folder(tmp_path)


def with_outputs(*outputs, tags=()):
    return with_cells(code_cell("say()", outputs, tags))


def text_as_result(kind, text):
    return {"output_type": "display_data", "metadata": {}, "data": {kind: text}}


def test_a_good_notebook_breaks_no_rule(folder):
    assert findings(folder, good()) == []


PATH_OUTPUT = stream(f"saved to {'/'}home/somebody/x\n")
IGNORED = ["nbval-ignore-output"]
ERROR = {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": []}

TEST = ["test"]
BAD = [
    ("seeded", lambda: change(good(), "runtime.set_seed()", "")),
    ("parameters-cell", lambda: with_cells(code_cell("x = 1", tags=["parameters"]))),
    (
        "parameters-cell",
        lambda: with_cells(
            code_cell("SEED = 1\nEPOCHS = 2", tags=["parameters"]), code_cell("SEED")
        ),
    ),
    ("anatomy", lambda: change(good(), "# See one thing", "Nothing")),
    ("anatomy", lambda: [*good(), markdown_cell("# B")]),
    ("anatomy", lambda: change(good(), "## What you need\n- Patience", "")),
    ("minutes", lambda: with_cells(markdown_cell("**A good place to stop.** Here."))),
    ("minutes", lambda: with_cells(*(code_cell("\n".join(["pass"] * 5)) for _ in range(17)))),
    ("minutes", lambda: change(good(), "*4 minutes.*", "*44 minutes.*")),
    ("objectives", lambda: change(good(), "- Divide", "")),
    ("objectives", lambda: change(good(), "- Addition adds.\n", "")),
    ("prediction", lambda: with_cells(markdown_cell("Words."), at=5)),
    ("prediction", lambda: with_cells(code_cell("x = 1"), at=5)),
    ("exercises", lambda: change(good(), "### Exercise: a", "### Task: a")),
    ("exercises", lambda: change(good(), "### Open exercise: d", "### Exercise: d")),
    ("exercises", lambda: change(good(), "exercises.x.use(x)", "x")),
    ("exercises", lambda: change(good(), "def solution_x", "def solution_z")),
    ("exercises", lambda: change(good(), "return a", "return a\nexercises.x.check(solution_x)")),
    ("exercises", lambda: change(good(), "*4 minutes.*", "*3 minutes.*")),
    ("quiz", lambda: change(good(), QUIZ_CODE, "1")),
    ("quiz", lambda: change(good(), LESSONS[1].subject, LESSONS[0].subject)),
    ("quiz", lambda: [*change(good(), QUIZ_CODE, "1"), code_cell(QUIZ_CODE)]),
    ("no-directive", lambda: with_cells(markdown_cell(":::{note}\nx\n:::"))),
    ("no-directive", lambda: with_cells(markdown_cell("See {term}`cell`."))),
    ("no-contraction", lambda: with_cells(markdown_cell("It doesn't."))),
    ("no-contraction", lambda: with_cells(markdown_cell("It\u2019s so."))),
    ("links", lambda: with_cells(markdown_cell("[x](07_more.ipynb)"))),
    ("links", lambda: with_cells(markdown_cell("[x](#nothing)"))),
    ("links", lambda: with_cells(markdown_cell(f"[x]({LESSONS[0].name}.ipynb#part)"))),
    ("cell-length", lambda: with_cells(code_cell("\n".join(["pass"] * 26)))),
    ("cell-length", lambda: with_cells(*(code_cell("\n".join(["pass"] * 6)) for _ in range(20)))),
    ("known-tags", lambda: with_cells(markdown_cell("x", ["exercse"]))),
    ("known-tags", lambda: with_cells(code_cell("# NBVAL_SKIP\n1"))),
    ("executed", lambda: with_cells(code_cell("1", count=None))),
    ("claims-in-tests", lambda: with_cells(code_cell("check(a)"))),
    ("claims-in-tests", lambda: with_cells(code_cell("print(a)", tags=TEST))),
    ("checks-last", lambda: with_cells(code_cell("check(a)", tags=TEST))),
    ("checks-last", lambda: [*good(), code_cell("1 + 1", [result("2")])]),
    (
        "ignored-then-tested",
        lambda: [
            *with_cells(code_cell("a = f()", tags=IGNORED), code_cell("b = 1")),
            code_cell("check(b)", tags=TEST),
        ],
    ),
    (
        "ignored-then-tested",
        lambda: [
            *with_cells(code_cell("import numpy as np\na = np.pi", tags=IGNORED)),
            code_cell("import numpy as np\ncheck(np.e)", tags=TEST),
        ],
    ),
    (
        "ignored-share",
        lambda: with_cells(
            *(code_cell("f()", [stream("x")], IGNORED) for _ in range(6)),
            *(code_cell("check(a)", tags=TEST) for _ in range(1)),
        ),
    ),
    (
        "real-tweets-tag",
        lambda: with_cells(code_cell("check('x', y, real_tweets=tweets.is_real)", tags=TEST)),
    ),
    ("hidden-names", lambda: with_cells(code_cell("solution_x(1)", [result("2")]), at=14)),
    (
        "hidden-names",
        lambda: with_cells(code_cell("a = 1\ncheck(a)", tags=TEST), code_cell("a + 1")),
    ),
    (
        "few-helpers",
        lambda: with_cells(
            code_cell("from workshop_utils import cells"),
            code_cell(" + ".join(f"cells.x{n}" for n in range(13))),
        ),
    ),
    ("few-helpers", lambda: with_cells(code_cell("from workshop_utils.tweets import split_rows"))),
    (
        "slides",
        lambda: with_cells(*(slide("one two three four five six seven eight") for _ in range(25))),
    ),
    ("slides", lambda: with_cells(slide("### Nothing"))),
    ("pictures", lambda: with_cells(*(markdown_cell("A word.") for _ in range(25)))),
    ("alt-text", lambda: with_outputs(*picture(alt="short"))),
    ("alt-text", lambda: with_outputs(*picture(alt=" ".join(f"word{n}" for n in range(26))))),
    (
        "alt-text",
        lambda: with_outputs(
            *picture(alt="The red line of $x$ falls from 3 to 1 over the steps of $y$.")
        ),
    ),
    ("alt-text", lambda: with_outputs(picture()[0], stream("no caption"))),
    ("alt-text", lambda: with_outputs(*picture(alt="This figure shows the plot of a chart."))),
    ("alt-text", lambda: with_outputs(*picture(level=0.2))),
    ("alt-text", lambda: with_outputs(*picture(told="The caption of another figure."))),
    ("no-error-output", lambda: with_outputs(ERROR)),
    ("no-error-output", lambda: with_outputs(stream("warned\n", "stderr"))),
    ("unwanted-text", lambda: with_outputs(PATH_OUTPUT)),
    ("unwanted-text", lambda: with_cells(code_cell(f"open('{'/'}tmp/x')"))),
    ("unwanted-text", lambda: with_outputs(result("[<Line2D at 0x7f96885b8290>]"))),
    (
        "unwanted-text",
        lambda: with_outputs(text_as_result("text/html", "<div><table></table></div>")),
    ),
    ("unwanted-text", lambda: with_outputs(stream("RT @nobody: hello\n"))),
    ("anatomy", lambda: change(good(), "Run the cell.", "Run the cell.\n\n#### Deep")),
    ("glossary-links", lambda: change(good(), "Gates close", f"Another {GATE} closes")),
    ("glossary-links", lambda: change(good(), "## One idea\n", "## One idea\n\nThe gates open.")),
    ("glossary-links", lambda: change(good(), GATE, "gate")),
    ("cheat-sheet", lambda: change(good(), "../docs/cheat_sheet.md", "../README.md")),
    ("shown-tweets-are-bullets", lambda: with_outputs(stream("t\n"), tags=["shows-tweets"])),
]


def slide(text):
    cell = markdown_cell(text)
    cell["metadata"]["slideshow"] = {"slide_type": "slide"}
    return cell


@pytest.mark.parametrize(("name", "make"), BAD)
def test_a_bad_notebook_breaks_its_rule(folder, name, make):
    assert f"[{name}]" in "".join(findings(folder, make()))


def test_every_rule_is_broken_by_some_bad_notebook():
    assert {name for name, _ in BAD} == RULES.keys()


def test_the_glossary_itself_is_checked(folder):
    path = folder.parent / "docs" / "glossary.md"
    page = Page(LESSONS[0], folder.parent, notebook_of())
    assert list(in_the_glossary([page])) == []
    for old, new in [
        ("## gate", "## zebra"),
        ("[gate](#gate)", "[gate](#none)"),
        ("First in notebook [01]", "In [01]"),
    ]:
        path.write_text(GLOSSARY.replace(old, new), encoding="utf-8")
        assert list(in_the_glossary([page]))


TELLING = "We wait, because it rains. It stops. " + "word " * 60 + "."


def test_the_sound_of_a_text_is_counted_as_by_hand(folder):
    cells = [markdown_cell("# Title words\n\n" + TELLING), markdown_cell("Not me.", ["instructor"])]
    counted = voice.voice(Page(LESSONS[1], folder.parent, notebook_of(*cells)))
    assert counted == ((5 + 2 + 60) / 3, 1 / 3, 1)


def test_numbers_that_no_cell_shows_are_named(folder):
    cells = [
        markdown_cell("In 2015, .85 and 7 of 1,234 are 34.9 %, not 0.86 or 8.\n\n*5 minutes.*"),
        code_cell("print(score, 7)", [stream("0.8462 0.3489 1234\n")]),
        markdown_cell("## Going further\n\n99 pages."),
    ]
    page = Page(LESSONS[1], folder.parent, notebook_of(*cells))
    assert voice.unshown_numbers(page) == ["0.86", "8"]


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


def tweets_page(lesson, root, number):
    lines = "".join(f"- tweet {n}\n" for n in range(number))
    tagged = code_cell("show()", [stream(lines)], ["shows-tweets"])
    other = code_cell("list()", [stream("- no tweet\n")])
    return Page(lesson, root, notebook_of(markdown_cell("# A"), tagged, other))


def test_tweets_are_counted_in_tagged_cells_over_all_notebooks(folder):
    pages = [tweets_page(LESSONS[n], folder.parent, shown) for n, shown in enumerate((25, 16))]
    assert [tweets_shown(page) for page in pages] == [{1: 25}, {1: 16}]
    assert "all notebooks [tweets-shown]: 41 tweets" in "".join(lint(pages))
    assert "[tweets-shown]" not in "".join(lint(pages[:1]))


def test_the_command_prints_findings_and_says_how_many(folder, capsys, monkeypatch):
    monkeypatch.chdir(folder.parent)
    path = full_path(LESSONS[1], folder.parent)
    with pytest.raises(FileNotFoundError, match=path.name):
        main(["02"])
    path.write_text(as_text(notebook_of(*good(), markdown_cell("It doesn't."))), encoding="utf-8")
    assert main(["02"]) == 1
    said = capsys.readouterr().out
    assert f"{path.name}, cell {len(good()) + 1} [no-contraction]: write out" in said
    path.write_text(as_text(notebook_of(*good())), encoding="utf-8")
    assert main(["02"]) == 0
    with pytest.raises(CourseError, match="no notebook called"):
        main(["99"])


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
    for lesson in EVERY:
        if not full_path(lesson, REPOSITORY).is_file():
            continue
        for cell in code_cells(read_notebook(full_path(lesson, REPOSITORY))):
            lines = printed(cell["outputs"]).splitlines()
            hits = [line for line in lines if runs_of_words(line) & known]
            if "shows-tweets" in tags(cell):
                shown += len(hits)
            else:
                assert not hits, f"{lesson.name} shows a tweet in {cell['source']!r}"
    assert shown <= MOST_TWEETS
