"""Films in which a door is locked, unlocked and pushed: the last key decides whether it opens.

A film is a sequence of scenes that ends with a push. The door is locked at first. That one
bit, is it unlocked, must be carried from the last key to the end.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

Film = Sequence[str]
Array = NDArray[np.float64]

SCENES = ("lock", "unlock", "push")
PUSHES = 599
HARD_FILMS = tuple((key, *["push"] * PUSHES) for key in ("lock", "unlock"))
"""One key, and then nothing but pushes: right only for who carries the key all the way."""

_ROWS = dict(zip(SCENES, np.eye(len(SCENES)), strict=True))


def opens(film: Film) -> bool:
    """Return whether the door opens at the end of a film."""
    keys = [scene for scene in film if scene != "push"]
    return keys[-1:] == ["unlock"]


def films(scenes: int = 6) -> tuple[list[tuple[str, ...]], NDArray[np.bool_]]:
    """Return all films of so many scenes, the push at the end among them, and which open."""
    every = [(*start, "push") for start in product(SCENES, repeat=scenes - 1)]
    return every, np.array([opens(film) for film in every])


def encode(some: Iterable[Film]) -> Array:
    """Write films of one length as one-hot vectors: (films, time steps, kinds of scene)."""
    return np.array([[_ROWS[scene] for scene in film] for film in some])


def probabilities(weights: Sequence[Any], some: Sequence[Film], run: Callable[..., Any]) -> Array:
    """Return with which probability a network says of each film that the door opens.

    Args:
        weights: W, U and b of its recurrent layer; weights and bias of its dense layer.
        some: Films of one length.
        run: Gives all states, (films, time steps, units), for the inputs and W, U, b.
    """
    W, U, b, v, c = (np.asarray(part, dtype=float) for part in weights)
    last = np.asarray(run(encode(some), W, U, b))[:, -1]
    return np.asarray(1 / (1 + np.exp(-(last @ v + c)))[:, 0], dtype=float)


def is_film(film: Any, most: int = 10) -> bool:
    """Return whether this is a film: 2 to ``most`` scenes, the last of them a push."""
    if isinstance(film, str | dict | set) or not isinstance(film, Iterable):
        return False
    scenes = list(film)
    all_scenes = all(isinstance(scene, str) and scene in SCENES for scene in scenes)
    return all_scenes and 2 <= len(scenes) <= most and scenes[-1] == "push"


def is_right(weights: Sequence[Any], film: Film, run: Callable[..., Any]) -> bool:
    """Return whether a network is right about a film; of what is no film it says nothing wrong."""
    if not is_film(film, PUSHES + 1):
        return True
    return bool(probabilities(weights, [film], run)[0] > 0.5) == opens(film)


def loss(weights: Sequence[Any], run: Callable[..., Any]) -> float:
    """Return the mean cross-entropy, in nats, of a network on all films of six scenes.

    Args:
        weights: As in :func:`probabilities`.
        run: As in :func:`probabilities`.
    """
    every, answers = films()
    p = probabilities(weights, every, run)
    return float(-np.log(np.where(answers, p, 1 - p).clip(1e-12)).mean())


def judge(weights: Sequence[Any], run: Callable[..., Any], start: Any) -> str:
    """Judge a trained network on all films of six scenes and on the two hard films.

    Args:
        weights: As in :func:`probabilities`.
        run: As in :func:`probabilities`.
        start: U as it was before training.

    Returns:
        Its U before and after training where it has one unit, else their number; its loss and
        share of right answers on the films of six scenes; whether it is right on both hard films.
    """
    (short, answers) = films()
    U = np.asarray(weights[1])
    p = probabilities(weights, short, run)
    hard = all(is_right(weights, film, run) for film in HARD_FILMS)
    units = f"{len(U)} units, "
    if U.size == 1:
        units = f"U {np.asarray(start).item():2.0f} to {U.item():5.2f}, "
    right = np.mean((p > 0.5) == answers)
    short_films = f"loss {loss(weights, run):.2f} (coin {np.log(2):.2f}), right {right:.3f}"
    return f"{units:15}{short_films}, {PUSHES} pushes {'right' if hard else 'WRONG'}"
