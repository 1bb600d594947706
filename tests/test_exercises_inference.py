"""The exercises of notebooks 06 and in_use: answers that nobody expected."""

import numpy as np
import pytest

from workshop_utils.exercises import Outcome, in_use, inference


@pytest.mark.parametrize(
    ("test", "words"),
    [
        (lambda predict: predict("What a great night") == "positive", "the model passes"),
        (lambda predict: [predict("a")] == ["unheard of"], "no model can pass"),
        (lambda predict: predict("a"), "True or False"),
        (lambda predict: predict(7) == "positive", "error|Error|not"),
    ],
)
def test_a_test_that_teaches_nothing_is_named(test, words):
    said = inference.my_test.judge(test)
    assert said.outcome is Outcome.NOT_YET
    assert any(word in said.line for word in words.split("|"))


@pytest.mark.parametrize(
    "test",
    [
        lambda predict: predict("Not good") != predict("good"),
        lambda predict: not predict("terrible lies") == predict("no terrible lies"),  # noqa: SIM201
        lambda predict: np.bool_(predict("The debate was not bad") == "positive"),
    ],
)
def test_any_test_that_fails_and_could_pass_is_right(test):
    assert inference.my_test.judge(test).outcome is Outcome.CORRECT


def test_more_than_one_way_to_make_batches_is_right():
    def longest_first(lengths, size):
        order = np.argsort(-lengths, kind="stable")
        return np.array_split(order, np.ceil(len(order) / size))

    assert in_use.batches.judge(longest_first).outcome is Outcome.CORRECT
    rows = in_use.batches.judge(lambda lengths, size: [[row] for row in range(len(lengths))])
    assert rows.outcome is Outcome.CORRECT, "a batch of one row has no padding"


def test_other_ways_to_swap_a_name_are_right():
    def joined(templates, names):
        return [[name.join(each.split("NAME")) for name in names] for each in templates]

    assert inference.swap_name.judge(joined).outcome is Outcome.CORRECT
