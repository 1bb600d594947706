"""The check under Colab's packages: its list, its environment, its verdict, the README's line."""

import datetime
import os
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest
from nbformat import v4
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from typer.testing import CliRunner
from workshop_tools.colab_check.runtime import OutOfTimeError, Runtime, problems

from workshop_tools import readme, wheel
from workshop_tools.colab_check import check as room
from workshop_tools.colab_check import environment, passed, published
from workshop_tools.execute import Execution
from workshop_tools.repository_url import Slug, read_slug
from workshop_tools.tweets_at_hand import TWIN_ASKED_FOR
from workshop_utils.cli import main
from workshop_utils.lessons import LESSONS, CourseError

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
AT_HAND = Path(os.environ.get("LSTM_WORKSHOP_COLAB_LIST") or ROOT / published.BESIDE_THE_CLONE)
HEAD = "# backend-info, Python 3.13.15, 2026-08-19\n# more\n"
PINS = dict.fromkeys(environment.NEEDED, "1.0") | {"tensorflow": "2.20.0", "keras": "3.13.2"}
TEXT = HEAD + "".join(f"{name}=={version}\n" for name, version in PINS.items())


@pytest.fixture
def folder(tmp_path):
    """A folder with a small list of Colab's."""
    place = tmp_path / "list"
    place.mkdir()
    (place / published.LIST_NAME).write_text(TEXT, encoding="utf-8")
    return place


# --- the list


def test_a_list_says_its_day_its_python_and_its_versions(folder):
    listed = published.read_list(folder / published.LIST_NAME)
    assert (listed.date, listed.python) == ("2026-08-19", "3.13")
    assert listed.pins["tensorflow"] == "2.20.0"
    assert "tensorflow==2.20.0\n" in listed.constraints()


def test_names_are_compared_as_indexes_do_and_addresses_are_left_out(folder):
    path = folder / published.LIST_NAME
    path.write_text("PyYAML==6.0.3\nJupyter_Core==5.9.1\nours @ file:///x.whl\n")
    assert published.read_list(path).pins == {"pyyaml": "6.0.3", "jupyter-core": "5.9.1"}


def test_a_list_without_a_day_has_that_of_its_file(folder):
    path = folder / published.LIST_NAME
    path.write_text("numpy==2.1.3\n")
    day = datetime.datetime(2026, 3, 4, 12)
    os.utime(path, (day.timestamp(), day.timestamp()))
    assert published.read_list(path).date == "2026-03-04"
    assert published.read_list(path).python == ""


def test_another_file_is_not_a_list(folder):
    path = folder / published.LIST_NAME
    path.write_text("hello\n")
    with pytest.raises(CourseError, match="not Colab's list"):
        published.read_list(path)


def test_without_a_list_the_sentence_says_where_to_get_one(tmp_path):
    for place in (None, tmp_path / "nowhere"):
        with pytest.raises(CourseError, match=r"googlecolab/backend-info.*--list FOLDER"):
            published.find_list(tmp_path / "clone", place)


def test_the_list_lies_beside_the_clone_by_default(tmp_path):
    (tmp_path / "shared" / "colab").mkdir(parents=True)
    (tmp_path / "clone").mkdir()
    path = tmp_path / "shared" / "colab" / published.LIST_NAME
    path.write_text(TEXT)
    assert published.find_list(tmp_path / "clone").resolve() == path


def test_versions_that_differ_from_colabs_are_named(folder):
    listed = published.read_list(folder / published.LIST_NAME)
    assert listed.unlike({"keras": "3.13.2", "not-on-the-list": "1"}) == []
    assert listed.unlike({"keras": "3.15.1"}) == ["keras is 3.15.1 here and 3.13.2 in Colab"]


@pytest.fixture
def colabs_list():
    """The list that is at hand; skipped elsewhere, because tests fetch nothing."""
    path = AT_HAND / published.LIST_NAME
    if not path.is_file():
        pytest.skip("Colab's list is not at hand (set LSTM_WORKSHOP_COLAB_LIST to its folder)")
    return published.read_list(path)


@pytest.mark.parametrize("line", PROJECT["dependencies"])
def test_colab_has_every_dependency_in_its_range(colabs_list, line):
    wanted = Requirement(line)
    version = colabs_list.pins.get(wanted.name.lower())
    assert version is not None, f"Colab does not have {wanted.name}"
    assert wanted.specifier.contains(version), f"Colab has {wanted.name} {version}, not {line}"


def test_colabs_python_is_supported_and_its_list_has_what_the_check_installs(colabs_list):
    assert SpecifierSet(PROJECT["requires-python"]).contains(f"{colabs_list.python}.0")
    assert set(environment.NEEDED) <= colabs_list.pins.keys()


def test_the_short_list_is_part_of_the_whole_one(colabs_list):
    short = AT_HAND / "constraints.txt"
    if not short.is_file():
        pytest.skip("there is no short list beside the whole one")
    assert published.read_list(short).pins.items() <= colabs_list.pins.items()


def test_the_check_installs_every_dependency_of_the_package():
    assert {Requirement(line).name for line in PROJECT["dependencies"]} <= set(environment.NEEDED)


# --- the environment


@pytest.fixture
def uv(monkeypatch):
    """Stand in for uv: note what it is asked for, and make the Python of an environment."""
    calls = []

    def run(words, seconds):
        calls.append(list(words))
        if list(words)[:2] == ["python", "find"]:
            found = words[-1] == "3.12"
            return SimpleNamespace(returncode=0 if found else 2, stdout="/opt/py312\n", stderr="")
        if words[0] == "venv":
            python = Path(words[-1], "Scripts/python.exe" if os.name == "nt" else "bin/python")
            python.parent.mkdir(parents=True, exist_ok=True)
            python.touch()
        return SimpleNamespace(returncode=0, stdout="", stderr="")

    monkeypatch.setattr(environment, "_run_uv", run)
    return calls


def test_an_environment_is_made_from_the_list_alone_and_only_once(uv, folder, tmp_path, capsys):
    listed = published.read_list(folder / published.LIST_NAME)
    python = environment.prepared(tmp_path / "venv", listed)
    assert python.is_file()
    find, *others, install = uv
    assert find[-1] == "3.13"  # Colab's own is asked for first
    assert others[-1][:2] == ["venv", "--clear"]
    assert "/opt/py312" in others[-1]
    assert set(environment.NEEDED) <= set(install)
    assert "lstm-workshop" not in " ".join(install)
    constraints = Path(install[install.index("--constraints") + 1])
    assert constraints.read_text() == listed.constraints()
    uv.clear()
    assert environment.prepared(tmp_path / "venv", listed) == python
    assert {tuple(call[:2]) for call in uv} == {("python", "find")}


def test_another_list_makes_another_environment(uv, folder, tmp_path):
    environment.prepared(tmp_path / "venv", published.read_list(folder / published.LIST_NAME))
    uv.clear()
    (folder / published.LIST_NAME).write_text(TEXT.replace("3.13.2", "3.14.0"))
    environment.prepared(tmp_path / "venv", published.read_list(folder / published.LIST_NAME))
    assert ["pip", "install"] in [call[:2] for call in uv]


def test_what_colab_lacks_is_named_before_anything_is_installed(uv, folder, tmp_path):
    (folder / published.LIST_NAME).write_text(TEXT.replace("pooch==1.0\n", ""))
    with pytest.raises(CourseError, match="stand on pooch, which Colab's list does not have"):
        environment.prepared(tmp_path / "venv", published.read_list(folder / published.LIST_NAME))
    assert uv == []


@pytest.mark.parametrize("fails", ["python", "pip"])
def test_a_failure_of_uv_is_a_sentence_and_leaves_no_stamp(
    uv, folder, tmp_path, monkeypatch, fails
):
    working = environment._run_uv

    def run(words, seconds):
        if words[0] == fails:
            return SimpleNamespace(returncode=1, stdout="", stderr="no such thing")
        return working(words, seconds)

    monkeypatch.setattr(environment, "_run_uv", run)
    with pytest.raises(CourseError, match=r"install one of them|no such thing"):
        environment.prepared(tmp_path / "venv", published.read_list(folder / published.LIST_NAME))
    assert not (tmp_path / "venv" / environment._STAMP).exists()


def test_freezing_reads_a_real_environment_without_the_clone_in_its_path(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    frozen = environment.freeze(Path(sys.executable))
    assert {"pip", "numpy", "jupyter-core"} <= frozen.keys()
    assert "PYTHONPATH" not in environment.bare()
    assert environment.version_of(Path(sys.executable)).startswith("3.")


def test_a_python_without_pip_is_a_sentence(monkeypatch):
    monkeypatch.setattr(
        subprocess, "run", lambda *a, **n: SimpleNamespace(returncode=1, stderr="No module pip")
    )
    with pytest.raises(CourseError, match="No module pip"):
        environment.freeze(Path(sys.executable))


# --- one notebook


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
        (ran(LINE + "Warning: Keras 3.1 is outside\n"), "Warning: Keras 3.1 is outside"),
        (ran(LINE, "<table><tr>"), "code cell 2 shows HTML as text: <table>"),
        (ran(LINE, "fine", errors="I0000 device_compiler"), "writes to standard error: I0000"),
        (ran(LINE, failure="NameError: x"), "code cell 2 failed:\nNameError: x"),
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


@pytest.fixture
def runtime(tmp_path):
    """A runtime with this Python, which has the package already."""
    made = tmp_path / "lstm_workshop-0-py3-none-any.whl"
    made.touch()
    python, until = Path(sys.executable), time.monotonic() + 120
    return Runtime(ROOT, python, made, TWIN_ASKED_FOR, 60, until)


def test_a_runtime_is_empty_but_for_the_wheel_and_hears_what_is_asked(runtime, monkeypatch):
    monkeypatch.setenv("LSTM_WORKSHOP_PLATFORM", "script")
    cells = ["import workshop_utils\nworkshop_utils.start('01')", ASKING]
    notebook = v4.new_notebook(cells=[v4.new_code_cell(cell) for cell in cells])
    seen = []
    result, wrong = runtime.run(notebook, seen.append)
    assert result.passed, result.failure
    assert seen == [1, 2]
    printed = result.notebook["cells"][1]["outputs"][0]["text"]
    assert printed == "lstm_workshop-0-py3-none-any.whl False\n"
    assert wrong == ["it asked the learner: userdata.get"]


def test_no_notebook_starts_when_the_time_is_over(runtime):
    late = Runtime(ROOT, runtime.python, runtime.wheel, TWIN_ASKED_FOR, 60, time.monotonic() - 1)
    with pytest.raises(OutOfTimeError, match="give more with --minutes"):
        late.run(v4.new_notebook(), print)


# --- the whole check


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """A clone with six small notebooks, and every costly part of the check replaced."""
    root = tmp_path / "clone"
    for place in ("colab", "tests/colab", "tests/stubs"):
        (root / place).mkdir(parents=True)
    (root / "pyproject.toml").write_text('[tool.workshop]\nrepository = "a/b"\nref = "main"\n')
    (root / "README.md").write_text("# T\n\n<!-- workshop:colab -->\n<!-- /workshop:colab -->\n")
    (root / "tests/colab/touch_widgets.py").write_text('"""Doc."""\n\n# %% One\nx = 1\n')
    for lesson in LESSONS:
        cells = [v4.new_code_cell("start()"), v4.new_code_cell("1")]
        lesson.learner(root).write_text(room.as_text(v4.new_notebook(cells=cells)))
    runs, versions = [], [{"numpy": "1.0"}]

    def run(self, notebook, on_cell):
        runs.append([cell["source"] for cell in notebook["cells"]])
        on_cell(1)
        return Execution(notebook), []

    monkeypatch.setattr(Runtime, "run", run)
    monkeypatch.setattr(room, "prepared", lambda folder, listed: Path("python"))
    monkeypatch.setattr(room, "version_of", lambda python: "3.13.5")
    monkeypatch.setattr(room, "freeze", lambda python: dict(versions[-1]))
    monkeypatch.setattr(room, "remove", lambda python, name: None)
    monkeypatch.setattr(room, "build_wheel", lambda root, folder: folder / "x.whl")
    monkeypatch.setattr(room, "look_for_tweets", lambda: TWIN_ASKED_FOR)
    return SimpleNamespace(root=root, runs=runs, versions=versions)


def test_a_whole_run_that_passes_dates_the_readme(clone, folder, capsys):
    assert room.check(folder, root=clone.root) == 0
    assert len(clone.runs) == len(LESSONS) + 1
    assert clone.runs[-1][1] == "x = 1"
    assert "%pip install" in clone.runs[-1][0]
    page = (clone.root / "README.md").read_text()
    today = datetime.date.today().isoformat()
    assert f"Last passed on {today} with Colab's list of packages of 2026-08-19" in page
    assert "TensorFlow 2.20.0, Keras 3.13.2" in page
    assert "Python 3.13.5" in page
    assert "the offline twin" in page
    assert readme.filled(page, clone.root, read_slug(clone.root)) == page
    said = capsys.readouterr().out
    assert all(f"✓ {lesson.name}" in said for lesson in LESSONS)
    assert (clone.root / "build/colab" / f"{LESSONS[0].name}.ipynb").is_file()


def test_a_part_that_passes_dates_nothing(clone, folder):
    before = (clone.root / "README.md").read_text()
    assert room.check(folder, ["01"], root=clone.root) == 0
    assert len(clone.runs) == 1
    assert (clone.root / "README.md").read_text() == before
    assert passed.read_passed(clone.root) is None


def test_a_package_that_changes_its_version_fails_the_check(clone, folder, monkeypatch, capsys):
    answers = iter([{"numpy": "1.0"}, {"numpy": "2.0", "torch": "9"}])
    monkeypatch.setattr(room, "freeze", lambda python: next(answers))
    assert room.check(folder, ["01"], root=clone.root) == 1
    said = capsys.readouterr().out
    assert "numpy was 1.0 and is 2.0" in said
    assert "torch was absent and is 9" in said
    assert "failed: 01_rnn_intuition" in said


def test_one_notebook_that_fails_is_named_and_the_readme_keeps_its_date(
    clone, folder, monkeypatch, capsys
):
    assert room.check(folder, root=clone.root) == 0
    before = (clone.root / "README.md").read_text().replace("Last passed on ", "Last passed on 19")
    (clone.root / "README.md").write_text(before)
    good = Runtime.run

    def run(self, notebook, on_cell):
        result, wrong = good(self, notebook, on_cell)
        return result, [*wrong, *(["it broke"] if len(clone.runs) == 9 else [])]

    monkeypatch.setattr(Runtime, "run", run)
    assert room.check(folder, root=clone.root) == 1
    said = capsys.readouterr().out
    assert "✗ 02_long_term_dependencies" in said
    assert "it broke" in said
    assert "✓ 06_inference" in said
    assert (clone.root / "README.md").read_text() == before


def test_an_environment_that_is_not_colabs_stops_the_check(clone, folder):
    clone.versions.append({"keras": "3.15.1"})
    with pytest.raises(CourseError, match=r"keras is 3\.15\.1 here and 3\.13\.2 in Colab"):
        room.check(folder, root=clone.root)
    assert clone.runs == []


def test_a_missing_notebook_stops_the_check(clone, folder):
    LESSONS[4].learner(clone.root).unlink()
    with pytest.raises(CourseError, match=r"05_training_the_lstm\.ipynb is missing"):
        room.check(folder, root=clone.root)


def test_our_own_package_does_not_count_as_a_change():
    assert room.changed({"a": "1"}, {"a": "1", "lstm-workshop": "0.1.0"}) == []


# --- the line, the wheel, the commands


def test_the_line_says_when_nothing_has_passed(tmp_path):
    assert passed.sentence(tmp_path) == passed.NOT_YET


def test_a_damaged_record_says_what_to_do(tmp_path):
    (tmp_path / "colab").mkdir()
    (tmp_path / passed.FILE).write_text('day = "2026-01-01"\n')
    with pytest.raises(CourseError, match="run `make colab-check`"):
        passed.sentence(tmp_path)


def test_the_projects_readme_has_the_line():
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"<!-- workshop:colab -->\n{passed.sentence(ROOT)}\n<!-- /workshop:colab -->" in page


def test_the_set_up_cell_of_an_edition_installs_from_its_own_tag():
    from workshop_tools.editions import bootstrap

    assert "/archive/v9.zip" in bootstrap(LESSONS[0], Slug("a/b", "v9"))


def test_a_wheel_that_cannot_be_built_gives_pips_reason(tmp_path):
    for name in wheel.SOURCES[:3]:
        (tmp_path / name).write_text("[build-system]\nrequires = []\nbuild-backend = 'nowhere'\n")
    (tmp_path / "workshop_utils").mkdir()
    with pytest.raises(CourseError, match="pip cannot build the wheel"):
        wheel.build_wheel(tmp_path, tmp_path / "dist")


def test_what_an_earlier_build_left_does_not_get_into_the_wheel(tmp_path, monkeypatch):
    copied = []

    def pip_wheel(source, made):
        copied.extend(sorted(path.name for path in source.iterdir()))
        made.mkdir()
        (made / "x.whl").touch()

    monkeypatch.setattr(wheel, "_pip_wheel", pip_wheel)
    assert wheel.build_wheel(ROOT, tmp_path / "out") == tmp_path / "out" / "x.whl"
    assert copied == sorted(wheel.SOURCES)


def test_the_commands_hand_on_their_options(monkeypatch, tmp_path):
    calls = []
    monkeypatch.setattr(room, "check", lambda *a, **n: calls.append((a, n)) or 0)
    monkeypatch.setattr(wheel, "build_wheel", lambda root, folder: folder / "x.whl")
    command = ["colab-check", "--list", str(tmp_path), "--only", "01", "--minutes", "9"]
    assert CliRunner().invoke(main.app, command).exit_code == 0
    assert calls == [((tmp_path, ["01"]), {"minutes": 9.0, "cell_timeout": 600})]
    monkeypatch.chdir(ROOT)
    done = CliRunner().invoke(main.app, ["wheel", "--out", str(tmp_path)])
    assert done.exit_code == 0
    assert str(tmp_path / "x.whl") in done.output
    assert "colab/README.md" in done.output
