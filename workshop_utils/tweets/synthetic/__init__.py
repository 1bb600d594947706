"""Synthetic tweets: invented ones of the real file's shape, for where that cannot be had.

The people, the places and the debate are invented. Everything that the lessons rely on is
there: unequal classes, retweets and copies, handles, tags, links, entities, new lines, emoji,
cut texts and mistaken labels. A test holds their shares beside those of the real file. No
number measured on synthetic tweets speaks of the real ones.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd

from workshop_utils.tweets.synthetic.writing import LONGEST, Dice, Original, handle, write

ROWS = 13_871
"""Rows of the real file."""

COLUMNS = (
    *("candidate", "candidate_confidence", "sentiment", "sentiment_confidence"),
    *("subject_matter", "subject_matter_confidence", "retweet_count", "text"),
)
"""What is invented row by row."""

SHARES = {"Negative": 0.612, "Neutral": 0.227, "Positive": 0.161}
_POPULAR = 317 / ROWS  # texts that are repeated, for each row of the file
_RETWEETED_ONCE = 0.39  # of the other rows
# For each confidence: its share of the rows, and how often the label then misses the stance.
_CONFIDENCES = ((1.0, 0.387, 0.03), (0.66, 0.493, 0.12), (0.34, 0.12, 0.3))
_SAID_AGAIN = 0.07  # of the other rows: a text that stands in the file already, in another dress
_COPY_DISAGREES = 0.04


def make(rows: int = ROWS, seed: int = 141) -> pd.DataFrame:
    """Invent labelled tweets about an invented debate, in the shape of the real file.

    The same seed gives the same rows everywhere. There is something to learn in them: the
    words express the label, but not always, and the labels hold mistakes.

    Args:
        rows: How many tweets.
        seed: Of everything random.

    Returns:
        A frame with the columns of the real file that the workshop keeps, and
        ``rows`` rows.

    Raises:
        ValueError: ``rows`` is smaller than 1.
    """
    if rows < 1:
        raise ValueError(f"There must be at least one row, but {rows} were asked for.")
    dice = Dice(seed)
    drawn = _repeated(dice, rows)
    once: list[Judged] = []
    while len(drawn) < rows:
        again = once and dice.happens(_SAID_AGAIN)
        judged = dice.pick(once) if again else _judged(dice, write(dice, _stance(dice)))
        once.append(judged)
        author = handle(dice) if dice.happens(_RETWEETED_ONCE) else ""
        disagrees = _COPY_DISAGREES if again else 0
        drawn.append(_row(dice, judged, author, copies=1, disagrees=disagrees))
    order = np.argsort([dice.roll() for _ in drawn], kind="stable")
    return _framed([drawn[place] for place in order[:rows]], dice)


Judged = tuple[Original, str]
Row = tuple[str, float, str, float, str, float, int, str]


def _repeated(dice: Dice, rows: int) -> list[Row]:
    """Return the tweets that are repeated often, each with all its copies."""
    copies: Counter[str] = Counter()
    repeated = []
    for place in range(int(rows * _POPULAR)):
        # A few texts are repeated often, many twice: fitted to the real file, whose ranks
        # are thinned out or filled up for another size.
        rank = (place + 0.5) * ROWS / rows
        size = max(2, round(178 * (1 + rank / 12) ** -1.4))
        # The stance that is most behind its share: one loud text must not tip the balance.
        stance = max(SHARES, key=lambda name: SHARES[name] * copies.total() - copies[name])
        judged = _judged(dice, write(dice, stance))
        copies[judged[1]] += size
        author = handle(dice)
        repeated += [_row(dice, judged, author, size, _COPY_DISAGREES) for _ in range(size)]
    return repeated


def _stance(dice: Dice) -> str:
    """Draw what a tweet expresses, so that the labels come out right after the mistakes."""
    mistaken = sum(share * wrong for _, share, wrong in _CONFIDENCES)
    needed = [(share - mistaken / 2) / (1 - 1.5 * mistaken) for share in SHARES.values()]
    return tuple(SHARES)[dice.place(needed)]


def _judged(dice: Dice, original: Original) -> Judged:
    """Return a text with the label that it gets, sometimes a wrong one."""
    mistaken = dice.happens(_confidence(dice)[1])
    return original, _other(dice, original.stance) if mistaken else original.stance


def _other(dice: Dice, label: str) -> str:
    return dice.pick([name for name in SHARES if name != label])


def _confidence(dice: Dice) -> tuple[float, float]:
    """Return how sure the judges are, and how often judges so sure are mistaken."""
    middle, _, mistaken = _CONFIDENCES[dice.place([share for _, share, _ in _CONFIDENCES])]
    if middle == 1.0:
        return 1.0, mistaken
    return round(middle + 0.08 * (dice.roll() - 0.5), 4), mistaken


def _row(dice: Dice, judged: Judged, author: str, copies: int, disagrees: float) -> Row:
    """Return one row of the file, without its number and time."""
    original, label = judged
    if dice.happens(disagrees):
        label = _other(dice, label)
    text = f"RT {author}: {original.text}" if author else original.text
    if len(text) > LONGEST:
        # Twitter cut retweets and marked the cut; who writes, stays within the limit.
        text = text[: LONGEST - 1] + "\u2026" if author else text[:LONGEST].rsplit(" ", 1)[0]
    retweets = int(copies * (1 + 3 * dice.roll())) if author else int(6 * dice.roll() ** 4)
    sure = [_confidence(dice)[0] for _ in range(3)]
    about = (original.candidate, sure[0], label, sure[1], original.subject, sure[2])
    return (*about, retweets, text)


def _framed(rows: list[Row], dice: Dice) -> pd.DataFrame:
    """Make the frame: the newest tweet first, as in the real file."""
    seconds = np.sort([int(59_000 * dice.roll()) for _ in rows])[::-1]
    times = np.datetime64("2015-01-01T17:30:00") + seconds.astype("timedelta64[s]")
    frame = pd.DataFrame(rows, columns=COLUMNS)
    frame.insert(0, "id", np.arange(1, len(rows) + 1))
    frame.insert(3, "relevant_yn", "yes")
    frame["tweet_created"] = [f"{str(time).replace('T', ' ')} -0700" for time in times]
    return frame
