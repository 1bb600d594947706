"""The diagrams: real numbers on every arrow, any part lit, nothing cut off."""

import re

import numpy as np
import pytest
from colours import contrast, lightness
from matplotlib.colors import to_hex
from matplotlib.patches import Patch
from matplotlib.text import Text
from test_figures import assert_readable, drawn_texts

from workshop_utils import figures
from workshop_utils.figures import drawing, labels, lstm, parts, recurrent, style

RNG = np.random.default_rng(141)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def two(value):
    """Two decimals as diagrams show them: never a negative zero."""
    return f"{round(float(value), 2) + 0.0:.2f}"


def lstm_values(units):
    """One real step of an LSTM with random pre-activations."""
    forget, given_in, output = sigmoid(RNG.normal(size=(3, units)))
    candidate, cell_previous, hidden_previous = np.tanh(RNG.normal(size=(3, units)))
    cell = forget * cell_previous + given_in * candidate
    return {
        "x": RNG.normal(size=2),
        "hidden_previous": hidden_previous,
        "cell_previous": cell_previous,
        "forget": forget,
        "input": given_in,
        "candidate": candidate,
        "output": output,
        "cell": cell,
        "hidden": output * np.tanh(cell),
    }


DIAGRAMS = {
    "unrolled, words": lambda: recurrent.unrolled(
        ["the", "film", "was", "not", "good"], np.tanh(RNG.normal(size=(5, 3)))
    ),
    "unrolled, one step": lambda: recurrent.unrolled(["a", "b", "c"], [[1], [2], [3]], 2),
    "unrolled, longest": lambda: recurrent.unrolled(["word"] * 6, -RNG.random((6, 3))),
    "lstm": figures.lstm_module,
    "lstm, one unit": lambda: figures.lstm_module(lstm_values(1), "output"),
    "lstm, three units": lambda: figures.lstm_module(lstm_values(3)),
}


@pytest.mark.parametrize("name", DIAGRAMS)
def test_each_diagram_is_described_and_readable(name):
    made = DIAGRAMS[name]()
    assert isinstance(made, figures.Drawing)
    assert len(made.alt) >= 40
    assert_readable(made.figure, smallest=10.0)
    assert len(drawing.png_bytes(made.figure)) < 150_000
    assert drawing.shown_size(made.figure)[0] <= 920


def written_numbers(made):
    return [
        text.get_text().replace(labels.MINUS, "-")
        for text, _ in drawn_texts(made.figure)
        if text.get_text()[-1:].isdigit() and "." in text.get_text()
    ]


@pytest.mark.parametrize("units", [1, 2, 3])
def test_every_number_of_an_lstm_step_is_drawn_and_told(units):
    values = lstm_values(units)
    made = figures.lstm_module(values)
    kept = values["forget"] * values["cell_previous"]
    added = values["input"] * values["candidate"]
    everything = [*values.values(), kept, added, np.tanh(values["cell"])]
    expected = sorted(two(v) for vector in everything for v in vector)
    assert sorted(written_numbers(made)) == expected
    for number in expected:
        assert number in made.alt


def test_unrolled_tells_inputs_and_states():
    made = recurrent.unrolled(["not", "bad"], [[0.5, 1], [-0.5, 0]])
    assert "Step 1: input not, state 0.50 and 1.00; step 2: input bad, state -0.50" in made.alt


def pieces(made):
    """All pieces that belong to a part, as (gid, artist)."""
    found = made.figure.findobj(lambda artist: isinstance(artist, (Patch, Text)))
    return [(a.get_gid(), a) for a in found if str(a.get_gid()).startswith(("lit", "dim"))]


def shown_colour(artist):
    """The colour that a reader sees: of letters, of a filling, or of a bare line."""
    if isinstance(artist, Text):
        return to_hex(artist.get_color())
    return to_hex(artist.get_facecolor() if artist.get_fill() else artist.get_edgecolor())


@pytest.mark.parametrize("part", lstm.LSTM_PARTS)
def test_highlight_dims_all_that_does_not_belong_to_the_part(part):
    made = figures.lstm_module(highlight=part)
    assert part.replace("_", " ") in made.alt.split("Highlighted: ")[1]
    lit = [artist for gid, artist in pieces(made) if gid.startswith("lit")]
    dim = [artist for gid, artist in pieces(made) if gid.startswith("dim")]
    assert lit
    assert len(dim) > 3
    for gid, _ in pieces(made):
        state, names = gid.split(":")
        assert (state == "lit") == (part in names.split())
    for artist in dim:
        assert lightness(shown_colour(artist)) > 50
    assert min(lightness(to_hex(a.get_color())) for a in lit if isinstance(a, Text)) < 20


@pytest.mark.parametrize("part", lstm.LSTM_PARTS)
def test_the_description_tells_exactly_the_numbers_in_full_colour(part):
    made = figures.lstm_module(lstm_values(2), highlight=part)
    bright = [
        artist.get_text().replace(labels.MINUS, "-")
        for gid, artist in pieces(made)
        if isinstance(artist, Text) and gid.startswith("lit")
    ]
    told = re.findall(r"-?\d+\.\d\d", made.alt)
    assert sorted(told) == sorted(t for t in bright if re.fullmatch(r"-?\d+\.\d\d", t))


def test_without_numbers_each_layer_says_what_it_decides():
    made = figures.lstm_module()
    numbered = figures.lstm_module(lstm_values(2))
    words = {text.get_text() for text in made.figure.axes[0].texts}
    assert {"to keep", "to write", "what could", "be written", "to show"} <= words
    assert not any("sigmoid" in word for word in words)
    assert "decides how much to keep" in made.alt
    assert "decides" not in numbered.alt
    assert len(numbered.alt.split()) <= 80


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: figures.lstm_module({"gate": 1}), "The drawing has no gate; its parts are"),
        (lambda: figures.lstm_module({"forget": [1, 2, 3, 4]}), "1 to 3 numbers"),
        (lambda: figures.lstm_module(highlight="memory"), "The drawing has no memory"),
        (lambda: recurrent.unrolled(["a"] * 7, [[1]] * 7), "1 to 6 steps"),
        (lambda: recurrent.unrolled(["a"], [[1], [2]]), "1 words and 2 states"),
    ],
)
def test_wrong_values_are_refused_with_a_sentence(wrong, says):
    with pytest.raises(ValueError, match=says):
        wrong()


def test_layers_differ_in_grey_and_dimmed_text_can_be_seen():
    shades = [lightness(parts.LOOKS[name].fill) for name in (*lstm.LSTM_PARTS[:3], "output")]
    assert min(np.diff(sorted(shades))) >= 5
    assert contrast(style.DIMMED_TEXT, style.PAPER) >= 3


def test_kinds_of_wire_differ_without_colour():
    kinds = [parts.LANE, parts.STATE, parts.PLAIN, parts.GATE, recurrent.SHARED]
    assert len({(kind.width, str(kind.dash)) for kind in kinds}) == len(kinds)
