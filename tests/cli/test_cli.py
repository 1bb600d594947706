"""The command `workshop`: what is printed, what is called, and the exit status."""

import importlib
import json
import os
import subprocess
import sys
import types
from pathlib import Path

import pytest
from typer.testing import CliRunner

from workshop_utils import __version__
from workshop_utils.cli import doctor, main
from workshop_utils.learning.lessons import CourseError
from workshop_utils.runtime import storage

ROOT = Path(__file__).resolve().parents[2]


def workshop(*words, answer=None):
    """Call the command in this process."""
    return CliRunner().invoke(main.app, words, input=answer)


def workshop_apart(*words, **environ):
    """Call the command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", "from workshop_utils.cli.main import main; main()", *words],
        env={**os.environ, "PYTHONPATH": str(ROOT), **environ},
        capture_output=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def room(monkeypatch):
    """Replace a module that a command imports by functions that note their call."""

    def replace(name, **functions):
        module = types.ModuleType(name)
        vars(module).update(functions)
        monkeypatch.setitem(sys.modules, name, module)
        package, _, short = name.rpartition(".")
        monkeypatch.setattr(importlib.import_module(package), short, module, raising=False)

    return replace


def test_version():
    done = workshop("--version")
    assert (done.output, done.exit_code) == (f"lstm-workshop {__version__}\n", 0)


def test_main_reads_the_words_of_the_process(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["workshop", "--version"])
    with pytest.raises(SystemExit) as left:
        main.main()
    assert left.value.code == 0
    assert __version__ in capsys.readouterr().out


# --- doctor -----------------------------------------------------------------------------


def test_doctor_in_a_process_of_its_own():
    done = workshop_apart("doctor", "--json")
    known = json.loads(done.stdout)
    assert done.returncode == (0 if known["can_run"] else 1)
    assert done.stderr == b""


@pytest.mark.parametrize(("status", "code"), [(doctor.OK, 0), (doctor.FAILURE, 1)])
def test_doctor_exits_with_what_was_found(monkeypatch, status, code):
    monkeypatch.setattr(doctor, "examine", lambda here: [doctor.Finding("x", status, "So it is.")])
    done = workshop("doctor")
    assert done.exit_code == code
    assert "So it is." in done.output
    assert json.loads(workshop("doctor", "--json").output)["can_run"] == (code == 0)


def test_doctor_asks_the_makers_tools_about_a_class(monkeypatch):
    monkeypatch.setattr(doctor, "examine", lambda here: [])
    monkeypatch.setattr(doctor, "class_checks", [])
    refused = workshop("doctor", "--class", "30")
    assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)
    asked = [doctor.Finding("class: memory", doctor.WARNING, "Too little.")]
    monkeypatch.setattr(doctor, "class_checks", [lambda learners: asked * (learners == 30)])
    assert "Too little." in workshop("doctor", "--class", "30").output
    assert "Too little." not in workshop("doctor").output


# --- cache ------------------------------------------------------------------------------


@pytest.fixture
def kept(private_folders):
    storage.write_text(storage.cache_dir() / "tweets.csv", "x" * 2048)
    storage.write_text(storage.artifacts_dir() / "model.keras", "x")
    return storage.cache_dir() / "tweets.csv", storage.artifacts_dir() / "model.keras"


def test_cache_shows_where_and_how_large(kept):
    done = workshop("cache")
    assert done.output.splitlines() == [
        f"cache: {kept[0].parent}: 1 file, 2.0 kB",
        f"artifacts: {kept[1].parent}: 1 file, 1 byte",
    ]
    assert done.exit_code == 0


def test_clearing_asks_first(kept):
    done = workshop("cache", "--clear", answer="n\n")
    assert "Remove 2 files? [y/N]" in done.output
    assert "Nothing was removed." in done.output
    assert all(path.exists() for path in kept)
    done = workshop("cache", "--clear", answer="y\n")
    assert done.output.endswith("Removed: 2 files, 2.0 kB.\n")
    assert not any(path.exists() for path in kept)
    assert workshop("cache", "--clear").output.endswith("Removed: 0 files, 0 bytes.\n")


# --- the commands that hand over --------------------------------------------------------


def test_lab_hands_further_words_to_jupyterlab(room, monkeypatch):
    called = []

    def open_lab(root, *, arguments):
        called.append((root, arguments))
        return 0

    room("workshop_utils.cli.lab", open_lab=open_lab)
    monkeypatch.chdir(ROOT)
    done = workshop("lab", "--no-browser", "--port", "9")
    assert (done.exit_code, called) == (0, [(ROOT, ["--no-browser", "--port", "9"])])


@pytest.mark.parametrize(
    "error", [CourseError("say this"), OSError("say this"), ValueError("say this")]
)
def test_a_known_error_is_one_sentence(room, error):
    def fail(*arguments, **options):
        raise error

    room("workshop_utils.cli.lab", open_lab=fail)
    done = workshop("lab")
    assert (done.exit_code, done.stderr, done.stdout) == (2, "✗ say this\n", "")


def test_another_missing_module_is_a_bug_and_shows_itself(room):
    def fail(*arguments, **options):
        raise ModuleNotFoundError("No module named 'worksop'", name="worksop")

    room("workshop_utils.cli.lab", open_lab=fail)
    assert isinstance(workshop("lab").exception, ModuleNotFoundError)


class Classifier:
    """Stands for the trained one."""

    @classmethod
    def load_or_train(cls):
        print("The quick one.")
        return cls()

    @classmethod
    def load(cls, path):
        raise FileNotFoundError(f"{path} is not there.")

    def predict_many(self, texts):
        return [
            types.SimpleNamespace(
                text=text, label="positive", positive=0.875, notes=("cut off",) * (text == "b c")
            )
            for text in texts
        ]


def test_predict_reads_words_or_lines(room):
    room(
        "workshop_utils.sentiment.classifier",
        SentimentClassifier=Classifier,
        CANNOT_TELL="cannot tell",
    )
    done = workshop("predict", "good", "b c")
    assert done.output.splitlines() == [
        "The quick one.",
        "positive 0.88 good",
        "positive 0.88 b c (cut off)",
    ]
    assert workshop("predict", answer="good\r\nday\n").output.splitlines()[1:] == [
        "positive 0.88 good",
        "positive 0.88 day",
    ]


def test_predict_without_a_model_or_tweets_is_one_sentence(room, monkeypatch):
    from workshop_utils.tweets import TweetsUnavailable

    def unavailable(cls):
        raise TweetsUnavailable("No tweets.")

    room(
        "workshop_utils.sentiment.classifier",
        SentimentClassifier=Classifier,
        CANNOT_TELL="cannot tell",
    )
    done = workshop("predict", "x", "--model", "gone.keras")
    assert (done.exit_code, done.stderr) == (2, "✗ gone.keras is not there.\n")
    monkeypatch.setattr(Classifier, "load_or_train", classmethod(unavailable))
    assert workshop("predict", "x").stderr == "✗ No tweets.\n"
