"""Read a CSV of labelled tweets, the published one or a user's own, with clear errors."""

from __future__ import annotations

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


def read(content: bytes, name: str = "The file") -> tuple[pd.DataFrame, str, int]:
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
    labelled = ~table["sentiment"].str.strip().str.lower().isin(_NO_LABEL)
    complete = table[labelled & table["text"].str.strip().ne("")]
    if complete.empty:
        raise TweetsUnreadable(
            f"{name} has no row with a text and a label. Each row needs both, in the columns "
            "text and sentiment."
        )
    return _typed(complete, name), encoding, len(table) - len(complete)


def _decode(content: bytes) -> tuple[str, str]:
    """Return the text of a file and its encoding: by its mark, else UTF-8, else Windows'."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates = ["utf-16"]
    elif b"\x00" in content[:64]:  # every second byte of Latin letters in UTF-16
        candidates = ["utf-16-be"] if content[:1] == b"\x00" else ["utf-16-le"]
    else:
        candidates = ["utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "utf-8", "cp1252"]
    for encoding in candidates:
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
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
    table.columns = [str(column).strip().lower() for column in table.columns]
    columns = list(table.columns)
    found = f"its columns are {', '.join(map(repr, columns[:8]))}."
    if missing := [column for column in ("text", "sentiment") if column not in columns]:
        separated = len(columns) == 1 and any(mark in columns[0] for mark in ";\t|")
        advice = "Save it with a comma between" if separated else "Name them in the first line of"
        raise TweetsUnreadable(
            f"{name} lacks the column{'s' if len(missing) > 1 else ''} {' and '.join(missing)}; "
            f"{found} {advice} the fields."
        )
    if doubled := [column for column in COLUMNS if columns.count(column) > 1]:
        raise TweetsUnreadable(
            f"{name} has the column {doubled[0]} more than once, in small or capital letters; "
            f"{found} Rename all but one."
        )
    return table


def _typed(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Bring the columns into the order and types of the published file."""
    import pandas as pd

    made: dict[str, object] = {}
    for column in COLUMNS:
        if column == "sentiment":
            made[column] = _labels(table[column], name)
        elif column.endswith("_confidence"):
            made[column] = _numbers(table, column, 1.0, 1.0, name).to_numpy()
        elif column == "retweet_count":
            made[column] = _numbers(table, column, 0.0, 2.0**53, name).astype("int64").to_numpy()
        elif column == "id":
            made[column] = range(1, len(table) + 1)
        else:
            made[column] = table[column].to_numpy() if column in table.columns else ""
    return pd.DataFrame(made)


def _labels(column: pd.Series[str], name: str) -> list[str]:
    labels = column.str.strip().str.capitalize()
    if strange := sorted(set(labels) - set(LABELS)):
        shown = ", ".join(map(repr, strange[:5])) + (", ..." if len(strange) > 5 else "")
        raise TweetsUnreadable(
            f"{name} holds the label{'s' if len(strange) > 1 else ''} {shown} in the column "
            f"sentiment. Only {', '.join(LABELS)} are known; rename or remove the others."
        )
    return labels.tolist()


def _numbers(
    table: pd.DataFrame, column: str, default: float, largest: float, name: str
) -> pd.Series[float]:
    """Return a column as numbers from 0 on; where it is missing or empty, the default."""
    import pandas as pd

    if column not in table.columns:
        return pd.Series(default, index=table.index)
    cells = table[column].str.strip().replace("", str(default))
    numbers = pd.to_numeric(cells, errors="coerce").astype(float)
    wrong = ~numbers.between(0, largest)
    if wrong.any():
        span = "from 0 to 1" if largest == 1 else "from 0 on"
        raise TweetsUnreadable(
            f"{name} holds {cells[wrong].iloc[0]!r} in the column {column}, where numbers {span} "
            "are expected."
        )
    return numbers


def require_usable(frame: pd.DataFrame, name: str = "The file") -> None:
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
