"""A small invented language in which a pronoun depends on a subject many words back.

A text is a row of short sentences. A sentence either names a new subject
("the queen sang quietly outside .") or speaks on about the same one
("then she waited again ."). Between the subject and the pronoun stand words
that say nothing about the gender, so a model that writes the right pronoun
must have carried the gender across them, and must drop it when a new subject
comes. The language is made for notebook 03; it describes no real person.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# The first of these is the counterpart of the first of those, and so on.
FEMALE_SUBJECTS = ("queen", "aunt", "sister", "mother")
MALE_SUBJECTS = ("king", "uncle", "brother", "father")
PRONOUNS = ("he", "she")
VERBS = ("sang", "waited", "read", "slept", "danced")
FILLERS = ("quietly", "outside", "again", "alone", "there", "today")

VOCABULARY: tuple[str, ...] = (
    "the",
    "then",
    ".",
    *PRONOUNS,
    *MALE_SUBJECTS,
    *FEMALE_SUBJECTS,
    *VERBS,
    *FILLERS,
)
"""All words of the language; a word's number is its place in this tuple."""

# What a sentence holds beside its fillers: opener, subject or pronoun, verb, full stop.
_FIXED_WORDS = 4
_NUMBER_OF = {word: number for number, word in enumerate(VOCABULARY)}
_THE, _THEN, _STOP, _HE = (_NUMBER_OF[word] for word in ("the", "then", ".", "he"))


@dataclass(frozen=True)
class PronounTexts:
    """Texts of the pronoun language, with what a reader would know at each word.

    Attributes:
        words: Word numbers, shape (texts, timesteps), int32; see ``VOCABULARY``.
        female: Whether the subject that is spoken of is female, shape (texts,
            timesteps). At the "the" before a new subject it still tells of the
            old one, because the new one is not known yet; at the first word,
            where there is no old one, it tells of the subject to come.
        pronoun_due: Whether the next word must be a pronoun, shape (texts,
            timesteps): true at every "then".
    """

    words: NDArray[np.int32]
    female: NDArray[np.bool_]
    pronoun_due: NDArray[np.bool_]

    def decode(self, row: int) -> str:
        """Return the text of one row, from 0, as words."""
        return decode(self.words[row])


def make_texts(
    texts: int,
    timesteps: int = 24,
    *,
    fillers: tuple[int, int] = (1, 5),
    new_subject_share: float = 0.5,
    seed: int = 141,
) -> PronounTexts:
    """Write texts of the language; the same seed gives the same texts.

    Args:
        texts: How many texts.
        timesteps: Words in each text; the last sentence is cut where it ends.
        fillers: Least and most words between the verb and the full stop.
        new_subject_share: Probability that a sentence names a new subject. The
            first sentence always does.
        seed: Seed of NumPy's generator.

    Returns:
        The texts with their hidden facts, each array (texts, timesteps).
    """
    rng = np.random.default_rng(seed)
    sentences = -(-timesteps // (_FIXED_WORDS + fillers[0]))
    lengths = _FIXED_WORDS + rng.integers(*fillers, size=(texts, sentences), endpoint=True)
    introduces = rng.random((texts, sentences)) < new_subject_share
    introduces[:, 0] = True
    drawn = rng.integers(len(MALE_SUBJECTS) + len(FEMALE_SUBJECTS), size=(texts, sentences))
    # A sentence that names nobody keeps the subject of the last one that does.
    named_in = np.maximum.accumulate(np.where(introduces, np.arange(sentences), 0), axis=1)
    subject = np.take_along_axis(drawn, named_in, axis=1)

    # For each word: its sentence, its place from the start, and how many words are left.
    ends, steps = np.cumsum(lengths, axis=1), np.arange(timesteps)
    sentence = (ends[:, None, :] <= steps[:, None]).sum(axis=2)
    left = np.take_along_axis(ends, sentence, axis=1) - steps
    place = np.take_along_axis(lengths, sentence, axis=1) - left
    opens_new = np.take_along_axis(introduces, sentence, axis=1)
    who = np.take_along_axis(subject, sentence, axis=1)
    female = who >= len(MALE_SUBJECTS)

    words = _draw_words(rng, FILLERS, (texts, timesteps))
    is_verb = place == 2
    words[is_verb] = _draw_words(rng, VERBS, int(is_verb.sum()))
    words[left == 1] = _STOP
    opener, second = place == 0, place == 1
    words[opener] = np.where(opens_new, _THE, _THEN)[opener]
    named = np.where(opens_new, _NUMBER_OF[MALE_SUBJECTS[0]] + who, _HE + female)
    words[second] = named[second]

    female[:, 1:] = np.where(opener[:, 1:], female[:, :-1], female[:, 1:])
    return PronounTexts(words, female, opener & ~opens_new)


def encode(text: str) -> NDArray[np.int32]:
    """Turn words, separated by spaces, into word numbers, shape (timesteps,).

    Raises:
        ValueError: A word is not in the language.
    """
    words = text.split()
    unknown = sorted(set(words) - set(VOCABULARY))
    if unknown:
        raise ValueError(
            f"The language knows only {len(VOCABULARY)} words, and not {', '.join(unknown)}; "
            f"choose from: {' '.join(VOCABULARY)}"
        )
    return np.array([_NUMBER_OF[word] for word in words], dtype=np.int32)


def decode(words: Sequence[int] | NDArray[np.int32]) -> str:
    """Turn word numbers, shape (timesteps,), back into words with spaces between them."""
    return " ".join(VOCABULARY[number] for number in words)


def mirrored(words: NDArray[np.int32]) -> NDArray[np.int32]:
    """Exchange each subject and each pronoun for its counterpart of the other gender.

    "the queen sang . then she" becomes "the king sang . then he"; any shape.
    """
    counterpart = np.arange(len(VOCABULARY), dtype=np.int32)
    male = encode(" ".join(("he", *MALE_SUBJECTS)))
    female = encode(" ".join(("she", *FEMALE_SUBJECTS)))
    counterpart[male], counterpart[female] = female, male
    return counterpart[words]


def is_female(words: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return for each word number, in any shape, whether it names a female person."""
    return np.isin(words, encode(" ".join(FEMALE_SUBJECTS)))


def _draw_words(
    rng: np.random.Generator, choices: tuple[str, ...], size: int | tuple[int, int]
) -> NDArray[np.int32]:
    """Draw words of one kind with equal chances; they stand side by side in the vocabulary."""
    first = _NUMBER_OF[choices[0]]
    return rng.integers(first, first + len(choices), size=size, dtype=np.int32)
