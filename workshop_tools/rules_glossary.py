"""Rules about the glossary and the cheat sheet: each term is linked where it first appears."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from workshop_tools.glossary import (
    CHEAT_SHEET,
    GLOSSARY,
    Entry,
    body,
    first_use,
    read,
    references,
)
from workshop_tools.rules import WHOLE, Page, Problem, Rule, rule
from workshop_utils.lessons import EVERY, CourseError

RULES: list[Rule] = []
_NEAR_THE_END = ("What you learnt", "Going further")


def entries_for(page: Page) -> dict[str, Entry]:
    """Return the glossary of the course that a notebook belongs to; empty when it is missing."""
    path = page.root / GLOSSARY
    # That it is missing is one problem of the course, not one of every notebook.
    return read(path) if path.is_file() else {}


@rule(RULES)
def glossary_links(page: Page) -> Iterator[Problem]:
    """A notebook links a term once, at its first use from the set-up on."""
    entries = entries_for(page)
    # A link to an entry that is not there is a problem of the rule "links".
    links = [
        (position, reference)
        for position, text in body(page)
        for reference in references(text)
        if reference.anchor in entries
    ]
    linked: set[str] = set()
    for position, reference in links:
        entry = entries[reference.anchor]
        if reference.anchor in linked:
            yield position, f"a second link to {entry.term!r}; the first use is enough"
            continue
        linked.add(reference.anchor)
        used = _place_of_first_use(page, entry)
        if used is not None and used < (position, reference.start):
            yield used[0], f"the first use of {entry.term!r} is no link to it; a later one is"


def _place_of_first_use(page: Page, entry: Entry) -> tuple[int, int] | None:
    for position, text in body(page):
        start = first_use(entry, text)
        if start is not None:
            return position, start
    return None


@rule(RULES)
def glossary_terms(page: Page) -> Iterator[Problem]:
    """Each term that first appears in a notebook, as the glossary says, is linked there."""
    anchors = {link.anchor for _, text in body(page) for link in references(text)}
    for anchor, entry in entries_for(page).items():
        if entry.first == page.number and anchor not in anchors:
            yield WHOLE, f"{entry.term!r} first appears here, and is no link to {GLOSSARY.name}"


@rule(RULES)
def cheat_sheet(page: Page) -> Iterator[Problem]:
    """The end of a notebook links the cheat sheet."""
    ends = [text for title in _NEAR_THE_END for _, text in page.section(title)]
    if not any(f"/{CHEAT_SHEET.name})" in text for text in ends):
        yield WHOLE, f"no link to {CHEAT_SHEET.name} under {' or '.join(map(repr, _NEAR_THE_END))}"


def in_the_glossary(root: Path, pages: Sequence[Page]) -> Iterator[str]:
    """Yield the problems of the glossary itself, which no rule for a single notebook sees.

    Args:
        root: The folder of the repository.
        pages: The notebooks at hand.
    """
    try:
        entries = read(root / GLOSSARY)
    except CourseError as error:
        yield str(error)
        return
    if not (root / CHEAT_SHEET).is_file():
        yield f"there is no {CHEAT_SHEET.name}"
    terms = [entry.term for entry in entries.values()]
    for before, after in pairwise(terms):
        if before.casefold() > after.casefold():
            yield f"{after!r} stands after {before!r}; entries are sorted"
    yield from _without_a_place(entries)
    order = [lesson.number for lesson in EVERY]
    for entry in entries.values():
        for page in pages if entry.first in order else ():
            early = page.number in order and order.index(page.number) < order.index(entry.first)
            if early and _place_of_first_use(page, entry):
                yield f"{entry.term!r} says {entry.first}, but notebook {page.number} uses it"


def _without_a_place(entries: Mapping[str, Entry]) -> Iterator[str]:
    """Name the entries that no notebook must link, or that link to no other entry."""
    known = {lesson.number for lesson in EVERY}
    for entry in entries.values():
        if entry.first not in known:
            yield f"{entry.term!r} does not end with 'First in notebook [01](...).'"
        for anchor in re.findall(r"\]\(#([^)]+)\)", entry.meaning):
            if anchor not in entries:
                yield f"{entry.term!r} links to #{anchor}, and there is no such entry"
