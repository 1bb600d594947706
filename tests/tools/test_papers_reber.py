"""The embedded Reber grammar against a regular expression that knows nothing of states."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop_tools.experiments.papers_tasks import SYMBOLS, EmbeddedReber

REBER = r"B(?:TS*X(?:XT*VP)*(?:S|XT*VV)|PT*V(?:PXT*V)*(?:V|PS))E"
EMBEDDED = re.compile(rf"BT{REBER}TE|BP{REBER}PE")


def strings_of(batch):
    rows = [[number for number in row if number >= 0] for row in batch.targets]
    return ["B" + "".join(SYMBOLS[number] for number in row) for row in rows]


@given(longest=st.integers(9, 60), size=st.integers(1, 40), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_every_string_is_one_of_the_grammar(longest, size, seed):
    task = EmbeddedReber(longest)
    batch = task.batch(size, seed)
    assert batch.inputs.shape == (size, task.timesteps, 7) == (size, longest - 1, 7)
    assert batch.targets.shape == (size, longest - 1)
    for row, text in enumerate(strings_of(batch)):
        assert EMBEDDED.fullmatch(text)
        seen = [SYMBOLS.index(symbol) for symbol in text]
        steps = len(text) - 1
        np.testing.assert_array_equal(batch.inputs[row, :steps], np.eye(7)[seen[:-1]])
        np.testing.assert_array_equal(batch.targets[row, :steps], seen[1:])
        assert not batch.inputs[row, steps:].any()
        assert (batch.targets[row, steps:] == -1).all()
    np.testing.assert_array_equal(batch.inputs, task.batch(size, seed).inputs)


def test_both_edges_are_taken_equally_often():
    texts = strings_of(EmbeddedReber().batch(30_000, 7))
    assert np.mean([text[1] == "T" for text in texts]) == pytest.approx(0.5, abs=0.02)
    assert np.mean([text[3] == "T" for text in texts]) == pytest.approx(0.5, abs=0.02)
    assert np.mean([len(text) for text in texts]) == pytest.approx(12, rel=0.02)


def test_one_wrong_step_makes_a_string_wrong():
    task = EmbeddedReber()
    targets = task.batch(50, 3).targets
    perfect = task.legal_next(targets).astype(float)
    assert task.score(perfect, targets) == 1
    for step in (0, 5):
        outputs = perfect.copy()
        outputs[7, step, outputs[7, step].argmin()] = 1
        correct = task.correct(outputs, targets)
        assert not correct[7]
        assert correct.sum() == 49
    # The symbol that comes is not enough where two may come.
    assert task.score(np.eye(7)[targets], targets) == 0


def test_who_forgets_the_second_symbol_is_right_half_the_time():
    task = EmbeddedReber()
    targets = task.batch(20_000, 4).targets
    outputs = task.legal_next(targets).astype(np.float32)
    rows = np.arange(len(targets))
    last = (targets >= 0).sum(axis=1) - 2
    outputs[rows, last] = np.eye(7)[SYMBOLS.index("T")]
    assert task.score(outputs, targets) == pytest.approx(0.5, abs=0.02)
