"""How the prose of a notebook sounds, in figures that are reported and never refused.

Nobody writes for these figures: they say where a text reads like notes (short sentences, hardly
a *because*), and which numbers of it a reader finds in no output and in no code.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from workshop_tools.editions import tags
from workshop_tools.minutes import HIDDEN
from workshop_tools.rules import Page, prose
from workshop_tools.rules_outputs import printed

LONG_PARAGRAPH = 60
"""Words of a paragraph that can hold an argument."""
_CONNECTIVE = re.compile(
    r"\b(?:although|because|but|hence|however|since|so|therefore|though|unless|until|whereas"
    r"|which|while|yet)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"'\u201d\u2019)*_]*\s+")
# Each item of a list is a block; a line that goes on belongs to the one above.
_BLOCK = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*] |\d+\. ))")
_NO_PROSE = re.compile(r"^\s*(?:#{1,6} |\||<!--|!\[|.*\[Index\]|\*About \d+ ).*$", re.MULTILINE)
_WORD = re.compile(r"[A-Za-z][A-Za-z'\u2019-]*")
_NUMBER = re.compile(r"(?<![\w.])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|(?<![\w.])\.\d+")
_STATED = re.compile(r"\*\d+ minutes\.\*")
_YEAR = re.compile(r"(?:19|20)\d\d")


class Voice(NamedTuple):
    """Figures of a text: mean words a sentence, share of them with a connective, paragraphs."""

    words_a_sentence: float
    connective_share: float
    long_paragraphs: int


def voice(page: Page) -> Voice:
    """Measure what a learner reads, without code, formulas, tables and references."""
    blocks = [block for text in _texts(page) for block in _BLOCK.split(_NO_PROSE.sub("", text))]
    sentences = [
        part for block in blocks for part in _SENTENCE_END.split(block) if _WORD.search(part)
    ]
    words = sum(len(_WORD.findall(sentence)) for sentence in sentences)
    joined = sum(bool(_CONNECTIVE.search(sentence)) for sentence in sentences)
    total = max(1, len(sentences))
    paragraphs = sum(len(_WORD.findall(block)) >= LONG_PARAGRAPH for block in blocks)
    return Voice(words / total, joined / total, paragraphs)


def unshown_numbers(page: Page) -> list[str]:
    """Return the numbers of the prose that stand in no output and in no code of a learner.

    Years, references and the stated minutes of exercises are passed over. A number is shown,
    too, by one that rounds to it, and a percentage by the share.
    """
    shown = {
        float(number.replace(",", ""))
        for _, cell in page.learners
        if cell["cell_type"] == "code"
        for number in _NUMBER.findall(f"{cell['source']}\n{printed(cell['outputs'])}")
    }
    texts = [_NO_PROSE.sub("", _STATED.sub("", text)) for text in _texts(page)]
    numbers = [number for text in texts for number in _NUMBER.findall(text)]
    wanted = [number for number in dict.fromkeys(numbers) if not _YEAR.fullmatch(number)]
    return [number for number in wanted if not _is_shown(number.replace(",", ""), shown)]


def _is_shown(number: str, shown: set[float]) -> bool:
    digits = len(number.partition(".")[2])
    value = float(number)
    return any(round(each, digits) == value or round(100 * each, digits) == value for each in shown)


def _texts(page: Page) -> Iterator[str]:
    """Yield what a learner reads, cell by cell, up to the references."""
    for _, cell in page.learners:
        if cell["cell_type"] != "markdown" or HIDDEN & tags(cell):
            continue
        before, references, _ = cell["source"].partition("## Going further")
        yield prose(before)
        if references:
            return
