"""The check under Colab's packages: its list, its verdict, the README's line; and the wheel."""

import os
import sys
import tomllib
from pathlib import Path

import pytest
from nbformat import v4
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from workshop_tools import colab_check, colab_list
from workshop_tools.colab_check import problems
from workshop_tools.editions import as_text
from workshop_tools.execute import Execution
from workshop_tools.lesson_files import learner_path
from workshop_tools.tweets_at_hand import SYNTHETIC
from workshop_utils.learning.lessons import EVERY, LESSONS, CourseError

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
AT_HAND = Path(os.environ.get("LSTM_WORKSHOP_COLAB_LIST") or ROOT / colab_list.BESIDE_THE_CLONE)
PINS = dict.fromkeys(colab_list.NEEDED, "1.0") | {"tensorflow": "2.20.0", "keras": "3.13.2"}
TEXT = "# backend-info, Python 3.13.15, 2026-08-19\n" + "".join(
    f"{name}=={version}\n" for name, version in PINS.items()
)


@pytest.fixture
def folder(tmp_path):
    """A folder with a small list of Colab's."""
    place = tmp_path / "list"
    place.mkdir()
    (place / colab_list.LIST_NAME).write_text(TEXT, encoding="utf-8")
    return place


def test_a_list_says_its_day_its_python_and_its_versions(folder):
    listed = colab_list.read_list(ROOT, folder)
    assert (listed.date, listed.python) == ("2026-08-19", "3.13")
    assert listed.pins["tensorflow"] == "2.20.0"
    text = "PyYAML==6.0.3\nJupyter_Core==5.9.1\nours @ file:///x.whl\n"
    assert colab_list.pinned(text) == {"pyyaml": "6.0.3", "jupyter-core": "5.9.1"}


def test_another_file_is_not_a_list_and_none_is_a_sentence(folder, tmp_path):
    (folder / colab_list.LIST_NAME).write_text("hello\n")
    with pytest.raises(CourseError, match="not Colab's list"):
        colab_list.read_list(ROOT, folder)
    with pytest.raises(CourseError, match="--list FOLDER"):
        colab_list.read_list(ROOT, tmp_path)


@pytest.fixture
def colabs_list():
    """The list that is at hand; skipped elsewhere, because tests fetch nothing."""
    if not (AT_HAND / colab_list.LIST_NAME).is_file():
        pytest.skip("Colab's list is not at hand (set LSTM_WORKSHOP_COLAB_LIST to its folder)")
    return colab_list.read_list(ROOT, AT_HAND)


@pytest.mark.parametrize("line", PROJECT["dependencies"])
def test_colab_has_every_dependency_in_its_range(colabs_list, line):
    wanted = Requirement(line)
    version = colabs_list.pins.get(wanted.name.lower())
    assert version is not None, f"Colab does not have {wanted.name}"
    assert wanted.specifier.contains(version), f"Colab has {wanted.name} {version}, not {line}"


def test_colabs_python_is_supported_and_what_the_check_installs_is_enough(colabs_list):
    assert SpecifierSet(PROJECT["requires-python"]).contains(f"{colabs_list.python}.0")
    assert set(colab_list.NEEDED) <= colabs_list.pins.keys()
    needed = {Requirement(line).name for line in PROJECT["dependencies"]}
    assert needed <= set(colab_list.NEEDED)


def test_what_colab_lacks_is_named_before_anything_is_installed(folder, tmp_path):
    text = TEXT.replace("requests==1.0\n", "")
    (folder / colab_list.LIST_NAME).write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match="requests"):
        colab_list.prepared(tmp_path / "venv", colab_list.read_list(ROOT, folder))


def ran(*outputs, failure="", errors=""):
    """A run whose code cells printed these texts, the last one errors too."""
    cells = [v4.new_code_cell("", outputs=[v4.new_output("stream", text=t)]) for t in outputs]
    if errors:
        cells[-1].outputs.append(v4.new_output("stream", name="stderr", text=errors))
    return Execution(v4.new_notebook(cells=cells), failure=failure, failed_cell=2)


LINE = "Notebook 01 · Google Colab · no GPU\n"


@pytest.mark.parametrize(
    ("run", "words"),
    [
        (ran(LINE, "fine"), ""),
        (ran("Notebook 01 · Jupyter\n"), "does not name Colab"),
        (ran(LINE + "Warning: Keras 3.1 is outside\n"), "Keras 3.1 is outside"),
        (ran(LINE, "<table><tr>"), "code cell 2 shows HTML as text: <table>"),
        (ran(LINE, "fine", errors="I0000 device_compiler"), "standard error: I0000"),
        (ran(LINE, failure="NameError: x"), "NameError: x"),
    ],
)
def test_the_verdict_on_a_run(run, words):
    found = problems(run)
    assert bool(found) is bool(words)
    assert words in "".join(found)


ASKING = """
import os
from google.colab import userdata
try:
    userdata.get("KEY")
except userdata.SecretNotFoundError:
    print(*sorted(os.listdir()), "LSTM_WORKSHOP_PLATFORM" in os.environ)
"""


def test_a_runtime_is_empty_but_for_the_wheel_and_hears_what_is_asked(tmp_path, monkeypatch):
    monkeypatch.setenv("LSTM_WORKSHOP_PLATFORM", "script")
    cells = ["import workshop_utils\nworkshop_utils.start('01')", ASKING]
    notebook = v4.new_notebook(cells=[v4.new_code_cell(cell) for cell in cells])
    wheel = tmp_path / "lstm_workshop-0-py3-none-any.whl"
    wheel.touch()
    python = Path(sys.executable)  # which has the package already
    result, wrong = colab_check.run_fresh(notebook, ROOT, python, wheel, SYNTHETIC)
    assert result.passed, result.failure
    printed = result.notebook["cells"][1]["outputs"][0]["text"]
    assert printed == "lstm_workshop-0-py3-none-any.whl False\n"
    assert wrong == ["it asked the learner: userdata.get"]


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """A clone with small notebooks, and every costly part of the check replaced."""
    root = tmp_path / "clone"
    for place in ("colab/further", "tests/colab", "tests/stubs"):
        (root / place).mkdir(parents=True)
    (root / "pyproject.toml").write_text('[tool.workshop]\nrepository = "a/b"\nref = "main"\n')
    (root / "README.md").write_text("# T\n\n<!-- workshop:colab -->\n<!-- /workshop:colab -->\n")
    (root / "tests/colab/touch_widgets.py").write_text('"""Doc."""\n\n# %% One\nx = 1\n')
    for lesson in EVERY:
        cells = [v4.new_code_cell("start()"), v4.new_code_cell("1")]
        learner_path(lesson, root).write_text(as_text(v4.new_notebook(cells=cells)))
    versions = [{"numpy": "1.0"}]
    monkeypatch.setattr(colab_check, "run_fresh", lambda notebook, *_: (Execution(notebook), []))
    monkeypatch.setattr(colab_check, "prepared", lambda *_: Path("python"))
    monkeypatch.setattr(colab_check, "uv", lambda *_: "Python 3.13.5")
    monkeypatch.setattr(
        colab_check, "_versions", lambda _: versions.pop() if versions[1:] else versions[0]
    )
    monkeypatch.setattr(colab_check, "build_wheel", lambda root, folder: folder / "x.whl")
    monkeypatch.setattr(colab_check, "look_for_tweets", lambda: SYNTHETIC)
    monkeypatch.chdir(root)
    return root, versions


def test_a_whole_run_that_passes_dates_the_readme_and_a_part_does_not(clone, folder):
    root, _ = clone
    before = (root / "README.md").read_text()
    assert colab_check.check(folder, ["01"]) == 0
    assert (root / "README.md").read_text() == before
    assert colab_check.check(folder) == 0
    page = (root / "README.md").read_text()
    assert "Colab's list of packages of 2026-08-19 (TensorFlow 2.20.0, Keras 3.13.2" in page
    assert "Python 3.13.5" in page
    learner_path(LESSONS[4], root).unlink()
    with pytest.raises(FileNotFoundError, match=r"05_training_the_lstm\.ipynb"):
        colab_check.check(folder)


def test_a_package_that_changes_its_version_fails_the_check(clone, folder, capsys):
    _, versions = clone
    versions += [{"numpy": "2.0", "torch": "9"}, {"numpy": "1.0"}]
    assert colab_check.check(folder, ["01"]) == 1
    said = capsys.readouterr().out
    assert "numpy was 1.0, is 2.0" in said
    assert "torch was absent, is 9" in said
