"""The house lint of the notebooks: ``workshop lint``.

It reads the full editions as they are stored and runs nothing. Each rule is a
small function in :mod:`rules_text`, :mod:`rules_code` or :mod:`rules_outputs`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from workshop_utils.course import rules_code, rules_outputs, rules_text
from workshop_utils.course.catalogue import find_root, select
from workshop_utils.course.editions import read_notebook
from workshop_utils.course.extras import require
from workshop_utils.course.rules import WHOLE, Page, Rule

RULES: tuple[Rule, ...] = (*rules_text.RULES, *rules_code.RULES, *rules_outputs.RULES)


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
        paths: Full editions; by default those of all six lessons.
        root: The folder of the repository, for the default of ``paths``.

    Returns:
        The problems in the order of the notebooks, of the rules and of the cells. A
        notebook that is missing is a problem too.
    """
    if paths is None:
        root = root or find_root()
        paths = [lesson.full(root) for lesson in select()]
    found: list[Finding] = []
    pages: list[Page] = []
    for path in paths:
        if not path.is_file():
            message = "the notebook is missing; `workshop build` makes it"
            found.append(Finding(path, "whole notebook", "missing", message))
            continue
        page = Page(path, read_notebook(path))
        pages.append(page)
        found += lint_page(page)
    return found + _too_many_tweets(pages)


def lint_page(page: Page) -> list[Finding]:
    """Apply every rule to one notebook."""
    return [
        Finding(page.path, page.place(position), rule.name, message)
        for rule in RULES
        for position, message in rule.find(page)
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
        only: Numbers or names of notebooks; all six by default.
        root: The folder of the repository; found from the current folder by default.

    Returns:
        0 without findings, 1 otherwise.

    Raises:
        CourseError: nbformat is not installed, or a word names no notebook.
    """
    require("nbformat")
    root = root or find_root()
    lessons = select(only)
    found = lint([lesson.full(root) for lesson in lessons])
    for finding in found:
        print(finding)
    numbers = ", ".join(lesson.number for lesson in lessons)
    if found:
        print(f"✗ {len(found)} finding(s) in notebooks {numbers}")
        return 1
    print(f"✓ {len(RULES)} rules hold in notebooks {numbers}")
    return 0
