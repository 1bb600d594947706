"""Flesch reading ease: the formula on published figures, and what of a notebook is prose."""

from pathlib import Path

import pytest
from tiny_course import markdown_cell, notebook_of

from workshop_tools import readability
from workshop_tools.glossary import Entry
from workshop_tools.readability import Reading, measure, plain_text, sections, table
from workshop_tools.rules import Page
from workshop_utils.lessons import LESSONS

EASY = "The cat sat on the mat."
HARD = "Considerable organisational difficulties characterise international administrations. "


def test_the_formula_gives_the_published_figure():
    # A sentence of six words of one syllable each, the known example of 116.
    assert measure(EASY) == Reading(words=6, sentences=1, syllables=6)
    assert measure(EASY).ease == pytest.approx(206.835 - 1.015 * 6 - 84.6)
    # Flesch (1948), table of typical styles: "Standard", 17 words and 147 syllables for 100
    # words, lies at the middle of 60 to 70.
    assert Reading(words=1700, sentences=100, syllables=2499).ease == pytest.approx(65, abs=0.5)
    # "Very easy" begins at 90: 8 words a sentence and 123 syllables.
    assert Reading(words=800, sentences=100, syllables=984).ease == pytest.approx(95, abs=1)
    # "Very difficult" ends at 30: 29 words a sentence and 192 syllables.
    assert Reading(words=2900, sentences=100, syllables=5568).ease == pytest.approx(15, abs=1)


# Gettysburg Address (A. Lincoln, 1863), whose count of words and sentences is well known.
GETTYSBURG = """\
Four score and seven years ago our fathers brought forth, upon this continent, a new nation,
conceived in Liberty, and dedicated to the proposition that all men are created equal.

Now we are engaged in a great civil war, testing whether that nation, or any nation so conceived,
and so dedicated, can long endure. We are met on a great battle-field of that war. We have come to
dedicate a portion of that field, as a final resting place for those who here gave their lives
that that nation might live. It is altogether fitting and proper that we should do this.
"""


def test_words_and_sentences_of_a_known_text_are_counted():
    counted = measure(GETTYSBURG)
    assert (counted.words, counted.sentences) == (102, 5)
    # By the CMU Pronouncing Dictionary it has 147 syllables.
    assert counted.syllables == pytest.approx(147, rel=0.01)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three? Four", 4),
        ("It is 0.5 of it.", 1),
        ('He said "no." Then yes.', 2),
        ("First: second; third.", 1),
        ("A line\nthat goes on.\n\nAnother one", 2),
        ("These:\n- one\n- two", 3),
        ("...", 0),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text, sentences):
    assert measure(text).sentences == sentences


def test_nothing_to_read_has_no_ease():
    assert measure("").ease != measure("").ease
    assert measure("").sentence == 0


def test_what_is_no_prose_is_left_out():
    entries = {"gate": Entry("gate", "", "01")}
    text = (
        "# Title\n\nPrevious: [x](y)\n\nReading 3 min\n\n<!-- navigation -->\n\n"
        "| a | table |\n\n> **Note.** A `code` $x^2$ [link](https://example.org/long) stays.\n"
        "> It goes on.\n\n- *one* item\n\n```python\ncode\n```\n\n$$y$$\n\n"
        "<details><summary>Open</summary>\n\nTwo gates."
    )
    said = " ".join(plain_text(text, entries).split())
    assert said == "Note. A link stays. It goes on. one item Open Two ."


def page_of(*sources, folder=Path("x")):
    cells = [markdown_cell(source) for source in sources]
    return Page(folder / "notebooks" / f"{LESSONS[0].name}.ipynb", notebook_of(*cells))


def test_sections_are_told_apart_and_references_left_out():
    page = page_of("# T\nA\n\n## One\nB", "C", "## Going further\nJ. L. Elman\n\n## Two\nD")
    found = {title: text.split() for title, text in sections(page)}
    assert found == {
        "": ["#", "T", "A"],
        "One": ["B", "C"],
        "Going further": [],
        "Two": ["D"],
    }


def test_the_table_names_the_hardest_section_and_warns_below_60():
    page = page_of(f"# T\n\n{(EASY + ' ') * 200}\n\n## Hard\n\n{HARD * 20}")
    (_, line) = table([page]).splitlines()
    assert "hardest: " in line
    assert "'Hard'" in line
    assert "warning" not in line


def between(low, high):
    """A text whose ease lies between two figures."""
    for count in range(1, 200):
        text = (EASY + " ") * count + HARD * 14
        if low < measure(text).ease < high:
            return text
    raise AssertionError("no mixture of the two sentences gives this")


def test_below_60_is_a_warning_and_below_55_a_finding():
    (rule,) = readability.RULES
    warned = page_of(between(56, 59))
    assert list(rule.find(warned)) == []
    assert "warning: below 60" in table([warned])
    (found,) = rule.find(page_of(between(40, 54)))
    assert "at least 55" in found[1]
    assert "part long sentences" in found[1]


def test_a_short_text_is_not_judged():
    (rule,) = readability.RULES
    assert list(rule.find(page_of(HARD * 2))) == []
    assert "hardest" not in table([page_of(HARD * 2)])
