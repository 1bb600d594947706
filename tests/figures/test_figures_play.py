"""Animations: diagrams drawn again by a script, with the first one as a picture for every page."""

import json
import re

import numpy as np
import pytest
from test_figures_show import Shell

from workshop_utils import figures
from workshop_utils.cells import LSTMCell
from workshop_utils.figures import alt as describe
from workshop_utils.figures import live, playing

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


def data_of(html):
    """What the script was given, read back from the page."""
    return json.loads(re.search(r"const data = (\{.*\});\n", html)[1])


def test_play_publishes_its_first_picture_a_caption_and_the_player(monkeypatch):
    shell = Shell(monkeypatch)
    assert figures.play(CHAIN, CAPTION, title="A chain") is None
    (_, metadata), (caption, _), (controls, _) = shell.published
    assert metadata["image/png"]["alt"] == caption["text/plain"] == CAPTION
    told = caption["text/markdown"]
    assert "Animation of 5 pictures: A chain. One after another: step 1 “not”; " in told
    assert "Shown here: step 1 “not”" in told
    film = data_of(controls["text/html"])
    assert film["shown"] == [metadata["image/png"][side] for side in ("width", "height")]
    assert film["names"] == list(CHAIN)
    assert film["caption"] == CAPTION
    assert film["milliseconds"] == playing.MILLISECONDS
    for step, (word, state) in enumerate(zip(WORDS, RUN.hidden_states, strict=True)):
        state = describe.listed(state).replace("-", "\N{MINUS SIGN}")
        assert film["notes"][step] == (
            f"Step {step + 1} makes the state {state} of “{word}” and the state before."
        )


def test_the_title_stands_above_and_not_in_the_picture(monkeypatch):
    shell = Shell(monkeypatch)
    figures.play(CHAIN, CAPTION)
    film = data_of(shell.published[2][0]["text/html"])
    assert film["title"] == "The loop, unrolled"
    assert all(film["title"] not in piece for frame in film["frames"] for piece in frame)


def test_every_note_is_whole_sentences():
    for drawing in CHAIN.values():
        assert re.fullmatch(r"[A-Z][^{}]+\.", drawing.note)


def test_a_player_moves_to_what_a_picture_is_the_first_to_light():
    *steps, whole = playing._middles(list(CHAIN.values()))
    assert steps == sorted(set(steps))
    assert whole is None


def test_every_piece_of_a_diagram_reaches_the_page():
    made = figures.lstm_module(STEP)
    written = [text.get_text() for text in made.figure.axes[0].texts]
    pieces = [playing._as_data(*piece) for piece in made.pieces]
    assert sum(kind == "text" for kind, *_ in pieces) == len(written)
    for kind in ("frame", "wire", "box", "node", "capsule", "dot", "vector"):
        assert kind in {piece[0] for piece in pieces}


def test_two_runs_give_the_same_bytes_as_strict_validation_asks(monkeypatch):
    runs = []
    for _ in range(2):
        shell = Shell(monkeypatch)
        figures.play({"module": figures.lstm_module(STEP)}, CAPTION)
        runs.append(shell.published)
        assert len(shell.published[2][0]["text/html"]) < 45_000
    assert runs[0] == runs[1]


def test_the_page_is_whole_without_scripts_and_needs_nothing_from_outside(monkeypatch):
    shell = Shell(monkeypatch)
    figures.play(CHAIN, CAPTION)
    html = shell.published[2][0]["text/html"]
    outside = re.sub(r"<script>.*</script>", "", html, flags=re.DOTALL)
    assert live.WITHOUT_SCRIPTS in outside
    assert "<img" not in outside
    assert "<button" not in outside
    assert not re.search(r"https?:(?!//www\.w3\.org/2000/svg)|<link|@import|\bsrc=\"", html)
    # Nothing plays by itself: the only timer starts in what the button calls.
    assert html.count("setInterval") == 1


def test_a_text_cannot_end_the_script():
    assert live.page("player", ["player"], {"names": ["</script><b>"]}).count("</script>") == 1


def test_pictures_of_different_size_and_plots_are_refused():
    with pytest.raises(ValueError, match="diagrams of one size"):
        figures.play({"module": figures.lstm_module(), **CHAIN}, CAPTION)
    with pytest.raises(ValueError, match="plots cannot be played"):
        figures.play({"plot": figures.lines([1, 2], {"a": [1, 2]})}, CAPTION)


def test_without_a_notebook_the_words_are_printed(capsys):
    figures.play(CHAIN, CAPTION)
    assert capsys.readouterr().out.startswith(f"Figure: {CAPTION} Animation of 5 pictures. ")


def test_a_chain_shows_each_state_only_when_it_is_computed():
    assert list(CHAIN) == [f"step {t} “{w}”" for t, w in enumerate(WORDS, 1)] + ["the whole chain"]
    for step, made in enumerate(list(CHAIN.values())[:4], start=1):
        texts = [(text.get_text(), text.get_gid()[:3]) for text in made.figure.axes[0].texts]
        numbers = [text for text, _ in texts if re.fullmatch(r"\N{MINUS SIGN}?\d\.\d\d", text)]
        assert len(numbers) == 2 * step
        assert [text for text, look in texts if text[:4] == "step" and look == "lit"] == [
            f"step {step}"
        ]
        assert f"Highlighted: step {step};" in made.alt
