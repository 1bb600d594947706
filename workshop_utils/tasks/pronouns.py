"""A small invented language in which a pronoun depends on a subject many words back.

A text is a row of short sentences. A sentence either names a new subject
("the queen sang quietly outside .") or speaks on about the same one
("then she waited again ."). Between the subject and the pronoun stand words
that say nothing about the gender, so a model that writes the right pronoun
must have carried the gender across them, and must drop it when a new subject
comes. The language is made for notebook 03; it describes no real person.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]
Cell = TypeVar("Cell")

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


@dataclass(frozen=True, eq=False)
class Network:
    """A trained network that reads the language with anybody's step of an LSTM.

    Attributes:
        step: From (x, h, C, W, U, b) to (h, C, input gate, forget gate, candidate, output gate).
        vectors: One vector for each word, shape (words, features).
        W: (features, 4 * units), U: (units, 4 * units), b: (4 * units,), as the step wants them.
        v: What each unit adds to the score, shape (units, 1), times its hidden state.
        bias: Of the score, shape (1,).
    """

    step: Callable[..., Sequence[Array]]
    vectors: Array
    W: Array
    U: Array
    b: Array
    v: Array
    bias: Array

    def one_word(self, numbers: NDArray[np.int32], h: Array, C: Array) -> Sequence[Array]:
        """Read one more word of each text, shape (texts,); the states are (texts, units)."""
        return self.step(self.vectors[numbers], h, C, self.W, self.U, self.b)

    def read(self, words: NDArray[np.int32]) -> list[Array]:
        """Read texts, shape (texts, timesteps) or (timesteps,), from states of zeros.

        Returns:
            Six arrays, (timesteps, texts, units) or (timesteps, units): the hidden and cell
            states, the input and forget gates, the candidates and the output gates.
        """
        h = C = np.zeros((*words.shape[:-1], len(self.U)))
        steps = []
        for numbers in words.T:
            steps.append(self.one_word(numbers, h, C))
            h, C, *_ = steps[-1]
        return [np.array(part) for part in zip(*steps, strict=True)]

    def last_states(self, words: NDArray[np.int32]) -> tuple[Array, Array]:
        """Read texts, and return the last hidden and cell states, each (texts, units)."""
        hidden_states, cell_states, *_ = self.read(words)
        return hidden_states[-1], cell_states[-1]

    def score(self, h: Array) -> Array:
        """Return the score of hidden states, (..., units): above 0 is "she", below 0 "he"."""
        return np.asarray((h @ self.v + self.bias)[..., 0])

    def after_then(self, h: Array, C: Array) -> Array:
        """Read "then" from states (texts, units), and return the hidden states after it."""
        h, *_ = self.one_word(np.full(len(h), _THEN), h, C)
        return h

    def says_she(self, h: Array, C: Array) -> NDArray[np.bool_]:
        """Read "then" from states (texts, units), and return which texts go on with "she"."""
        return self.score(self.after_then(h, C)) > 0

    def unit_scores(self, words: NDArray[np.int32]) -> Array:
        """Read texts and then "then"; return what each unit adds to the score, (texts, units)."""
        return np.asarray(self.after_then(*self.last_states(words)) * self.v[:, 0])

    def parts(
        self, cell: Callable[[Array, Array, Array], Cell]
    ) -> tuple[Array, Cell, Array, float]:
        """Return what the drawings want: vectors, a cell made of W, U and b, v and the bias."""
        return self.vectors, cell(self.W, self.U, self.b), self.v[:, 0], float(self.bias[0])

    def accuracy(self, texts: PronounTexts) -> float:
        """Return the share of right pronouns among those that are due."""
        hidden_states, *_ = self.read(texts.words)
        right = texts.female == (self.score(hidden_states) > 0).T
        return float(right[texts.pronoun_due].mean())


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
    ends = np.cumsum(lengths, axis=1)
    steps = np.arange(timesteps)
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
    opener = place == 0
    second = place == 1
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
    counterpart[male] = female
    counterpart[female] = male
    return counterpart[words]


def twins(
    texts: int, *, fillers: int = 4, seed: int = 2
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Write texts of one sentence about a woman, and the same texts about a man.

    Args:
        texts: How many texts of each.
        fillers: Words between the verb and the full stop.
        seed: Seed of NumPy's generator.

    Returns:
        Word numbers of both, each (texts, 4 + fillers); word 1 is the name.
    """
    words = make_texts(texts, _FIXED_WORDS + fillers, fillers=(fillers, fillers), seed=seed).words
    women = np.where(is_female(words[:, 1:2]), words, mirrored(words))
    return women, mirrored(women)


def is_female(words: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return for each word number, in any shape, whether it names a female person."""
    return np.isin(words, encode(" ".join(FEMALE_SUBJECTS)))


def _draw_words(
    rng: np.random.Generator, choices: tuple[str, ...], size: int | tuple[int, int]
) -> NDArray[np.int32]:
    """Draw words of one kind with equal chances; they stand side by side in the vocabulary."""
    first = _NUMBER_OF[choices[0]]
    return rng.integers(first, first + len(choices), size=size, dtype=np.int32)
