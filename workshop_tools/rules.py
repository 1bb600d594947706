"""What a rule of the house lint is, and how a rule reads a notebook.

A rule is a function that yields problems: the position of a cell and a message.
Its name, with hyphens, is what a finding shows and what a test calls it by.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from workshop_tools.editions import Cell, Notebook, tags
from workshop_tools.minutes import HIDDEN

WHOLE = -1
"""The position of a problem that belongs to no single cell."""

Problem = tuple[int, str]


@dataclass(frozen=True)
class Page:
    """A notebook under inspection.

    Attributes:
        path: Where it lies.
        notebook: Its content.
    """

    path: Path
    notebook: Notebook

    @property
    def further(self) -> bool:
        """Whether it is a further notebook."""
        return self.path.parent.name == "further"

    @property
    def root(self) -> Path:
        """The folder of the repository."""
        return self.path.parents[2 if self.further else 1]

    @property
    def subject(self) -> str:
        """The name without its number."""
        return re.sub(r"^\d\d_", "", self.path.stem)

    @property
    def number(self) -> str:
        """The two digits of a core notebook, the subject of a further one."""
        return self.subject if self.further else self.path.stem[:2]

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

    def place(self, position: int) -> str:
        """Say where a position is, for a reader who counts cells from 1."""
        if position == WHOLE:
            return "whole notebook"
        before = self.cells[: position + 1]
        if before[-1]["cell_type"] == "code":
            number = sum(cell["cell_type"] == "code" for cell in before)
            return f"cell {position + 1} (code cell {number})"
        return f"cell {position + 1}"

    def headings(self) -> list[tuple[int, int, str]]:
        """Return position, level and text of each heading, outside of fenced code."""
        return [
            (position, len(found[1]), found[2].strip())
            for position, source in self.markdown
            for found in re.finditer(r"^(#{1,6}) +(.+?)\s*$", unfenced(source), re.MULTILINE)
        ]

    def section(self, title: str) -> list[tuple[int, str]]:
        """Return the Markdown of the section with this second-level heading, cell by cell."""
        parts: list[tuple[int, str]] = []
        inside = False
        for position, source in self.markdown:
            kept = []
            for line in unfenced(source).splitlines():
                if re.match(r"#{1,2} ", line):
                    inside = line.removeprefix("## ").strip() == title
                elif inside:
                    kept.append(line)
            if kept:
                parts.append((position, "\n".join(kept)))
        return parts


def unfenced(source: str) -> str:
    """Return Markdown without its fenced code blocks."""
    return re.sub(r"^(```|~~~).*?^\1\s*$", "", source, flags=re.MULTILINE | re.DOTALL)


def prose(source: str) -> str:
    """Return Markdown without code, formulas and the targets of links: what is read as text."""
    text = re.sub(r"`[^`\n]*`", "", unfenced(source))
    text = re.sub(r"\$\$.*?\$\$|\$[^$\n]+\$", "", text, flags=re.DOTALL)
    return re.sub(r"\]\([^)]*\)", "]", text)


RuleFunction = Callable[[Page], Iterator[Problem]]


@dataclass(frozen=True)
class Rule:
    """A named check of one notebook.

    Attributes:
        name: For example ``alt-text``.
        wants: One sentence that says what must hold.
        find: The function that yields the problems.
    """

    name: str
    wants: str
    find: RuleFunction


def rule(registry: list[Rule]) -> Callable[[RuleFunction], RuleFunction]:
    """Register a function as a rule; its docstring's first line says what must hold."""

    def register(function: RuleFunction) -> RuleFunction:
        wants = (function.__doc__ or "").strip().splitlines()[0]
        registry.append(Rule(function.__name__.replace("_", "-"), wants, function))
        return function

    return register
