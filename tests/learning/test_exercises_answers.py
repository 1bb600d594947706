"""Answers to the exercises that nobody expected: other right forms, and other wrong ones."""

import importlib
import re
from itertools import chain, combinations

import numpy as np
import pandas as pd
import pytest

from workshop_utils import tweets
from workshop_utils import tweets as text
from workshop_utils.cells import LSTMCell, sigmoid
from workshop_utils.learning.exercises import (
    Outcome,
    gate_walkthrough,
    preprocessing,
    rnn_intuition,
)
from workshop_utils.tasks import characters


def judged(place, *answers):
    """Judge answers to the exercise at a place, ``"rnn_intuition.rnn_step"``."""
    module, name = place.split(".")
    module = importlib.import_module(f"workshop_utils.learning.exercises.{module}")
    return getattr(module, name).judge(*answers)


def one_product(x, h, W, U, b):
    return np.tanh(np.concatenate([x, h], axis=-1) @ np.concatenate([W, U]) + b)


def gumbel(logits, temperature, generator):
    return np.argmax(logits / temperature + generator.gumbel(size=len(logits)))


def through_a_table(logits, temperature, generator):
    shares = np.cumsum(np.exp(logits / temperature))
    return int(np.searchsorted(shares, generator.random() * shares[-1]))


def joined(read, choose, text, h, length):
    written = [*text]
    while len(written) < len(text) + length:
        logits, h = read(written[-1], h)
        written.append(choose(logits))
    return "".join(written)


def terms_backwards(states, delta, U):
    terms = []
    for t in range(len(states) - 1, 0, -1):
        inside = delta * (1 - states[t] ** 2)
        terms.append(np.einsum("bi,bj->ij", states[t - 1], inside))
        delta = inside @ U.T
    return np.stack(terms)


def clip_one_by_one(gradients, threshold):
    norm = sum(float((each**2).sum()) for each in gradients) ** 0.5
    return [each if norm <= threshold else each / norm * threshold for each in gradients]


def one_gate_a_line(x, h, C, W, U, b):
    n = U.shape[0]
    sums = x @ W + h @ U + b
    i, f, o = (sigmoid(sums[..., k * n : (k + 1) * n]) for k in (0, 1, 3))
    candidate = np.tanh(sums[..., 2 * n : 3 * n])
    new = f * C + i * candidate
    return [o * np.tanh(new), new, i, f, candidate, o]


def from_the_end(forget_gates):
    shares = np.ones_like(forget_gates)
    for j in range(len(forget_gates) - 2, -1, -1):
        shares[j] = shares[j + 1] * forget_gates[j + 1]
    return shares


def as_frozen_sets(flips, units):
    numbers = range(units)
    every = chain.from_iterable(combinations(numbers, size) for size in range(units, 0, -1))
    return [frozenset(chosen) for chosen in every if flips(chosen) >= 0.96]


def last_words(learnt, labels, asked):
    table = {}
    for group, label in zip(learnt, labels, strict=True):
        table.setdefault(group, []).append(label)
    return np.array([sum(table.get(each, [0])) * 2 > len(table.get(each, [0])) for each in asked])


def counted_by_pandas(texts, size):
    counts = pd.Series(" ".join(texts).split()).value_counts()
    return ["", "[UNK]", *counts.index[: size - 2]]


def longest_first(lengths, size):
    order = np.argsort(-lengths, kind="stable")
    return np.array_split(order, np.ceil(len(order) / size))


@pytest.mark.parametrize(
    ("place", "answers"),
    [
        ("rnn_intuition.remember", [lambda n, scene: {"lock": 0, "unlock": 1}.get(scene, n)]),
        ("rnn_intuition.remember", [lambda n, scene: scene == "unlock" or (n and scene != "lock")]),
        ("rnn_intuition.rnn_step", [one_product]),
        (
            "rnn_intuition.rnn_step",
            [lambda x, h, W, U, b: 1 - 2 / (np.exp(2 * (x @ W + h @ U + b)) + 1)],
        ),
        ("rnn_intuition.door_weights", ([[-9.0], [9.0], [0.1]], [[3.0]], [-1.0])),
        ("rnn_intuition.door_weights", map(np.array, ([[-4], [4], [0]], [[2]], [0]))),
        ("rnn_intuition.sample", [gumbel]),
        ("rnn_intuition.sample", [through_a_table]),
        ("rnn_intuition.write", [joined]),
        ("rnn_intuition.failing_film", (("unlock", "push", "push"), False)),
        ("rnn_intuition.failing_film", (["lock", "unlock", "push"], np.False_)),
        ("long_term_dependencies.first_weight", [np.float32(5)]),
        ("long_term_dependencies.first_weight", [10]),
        ("long_term_dependencies.terms_by_lag", [terms_backwards]),
        ("long_term_dependencies.clip_by_norm", [clip_one_by_one]),
        (
            "long_term_dependencies.first_biases",
            [lambda n, forget, enter: np.array([enter] * n + [forget] * n + [0.0] * 2 * n)],
        ),
        ("long_term_dependencies.failing_gap", (90, 0.31)),
        ("gate_walkthrough.lstm_step", [one_gate_a_line]),
        ("gate_walkthrough.share_left", [from_the_end]),
        ("gate_walkthrough.flipping_sets", [as_frozen_sets]),
        ("gate_walkthrough.my_text", ["then the aunt sang then"]),
        ("preprocessing.strip_quotes", [lambda text: re.sub(r"\B'|'\B", " ", text)]),
        ("preprocessing.strip_quotes", [lambda text: re.sub(r"'* '*|^'+|'+$", " ", text)]),
        ("preprocessing.group_key", [lambda tweet: text.normalise(tweet).replace(" ", "-")]),
        ("preprocessing.group_key", [lambda tweet: tuple(text.normalise(tweet).split())]),
        ("preprocessing.memorise", [last_words]),
        ("preprocessing.vocabulary", [counted_by_pandas]),
        ("preprocessing.near_copy", ["not one question about schools tonight. Not one!"]),
        ("in_use.batches", [longest_first]),
        # A batch of one row has no padding.
        ("in_use.batches", [lambda lengths, size: [[row] for row in range(len(lengths))]]),
    ],
)
def test_other_forms_of_the_right_answer_are_correct(place, answers):
    result = judged(place, *answers)
    assert result.outcome is Outcome.CORRECT, result.line


@pytest.mark.parametrize(
    ("place", "answers", "repair"),
    [
        ("rnn_intuition.remember", [lambda *_: True], "expected"),
        (
            "rnn_intuition.rnn_step",
            [lambda x, h, W, U, b: np.tanh(x @ W + h * np.diag(U) + b)],
            "expected",
        ),
        ("rnn_intuition.door_weights", ([[-5], [5], [2]], [[2]], [0]), "push"),
        ("rnn_intuition.door_weights", ([[-5], [5], [0]], [[1]], [0]), "lost"),
        ("rnn_intuition.door_weights", (-5, 5, 0), "shapes"),
        ("rnn_intuition.sample", [lambda logits, *_: logits / logits.sum()], ""),
        ("rnn_intuition.write", [lambda *_: "the end"], "expected"),
        ("rnn_intuition.failing_film", ((), True), "empty"),
        ("rnn_intuition.failing_film", ("push", False), "tuple"),
        ("long_term_dependencies.first_weight", ("3", None), ""),
        ("long_term_dependencies.first_weight", [float("nan")], ""),
        ("long_term_dependencies.terms_by_lag", [lambda states, delta, U: states[0]], ""),
        ("long_term_dependencies.clip_by_norm", [lambda _gradients, threshold: threshold], ""),
        ("long_term_dependencies.first_biases", [lambda n, forget, enter: np.zeros(4 * n)], ""),
        ("long_term_dependencies.failing_gap", ("far", 0.1), ""),
        ("long_term_dependencies.failing_gap", (100, 0.9), "still answers"),
        ("gate_walkthrough.lstm_step", [lambda x, h, C, W, U, b: (h, C)], "6 results"),
        ("gate_walkthrough.share_left", [lambda gates: np.cumprod(gates, axis=0)], ""),
        ("gate_walkthrough.flipping_sets", [lambda flips, units: [(0,)] * 7], ""),
        ("gate_walkthrough.flipping_sets", [lambda flips, units: 4], ""),
        ("gate_walkthrough.my_text", [""], ""),
        ("preprocessing.strip_quotes", ["support"], "a function is expected"),
        ("preprocessing.strip_quotes", [lambda text: text.split()], ""),
        ("preprocessing.group_key", [lambda tweet: 1], ""),
        ("preprocessing.group_key", [lambda tweet: tweet.split()], ""),
        ("preprocessing.memorise", [lambda learnt, labels, asked: labels], ""),
        ("preprocessing.vocabulary", [lambda texts, size: texts], ""),
        ("preprocessing.near_copy", [7], "quotation marks"),
    ],
)
def test_other_wrong_answers_get_a_repair(place, answers, repair):
    result = judged(place, *answers)
    assert result.outcome is Outcome.NOT_YET
    assert repair in result.line


def test_the_solutions_hold_for_a_real_cell():
    cell = LSTMCell.random(3, 5)
    inputs = np.random.default_rng(0).normal(size=(4, 6, 3))
    h = C = np.zeros((4, 5))
    (step,) = gate_walkthrough.lstm_step.solution_answers()
    for t in range(6):
        h, C, *_ = step(inputs[:, t], h, C, cell.kernel, cell.recurrent_kernel, cell.bias)
    run = cell.run(inputs, return_steps=True)
    np.testing.assert_allclose(h, run.hidden_state, atol=1e-14)
    np.testing.assert_allclose(C, run.cell_state, atol=1e-14)

    (share,) = gate_walkthrough.share_left.solution_answers()
    steps = [values.swapaxes(0, 1) for values in run.steps]
    left = share(steps[1]) * steps[0] * steps[2]
    np.testing.assert_allclose(left.sum(axis=0), run.cell_state, atol=1e-14)


def test_the_learners_own_function_is_what_runs():
    key = preprocessing.group_key.use(lambda tweet: text.normalise(tweet).upper())
    assert key("RT @me: Vote now") == "VOTE NOW"
    assert preprocessing.group_key.use(lambda tweet: tweet)("RT @me: Vote now") == "vote now"


def test_the_key_of_the_solution_groups_the_real_tweets_as_published(tweets_csv):
    raw = tweets.load(tweets_csv).frame["text"]
    key = preprocessing.group_key.solution_answers()[0]
    joined = text.connected_groups(raw.map(key), text.clean_all(raw))
    assert joined.tolist() == text.group_ids(raw).tolist()


def test_learned_weights_hold_the_door_open():
    W, U, b = rnn_intuition.door_weights.solution_answers()
    (step,) = rnn_intuition.rnn_step.solution_answers()
    state = np.zeros(1)
    for scene in (1, 2, 2, 0, 1, *[2] * 599):
        state = step(np.eye(3)[scene], state, W, U, b)
    assert state[0] > 0.5


def test_the_page_of_facts_is_small_and_plain():
    facts = characters.plain(characters.FACTS)
    assert set(facts) <= set(" ,.abcdefghijklmnopqrstuvwxyz")
    assert len(set(facts)) == 28
    assert 3000 < len(facts) < 4000
    assert "  " not in facts
    assert "a year has twelve months" in facts
