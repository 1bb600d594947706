"""What the cells share: weights and their shapes, Keras' layers, the loop over time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple, Self

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Step = tuple[Array, ...]

FLOATS = (np.dtype("float32"), np.dtype("float64"))


def sigmoid(values: Array) -> Array:
    """Squash to (0, 1): 1 / (1 + exp(-values)), in a form that never overflows."""
    half = values.dtype.type(0.5)
    squashed: Array = half * np.tanh(half * values) + half
    return squashed


def as_floats(values: npt.ArrayLike, dtype: npt.DTypeLike | None = None) -> Array:
    """Make an array of ``dtype``; without one, keep float32 and turn the rest to float64."""
    array = np.asarray(values)
    if dtype is None:
        dtype = array.dtype if array.dtype in FLOATS else np.dtype("float64")
    return np.asarray(array, dtype=dtype)


def expect_shape(name: str, array: Array, **expected: int | None) -> None:
    """Raise a ValueError that names both shapes, unless the axes have the expected lengths.

    ``expected`` holds the axes' names in order; None stands for any length.
    """
    lengths = tuple(expected.values())
    if len(lengths) != array.ndim or any(
        length not in (None, given) for length, given in zip(lengths, array.shape, strict=True)
    ):
        axes = ", ".join(
            axis if length is None else f"{axis}={length}" for axis, length in expected.items()
        )
        raise ValueError(f"The shape of {name} must be ({axes}), but it is {array.shape}.")


class Scan(NamedTuple):
    """All outputs, the parts of the final state, and all values of all steps or None."""

    outputs: Array
    state: Step
    steps: Step | None


@dataclass(frozen=True, eq=False)
class Cell:
    """The weights of a recurrent layer, in the layout of Keras.

    Attributes:
        kernel: W, (features, blocks * units): the layers inside the cell side by side.
        recurrent_kernel: U, (units, blocks * units), the same blocks.
        bias: b, (blocks * units,), the same blocks.

    Raises:
        ValueError: A shape does not fit the others.
    """

    blocks: ClassVar[tuple[str, ...]]
    keras_layer: ClassVar[str]
    state_fields: ClassVar[tuple[int, ...]]
    """Where the parts of the new state stand in a step, hidden state first."""

    kernel: Array
    recurrent_kernel: Array
    bias: Array

    def __post_init__(self) -> None:
        dtype = as_floats(self.kernel).dtype
        for name in ("kernel", "recurrent_kernel", "bias"):
            object.__setattr__(self, name, as_floats(getattr(self, name), dtype))
        expect_shape("recurrent_kernel", self.recurrent_kernel, units=None, columns=None)
        columns = len(self.blocks) * self.units
        expect_shape("recurrent_kernel", self.recurrent_kernel, units=self.units, columns=columns)
        expect_shape("kernel", self.kernel, features=None, columns=columns)
        expect_shape("bias", self.bias, columns=columns)

    @property
    def features(self) -> int:
        """Length of one input vector."""
        return int(self.kernel.shape[0])

    @property
    def units(self) -> int:
        """Length of the hidden state."""
        return int(self.recurrent_kernel.shape[0])

    def columns(self, block: str) -> slice:
        """Where a block's columns stand in kernel, recurrent kernel and bias.

        ``block`` is one of ``blocks``, for example ``"forget_gate"``; else a ValueError.
        """
        if block not in self.blocks:
            raise ValueError(f"The blocks are {', '.join(self.blocks)}; {block!r} is none of them.")
        start = self.blocks.index(block) * self.units
        return slice(start, start + self.units)

    @classmethod
    def random(
        cls,
        features: int,
        units: int,
        *,
        seed: int = 141,
        dtype: npt.DTypeLike = "float64",
        **options: Any,
    ) -> Self:
        """Draw the weights as Keras does: Glorot (uniform), orthogonal, zeros; forget bias 1.

        ``options`` are the cell's other attributes.
        """
        generator = np.random.default_rng(seed)
        columns = len(cls.blocks) * units
        limit = np.sqrt(6 / (features + columns))
        kernel = generator.uniform(-limit, limit, (features, columns))
        square, triangle = np.linalg.qr(generator.normal(size=(columns, units)))
        recurrent_kernel = (square * np.sign(np.diag(triangle))).T
        bias = np.repeat([float(block == "forget_gate") for block in cls.blocks], units)
        weights = (each.astype(dtype) for each in (kernel, recurrent_kernel, bias))
        return cls(*weights, **options)

    @classmethod
    def from_keras(cls, layer: Any) -> Self:
        """Take the weights of a built Keras layer of this kind, or of the cell inside it.

        Raises:
            TypeError: It is a layer of another kind.
            ValueError: It is not built yet, or has an activation that the cell does not have.
        """
        return cls(*cls._keras_weights(layer))

    def _advance(self, projected: Array, *state: Array) -> Step:
        """One step from the inputs' part, x W + b, and the old state: the cell's equations."""
        raise NotImplementedError

    def _states(self, given: Sequence[npt.ArrayLike | None], rows: tuple[int, ...]) -> Step:
        """Each part of the state as (batch, units); zeros where nothing is given."""
        states = []
        for name, state in zip(("hidden_state", "cell_state"), given, strict=False):
            part = as_floats(np.zeros(self.units) if state is None else state, self.kernel.dtype)
            if part.ndim == 1:
                expect_shape(name, part, units=self.units)
                part = np.broadcast_to(part, (*rows, self.units))
            expect_shape(name, part, **dict(zip(("batch",), rows, strict=False)), units=self.units)
            states.append(part)
        return tuple(states)

    def _scan(
        self,
        sequences: npt.ArrayLike,
        initial_state: Sequence[npt.ArrayLike | None],
        mask: npt.ArrayLike | None,
        return_steps: bool,
    ) -> Scan:
        """Loop over time as Keras does, with the arguments of ``run``.

        A masked step leaves the state as it is and repeats the output before it; in
        front of the first step that counts the output is zero.
        """
        inputs = as_floats(sequences, self.kernel.dtype)
        axes: dict[str, int | None] = {} if inputs.ndim == 2 else {"batch": None}
        expect_shape("sequences", inputs, **axes, timesteps=None, features=self.features)
        counts = None if mask is None else _time_first(mask, inputs)
        state = self._states(initial_state, inputs.shape[:-2])
        projected = np.moveaxis(inputs @ self.kernel + self.bias, -2, 0)
        outputs = np.zeros((len(projected), *inputs.shape[:-2], self.units), inputs.dtype)
        rows = []
        for timestep, part in enumerate(projected):
            step = self._advance(part, *state)
            new = tuple(step[field] for field in self.state_fields)
            outputs[timestep] = new[0]
            if counts is not None:
                here = counts[timestep]
                before = outputs[timestep - 1] if timestep else 0
                outputs[timestep] = np.where(here, new[0], before)
                new = tuple(np.where(here, a, b) for a, b in zip(new, state, strict=True))
                step = tuple(np.where(here, values, inputs.dtype.type("nan")) for values in step)
            state = new
            if return_steps:
                rows.append(step)
        steps = tuple(np.stack(values, axis=-2) for values in zip(*rows, strict=True))
        return Scan(np.moveaxis(outputs, 0, -2), state, steps if return_steps else None)

    @classmethod
    def _keras_weights(cls, layer: Any) -> list[Array]:
        """Kernel, recurrent kernel and bias of a built Keras layer; see ``from_keras``."""
        names = {base.__name__ for base in type(layer).__mro__}
        kind = cls.keras_layer
        if not names & {kind, f"{kind}Cell"}:
            layer_kind = type(layer).__name__
            raise TypeError(f"A keras.layers.{kind} is expected, but this is a {layer_kind}.")
        weights: list[Array] = layer.get_weights()
        if not weights:
            raise ValueError(f"The {kind} layer has no weights yet; call it once on data.")
        if len(cls.blocks) > 1:
            activation_of(layer, "activation", ("tanh",))
            activation_of(layer, "recurrent_activation", ("sigmoid",))
        kernel = weights[0]
        return weights if len(weights) == 3 else [*weights, np.zeros(kernel.shape[1], kernel.dtype)]


def activation_of(layer: Any, attribute: str, allowed: Sequence[str]) -> str:
    """Return the name of a Keras layer's activation; a ValueError if it is not allowed."""
    name = getattr(getattr(layer, attribute), "__name__", "unknown")
    if name not in allowed:
        choice = " or ".join(allowed)
        raise ValueError(f"The layer's {attribute} must be {choice}, but it is {name}.")
    return name


def _time_first(mask: npt.ArrayLike, inputs: Array) -> Array:
    """Check a mask and return it as (timesteps, batch, 1)."""
    seen = np.asarray(mask, dtype=bool)
    axes = ("batch", "timesteps")[2 - (inputs.ndim - 1) :]
    expect_shape("mask", seen, **dict(zip(axes, inputs.shape[:-1], strict=True)))
    return np.moveaxis(seen, -1, 0)[..., None]
