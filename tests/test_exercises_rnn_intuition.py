"""Every exercise of notebook 01: other forms of the right answer, and of a wrong one."""

import numpy as np
import pytest

from workshop_utils import char_rnn
from workshop_utils.exercises import Outcome, rnn_intuition


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


def one_product(x, h, W, U, b):
    return np.tanh(np.concatenate([x, h], axis=-1) @ np.concatenate([W, U]) + b)


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("remember", (lambda note, scene: {"lock": 0, "unlock": 1}.get(scene, note),)),
        ("remember", (lambda note, scene: scene == "unlock" or (note and scene != "lock"),)),
        ("rnn_step", (one_product,)),
        ("rnn_step", (lambda x, h, W, U, b: 1 - 2 / (np.exp(2 * (x @ W + h @ U + b)) + 1),)),
        ("door_weights", ([[-9.0], [9.0], [0.1]], [[3.0]], [-1.0])),
        ("door_weights", tuple(map(np.array, ([[-4], [4], [0]], [[2]], [0])))),
        ("sample", (gumbel,)),
        ("sample", (through_a_table,)),
        ("write", (joined,)),
        ("failing_film", (("unlock", "push", "push"), False)),
        ("failing_film", (["lock", "unlock", "push"], np.False_)),
    ],
)
def test_other_forms_of_the_right_answer_are_correct(name, answers):
    assert getattr(rnn_intuition, name).judge(*answers).outcome is Outcome.CORRECT


@pytest.mark.parametrize(
    ("name", "answers", "repair"),
    [
        ("remember", (lambda *_: True,), "expected"),
        ("rnn_step", (lambda x, h, W, U, b: np.tanh(x @ W + h * np.diag(U) + b),), "expected"),
        ("door_weights", ([[-5], [5], [2]], [[2]], [0]), "push"),
        ("door_weights", ([[-5], [5], [0]], [[1]], [0]), "lost"),
        ("door_weights", (-5, 5, 0), "shapes"),
        ("sample", (lambda logits, *_: logits / logits.sum(),), ""),
        ("write", (lambda *_: "the end",), "expected"),
        ("failing_film", ((), True), "empty"),
        ("failing_film", ("push", False), "tuple"),
    ],
)
def test_other_wrong_answers_get_a_repair(name, answers, repair):
    result = getattr(rnn_intuition, name).judge(*answers)
    assert result.outcome is Outcome.NOT_YET
    assert repair in result.line


def test_learned_weights_hold_the_door_open():
    W, U, b = rnn_intuition.door_weights.solution_answers()
    (step,) = rnn_intuition.rnn_step.solution_answers()
    state = np.zeros(1)
    for scene in (1, 2, 2, 0, 1, *[2] * 599):
        state = step(np.eye(3)[scene], state, W, U, b)
    assert state[0] > 0.5


def test_the_page_of_facts_is_small_and_plain():
    text = char_rnn.plain(char_rnn.FACTS)
    assert set(text) <= set(" ,.abcdefghijklmnopqrstuvwxyz")
    assert len(set(text)) == 28
    assert 3000 < len(text) < 4000
    assert "  " not in text
    assert "a year has twelve months" in text
