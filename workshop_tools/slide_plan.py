"""From a stored full edition to the cells of a deck: what stands on which slide.

Each section is a column of slides. A new slide begins at a subsection, at a figure,
after a question for a prediction, and where the next piece would not fit. Solutions,
stubs and their checks stay in the notebook; boxes for the instructor, and the prose
that a slide shortens, become speaker notes.
"""

import base64
import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from workshop_tools.editions import Cell, Notebook, tags
from workshop_tools.outputs import Output, joined
from workshop_tools.slide_page import PICTURE
from workshop_tools.slide_text import GAP, Block, blocks, height, on_slide

ROOM = 590
"""Pixels below the title of a slide that is 720 pixels high."""
LONGEST_CODE = 8
"""Lines of code on a slide; of a longer cell, or one that draws, only the output is shown."""
CODE_LINE, CODE_WIDTH = 26, 98
"""Pixels of a line of code or of an output, and how many characters fit on it."""
SMALL_LINE, SMALL_WIDTH = 20, 128
"""The same for a wide output, which is set in smaller letters."""
TALL_SHARE = 0.62
"""Height by width from which on a picture gets a slide for itself."""
NOT_SHOWN = ("Set up", "Quiz", "What you need")
_OURS = re.compile(
    r"\b(?:exercises\.\w+\.(?:check|hint|solution)\(|quizzes\.show\(|runtime\.ready\()"
)
_LINK = re.compile(r"\]\((\d\d_\w+)\.ipynb(?:#[^)]*)?\)")
_OTHER_LINK = re.compile(r"\[([^\]]*)\]\((?:\.\.?/|[A-Z])[^)]*\)")


@dataclass
class Slide:
    """One slide.

    Attributes:
        section: Whether it begins a section, and so a new column.
        title: What stands on top of it.
        cells: What stands below, as cells of a notebook.
        notes: What only the speaker sees, as Markdown.
        used: Pixels that the cells take, an estimate.
    """

    section: bool
    title: str
    cells: list[Cell] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    used: int = 0


def deck(notebook: Notebook) -> Notebook:
    """Make the notebook of a deck, with the metadata that nbconvert's slides need.

    Args:
        notebook: A full edition with its stored outputs.

    Returns:
        A notebook whose cells carry ``slideshow`` metadata; the given one stays as it is.
    """
    cells = [cell for slide in slides(notebook) for cell in _cells_of(slide)]
    for number, cell in enumerate(cells):
        cell["id"] = f"slide-{number}"
    return {**notebook, "cells": cells}


def slides(notebook: Notebook) -> list[Slide]:
    """Return the slides of a full edition, in order; none of them is empty."""
    plan = _Plan()
    for cell in notebook["cells"]:
        plan.take(cell)
    return plan.finished()


def _cells_of(slide: Slide) -> Iterator[Cell]:
    mark = "##" if slide.section else "###"
    yield _markdown(f"{mark} {slide.title}", "slide" if slide.section else "subslide")
    yield from slide.cells
    if slide.notes:
        yield _markdown("\n\n".join(slide.notes), "notes")


def _markdown(source: str, kind: str = "-") -> Cell:
    source = _OTHER_LINK.sub(r"\1", _LINK.sub(r"](\1.html)", source))
    return {
        "cell_type": "markdown",
        "metadata": {"slideshow": {"slide_type": kind}},
        "source": source,
    }


def _code(source: str, outputs: Sequence[Output] = (), *looks: str) -> Cell:
    return {
        "cell_type": "code",
        "metadata": {
            "slideshow": {"slide_type": "-"},
            "tags": list(looks),
            "transient": {"remove_source": not source},
        },
        "source": source,
        "outputs": list(outputs),
        "execution_count": None,
    }


class _Plan:
    """Puts one cell after the other on slides, and remembers where it is."""

    def __init__(self) -> None:
        self.made: list[Slide] = []
        self.section = ""
        self.shown = True
        self.exercise = False
        self.asked = False

    @property
    def here(self) -> Slide:
        return self.made[-1]

    def finished(self) -> list[Slide]:
        """Drop slides on which nothing stands; their notes go to the slide before."""
        kept: list[Slide] = []
        opens = False
        for slide in self.made:
            if slide.cells or not kept:
                kept.append(slide)
                slide.section = slide.section or opens
                opens = False
            else:
                opens = opens or slide.section
                kept[-1].notes += slide.notes
        return kept

    def begin(self, title: str, *, section: bool = False) -> None:
        self.made.append(Slide(section, title))
        self.asked = False

    def put(self, cell: Cell, pixels: int) -> None:
        """Put a cell on this slide, or on the next one if it would not fit."""
        if self.here.used + pixels > ROOM and self.here.cells:
            self.begin(self.here.title)
        self.here.cells.append(cell)
        self.here.used += pixels

    def take(self, cell: Cell) -> None:
        if cell["cell_type"] == "code":
            self.take_code(cell)
            return
        if "instructor" in tags(cell):
            if self.shown:
                self.here.notes.append(cell["source"])
            return
        for block in blocks(cell["source"]):
            if block.kind == "heading":
                self.take_heading(block)
            elif self.shown:
                self.take_prose(block)

    def take_heading(self, block: Block) -> None:
        if block.level == 1:
            self.begin(block.title, section=True)
            return
        if block.level == 2:
            self.section, self.shown = block.title, block.title not in NOT_SHOWN
        self.exercise = block.title.startswith("Exercise")
        if self.shown:
            self.begin(block.title, section=block.level == 2)

    def take_prose(self, block: Block) -> None:
        if "[Index](" in block.text:  # the links to the other notebooks
            return
        if self.exercise and self.here.title == self.section:
            self.exercise = False
        text = on_slide(block, whole=self.exercise)
        if text != block.text:
            self.here.notes.append(block.text)
        for part in _parts(block.kind, text):
            self.put(_markdown(part), height(part))
        if text.startswith("**Predict.**"):
            self.asked = True

    def take_code(self, cell: Cell) -> None:
        ours = {"setup", "exercise", "solution"} & tags(cell) or _OURS.search(cell["source"])
        if not self.shown or ours:
            if self.exercise and "solution" in tags(cell):
                # What follows belongs to the section again, not to the exercise.
                self.exercise = False
                self.begin(self.section)
            return
        drawn = any("image/png" in output.get("data", {}) for output in cell["outputs"])
        if len(cell["source"].splitlines()) <= LONGEST_CODE and not drawn:
            self.put(
                _code(cell["source"]), 2 * GAP + CODE_LINE * _lines(cell["source"], CODE_WIDTH)
            )
        for output in cell["outputs"]:
            self.take_output(output)

    def take_output(self, output: Output) -> None:
        data = output.get("data", {})
        if "image/png" in data:
            self.begin(self.here.title)
            kept = {**output, "data": {"image/png": data["image/png"]}}
            tall = _is_tall(joined(data["image/png"]))
            self.put(
                _code("", [kept], "picture", *["tall"] * tall), ROOM if tall else PICTURE + GAP
            )
        elif "text/markdown" in data:  # a picture's description, which the picture has too
            self.here.notes.append(joined(data["text/markdown"]))
        elif output["output_type"] == "stream" or set(data) == {"text/plain"}:
            self.take_text(joined(output.get("text") or data.get("text/plain", "")))

    def take_text(self, text: str) -> None:
        """Show what a cell printed, on several slides if it is long; wide text is smaller."""
        widest = max((len(line) for line in text.splitlines()), default=0)
        wide = CODE_WIDTH < widest <= SMALL_WIDTH
        line, width = (SMALL_LINE, SMALL_WIDTH) if wide else (CODE_LINE, CODE_WIDTH)
        if self.asked:
            self.begin(self.here.title)
        for part in _cut(text.strip("\n").splitlines(), (ROOM - 2 * GAP) // line, width):
            shown = {"output_type": "stream", "name": "stdout", "text": part + "\n"}
            pixels = 2 * GAP + line * _lines(part, width)
            self.put(_code("", [shown], *["small"] * wide), pixels)


def _is_tall(encoded: str) -> bool:
    """Return whether a PNG needs the whole height of a slide: its size stands at its beginning."""
    width, high = struct.unpack(">II", base64.b64decode(encoded[:64])[16:24])
    return bool(high > TALL_SHARE * width)


def _lines(text: str, width: int) -> int:
    return sum(max(1, -(-len(line) // width)) for line in text.splitlines())


def _cut(text: list[str], most: int, width: int) -> list[str]:
    """Cut lines into parts of at most ``most`` lines on the slide, of about equal length."""
    total = _lines("\n".join(text), width)
    each = -(-total // max(1, -(-total // most)))
    parts: list[list[str]] = [[]]
    for line in text:
        if parts[-1] and _lines("\n".join([*parts[-1], line]), width) > each:
            parts.append([])
        parts[-1].append(line)
    return ["\n".join(part) for part in parts if part]


def _parts(kind: str, text: str) -> list[str]:
    """Return a block in parts that fit on a slide each: a long table or list is cut."""
    if not text:
        return []
    if height(text) <= ROOM or kind not in ("table", "list"):
        return [text]
    rows = text.splitlines()
    head = rows[:2] if kind == "table" else []
    parts: list[list[str]] = [[]]
    for row in rows[len(head) :]:
        if parts[-1] and height("\n".join([*head, *parts[-1], row])) > ROOM:
            parts.append([])
        parts[-1].append(row)
    return ["\n".join([*head, *part]) for part in parts]
