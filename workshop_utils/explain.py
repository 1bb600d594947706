"""Inside a decision: the logit of an LSTM as a sum with one term for each word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from workshop_utils.cells import LSTMStep

if TYPE_CHECKING:
    from workshop_utils.classifier import SentimentClassifier

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Contributions:
    """The logit as a sum: ``bias + values.sum()`` equals ``logit``.

    Attributes:
        tokens: The words as the model reads them.
        values: Shape (tokens,); above 0 the word speaks for "positive".
        bias: What the logit of no word at all would be.
        logit: The model's logit, before a temperature divides it.
        steps: Every gate and state of the cell at each word, each (tokens, units).
    """

    tokens: tuple[str, ...]
    values: Array
    bias: float
    logit: float
    steps: LSTMStep


def contributions(
    classifier: SentimentClassifier, text: str, *, forgetting: bool = True
) -> Contributions:
    r"""Take the logit apart into one term for each word.

    The last hidden state is :math:`h_T = o_T \tanh(C_T)`, and :math:`C_T` is a sum of what
    each word wrote, weighted by what later forget gates left of it. So the logit
    :math:`w \cdot h_T + b` can be written as a sum whose terms telescope (Murdoch and
    Szlam, arXiv 1702.02540):

    - beta, ``forgetting=False``: :math:`w \cdot o_T (\tanh C_t - \tanh C_{t-1})`, the step
      that the cell state takes at word t;
    - gamma, ``forgetting=True``: the same with :math:`C_t` times all forget gates after t,
      so that what is forgotten later does not count.

    Args:
        classifier: A trained model.
        text: The text to explain.
        forgetting: Whether a word counts by what is left of it at the end.

    Raises:
        ValueError: The text holds no word.
    """
    network = classifier.network
    tokens = tuple(classifier.words(text))
    numbers = network.numbers(tokens)
    if not numbers:
        raise ValueError("This text holds no word to explain: give one with at least one word.")
    steps = network.cell.run(network.embedding[numbers], return_steps=True).steps
    assert steps is not None
    kept = np.ones_like(steps.forget_gate)
    if forgetting:  # the product of all forget gates after each word
        kept[:-1] = np.cumprod(steps.forget_gate[:0:-1], axis=0)[::-1]
    taken = np.diff(np.tanh(steps.cell_state * kept), axis=0, prepend=0)
    values = np.asarray(taken @ (network.readout * steps.output_gate[-1]), np.float64)
    logit = float(steps.hidden_state[-1] @ network.readout) + network.bias
    return Contributions(tokens[: len(numbers)], values, network.bias, logit, steps)
