"""How easy the prose of a notebook is to read: Flesch reading ease.

R. Flesch, A new readability yardstick, Journal of Applied Psychology 32(3) (1948): 206.835 less
1.015 for each word of the mean sentence and 84.6 for each syllable of the mean word. 60 to 70 is
plain English.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from workshop_tools.glossary import Entry, without_terms
from workshop_tools.rules import WHOLE, Page, Problem, Rule, prose, rule
from workshop_tools.rules_glossary import entries_for

RULES: list[Rule] = []
LOWEST = 60.0
FEWEST_WORDS = 100
"""Flesch measured samples of 100 words; on fewer the figure says little."""
_WORD = re.compile(r"[A-Za-z][A-Za-z'\u2019-]*")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"'\u201d\u2019)*_]*\s+")
# Each item of a list is a block; a line that goes on belongs to the one above.
_BLOCK = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*] |\d+\. ))")
_NO_PROSE = re.compile(
    r"^\s*(?:#{1,6} |\||<!--|!\[|Previous: |\[Index\]|\*\*\d+ minutes).*$", re.MULTILINE
)
_MARKS = re.compile(r"</?\w[^>]*>|[*_\[\]]|^\s*(?:> ?|[-*] |\d+\. )+", re.MULTILINE)
_REFERENCES = "Going further"


@dataclass(frozen=True)
class Reading:
    """What was counted in a text.

    Attributes:
        words: Words of letters.
        sentences: Sentences, or items of a list.
        syllables: Syllables of the words.
    """

    words: int
    sentences: int
    syllables: int

    @property
    def ease(self) -> float:
        """Flesch reading ease, about 0 (hard) to 100 (easy); NaN without a word."""
        if not self.words:
            return float("nan")
        return 206.835 - 1.015 * self.words / self.sentences - 84.6 * self.syllables / self.words

    @property
    def sentence(self) -> float:
        """Words in the mean sentence."""
        return self.words / max(self.sentences, 1)


def measure(text: str) -> Reading:
    """Count the words, sentences and syllables of plain text.

    Args:
        text: Prose without markup; a blank line ends a sentence too.
    """
    import syllapy

    sentences = [
        words
        for block in _BLOCK.split(text)
        for sentence in _SENTENCE_END.split(block)
        if (words := _WORD.findall(sentence))
    ]
    every = [word for words in sentences for word in words]
    syllables = sum(max(1, syllapy.count(word)) for word in every)
    return Reading(len(every), len(sentences), syllables)


def plain_text(markdown: str, entries: Mapping[str, Entry]) -> str:
    """Return what is read as sentences.

    Args:
        markdown: Markdown.
        entries: The glossary, whose terms are left out.

    Returns:
        Text without code, formulas, tables, headings, targets of links, and the field's terms.
    """
    kept = _NO_PROSE.sub("", prose(markdown))
    # List items keep their beginning until they are blocks of their own.
    blocks = [_MARKS.sub("", block) for block in _BLOCK.split(kept)]
    return without_terms("\n\n".join(blocks), entries)


def sections(page: Page) -> Iterator[tuple[str, str]]:
    """Yield title and Markdown of each section of a notebook, references left out.

    Args:
        page: The notebook.
    """
    title, lines = "", list[str]()
    for _, source in page.markdown:
        for line in source.splitlines():
            if line.startswith("## "):
                yield title, "\n".join(lines)
                title, lines = line.removeprefix("## ").strip(), []
            elif title != _REFERENCES:
                lines.append(line)
        lines.append("")
    yield title, "\n".join(lines)


def reading(page: Page) -> Reading:
    """Count the prose of a whole notebook.

    Args:
        page: The notebook.
    """
    entries = entries_for(page)
    return measure("\n\n".join(plain_text(text, entries) for _, text in sections(page)))


@rule(RULES)
def plain_english(page: Page) -> Iterator[Problem]:
    """The prose has a Flesch reading ease of 60 or more, the field's terms left out."""
    counted = reading(page)
    if counted.words >= FEWEST_WORDS and counted.ease < LOWEST:
        yield WHOLE, f"reading ease {counted.ease:.0f}; at least {LOWEST:.0f}: {_advice(counted)}"


def _advice(counted: Reading) -> str:
    return (
        f"{counted.sentence:.0f} words a sentence and {counted.syllables / counted.words:.2f} "
        "syllables a word; part long sentences and choose shorter words"
    )


def table(pages: Sequence[Page]) -> str:
    """Write the reading ease of notebooks, one line each, with the hardest section.

    Args:
        pages: The notebooks.

    Returns:
        A head and one line a notebook.
    """
    lines = [f"Reading ease (Flesch; {LOWEST:.0f} and more is plain English):"]
    for page in pages:
        counted, entries = reading(page), entries_for(page)
        parts = [(measure(plain_text(text, entries)), title) for title, text in sections(page)]
        line = f"  {page.number}  {counted.ease:3.0f}, {counted.sentence:.0f} words a sentence"
        hardest = min(_long(parts), key=lambda part: part[0].ease, default=None)
        if hardest:
            line += f"; hardest: {hardest[0].ease:.0f}, {hardest[1]!r}"
        lines.append(line)
    return "\n".join(lines)


def _long(parts: Iterable[tuple[Reading, str]]) -> Iterator[tuple[Reading, str]]:
    """Keep the sections that have enough words to be measured."""
    return (part for part in parts if part[0].words >= FEWEST_WORDS)
