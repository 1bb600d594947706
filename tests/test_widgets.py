"""The gate explorer follows its sliders, and shows a picture where no widget can run."""

import base64
import html
import io
import re
import subprocess
import sys
from types import SimpleNamespace

import ipywidgets
import numpy as np
import pytest

from workshop_utils import widgets
from workshop_utils.cells import LSTMCell
from workshop_utils.widgets import explorer, output

CELL = LSTMCell.random(2, 2, seed=3)
VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def notebook(monkeypatch):
    """Pretend that a kernel runs, and keep what is displayed."""
    import IPython.display

    shown = []
    monkeypatch.setattr(output, "_without_notebook", lambda: False)
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


def spoken(lines):
    """The lines with signs that Python reads."""
    signs = {"\N{MINUS SIGN}": "-", "\N{MULTIPLICATION SIGN}": "*"}
    return [line.translate(str.maketrans(signs)) for line in lines]


@pytest.mark.parametrize("peepholes", [False, True])
def test_every_equation_is_there_and_true_to_its_rounding(peepholes):
    cell = LSTMCell.random(2, 2, seed=3, peepholes=peepholes)
    settings = widgets.start_settings(
        cell, {"x2": -1.0, "h1": 0.5, "C1": 2.0, "C2": -0.5, "forget": 2.0, "output": -3.0}
    )
    step, lines = widgets.step_with(cell, settings), spoken(widgets.equations(cell, settings))
    known = {"sigmoid": lambda z: 1 / (1 + np.exp(-z)), "tanh": np.tanh}
    assert [line for line in lines if "=" not in line] == ["unit 1", "", "unit 2"]
    for unit, start in enumerate((1, 9)):
        own = lines[start : start + 6]
        assert [line.split(" = ")[0] for line in own] == ["f", "i", "candidate", "o", "C", "h"]
        order = ("forget_gate", "input_gate", "candidate", "output_gate", "cell_state")
        for line, name in zip(own, (*order, "hidden_state"), strict=True):
            *sides, result = line.split(" = ")[1:]
            assert float(result) == pytest.approx(getattr(step, name)[unit], abs=0.0051)
            for side in sides:
                assert eval(side, known) == pytest.approx(float(result), abs=0.03)
        terms = own[0].split("(")[1].split(")")[0]
        assert len(re.findall(r"\d\.\d\d", terms)) == (4 if peepholes else 3)


def test_a_slider_of_a_gate_stands_in_the_bias_of_its_equation():
    settings = widgets.start_settings(CELL, {"forget": 2.0})
    forget, write = widgets.equations(CELL, settings)[1:3]
    assert forget.startswith("f = sigmoid(0.00 + 0.00 + 3.00) = sigmoid(3.00) = 0.95")
    assert write.startswith("i = sigmoid(0.00 + 0.00 + 0.00) = sigmoid(0.00) = 0.50")


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
    box = explorer._build(ipywidgets, CELL, settings)
    panel, picture, text, errors = box.children
    sliders = {s.description: s for group in panel.children for s in group.children[1:]}
    before, told = picture.value, text.value
    assert bytes(before).startswith(b"\x89PNG")
    sliders["forget gate"].value = 6.0
    sliders["C2"].value = 1.5
    assert picture.value != before
    assert text.value != told
    moved = {**settings, "forget": 6.0, "C2": 1.5}
    assert html.escape("\n".join(widgets.equations(CELL, moved))) in text.value
    assert html.escape(widgets.draw_step(CELL, moved).alt) in text.value
    assert 'role="group" aria-label="Equations of this step"' in text.value
    assert errors.outputs == ()


def test_sliders_keep_to_their_ranges():
    box = explorer._build(ipywidgets, CELL, widgets.start_settings(CELL))
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
    assert output._without_notebook() is expected


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
