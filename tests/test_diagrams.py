"""The diagrams: real numbers on every arrow, any part lit, nothing cut off."""

import re

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Patch
from matplotlib.text import Text
from test_figures import assert_readable, drawn_texts

from workshop_utils import figures
from workshop_utils.figures import (
    drawing,
    gru,
    labels,
    lstm,
    modules,
    parts,
    recurrent,
    style,
    uses,
)

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


def gru_values(units):
    update, reset = sigmoid(RNG.normal(size=(2, units)))
    candidate, hidden_previous = np.tanh(RNG.normal(size=(2, units)))
    return {
        "x": [0.5, -1.25],
        "hidden_previous": hidden_previous,
        "update": update,
        "reset": reset,
        "candidate": candidate,
        "hidden": update * hidden_previous + (1 - update) * candidate,
    }


RNN = {"x": [0.5, -1.25, 2], "hidden_previous": [-0.11, 0.22, -0.33], "hidden": [0.44, -0.55, 0.66]}
DIAGRAMS = {
    "loop": figures.loop,
    "loop, numbers": lambda: figures.loop(RNN),
    "unrolled": figures.unrolled,
    "unrolled, words": lambda: figures.unrolled(
        inputs=["the", "film", "was", "not", "good"], states=np.tanh(RNG.normal(size=(5, 3)))
    ),
    "unrolled, numbers": lambda: figures.unrolled(
        3, inputs=[[1, 2], 0.5, [3, 4]], states=[0.1, 0.2, 0.3], highlight=2
    ),
    "unrolled, every arrow": lambda: figures.unrolled(
        6,
        inputs=RNG.random((6, 3)),
        states=-RNG.random((6, 3)),
        start=[0, 0, 0],
        on_every_arrow=True,
    ),
    "unrolled, longest": lambda: figures.unrolled(
        6, states=-RNG.random((6, 3)), highlight="weights"
    ),
    "rnn": figures.rnn_module,
    "rnn, numbers": lambda: figures.rnn_module(RNN),
    "lstm": figures.lstm_module,
    "lstm, one unit": lambda: figures.lstm_module(lstm_values(1), "output"),
    "lstm, three units": lambda: figures.lstm_module(lstm_values(3)),
    "lstm, 128 units": lambda: figures.lstm_module(units=128),
    "gru": figures.gru_module,
    "gru, numbers": lambda: figures.gru_module(gru_values(3)),
    "gru, every arrow": lambda: figures.gru_module(gru_values(3) | {"reset_hidden": [0.1, 0.2, 0]}),
    "uses": figures.uses_of_rnns,
    "cover": figures.cover,
    "cover, model": lambda: figures.cover(["dumb", "meetings"], [0.2, 0.1]),
}


@pytest.mark.parametrize("name", DIAGRAMS)
def test_each_diagram_is_described_and_readable(name):
    made = DIAGRAMS[name]()
    assert isinstance(made, figures.Drawing)
    assert len(made.alt) >= 40
    # The cover is not for a projector: it opens the README.
    assert_readable(made.figure, smallest=10.0, **({"share": 0.012} if "cover" in name else {}))
    assert len(drawing.png_bytes(made.figure)) < 150_000
    assert drawing.shown_size(made.figure)[0] <= (920 if "cover" not in name else 1300)


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


def test_every_number_of_a_gru_step_is_drawn_and_told():
    values = gru_values(2)
    made = figures.gru_module(values)
    rest = 1 - values["update"]
    products = [rest, values["update"] * values["hidden_previous"], rest * values["candidate"]]
    expected = sorted(two(v) for vector in [*values.values(), *products] for v in vector)
    assert sorted(written_numbers(made)) == expected
    assert all(number in made.alt for number in expected)


@pytest.mark.parametrize("make", [figures.rnn_module, figures.loop])
def test_every_number_of_an_rnn_step_is_drawn_and_told(make):
    made = make(RNN)
    expected = sorted(two(v) for vector in RNN.values() for v in vector)
    assert sorted(written_numbers(made)) == expected
    assert all(number in made.alt for number in expected)


def test_unrolled_tells_inputs_and_states():
    made = figures.unrolled(
        inputs=["not", [0.25, 1]], states=[[0.5], [-0.5]], highlight=(1, "states")
    )
    assert "Step 1: input not, state 0.50; step 2: input 0.25 and 1.00, state -0.50" in made.alt
    assert "Highlighted: step 1 and the states" in made.alt


def pieces(made):
    """All pieces that belong to a part, as (gid, artist)."""
    found = made.figure.findobj(lambda artist: isinstance(artist, (Patch, Text)))
    return [(a.get_gid(), a) for a in found if str(a.get_gid()).startswith(("lit", "dim"))]


def shown_colour(artist):
    """The colour that a reader sees: of letters, of a filling, or of a bare line."""
    if isinstance(artist, Text):
        return to_hex(artist.get_color())
    return to_hex(artist.get_facecolor() if artist.get_fill() else artist.get_edgecolor())


MODULES = {
    figures.rnn_module: modules.RNN_PARTS,
    figures.lstm_module: lstm.LSTM_PARTS,
    figures.gru_module: gru.GRU_PARTS,
    figures.loop: recurrent.LOOP_PARTS,
    figures.unrolled: recurrent.CHAIN_PARTS,
    figures.uses_of_rnns: uses.USE_PARTS,
}


@pytest.mark.parametrize(
    ("make", "part"), [(make, part) for make, known in MODULES.items() for part in known]
)
def test_highlight_dims_all_that_does_not_belong_to_the_part(make, part):
    made = make(highlight=part)
    assert part.replace("_", " ") in made.alt.split("Highlighted: ")[1]
    lit = [artist for gid, artist in pieces(made) if gid.startswith("lit")]
    dim = [artist for gid, artist in pieces(made) if gid.startswith("dim")]
    assert lit
    assert len(dim) > 3 or make is figures.rnn_module
    piece = part.replace(",", "").replace(" ", "_")
    for gid, _ in pieces(made):
        state, names = gid.split(":")
        assert (state == "lit") == (piece in names.split())
    for artist in dim:
        assert style.lightness(shown_colour(artist)) > 50
    darkest = min(
        style.lightness(to_hex(a.get_color())) for a in lit if isinstance(a, Text) and a.get_text()
    )
    assert darkest < 20


NUMBERED = {
    figures.rnn_module: (RNN, modules.RNN_PARTS),
    figures.loop: (RNN, recurrent.LOOP_PARTS),
    figures.lstm_module: (lstm_values(2), lstm.LSTM_PARTS),
    figures.gru_module: (gru_values(2) | {"reset_hidden": [0.25, -0.75]}, gru.GRU_PARTS),
}


@pytest.mark.parametrize(
    ("make", "part"), [(make, part) for make, (_, known) in NUMBERED.items() for part in known]
)
def test_the_description_tells_exactly_the_numbers_in_full_colour(make, part):
    made = make(NUMBERED[make][0], highlight=part)
    bright = [
        artist.get_text().replace(labels.MINUS, "-")
        for gid, artist in pieces(made)
        if isinstance(artist, Text) and gid.startswith("lit")
    ]
    told = re.findall(r"-?\d+\.\d\d", made.alt)
    assert sorted(told) == sorted(t for t in bright if re.fullmatch(r"-?\d+\.\d\d", t))


@pytest.mark.parametrize("make", [figures.lstm_module, figures.gru_module])
def test_with_numbers_the_description_leaves_out_how_the_module_is_built(make):
    whole, numbered = make(), make(NUMBERED[make][0])
    assert "Keras kernel" in whole.alt
    assert "Keras kernel" not in numbered.alt
    assert len(whole.alt.split()) <= 90
    assert len(numbered.alt.split()) <= 80
    lit = [make(NUMBERED[make][0], part) for part in NUMBERED[make][1]]
    assert max(len(one.alt.split()) for one in lit) <= 75


def test_shapes_of_chains_can_be_lit_by_their_name():
    one = figures.uses_of_rnns(highlight="many to many, in step")
    assert "Many to one" not in one.alt
    assert "each word to its part of speech" in one.alt
    assert len(figures.uses_of_rnns().alt.split()) <= 110
    with pytest.raises(ValueError, match="no part many to few"):
        figures.uses_of_rnns(highlight="many to few")


def test_no_number_is_a_negative_zero():
    made = figures.lstm_module({"cell": [-0.001], "hidden": [-0.0]})
    assert "-0.00" not in made.alt
    assert "-0.00" not in " ".join(written_numbers(made))


def test_nothing_is_dimmed_without_a_highlight():
    assert all(gid.startswith("lit") for gid, _ in pieces(figures.lstm_module()))


def test_several_parts_can_be_lit_at_once():
    one = {
        gid for gid, _ in pieces(figures.lstm_module(highlight="input")) if gid.startswith("lit")
    }
    both = figures.lstm_module(highlight=("input", "candidate"))
    lit = [gid for gid, _ in pieces(both) if gid.startswith("lit")]
    assert one < set(lit)
    assert "input and candidate" in both.alt


def test_steps_of_the_chain_can_be_played():
    for step in (1, 2, 3):
        made = figures.unrolled(3, highlight=step)
        boxes = [
            gid
            for gid, a in pieces(made)
            if isinstance(a, Text) and a.get_text().startswith("step")
        ]
        assert [gid.split(":")[0] for gid in boxes].count("lit") == 1
        assert boxes[step - 1].startswith("lit")


def test_columns_of_the_kernel_follow_the_units():
    assert (
        "columns 128 : 256, 0 : 128, 256 : 384 and 384 : 512" in figures.lstm_module(units=128).alt
    )
    assert "columns n : 2n, 0 : n, 2n : 3n and 3n : 4n" in figures.lstm_module().alt
    assert "columns 0 : 2, 2 : 4 and 4 : 6" in figures.gru_module(units=2).alt
    boxes = [text.get_text() for text in figures.gru_module(gru_values(2)).figure.axes[0].texts]
    assert {"[0 : 2]", "[2 : 4]", "[4 : 6]"} <= set(boxes)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: figures.lstm_module({"gate": 1}), "No arrow is called 'gate'"),
        (lambda: figures.lstm_module({"forget": [1, 2, 3, 4]}), "1 to 3 numbers"),
        (lambda: figures.lstm_module({"forget": [1, 2], "input": [1]}), "one number for each unit"),
        (lambda: figures.lstm_module({"forget": [1, 2]}, units=3), "3 units were asked for"),
        (lambda: figures.lstm_module(highlight="memory"), "no part memory; highlight one"),
        (lambda: figures.gru_module(highlight="forget"), "no part forget"),
        (lambda: figures.unrolled(7), "1 to 6 steps"),
        (lambda: figures.unrolled(2, inputs=["a"]), "2 steps, but 1 inputs"),
        (lambda: figures.unrolled(2, states=[[1]]), r"expected \(2, units\)"),
        (lambda: figures.unrolled(2, highlight=3), "no part step_3"),
        (lambda: figures.cover(["one"]), "2 to 8 words"),
        (lambda: figures.cover(["one", "two"], [0.5, 1.5]), "between 0 and 1"),
    ],
)
def test_wrong_values_are_refused_with_a_sentence(wrong, says):
    with pytest.raises(ValueError, match=says):
        wrong()


def test_a_batch_axis_of_one_is_dropped():
    assert figures.rnn_module({"hidden": [[0.25, 0.5]]}).alt.endswith(
        "new hidden state 0.25 and 0.50."
    )


def test_layers_differ_in_grey_and_carry_dark_text():
    shades = [style.lightness(parts.LOOKS[name].fill) for name in (*lstm.LSTM_PARTS[:3], "output")]
    assert min(np.diff(sorted(shades))) >= 5
    assert all(style.contrast(look.fill, style.INK) >= 4.5 for look in parts.LOOKS.values())
    assert style.contrast(style.DIMMED_TEXT, style.PAPER) >= 3


def test_kinds_of_wire_differ_without_colour():
    kinds = [parts.LANE, parts.STATE, parts.PLAIN, parts.GATE, recurrent.SHARED]
    assert len({(kind.width, str(kind.dash)) for kind in kinds}) == len(kinds)


def test_the_same_values_give_the_same_bytes():
    one, two = (
        drawing.png_bytes(figures.lstm_module(RNN | {"cell": [0, 0, 1]}).figure) for _ in "ab"
    )
    assert one == two


def test_alt_can_be_replaced_and_prefixed():
    for make in (figures.lstm_module, figures.rnn_module, figures.gru_module, figures.uses_of_rnns):
        assert make(alt="Mine alone.").alt == "Mine alone."
        assert make(prefix="Mine first.").alt.startswith("Mine first. ")


def test_cover_says_who_reads_and_what_comes_out():
    toy = figures.cover()
    assert "toy LSTM" in toy.alt
    assert "“not one dull minute in this film”" in toy.alt
    model = figures.cover(["dumb", "meetings"], [0.2, 0.1])
    assert "toy" not in model.alt
    assert "0.10 after “meetings”" in model.alt


def test_the_toy_network_carries_a_negation_to_a_later_word():
    from workshop_utils.figures.cover import toy_reading

    assert toy_reading(["not", "one", "dull"])[-1] > 0.5 > toy_reading(["one", "dull"])[-1]
    assert toy_reading(["not", "so", "good"])[-1] < 0.5 < toy_reading(["so", "good"])[-1]
