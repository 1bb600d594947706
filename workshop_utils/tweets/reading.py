"""Reading a CSV of labelled tweets, the published one or a user's own, with clear errors."""

from __future__ import annotations

import codecs
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # it takes most of a second, and who only asks the classifier reads no file
    import pandas as pd

COLUMNS = (
    "id",
    "candidate",
    "candidate_confidence",
    "relevant_yn",
    "sentiment",
    "sentiment_confidence",
    "subject_matter",
    "subject_matter_confidence",
    "retweet_count",
    "text",
    "tweet_created",
)
"""What is kept of the file. Names, places, coordinates and tweets' ids are never read in."""

LABELS = ("Negative", "Neutral", "Positive")
"""The three labels, as the published file writes them."""

FEWEST = 30
"""Different texts of each class that a file of the user's own must hold for the notebooks."""

REQUIRED = ("text", "sentiment")
_CONFIDENCES = tuple(name for name in COLUMNS if name.endswith("_confidence"))
_NO_LABEL = ("", "na", "n/a", "nan", "none", "null")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class TweetsUnavailable(RuntimeError):  # noqa: N818 - says what is the case, as the texts do
    """The real tweets cannot be had here; the message says why and what to do.

    Attributes:
        reason: The message without what to do.
    """

    def __init__(self, reason: str, advice: str = "") -> None:
        super().__init__(f"{reason} {advice}".strip())
        self.reason = reason


class TweetsUnreadable(TweetsUnavailable):
    """A file that the user named is missing or is no CSV of labelled tweets."""


@dataclass(frozen=True)
class Reading:
    """A file as it was read.

    Attributes:
        frame: One row a tweet, with the columns of :data:`COLUMNS`.
        encoding: How its characters were written, for example ``utf-8``.
        left_out: Rows without a text or a label, which were left out.
    """

    frame: pd.DataFrame
    encoding: str
    left_out: int


def read(content: bytes, name: str = "the file") -> Reading:
    """Read the bytes of a CSV file.

    Columns other than ``text`` and ``sentiment`` may be missing: numbers are then 1
    (confidences) or 0, and words are empty. Labels may be written in any case.

    Args:
        content: The bytes of the file.
        name: What the file is called in error messages.

    Returns:
        The tweets and how they were read.

    Raises:
        TweetsUnreadable: The file is empty, is no CSV, lacks a column, or holds labels
            other than Negative, Neutral and Positive.
    """
    if not content.strip(b"\x00\r\n\t "):
        raise TweetsUnreadable(f"{name} is empty. Give a copy of Sentiment.csv.")
    text, encoding = _decode(content, name)
    table = _parse(text, name)
    _require_columns(table, name)
    labelled = ~table["sentiment"].str.strip().str.lower().isin(_NO_LABEL)
    complete = table[labelled & table["text"].str.strip().ne("")]
    if complete.empty:
        raise TweetsUnreadable(
            f"{name} has no row with a text and a label. Each row needs both, in the "
            "columns text and sentiment."
        )
    return Reading(_typed(complete, name), encoding, len(table) - len(complete))


def _decode(content: bytes, name: str) -> tuple[str, str]:
    """Return the text of a file and its encoding: by its mark, else UTF-8, else Windows'."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            candidates = [encoding]
            break
    else:
        # Every second byte of Latin letters in UTF-16 is zero; text in UTF-8 holds none.
        candidates = ["utf-16-le", "utf-16-be"] if b"\x00" in content[:64] else ["utf-8", "cp1252"]
        if content[:1] == b"\x00":
            candidates.reverse()
    for encoding in candidates:
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise TweetsUnreadable(
        f"{name} is written in an encoding that is not known here (tried "
        f"{', '.join(candidates)}). Save it as CSV in UTF-8."
    )


def _parse(text: str, name: str) -> pd.DataFrame:
    """Read the table, all cells as words; empty cells are empty words."""
    if text.lstrip()[:1] == "<":
        raise TweetsUnreadable(f"{name} is a web page, not a CSV file. Download the file itself.")
    import pandas as pd

    try:
        table = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False, na_filter=False)
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        reason = " ".join(str(error).split())
        raise TweetsUnreadable(
            f"{name} is not a table of comma-separated values ({reason}). "
            "Save it as CSV with a comma between fields and quotes around texts."
        ) from error
    table.columns = [str(column).strip().lower() for column in table.columns]
    return table


def _require_columns(table: pd.DataFrame, name: str) -> None:
    missing = [column for column in REQUIRED if column not in table.columns]
    if not missing:
        return
    found = ", ".join(map(repr, list(table.columns)[:8]))
    advice = "Name the columns in the first line."
    if len(table.columns) == 1 and any(mark in table.columns[0] for mark in ";\t|"):
        advice = "Save it with a comma between the fields."
    raise TweetsUnreadable(
        f"{name} lacks the column{'s' if len(missing) > 1 else ''} {' and '.join(missing)}; "
        f"its columns are {found}. {advice}"
    )


def _typed(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Bring the columns into the order and types of the published file."""
    import pandas as pd

    rows = len(table)
    made: dict[str, object] = {}
    for column in COLUMNS:
        if column == "sentiment":
            made[column] = _labels(table[column], name)
        elif column in _CONFIDENCES:
            made[column] = _numbers(table, column, 1.0, name).astype(float).to_numpy()
        elif column == "retweet_count":
            made[column] = _numbers(table, column, 0, name).astype("int64").to_numpy()
        elif column == "id":
            made[column] = range(1, rows + 1)
        else:
            words = table[column] if column in table.columns else pd.Series([""] * rows)
            made[column] = words.to_numpy()
    return pd.DataFrame(made)


def _labels(column: pd.Series[str], name: str) -> list[str]:
    labels = column.str.strip().str.capitalize()
    strange = sorted(set(labels) - set(LABELS))
    if strange:
        shown = ", ".join(map(repr, strange[:5])) + (", ..." if len(strange) > 5 else "")
        raise TweetsUnreadable(
            f"{name} holds the label{'s' if len(strange) > 1 else ''} {shown} in the column "
            f"sentiment. Only {', '.join(LABELS)} are known; rename or remove the others."
        )
    return labels.tolist()


def _numbers(table: pd.DataFrame, column: str, default: float, name: str) -> pd.Series[float]:
    """Return a column as numbers; where it is missing or empty, the default."""
    import pandas as pd

    if column not in table.columns:
        return pd.Series([default] * len(table))
    cells = table[column].str.strip().replace("", str(default))
    numbers = pd.to_numeric(cells, errors="coerce")
    if numbers.isna().any():
        wrong = cells[numbers.isna()].iloc[0]
        raise TweetsUnreadable(
            f"{name} holds {wrong!r} in the column {column}, where numbers are expected."
        )
    return numbers


def require_usable(frame: pd.DataFrame, name: str = "the file") -> None:
    """Refuse tweets that no model can learn from: too few, one class, or all the same.

    Args:
        frame: As :func:`read` makes it.
        name: What the file is called in the error message.

    Raises:
        TweetsUnreadable: One of the two classes has too few different texts.
    """
    different = frame.assign(text=frame["text"].str.casefold()).drop_duplicates("text")
    counts = different["sentiment"].value_counts()
    few = {label: counts.get(label, 0) for label in ("Negative", "Positive")}
    if min(few.values()) < FEWEST:
        raise TweetsUnreadable(
            f"{name} holds {few['Negative']} different negative and {few['Positive']} different "
            f"positive texts. The notebooks need at least {FEWEST} of each, because they learn "
            "from one part, choose on a second and test on a third."
        )
