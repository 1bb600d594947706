import re
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop_utils import sequence_tasks
from workshop_utils.sequence_tasks import grammar

# The grammar once more, as a regular expression that knows nothing of states.
REBER = r"B(?:TS*X(?:XT*VP)*(?:S|XT*VV)|PT*V(?:PXT*V)*(?:V|PS))E"
EMBEDDED = re.compile(rf"BT{REBER}TE|BP{REBER}PE")
seeds = st.integers(0, 2**32 - 1)


def strings_of(task, batch):
    return [task.decode(batch, row) for row in range(len(batch.targets))]


@pytest.mark.parametrize(
    "text", ["BTSSXXTVVE", "BPVVE", "BTXXVPSE", "BPVPXVPXVPXVVE", "BTSXXVPSE", "BTXSE", "BPTTVPSE"]
)
def test_the_expression_knows_the_published_examples(text):
    assert re.fullmatch(REBER, text)
    assert EMBEDDED.fullmatch(f"BT{text}TE")
    assert not EMBEDDED.fullmatch(f"BT{text}PE")


@given(longest=st.integers(9, 60), size=st.integers(1, 40), seed=seeds)
@settings(max_examples=60, deadline=None)
def test_every_string_is_one_of_the_grammar(longest, size, seed):
    task = sequence_tasks.EmbeddedReber(longest)
    batch = task.batch(size, seed)
    assert batch.inputs.shape == (size, task.timesteps, 7) == (size, longest - 1, 7)
    assert batch.inputs.dtype == np.float32
    assert batch.targets.shape == (size, longest - 1)
    assert batch.targets.dtype == np.int32
    for row, text in enumerate(strings_of(task, batch)):
        assert EMBEDDED.fullmatch(text)
        assert 9 <= len(text) <= longest
        # One symbol at each step, and the target is the next one; then nothing more.
        seen = [task.symbols.index(symbol) for symbol in text]
        steps = len(text) - 1
        np.testing.assert_array_equal(batch.inputs[row, :steps], np.eye(7)[seen[:-1]])
        np.testing.assert_array_equal(batch.targets[row, :steps], seen[1:])
        assert not batch.inputs[row, steps:].any()
        assert (batch.targets[row, steps:] == -1).all()
    again = task.batch(size, seed)
    np.testing.assert_array_equal(batch.inputs, again.inputs)
    np.testing.assert_array_equal(batch.targets, again.targets)
    other = strings_of(task, task.batch(40, [seed, 1]))
    assert strings_of(task, task.batch(40, seed)) != other


@given(length=st.integers(1, 80), seed=seeds)
@settings(max_examples=40, deadline=None)
def test_a_stream_is_one_string_after_the_other(length, seed):
    task = sequence_tasks.ContinualReber(length)
    batch = task.batch(10, seed)
    assert batch.inputs.shape == (10, length, 7)
    assert batch.targets.shape == (10, length)
    np.testing.assert_array_equal(batch.inputs[:, 1:].argmax(axis=2), batch.targets[:, :-1])
    for text in strings_of(task, batch):
        assert len(text) == length + 1
        begun = EMBEDDED.sub(" ", text).strip()
        assert " " not in begun  # nothing but the string that the stream breaks off
        if begun:
            assert re.match("B[TP]?B?[TP]?", begun).end() == min(4, len(begun))
            assert text.endswith(begun)


@pytest.fixture(scope="module")
def many():
    """Strings enough to meet all ways to go on after any common beginning."""
    task = sequence_tasks.EmbeddedReber()
    batch = task.batch(30_000, 7)
    return task, batch, strings_of(task, batch)


def test_the_symbols_that_may_come_next_are_those_that_do_come(many):
    task, batch, texts = many
    seen, times = defaultdict(set), defaultdict(int)
    for text in texts:
        for place in range(1, len(text)):
            seen[text[:place]].add(text[place])
            times[text[:place]] += 1
    legal = task.legal_next(batch.targets[:500])
    compared = 0
    for row, text in enumerate(texts[:500]):
        for place in range(1, len(text)):
            if times[text[:place]] > 40:
                allowed = {task.symbols[k] for k in np.flatnonzero(legal[row, place - 1])}
                assert allowed == seen[text[:place]]
                compared += 1
        assert not legal[row, len(text) - 1 :].any()
    assert compared > 3000


def test_the_outer_step_is_the_last_but_one_symbol(many):
    task, batch, texts = many
    outer = task.outer_steps(batch.targets)
    assert (outer.sum(axis=1) == 1).all()
    assert outer.argmax(axis=1).tolist() == [len(text) - 3 for text in texts]
    wanted = batch.targets[outer]
    assert "".join(task.symbols[k] for k in wanted) == "".join(text[1] for text in texts)


def test_both_edges_are_taken_equally_often_and_few_strings_are_too_long(many):
    task, _, texts = many
    seconds = sum(text[1] == "T" for text in texts) / len(texts)
    thirds = sum(text[3] == "T" for text in texts) / len(texts)
    loops = sum(text[4] == "S" for text in texts if text[3] == "T") / (thirds * len(texts))
    assert [seconds, thirds, loops] == pytest.approx([0.5] * 3, abs=0.02)
    # The same chances, step by step, without drawing anything.
    chance = np.zeros(len(grammar.STATE_OF))
    chance[grammar.START] = 1
    complete = []
    for _ in range(300):
        after = np.zeros_like(chance)
        np.add.at(after, grammar.STATE_OF, chance[:, None] / 2)
        complete.append(after[grammar.START])
        after[grammar.START] = 0
        chance = after
    assert complete[:8] == [0] * 8
    assert complete[8] > 0
    assert sum(complete[task.longest :]) < 1e-4
    mean_length = np.dot(complete, np.arange(1, 301))
    assert mean_length == pytest.approx(12)
    assert np.mean([len(text) for text in texts]) == pytest.approx(mean_length, rel=0.02)


def one_mistake(task, batch, row, step):
    """Perfect answers but for one step, where an illegal symbol is as high as the legal ones."""
    outputs = task.legal_next(batch.targets).astype(float)
    outputs[row, step, outputs[row, step].argmin()] = 1
    return outputs


def test_one_wrong_step_makes_a_string_wrong():
    task = sequence_tasks.EmbeddedReber()
    batch = task.batch(50, 3)
    perfect = task.legal_next(batch.targets)
    assert task.right_steps(perfect, batch.targets).all()
    assert task.score(perfect, batch.targets) == 1
    assert task.outer_accuracy(perfect, batch.targets) == 1
    for step in (0, 5):
        right = task.right_steps(one_mistake(task, batch, 7, step), batch.targets)
        assert not right[7, step]
        assert right.sum() == right.size - 1
        correct = task.correct(one_mistake(task, batch, 7, step), batch.targets)
        assert not correct[7]
        assert correct.sum() == 49
    assert not task.correct(np.full(perfect.shape, np.nan), batch.targets).any()


def test_what_comes_is_not_enough_when_two_symbols_may_come():
    task = sequence_tasks.EmbeddedReber()
    batch = task.batch(50, 3)
    only_next = np.eye(7)[batch.targets]
    assert task.score(only_next, batch.targets) == 0
    assert task.outer_accuracy(only_next, batch.targets) == 1


def test_steps_before_the_first_error_are_counted():
    task = sequence_tasks.ContinualReber(60)
    batch = task.batch(3, 1)
    outputs = one_mistake(task, batch, 1, 17)
    outputs[1, 40] = 0
    assert task.steps_before_error(outputs, batch.targets).tolist() == [60, 17, 60]
    assert task.correct(outputs, batch.targets).tolist() == [True, False, True]


@pytest.mark.parametrize(
    "task", [sequence_tasks.EmbeddedReber(), sequence_tasks.ContinualReber(60)], ids=repr
)
def test_who_forgets_the_second_symbol_scores_the_baseline(task):
    batch = task.batch(20_000, 4)
    outputs = task.legal_next(batch.targets).astype(np.float32)
    outputs[task.outer_steps(batch.targets)] = np.eye(7)[task.symbols.index("T")]
    assert task.baseline().measure == "accuracy"
    assert task.score(outputs, batch.targets) == pytest.approx(task.baseline().value, abs=0.02)


def test_the_symbols_right_before_it_do_not_tell_the_outer_symbol(many):
    _, _, texts = many
    half = len(texts) // 2
    for order in (1, 2, 3):
        votes = defaultdict(int)
        for text in texts[:half]:
            votes[text[-2 - order : -2]] += 1 if text[1] == "T" else -1
        hits = sum((votes[text[-2 - order : -2]] > 0) == (text[1] == "T") for text in texts[half:])
        assert hits / half == pytest.approx(0.5, abs=0.02)


def test_what_is_impossible_is_refused_with_a_sentence():
    with pytest.raises(ValueError, match="longest >= 9, not 8"):
        sequence_tasks.EmbeddedReber(8)
    with pytest.raises(ValueError, match="at least 1, not 0"):
        sequence_tasks.ContinualReber(0)
    task = sequence_tasks.EmbeddedReber()
    with pytest.raises(ValueError, match="at least one sequence"):
        task.batch(0, 1)
    with pytest.raises(ValueError, match=r"\(batch, timesteps, 7\) and .* not \(3, 7\) and \(3,\)"):
        task.score(np.zeros((3, 7)), np.zeros(3))
    with pytest.raises(ValueError, match="row 1 of the targets: the one at step 2"):
        task.legal_next([[1, 0, 1], [1, 0, 6]])  # TBT, then TBE
    short = sequence_tasks.ContinualReber(5)
    batch = short.batch(4, 1)
    with pytest.raises(ValueError, match="No string ends"):
        short.score(short.legal_next(batch.targets), batch.targets)
