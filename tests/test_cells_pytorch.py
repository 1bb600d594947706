"""The NumPy cells against PyTorch, where it is at hand (the extra ``compare``)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop_utils.cells import Bidirectional, GRUCell, LSTMCell, RNNCell

torch = pytest.importorskip("torch")

TOLERANCE = {"float32": 1e-6, "float64": 1e-12}
KINDS = {
    "RNN tanh": (RNNCell, "RNN", {"nonlinearity": "tanh"}, {"activation": "tanh"}),
    "RNN relu": (RNNCell, "RNN", {"nonlinearity": "relu"}, {"activation": "relu"}),
    "LSTM": (LSTMCell, "LSTM", {}, {}),
    "GRU": (GRUCell, "GRU", {}, {}),
}
kinds = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def new_module(kind, features, units, dtype, seed, **options):
    """A PyTorch module as it draws its own weights, biases included."""
    _, name, settings_, _ = KINDS[kind]
    torch.manual_seed(seed)
    module = getattr(torch.nn, name)(features, units, batch_first=True, **settings_, **options)
    return module.to(getattr(torch, dtype)).eval()


def cell_of(kind, module, suffix="_l0"):
    """Our cell with the plain arrays of one layer and direction of the module."""
    cell_class, _, _, options = KINDS[kind]
    names = [f"{name}{suffix}" for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
    arrays = [getattr(module, name).detach().numpy() if hasattr(module, name) else None
              for name in names]  # fmt: skip
    return cell_class.from_pytorch(*arrays, **options)


def results(module, x, *state):
    """The module's outputs and final states as arrays, hidden state first."""
    with torch.no_grad():
        outputs, final = module(x, *state)
    final = final if isinstance(final, tuple) else (final,)
    return outputs, [part.numpy() for part in final]


def assert_close(ours, theirs, dtype):
    assert ours.dtype == theirs.dtype == dtype
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=TOLERANCE[dtype])


def finals(run):
    """The final states of a run: what stands between the outputs and the steps."""
    return run[1:-1]


@kinds
@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    batch=st.integers(1, 5),
    timesteps=st.integers(1, 20),
    features=st.integers(1, 8),
    units=st.integers(1, 24),
    dtype=st.sampled_from(["float32", "float64"]),
    bias=st.booleans(),
    with_state=st.booleans(),
    seed=st.integers(0, 2**31 - 1),
)
def test_equal_to_pytorch_over_random_shapes(
    kind, batch, timesteps, features, units, dtype, bias, with_state, seed
):
    draw = np.random.default_rng(seed)
    module = new_module(kind, features, units, dtype, seed, bias=bias)
    x = draw.normal(size=(batch, timesteps, features)).astype(dtype)
    ours, theirs = None, ()
    if with_state:
        parts = [
            draw.normal(size=(batch, units)).astype(dtype) for _ in "hc"[: 1 + (kind == "LSTM")]
        ]
        tensors = tuple(torch.from_numpy(part[None]) for part in parts)
        ours, theirs = (tuple(parts), (tensors,)) if kind == "LSTM" else (parts[0], tensors)
    outputs, final = results(module, torch.from_numpy(x), *theirs)
    run = cell_of(kind, module).run(x, initial_state=ours)
    assert_close(run.hidden_states, outputs.numpy(), dtype)
    assert len(finals(run)) == len(final)
    for mine, other in zip(finals(run), final, strict=True):
        assert_close(mine, other[0], dtype)


@kinds
@pytest.mark.parametrize("dtype", TOLERANCE)
def test_both_directions_equal_pytorch(kind, dtype):
    module = new_module(kind, 3, 5, dtype, 1, bidirectional=True)
    x = np.random.default_rng(2).normal(size=(4, 7, 3)).astype(dtype)
    outputs, final = results(module, torch.from_numpy(x))
    cells = Bidirectional(cell_of(kind, module), cell_of(kind, module, "_l0_reverse"))
    run = cells.run(x)
    assert_close(run.hidden_states, outputs.numpy(), dtype)
    assert_close(run.hidden_state, np.concatenate(final[0], axis=-1), dtype)
    for direction, cell_run in enumerate((run.forward, run.backward)):
        for mine, other in zip(finals(cell_run), final, strict=True):
            assert_close(mine, other[direction], dtype)


@kinds
@pytest.mark.parametrize("bidirectional", [False, True])
def test_a_mask_on_the_right_equals_pytorchs_packed_sequences(kind, bidirectional):
    lengths = np.array([6, 4, 1])
    x = np.random.default_rng(3).normal(size=(3, 6, 2))
    mask = np.arange(6) < lengths[:, None]
    module = new_module(kind, 2, 4, "float64", 4, bidirectional=bidirectional)
    packed = torch.nn.utils.rnn.pack_padded_sequence(
        torch.from_numpy(x), torch.from_numpy(lengths), batch_first=True
    )
    outputs, final = results(module, packed)
    outputs, _ = torch.nn.utils.rnn.pad_packed_sequence(outputs, batch_first=True)
    reader = cell_of(kind, module)
    if bidirectional:
        reader = Bidirectional(reader, cell_of(kind, module, "_l0_reverse"))
    run = reader.run(x, mask=mask)
    # Under the mask PyTorch writes zeros, Keras and these cells repeat the output before.
    assert_close(run.hidden_states[mask], outputs.numpy()[mask], "float64")
    assert_close(run.hidden_state, np.concatenate(final[0], axis=-1), "float64")


@kinds
def test_two_layers_are_one_cell_after_the_other(kind):
    module = new_module(kind, 3, 4, "float64", 5, num_layers=2)
    x = np.random.default_rng(6).normal(size=(2, 5, 3))
    outputs, _ = results(module, torch.from_numpy(x))
    first = cell_of(kind, module).run(x).hidden_states
    second = cell_of(kind, module, "_l1").run(first).hidden_states
    assert_close(second, outputs.numpy(), "float64")


@kinds
def test_one_step_equals_pytorchs_cell(kind):
    module = new_module(kind, 3, 4, "float64", 7)
    _, name, settings_, _ = KINDS[kind]
    single = getattr(torch.nn, f"{name}Cell")(3, 4, dtype=torch.float64, **settings_)
    with torch.no_grad():
        for parameter, source in zip(single.parameters(), module.parameters(), strict=True):
            parameter.copy_(source)
        x = np.random.default_rng(8).normal(size=(2, 3))
        theirs = single(torch.from_numpy(x))
    ours = cell_of(kind, module).step(x)
    pairs = zip(ours, theirs, strict=True) if kind == "LSTM" else [(ours, theirs)]
    for mine, other in pairs:
        assert_close(mine, other.numpy(), "float64")
