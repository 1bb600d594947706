"""What a rule of the house lint is, and how a rule reads a notebook.

A rule is a function that takes a page and yields problems: the position of a cell and a
message. Its docstring says what must hold, its name is what a finding shows.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from workshop_tools.editions import Cell, Notebook, tags
from workshop_tools.minutes import HIDDEN
from workshop_utils.learning.lessons import Lesson

WHOLE = -1
"""The position of a problem that belongs to no single cell."""

Problem = tuple[int, str]


@dataclass(frozen=True)
class Page:
    """A notebook under inspection: its lesson, the folder of the repository, and its content."""

    lesson: Lesson
    root: Path
    notebook: Notebook

    @property
    def cells(self) -> list[Cell]:
        """All cells, in order."""
        return self.notebook["cells"]  # type: ignore[no-any-return]

    @property
    def markdown(self) -> list[tuple[int, str]]:
        """Position and source of each Markdown cell."""
        return [(n, c["source"]) for n, c in enumerate(self.cells) if c["cell_type"] == "markdown"]

    @property
    def code(self) -> list[tuple[int, Cell]]:
        """Position and cell of each code cell."""
        return [(n, c) for n, c in enumerate(self.cells) if c["cell_type"] == "code"]

    @property
    def learners(self) -> list[tuple[int, Cell]]:
        """Position and cell of each cell that the learner's edition has too."""
        return [(n, cell) for n, cell in enumerate(self.cells) if not HIDDEN & tags(cell)]

    def headings(self) -> list[tuple[int, int, str]]:
        """Return position, level and text of each heading, outside of fenced code."""
        return [(n, *found) for n, source in self.markdown for found in headings_in(source)]

    def section(self, title: str) -> str:
        """Return the Markdown of the section with this second-level heading."""
        whole = unfenced("\n\n".join(source for _, source in self.markdown))
        _, *parts = re.split(r"^##? +(.+?)\s*$", whole, flags=re.MULTILINE)
        named = zip(parts[::2], parts[1::2], strict=True)
        return "\n".join(text for name, text in named if name == title)


def headings_in(source: str) -> list[tuple[int, str]]:
    """Return level and text of each heading of a Markdown text, outside of fenced code."""
    headings = re.findall(r"^(#{1,6}) +(.+?)\s*$", unfenced(source), re.MULTILINE)
    return [(len(signs), text) for signs, text in headings]


def github_anchor(heading: str) -> str:
    """Return the anchor of a heading, as GitHub and Sphinx name it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def unfenced(source: str) -> str:
    """Return Markdown without its fenced code blocks."""
    return re.sub(r"^(```|~~~).*?^\1\s*$", "", source, flags=re.MULTILINE | re.DOTALL)


def prose(source: str) -> str:
    """Return Markdown without code, formulas and the targets of links: what is read as text."""
    text = re.sub(r"`[^`\n]*`", "", unfenced(source))
    text = re.sub(r"\$\$.*?\$\$|\$[^$\n]+\$", "", text, flags=re.DOTALL)
    return re.sub(r"\]\([^)]*\)", "]", text)
