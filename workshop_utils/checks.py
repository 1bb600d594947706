"""Claims that are checked where they are made.

A notebook that says "the accuracy lies between 0.79 and 0.84" calls ``band``
in the next cell. The printed sentence holds no measured digit, so it is the
same on every machine and nbval can compare it; a claim that does not hold
stops the notebook.
"""


def check(sentence: str, holds: bool, *, real_tweets: bool = True) -> None:
    """Print a claim with a tick, or stop because it does not hold.

    Args:
        sentence: The claim, in words that do not change from run to run.
        holds: Whether the claim is true (a NumPy bool will do).
        real_tweets: Give ``tweets.is_real`` when the claim speaks of the real
            tweets; on the offline twin the claim is then not checked.

    Raises:
        AssertionError: The claim does not hold.
    """
    if not real_tweets:
        print(f"not checked: offline twin ({sentence})")
        return
    if not bool(holds):
        raise AssertionError(f"✗ {sentence}")
    print(f"✓ {sentence}")


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
    inside = low <= value <= high
    if real_tweets and not inside:
        raise AssertionError(f"✗ {sentence}: measured {value:.{digits + 2}f}")
    check(sentence, inside, real_tweets=real_tweets)
