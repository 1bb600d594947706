"""What notebook 04 makes of the tweets and 05 and 06 start from, in one file without pickle."""

from __future__ import annotations

import io
import json
import os
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workshop_utils import storage, text, tweets
from workshop_utils.text import Split, Vocabulary
from workshop_utils.tweets import Tweets

Texts = NDArray[np.object_]
Integers = NDArray[np.int64]

FILE_NAME = "prepared.npz"
FORMAT = 1
SIZE_2019 = 2000
"""Rows of the embedding of 2019."""

_PARTS = ("train", "validation", "test")
_TEXTS = ("raw_texts", "texts_2019", "texts")
_ARRAYS = ("labels", "confidence", "groups", "sequences_2019")
_SPLITS = ("split_2019", "split_grouped")


class PreparedError(RuntimeError):
    """The file of prepared tweets is missing, damaged or of another version."""


@dataclass(frozen=True, eq=False)
class Prepared:
    """The tweets that are not neutral, ready to train on; row k of each array is one tweet.

    Attributes:
        raw_texts: As they were written, shape (rows,).
        texts_2019: Cleaned as in 2019, shape (rows,).
        texts: Cleaned with :func:`workshop_utils.text.clean`, shape (rows,).
        labels: 0 negative, 1 positive, shape (rows,).
        confidence: How sure the labellers were, from 0 to 1, shape (rows,).
        groups: Number of the group of copies, shape (rows,).
        sequences_2019: The words of ``texts_2019`` as integers, zeros on the left,
            shape (rows, timesteps); (10729, 28) for the real tweets.
        vocabulary_2019: Learnt from all rows, as in 2019.
        split_2019: The random split of 2019, copies on both sides.
        split_grouped: No group on two sides, same seed.
        is_real: Whether these are the published tweets.
        provenance: What they were made from, in plain words and numbers.
    """

    raw_texts: Texts
    texts_2019: Texts
    texts: Texts
    labels: Integers
    confidence: NDArray[np.float64]
    groups: Integers
    sequences_2019: NDArray[np.int32]
    vocabulary_2019: Vocabulary
    split_2019: Split
    split_grouped: Split
    is_real: bool
    provenance: dict[str, Any]

    def __len__(self) -> int:
        return self.labels.size

    def save(self, path: str | Path) -> None:
        """Write everything into one ``.npz`` file, whole or not at all.

        Raises:
            StorageError: The file cannot be written.
        """
        arrays = {name: getattr(self, name) for name in _ARRAYS}
        arrays |= {name: _packed(getattr(self, name).tolist()) for name in _TEXTS}
        for name in _SPLITS:
            split = getattr(self, name)
            arrays |= {f"{name}_{part}": getattr(split, part) for part in _PARTS}
        about = {
            "format": FORMAT,
            "is_real": self.is_real,
            "provenance": self.provenance,
            "vocabulary": {
                "words": self.vocabulary_2019.words,
                "size": self.vocabulary_2019.size,
            },
            **{name: _named(getattr(self, name)) for name in _SPLITS},
        }
        with storage.atomic_path(path) as part, part.open("wb") as file:
            np.savez_compressed(file, about=_packed(about), **arrays)


def _named(split: Split) -> dict[str, Any]:
    return {"name": split.name, "seed": split.seed}


def _packed(value: Any) -> NDArray[np.uint8]:
    """Return something as the bytes of its JSON, which NumPy stores without pickle."""
    return np.frombuffer(json.dumps(value).encode("ascii"), dtype=np.uint8)


def _unpacked(array: NDArray[np.uint8]) -> Any:
    return json.loads(array.tobytes())


def _objects(texts: list[str]) -> Texts:
    """Return texts as an array that can be indexed and keeps each text as it is."""
    array = np.empty(len(texts), dtype=object)
    array[:] = texts
    return array


def load(path: str | Path) -> Prepared:
    """Read what :meth:`Prepared.save` wrote.

    Raises:
        PreparedError: The file is missing, damaged or was written by another version.
    """
    path = Path(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise PreparedError(
            f"{path} cannot be read ({error.strerror or error}). Run notebook 04, which makes it."
        ) from error
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:
            return _restored(dict(stored))
    except (ValueError, KeyError, TypeError, EOFError, OSError, zipfile.BadZipFile) as error:
        raise PreparedError(
            f"{path} is no file of prepared tweets, is damaged, or was written by another "
            f"version ({type(error).__name__}). Remove it and run notebook 04 again."
        ) from error


def _restored(stored: dict[str, NDArray[Any]]) -> Prepared:
    about = _unpacked(stored["about"])
    if about["format"] != FORMAT:
        raise ValueError(f"format {about['format']}, expected {FORMAT}")
    words = about["vocabulary"]
    return Prepared(
        raw_texts=_objects(_unpacked(stored["raw_texts"])),
        texts_2019=_objects(_unpacked(stored["texts_2019"])),
        texts=_objects(_unpacked(stored["texts"])),
        labels=stored["labels"],
        confidence=stored["confidence"],
        groups=stored["groups"],
        sequences_2019=stored["sequences_2019"],
        vocabulary_2019=Vocabulary(tuple(words["words"]), words["size"]),
        split_2019=_split("split_2019", stored, about),
        split_grouped=_split("split_grouped", stored, about),
        is_real=about["is_real"],
        provenance=about["provenance"],
    )


def _split(name: str, stored: dict[str, NDArray[Any]], about: dict[str, Any]) -> Split:
    return Split(
        train=stored[f"{name}_train"],
        validation=stored[f"{name}_validation"],
        test=stored[f"{name}_test"],
        name=about[name]["name"],
        seed=about[name]["seed"],
        groups=stored["groups"],
    )


def prepare(found: Tweets, seed: int = 141) -> Prepared:
    """Make everything that the later notebooks need from the tweets.

    Neutral tweets are dropped, the order of the file is kept. A tweet of which the
    cleaner leaves nothing is dropped too; the real file holds none.

    Args:
        found: The tweets, real or not.
        seed: Of both splits.

    Returns:
        The prepared tweets.

    Raises:
        ValueError: A class is missing, or there are too few tweets to split.
    """
    frame = found.frame[found.frame["sentiment"] != "Neutral"]
    cleaned = text.clean_all(frame["text"])
    frame = frame[[bool(words) for words in cleaned]]
    labels = (frame["sentiment"] == "Positive").to_numpy().astype(np.int64)
    if np.unique(labels).size < 2:
        raise ValueError(
            "Both Negative and Positive tweets are needed, but these hold "
            f"{np.sum(labels == 0)} negative and {np.sum(labels == 1)} positive ones."
        )
    raw = frame["text"].tolist()
    texts_2019 = text.clean_2019_all(raw)
    vocabulary = text.fit_vocabulary(texts_2019, SIZE_2019)
    groups = text.group_ids(raw)
    return Prepared(
        raw_texts=_objects(raw),
        texts_2019=_objects(texts_2019),
        texts=_objects([words for words in cleaned if words]),
        labels=labels,
        confidence=frame["sentiment_confidence"].to_numpy(dtype=np.float64),
        groups=groups,
        sequences_2019=text.pad(text.to_sequences(texts_2019, vocabulary)),
        vocabulary_2019=vocabulary,
        split_2019=text.random_split(len(raw), seed, groups=groups),
        split_grouped=text.grouped_split(groups, seed),
        is_real=found.is_real,
        provenance=_provenance(found, len(raw), seed),
    )


def _provenance(found: Tweets, rows: int, seed: int) -> dict[str, Any]:
    from workshop_utils import __version__

    return {
        "data": "the real tweets" if found.is_real else _kind(found),
        "sha256": found.sha256,
        "rows_in_file": len(found.frame),
        "rows": rows,
        "seed": seed,
        "workshop_utils": __version__,
    }


def _kind(found: Tweets) -> str:
    return "the offline twin" if found.source == "twin" else "the user's own file"


def load_or_prepare() -> Prepared:
    """Return what notebook 04 saved, or prepare the tweets now; print which.

    A saved file is used when it was made from the tweets that would be found now, or
    from the real tweets where none are found now.

    Returns:
        The prepared tweets; they are saved where they were not yet.

    Raises:
        workshop_utils.tweets.TweetsUnreadable: A file was named in the setting, and it
            cannot be read.
    """
    path = storage.artifacts_dir() / FILE_NAME
    saved = _saved(path)
    named = os.environ.get(tweets.TWEETS_VARIABLE, "").strip()
    if saved is not None and saved.is_real and not named:
        return _said(saved, "as they were saved")
    found = tweets.load_or_twin()
    if saved is not None and _is_made_from(saved, found):
        return _said(saved, "as they were saved")
    made = prepare(found)
    try:
        made.save(path)
    except storage.StorageError as error:
        print(f"They could not be saved. {error}")
    return _said(made, "prepared now as in notebook 04")


def _saved(path: Path) -> Prepared | None:
    """Return the saved tweets; None where there are none that this version can use."""
    from workshop_utils import __version__

    try:
        saved = load(path)
    except PreparedError:
        return None
    return saved if saved.provenance.get("workshop_utils") == __version__ else None


def _is_made_from(saved: Prepared, found: Tweets) -> bool:
    now = _provenance(found, len(saved), saved.split_2019.seed)
    return all(saved.provenance.get(name) == now[name] for name in ("data", "sha256"))


def _said(prepared: Prepared, how: str) -> Prepared:
    print(f"Prepared: {len(prepared):,} rows of {prepared.provenance['data']}, {how}.")
    return prepared
