"""The house lint of the notebooks: ``workshop lint``.

It reads the full editions as they are stored and runs nothing. Each rule is a
small function in :mod:`rules_text`, :mod:`rules_code`, :mod:`rules_outputs`,
:mod:`glossary` or :mod:`readability`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from workshop_tools import glossary, minutes, readability, rules_code, rules_outputs, rules_text
from workshop_tools.build import written
from workshop_tools.editions import read_notebook
from workshop_tools.extras import require
from workshop_tools.rules import WHOLE, Page, Rule
from workshop_utils.lessons import EVERY, find_root, select

RULES: tuple[Rule, ...] = (
    *rules_text.RULES,
    *rules_code.RULES,
    *rules_outputs.RULES,
    *glossary.RULES,
    *readability.RULES,
)


@dataclass(frozen=True)
class Finding:
    """One problem: the notebook, the cell in words, the name of the rule, and what is wrong."""

    path: Path
    place: str
    rule: str
    message: str

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.path.name}, {self.place} [{self.rule}]: {self.message}"


def lint(paths: Sequence[Path]) -> list[Finding]:
    """Apply every rule to full editions, in the order of notebooks, rules and cells."""
    missing = "the notebook is missing; `workshop build` makes it"
    found = [Finding(p, "whole notebook", "missing", missing) for p in paths if not p.is_file()]
    pages = [Page(path, read_notebook(path)) for path in paths if path.is_file()]
    found += [finding for page in pages for finding in lint_page(page)]
    for root in dict.fromkeys(page.root for page in pages):
        found += [
            Finding(root / glossary.GLOSSARY, "whole page", "glossary", message)
            for message in glossary.in_the_glossary(root, pages)
        ]
    counts = {page.path: rules_outputs.tweets_shown(page) for page in pages}
    if sum(counts.values()) > rules_outputs.MOST_TWEETS:
        most = max(counts, key=lambda path: counts[path])
        message = f"{sum(counts.values())} tweets in all; at most {rules_outputs.MOST_TWEETS}"
        found.append(Finding(most, pages[0].place(WHOLE), "tweets-shown", message))
    return found


def lint_page(page: Page) -> list[Finding]:
    """Apply every rule to one notebook."""
    return [
        Finding(page.path, page.place(position), rule.name, message)
        for rule in RULES
        for position, message in rule.find(page)
    ]


def main(only: Sequence[str] | None = None, *, root: Path | None = None) -> int:
    """Print every finding and return the exit status: 0 without findings, 1 otherwise.

    Args:
        only: Numbers or names of notebooks; all by default. For these, helpers and minutes
            by section are printed too.
        root: The folder of the repository; found from the current folder by default.

    Raises:
        CourseError: A package is not installed, or a word names no notebook.
    """
    require("nbformat", "syllapy", extras="instructor,dev")
    root = root or find_root()
    lessons = written(select(only, EVERY), root)
    paths = [lesson.full(root) for lesson in lessons]
    found = lint(paths)
    for finding in found:
        print(finding)
    pages = [Page(path, read_notebook(path)) for path in paths if path.is_file()]
    print(readability.table(pages))
    for page in pages if only else ():
        helpers = sorted(rules_code.helpers(page))
        print(f"\n{page.path.name}: {len(helpers)} helpers: {', '.join(helpers)}")
        print(minutes.table(minutes.count_sections(page.cells)))
    numbers = ", ".join(lesson.number for lesson in lessons)
    if found:
        print(f"✗ {len(found)} finding(s) in notebooks {numbers}")
        return 1
    print(f"✓ {len(RULES)} rules hold in notebooks {numbers}")
    return 0
