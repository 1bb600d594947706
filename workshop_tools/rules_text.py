"""Rules about what a learner reads: anatomy, minutes, links, exercises, quiz, plain English."""

import ast
import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from workshop_tools.editions import Cell, read_notebook, tags
from workshop_tools.lesson_files import full_path
from workshop_tools.minutes import PREDICT, STOP, count, measured, sittings
from workshop_tools.rules import WHOLE, Page, Problem, github_anchor, headings_in, prose, unfenced
from workshop_tools.rules_code import made_and_used
from workshop_tools.rules_outputs import printed
from workshop_tools.slides import slides as slides_of
from workshop_utils.learning import quizzes

BEFORE = ("What you will do", "What you will learn", "What you need", "Set up")
AFTER = ("Quiz", "What this does not show", "What you learnt", "Going further", "Checks")
_CONTRACTION = re.compile(
    r"\b(?:\w+n['\u2019]t|(?:it|that|there|what|let|here|who|he|she)['\u2019]s"
    r"|(?:I|you|we|they|it)['\u2019](?:re|ve|ll|d|m))\b",
    re.IGNORECASE,
)
_DIRECTIVE = re.compile(r"^ *(?::{3,}|`{3,}|~{3,})\{|(?<![\w\\}$])\{[a-z][a-z:-]*\}`", re.MULTILINE)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_QUIZ = re.compile(r"\bquizzes\.show\(\s*[\"'](\w+)[\"']")
TWO_SITTINGS = ("03", "05")
MOST_MINUTES = 60
MOST_OF_A_SITTING = 45
MOST_FURTHER = 45
MOST_LINES = 85
MOST_LINES_OF_TWO = 130
"""Lines of code in a notebook of one sitting, and of two."""
MOST_SLIDES = 25
FEWEST_WORDS = 8
"""A slide without code, picture, formula and table that says less is nearly empty."""
FEWEST_PREDICTIONS = 3


def anatomy(page: Page) -> Iterator[Problem]:
    """A notebook has one title and the headings of the house in order; no level is left out."""
    headings = page.headings()
    if [position for position, level, _ in headings if level == 1] != [0]:
        yield 0, "the first cell must begin with the only title, '# ...'; sections begin with '##'"
    for (_, above, _), (position, level, text) in itertools.pairwise(headings):
        if level > above + 1:  # a screen reader's list of headings would have a hole
            yield position, f"{text!r} is of level {level}, and the heading before of level {above}"
    titles = [text for _, level, text in headings if level == 2]
    wanted = [*BEFORE, *AFTER]
    kept = [text for text in titles if text in wanted]
    if kept != wanted:
        yield WHOLE, f"the headings {', '.join(kept)}; expected {', '.join(wanted)}"
    if len(titles) <= len(wanted):
        yield WHOLE, "there is no section between 'Set up' and 'Quiz'"


def minutes(page: Page) -> Iterator[Problem]:
    """A core notebook: 60 minutes, 85 lines at most; 03, 05: two of 45, 130; others: 45 minutes."""
    two = page.lesson.number in TWO_SITTINGS
    parts = sittings(page.cells)
    most = MOST_FURTHER if page.lesson.further else MOST_OF_A_SITTING if two else MOST_MINUTES
    if len(parts) != 1 + two:
        yield WHOLE, f"'{STOP}' stands once in {' and '.join(TWO_SITTINGS)}, and nowhere else"
    for part in parts:
        if part.whole > most:
            yield WHOLE, f"{part.whole} minutes in one sitting; at most {most}"
    lines = sum(part["lines"] for part in parts)
    most_lines = MOST_LINES_OF_TWO if two else MOST_LINES
    if lines > most_lines and not page.lesson.further:
        yield WHOLE, f"{lines} lines of code; at most {most_lines}"
    if page.lesson.name not in measured(page.root).seconds:
        yield 0, "the running time was not measured: `workshop run --record-minutes`, then build"


def slides(page: Page) -> Iterator[Problem]:
    """A notebook has at most 25 slides, the title's among them, and none is nearly empty."""
    deck = slides_of(page.cells)
    if len(deck) + 1 > MOST_SLIDES:
        yield WHOLE, f"{len(deck) + 1} slides; at most {MOST_SLIDES}"
    for slide in deck:
        text = "\n".join(cell["source"] for cell in slide)
        words = re.findall(r"\w+", re.sub(r"^#+ .*$", "", text, flags=re.MULTILINE))
        bare = {cell["cell_type"] for cell in slide} == {"markdown"}
        if bare and len(words) < FEWEST_WORDS and not re.search(r"\$\$|\|", text):
            yield page.cells.index(slide[0]), "a slide with hardly a word, no code, no picture"


def objectives(page: Page) -> Iterator[Problem]:
    """Three to five things to learn, each answered under 'What you learnt'."""
    promised = _bullets(page, "What you will learn")
    answers = _bullets(page, "What you learnt")
    if not 3 <= promised <= 5:
        yield WHOLE, f"'What you will learn' has {promised} items; expected 3 to 5"
    if promised != answers:
        yield WHOLE, f"{promised} things to learn, but {answers} items under 'What you learnt'"


def _bullets(page: Page, title: str) -> int:
    return len(re.findall(r"^(?:[-*]|\d+\.) ", page.section(title), re.MULTILINE))


def prediction(page: Page) -> Iterator[Problem]:
    """At least three times the learner predicts, and the next cell is code that prints."""
    asked = [position for position, source in page.markdown if PREDICT in source]
    if len(asked) < FEWEST_PREDICTIONS:
        yield WHOLE, f"{len(asked)} cell(s) with '{PREDICT}'; at least {FEWEST_PREDICTIONS}"
    for position in asked:
        after = page.cells[position + 1 : position + 2]
        if [cell["cell_type"] for cell in after] != ["code"]:
            yield position, f"no code cell follows '{PREDICT}'"
        elif not printed(after[0]["outputs"]):
            yield position, f"the cell after '{PREDICT}' prints nothing that answers"


def exercises(page: Page) -> Iterator[Problem]:
    """At least four exercises (further: two), each complete; one is open, one comes late."""
    starts = [
        (position, text)
        for position, level, text in page.headings()
        if level == 3 and text.startswith(("Exercise: ", "Open exercise: "))
    ]
    fewest = 2 if page.lesson.further else 4
    if len(starts) < fewest:
        yield WHOLE, f"{len(starts)} exercises ('### Exercise: ...'); at least {fewest}"
    if not any(text.startswith("Open") for _, text in starts):
        yield WHOLE, "no open exercise ('### Open exercise: ...')"
    before_checks = sum("test" not in tags(cell) for cell in page.cells)
    if not any(3 * position >= 2 * before_checks for position, _ in starts):
        yield WHOLE, "no exercise in the last third"
    for start, _ in starts:
        yield from _exercise(page, start)


def _part(page: Page, start: int, level: int) -> list[Cell]:
    """Return the cells from a heading to the next one of its level or above."""
    ends = [place for place, its, _ in page.headings() if place > start and its <= level]
    return page.cells[start : min(ends, default=None)]


def _exercise(page: Page, start: int) -> Iterator[Problem]:
    cells = _part(page, start, 3)
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    stubs = [cell for cell in code if "exercise" in tags(cell)]
    solutions = [cell for cell in code if "solution" in tags(cell)]
    if [len(stubs), len(solutions)] != [1, 1]:
        yield start, f"{len(stubs)} stub cell(s), {len(solutions)} solution cell(s); one of each"
        return
    if not any(re.search(r"\.(?:use|check)\(", cell["source"]) for cell in code):
        yield start, "no cell gives the answer to the exercise's use( or check("
    asked = made_and_used(stubs[0])[0]
    made = made_and_used(solutions[0])[0]
    lacking = {f"solution_{name}" for name in asked} - made
    if lacking:
        yield start, f"the solution cell does not define {', '.join(sorted(lacking))}"
    if solutions[0]["outputs"] or ".check(" in solutions[0]["source"]:
        yield start, "the solution cell must only define: no check, no output"
    stated = sum(count([cell])["exercises"] for cell in cells)
    needed = 3 + _body_lines(solutions[0]["source"])
    if stated < needed:
        yield start, f"'*{stated} minutes.*' stated; with this solution at least {needed}"


def _body_lines(source: str) -> int:
    """Count the lines that a learner writes: of functions only the body, without docstring."""
    parts: list[ast.stmt] = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef):
            parts += node.body[bool(ast.get_docstring(node)) :]
        else:
            parts.append(node)
    return sum(len(ast.unparse(part).splitlines()) for part in parts)


def quiz(page: Page) -> Iterator[Problem]:
    """The quiz shows the questions of this notebook, and every option has an explanation."""
    starts = [position for position, _, text in page.headings() if text == "Quiz"]
    cells = [cell for start in starts for cell in _part(page, start, 2)]
    code = "\n".join(cell["source"] for cell in cells if cell["cell_type"] == "code")
    shown = _QUIZ.findall(code)
    expected = [page.lesson.subject]
    if shown != expected:
        yield WHOLE, f"the quizzes that the section shows are {shown}; expected {expected}"
    try:
        questions = quizzes.load(page.lesson.subject)
    except ValueError as error:
        yield WHOLE, str(error)
        return
    for question in questions:
        options = [text for option in question.options for text in (option.text, option.why)]
        for found in _CONTRACTION.findall(prose("\n\n".join([question.text, *options]))):
            yield WHOLE, f"quiz question {question.number}: write out {found!r}"


def no_directive(page: Page) -> Iterator[Problem]:
    """Plain Markdown only: a MyST directive or role shows as raw code in JupyterLab."""
    for position, source in page.markdown:
        directive = _DIRECTIVE.search(source)
        if directive:
            yield position, f"a MyST directive or role: {directive[0].strip()!r}"


def no_contraction(page: Page) -> Iterator[Problem]:
    """Words are written out, for readers of English as a second language."""
    for position, source in page.markdown:
        for found in _CONTRACTION.findall(prose(source)):
            yield position, f"write out {found!r}"


def links(page: Page) -> Iterator[Problem]:
    """Links between files lead to a file that is there, and to a heading in it."""
    own = "\n\n".join(source for _, source in page.markdown)
    for position, source in page.markdown:
        for target in _LINK.findall(unfenced(source)):
            if re.match(r"[a-z]+:", target):
                continue
            name, _, anchor = target.partition("#")
            path = full_path(page.lesson, page.root).parent / unquote(name)
            if not path.exists():
                yield position, f"the link to {target} leads nowhere"
            elif anchor and unquote(anchor) not in _anchors(_markdown(path) if name else own):
                yield position, f"there is no heading for {target}"


def _markdown(path: Path) -> str:
    """Return the Markdown of a page or of a notebook."""
    if path.suffix != ".ipynb":
        return path.read_text(encoding="utf-8")
    cells = read_notebook(path)["cells"]
    return "\n\n".join(cell["source"] for cell in cells if cell["cell_type"] == "markdown")


def _anchors(text: str) -> set[str]:
    """Return the anchors of the headings of a text, as JupyterLab and as GitHub name them."""
    found = [heading for _, heading in headings_in(text)]
    return {github_anchor(each) for each in found} | {each.replace(" ", "-") for each in found}
