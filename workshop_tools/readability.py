"""How easy the prose of a notebook is to read: Flesch reading ease.

R. Flesch, A new readability yardstick, Journal of Applied Psychology 32(3) (1948): 206.835 less
1.015 for each word of the mean sentence and 84.6 for each syllable of the mean word. 60 to 70 is
plain English.
"""

import re
from collections.abc import Iterator

from workshop_tools.glossary import read_glossary
from workshop_tools.rules import WHOLE, Page, Problem, prose

LOWEST = 60.0
FEWEST_WORDS = 100
"""Flesch measured samples of 100 words; on fewer the figure says little."""
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"'\u201d\u2019)*_]*\s+")
# Each item of a list is a block; a line that goes on belongs to the one above.
_BLOCK = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*] |\d+\. ))")
_NO_PROSE = re.compile(r"^\s*(?:#{1,6} |\||<!--|!\[|.*\[Index\]|\*\*\d+ minutes).*$", re.MULTILINE)
_MARKS = re.compile(r"</?\w[^>]*>|[*_\[\]]|^\s*(?:> ?|[-*] |\d+\. )+", re.MULTILINE)


def ease(text: str) -> tuple[float, int]:
    """Return the Flesch reading ease of plain text, and its number of words."""
    import syllapy

    sentences = [
        words
        for block in _BLOCK.split(text)
        for sentence in _SENTENCE_END.split(block)
        if (words := re.findall(r"[A-Za-z][A-Za-z'\u2019-]*", sentence))
    ]
    every = [word for words in sentences for word in words]
    if not every:
        return float("nan"), 0
    syllables = sum(max(1, syllapy.count(word)) for word in every)
    score = 206.835 - 1.015 * len(every) / len(sentences) - 84.6 * syllables / len(every)
    return score, len(every)


def reading_ease(page: Page) -> tuple[float, int]:
    """Return ease and words of a notebook without code, formulas, tables, references, terms."""
    parts = re.split(r"^(?=## )", "\n\n".join(source for _, source in page.markdown), flags=re.M)
    text = prose("\n\n".join(part for part in parts if not part.startswith("## Going further")))
    text = "\n\n".join(_MARKS.sub("", part) for part in _BLOCK.split(_NO_PROSE.sub("", text)))
    # Longer terms first: "forget gate" before "gate".
    for entry in sorted(read_glossary(page.root), key=lambda each: -len(each.term)):
        text = entry.uses.sub(" ", text)
    return ease(text)


def plain_english(page: Page) -> Iterator[Problem]:
    """The prose has a Flesch reading ease of 60 or more, the field's terms left out."""
    score, words = reading_ease(page)
    if words >= FEWEST_WORDS and score < LOWEST:
        yield WHOLE, f"reading ease {score:.0f}; at least {LOWEST:.0f}: shorter sentences and words"
