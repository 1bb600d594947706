import numpy as np
import pytest

from workshop_utils.learning.checks import REPORTED_ONLY_VARIABLE, band, check
from workshop_utils.runtime.run_events import LEDGER_VARIABLE, read


def test_a_true_claim_is_printed_with_a_tick(capsys):
    check("two is even", np.True_)
    assert capsys.readouterr().out == "✓ two is even\n"


def test_a_false_claim_stops_with_the_sentence():
    with pytest.raises(AssertionError, match="✗ three is even"):
        check("three is even", 3 % 2 == 0)


def test_claims_on_the_real_tweets_are_not_checked_on_synthetic_ones(capsys):
    check("there are 13,871 rows", False, real_tweets=False)
    band("accuracy", 0.1, 0.8, 0.9, real_tweets=False)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "not checked: synthetic tweets (there are 13,871 rows)"
    assert lines[1].startswith("not checked: synthetic tweets (accuracy lies in 0.80 to 0.90")


@pytest.mark.parametrize("value", [0.79, 0.81, 0.84])
def test_a_band_includes_its_ends_and_hides_the_value(value, capsys):
    band("test accuracy", value, 0.79, 0.84, note="the majority gives 0.79")
    out = capsys.readouterr().out
    assert out == "✓ test accuracy lies in 0.79 to 0.84; the majority gives 0.79\n"


@pytest.mark.parametrize("value", [0.78, 0.85, float("nan")])
def test_outside_a_band_the_value_is_named(value):
    with pytest.raises(AssertionError, match="measured"):
        band("test accuracy", value, 0.79, 0.84)


def test_a_band_upside_down_is_refused():
    with pytest.raises(ValueError, match="from low to high"):
        band("x", 1, 2, 1)


# --- what a run of the course reads


@pytest.fixture
def ledger(monkeypatch, tmp_path):
    path = tmp_path / "ledger.jsonl"
    monkeypatch.setenv(LEDGER_VARIABLE, str(path))
    return path


def test_each_claim_is_noted_with_its_numbers(ledger, capsys):
    assert read(ledger) == []
    check("two is even", np.True_)
    band("accuracy", np.float32(0.5), 0, 1, note="so it is", digits=1)
    with pytest.raises(AssertionError):
        band("loss", float("nan"), 0, 1)
    band("accuracy", 0.25, 0.8, 0.9, real_tweets=False)
    first, second, third, fourth = read(ledger)
    assert (first["sentence"], first["outcome"]) == ("two is even", "holds")
    assert (second["name"], second["low"], second["high"], second["value"]) == (
        "accuracy", 0, 1, 0.5,
    )  # fmt: skip
    assert (third["outcome"], third["value"]) == ("fails", None)
    assert (fourth["outcome"], fourth["value"]) == ("not checked: synthetic tweets", None)


def test_a_claim_that_is_only_reported_stops_nothing(ledger, capsys, monkeypatch):
    monkeypatch.setenv(REPORTED_ONLY_VARIABLE, "1")
    band("loss", 2, 0, 1)
    check("three is even", False)
    assert capsys.readouterr().out.splitlines() == [
        "✗ reported only, because a parameter was changed: "
        "loss lies in 0.00 to 1.00: measured 2.0000",
        "✗ reported only, because a parameter was changed: three is even",
    ]
    assert [fact["outcome"] for fact in read(ledger)] == ["fails", "fails"]
