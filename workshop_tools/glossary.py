r"""The glossary: its entries, where a text uses their terms, and the rules about both.

An entry of ``docs/glossary.md`` is a heading of the second level, its explanation, and a
last line that names the notebook in which the term first appears.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from workshop_tools.editions import tags
from workshop_tools.rules import WHOLE, Page, Problem, Rule, rule, unfenced
from workshop_utils.lessons import EVERY, CourseError

RULES: list[Rule] = []
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


@dataclass(frozen=True)
class Entry:
    """One term.

    Attributes:
        term: As its heading writes it.
        meaning: The explanation, in Markdown.
        first: The number of the notebook in which the term first appears, or nothing.
    """

    term: str
    meaning: str
    first: str

    @property
    def anchor(self) -> str:
        """The anchor of the heading, as GitHub and Sphinx name it."""
        return re.sub(r"[^\w\- ]", "", self.term.lower()).replace(" ", "-")

    @property
    def uses(self) -> re.Pattern[str]:
        """A pattern that finds the term in a text, in singular and plural, bold or not."""
        stem = r"[\s*>]+".join(re.escape(word) for word in self.term.split())
        plural = re.sub(r"y$", "(?:y|ies)", stem) + "(?:s|es)?"
        return re.compile(rf"(?<![\w-]){plural}(?![\w-])", re.IGNORECASE)


def read(path: Path) -> dict[str, Entry]:
    """Read a glossary: entries by anchor, in the order of the file.

    Raises:
        CourseError: The file is missing, or two entries have one anchor.
    """
    if not path.is_file():
        raise CourseError(f"There is no glossary: expected {path.parent.name}/{path.name}.")
    entries: dict[str, Entry] = {}
    for found in _ENTRY.finditer(path.read_text(encoding="utf-8")):
        first = _FIRST.search(found["body"])
        meaning = _FIRST.sub("", found["body"]).strip()
        entry = Entry(found["term"], meaning, first[1] if first else "")
        if entry.anchor in entries:
            raise CourseError(f"The glossary has the entry {entry.term!r} twice; keep one.")
        entries[entry.anchor] = entry
    return entries


def entries_for(page: Page) -> dict[str, Entry]:
    """Return the glossary of the course that a notebook belongs to; empty when it is missing."""
    path = page.root / GLOSSARY
    return read(path) if path.is_file() else {}


def body(page: Page) -> Iterator[tuple[int, str]]:
    """Yield position and Markdown of a notebook's cells from its set-up on, for learners.

    The sections before it promise what comes, in words that are explained later.
    """
    began = False
    for position, source in page.markdown:
        text = unfenced(source)
        if not began:
            _, mark, text = text.partition("## Set up")
            began = bool(mark)
        if began and "instructor" not in tags(page.cells[position]):
            yield position, text


def first_use(page: Page, entry: Entry) -> tuple[int, int] | None:
    """Return cell and place in its text of the first use of a term, or None."""
    for position, text in body(page):
        silent = _SILENT.sub(lambda found: " " * len(found[0]), text)
        found = entry.uses.search(silent)
        if found:
            return position, found.start()
    return None


@rule(RULES)
def glossary_links(page: Page) -> Iterator[Problem]:
    """A notebook links a term once, at its first use from the set-up on."""
    entries, linked = entries_for(page), set[str]()
    for position, text in body(page):
        for found in _LINK.finditer(text):
            entry = entries.get(found["anchor"])  # a missing one is a problem of the rule "links"
            if entry is None:
                continue
            if entry.anchor in linked:
                yield position, f"a second link to {entry.term!r}; the first use is enough"
                continue
            linked.add(entry.anchor)
            used = first_use(page, entry)
            if used is not None and used < (position, found.start("words")):
                yield used[0], f"the first use of {entry.term!r} is no link to it; a later one is"
    for anchor, entry in entries.items():
        if entry.first == page.number and anchor not in linked:
            yield WHOLE, f"{entry.term!r} first appears here, and is no link to {GLOSSARY.name}"


@rule(RULES)
def cheat_sheet(page: Page) -> Iterator[Problem]:
    """The end of a notebook links the cheat sheet."""
    ends = [
        text for title in ("What you learnt", "Going further") for _, text in page.section(title)
    ]
    if not any(f"/{CHEAT_SHEET.name})" in text for text in ends):
        yield WHOLE, f"no link to {CHEAT_SHEET.name} under 'What you learnt' or 'Going further'"


def in_the_glossary(root: Path, pages: Sequence[Page]) -> Iterator[str]:
    """Yield the problems of the glossary itself, which no rule for a single notebook sees."""
    try:
        entries = read(root / GLOSSARY)
    except CourseError as error:
        yield str(error)
        return
    terms = [entry.term for entry in entries.values()]
    if terms != sorted(terms, key=str.casefold):
        yield "entries are not sorted"
    order = [lesson.number for lesson in EVERY]
    for entry in entries.values():
        if entry.first not in order:
            yield f"{entry.term!r} does not end with 'First in notebook [01](...).'"
            continue
        for anchor in re.findall(r"\]\(#([^)]+)\)", entry.meaning):
            if anchor not in entries:
                yield f"{entry.term!r} links to #{anchor}, and there is no such entry"
        for page in pages:
            early = page.number in order[: order.index(entry.first)]
            if early and first_use(page, entry):
                yield f"{entry.term!r} says {entry.first}, but notebook {page.number} uses it"
