"""The house lint of the notebooks: ``workshop lint``.

It reads the full editions as they are stored and runs nothing. Each rule is a
small function in :mod:`rules_text`, :mod:`rules_code`, :mod:`rules_outputs`,
:mod:`rules_glossary` or :mod:`readability`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from workshop_tools import (
    minutes,
    readability,
    rules_code,
    rules_glossary,
    rules_outputs,
    rules_text,
)
from workshop_tools.build import written
from workshop_tools.editions import read_notebook
from workshop_tools.glossary import GLOSSARY
from workshop_tools.rules import WHOLE, Page, Rule
from workshop_tools.rules_code import helpers
from workshop_utils.cli.extras import require
from workshop_utils.lessons import EVERY, find_root, select

RULES: tuple[Rule, ...] = (
    *rules_text.RULES,
    *rules_code.RULES,
    *rules_outputs.RULES,
    *rules_glossary.RULES,
    *readability.RULES,
)


@dataclass(frozen=True)
class Finding:
    """One problem.

    Attributes:
        path: The notebook.
        place: The cell, in words.
        rule: The name of the rule.
        message: What is wrong, and where it helps, what to do.
    """

    path: Path
    place: str
    rule: str
    message: str

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.path.name}, {self.place} [{self.rule}]: {self.message}"


def lint(paths: Sequence[Path] | None = None, *, root: Path | None = None) -> list[Finding]:
    """Apply every rule to notebooks.

    Args:
        paths: Full editions; by default those of all lessons.
        root: The folder of the repository, for the default of ``paths``.

    Returns:
        The problems in the order of the notebooks, of the rules and of the cells. A
        notebook that is missing is a problem too.
    """
    if paths is None:
        root = root or find_root()
        paths = [lesson.full(root) for lesson in written(EVERY, root)]
    pages, missing = read_pages(paths)
    return missing + lint_pages(pages)


def read_pages(paths: Sequence[Path]) -> tuple[list[Page], list[Finding]]:
    """Read notebooks.

    Args:
        paths: Full editions.

    Returns:
        The notebooks that are there, and a finding for each that is missing.
    """
    message = "the notebook is missing; `workshop build` makes it"
    pages = [Page(path, read_notebook(path)) for path in paths if path.is_file()]
    missing = [path for path in paths if not path.is_file()]
    return pages, [Finding(path, "whole notebook", "missing", message) for path in missing]


def lint_pages(pages: Sequence[Page]) -> list[Finding]:
    """Apply every rule to notebooks, and those that look at all of them together."""
    found = [finding for page in pages for finding in lint_page(page)]
    return found + _in_the_glossary(pages) + _too_many_tweets(pages)


def lint_page(page: Page) -> list[Finding]:
    """Apply every rule to one notebook."""
    return [
        Finding(page.path, page.place(position), rule.name, message)
        for rule in RULES
        for position, message in rule.find(page)
    ]


def _in_the_glossary(pages: Sequence[Page]) -> list[Finding]:
    """Check the glossary that the notebooks link to, once for all of them."""
    roots = dict.fromkeys(page.root for page in pages)
    return [
        Finding(root / GLOSSARY, "whole page", "glossary", message)
        for root in roots
        for message in rules_glossary.in_the_glossary(root, pages)
    ]


def _too_many_tweets(pages: Sequence[Page]) -> list[Finding]:
    """Count the tweets over all notebooks, which no rule for a single one can."""
    counts = {page.path: rules_outputs.tweets_shown(page) for page in pages}
    total = sum(counts.values())
    if total <= rules_outputs.MOST_TWEETS:
        return []
    most = max(counts, key=lambda path: counts[path])
    message = f"{total} tweets are shown in all; at most {rules_outputs.MOST_TWEETS}"
    return [Finding(most, pages[0].place(WHOLE), "tweets-shown", message)]


def main(only: Sequence[str] | None = None, *, root: Path | None = None) -> int:
    """Print every finding and return the exit status.

    Args:
        only: Numbers or names of notebooks; all by default.
        root: The folder of the repository; found from the current folder by default.

    Returns:
        0 without findings, 1 otherwise.

    Raises:
        CourseError: A package is not installed, or a word names no notebook.
    """
    require("nbformat", "syllapy", extras="instructor,dev")
    root = root or find_root()
    lessons = written(select(only, EVERY), root)
    pages, missing = read_pages([lesson.full(root) for lesson in lessons])
    found = missing + lint_pages(pages)
    for finding in found:
        print(finding)
    print(readability.table(pages))
    for page in pages if only else ():
        print(
            f"\n{page.path.name}: {len(helpers(page))} helpers: {', '.join(sorted(helpers(page)))}"
        )
        print(minutes.table(minutes.count_sections(page.cells)))
    numbers = ", ".join(lesson.number for lesson in lessons)
    if found:
        print(f"✗ {len(found)} finding(s) in notebooks {numbers}")
        return 1
    print(f"✓ {len(RULES)} rules hold in notebooks {numbers}")
    return 0
