"""The first cell of a notebook: where it installs the package from, without the package's help."""

import glob
import os
import re
import sys
import threading
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from colab_kernel import run_in_colab, text_of
from IPython.core.inputtransformer2 import TransformerManager

from workshop_tools.editions import bootstrap
from workshop_tools.repository_url import Slug
from workshop_tools.wheel import build_wheel
from workshop_utils.learning.lessons import LESSONS

ROOT = Path(__file__).resolve().parents[2]
CELL = bootstrap(LESSONS[2], Slug("owner/name", "v1.0"))
GITHUB = "https://github.com/owner/name/archive/v1.0.zip"
NAME = "lstm_workshop-{}-py3-none-any.whl"


@pytest.fixture
def runtime(monkeypatch, tmp_path):
    """A runtime without the package: calling it runs the cell and returns what pip was told."""
    content = tmp_path / "content"
    drive = tmp_path / "drive"
    content.mkdir()
    monkeypatch.chdir(content)
    monkeypatch.delenv("LSTM_WORKSHOP_INSTALL", raising=False)
    monkeypatch.setitem(sys.modules, "workshop_utils", None)

    def run():
        told = []
        started = []

        def magic(name, line):
            told.append((name, line.format(**namespace)))
            if places.pip_installs:
                sys.modules["workshop_utils"] = SimpleNamespace(start=started.append)

        namespace = {"get_ipython": lambda: SimpleNamespace(run_line_magic=magic)}
        cell = CELL.replace("/content/drive", str(drive)).replace("/kaggle", str(tmp_path))
        code = TransformerManager().transform_cell(cell)
        exec(code, namespace)
        assert started == ["03"]
        ((name, line),) = told
        assert name == "pip"
        return re.fullmatch(r'install --quiet --no-deps --retries 1 --timeout 8 "(.+)"', line)[1]

    places = SimpleNamespace(run=run, content=content, drive=drive, pip_installs=True)
    return places


def put(folder, version, age=0, name=NAME):
    """Put a wheel into a folder; the larger the age, the older the file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name.format(version)
    path.write_bytes(b"")
    os.utime(path, (1_000_000 - age, 1_000_000 - age))
    return path


def test_without_anything_it_is_github_at_the_editions_branch_or_tag(runtime):
    assert runtime.run() == GITHUB


@pytest.mark.parametrize("name", ["MyDrive", "My Drive"])
def test_a_wheel_on_drive_comes_before_github(runtime, name):
    wheel = put(runtime.drive / name / "lstm-workshop", "0.1.0")
    assert runtime.run() == str(wheel)


def test_a_wheel_in_the_working_folder_comes_before_one_on_drive(runtime):
    put(runtime.drive / "MyDrive" / "lstm-workshop", "0.2.0")
    put(runtime.content, "0.1.0", age=60)
    assert runtime.run() == NAME.format("0.1.0")


def test_on_kaggle_a_wheel_that_is_attached_as_a_data_set_is_found(runtime, tmp_path):
    wheel = put(tmp_path / "input" / "datasets" / "teacher" / "wheels", "0.1.0")
    assert runtime.run() == str(wheel)


def test_the_newest_file_wins_and_a_copy_under_a_browsers_name_is_left_alone(runtime):
    put(runtime.content, "0.9.0", age=60)
    put(runtime.content, "0.10.0", age=30)
    put(runtime.content, "0.10.0", name="lstm_workshop-{}-py3-none-any (1).whl")
    assert runtime.run() == NAME.format("0.10.0")


@pytest.mark.parametrize("beside", [True, False])
def test_a_drive_that_never_answers_is_not_waited_for(runtime, monkeypatch, beside):
    if beside:
        put(runtime.content, "0.1.0")
    look = glob.glob
    never = threading.Event()
    waits = []

    def hanging(pattern, **options):
        if str(runtime.drive) in pattern:
            never.wait(60)
        return look(pattern, **options)

    def impatient(thread, seconds):
        waits.append(seconds)
        join(thread, 0.2)

    join = threading.Thread.join
    monkeypatch.setattr(glob, "glob", hanging)
    monkeypatch.setattr(threading.Thread, "join", impatient)
    assert runtime.run() == (NAME.format("0.1.0") if beside else GITHUB)
    assert waits == [5]
    never.set()


def test_a_named_address_comes_before_everything(runtime, monkeypatch):
    put(runtime.content, "0.1.0")
    branch = "https://github.com/other/copy/archive/my-branch.zip"
    monkeypatch.setenv("LSTM_WORKSHOP_INSTALL", branch)
    assert runtime.run() == branch
    monkeypatch.setenv("LSTM_WORKSHOP_INSTALL", "")
    sys.modules["workshop_utils"] = None
    assert runtime.run() == NAME.format("0.1.0")


def test_where_the_package_is_installed_the_cell_installs_nothing(monkeypatch):
    started = []
    monkeypatch.setitem(sys.modules, "workshop_utils", SimpleNamespace(start=started.append))
    exec(TransformerManager().transform_cell(CELL), {})
    assert started == ["03"]


def test_where_no_package_came_the_cell_says_what_to_do(runtime, monkeypatch):
    monkeypatch.setattr(runtime, "pip_installs", False)
    with pytest.raises(OSError, match=rf"No package came from {GITHUB}.*put the wheel") as caught:
        runtime.run()
    # Colab writes its own advice below a ModuleNotFoundError, which would mislead here.
    assert caught.value.__suppress_context__


def test_the_cell_is_short_and_its_lines_fit():
    lines = CELL.splitlines()
    assert sum(bool(line.strip()) and not line.startswith("#") for line in lines) <= 20
    assert max(map(len, lines)) <= 100


# A magic that takes the place of Colab's pip, and a package that is not installed yet.
BARE = """
import sys, types
from IPython.core.magic import register_line_magic
sys.modules["workshop_utils"] = None

@register_line_magic
def pip(line):
    print("pip", line)
    sys.modules["workshop_utils"] = types.SimpleNamespace(start=print)
"""
UPLOAD = "from google.colab import files\nfor _ in range(2):\n    files.upload()"


def test_a_wheel_that_was_uploaded_twice_is_found_by_a_real_kernel(tmp_path):
    wheel = put(tmp_path / "the learner's", "0.1.0")
    ran = run_in_colab(tmp_path / "content", BARE, UPLOAD, CELL, COLAB_STUB_UPLOAD=str(wheel))
    assert ran.passed, ran.failure
    assert "(1).whl" in text_of(ran, 2)
    assert text_of(ran, 3).splitlines() == [
        f'pip install --quiet --no-deps --retries 1 --timeout 8 "{wheel.name}"',
        "03",
    ]
    assert (tmp_path / "asked.txt").read_text().split() == ["files.upload"] * 2


def packed(wheel):
    """Return the files of a wheel without its metadata."""
    names = zipfile.ZipFile(wheel).namelist()
    return {name for name in names if ".dist-info/" not in name}


def package_files():
    """Return the files that the package is made of."""
    files = [path for path in (ROOT / "workshop_utils").rglob("*.*") if path.suffix != ".pyc"]
    return {path.relative_to(ROOT).as_posix() for path in files if path.is_file()}


def test_the_wheel_has_the_name_that_the_cell_looks_for_and_all_that_the_package_reads(tmp_path):
    wheel = build_wheel(ROOT, tmp_path)
    assert wheel.match("lstm_workshop-*-any.whl")
    assert packed(wheel) == package_files()
