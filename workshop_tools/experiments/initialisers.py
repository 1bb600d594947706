"""First biases for an LSTM that is to remember: open forget gates, and the chrono scheme.

Keras starts an LSTM's forget gates at sigmoid(1) = 0.73, so that after 100 steps 2.5e-14 of a
memory is left. The module loads Keras, so import it where it is needed.
"""

from __future__ import annotations

import random
from typing import Any

from workshop_utils.runtime import environment

keras = environment.load_keras()


@keras.saving.register_keras_serializable(package="lstm_workshop")
class FirstBiases(keras.initializers.Initializer):  # type: ignore[misc, name-defined]
    """A Keras initialiser for an LSTM's bias, (4 * units,), blocks i, f, c, o.

    The layer needs ``unit_forget_bias=False``, which hands the whole bias to the initialiser.

    Args:
        forget: Start all forget gates here and the rest at 0; a memory is kept for about
            e**forget steps. Keras' own ``unit_forget_bias`` is 1 (after Jozefowicz, Zaremba
            and Sutskever 2015).
        longest: The longest time lag that is expected, in steps. If given, units remember
            for all times up to it: b_f = log U(1, longest - 1) and b_i = -b_f, with a draw
            for each unit (Tallec and Ollivier 2018, "Can recurrent neural networks warp
            time?", which calls it chrono).
    """

    def __init__(self, forget: float = 0.0, longest: int = 0) -> None:
        self.forget = float(forget)
        self.longest = int(longest)
        # As in Keras' own random initialisers: a copy draws anew.
        self._seed = random.randint(1, 10**9)

    def __call__(self, shape: tuple[int, ...], dtype: Any = None) -> Any:
        """Return the first biases."""
        units = shape[0] // 4
        ops = keras.ops
        zeros = ops.zeros((units,), dtype)
        if not self.longest:
            return ops.concatenate([zeros, zeros + self.forget, zeros, zeros])
        times = keras.random.uniform((units,), 1, self.longest - 1, dtype, seed=self._seed)
        return ops.concatenate([-ops.log(times), ops.log(times), zeros, zeros])

    def get_config(self) -> dict[str, float]:
        """Return what a copy is made from."""
        return {"forget": self.forget, "longest": self.longest}
