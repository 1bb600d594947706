"""Rules about what a learner reads: anatomy, navigation, links, exercises, quiz, plain English."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from workshop_tools.editions import Cell, read_notebook, tags
from workshop_tools.minutes import PREDICT, count
from workshop_tools.rules import WHOLE, Page, Problem, Rule, prose, rule, unfenced
from workshop_tools.rules_outputs import texts
from workshop_tools.slides import nearly_empty
from workshop_tools.slides import slides as slides_of
from workshop_utils import quizzes
from workshop_utils.lessons import EVERY, neighbours

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
STOP = "**A good place to stop.**"
TWO_PARTS = ("03", "05")
MOST_SLIDES = 25
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
    wanted = {"the index": "../README.md)", "the Colab badge": "colab-badge.svg"}
    for lesson in EVERY:
        if lesson.name == page.path.stem:
            before, after = neighbours(lesson)
            wanted |= {"the notebook before": f"({before.name}.ipynb)"} if before else {}
            wanted |= {"the notebook after": f"({after.name}.ipynb)"} if after else {}
    for what, text in wanted.items():
        if text not in first:
            yield 0, f"the navigation lacks {what}"


@rule(RULES)
def minutes(page: Page) -> Iterator[Problem]:
    """A core notebook takes 60 minutes at most (75 with a place to stop), a further one 45."""
    taken = count(page.cells).whole
    stop = any(STOP in source for _, source in page.markdown)
    most = 45 if page.further else 75 if page.number in TWO_PARTS and stop else 60
    if taken > most:
        advice = f"; with a paragraph '{STOP} ...' it may take 75"
        hint = advice if page.number in TWO_PARTS and not stop else ""
        yield WHOLE, f"{taken} minutes; at most {most}{hint}"
    if not re.search(r"running takes \d+ min more", str(page.cells[0]["source"])):
        yield 0, "the running time was not measured: `workshop run --record-minutes`, then build"


@rule(RULES)
def slides(page: Page) -> Iterator[Problem]:
    """A notebook has at most 25 slides, the title's among them, and none is nearly empty."""
    found = slides_of(page.cells)
    if len(found) >= MOST_SLIDES:
        yield WHOLE, f"{len(found) + 1} slides; at most {MOST_SLIDES}"
    for slide in found:
        if nearly_empty(slide):
            yield page.cells.index(slide[0]), "a slide with hardly a word, no code, no picture"


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
    """At least three times the learner predicts, and the next cell is code that prints."""
    asked = [position for position, source in page.markdown if PREDICT in source]
    if len(asked) < FEWEST_PREDICTIONS:
        yield WHOLE, f"{len(asked)} cell(s) with '{PREDICT}'; at least {FEWEST_PREDICTIONS}"
    for position in asked:
        after = page.cells[position + 1 : position + 2]
        if [cell["cell_type"] for cell in after] != ["code"]:
            yield position, f"no code cell follows '{PREDICT}'"
        elif not any(texts(output) for output in after[0]["outputs"]):
            yield position, f"the cell after '{PREDICT}' prints nothing that answers"


@rule(RULES)
def exercises(page: Page) -> Iterator[Problem]:
    """At least four exercises (further: two), each complete; one is open, one comes late."""
    starts = [
        (position, text)
        for position, level, text in page.headings()
        if level == 3 and text.startswith(("Exercise: ", "Open exercise: "))
    ]
    fewest = 2 if page.further else 4
    if len(starts) < fewest:
        yield WHOLE, f"{len(starts)} exercises ('### Exercise: ...'); at least {fewest}"
    if not any(text.startswith("Open") for _, text in starts):
        yield WHOLE, "no open exercise ('### Open exercise: ...')"
    if not any(3 * position >= 2 * len(page.cells) for position, _ in starts):
        yield WHOLE, "no exercise in the last third"
    for start, _ in starts:
        yield from _exercise(page, start)


def _exercise(page: Page, start: int) -> Iterator[Problem]:
    ends = [position for position, level, _ in page.headings() if position > start and level <= 3]
    cells = page.cells[start : min(ends, default=len(page.cells))]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    stubs = [cell for cell in code if "exercise" in tags(cell)]
    solutions = [cell for cell in code if "solution" in tags(cell)]
    if [len(stubs), len(solutions)] != [1, 1]:
        yield start, f"{len(stubs)} stub cell(s), {len(solutions)} solution cell(s); one of each"
        return
    if not any(re.search(r"\.(?:use|check)\(", cell["source"]) for cell in code):
        yield start, "no cell gives the answer to the exercise's use( or check("
    made = _top_names(solutions[0]["source"])
    lacking = {f"solution_{name}" for name in _top_names(stubs[0]["source"])} - made
    if lacking:
        yield start, f"the solution cell does not define {', '.join(sorted(lacking))}"
    if solutions[0]["outputs"] or ".check(" in solutions[0]["source"]:
        yield start, "the solution cell must only define: no check, no output"
    stated = sum(count([cell]).exercises for cell in cells)
    needed = 3 + _body_lines(solutions[0]["source"])
    if stated < needed:
        yield start, f"'*{stated} minutes.*' stated; with this solution at least {needed}"


def _top_names(source: str) -> set[str]:
    """Return the functions, classes and variables that a cell defines."""
    found: set[str] = set()
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = (each for target in targets for each in ast.walk(target))
            found |= {each.id for each in names if isinstance(each, ast.Name)}
    return found


def _body_lines(source: str) -> int:
    """Count the lines that a learner writes: of functions only the body, without docstring."""
    lines: set[int] = set()
    for node in ast.parse(source).body:
        inner = node.body if isinstance(node, ast.FunctionDef) else [node]
        for part in inner:
            if not (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant)):
                lines |= set(range(part.lineno, (part.end_lineno or part.lineno) + 1))
    written = source.splitlines()
    return sum(bool(written[n - 1].split("#")[0].strip()) for n in lines)


@rule(RULES)
def quiz(page: Page) -> Iterator[Problem]:
    """The quiz shows the questions of this notebook, and every option has an explanation."""
    subject = page.subject
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
