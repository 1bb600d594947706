"""First biases for an LSTM that is to remember: open forget gates, and the chrono scheme.

Keras starts an LSTM's forget gates at sigmoid(1) = 0.73, so that after 100 steps
2.5e-14 of a memory is left. These two initialisers start the gates open. Use them
with ``unit_forget_bias=False``, which hands the whole bias to the initialiser::

    keras.layers.LSTM(
        16, unit_forget_bias=False, bias_initializer=initialisers.chrono(100)
    )

A saved model that uses them loads once one of the two functions has been called.
"""

from __future__ import annotations

import random
from functools import cache
from typing import Any

from workshop_utils import environment


def forget_bias(value: float = 1.0) -> Any:
    """Start all forget gates at ``value`` and the rest at 0.

    Args:
        value: The bias b; the gate starts near sigmoid(b), which keeps a memory
            for about e**b steps. Keras' own ``unit_forget_bias`` is b = 1 (after
            Jozefowicz, Zaremba and Sutskever 2015); Gers, Schmidhuber and Cummins
            used positive forget biases in 2000.

    Returns:
        A Keras initialiser for the shape (4 * units,), blocks i, f, c, o.
    """
    return _class()(forget=value)


def chrono(longest: int) -> Any:
    """Let units remember for all times up to ``longest``.

    b_f = log U(1, longest - 1) and b_i = -b_f, with a draw for each unit (Tallec and
    Ollivier 2018, "Can recurrent neural networks warp time?").

    Args:
        longest: The longest time lag that is expected, in steps; at least 3.

    Returns:
        A Keras initialiser for the shape (4 * units,), blocks i, f, c, o.

    Raises:
        ValueError: ``longest`` is below 3.
    """
    if longest < 3:
        raise ValueError(f"chrono expects a longest lag of at least 3 steps, not {longest}.")
    return _class()(longest=longest)


@cache
def _class() -> type[Any]:
    """Make the initialiser's class and register it with Keras."""
    keras = environment.load_keras()
    base = keras.initializers.Initializer

    @keras.saving.register_keras_serializable(package="lstm_workshop")
    class FirstBiases(base):  # type: ignore[misc, valid-type]
        def __init__(self, forget: float = 0.0, longest: int = 0) -> None:
            self.forget, self.longest = float(forget), int(longest)
            # As in Keras' own random initialisers: two calls agree, a copy draws anew.
            self._seed = random.randint(1, 10**9)

        def __call__(self, shape: tuple[int, ...], dtype: Any = None) -> Any:
            if len(shape) != 1 or shape[0] % 4:
                raise ValueError(f"An LSTM's bias is (4 * units,), not {tuple(shape)}.")
            units, ops = shape[0] // 4, keras.ops
            zeros = ops.zeros((units,), dtype)
            if not self.longest:
                return ops.concatenate([zeros, zeros + self.forget, zeros, zeros])
            times = keras.random.uniform((units,), 1, self.longest - 1, dtype, seed=self._seed)
            return ops.concatenate([-ops.log(times), ops.log(times), zeros, zeros])

        def get_config(self) -> dict[str, float]:
            return {"forget": self.forget, "longest": self.longest}

    return FirstBiases
