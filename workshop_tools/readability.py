"""How easy the prose of a notebook is to read: Flesch reading ease.

R. Flesch, A new readability yardstick, Journal of Applied Psychology 32(3) (1948): 206.835 less
1.015 for each word of the mean sentence and 84.6 for each syllable of the mean word. 60 to 70 is
plain English.
"""

import re
from collections.abc import Iterator, Sequence

from workshop_tools.glossary import entries_for
from workshop_tools.rules import WHOLE, Page, Problem, Rule, prose, rule

RULES: list[Rule] = []
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


def sections(page: Page) -> dict[str, str]:
    """Return the sentences of each section: no code, formulas, tables, references or terms."""
    found: dict[str, str] = {}
    # Longer terms first: "forget gate" before "gate".
    entries = sorted(entries_for(page).values(), key=lambda each: -len(each.term))
    whole = "\n\n".join(source for _, source in page.markdown)
    for part in re.split(r"^(?=## )", whole, flags=re.MULTILINE):
        title = part.partition("\n")[0].removeprefix("## ").strip()
        if title == "Going further":
            continue
        blocks = [_MARKS.sub("", block) for block in _BLOCK.split(_NO_PROSE.sub("", prose(part)))]
        text = "\n\n".join(blocks)
        for entry in entries:
            text = entry.uses.sub(" ", text)
        found[title] = text
    return found


@rule(RULES)
def plain_english(page: Page) -> Iterator[Problem]:
    """The prose has a Flesch reading ease of 60 or more, the field's terms left out."""
    score, words = ease("\n\n".join(sections(page).values()))
    if words >= FEWEST_WORDS and score < LOWEST:
        yield WHOLE, f"reading ease {score:.0f}; at least {LOWEST:.0f}: shorter sentences and words"


def table(pages: Sequence[Page]) -> str:
    """Write the reading ease of notebooks, one line each, with the hardest section."""
    lines = [f"Reading ease (Flesch; {LOWEST:.0f} and more is plain English):"]
    for page in pages:
        parts = sections(page)
        measured = {title: ease(text) for title, text in parts.items()}
        long = {title: score for title, (score, words) in measured.items() if words >= FEWEST_WORDS}
        line = f"  {page.number}  {ease(' '.join(parts.values()))[0]:3.0f}"
        if long:
            hardest = min(long, key=lambda title: long[title])
            line += f"; hardest: {long[hardest]:.0f}, {hardest!r}"
        lines.append(line)
    return "\n".join(lines)
