r"""The glossary: its entries, where a text uses their terms, and the rules about both.

An entry of ``docs/glossary.md`` is a heading of the second level, its explanation, and a
last line that names the notebook in which the term first appears.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from workshop_tools.editions import tags
from workshop_tools.rules import WHOLE, Page, Problem, github_anchor, unfenced
from workshop_utils.learning.lessons import EVERY

GLOSSARY = Path("docs", "glossary.md")
CHEAT_SHEET = Path("docs", "cheat_sheet.md")
_ENTRY = re.compile(r"^## +(?P<term>.+?)\s*\n(?P<body>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_FIRST = re.compile(
    r"^First in notebook \[(\w+)\]\(\.\./notebooks/(?:\1_|further/)\w+\.ipynb\)\.$", re.MULTILINE
)
_LINK = re.compile(r"\[(?P<words>[^\]]*)\]\([^)\s]*\bglossary\.md#(?P<anchor>[^)\s]+)\)")
# What is no use of a term: code, formulas, headings, comments, names of notebooks, and targets.
_SILENT = re.compile(
    r"`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]+\$|^#{1,6} .*?$|<!--.*?-->"
    r"|\[[^\]]*\]\([^)]*\.ipynb[^)]*\)|(?<=\])\([^)]*\)",
    re.MULTILINE | re.DOTALL,
)


class Entry(NamedTuple):
    """One term as its heading writes it, its meaning in Markdown, and the notebook of first use."""

    term: str
    meaning: str
    first: str

    @property
    def uses(self) -> re.Pattern[str]:
        """A pattern that finds the term in a text, in singular and plural, bold or not."""
        stem = r"[\s*>]+".join(re.escape(word) for word in self.term.split())
        plural = re.sub(r"y$", "(?:y|ies)", stem) + "(?:s|es)?"
        return re.compile(rf"(?<![\w-]){plural}(?![\w-])", re.IGNORECASE)


def read_glossary(root: Path) -> list[Entry]:
    """Read the glossary of a clone, in its order; ``first`` is empty where an entry lacks it."""
    entries = _ENTRY.findall((root / GLOSSARY).read_text(encoding="utf-8"))
    return [Entry(term, body, "".join(_FIRST.findall(body))) for term, body in entries]


def _body(page: Page) -> Iterator[tuple[int, str]]:
    """Yield position and Markdown of a notebook's cells from its set-up on, for learners.

    The sections before it promise what comes, in words that are explained later.
    """
    start = [position for position, _, text in page.headings() if text == "Set up"]
    for position, source in page.markdown:
        if start and position >= start[0] and "instructor" not in tags(page.cells[position]):
            yield position, unfenced(source).rpartition("## Set up")[2]


def first_use(page: Page, entry: Entry) -> tuple[int, int] | None:
    """Return cell and place in its text of the first use of a term, or None."""
    for position, text in _body(page):
        silent = _SILENT.sub(lambda match: " " * len(match[0]), text)
        match = entry.uses.search(silent)
        if match:
            return position, match.start()
    return None


def glossary_links(page: Page) -> Iterator[Problem]:
    """A notebook links a term once, at its first use from the set-up on."""
    entries = {github_anchor(entry.term): entry for entry in read_glossary(page.root)}
    linked = set[str]()
    for position, text in _body(page):
        for link in _LINK.finditer(text):
            anchor = link["anchor"]
            if anchor not in entries:  # a problem of the rule "links"
                continue
            term = entries[anchor].term
            used = first_use(page, entries[anchor])
            if anchor in linked:
                yield position, f"a second link to {term!r}; the first use is enough"
            elif used is not None and used < (position, link.start("words")):
                yield used[0], f"the first use of {term!r} is no link to it; a later one is"
            linked.add(anchor)
    for anchor, entry in entries.items():
        if entry.first == page.lesson.number and anchor not in linked:
            yield WHOLE, f"{entry.term!r} first appears here, and is no link to {GLOSSARY.name}"


def cheat_sheet(page: Page) -> Iterator[Problem]:
    """The end of a notebook links the cheat sheet."""
    ends = page.section("What you learnt") + page.section("Going further")
    if f"/{CHEAT_SHEET.name})" not in ends:
        yield WHOLE, f"no link to {CHEAT_SHEET.name} under 'What you learnt' or 'Going further'"


def in_the_glossary(pages: Sequence[Page]) -> Iterator[str]:
    """Yield the problems of the glossary itself, which no rule for a single notebook sees."""
    entries = read_glossary(pages[0].root)
    names = [entry.term for entry in entries]
    if not names or names != sorted(set(names), key=str.casefold):
        yield "entries are missing, there twice, or not sorted"
    anchors = set(map(github_anchor, names))
    order = [lesson.number for lesson in EVERY]
    for entry in entries:
        if entry.first not in order:
            yield f"{entry.term!r} does not end with 'First in notebook [01](...).'"
            continue
        for anchor in re.findall(r"\]\(#([^)]+)\)", entry.meaning):
            if anchor not in anchors:
                yield f"{entry.term!r} links to #{anchor}, and there is no such entry"
        for page in pages:
            number = page.lesson.number
            if number in order[: order.index(entry.first)] and first_use(page, entry):
                yield f"{entry.term!r} says {entry.first}, but notebook {number} uses it"
