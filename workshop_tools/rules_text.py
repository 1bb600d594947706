"""Rules about what a learner reads: anatomy, navigation, links, exercises, quiz, plain English."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from workshop_tools.editions import Cell, read_notebook, tags
from workshop_tools.rules import WHOLE, Page, Problem, Rule, prose, rule, unfenced
from workshop_utils import quizzes
from workshop_utils.lessons import LESSONS, neighbours

RULES: list[Rule] = []
BEFORE = ("What you will do", "What you will learn", "What you need", "Set up")
AFTER = ("Quiz", "What you learnt", "Going further")
_CONTRACTION = re.compile(
    r"\b(?:\w+n['\u2019]t|(?:it|that|there|what|let|here|who|he|she)['\u2019]s"
    r"|(?:I|you|we|they|it)['\u2019](?:re|ve|ll|d|m))\b",
    re.IGNORECASE,
)
_DIRECTIVE = re.compile(r"^ *(?::{3,}|`{3,}|~{3,})\{|(?<![\w\\}$])\{[a-z][a-z:-]*\}`", re.MULTILINE)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_QUIZ = re.compile(r"\bquizzes\.show\(\s*[\"'](\w+)[\"']")
_PREDICT = "**Predict.**"
FEWEST_PREDICTIONS = 3


@rule(RULES)
def anatomy(page: Page) -> Iterator[Problem]:
    """A notebook has one title and the headings of the house, in order."""
    headings = page.headings()
    titles = [position for position, level, _ in headings if level == 1]
    if titles[:1] != [0]:
        yield 0, "the first cell must begin with the title, '# ...'"
    for position in titles[1:]:
        yield position, "a second title; sections begin with '##'"
    found = [text for _, level, text in headings if level == 2]
    wanted = [*BEFORE, *AFTER]
    missing = [text for text in wanted if text not in found]
    for text in missing:
        yield WHOLE, f"the heading '## {text}' is missing"
    kept = [text for text in found if text in wanted]
    if not missing and kept != wanted:
        yield WHOLE, f"headings in another order: {', '.join(kept)}"
    if not missing and not set(found) - set(wanted):
        yield WHOLE, "there is no section between 'Set up' and 'Quiz'"


@rule(RULES)
def heading_levels(page: Page) -> Iterator[Problem]:
    """Headings go down one level at a time: a screen reader's list of them has no holes."""
    above = 0
    for position, level, text in page.headings():
        if above and level > above + 1:  # the first one is the title, of the rule above
            yield position, f"{text!r} is of level {level}, and the heading before of level {above}"
        above = level


@rule(RULES)
def navigation(page: Page) -> Iterator[Problem]:
    """The first cell links the previous and the next notebook, the index and Colab."""
    first = str(page.cells[0]["source"])
    wanted = {"the index": "[Index](../README.md)", "the Colab badge": "colab-badge.svg"}
    for lesson in LESSONS:
        if lesson.name == page.path.stem:
            before, after = neighbours(lesson)
            wanted |= {"the notebook before": f"({before.name}.ipynb)"} if before else {}
            wanted |= {"the notebook after": f"({after.name}.ipynb)"} if after else {}
    for what, text in wanted.items():
        if text not in first:
            yield 0, f"the navigation lacks {what}"


@rule(RULES)
def minutes(page: Page) -> Iterator[Problem]:
    """The first cell says the minutes for reading, for exercises and, measured, for running."""
    first = str(page.cells[0]["source"])
    if not re.search(r"Reading \d+ min · exercises \d+ min · running ", first):
        yield 0, "the minutes are missing"
    elif not re.search(r"running \d+ min \(\d+ CPU cores?\)", first):
        yield 0, "the running time was not measured: `workshop run --record-minutes`, then build"


@rule(RULES)
def objectives(page: Page) -> Iterator[Problem]:
    """Three to five things to learn, each answered under 'What you learnt'."""
    promised = _bullets(page, "What you will learn")
    kept = _bullets(page, "What you learnt")
    if not 3 <= promised <= 5:
        yield WHOLE, f"'What you will learn' has {promised} items; expected 3 to 5"
    if promised != kept:
        yield WHOLE, f"{promised} things to learn, but {kept} items under 'What you learnt'"


def _bullets(page: Page, title: str) -> int:
    text = "\n".join(part for _, part in page.section(title))
    return len(re.findall(r"^(?:[-*]|\d+\.) ", text, re.MULTILINE))


@rule(RULES)
def prediction(page: Page) -> Iterator[Problem]:
    """At least three times the learner predicts, and the next cell is the code that answers."""
    asked = [(position, source.count(_PREDICT)) for position, source in page.markdown]
    times = sum(number for _, number in asked)
    if times < FEWEST_PREDICTIONS:
        yield WHOLE, f"{times} prompt(s) '{_PREDICT} ...'; expected at least {FEWEST_PREDICTIONS}"
    for position, number in asked:
        after = page.cells[position + 1 : position + 2]
        if number and [cell["cell_type"] for cell in after] != ["code"]:
            yield position, f"no code cell follows the prompt '{_PREDICT} ...'"


@rule(RULES)
def exercises(page: Page) -> Iterator[Problem]:
    """Two to four exercises, each with a stub, a check and a solution that is correct."""
    starts = [
        position
        for position, level, text in page.headings()
        if level == 3 and text.startswith("Exercise: ")
    ]
    if not 2 <= len(starts) <= 4:
        yield WHOLE, f"{len(starts)} heading(s) '### Exercise: ...'; expected 2 to 4"
    for start in starts:
        yield from _exercise(page, start)


def _exercise(page: Page, start: int) -> Iterator[Problem]:
    ends = [position for position, level, _ in page.headings() if position > start and level <= 3]
    cells = page.cells[start + 1 : min(ends, default=len(page.cells))]
    stubs = [cell for cell in cells if "exercise" in tags(cell)]
    solutions = [cell for cell in cells if "solution" in tags(cell)]
    if not stubs:
        yield start, "the exercise has no stub cell with the tag 'exercise'"
    open_code = [c["source"] for c in cells if c["cell_type"] == "code" and c not in solutions]
    if not any(".check(" in source for source in open_code):
        yield start, "the exercise has no check"
    if not solutions:
        yield start, "the exercise has no cell with the tag 'solution'"
    elif not any(".check(" in cell["source"] for cell in solutions):
        yield start, "the solution is not given to the check"
    elif not any(_printed(cell["outputs"], "Correct") for cell in solutions):
        yield start, "the check does not call the solution correct"


def _printed(outputs: list[dict[str, object]], word: str) -> bool:
    return any(word in "".join(output.get("text", "")) for output in outputs)  # type: ignore[arg-type]


@rule(RULES)
def quiz(page: Page) -> Iterator[Problem]:
    """The quiz shows the questions of this notebook, and every option has an explanation."""
    subject = page.path.stem.partition("_")[2]
    shown = [name for cell in _quiz_cells(page) for name in _QUIZ.findall(cell["source"])]
    if shown != [subject]:
        found = ", ".join(shown) or "none"
        yield WHOLE, f'the quizzes shown: {found}; expected quizzes.show("{subject}") once'
    if any("<details" in source for _, source in page.section("Quiz")):
        yield WHOLE, "a question in the Markdown; questions stand in workshop_utils/quizzes"
    try:
        questions = quizzes.load(subject)
    except ValueError as error:
        yield WHOLE, str(error)
        return
    for question in questions:
        options = [text for option in question.options for text in (option.text, option.why)]
        for text in (question.text, *options):
            for contraction in _CONTRACTION.finditer(prose(text)):
                yield WHOLE, f"quiz question {question.number}: write out {contraction[0]!r}"


def _quiz_cells(page: Page) -> list[Cell]:
    """Return the code cells between the heading of the quiz and the next one."""
    tops = [(position, text) for position, level, text in page.headings() if level <= 2]
    starts = [position for position, text in tops if text == "Quiz"]
    ends = [position for position, _ in tops if starts and position > starts[0]]
    inside = page.cells[starts[0] : min(ends, default=None)] if starts else []
    return [cell for cell in inside if cell["cell_type"] == "code"]


@rule(RULES)
def no_directive(page: Page) -> Iterator[Problem]:
    """Plain Markdown only: a MyST directive or role shows as raw code in JupyterLab."""
    for position, source in page.markdown:
        found = _DIRECTIVE.search(source)
        if found:
            yield position, f"a MyST directive or role: {found[0].strip()!r}"


@rule(RULES)
def no_contraction(page: Page) -> Iterator[Problem]:
    """Words are written out, for readers of English as a second language."""
    for position, source in page.markdown:
        for found in _CONTRACTION.finditer(prose(source)):
            yield position, f"write out {found[0]!r}"


@rule(RULES)
def links(page: Page) -> Iterator[Problem]:
    """Links between files lead to a file that is there, and to a heading in it."""
    for position, source in page.markdown:
        for target in _LINK.findall(unfenced(source)):
            if re.match(r"[a-z]+:", target):
                continue
            name, _, anchor = target.partition("#")
            path = page.path.parent / unquote(name) if name else page.path
            if name and not path.exists():
                yield position, f"the link to {target} leads nowhere"
            elif anchor and unquote(anchor) not in _anchors(path, page):
                yield position, f"{path.name} has no heading for #{anchor}"


def _anchors(path: Path, page: Page) -> set[str]:
    """Return the anchors of a file's headings, as JupyterLab and as GitHub name them."""
    if path == page.path:
        headings = [text for _, _, text in page.headings()]
    elif path.suffix == ".ipynb":
        headings = [text for _, _, text in Page(path, read_notebook(path)).headings()]
    else:
        text = unfenced(path.read_text(encoding="utf-8"))
        headings = re.findall(r"^#{1,6} +(.+?)\s*$", text, re.MULTILINE)
    github = {re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for text in headings}
    return github | {text.replace(" ", "-") for text in headings}
