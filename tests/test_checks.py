import numpy as np
import pytest

from workshop_utils.checks import band, check


def test_a_true_claim_is_printed_with_a_tick(capsys):
    check("two is even", np.True_)
    assert capsys.readouterr().out == "✓ two is even\n"


def test_a_false_claim_stops_with_the_sentence():
    with pytest.raises(AssertionError, match="✗ three is even"):
        check("three is even", 3 % 2 == 0)


def test_claims_on_the_real_tweets_are_not_checked_on_the_twin(capsys):
    check("there are 13,871 rows", False, real_tweets=False)
    band("accuracy", 0.1, 0.8, 0.9, real_tweets=False)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "not checked: offline twin (there are 13,871 rows)"
    assert lines[1].startswith("not checked: offline twin (accuracy lies in 0.80 to 0.90")


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
