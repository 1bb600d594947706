"""Shared fixtures: a private cache for every test, no fetching, the real tweets where they are."""

import functools
import os
import socket
from pathlib import Path
from types import SimpleNamespace

import learner_record
import model_parts
import pytest
import small_classifier

# Chosen here, before a test imports ipykernel: after that it would be the bar of notebooks.
import tqdm.auto  # noqa: F401
from hypothesis import Phase, settings

from workshop_utils.learning import record
from workshop_utils.runtime import tf_logging
from workshop_utils.runtime.platforms import _CI_VARIABLES
from workshop_utils.sentiment.classifier import SentimentClassifier

# `make mutants` asks whether an example fails, not which is the smallest that does.
settings.register_profile(
    "mutants", phases=[Phase.explicit, Phase.generate], deadline=None, derandomize=True
)

LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@pytest.fixture(autouse=True)
def private_folders(tmp_path_factory, monkeypatch):
    """Give each test folders of its own, so that no test reads or writes the user's cache."""
    home = tmp_path_factory.mktemp("workshop")
    monkeypatch.setenv("LSTM_WORKSHOP_CACHE", str(home / "cache"))
    monkeypatch.setenv("LSTM_WORKSHOP_ARTIFACTS", str(home / "artifacts"))
    for name in ("LSTM_WORKSHOP_PLATFORM", "LSTM_WORKSHOP_TWEETS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LSTM_WORKSHOP_OFFLINE", "1")
    # What one test could not write must not be written by the next.
    monkeypatch.setattr(record, "_unsaved", [])
    return home


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch):
    """Refuse every connection that would leave this machine."""
    connect = socket.socket.connect

    def guarded(self, address):
        if isinstance(address, tuple) and address[0] not in LOOPBACK:
            raise AssertionError(f"A test tried to reach {address[0]}; tests stay on loopback.")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def quiet_variables(monkeypatch):
    """Take the variables that keep TensorFlow quiet away, until the test is over."""
    for name in tf_logging.QUIET_VARIABLES:
        monkeypatch.setenv(name, "x")  # so that monkeypatch puts the old value back
        monkeypatch.delenv(name)


@pytest.fixture
def a_learner_at_work(monkeypatch):
    """No CI and no setting, whatever runs this suite; the recorded exercise is untouched."""
    for name in (*_CI_VARIABLES, record.PROGRESS_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(learner_record.EXERCISE, "results", [])


@pytest.fixture
def file(private_folders):
    """The file of the record, which may not exist yet."""
    return private_folders / "artifacts" / "progress.jsonl"


@pytest.fixture(scope="module")
def classifier(tmp_path_factory):
    """The classifier of a small saved model."""
    path = tmp_path_factory.mktemp("model") / "small.keras"
    path.write_bytes(small_classifier.saved())
    return SentimentClassifier.load(path)


@pytest.fixture
def place(tmp_path):
    """A folder with the places of a file of texts and of its answers."""
    return SimpleNamespace(folder=tmp_path, source=tmp_path / "in.csv", target=tmp_path / "out.csv")


def _real_tweets() -> Path | None:
    path = Path(os.environ.get("LSTM_WORKSHOP_TWEETS", ""))
    return path if path.is_file() else None


# Read at import, before the fixtures above clear the setting for each test.
REAL_TWEETS = _real_tweets()


@pytest.fixture
def tweets_csv() -> Path:
    """The real tweets file, where the setting names one; the test is skipped elsewhere."""
    if REAL_TWEETS is None:
        pytest.skip("the real tweets are not at hand (set LSTM_WORKSHOP_TWEETS)")
    return REAL_TWEETS


@pytest.fixture
def parts():
    """Return the parts of a good model file, by name."""
    return model_parts.parts()


@pytest.fixture
def write(tmp_path):
    """Return the function that writes a model file with some parts changed."""
    return functools.partial(model_parts.write, tmp_path / "changed.keras")
