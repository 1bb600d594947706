"""Rules about code cells: length, tags, whose names are used where, and that claims are tested."""

import ast
import re
import statistics
import symtable
from collections.abc import Iterator
from pathlib import Path

import workshop_utils
from workshop_tools.editions import IGNORE, TAGS, Cell, tags
from workshop_tools.minutes import HIDDEN
from workshop_tools.rules import WHOLE, Page, Problem

PACKAGE = "workshop_utils"
LONGEST = 25
LONGEST_MEDIAN = 5
MOST_HELPERS = 10
FREE = frozenset({"figures", "learning", "runtime"})
"""Rooms whose functions may be used without being counted."""
MOST_CELLS_WITHOUT_PICTURE = 25
# What the lesson teaches stands in the cell; a helper with such a name would do it instead.
_DOES_THE_LESSON = re.compile(r"fit|train|split|vectori[sz]|sample|differentiate", re.IGNORECASE)
# A claim of the course's own, not the check of a learner's answer (exercises.x.check).
_CLAIM = re.compile(r"(?<![.\w])(?:check|band)\(|\bchecks\.(?:check|band)\(")


def is_ignored(cell: Cell) -> bool:
    """Return whether nbval does not compare the cell's output."""
    return bool({IGNORE, "nbval-skip"} & tags(cell))


def cell_length(page: Page) -> Iterator[Problem]:
    """No code cell has more than 25 lines, and half of the learner's have at most 5."""
    written = [(n, cell) for n, cell in page.code if "setup" not in tags(cell)]
    lines = {n: len(re.findall(r"^.*\S", cell["source"], re.MULTILINE)) for n, cell in written}
    for position, number in lines.items():
        if number > LONGEST:
            yield position, f"{number} lines of code; at most {LONGEST}"
    median = statistics.median([lines[n] for n, _ in page.learners if n in lines] or [0])
    if median > LONGEST_MEDIAN:
        yield WHOLE, f"the median code cell has {median:g} lines; at most {LONGEST_MEDIAN}"


def seeded(page: Page) -> Iterator[Problem]:
    """The cell after the set-up says that all is ready, and seeds."""
    code = [(position, cell) for position, cell in page.code if "setup" not in tags(cell)]
    for call in ("runtime.ready(", "runtime.set_seed("):
        if code and call not in code[0][1]["source"]:
            yield code[0][0], f"the cell after the set-up lacks {call})"


def parameters_cell(page: Page) -> Iterator[Problem]:
    """One cell at most is tagged "parameters"; it ends with a value, and each value is used."""
    tagged = [number for number, (_, cell) in enumerate(page.code) if "parameters" in tags(cell)]
    for number in tagged:
        position, cell = page.code[number]
        names = re.findall(r"^([A-Z_]+) = ", cell["source"], re.MULTILINE)
        if number != tagged[0]:
            yield position, "a second cell tagged 'parameters'; papermill reads the first"
        if not re.match(r"[A-Z_]+ = ", cell["source"].rstrip().splitlines()[-1]):
            # papermill takes what follows a value for more of the value.
            yield position, "tagged 'parameters', but its last line is none such as SEED = 141"
        used = set().union(*(made_and_used(after)[1] for _, after in page.code[number + 1 :]))
        for name in sorted(set(names) - used):
            yield position, f"no later cell uses {name}, so a new value would change nothing"


def known_tags(page: Page) -> Iterator[Problem]:
    """Every tag is one that the build, nbval or the lint knows; no comment stands for one."""
    for position, cell in enumerate(page.cells):
        for tag in sorted(tags(cell) - TAGS):
            yield position, f"unknown tag {tag!r}; known are {', '.join(sorted(TAGS))}"
        if "# NBVAL" in cell["source"]:
            yield position, "a comment for nbval; use a tag"


def executed(page: Page) -> Iterator[Problem]:
    """Every code cell was executed, in order; nbval compares nothing in one that was not."""
    for number, (position, cell) in enumerate(page.code, start=1):
        if cell["execution_count"] != number:
            yield position, f"execution count {cell['execution_count']}; expected {number}"


def claims_in_tests(page: Page) -> Iterator[Problem]:
    """Cells tagged "test", and no others, call check( or band(."""
    for position, cell in page.code:
        claims = bool(_CLAIM.search(cell["source"]))
        test = "test" in tags(cell)
        if claims and not test:
            yield position, "check( or band( outside of a cell tagged 'test'"
        if test and not claims:
            yield position, "tagged 'test', and no check( or band( in it"


def checks_last(page: Page) -> Iterator[Problem]:
    """All checks stand in the last section, out of the argument; learners do not have it."""
    start = [position for position, *heading in page.headings() if heading == [2, "Checks"]]
    for position, cell in enumerate(page.cells):
        if ("test" in tags(cell)) != bool(start and position >= start[0]):
            yield position, "cells tagged 'test', and only they, stand under the last '## Checks'"


def ignored_then_tested(page: Page) -> Iterator[Problem]:
    """A check uses what a cell gives whose output is not compared."""
    checked = set().union(*(made_and_used(c)[1] for _, c in page.code if "test" in tags(c)))
    imported = set().union(*(_imported(cell) for _, cell in page.code))
    for position, cell in page.code:
        if not is_ignored(cell) or "setup" in tags(cell):
            continue
        if not set().union(*made_and_used(cell)) & checked - imported:
            yield position, "its output is not compared, and no check uses a name of it"


def _imported(cell: Cell) -> set[str]:
    """Return the names that a cell imports."""
    if "setup" in tags(cell):
        return set()
    top = symtable.symtable(cell["source"], "cell", "exec")
    return {symbol.get_name() for symbol in top.get_symbols() if symbol.is_imported()}


def ignored_share(page: Page) -> Iterator[Problem]:
    """Of the code cells that store an output, at most a quarter is ignored or skipped."""
    with_output = [cell for _, cell in page.code if cell["outputs"]]
    ignored = sum(is_ignored(cell) for cell in with_output)
    if 4 * ignored > len(with_output):
        yield WHOLE, f"{ignored} of {len(with_output)} cells with an output are not compared"


def real_tweets_tag(page: Page) -> Iterator[Problem]:
    """A check that speaks of the real tweets prints something else on synthetic ones: tag it."""
    for position, cell in page.code:
        if "real_tweets=" in cell["source"] and "real-tweets" not in tags(cell):
            yield position, "it gives real_tweets= and lacks the tag 'real-tweets'"
        if re.search(r"real_tweets\s*=\s*False", cell["source"]):
            yield position, "real_tweets=False switches the check off; give tweets.is_real"


def made_and_used(cell: Cell) -> tuple[set[str], set[str]]:
    """Return the names that a cell makes for later cells, and those it needs from earlier ones."""
    if "setup" in tags(cell):  # holds a magic, and what it makes is for everybody
        return set(), set()
    top = symtable.symtable(cell["source"], "cell", "exec")
    made = {s.get_name() for s in top.get_symbols() if s.is_assigned() or s.is_imported()}
    used = {s.get_name() for s in top.get_symbols() if s.is_referenced()}
    inner = list(top.get_children())
    for table in inner:  # grows while it is read: functions hold functions
        inner.extend(table.get_children())
        used |= {s.get_name() for s in table.get_symbols() if s.is_global()}
    return made, used - made


def hidden_names(page: Page) -> Iterator[Problem]:
    """What a solution or a test defines is not used elsewhere: learners have neither."""
    hidden: set[str] = set()
    for position, cell in page.code:
        defined, used = made_and_used(cell)
        if HIDDEN & tags(cell):
            hidden |= defined
            continue
        for name in sorted(used & hidden):
            yield position, f"it uses {name!r}, which only a solution or a test defines"
        hidden -= defined


def helpers(page: Page) -> set[str]:
    """Return the functions and classes of the package that a learner meets, as ``room.name``."""
    modules: dict[str, str] = {}
    names: set[str] = set()
    for _, cell in page.learners:
        if cell["cell_type"] != "code" or "setup" in tags(cell):
            continue
        for node in ast.walk(ast.parse(cell["source"])):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PACKAGE):
                place = (node.module or "").removeprefix(PACKAGE).lstrip(".")
                for alias in node.names:
                    name = f"{place}.{alias.name}".lstrip(".")
                    if _is_module(name):
                        modules[alias.asname or alias.name] = name
                    else:
                        names.add(name)
            # Statements come before what stands in them, so every import is known here.
            elif isinstance(node, ast.Attribute) and ast.unparse(node.value) in modules:
                names.add(f"{modules[ast.unparse(node.value)]}.{node.attr}")
    return {name for name in names if name.split(".")[0] not in FREE}


def _is_module(name: str) -> bool:
    """Return whether a dotted name, counted from the package, is a module or a folder of them."""
    path = Path(workshop_utils.__file__).parent / name.replace(".", "/")
    return path.is_dir() or path.with_suffix(".py").is_file()


def few_helpers(page: Page) -> Iterator[Problem]:
    """At most 10 helpers of the package, and none that does for the learner what is taught."""
    names = sorted(helpers(page))
    if len(names) > MOST_HELPERS:
        yield WHOLE, f"{len(names)} helpers, at most {MOST_HELPERS}: {', '.join(names)}"
    for name in names:
        if _DOES_THE_LESSON.match(name.rpartition(".")[2]):
            yield WHOLE, f"{name} does what the lesson teaches; write it in the cell"


def pictures(page: Page) -> Iterator[Problem]:
    """In a core notebook a learner never reads 25 cells without a picture."""
    since = 0
    for position, cell in () if page.lesson.further else page.learners:
        shown = any("image/png" in output.get("data", {}) for output in cell.get("outputs", []))
        since = 0 if shown else since + 1
        if since == MOST_CELLS_WITHOUT_PICTURE:
            yield position, f"the last of {since} cells without a picture"
