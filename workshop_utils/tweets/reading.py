"""Read a CSV of labelled tweets, the published one or a user's own, with clear errors."""

from __future__ import annotations

import codecs
import contextlib
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # it takes most of a second, and who only asks the classifier reads no file
    import pandas as pd

COLUMNS = (
    *("id", "candidate", "candidate_confidence", "relevant_yn", "sentiment"),
    *("sentiment_confidence", "subject_matter", "subject_matter_confidence"),
    *("retweet_count", "text", "tweet_created"),
)
"""What is kept of the file. Names, places, coordinates and tweets' ids are never read in."""
LABELS = ("Negative", "Neutral", "Positive")
FEWEST = 30
"""Different texts of each class that a file of the user's own must hold for the notebooks."""
_NO_LABEL = ("", "na", "n/a", "nan", "none", "null")


class TweetsUnavailable(RuntimeError):  # noqa: N818 - says what is the case, as the texts do
    """The real tweets cannot be had here; ``reason`` is the message without what to do."""

    def __init__(self, reason: str, advice: str = "") -> None:
        super().__init__(f"{reason} {advice}".strip())
        self.reason = reason


class TweetsUnreadable(TweetsUnavailable):
    """A file that the user named is missing or is no CSV of labelled tweets."""


def read(content: bytes, name: str) -> tuple[pd.DataFrame, str, int]:
    """Read the bytes of a CSV file.

    Columns other than ``text`` and ``sentiment`` may be missing: numbers are then 1
    (confidences) or 0, and words are empty. Labels may be written in any case.

    Args:
        content: The bytes of the file.
        name: What the file is called in error messages.

    Returns:
        The tweets with the columns of :data:`COLUMNS`, the encoding, and how many rows were
        left out because they lack a text or a label.

    Raises:
        TweetsUnreadable: The file is empty or no CSV, lacks a column or has one twice, or
            holds other labels or impossible numbers.
    """
    if not content.strip(b"\x00\r\n\t "):
        raise TweetsUnreadable(f"{name} is empty. Give a copy of Sentiment.csv.")
    text, encoding = _decode(content)
    table = _parse(text, name)
    labels = table["sentiment"].str.strip().str.capitalize()
    complete = ~labels.str.lower().isin(_NO_LABEL) & table["text"].str.strip().ne("")
    if not complete.any():
        raise TweetsUnreadable(
            f"{name} has no row with a text and a label. Each row needs both, in the columns "
            "text and sentiment."
        )
    if strange := sorted(set(labels[complete]) - set(LABELS)):
        shown = ", ".join(map(repr, strange[:5])) + (", ..." if len(strange) > 5 else "")
        raise TweetsUnreadable(
            f"{name} holds the label{'s' if len(strange) > 1 else ''} {shown} in the column "
            f"sentiment. Only {', '.join(LABELS)} are known; rename or remove the others."
        )
    frame = table.assign(sentiment=labels)[complete].reset_index(drop=True)
    frame = frame.reindex(columns=list(COLUMNS), fill_value="")
    frame["id"] = range(1, len(frame) + 1)
    for column in (each for each in COLUMNS if each.endswith("_confidence")):
        frame[column] = _numbers(frame[column], 1, 1, name)
    frame["retweet_count"] = _numbers(frame["retweet_count"], 0, 2**53, name).astype("int64")
    return frame, encoding, len(table) - len(frame)


def _decode(content: bytes) -> tuple[str, str]:
    """Return the text of a file and its encoding: by its mark, else UTF-8, else Windows'."""
    encoding = "utf-8-sig" if content.startswith(codecs.BOM_UTF8) else "utf-8"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif b"\x00" in content[:64]:  # every second byte of Latin letters in UTF-16
        encoding = "utf-16-be" if content[:1] == b"\x00" else "utf-16-le"
    for each in (encoding, "cp1252"):
        with contextlib.suppress(UnicodeDecodeError):
            return content.decode(each), each
    return content.decode("latin-1"), "latin-1"  # which knows every byte


def _parse(text: str, name: str) -> pd.DataFrame:
    """Read the table, all cells as words, and require both columns once."""
    import pandas as pd

    if text.lstrip()[:1] == "<":
        raise TweetsUnreadable(f"{name} is a web page, not a CSV file. Download the file itself.")
    try:
        table = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False, na_filter=False)
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise TweetsUnreadable(
            f"{name} is not a table of comma-separated values ({' '.join(str(error).split())}). "
            "Save it as CSV with a comma between fields and quotes around texts."
        ) from error
    columns = [str(column).strip().lower() for column in table.columns]
    table.columns = columns
    columns_named = f"its columns are {', '.join(map(repr, columns[:8]))}."
    if missing := [column for column in ("text", "sentiment") if column not in columns]:
        separated = len(columns) == 1 and any(mark in columns[0] for mark in ";\t|")
        advice = "Save it with a comma between" if separated else "Name them in the first line of"
        raise TweetsUnreadable(
            f"{name} lacks the column{'s' if len(missing) > 1 else ''} {' and '.join(missing)}; "
            f"{columns_named} {advice} the fields."
        )
    if doubled := [column for column in COLUMNS if columns.count(column) > 1]:
        raise TweetsUnreadable(
            f"{name} has the column {doubled[0]} more than once, in small or capital letters; "
            f"{columns_named} Rename all but one."
        )
    return table


def _numbers(column: pd.Series[str], default: int, largest: int, name: str) -> pd.Series[float]:
    """Return a column as numbers from 0 on; the default where a cell is empty."""
    import pandas as pd

    cells = column.str.strip().replace("", str(default))
    numbers = pd.to_numeric(cells, errors="coerce").astype(float)
    wrong = ~numbers.between(0, largest)
    if wrong.any():
        span = "from 0 to 1" if largest == 1 else "from 0 on"
        raise TweetsUnreadable(
            f"{name} holds {cells[wrong].iloc[0]!r} in the column {column.name}, where numbers "
            f"{span} are expected."
        )
    return numbers


def require_usable(frame: pd.DataFrame, name: str) -> None:
    """Refuse tweets that no model can learn from: too few, one class, or all the same.

    Args:
        frame: As :func:`read` makes it.
        name: What the file is called in the error message.

    Raises:
        TweetsUnreadable: One of the two classes has too few different texts.
    """
    different = frame.assign(text=frame["text"].str.casefold()).drop_duplicates("text")
    few = [int((different["sentiment"] == label).sum()) for label in ("Negative", "Positive")]
    if min(few) < FEWEST:
        raise TweetsUnreadable(
            f"{name} holds {few[0]} different negative and {few[1]} different positive texts. "
            f"The notebooks need at least {FEWEST} of each, because they learn from one part, "
            "choose on a second and test on a third."
        )
