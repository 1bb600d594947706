"""What the set-up calls to look for the tweets."""

import os
import subprocess
import sys

from workshop_utils.tweets.__main__ import main


def test_without_tweets_synthetic_ones_are_announced(capsys):
    assert main() == 0
    assert "Synthetic tweets" in capsys.readouterr().out


def test_with_tweets_they_are_announced(tweets_csv, monkeypatch, capsys):
    monkeypatch.setenv("LSTM_WORKSHOP_TWEETS", str(tweets_csv))
    assert main() == 0
    assert "13,871 rows" in capsys.readouterr().out


def test_a_wrong_setting_is_an_error_that_names_the_path(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("LSTM_WORKSHOP_TWEETS", str(tmp_path / "missing.csv"))
    assert main() == 1
    assert "missing.csv" in capsys.readouterr().err


def test_it_runs_as_a_module():
    command = [sys.executable, "-m", "workshop_utils.tweets"]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ, check=True)
    assert "Synthetic tweets" in done.stdout
