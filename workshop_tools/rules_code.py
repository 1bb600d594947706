"""Rules about code cells: their length, their tags, and that claims are checked."""

import re
import statistics
import symtable
from collections.abc import Iterator

from workshop_tools.editions import IGNORE, TAGS, Cell, tags
from workshop_tools.rules import WHOLE, Page, Problem, Rule, rule

RULES: list[Rule] = []
LONGEST = 25
LONGEST_MEDIAN = 5
_SKIP = "nbval-skip"
_MARKERS = {"# NBVAL_IGNORE_OUTPUT", "# NBVAL_CHECK_OUTPUT", "# NBVAL_SKIP"}
# A claim of the course's own, not the check of a learner's answer (exercises.x.check).
_CLAIM = re.compile(r"(?<![.\w])(?:check|band)\(|\bchecks\.(?:check|band)\(|\bruntime\.ready\(")


def lines_of(cell: Cell) -> int:
    """Return the number of lines that are not blank."""
    return sum(bool(line.strip()) for line in cell["source"].splitlines())


def is_ignored(cell: Cell) -> bool:
    """Return whether nbval does not compare the cell's output."""
    lines = {line.strip() for line in cell["source"].splitlines()}
    return bool({IGNORE, _SKIP} & tags(cell) or lines & {"# NBVAL_IGNORE_OUTPUT", "# NBVAL_SKIP"})


@rule(RULES)
def cell_length(page: Page) -> Iterator[Problem]:
    """No code cell has more than 25 lines, and half of them have at most 5."""
    written = [(n, cell) for n, cell in page.code if "setup" not in tags(cell)]
    for position, cell in written:
        if lines_of(cell) > LONGEST:
            yield position, f"{lines_of(cell)} lines of code; at most {LONGEST}"
    if written:
        median = statistics.median(lines_of(cell) for _, cell in written)
        if median > LONGEST_MEDIAN:
            yield WHOLE, f"the median code cell has {median:g} lines; at most {LONGEST_MEDIAN}"


@rule(RULES)
def seeded(page: Page) -> Iterator[Problem]:
    """The cell after the set-up seeds, so that no layer of the notebook starts by chance."""
    code = [cell for _, cell in page.code if "setup" not in tags(cell)]
    if code and "runtime.set_seed(" not in code[0]["source"]:
        yield page.code[0][0], "the cell after the set-up lacks runtime.set_seed()"


@rule(RULES)
def parameters_cell(page: Page) -> Iterator[Problem]:
    """One cell at most is tagged "parameters", and each plain NAME = value there is used later."""
    tagged = [number for number, (_, cell) in enumerate(page.code) if "parameters" in tags(cell)]
    for number in tagged[1:]:
        yield page.code[number][0], "a second cell tagged 'parameters'; papermill reads the first"
    for number in tagged[:1]:
        position, cell = page.code[number]
        names = re.findall(r"^([A-Z_]+) = ", cell["source"], re.MULTILINE)
        if not re.search(r"^[A-Z_]+ = .+\Z", cell["source"].rstrip(), re.MULTILINE):
            # papermill takes what follows a value for more of the value.
            yield position, "tagged 'parameters', but its last line is none such as SEED = 141"
        used = set().union(*(_made_and_used(after)[1] for _, after in page.code[number + 1 :]))
        for name in names:
            if name not in used:
                yield position, f"no later cell uses {name}, so a new value would change nothing"


@rule(RULES)
def known_tags(page: Page) -> Iterator[Problem]:
    """Every tag is one that the build, nbval or the lint knows; others are misspelt."""
    for position, cell in enumerate(page.cells):
        for tag in sorted(tags(cell) - TAGS):
            yield position, f"unknown tag {tag!r}; known are {', '.join(sorted(TAGS))}"


@rule(RULES)
def nbval_comment(page: Page) -> Iterator[Problem]:
    """A comment for nbval is exact: any further text on the line switches it off."""
    for position, cell in page.code:
        for line in cell["source"].splitlines():
            if re.match(r"\s*#\s*NBVAL", line) and line.strip() not in _MARKERS:
                yield position, f"nbval does not read {line.strip()!r}; better use a tag"


@rule(RULES)
def executed(page: Page) -> Iterator[Problem]:
    """Every code cell was executed, in order; nbval compares nothing in one that was not."""
    for number, (position, cell) in enumerate(page.code, start=1):
        if cell["execution_count"] != number:
            yield position, f"execution count {cell['execution_count']}; expected {number}"


@rule(RULES)
def ignored_then_checked(page: Page) -> Iterator[Problem]:
    """A cell whose output is not compared is followed, within two code cells, by a check."""
    code = page.code
    for number, (position, cell) in enumerate(code):
        if is_ignored(cell) and not any(
            _CLAIM.search(after["source"]) and not is_ignored(after)
            for _, after in code[number + 1 : number + 3]
        ):
            yield position, "its output is not compared and no check( or band( follows"


@rule(RULES)
def ignored_share(page: Page) -> Iterator[Problem]:
    """Of the code cells that store an output, at most a quarter is ignored or skipped."""
    with_output = [cell for _, cell in page.code if cell["outputs"]]
    ignored = sum(is_ignored(cell) for cell in with_output)
    if 4 * ignored > len(with_output):
        yield WHOLE, f"{ignored} of {len(with_output)} cells with an output are not compared"


@rule(RULES)
def real_tweets_tag(page: Page) -> Iterator[Problem]:
    """A check that speaks of the real tweets prints something else on the twin, so it is tagged."""
    for position, cell in page.code:
        if "real_tweets=" in cell["source"] and "real-tweets" not in tags(cell):
            yield position, "it gives real_tweets= and lacks the tag 'real-tweets'"
        if re.search(r"real_tweets\s*=\s*False", cell["source"]):
            yield position, "real_tweets=False switches the check off; give tweets.is_real"


def _made_and_used(cell: Cell) -> tuple[set[str], set[str]]:
    """Return the names that a cell makes for later cells, and those it needs from earlier ones."""
    try:
        top = symtable.symtable(cell["source"], "cell", "exec")
    except SyntaxError:  # a magic such as %pip
        return set(), set()
    made = {s.get_name() for s in top.get_symbols() if s.is_assigned() or s.is_imported()}
    used = {s.get_name() for s in top.get_symbols() if s.is_referenced()}
    inner = list(top.get_children())
    for table in inner:  # grows while it is read: functions hold functions
        inner.extend(table.get_children())
        used |= {s.get_name() for s in table.get_symbols() if s.is_global()}
    return made, used - made


@rule(RULES)
def solution_names(page: Page) -> Iterator[Problem]:
    """What a solution defines is used in solutions only: the learner's edition has none."""
    solved: set[str] = set()
    for position, cell in page.code:
        made, used = _made_and_used(cell)
        if "solution" in tags(cell):
            solved |= made
            continue
        for name in sorted(used & solved):
            yield position, f"it uses {name!r}, which only a solution defines"
        solved -= made


@rule(RULES)
def no_semicolon(page: Page) -> Iterator[Problem]:
    """No semicolon hides a value: nbval runs cells without the history that this needs."""
    for position, cell in page.code:
        last = cell["source"].rstrip().splitlines()[-1:]
        if last and last[0].split("#")[0].rstrip().endswith(";"):
            yield position, "the last line ends with a semicolon; assign to _ instead"
