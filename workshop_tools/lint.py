"""The house lint of the notebooks: ``workshop lint``.

It reads the full editions as they are stored and runs nothing. Each rule is a
small function in :mod:`rules_text`, :mod:`rules_code`, :mod:`rules_outputs`,
:mod:`glossary` or :mod:`readability`.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from workshop_tools import glossary, minutes, readability, rules_code, rules_outputs, rules_text
from workshop_tools.editions import read_notebook
from workshop_tools.extras import require
from workshop_tools.lesson_files import full_path
from workshop_tools.rules import Page, Rule
from workshop_utils.lessons import EVERY, CourseError, find_root, select

ROOMS = (rules_text, rules_code, rules_outputs, glossary, readability)
RULES: dict[str, Rule] = {
    rule.__name__.replace("_", "-"): rule for room in ROOMS for rule in room.RULES
}


class Finding(NamedTuple):
    """One problem: the file, the cell in words, the name of the rule, and what is wrong."""

    file: str
    place: str
    rule: str
    message: str

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.file}, {self.place} [{self.rule}]: {self.message}"


def lint(pages: Sequence[Page]) -> list[Finding]:
    """Apply every rule to full editions, in the order of notebooks, rules and cells."""
    found = [finding for page in pages for finding in lint_page(page)]
    for root in dict.fromkeys(page.root for page in pages):
        found += [
            Finding(glossary.GLOSSARY.name, "whole page", "glossary", message)
            for message in glossary.in_the_glossary(root, pages)
        ]
    shown = sum(map(rules_outputs.tweets_shown, pages))
    if shown > rules_outputs.MOST_TWEETS:
        message = f"{shown} tweets; at most {rules_outputs.MOST_TWEETS}"
        found.append(Finding("all notebooks", "together", "tweets-shown", message))
    return found


def lint_page(page: Page) -> list[Finding]:
    """Apply every rule to one notebook."""
    return [
        Finding(f"{page.lesson.name}.ipynb", page.place(position), name, message)
        for name, rule in RULES.items()
        for position, message in rule(page)
    ]


def main(only: Sequence[str] | None = None, *, root: Path | None = None) -> int:
    """Print every finding and return the exit status: 0 without findings, 1 otherwise.

    Args:
        only: Numbers or names of notebooks; all by default. For these, helpers and minutes
            by section are printed too.
        root: The folder of the repository; found from the current folder by default.

    Raises:
        CourseError: A package is not installed, a word names no notebook, or one is not built.
    """
    require("nbformat", "syllapy", extras="instructor,dev")
    root = root or find_root()
    lessons, pages = select(only, EVERY), []
    for lesson in lessons:
        if not full_path(lesson, root).is_file():
            raise CourseError(f"{lesson.name}.ipynb is missing; `workshop build` makes it.")
        pages.append(Page(lesson, root, read_notebook(full_path(lesson, root))))
    found = lint(pages)
    for finding in found:
        print(finding)
    print(f"Reading ease (Flesch; {readability.LOWEST:.0f} and more is plain English):")
    for page in pages:
        print(f"  {page.lesson.number}  {readability.reading_ease(page)[0]:3.0f}")
        if only:
            helpers = sorted(rules_code.helpers(page))
            print(f"\n{page.lesson.name}: {len(helpers)} helpers: {', '.join(helpers)}")
            print(minutes.table(minutes.count_sections(page.cells)))
    numbers = ", ".join(lesson.number for lesson in lessons)
    if found:
        print(f"✗ {len(found)} finding(s) in notebooks {numbers}")
        return 1
    print(f"✓ {len(RULES)} rules hold in notebooks {numbers}")
    return 0
