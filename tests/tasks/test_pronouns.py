"""The pronoun language: its grammar, its hidden facts, its speed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop_utils.cells import LSTMCell
from workshop_utils.tasks import pronouns

GENDER_OF = dict.fromkeys(pronouns.FEMALE_SUBJECTS, True) | dict.fromkeys(
    pronouns.MALE_SUBJECTS, False
)


def sentences_of(text):
    """Split a text into whole sentences, without the last one, which may be cut."""
    return [sentence.split() for sentence in text.split(" .")[:-1]]


@given(
    seed=st.integers(0, 10_000),
    timesteps=st.integers(1, 40),
    least=st.integers(0, 3),
    more=st.integers(0, 3),
    share=st.floats(0, 1),
)
@settings(max_examples=60, deadline=None)
def test_every_text_follows_the_grammar(seed, timesteps, least, more, share):
    made = pronouns.make_texts(
        6, timesteps, fillers=(least, least + more), new_subject_share=share, seed=seed
    )
    assert made.words.shape == made.female.shape == (6, timesteps)
    for row in range(6):
        female = None
        for number, sentence in enumerate(sentences_of(made.decode(row))):
            opener, second, verb, *fillers = sentence
            if opener == "the":
                female = GENDER_OF[second]
            else:
                assert number > 0
                assert (opener, second) == ("then", "she" if female else "he")
            assert verb in pronouns.VERBS
            assert set(fillers) <= set(pronouns.FILLERS)
            assert least <= len(fillers) <= least + more


@given(seed=st.integers(0, 10_000), timesteps=st.integers(2, 40))
@settings(max_examples=40, deadline=None)
def test_the_hidden_facts_agree_with_the_words(seed, timesteps):
    made = pronouns.make_texts(8, timesteps, seed=seed)
    for row in range(8):
        words = made.decode(row).split()
        female = GENDER_OF[words[1]]
        for step, word in enumerate(words):
            female = GENDER_OF.get(word, female)
            assert made.female[row, step] == female
            assert made.pronoun_due[row, step] == (word == "then")


def test_the_same_seed_gives_the_same_texts():
    first, second, other = (pronouns.make_texts(50, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(first.words, second.words)
    assert not np.array_equal(first.words, other.words)


def test_shares_decide_who_is_spoken_of():
    one = pronouns.make_texts(200, 30, new_subject_share=0.0)
    assert np.isin(one.words, pronouns.encode(" ".join(GENDER_OF))).sum() == 200
    many = pronouns.make_texts(200, 30, new_subject_share=1.0)
    assert not many.pronoun_due.any()


def test_genders_and_words_come_equally_often():
    made = pronouns.make_texts(20_000, 20)
    counts = np.bincount(made.words.ravel(), minlength=len(pronouns.VOCABULARY))
    for kind in (pronouns.VERBS, pronouns.FILLERS):
        numbers = pronouns.encode(" ".join(kind))
        assert np.ptp(counts[numbers]) < 0.03 * counts[numbers].mean()
    subjects = counts[pronouns.encode(" ".join(GENDER_OF))]
    assert np.ptp(subjects) < 0.06 * subjects.mean()


def test_a_reader_of_one_word_can_only_guess():
    made = pronouns.make_texts(5_000)
    assert set(pronouns.decode(np.unique(made.words[made.pronoun_due])).split()) == {"then"}
    assert 0.47 < made.female[made.pronoun_due].mean() < 0.53


def test_only_names_of_female_persons_are_female():
    words = np.arange(len(pronouns.VOCABULARY), dtype=np.int32)
    named = pronouns.decode(words[pronouns.is_female(words)]).split()
    assert named == list(pronouns.FEMALE_SUBJECTS)


def test_a_mirrored_text_changes_the_genders_and_nothing_else():
    text = "the queen sang quietly . then she slept . the father read ."
    other = "the king sang quietly . then he slept . the mother read ."
    assert pronouns.decode(pronouns.mirrored(pronouns.encode(text))) == other
    words = pronouns.make_texts(50).words
    assert pronouns.mirrored(words).dtype == np.int32
    assert np.array_equal(pronouns.mirrored(pronouns.mirrored(words)), words)


def test_words_go_to_numbers_and_back():
    text = "the queen sang quietly . then she slept there ."
    numbers = pronouns.encode(text)
    assert numbers.dtype == np.int32
    assert pronouns.decode(numbers) == text
    assert len(set(pronouns.VOCABULARY)) == len(pronouns.VOCABULARY)


def test_a_word_that_is_not_in_the_language_is_named():
    with pytest.raises(ValueError, match="and not cat; choose from: the"):
        pronouns.encode("the cat sang")


@given(texts=st.integers(1, 20), fillers=st.integers(0, 5), seed=st.integers(0, 1000))
@settings(max_examples=30, deadline=None)
def test_twins_differ_in_the_name_alone(texts, fillers, seed):
    women, men = pronouns.twins(texts, fillers=fillers, seed=seed)
    assert women.shape == men.shape == (texts, 4 + fillers)
    assert pronouns.is_female(women[:, 1]).all()
    assert not pronouns.is_female(men).any()
    assert np.array_equal(pronouns.mirrored(women), men)
    assert np.array_equal(np.delete(women, 1, axis=1), np.delete(men, 1, axis=1))


def network_with(cell):
    """A network that was not trained, and reads with the package's own cell."""

    def step(x, h, C, *weights):
        i, f, candidate, o, new, shown = LSTMCell(*weights).trace(x, h, C)
        return shown, new, i, f, candidate, o

    rng = np.random.default_rng(4)
    vectors = rng.normal(size=(len(pronouns.VOCABULARY), cell.features))
    v = rng.normal(size=(cell.units, 1))
    bias = rng.normal(size=1)
    weights = cell.kernel, cell.recurrent_kernel, cell.bias
    return pronouns.Network(step, vectors, *weights, v, bias)


def test_a_network_reads_as_the_cell_does():
    cell = LSTMCell.random(4, 3)
    network = network_with(cell)
    words = pronouns.make_texts(7).words
    hidden, cells, i, f, candidate, o = network.read(words)
    run = cell.run(network.vectors[words], return_steps=True)
    for ours, theirs in zip((i, f, candidate, o, cells, hidden), run.steps, strict=True):
        assert ours.shape == (24, 7, 3)
        assert np.allclose(ours.swapaxes(0, 1), theirs)
    h, C = network.last_states(words)
    assert np.array_equal(h, hidden[-1])
    assert np.array_equal(C, cells[-1])
    assert np.allclose(network.read(words[2])[0], hidden[:, 2])


def test_a_network_answers_after_then():
    network = network_with(LSTMCell.random(4, 3))
    words = pronouns.make_texts(20).words
    then = np.full((20, 1), pronouns.encode("then")[0])
    scores = network.score(network.read(np.hstack([words, then]))[0][-1])
    assert scores.shape == (20,)
    assert np.array_equal(network.says_she(*network.last_states(words)), scores > 0)
    assert np.allclose(network.score(network.after_then(*network.last_states(words))), scores)
    assert np.allclose(network.unit_scores(words).sum(axis=1) + network.bias, scores)


def test_the_drawings_get_the_parts_of_a_network():
    network = network_with(LSTMCell.random(4, 3))
    vectors, cell, v, bias = network.parts(LSTMCell)
    assert np.array_equal(vectors, network.vectors)
    assert np.array_equal(cell.recurrent_kernel, network.U)
    assert v.shape == (3,)
    assert bias == network.bias[0]


def test_the_accuracy_counts_the_pronouns_that_are_due():
    network = network_with(LSTMCell.random(4, 3))
    texts = pronouns.make_texts(40)
    right = 0
    for words, female, due in zip(texts.words, texts.female, texts.pronoun_due, strict=True):
        for place in np.flatnonzero(due):
            h, *_ = network.read(words[: place + 1])
            right += (network.score(h[-1]) > 0) == female[place]
    assert network.accuracy(texts) == pytest.approx(right / texts.pronoun_due.sum())
