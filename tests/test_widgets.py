"""The gate explorer follows its sliders, and shows a picture where no widget can run."""

import base64
import io
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from workshop_utils import widgets
from workshop_utils.cells import LSTMCell

CELL = LSTMCell.random(2, 2, seed=3)
VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def notebook(monkeypatch):
    """Pretend that a kernel runs, and keep what is displayed."""
    import IPython.display

    shown = []
    monkeypatch.setattr(widgets, "_without_notebook", lambda: False)
    monkeypatch.setattr(
        IPython.display,
        "display",
        lambda data, metadata=None, raw=False: shown.append((data, metadata or {})),
    )
    return shown


def test_sliders_are_named_after_what_they_move():
    assert widgets.slider_names(CELL) == (
        ["x1", "x2", "h1", "h2", "C1", "C2", "forget", "input", "output"]
    )
    assert widgets.slider_names(LSTMCell.random(3, 1))[:5] == ["x1", "x2", "x3", "h1", "C1"]


def test_the_step_is_the_step_of_the_cell():
    settings = widgets.start_settings(CELL, {"x1": 1.0, "h2": -0.5, "C1": 1.5})
    step = widgets.step_with(CELL, settings)
    expected = CELL.trace([1.0, 0.0], [0.0, -0.5], [1.5, 0.0])
    for ours, theirs in zip(step, expected, strict=True):
        assert np.array_equal(ours, theirs)


@pytest.mark.parametrize("gate", widgets.GATES)
def test_a_slider_moves_its_own_gate_only(gate):
    settings = widgets.start_settings(CELL, {"x1": 1.0, "C1": 1.0})
    before = widgets.step_with(CELL, settings)
    after = widgets.step_with(CELL, {**settings, gate: 6.0})
    for name in ("forget_gate", "input_gate", "output_gate", "candidate"):
        moved = getattr(after, name) > getattr(before, name)
        assert moved.all() if name == f"{gate}_gate" else not moved.any()
    new, old = getattr(after, f"{gate}_gate"), getattr(before, f"{gate}_gate")
    assert np.log(new / (1 - new)) == pytest.approx(np.log(old / (1 - old)) + 6)
    assert np.array_equal(CELL.bias, LSTMCell.random(2, 2, seed=3).bias)


def test_the_drawing_tells_the_numbers_of_the_step():
    settings = widgets.start_settings(CELL, {"x1": 1.0, "C1": 2.0, "forget": 6.0})
    drawing = widgets.draw_step(CELL, settings, prefix="Look")
    step = widgets.step_with(CELL, settings)
    assert drawing.alt.startswith("Look")
    for value in (*step.cell_state, *step.hidden_state, *step.forget_gate):
        assert f"{value:.2f}" in drawing.alt


def test_the_equations_carry_the_numbers_of_the_step():
    settings = widgets.start_settings(CELL, {"x2": -1.0, "C1": 2.0, "C2": -0.5})
    step = widgets.step_with(CELL, settings)
    lines = [line.replace("\N{MINUS SIGN}", "-") for line in widgets.equations(CELL, settings)]
    assert len(lines) == 4
    for unit, old in enumerate((2.0, -0.5)):
        state, shown = lines[2 * unit : 2 * unit + 2]
        forget, write = step.forget_gate[unit], step.input_gate[unit]
        assert state.startswith(f"unit {unit + 1}: C = {forget:.2f} \N{MULTIPLICATION SIGN} {old}")
        assert f"+ {write:.2f} \N{MULTIPLICATION SIGN} {step.candidate[unit]:.2f}" in state
        assert state.endswith(f"= {step.cell_state[unit]:.2f}")
        assert shown.endswith(f"= {step.hidden_state[unit]:.2f}")


def test_no_number_is_a_negative_zero():
    settings = widgets.start_settings(CELL)
    still = LSTMCell(np.zeros((2, 8)), np.zeros((2, 8)), np.full(8, -1e-4))
    assert "\N{MINUS SIGN}0.00" not in "".join(widgets.equations(still, settings))


def test_a_notebook_gets_widget_and_picture_in_one_output(notebook):
    from PIL import Image

    widgets.gate_explorer(CELL, {"x1": 1.0})
    (bundle, metadata), (caption, _) = notebook
    assert bundle[VIEW]["model_id"]
    picture = Image.open(io.BytesIO(base64.b64decode(bundle["image/png"])))
    assert picture.width == 2 * metadata["image/png"]["width"]
    assert caption["text/plain"] == metadata["image/png"]["alt"]
    assert caption["text/plain"].startswith("The gate explorer before a slider is moved.")
    assert caption["text/markdown"].startswith("**Figure.** ")
    assert bundle["text/plain"] == "Figure: The gate explorer before a slider is moved."


def test_picture_and_equations_follow_a_slider():
    settings = widgets.start_settings(CELL, {"x1": 1.0})
    box = widgets._build(CELL, settings)
    panel, picture, text, errors = box.children
    sliders = {s.description: s for group in panel.children for s in group.children[1:]}
    before, told = picture.value, text.value
    assert bytes(before).startswith(b"\x89PNG")
    sliders["forget gate"].value = 6.0
    sliders["C2"].value = 1.5
    assert picture.value != before
    assert text.value != told
    moved = {**settings, "forget": 6.0, "C2": 1.5}
    assert widgets.equations(CELL, moved)[2] in text.value
    assert errors.outputs == ()


def test_sliders_keep_to_their_ranges():
    box = widgets._build(CELL, widgets.start_settings(CELL))
    panel = box.children[0]
    ranges = {s.description: (s.min, s.max) for g in panel.children for s in g.children[1:]}
    assert ranges["x1"] == ranges["h2"] == (-1, 1)
    assert ranges["C1"] == (-2, 2)
    assert ranges["forget gate"] == (-6, 6)
    assert len(ranges) == len(widgets.slider_names(CELL))


def test_without_ipywidgets_the_picture_stands_alone(notebook, monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    monkeypatch.setattr("IPython.get_ipython", object)
    widgets.gate_explorer(CELL)
    (bundle, metadata), (caption, _) = notebook
    assert "image/png" in bundle
    assert VIEW not in bundle
    assert caption["text/plain"] == metadata["image/png"]["alt"]


@pytest.mark.parametrize(
    ("shell", "expected"),
    [(None, True), (SimpleNamespace(), True), (SimpleNamespace(kernel=1), False)],
)
def test_only_a_kernel_can_run_a_widget(monkeypatch, shell, expected):
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    assert widgets._without_notebook() is expected


def test_outside_of_a_notebook_the_description_is_printed(capsys):
    widgets.gate_explorer(CELL)
    assert capsys.readouterr().out.startswith("Figure: The gate explorer before a slider")


@pytest.mark.parametrize(
    ("cell", "start", "message"),
    [
        (LSTMCell.random(4, 2), {}, "not one with 4 features and 2 units"),
        (LSTMCell.random(2, 4), {}, "not one with 2 features and 4 units"),
        (LSTMCell.random(2, 2, coupled=True), {}, "2 units and coupled gates"),
        (CELL, {"x3": 1.0}, "No slider is called 'x3'; there are x1, x2"),
        (CELL, {"x1": 1.5}, "x1 goes from -1 to 1, not 1.5"),
        (CELL, {"C1": float("nan")}, "C1 goes from -2 to 2, not nan"),
    ],
)
def test_errors_say_what_to_do(cell, start, message):
    with pytest.raises(ValueError, match=message):
        widgets.gate_explorer(cell, start)


def test_importing_it_loads_neither_widgets_nor_tensorflow():
    code = (
        "import sys, workshop_utils.widgets; "
        "print([n for n in ('ipywidgets', 'tensorflow', 'keras') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
