"""Claims that are checked where they are made.

A notebook that says "the accuracy lies between 0.79 and 0.84" calls ``band``
in the next cell. The printed sentence holds no measured digit, so it is the
same on every machine and nbval can compare it; a claim that does not hold
stops the notebook.

``workshop run`` reads each claim from the ledger. Where it runs a notebook with other
parameters than its own, the bands were not made for these, so that a claim is then
reported and does not stop the notebook.
"""

import os

from workshop_utils.runtime import run_events

REPORTED_ONLY_VARIABLE = "LSTM_WORKSHOP_CLAIMS_REPORTED_ONLY"
HOLDS = "holds"
FAILS = "fails"
NOT_CHECKED = "not checked: synthetic tweets"


def check(sentence: str, holds: bool, *, real_tweets: bool = True) -> None:
    """Print a claim with a tick, or stop because it does not hold.

    Args:
        sentence: The claim, in words that do not change from run to run.
        holds: Whether the claim is true (a NumPy bool will do).
        real_tweets: Give ``tweets.is_real`` when the claim speaks of the real
            tweets; on synthetic tweets the claim is then not checked.

    Raises:
        AssertionError: The claim does not hold.
    """
    _judge(sentence, bool(holds), real_tweets)


def band(
    name: str,
    value: float,
    low: float,
    high: float,
    *,
    note: str = "",
    real_tweets: bool = True,
    digits: int = 2,
) -> None:
    """Check that a measured number lies in its expected band, ends included.

    The band replaces an exact comparison where the last digits depend on the
    processor. The value itself is printed only when it falls outside.

    Args:
        name: What was measured, for example ``"test accuracy"``.
        value: The measured number.
        low: Lower end of the band.
        high: Upper end of the band.
        note: A second half-sentence, for example what chance would give.
        real_tweets: As in :func:`check`.
        digits: Decimals with which the ends are printed.

    Raises:
        ValueError: ``low`` is larger than ``high``.
        AssertionError: The value lies outside the band, or is not a number.
    """
    if low > high:
        raise ValueError(f"A band goes from low to high, not from {low} to {high}.")
    sentence = f"{name} lies in {low:.{digits}f} to {high:.{digits}f}"
    if note:
        sentence = f"{sentence}; {note}"
    about = {"name": name, "low": low, "high": high, "digits": digits}
    # A number measured on invented tweets is nobody's result, so it is not kept.
    known = value if real_tweets else None
    measured = f": measured {value:.{digits + 2}f}"
    _judge(sentence, low <= value <= high, real_tweets, measured, **about, value=known)


def _judge(
    sentence: str, holds: bool, real_tweets: bool, measured: str = "", **about: object
) -> None:
    """Note a claim; print it, or stop where it does not hold and this run wants it to."""
    outcome = (HOLDS if holds else FAILS) if real_tweets else NOT_CHECKED
    run_events.note("claim", sentence=sentence, outcome=outcome, **about)
    if outcome == NOT_CHECKED:
        print(f"{NOT_CHECKED} ({sentence})")
    elif outcome == HOLDS:
        print(f"✓ {sentence}")
    elif os.environ.get(REPORTED_ONLY_VARIABLE, "") != "1":
        raise AssertionError(f"✗ {sentence}{measured}")
    else:
        print(f"✗ reported only, because a parameter was changed: {sentence}{measured}")
