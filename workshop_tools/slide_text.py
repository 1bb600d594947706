"""What of a notebook's prose stands on a slide: the text itself, shortened by rules.

Nobody writes slides. A slide keeps the main sentences of a paragraph, and the
whole paragraph goes into the speaker's notes.
"""

import re
from dataclasses import dataclass

LINE = 82
"""Characters of prose that fit on one line of a slide."""
TABLE_LINE = 100
"""Characters of a table's row that fit on one line of a slide."""
LINE_HEIGHT, TABLE_LINE_HEIGHT, GAP = 37, 31, 14
"""Pixels of a line of prose, of a line in a table, and between two blocks."""
LONGEST_BOX = 420
"""Characters of a box that is kept as it is."""

_FENCE = re.compile(r"^(```|~~~)")
_LIST = re.compile(r"^(?:[-*+]|\d+\.) ")
# A full stop that ends a sentence: not inside `code`, $formulas$ or brackets of a link.
_END = re.compile(r"(?<=[.!?])(?:\*\*)?(\s+)(?=[A-Z“\"*`$(\[])")
_ABOUT_CODE = re.compile(
    r"^(?:Now )?(?:[Tt]he|In the) (?:next|following) (?:\w+ )?(?:cells?|code)\b"
)

_POINTS_BACK = re.compile(r"(?:This|These|That|It|They|Such|So|Here|There|Then|But)\b")


@dataclass(frozen=True)
class Block:
    """One block of Markdown.

    Attributes:
        kind: ``heading``, ``paragraph``, ``list``, ``table``, ``box``, ``formula``,
            ``code`` or ``html``.
        text: Its source.
    """

    kind: str
    text: str

    @property
    def level(self) -> int:
        """The level of a heading, 1 to 6."""
        return len(self.text) - len(self.text.lstrip("#"))

    @property
    def title(self) -> str:
        """The text of a heading."""
        return self.text.lstrip("#").strip()


def blocks(source: str) -> list[Block]:
    """Cut Markdown into its blocks.

    Args:
        source: The source of a Markdown cell of this workshop: blank lines part the
            blocks, and no list holds another.
    """
    found: list[list[str]] = [[]]
    fence = ""
    for line in source.splitlines():
        opened = _FENCE.match(line)
        if opened and (not fence or opened[1] == fence):
            fence = "" if fence else opened[1]
        if not line.strip() and not fence:
            found.append([])
        elif line.startswith("#") and not fence:
            found.extend(([line], []))
        else:
            found[-1].append(line)
    return _joined([Block(_kind(lines), "\n".join(lines)) for lines in found if lines])


def _kind(lines: list[str]) -> str:
    first = lines[0]
    if first.startswith("#"):
        return "heading"
    for kind, beginning in {"box": ">", "table": "|", "formula": "$$", "html": "<"}.items():
        if first.startswith(beginning):
            return kind
    if _FENCE.match(first):
        return "code"
    return "list" if _LIST.match(first) else "paragraph"


def _joined(found: list[Block]) -> list[Block]:
    """Join what an opened HTML element holds, such as <details>, to one block."""
    joined: list[Block] = []
    inside = False
    for block in found:
        if inside:
            joined[-1] = Block("html", f"{joined[-1].text}\n\n{block.text}")
        else:
            joined.append(block)
        held = joined[-1].text
        inside = joined[-1].kind == "html" and held.count("<details") > held.count("</details")
    return joined


def sentences(paragraph: str) -> list[str]:
    """Cut a paragraph into sentences, each on one line."""
    line = " ".join(paragraph.split())
    gaps = [found.start(1) for found in _END.finditer(line)]
    cuts = [gap for gap in gaps if not _inside(line[:gap])]
    ends = [*cuts, len(line)]
    return [line[a:b].strip() for a, b in zip([0, *cuts], ends, strict=True) if line[a:b].strip()]


def _inside(before: str) -> bool:
    """Return whether a place lies inside code, a formula or strong words."""
    outside_code = re.sub(r"`[^`]*`", "", before)
    return bool(
        outside_code.count("`") % 2 or outside_code.count("$") % 2 or before.count("**") % 2
    )


def on_slide(block: Block, *, whole: bool = False) -> str:
    """Return what of a block stands on a slide; empty when nothing does.

    Args:
        block: The block, not a heading.
        whole: Keep a paragraph as it is, as for the task of an exercise.
    """
    if block.kind == "paragraph":
        if ".hint(" in block.text:
            return ""
        return block.text if whole else _main(block.text)
    if block.kind == "list":
        return block.text if whole else "\n".join(_first(item) for item in items(block.text))
    if block.kind == "box":
        return _box(block.text)
    return "" if block.kind == "html" else block.text


def _main(paragraph: str) -> str:
    if paragraph.startswith("**Predict.**"):
        return paragraph
    found = [s for s in sentences(paragraph) if not _ABOUT_CODE.match(s)]
    kept = {n for n, sentence in enumerate(found) if "**" in sentence} or {0}
    # "This is called ..." says nothing without the sentence before it.
    kept |= {n - 1 for n in kept if n and _POINTS_BACK.match(found[n])}
    return " ".join(found[n] for n in sorted(kept) if n < len(found))


def items(text: str) -> list[str]:
    """Return the items of a list, each on one line with its mark."""
    found: list[str] = []
    for line in text.splitlines():
        if _LIST.match(line):
            found.append(line)
        else:
            found[-1] += f" {line.strip()}"
    return found


def _first(item: str) -> str:
    """Return an item's first sentence, or all of a short one."""
    mark, _, text = item.partition(" ")
    return item if len(item) <= 2 * LINE else f"{mark} {sentences(text)[0]}"


def _box(text: str) -> str:
    """Return a box for a slide: a pitfall or an example; a note is for the speaker alone."""
    inner = "\n".join(line.removeprefix(">").strip() for line in text.splitlines())
    if inner.startswith("**Note.**"):
        return ""
    if len(inner) <= LONGEST_BOX:
        return text
    kept = ""
    for sentence in sentences(inner):
        if kept and len(kept) + len(sentence) > LONGEST_BOX:
            break
        kept = f"{kept} {sentence}".strip()
    return f"> {kept}"


def height(text: str) -> int:
    """Estimate how many pixels a block takes on a slide that is 1280 pixels wide."""
    (block,) = blocks(text)
    if block.kind == "table":
        rows = [row for row in text.splitlines() if not set(row) <= set("|-: ")]
        return GAP + sum(12 + TABLE_LINE_HEIGHT * lines(row, TABLE_LINE) for row in rows)
    if block.kind == "list":
        return GAP + sum(4 + LINE_HEIGHT * lines(item, LINE - 4) for item in items(text))
    if block.kind == "formula":
        return 2 * GAP + 2 * LINE_HEIGHT
    if block.kind == "code":
        return GAP + 26 * len(text.splitlines())
    return GAP + (20 if block.kind == "box" else 0) + LINE_HEIGHT * lines(text, LINE)


def lines(text: str, width: int) -> int:
    """Return how many lines a text takes, what is not read as a character left out."""
    shown = re.sub(r"\]\([^)]*\)|\\[a-z]+|[*`{}\\]", "", text)
    return max(1, -(-len(shown) // width))
