r"""The glossary as the lint reads it: entries, and where a text uses their terms.

An entry of ``docs/glossary.md`` is a heading of the second level, its explanation, and a
last line that names the notebook in which the term first appears.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from workshop_tools.editions import tags
from workshop_tools.rules import Page, unfenced
from workshop_utils.lessons import CourseError

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
        first: The number of the notebook in which the term first appears; empty when the
            entry does not say it.
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
        words = [re.escape(word) for word in self.term.split()]
        stem = r"[\s*>]+".join(words)
        plural = re.sub(r"y$", "(?:y|ies)", stem) + "(?:s|es)?"
        return re.compile(rf"(?<![\w-]){plural}(?![\w-])", re.IGNORECASE)


@dataclass(frozen=True)
class Reference:
    """A link from a text to the glossary.

    Attributes:
        anchor: The entry that it leads to.
        start: Where its words begin in the text.
    """

    anchor: str
    start: int


def read(path: Path) -> dict[str, Entry]:
    """Read a glossary.

    Args:
        path: The file.

    Returns:
        Anchor to entry, in the order of the file.

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


def body(page: Page) -> Iterator[tuple[int, str]]:
    """Yield the Markdown of a notebook from its set-up on, cell by cell.

    The sections before it promise what comes, in words that are explained later.

    Args:
        page: The notebook.

    Yields:
        Position and text, without fenced code. Cells for instructors are left out: a
        learner does not have them.
    """
    began = False
    for position, source in page.markdown:
        text = unfenced(source)
        if not began:
            _, mark, text = text.partition("## Set up")
            began = bool(mark)
        if began and "instructor" not in tags(page.cells[position]):
            yield position, text


def references(text: str) -> list[Reference]:
    """Find the links to the glossary in a text.

    Args:
        text: Markdown.
    """
    return [Reference(found["anchor"], found.start("words")) for found in _LINK.finditer(text)]


def first_use(entry: Entry, text: str) -> int | None:
    """Return where a text first uses a term, or None.

    Args:
        entry: The term.
        text: Markdown; code, formulas, headings and the targets of links are no use.
    """
    silent = _SILENT.sub(lambda found: " " * len(found[0]), text)
    found = entry.uses.search(silent)
    return found.start() if found else None


def without_terms(text: str, entries: Mapping[str, Entry]) -> str:
    """Return a text without the terms of the glossary, for measures of plain English.

    Args:
        text: Prose.
        entries: The glossary.
    """
    # Longer terms first: "forget gate" before "gate".
    for entry in sorted(entries.values(), key=lambda each: -len(each.term)):
        text = entry.uses.sub(" ", text)
    return text
