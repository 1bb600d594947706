"""What notebook 04 makes of the tweets and 05 and 06 start from, in one file without pickle."""

from __future__ import annotations

import contextlib
import io
import json
import os
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workshop_utils import __version__, tweets
from workshop_utils.runtime import storage
from workshop_utils.tweets import Split, Tweets

FILE_NAME = "dataset.npz"
RULES = 2
"""Number of the rules for cleaning and grouping; what was made by another set is not used."""
SIZE_2019 = 2000
"""Rows of the embedding of 2019."""

_TEXTS = ("raw_texts", "texts")
_ARRAYS = ("labels", "confidence", "groups", "sequences_2019")
_SPLITS = ("split_2019", "split_grouped")
_PARTS = ("train", "validation", "test")


class DatasetError(RuntimeError):
    """The file of the dataset is missing, damaged or of another version."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """The tweets that are not neutral, ready to train on; row k of each array is one tweet.

    Attributes:
        raw_texts: As they were written, shape (rows,).
        texts: Cleaned with :func:`workshop_utils.tweets.clean`, shape (rows,).
        labels: 0 negative, 1 positive, shape (rows,).
        confidence: How far the labellers agreed, from 0 to 1, shape (rows,).
        groups: Number of the group of copies, shape (rows,).
        sequences_2019: The words of the texts, cleaned as in 2019, as integers, zeros on
            the left, shape (rows, timesteps); (10729, 28) for the real tweets.
        vocabulary_2019: Word to integer, learnt from all rows, as in 2019.
        split_2019: The random split of 2019, copies on both sides.
        split_grouped: No group on two sides, same seed.
        is_real: Whether these are the published tweets.
        provenance: What they were made from, in plain words and numbers.
    """

    raw_texts: NDArray[np.object_]
    texts: NDArray[np.object_]
    labels: NDArray[np.int64]
    confidence: NDArray[np.float64]
    groups: NDArray[np.int64]
    sequences_2019: NDArray[np.int32]
    vocabulary_2019: dict[str, int]
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
        for name in _SPLITS:
            arrays |= {f"{name}_{part}": getattr(getattr(self, name), part) for part in _PARTS}
        about = {name: getattr(self, name).tolist() for name in _TEXTS} | {
            "is_real": self.is_real,
            "provenance": self.provenance,
            "vocabulary_2019": self.vocabulary_2019,
        }
        # JSON as bytes, which NumPy stores without pickle.
        packed = np.frombuffer(json.dumps(about).encode("ascii"), dtype=np.uint8)
        with storage.atomic_path(path) as part, part.open("wb") as file:
            np.savez_compressed(file, about=packed, **arrays)


def load(path: str | Path) -> Dataset:
    """Read what :meth:`Dataset.save` wrote.

    Raises:
        DatasetError: The file is missing, damaged or was written by another version.
    """
    path = Path(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DatasetError(
            f"{path} cannot be read ({error.strerror or error}). Run notebook 04, which makes it."
        ) from error
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:
            about = json.loads(stored["about"].tobytes())
            made_by = about["provenance"]
            if made_by["workshop_utils"] != __version__ or made_by["rules"] != RULES:
                raise ValueError("another version")
            about |= {name: np.array(about[name], dtype=object) for name in _TEXTS}
            about |= {name: stored[name] for name in _ARRAYS}
            for name in _SPLITS:
                about[name] = Split(*(stored[f"{name}_{part}"] for part in _PARTS))
            return Dataset(**about)
    except (ValueError, KeyError, TypeError, EOFError, OSError, zipfile.BadZipFile) as error:
        raise DatasetError(
            f"{path} holds no tweets of this workshop, is damaged, or was written by another "
            f"version ({type(error).__name__}). Remove it and run notebook 04 again."
        ) from error


def prepare(found: Tweets) -> Dataset:
    """Make everything that the later notebooks need from the tweets.

    Neutral tweets are dropped, the order of the file is kept. A tweet of which the
    cleaner leaves nothing is dropped too; the real file holds none.

    Args:
        found: The tweets, real or not.

    Raises:
        TweetsUnreadable: A class is missing, or there are too few different texts.
    """
    frame = found.frame[found.frame["sentiment"] != "Neutral"]
    tweets.require_usable(frame, found.name)
    cleaned = tweets.clean_all(frame["text"])
    frame = frame[[bool(words) for words in cleaned]]
    raw = frame["text"].tolist()
    groups = tweets.group_ids(raw)
    texts_2019 = [tweets.clean_2019(tweet) for tweet in raw]
    vocabulary = tweets.fit_vocabulary(texts_2019, SIZE_2019)
    return Dataset(
        raw_texts=np.array(raw, dtype=object),
        texts=np.array([words for words in cleaned if words], dtype=object),
        labels=(frame["sentiment"] == "Positive").to_numpy().astype(np.int64),
        confidence=frame["sentiment_confidence"].to_numpy(dtype=np.float64),
        groups=groups,
        sequences_2019=tweets.pad(tweets.to_sequences(texts_2019, vocabulary)),
        vocabulary_2019=vocabulary,
        split_2019=tweets.random_split(len(raw)),
        split_grouped=tweets.grouped_split(groups),
        is_real=found.is_real,
        provenance=_made_from(found) | {"rows": len(raw)},
    )


def _made_from(found: Tweets) -> dict[str, Any]:
    kinds = {True: "the real tweets", False: "your own file"}
    data = "the synthetic tweets" if found.source == "synthetic" else kinds[found.is_real]
    versions = {"workshop_utils": __version__, "rules": RULES}
    return {"data": data, "sha256": found.sha256} | versions


def prepare_and_save(found: Tweets) -> Dataset:
    """Make what the later notebooks need from the tweets, and save it for them; print so.

    Args:
        found: The tweets, real or not.

    Raises:
        TweetsUnreadable: A class is missing, or there are too few different texts.
    """
    data = prepare(found)
    try:
        data.save(storage.artifacts_dir() / FILE_NAME)
    except storage.StorageError as error:
        print(f"They could not be saved. {error}")
    else:
        print(f"{len(data):,} rows and the test rows of both splits are saved.")
    return data


def load_or_prepare() -> Dataset:
    """Return what notebook 04 saved, or prepare the tweets now; print which.

    A saved file is used when it was made by this version, from the tweets that would be
    found now, or from the real tweets where none are found now.

    Returns:
        The dataset; it is saved where it was not yet.

    Raises:
        TweetsUnreadable: A file was named in the setting, and it cannot be used.
    """
    path = storage.artifacts_dir() / FILE_NAME
    named = os.environ.get(tweets.TWEETS_VARIABLE, "").strip()
    data = None
    how = "as they were saved"
    with contextlib.suppress(DatasetError):
        data = load(path)
    if data is None or named or not data.is_real:
        found = tweets.load_or_synthetic()
        if data is None or not _made_from(found).items() <= data.provenance.items():
            data = prepare(found)
            how = "prepared now as in notebook 04"
            try:
                data.save(path)
            except storage.StorageError as error:
                print(f"They could not be saved. {error}")
    print(f"{len(data):,} rows of {data.provenance['data']}, {how}.")
    return data
