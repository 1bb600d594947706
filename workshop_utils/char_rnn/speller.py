"""A trained character model, run in NumPy with the cell of ``cells``."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from workshop_utils.cells import RNNCell
from workshop_utils.char_rnn.alphabet import Alphabet


@dataclass(frozen=True, eq=False)
class Speller:
    """A trained character model, run in NumPy.

    Attributes:
        alphabet: The characters that it knows.
        cell: The recurrent cell, which reads one-hot vectors.
        kernel: (units, len(alphabet)), from the hidden state to the scores.
        bias: (len(alphabet),).
    """

    alphabet: Alphabet
    cell: RNNCell
    kernel: npt.NDArray[Any]
    bias: npt.NDArray[Any]

    @classmethod
    def from_keras(cls, model: Any, alphabet: Alphabet) -> "Speller":
        """Take the weights out of a Keras model of a ``SimpleRNN`` and a ``Dense`` layer.

        Raises:
            ValueError: The model is not of this form, or of another alphabet.
        """
        kinds = [type(layer).__name__ for layer in model.layers]
        if kinds != ["SimpleRNN", "Dense"]:
            raise ValueError(f"A SimpleRNN and a Dense layer are expected, but these are {kinds}.")
        kernel, bias = model.layers[1].get_weights()
        if len(bias) != len(alphabet):
            raise ValueError(
                f"The model scores {len(bias)} characters, but the alphabet has {len(alphabet)}."
            )
        return cls(alphabet, RNNCell.from_keras(model.layers[0]), kernel, bias)

    def states(self, text: str) -> npt.NDArray[Any]:
        """The hidden state after each character, (len(text), units)."""
        return self.cell.run(self.alphabet.one_hot(self.alphabet.numbers(text))).hidden_states

    def probabilities(
        self, hidden_state: npt.ArrayLike, temperature: float = 1.0
    ) -> npt.NDArray[np.float64]:
        """How likely each character comes next.

        Args:
            hidden_state: (..., units).
            temperature: Below 1 the likely characters gain, above 1 the unlikely ones.

        Raises:
            ValueError: The temperature is not above zero.
        """
        if temperature <= 0:
            raise ValueError(f"The temperature must be above 0, not {temperature}.")
        scores = (
            np.asarray(hidden_state, dtype=np.float64) @ self.kernel + self.bias
        ) / temperature
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        likely: npt.NDArray[np.float64] = weights / weights.sum(axis=-1, keepdims=True)
        return likely

    def sample(
        self, length: int = 60, *, start: str = " ", temperature: float = 0.5, seed: int = 141
    ) -> str:
        """Write: draw a character, read it, draw the next one.

        Args:
            length: Characters to write.
            start: What the model reads first; it is not part of the result.
            temperature: As in ``probabilities``.
            seed: Seed of the draws.

        Returns:
            The written text, ``length`` characters long.

        Raises:
            ValueError: ``start`` is empty, or the temperature is not above zero.
        """
        if not start:
            raise ValueError("The model must read at least one character before it writes.")
        draw = np.random.default_rng(seed)
        hidden_state = self.states(start)[-1]
        written = []
        for _ in range(length):
            likely = self.probabilities(hidden_state, temperature)
            number = int(draw.choice(len(likely), p=likely))
            written.append(self.alphabet.characters[number])
            hidden_state = self.cell.step(self.alphabet.one_hot(number), hidden_state)
        return "".join(written)
