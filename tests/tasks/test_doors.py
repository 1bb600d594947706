"""The films of a door: what opens it, how they are written as numbers, how a network is judged."""

import numpy as np
import pytest

from workshop_utils.tasks import doors

BY_HAND = [[[-5], [5], [0]], [[2]], [0], [[4]], [0]]
"""One unit that holds the last key, and a dense layer that reads it."""


def run(inputs, W, U, b):
    states = [np.zeros((len(inputs), len(U)))]
    for t in range(inputs.shape[1]):
        states.append(np.tanh(inputs[:, t] @ W + states[-1] @ U + b))
    return np.stack(states[1:], axis=1)


@pytest.mark.parametrize(
    ("film", "open_at_the_end"),
    [
        (("push",), False),
        (("unlock", "push"), True),
        (("unlock", "push", "push"), True),
        (("unlock", "lock", "push"), False),
        (("lock", "unlock", "push"), True),
    ],
)
def test_the_last_key_decides(film, open_at_the_end):
    assert doors.opens(film) is open_at_the_end


def test_all_films_of_six_scenes_are_there_once():
    films, opens = doors.films()
    assert len(set(films)) == len(films) == 3**5
    assert all(doors.is_film(film, 6) for film in films)
    assert opens.sum() == (3**5 - 1) / 2  # as many end on one key as on the other; one has none


def test_a_scene_has_a_single_one():
    inputs = doors.encode([("lock", "unlock", "push")])
    assert np.array_equal(inputs[0], np.eye(3))


@pytest.mark.parametrize(
    "film", ["push", {"push": 1}, 7, ("push",), ("push", "lock"), ("a", "push")]
)
def test_what_is_no_film_is_refused(film):
    assert not doors.is_film(film)
    assert doors.is_right(BY_HAND, film, run)


def test_weights_by_hand_are_right_on_all_films():
    line = doors.judge(BY_HAND, run, [[2.0]])
    assert line.startswith("U  2 to  2.00, loss 0.0")
    assert line.endswith("right 1.000, 599 pushes right")


def test_the_loss_is_that_of_keras():
    keras = pytest.importorskip("keras")
    films, opens = doors.films()
    p = doors.probabilities(BY_HAND, films, run)
    expected = keras.losses.binary_crossentropy(opens.astype("float64"), p)
    assert doors.loss(BY_HAND, run) == pytest.approx(float(expected), rel=1e-3)


def test_a_network_that_says_nothing_has_the_loss_of_a_coin():
    silent = [[[0], [0], [0]], [[0]], [0], [[1]], [0]]
    assert doors.loss(silent, run) == pytest.approx(np.log(2))


def test_a_note_that_turns_fails_after_two_pushes():
    turning = [[[-5], [5], [0]], [[-0.4]], [0], [[-9]], [0]]
    assert doors.is_right(turning, ("unlock", "push"), run)
    assert not doors.is_right(turning, ("unlock", "push", "push"), run)
    assert doors.judge(turning, run, [[-1.0]]).startswith("U -1 to -0.40, ")
    assert doors.judge(turning, run, [[-1.0]]).endswith("599 pushes WRONG")


def test_a_network_of_two_units_has_no_single_weight_to_print():
    pair = [np.zeros((3, 2)), np.eye(2), np.zeros(2), np.zeros((2, 1)), np.zeros(1)]
    assert doors.judge(pair, run, np.eye(2)).startswith("2 units,       loss 0.69 (coin 0.69)")
