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
from workshop_utils.figures import alt as describe
from workshop_utils.figures import drawing, live, lstm, playing

CAPTION = "Each state is made of the word and the state before it."
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
    return playing.make_film(CHAIN, CAPTION, seconds=1.5)


def test_still_and_patch_together_are_the_picture_itself(chain_film):
    picture, film = chain_film
    still = pixels(film["still"])
    assert film["patches"][0] is None
    assert base64.b64encode(picture).decode() == film["still"].split(",")[1]
    for patch, made in zip(film["patches"], CHAIN.values(), strict=True):
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
    assert pixels(film["still"]).shape[1] == 2 * film["width"]
    assert film["milliseconds"] == 1500


def test_each_picture_says_what_the_others_do_not(chain_film):
    film = chain_film[1]
    assert film["alts"] == [CAPTION, *(made.alt for made in list(CHAIN.values())[1:])]
    for step, (word, state) in enumerate(zip(WORDS, RUN.hidden_states, strict=True)):
        told = f"Step {step + 1}: input {word}, state {describe.listed(state)}."
        assert told in film["notes"][step]


def data_of(html):
    """What the player was given, read back from the page."""
    return json.loads(re.search(r"const data = (\{.*\});\n", html)[1].replace("<\\/", "</"))


def test_play_publishes_a_still_its_caption_and_the_player(monkeypatch):
    shell = Shell(monkeypatch)
    assert figures.play(CHAIN, CAPTION, title="A chain", seconds=2) is None
    (still, metadata), (caption, _), (controls, _) = shell.published
    assert metadata["image/png"]["alt"] == caption["text/plain"] == CAPTION
    told = caption["text/markdown"]
    assert "Animation of 5 pictures: A chain. One after another: step 1 “not”; " in told
    assert "Shown here: step 1 “not”" in told
    film = data_of(controls["text/html"])
    assert film["still"] == "data:image/png;base64," + still["image/png"]
    assert film["names"] == list(CHAIN)
    assert film["alts"][0] == CAPTION
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
    html = live.page("player", ["player"], chain_film[1])
    outside = re.sub(r"<script>.*</script>", "", html, flags=re.DOTALL)
    assert live.WITHOUT_SCRIPTS in outside
    assert "<img" not in outside
    assert "<button" not in outside
    assert not re.search(r"https?:(?!//www\.w3\.org/2000/svg)|<link|@import|\bsrc=\"", html)
    # Nothing plays by itself: the only timer starts in what the button calls.
    assert html.count("setInterval") == 1
    assert html.index("const start") < html.index("setInterval") < html.index("const step")


def test_a_text_cannot_end_the_script(chain_film):
    film = {**chain_film[1], "names": ["</script><b>"] * 5}
    assert live.page("player", ["player"], film).count("</script>") == 1


def test_the_longest_animations_of_the_lessons_stay_small(monkeypatch):
    shell = Shell(monkeypatch)
    figures.play(CHAIN, CAPTION)
    figures.play(figures.lstm_gate_by_gate(STEP), CAPTION)
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
    figures.play([figures.loop(), figures.loop(highlight="loop")], title="A loop")
    printed = capsys.readouterr().out
    assert printed.startswith("Figure: Animation of 2 pictures: A loop. ")
    assert "Shown here: picture 1." in printed


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


def test_the_stages_name_every_number_of_a_step_once():
    from workshop_utils.figures.films import STAGES

    new = [name for *_, names in STAGES for name in names]
    given = ["x", "hidden_previous", "cell_previous"]
    assert sorted(new + given) == sorted(lstm.LSTM_VALUES)
