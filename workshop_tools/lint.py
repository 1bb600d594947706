"""The house lint of the notebooks: ``workshop lint``.

It reads the full editions as they are stored and runs nothing. Each rule is a small public
function of one of the ``ROOMS`` that yields problems.
"""

import inspect
from collections.abc import Callable, Iterator, Sequence

from workshop_tools import glossary, minutes, rules_code, rules_outputs, rules_text, voice
from workshop_tools.editions import read_notebook
from workshop_tools.extras import require
from workshop_tools.lesson_files import full_path
from workshop_tools.rules import WHOLE, Page, Problem
from workshop_utils.learning.lessons import EVERY, find_root, select

ROOMS = (rules_text, rules_code, rules_outputs, glossary)
RULES: dict[str, Callable[[Page], Iterator[Problem]]] = {
    name.replace("_", "-"): function
    for room in ROOMS
    for name, function in inspect.getmembers(room, inspect.isfunction)
    if name[0] != "_" and function.__annotations__.get("return") == Iterator[Problem]
}


def lint(pages: Sequence[Page]) -> Iterator[str]:
    """Apply every rule to full editions, and yield one line for each problem."""
    for page in pages:
        yield from lint_page(page)
    for message in glossary.in_the_glossary(pages):
        yield f"{glossary.GLOSSARY.name} [glossary]: {message}"
    shown = sum(sum(rules_outputs.tweets_shown(page).values()) for page in pages)
    if shown > rules_outputs.MOST_TWEETS:
        yield f"all notebooks [tweets-shown]: {shown} tweets; at most {rules_outputs.MOST_TWEETS}"


def lint_page(page: Page) -> Iterator[str]:
    """Apply every rule to one notebook: its name, the cell from 1, the rule, and what is wrong."""
    for name, rule in RULES.items():
        for position, message in rule(page):
            place = "whole notebook" if position == WHOLE else f"cell {position + 1}"
            yield f"{page.lesson.name}.ipynb, {place} [{name}]: {message}"


def main(only: Sequence[str] | None = None) -> int:
    """Print every problem and return the exit status: 0 without one, 1 otherwise.

    Args:
        only: Numbers or names of notebooks; all by default. For these, helpers and minutes
            by section are printed too.

    Raises:
        CourseError: A package is not installed, or a word names no notebook.
        FileNotFoundError: A notebook is not built.
    """
    require("nbformat")
    root = find_root()
    lessons = select(only, EVERY)
    pages = [Page(each, root, read_notebook(full_path(each, root))) for each in lessons]
    problems = list(lint(pages))
    for line in problems:
        print(line)
    print("How the prose sounds; nothing here is refused:")
    for page in pages:
        print(f"  {page.lesson.number:8}  {_sound(page, in_full=bool(only))}")
        if only:
            helpers = sorted(rules_code.helpers(page))
            print(f"\n{page.lesson.name}: {len(helpers)} helpers: {', '.join(helpers)}")
            print(minutes.table(minutes.count_sections(page.cells)))
    numbers = ", ".join(lesson.number for lesson in lessons)
    if problems:
        print(f"✗ {len(problems)} finding(s) in notebooks {numbers}")
        return 1
    print(f"✓ {len(RULES)} rules hold in notebooks {numbers}")
    return 0


def _sound(page: Page, *, in_full: bool) -> str:
    """Return the figures of a notebook's prose as a line, with its unshown numbers in full."""
    figures = voice.voice(page)
    unshown = voice.unshown_numbers(page)
    line = (
        f"{figures.words_a_sentence:4.1f} words a sentence, {figures.connective_share:.2f} of them "
        f"with a connective, {figures.long_paragraphs:2} paragraphs of {voice.LONG_PARAGRAPH} "
        f"words, {len(unshown)} numbers that no cell shows"
    )
    return f"{line}: {', '.join(unshown)}" if in_full and unshown else line
