"""First biases for an LSTM that is to remember: a forget bias, and the chrono scheme.

Keras starts an LSTM's forget gates at sigmoid(1) = 0.73, so that after 100 steps
2.5e-14 of a memory is left. These two initialisers start the gates open. Use them
with ``unit_forget_bias=False``, which hands the whole bias to the initialiser::

    keras.layers.LSTM(
        16, unit_forget_bias=False, bias_initializer=initialisers.chrono(100)
    )

Leave ``unit_forget_bias=False`` out, and Keras asks the initialiser for pieces of the
bias: an error where the sizes give it away, else a bias with the wrong blocks.

A saved model that uses them loads wherever this module was imported after Keras,
or :func:`register` was called.
"""

from __future__ import annotations

import random
import sys
from functools import cache
from typing import Any, NamedTuple

from workshop_utils import environment

PACKAGE = "lstm_workshop"
"""The name under which Keras registers the classes."""


class Classes(NamedTuple):
    """The classes behind the two functions, made once Keras is there.

    Attributes:
        forget_bias: Registered as ``lstm_workshop>ForgetBias``.
        chrono: Registered as ``lstm_workshop>Chrono``.
    """

    forget_bias: type[Any]
    chrono: type[Any]


def forget_bias(value: float = 1.0) -> Any:
    """Make the initialiser of a bias whose forget gates start at ``value``, the rest at 0.

    Args:
        value: The bias b; the gate starts near sigmoid(b), which keeps a memory
            for about e**b steps. Keras' own ``unit_forget_bias`` is b = 1 (after
            Jozefowicz, Zaremba and Sutskever 2015); Gers, Schmidhuber and Cummins
            used positive forget biases in 2000.

    Returns:
        A Keras initialiser for the shape (4 * units,), blocks i, f, c, o.
    """
    return register().forget_bias(value)


def chrono(longest: int, seed: int | None = None) -> Any:
    """Make the chrono initialiser: units remember for all times up to ``longest``.

    b_f = log U(1, longest - 1) and b_i = -b_f, with a draw for each unit; the rest
    is 0 (Tallec and Ollivier 2018, "Can recurrent neural networks warp time?").

    Args:
        longest: The longest time lag that is expected, in steps; at least 3.
        seed: For a draw that is the same each time.

    Returns:
        A Keras initialiser for the shape (4 * units,), blocks i, f, c, o.

    Raises:
        ValueError: ``longest`` is below 3.
    """
    return register().chrono(longest, seed)


class _ForgetBias:
    """The forget bias, without Keras; see :func:`forget_bias`."""

    def __init__(self, value: float = 1.0) -> None:
        self.value = float(value)

    def __call__(self, shape: tuple[int, ...], dtype: Any = None) -> Any:
        ops, units = environment.load_keras().ops, _units(shape)
        zeros = ops.zeros((units,), dtype)
        return ops.concatenate([zeros, ops.full((units,), self.value, dtype), zeros, zeros])

    def get_config(self) -> dict[str, Any]:
        return {"value": self.value}


class _Chrono:
    """The chrono scheme, without Keras; see :func:`chrono`."""

    def __init__(self, longest: int, seed: int | None = None) -> None:
        if longest < 3:
            raise ValueError(f"chrono expects a longest lag of at least 3 steps, not {longest}.")
        self.longest = int(longest)
        self.seed = seed
        # As in Keras' own random initialisers: without a seed one is drawn now, so
        # that two calls agree, and a copy made from the configuration draws anew.
        self._drawn = random.randint(1, 10**9) if seed is None else seed

    def __call__(self, shape: tuple[int, ...], dtype: Any = None) -> Any:
        keras, units = environment.load_keras(), _units(shape)
        times = keras.random.uniform((units,), 1, self.longest - 1, dtype, seed=self._drawn)
        forget, zeros = keras.ops.log(times), keras.ops.zeros((units,), dtype)
        return keras.ops.concatenate([-forget, forget, zeros, zeros])

    def get_config(self) -> dict[str, Any]:
        return {"longest": self.longest, "seed": self.seed}


@cache
def register() -> Classes:
    """Make the initialisers known to Keras, so that models that use them can be loaded.

    The first use of :func:`forget_bias` or :func:`chrono` does it too, and so does
    importing this module when Keras is imported already.

    Returns:
        The two classes, which are Keras initialisers.
    """
    keras = environment.load_keras()
    known = keras.saving.register_keras_serializable(package=PACKAGE)
    base = keras.initializers.Initializer
    return Classes(
        forget_bias=known(type("ForgetBias", (_ForgetBias, base), {"__module__": __name__})),
        chrono=known(type("Chrono", (_Chrono, base), {"__module__": __name__})),
    )


def _units(shape: tuple[int, ...]) -> int:
    """Return the units of an LSTM whose bias has this shape."""
    if len(shape) != 1 or shape[0] % 4:
        raise ValueError(
            f"An LSTM's bias has the shape (4 * units,), but {tuple(shape)} was asked for; give "
            "this initialiser as bias_initializer, with unit_forget_bias=False."
        )
    return int(shape[0]) // 4


# A model that is loaded after this import must find the classes. Before Keras is
# there they wait for the first use, so that this import stays cheap.
if "keras" in sys.modules:
    register()
