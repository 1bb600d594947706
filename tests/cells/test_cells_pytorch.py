"""The NumPy cells against PyTorch, where it is at hand (the extra ``compare``)."""

import cell_layouts
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

torch = pytest.importorskip("torch")

TOLERANCE = {"float32": 1e-6, "float64": 1e-12}
KINDS = {
    "RNN tanh": ("RNN", {"nonlinearity": "tanh"}, {"activation": "tanh"}),
    "RNN relu": ("RNN", {"nonlinearity": "relu"}, {"activation": "relu"}),
    "LSTM": ("LSTM", {}, {}),
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
    name, settings_, _ = KINDS[kind]
    torch.manual_seed(seed)
    module = getattr(torch.nn, name)(features, units, batch_first=True, **settings_, **options)
    return module.to(getattr(torch, dtype)).eval()


def cell_of(kind, module):
    """Our cell with the plain arrays of one layer of the module."""
    name, _, options = KINDS[kind]
    names = [f"{part}_l0" for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
    arrays = [getattr(module, part).detach().numpy() for part in names]
    return cell_layouts.cell(name, cell_layouts.PYTORCH[name], *arrays, **options)


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
    """The final states of a run."""
    return [getattr(run, name) for name in ("hidden_state", "cell_state") if hasattr(run, name)]


@kinds
@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    batch=st.integers(1, 5),
    timesteps=st.integers(1, 20),
    features=st.integers(1, 8),
    units=st.integers(1, 24),
    dtype=st.sampled_from(["float32", "float64"]),
    with_state=st.booleans(),
    seed=st.integers(0, 2**31 - 1),
)
def test_equal_to_pytorch_over_random_shapes(
    kind, batch, timesteps, features, units, dtype, with_state, seed
):
    draw = np.random.default_rng(seed)
    module = new_module(kind, features, units, dtype, seed)
    x = draw.normal(size=(batch, timesteps, features)).astype(dtype)
    ours = None
    theirs = ()
    if with_state:
        parts = [
            draw.normal(size=(batch, units)).astype(dtype) for _ in "hc"[: 1 + (kind == "LSTM")]
        ]
        tensors = tuple(torch.from_numpy(part[None]) for part in parts)
        ours, theirs = (tuple(parts), (tensors,)) if kind == "LSTM" else (parts[0], tensors)
    outputs, final = results(module, torch.from_numpy(x), *theirs)
    run = cell_of(kind, module).run(x, initial_state=ours)
    assert_close(run.hidden_states, outputs.numpy(), dtype)
    for mine, other in zip(finals(run), final, strict=True):
        assert_close(mine, other[0], dtype)


@kinds
def test_a_mask_on_the_right_equals_pytorchs_packed_sequences(kind):
    lengths = np.array([6, 4, 1])
    x = np.random.default_rng(3).normal(size=(3, 6, 2))
    mask = np.arange(6) < lengths[:, None]
    module = new_module(kind, 2, 4, "float64", 4)
    packed = torch.nn.utils.rnn.pack_padded_sequence(
        torch.from_numpy(x), torch.from_numpy(lengths), batch_first=True
    )
    outputs, final = results(module, packed)
    outputs, _ = torch.nn.utils.rnn.pad_packed_sequence(outputs, batch_first=True)
    run = cell_of(kind, module).run(x, mask=mask)
    # Under the mask PyTorch writes zeros, Keras and these cells repeat the output before.
    assert_close(run.hidden_states[mask], outputs.numpy()[mask], "float64")
    for mine, other in zip(finals(run), final, strict=True):
        assert_close(mine, other[0], "float64")
