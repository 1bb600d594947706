"""Inside a decision: what each word of a text does to the answer, asked in three ways.

Two of them only ask for probabilities, and work for any model. The third takes the LSTM
apart: its logit is a sum with one term for each word. None of the three says why people
feel as they do; all speak of the model only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from workshop_utils.cells import LSTMCell, LSTMStep
from workshop_utils.classifier.engines import WordEngine
from workshop_utils.classifier.parts import OtherNetwork
from workshop_utils.classifier.tokeniser import words
from workshop_utils.models import LONGEST_TEXT

if TYPE_CHECKING:
    from workshop_utils.classifier import SentimentClassifier

Array = NDArray[np.float64]
Score = Callable[[Sequence[str]], Array]
"""Texts in, P(positive) out, one number a text: for example ``classifier.score``."""


@dataclass(frozen=True, eq=False)
class Explanation:
    """One number for each word of a text.

    Attributes:
        tokens: The words as the model reads them.
        values: Shape (tokens,); what they mean depends on the method.
        positive: P(positive) of the whole text.
    """

    tokens: tuple[str, ...]
    values: Array
    positive: float


@dataclass(frozen=True, eq=False)
class Contributions:
    """The logit as a sum: ``bias + values.sum()`` equals ``logit``.

    Attributes:
        tokens: The words as the model reads them.
        values: Shape (tokens,); above 0 the word speaks for "positive".
        bias: What the logit of no word at all would be.
        logit: The model's logit, before a temperature divides it.
    """

    tokens: tuple[str, ...]
    values: Array
    bias: float
    logit: float


@dataclass(frozen=True, eq=False)
class Gates:
    """What happens in the cell at each word.

    Attributes:
        tokens: The words as the model reads them.
        steps: Every gate, the candidate and both states, each (tokens, units).
    """

    tokens: tuple[str, ...]
    steps: LSTMStep


def tokens_of(text: str) -> tuple[str, ...]:
    """Return the words of a text as the model reads them; those that it cuts off are not there.

    Raises:
        ValueError: Nothing is left of the text after cleaning.
    """
    tokens = tuple(words(text)[:LONGEST_TEXT])
    if not tokens:
        raise ValueError("This text holds no word to explain: give one with at least one word.")
    return tokens


def prefix_trajectory(score: Score, text: str) -> Explanation:
    """Follow the decision: P(positive) after the first word, the first two, and so on.

    Args:
        score: Texts in, P(positive) out.
        text: The text to explain.

    Returns:
        ``values[t]`` is P(positive) of the first t + 1 words.

    Raises:
        ValueError: The text holds no word.
    """
    tokens = tokens_of(text)
    prefixes = [" ".join(tokens[: end + 1]) for end in range(len(tokens))]
    values = score(prefixes)
    return Explanation(tokens, values, float(values[-1]))


def leave_one_word_out(score: Score, text: str) -> Explanation:
    """Ask what the answer would be without each word.

    Args:
        score: Texts in, P(positive) out.
        text: The text to explain.

    Returns:
        ``values[t]`` is P(positive) of the whole text minus that without word t: above 0
        the word speaks for "positive".

    Raises:
        ValueError: The text holds no word.
    """
    tokens = tokens_of(text)
    shortened = [" ".join(tokens[:t] + tokens[t + 1 :]) for t in range(len(tokens))]
    whole, *without = score([" ".join(tokens), *shortened])
    return Explanation(tokens, float(whole) - np.asarray(without), float(whole))


def gates_along(classifier: SentimentClassifier, text: str) -> Gates:
    """Read a text with the trained cell, and keep every gate at every word.

    Args:
        classifier: A trained model of one LSTM.
        text: The text to explain.

    Returns:
        The values of :meth:`workshop_utils.cells.LSTMCell.run`, in float64.

    Raises:
        ValueError: The text holds no word.
        OtherNetwork: The model is built in another way than the quick one.
    """
    tokens = tokens_of(text)
    return Gates(tokens, _read(_engine_of(classifier), tokens))


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
        classifier: A trained model of one LSTM that reads forwards, without pooling.
        text: The text to explain.
        forgetting: Whether a word counts by what is left of it at the end.

    Raises:
        ValueError: The text holds no word.
        OtherNetwork: The model is built in another way than the quick one.
    """
    tokens = tokens_of(text)
    engine = _engine_of(classifier)
    parts, steps = engine.parts, _read(engine, tokens)
    reached = np.asarray(steps.cell_state, np.float64)
    if forgetting:
        reached = reached * _kept_until_the_end(steps.forget_gate)
    taken = np.diff(np.tanh(reached), axis=0, prepend=0)
    weights = np.asarray(parts.readout, np.float64) * steps.output_gate[-1]
    values = taken @ weights
    logit = float(steps.hidden_state[-1] @ np.asarray(parts.readout, np.float64)) + parts.bias
    return Contributions(tokens, values, parts.bias, logit)


def _kept_until_the_end(forget_gate: Array) -> Array:
    """The product of all forget gates after each step, (tokens, units); ones at the last."""
    later = np.concatenate([forget_gate[1:], np.ones_like(forget_gate[:1])])
    kept: Array = np.cumprod(later[::-1], axis=0)[::-1]
    return kept


def _engine_of(classifier: SentimentClassifier) -> WordEngine:
    if isinstance(classifier.engine, WordEngine):
        return classifier.engine
    raise OtherNetwork(
        "This works for a model that reads the numbers of words; the given one also reads pieces "
        "of words. Take the quick model."
    )


def _read(engine: WordEngine, tokens: tuple[str, ...]) -> LSTMStep:
    """Read the words with the cell in float64, so that sums are exact to many digits."""
    numbers, parts = engine.tokeniser([" ".join(tokens)])[0], engine.parts
    cell = LSTMCell(
        np.asarray(parts.cell.kernel, np.float64),
        np.asarray(parts.cell.recurrent_kernel, np.float64),
        np.asarray(parts.cell.bias, np.float64),
    )
    run = cell.run(parts.embedding[numbers].astype(np.float64), return_steps=True)
    assert run.steps is not None
    return run.steps


def rank_agreement(
    first: Sequence[Explanation | Contributions], second: Sequence[Explanation | Contributions]
) -> Array:
    """Measure how far two methods put the words of a text in the same order.

    Args:
        first: Explanations of n texts by one method.
        second: Explanations of the same texts by another.

    Returns:
        Spearman's rank correlation for each text, shape (n,): 1 for the same order, 0
        for none, -1 for the reverse. NaN where a text has fewer than three words, or
        where a method gives all words the same value.

    Raises:
        ValueError: The two explain other texts.
    """
    if [each.tokens for each in first] != [each.tokens for each in second]:
        raise ValueError("The two methods explain different texts; give both the same ones.")
    return np.array([_spearman(a.values, b.values) for a, b in zip(first, second, strict=True)])


def _spearman(first: Array, second: Array) -> float:
    from scipy.stats import rankdata

    if len(first) < 3 or np.ptp(first) == 0 or np.ptp(second) == 0:
        return float("nan")
    return float(np.corrcoef(rankdata(first), rankdata(second))[0, 1])
