"""What notebook 04 hands on: made, saved without pickle, found again, made anew when needed."""

import dataclasses
import errno
import json
import zipfile

import numpy as np
import pytest

from workshop_utils import tweets
from workshop_utils.runtime import storage
from workshop_utils.tweets import Tweets, dataset
from workshop_utils.tweets.dataset import Dataset, DatasetError
from workshop_utils.tweets.synthetic import make


@pytest.fixture(scope="module")
def small():
    return dataset.prepare(Tweets(make(1_500), "synthetic", False, "Invented."))


def assert_same(one: Dataset, other: Dataset):
    for field in dataclasses.fields(Dataset):
        ours = getattr(one, field.name)
        theirs = getattr(other, field.name)
        if isinstance(ours, np.ndarray):
            assert ours.dtype == theirs.dtype, field.name
            assert np.array_equal(ours, theirs), field.name
        elif isinstance(ours, tweets.Split):
            for part in ("train", "validation", "test"):
                assert np.array_equal(getattr(ours, part), getattr(theirs, part))
        else:
            assert ours == theirs, field.name


def test_the_real_tweets_give_the_figures_of_2019(tweets_csv):
    made = dataset.prepare(tweets.load(tweets_csv))
    assert made.is_real
    assert len(made) == 10_729
    assert made.sequences_2019.shape == (10_729, 28)
    assert made.labels.sum() == 2_236
    assert made.split_2019.train.size + made.split_2019.validation.size == 7_510
    assert made.split_2019.test.size == 3_219
    assert made.groups.max() + 1 == 7_284
    assert made.provenance["data"] == "the real tweets"
    assert made.provenance["sha256"] == tweets.fetching.SHA256


def test_rows_keep_the_order_of_the_file_and_belong_together(small):
    frame = make(1_500)
    frame = frame[frame["sentiment"] != "Neutral"]
    assert small.raw_texts.tolist() == frame["text"].tolist()
    assert small.texts.tolist() == tweets.clean_all(frame["text"])
    cleaned = [tweets.clean_2019(tweet) for tweet in frame["text"]]
    numbers = tweets.to_sequences(cleaned, small.vocabulary_2019)
    assert np.array_equal(small.sequences_2019, tweets.pad(numbers))
    assert (small.labels == (frame["sentiment"] == "Positive")).all()
    assert (small.confidence == frame["sentiment_confidence"]).all()
    assert (small.groups == tweets.group_ids(frame["text"])).all()
    for split in (small.split_2019, small.split_grouped):
        assert split.train.size + split.validation.size + split.test.size == len(small)


def test_saving_and_loading_change_nothing(small, tmp_path):
    small.save(tmp_path / "dataset.npz")
    assert_same(dataset.load(tmp_path / "dataset.npz"), small)


def test_a_tweet_of_which_nothing_is_left_is_dropped():
    frame = make(400)
    frame.loc[:9, "text"] = "http://link.example/abc !!!"
    frame.loc[:9, "sentiment"] = "Positive"
    made = dataset.prepare(Tweets(frame, "synthetic", False, ""))
    assert len(made) == (frame["sentiment"] != "Neutral").sum() - 10
    assert all(made.texts)


def test_both_classes_are_needed():
    frame = make(200)
    frame["sentiment"] = "Negative"
    with pytest.raises(tweets.TweetsUnreadable, match="0 different positive"):
        dataset.prepare(Tweets(frame, "synthetic", False, ""))


def packed(about):
    return np.frombuffer(json.dumps(about).encode(), dtype=np.uint8)


def rewrite(path, change):
    """Change what is stored under one name."""
    with np.load(path, allow_pickle=False) as stored:
        arrays = dict(stored)
    change(arrays)
    np.savez(path, **arrays)


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(path.read_bytes()[:5000]),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_text("not a zip file"),
        lambda path: rewrite(path, lambda arrays: arrays.pop("labels")),
        lambda path: rewrite(path, lambda a: a.update(about=packed({"format": 99}))),
        lambda path: rewrite(path, lambda a: a.update(about=packed([]))),
        lambda path: rewrite(path, lambda a: a.update(split_2019_test=a["split_2019_train"])),
        lambda path: zipfile.ZipFile(path, "w").close(),
    ],
    ids=["cut", "empty", "text", "lacking", "format", "list", "overlap", "empty-zip"],
)
def test_damaged_files_end_in_one_error_that_says_what_to_do(small, tmp_path, damage):
    path = tmp_path / "dataset.npz"
    small.save(path)
    damage(path)
    with pytest.raises(DatasetError, match=r"Remove it and run notebook 04 again\."):
        dataset.load(path)


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(DatasetError, match="Run notebook 04, which makes it"):
        dataset.load(tmp_path / "nothing.npz")


# --- load or prepare -------------------------------------------------------------------------


@pytest.fixture
def finds(monkeypatch):
    """Let the tweets be found, or not, without touching a file."""
    looked = []

    def set_found(found):
        def load_or_synthetic():
            looked.append(found)
            return found

        monkeypatch.setattr(tweets, "load_or_synthetic", load_or_synthetic)
        return looked

    return set_found


SYNTHETIC = Tweets(make(1_500), "synthetic", False, "Invented.")
REAL = Tweets(make(1_200, seed=1), "mirror", True, "Real.", "f00")
OWN = Tweets(make(1_000, seed=2), "setting", False, "Own.", "bee")


def test_the_first_time_they_are_prepared_and_then_found(finds, capsys):
    finds(SYNTHETIC)
    first = dataset.load_or_prepare()
    second = dataset.load_or_prepare()
    assert_same(first, second)
    rows = f"{len(first):,} rows of the synthetic tweets"
    assert capsys.readouterr().out.splitlines() == [
        f"{rows}, prepared now as in notebook 04.",
        f"{rows}, as they were saved.",
    ]
    assert (storage.artifacts_dir() / dataset.FILE_NAME).is_file()


def test_what_notebook_04_saves_is_what_the_later_ones_find(finds, capsys):
    finds(SYNTHETIC)
    made = dataset.prepare_and_save(SYNTHETIC)
    assert_same(dataset.load_or_prepare(), made)
    saved, found = capsys.readouterr().out.splitlines()
    assert saved == f"{len(made):,} rows and the test rows of both splits are saved."
    assert found.endswith("as they were saved.")


def test_saved_real_tweets_are_used_without_looking_for_others(finds, capsys):
    looked = finds(REAL)
    dataset.load_or_prepare()
    finds(SYNTHETIC)
    assert dataset.load_or_prepare().is_real
    assert looked == [REAL]
    assert "rows of the real tweets, as they were saved" in capsys.readouterr().out


def test_synthetic_tweets_give_way_to_the_real_tweets(finds):
    finds(SYNTHETIC)
    dataset.load_or_prepare()
    finds(REAL)
    assert dataset.load_or_prepare().is_real


def test_a_file_that_the_user_names_goes_before_what_is_saved(finds, monkeypatch):
    finds(REAL)
    dataset.load_or_prepare()
    monkeypatch.setenv("LSTM_WORKSHOP_TWEETS", "own.csv")
    finds(OWN)
    assert dataset.load_or_prepare().provenance["sha256"] == "bee"


@pytest.mark.parametrize("damaged", [b"", b"PK\x03\x04 cut"])
def test_a_damaged_file_is_replaced(finds, damaged):
    finds(SYNTHETIC)
    path = storage.artifacts_dir() / dataset.FILE_NAME
    path.write_bytes(damaged)
    made = dataset.load_or_prepare()
    assert_same(dataset.load(path), made)


@pytest.mark.parametrize(
    ("name", "key", "other"), [("__version__", "workshop_utils", "99"), ("RULES", "rules", 99)]
)
def test_what_another_version_saved_is_made_anew(finds, monkeypatch, capsys, name, key, other):
    finds(REAL)
    dataset.load_or_prepare()
    monkeypatch.setattr(dataset, name, other)
    assert dataset.load_or_prepare().provenance[key] == other
    assert capsys.readouterr().out.count("prepared now") == 2


def test_a_full_disk_costs_no_lesson(finds, monkeypatch, capsys):
    finds(SYNTHETIC)

    def full(*_args, **_kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(np, "savez_compressed", full)
    assert len(dataset.load_or_prepare()) > 1_000
    assert len(dataset.prepare_and_save(SYNTHETIC)) > 1_000
    said = capsys.readouterr().out
    assert said.count("They could not be saved.") == 2
    assert said.count("No space left on device") == 2
    assert list(storage.artifacts_dir().glob("*.npz")) == []
