"""The quick network taken apart: the arrays that its answer is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workshop_utils.cells import LSTMCell

_KINDS = ["InputLayer", "Embedding", "Dropout", "LSTM", "Dense"]


class OtherNetwork(ValueError):  # noqa: N818 - it says what the network is
    """The network is built in another way than :func:`workshop_utils.models.quick_lstm`."""


@dataclass(frozen=True, eq=False)
class Parts:
    """One direction, no pooling: the logit is read from the last hidden state.

    Attributes:
        embedding: (vocabulary, features), a row for each number of a word.
        cell: The LSTM's cell.
        readout: (units,), the weights that read the last hidden state.
        bias: What is added to the logit.
    """

    embedding: NDArray[np.float32]
    cell: LSTMCell
    readout: NDArray[np.float32]
    bias: float


def take_apart(network: Any) -> Parts:
    """Find the arrays of a trained network.

    Args:
        network: What :func:`workshop_utils.models.quick_lstm` built, trained.

    Raises:
        OtherNetwork: It is built in another way, for example with a second direction.
    """
    kinds = [type(layer).__name__ for layer in network.layers]
    if kinds != _KINDS:
        raise OtherNetwork(
            f"This works for a network of {', '.join(_KINDS)}, in this order; the given one has "
            f"{', '.join(kinds)}."
        )
    _, embedding, _, lstm, dense = network.layers
    if lstm.return_sequences or lstm.go_backwards or not embedding.mask_zero:
        raise OtherNetwork("This works for an LSTM that reads forwards, with a mask, to one state.")
    if dense.units != 1 or dense.activation.__name__ != "sigmoid" or not dense.use_bias:
        raise OtherNetwork("This works for a last layer Dense(1, activation='sigmoid').")
    try:
        cell = LSTMCell.from_keras(lstm)
    except (TypeError, ValueError) as error:
        raise OtherNetwork(str(error)) from error
    kernel, bias = dense.get_weights()
    return Parts(embedding.get_weights()[0], cell, kernel[:, 0], float(bias[0]))


def network_of(model: Any) -> Any:
    """Return the network inside a text-in model; it is the last layer."""
    return model.layers[-1]
