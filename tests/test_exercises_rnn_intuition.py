"""Every exercise of notebook 01: other forms of the right answer, and of a wrong one."""

import pytest

from workshop_utils.exercises import Outcome, rnn_intuition


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("remember", (lambda _unlocked, _scene: True,)),
        ("remember", (lambda unlocked: unlocked,)),
        ("read_in_two", (lambda _read, _sequence, _cut, state: state,)),
        ("read_in_two", (lambda _read, sequence, _cut, _state: sequence,)),
        ("parameter_count", (46,)),
        ("parameter_count", ("45",)),
        ("parameter_count", (45.5,)),
        ("output_shapes", ((1, 2), (3, 4, 5))),
        ("output_shapes", (32, 5)),
        ("output_shapes", ((32, 5),)),
    ],
)
def test_other_answers_are_wrong_but_answered(name, answers):
    result = getattr(rnn_intuition, name).judge(*answers)
    assert result.outcome is Outcome.NOT_YET
    assert result.line.startswith("Not yet: ")


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("parameter_count", (45.0,)),
        ("output_shapes", ([32, 5], [32, 10, 5])),
        ("read_in_two", (lambda read, sequence, _cut, state: read(sequence, state),)),
        ("remember", (lambda note, scene: (note or scene == "unlock") and scene != "lock",)),
    ],
)  # fmt: skip
def test_other_forms_of_the_right_answer_are_correct(name, answers):
    assert getattr(rnn_intuition, name).judge(*answers).outcome is Outcome.CORRECT
