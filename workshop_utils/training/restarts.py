"""Train one network from many starts, so that only the start differs."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from workshop_utils.runtime import load_keras, set_seed
from workshop_utils.runtime.progress_bars import progress_bar
from workshop_utils.training.restart import restart

Array = npt.NDArray[Any]


class Batch(Protocol):
    """Sequences and what a network should answer."""

    @property
    def inputs(self) -> Array:
        """What is read, first axis the sequences."""

    @property
    def targets(self) -> Array:
        """The right answers, (sequences, outputs)."""


class Task(Protocol):
    """What gives batches by seed, and scores outputs."""

    def batch(self, size: int, seed: int, /) -> Batch:
        """Generate so many sequences."""

    def score(self, outputs: Array, targets: Array, /) -> float:
        """Return the share of right answers."""


class Restarts:
    """A network that is compiled once, then trained again and again from other first weights.

    Compiling takes longer than 100 updates, so a new network for each seed would spend most
    of the time on it.

    Args:
        model: The network; its own weights are never used.
        loss: As for ``model.compile``.
        learning_rate: Of Adam, which starts anew at each training and clips the gradient at
            norm 1.

    Attributes:
        model: The network as the last training left it.
        first_weights: The weights with which the last training began.
    """

    def __init__(self, model: Any, loss: str, *, learning_rate: float) -> None:
        self.model = model
        self.first_weights: list[Array] = []
        # One norm for the whole gradient, so that a long one becomes shorter and does not turn.
        adam = load_keras().optimizers.Adam(learning_rate, global_clipnorm=1.0)
        model.compile(adam, loss, jit_compile=True, steps_per_execution=25)

    def restart(
        self,
        first: Any,
        task: Task,
        seeds: Sequence[int],
        *,
        updates: int = 100,
        batch_size: int = 64,
    ) -> list[float]:
        """Train from new first weights, once for each seed; test on 1,000 other sequences.

        No sequence comes twice in a training.

        Args:
            first: A network of the same shapes, whose initialisers draw the first weights.
            task: Where the sequences come from.
            seeds: One training each.
            updates: Batches in a training; 25 are computed at a time.
            batch_size: Sequences in a batch.

        Returns:
            The share of right answers after each training, in the order of the seeds.
        """
        return [self._train(first, task, seed, updates, batch_size) for seed in progress_bar(seeds)]

    def _train(self, first: Any, task: Task, seed: int, updates: int, batch_size: int) -> float:
        restart(self.model, lambda: load_keras().models.clone_model(first), seed)
        self.first_weights = self.model.get_weights()
        data = task.batch(updates * batch_size, seed)
        self.model.fit(data.inputs, data.targets, batch_size=batch_size, verbose=0)
        test = task.batch(1000, seed + 1000)
        return task.score(self.model.predict_on_batch(test.inputs), test.targets)


class Reading(NamedTuple):
    """What an untrained network of one embedding, one plain RNN and one output layer reads.

    Attributes:
        vectors: The words as numbers, (batch, timesteps, features).
        W: Input weights of the RNN, (features, units).
        U: Recurrent weights of the RNN, (units, units).
        b: Biases of the RNN, (units,).
        states: Zeros, then the state after each step, (timesteps + 1, batch, units).
        by_last_state: The derivative of the mean cross-entropy with respect to the last
            state, (batch, units).
    """

    vectors: Array
    W: Array
    U: Array
    b: Array
    states: Array
    by_last_state: Array

    def walk_back(self, step_back: Callable[..., tuple[Array, Array]]) -> Array:
        """Go back over all steps, and return each step's term of the gradient by U.

        Args:
            step_back: Called with the derivative by a state, the state, the one before it
                and U; gives the step's term and the derivative by the state before.

        Returns:
            (timesteps, units, units), the last step first.
        """
        terms = []
        by_state = self.by_last_state
        for step in range(len(self.states) - 1, 0, -1):
            term, by_state = step_back(by_state, self.states[step], self.states[step - 1], self.U)
            terms.append(term)
        return np.array(terms)


def read_untrained(first: Any, batch: Batch, *, seed: int = 1) -> Reading:
    """Draw a network's first weights, and read a batch with them in float64.

    Args:
        first: The network; its initialisers draw the weights.
        batch: The word numbers to read, and the right answers.
        seed: Draws the weights.
    """
    set_seed(seed)
    drawn = load_keras().models.clone_model(first).get_weights()
    drawn = [np.asarray(each, np.float64) for each in drawn]
    table, kernel, recurrent, bias, outwards, out_bias = drawn
    vectors = table[batch.inputs]
    states = [np.zeros((len(vectors), len(bias)))]
    for step in range(vectors.shape[1]):
        states.append(np.tanh(vectors[:, step] @ kernel + states[-1] @ recurrent + bias))
    scores = np.exp(states[-1] @ outwards + out_bias)
    # The derivative of cross-entropy by what enters the softmax: answer minus target.
    mistakes = scores / scores.sum(axis=1, keepdims=True) - batch.targets
    by_last_state = mistakes @ outwards.T / len(vectors)
    return Reading(vectors, kernel, recurrent, bias, np.array(states), by_last_state)
