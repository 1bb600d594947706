"""Animations: every picture is what it would be alone, and a still is there for every page."""

import base64
import io
import json
import re

import numpy as np
import pytest
from PIL import Image
from test_figures import Shell

from workshop_tools.outputs import compared
from workshop_utils import figures
from workshop_utils.cells import LSTMCell
from workshop_utils.figures import drawing, lstm, player, playing

CELL = LSTMCell.random(2, 2, seed=3)
WORDS = ["not", "a", "good", "film"]
VECTORS = np.random.default_rng(141).normal(size=(4, 2))
RUN = CELL.run(VECTORS, return_steps=True)
CHAIN = figures.unrolled_step_by_step(WORDS, RUN.hidden_states)
STEP = {
    "x": VECTORS[0],
    "hidden_previous": [0.0, 0.0],
    "cell_previous": [0.0, 0.0],
    "forget": RUN.steps.forget_gate[0],
    "input": RUN.steps.input_gate[0],
    "candidate": RUN.steps.candidate[0],
    "output": RUN.steps.output_gate[0],
    "cell": RUN.steps.cell_state[0],
    "hidden": RUN.steps.hidden_state[0],
}


def pixels(address):
    """The picture at a data address, with red, green, blue and opacity."""
    head, data = address.split(",")
    assert head == "data:image/png;base64"
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(data))).convert("RGBA")).astype(int)


@pytest.fixture(scope="module")
def chain_film():
    return playing.make_film(CHAIN, "A chain, read word by word.", first=4, seconds=1.5)


def test_still_and_patch_together_are_the_picture_itself(chain_film):
    picture, film = chain_film
    still = pixels(film.still)
    assert film.patches[4] is None
    assert base64.b64encode(picture).decode() == film.still.split(",")[1]
    for patch, made in zip(film.patches, CHAIN.values(), strict=True):
        seen = still[..., :3].copy()
        if patch is not None:
            over = pixels(patch)
            assert over.shape == still.shape
            assert set(np.unique(over[..., 3])) == {0, 255}
            seen[over[..., 3] == 255] = over[over[..., 3] == 255][:, :3]
        alone = np.asarray(drawing.rendered(made.figure)).astype(int)
        # 63 colours for all: most pixels are exact, edges of letters nearly.
        assert np.mean(np.abs(seen - alone)) < 0.5
        assert np.abs(seen - alone).max() < 64
    assert still[0, 0].tolist() == [255, 255, 255, 255]


def test_pictures_are_sharp_and_the_player_knows_their_shown_width(chain_film):
    film = chain_film[1]
    assert pixels(film.still).shape[1] == 2 * film.width
    assert film.milliseconds == 1500


def test_each_picture_says_what_the_others_do_not(chain_film):
    film = chain_film[1]
    assert film.alts[4] == "A chain, read word by word."
    assert film.notes[1].startswith("Step 2: input a, state ")
    assert "Step 1" not in film.notes[1]
    for step, state in enumerate(RUN.hidden_states):
        told = " and ".join(f"{value + 0.0:.2f}" for value in state.round(2))
        assert told in film.notes[step]


def data_of(html):
    """What the player was given, read back from the page."""
    return json.loads(re.search(r"const film = (\{.*\});\n", html)[1].replace("<\\/", "</"))


def test_play_publishes_a_still_its_caption_and_the_player(monkeypatch):
    shell = Shell(monkeypatch)
    assert figures.play(CHAIN, title="A chain", seconds=2) is None
    (still, metadata), (caption, _), (controls, _) = shell.published
    alt = metadata["image/png"]["alt"]
    assert alt.startswith("Animation of 5 pictures: A chain. One after another: step 1 “not”; ")
    assert alt.endswith(CHAIN["the whole chain"].alt)
    assert caption["text/plain"] == alt
    film = data_of(controls["text/html"])
    assert film["still"] == "data:image/png;base64," + still["image/png"]
    assert film["names"] == list(CHAIN)
    assert film["alts"][4] == alt
    assert film["milliseconds"] == 2000
    assert metadata["image/png"]["width"] == film["width"]
    assert controls["text/plain"].startswith("Buttons that play 5 pictures: step 1 “not”; ")


def test_two_runs_give_the_same_bytes_as_strict_validation_asks(monkeypatch):
    runs = []
    for _ in range(2):
        shell = Shell(monkeypatch)
        figures.play([figures.loop(highlight=part) for part in ("input", "state")])
        runs.append(
            [
                {"output_type": "display_data", "data": data, "metadata": metadata or {}}
                for data, metadata in shell.published
            ]
        )
    assert compared(runs[0]) == compared(runs[1])
    assert "text/html" in compared(runs[0])


def test_the_page_is_whole_without_scripts_and_needs_nothing_from_outside(chain_film):
    html = player.page(chain_film[1])
    outside = re.sub(r"<script>.*</script>", "", html, flags=re.DOTALL)
    assert player.WITHOUT_SCRIPTS in outside
    assert "<img" not in outside
    assert "<button" not in outside
    assert not re.search(r"https?:|<link|@import|\bsrc=\"", html)
    # Nothing plays by itself: the only timer starts in what the button calls.
    assert html.count("setInterval") == 1
    assert html.index("const start") < html.index("setInterval") < html.index("const step")


def test_a_text_cannot_end_the_script(chain_film):
    film = player.Film(**{**chain_film[1].__dict__, "names": ["</script><b>"] * 5})
    assert player.page(film).count("</script>") == 1


def test_the_longest_animations_of_the_lessons_stay_small(monkeypatch):
    words = ["queen", "sang", "alone", "king", "read", "there", "slept"]
    inputs = np.random.default_rng(2).normal(size=(7, 2))
    steps = CELL.run(inputs, return_steps=True).steps
    shell = Shell(monkeypatch)
    figures.play(figures.lstm_step_by_step(words, inputs, steps), title="A sentence")
    figures.play(figures.lstm_gate_by_gate(STEP), title="A step")
    for still, controls in (shell.published[0:3:2], shell.published[3:6:2]):
        stored = len(still[0]["image/png"]) + len(controls[0]["text/html"])
        assert stored <= playing.LARGEST_ANIMATION == 400_000


def test_an_animation_that_would_swell_the_notebook_is_refused(monkeypatch):
    Shell(monkeypatch)
    monkeypatch.setattr(playing, "LARGEST_ANIMATION", 20_000)
    with pytest.raises(ValueError, match="kB is the limit; show fewer pictures"):
        figures.play([figures.loop(), figures.loop(highlight="loop")])


def test_pictures_of_different_size_and_single_ones_are_refused():
    with pytest.raises(ValueError, match="not 1 drawings"):
        figures.play([figures.loop()])
    with pytest.raises(ValueError, match="2 drawings with 2 sizes"):
        figures.play([figures.loop(), figures.rnn_module()])


def test_without_a_notebook_the_description_is_printed(capsys):
    figures.play([figures.loop(), figures.loop(highlight="loop")], title="A loop", still=0)
    printed = capsys.readouterr().out
    assert printed.startswith("Figure: Animation of 2 pictures: A loop. One after another: ")
    assert "Shown here: picture 1." in printed
    figures.play([figures.loop(), figures.loop(highlight="loop")], alt="A loop, then its arrow.")
    assert capsys.readouterr().out == "Figure: A loop, then its arrow.\n"


def test_a_chain_shows_each_state_only_when_it_is_computed():
    assert list(CHAIN) == [f"step {t} “{w}”" for t, w in enumerate(WORDS, 1)] + ["the whole chain"]
    for step, made in enumerate(list(CHAIN.values())[:4], start=1):
        texts = [text.get_text() for text in made.figure.axes[0].texts]
        numbers = [text for text in texts if re.fullmatch(r"\N{MINUS SIGN}?\d\.\d\d", text)]
        assert len(numbers) == 2 * step
        assert f"Highlighted: step {step};" in made.alt


def test_gate_by_gate_adds_numbers_and_ends_with_the_whole_step():
    made = figures.lstm_gate_by_gate(STEP)
    counts = [
        sum("." in text.get_text() for text in one.figure.axes[0].texts) for one in made.values()
    ]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]
    assert made["the whole step"].alt == figures.lstm_module(STEP).alt
    assert "Highlighted: input and candidate" in made["input gate and candidate"].alt
    with pytest.raises(ValueError, match="The step lacks cell, hidden; give x, "):
        figures.lstm_gate_by_gate({k: v for k, v in STEP.items() if k not in ("cell", "hidden")})


def test_step_by_step_carries_the_states_on():
    made = list(figures.lstm_step_by_step(WORDS, VECTORS, RUN.steps).values())
    assert "previous cell state 0.00 and 0.00" in made[0].alt
    for before, after in zip(RUN.steps.cell_state, made[1:], strict=False):
        told = " and ".join(f"{value + 0.0:.2f}" for value in before.round(2))
        assert f"previous cell state {told}" in after.alt
    lit = figures.lstm_step_by_step(WORDS, VECTORS, RUN.steps, highlight="forget")
    assert all("Highlighted: forget" in one.alt for one in lit.values())
    with pytest.raises(ValueError, match="3 tokens, 4 inputs and 4 steps"):
        figures.lstm_step_by_step(WORDS[:3], VECTORS, RUN.steps)


def test_the_stages_name_every_number_of_a_step_once():
    from workshop_utils.figures.films import STAGES

    new = [name for *_, names in STAGES for name in names]
    given = ["x", "hidden_previous", "cell_previous"]
    assert sorted(new + given) == sorted(lstm.LSTM_VALUES)
