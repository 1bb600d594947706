"""Gradients that are too large or too small: clipping, the cliff, the resting point.

The cliff is the smallest network whose error has a wall in it; a gradient step
that touches the wall throws the weights far away, unless it is clipped.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from workshop_utils.cells import sigmoid

Array = npt.NDArray[np.float64]


def clip_by_norm(gradients: Sequence[npt.ArrayLike], threshold: float) -> list[Array]:
    """Shorten gradients whose common norm is too large; their direction stays.

    Pascanu, Mikolov and Bengio 2013: ``g`` becomes ``g * threshold / |g|`` when ``|g|``
    is at least the threshold. The same as ``tf.clip_by_global_norm``.

    Args:
        gradients: One array for each weight, of any shapes.
        threshold: The largest norm of all of them together.

    Returns:
        The gradients, shortened or not.

    Raises:
        ValueError: The threshold is not positive.
    """
    if threshold <= 0:
        raise ValueError(f"The threshold must be positive, not {threshold}.")
    arrays = [np.asarray(gradient, dtype=np.float64) for gradient in gradients]
    norm = np.sqrt(sum(float(np.sum(array**2)) for array in arrays))
    factor = min(1.0, threshold / norm) if norm > 0 else 1.0
    return [array * factor for array in arrays]


def fixed_point(weight: float) -> tuple[float, float]:
    """Find where a single unit a <- tanh(weight * a) rests above zero, and its slope there.

    A weight above 1 stores a sign: the unit returns to the resting point after a
    small push. But the slope there is below 1, so that gradients through it vanish
    (Bengio, Simard and Frasconi 1994).

    Args:
        weight: The recurrent weight.

    Returns:
        The resting point and the slope of one step at it; 0 and ``weight`` when
        the weight is at most 1, where zero is the only resting point.
    """
    if weight <= 1:
        return 0.0, float(weight)
    a = 1.0
    for _ in range(100):
        squashed = np.tanh(weight * a)
        a -= (a - squashed) / (1 - weight * (1 - squashed**2))
    return float(a), float(weight * (1 - a**2))


def cliff_error(weight: npt.ArrayLike, bias: npt.ArrayLike, steps: int = 50) -> Array:
    """Compute the error of the smallest network that has a cliff.

    One unit without input, x_t = w sigmoid(x_(t-1)) + b from x_0 = 0.5, should end
    at sigmoid(x) = 0.7: the example of Pascanu, Mikolov and Bengio 2013.

    Args:
        weight: w, any shape.
        bias: b, a shape that fits.
        steps: Number of steps.

    Returns:
        (sigmoid(x_steps) - 0.7) ** 2 for each pair.
    """
    return _cliff(weight, bias, steps)[0]


def cliff_gradient(weight: npt.ArrayLike, bias: npt.ArrayLike, steps: int = 50) -> Array:
    """Differentiate :func:`cliff_error` by w and b.

    Args:
        weight: w, any shape.
        bias: b, a shape that fits.
        steps: Number of steps.

    Returns:
        (2, ...): the derivatives by w and by b.
    """
    return _cliff(weight, bias, steps)[1]


def _cliff(weight: npt.ArrayLike, bias: npt.ArrayLike, steps: int) -> tuple[Array, Array]:
    w, b = np.broadcast_arrays(np.asarray(weight, np.float64), np.asarray(bias, np.float64))
    x, by_both = np.full(w.shape, 0.5), np.zeros((2, *w.shape))
    for _ in range(steps):
        y = sigmoid(x)
        by_both = np.stack([y, np.ones_like(y)]) + w * y * (1 - y) * by_both
        x = w * y + b
    y = sigmoid(x)
    return (y - 0.7) ** 2, 2 * (y - 0.7) * y * (1 - y) * by_both


def descend(
    start: tuple[float, float],
    *,
    learning_rate: float,
    updates: int,
    threshold: float | None = None,
    steps: int = 50,
) -> Array:
    """Walk down :func:`cliff_error` by gradient descent.

    Args:
        start: First weight and bias.
        learning_rate: Length of a step per unit of gradient.
        updates: How many steps to walk.
        threshold: Clip the gradient to this norm; None to follow it as it is.
        steps: Time steps of the network.

    Returns:
        (updates + 1, 2): weight and bias before, between and after the updates.
    """
    path = [np.array(start, dtype=np.float64)]
    for _ in range(updates):
        gradient = cliff_gradient(path[-1][0], path[-1][1], steps)
        if threshold is not None:
            (gradient,) = clip_by_norm([gradient], threshold)
        path.append(path[-1] - learning_rate * gradient)
    return np.stack(path)
