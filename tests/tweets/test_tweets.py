"""Reading the tweets: the published file, a user's own in every condition, synthetic ones."""

import numpy as np
import pandas as pd
import pytest

from workshop_utils import tweets
from workshop_utils.tweets import TweetsUnavailable, TweetsUnreadable, fetching, reading

GOOD = "text,sentiment\nIt is good,Positive\nIt is bad,Negative\nIt is on,Neutral\n"


@pytest.fixture
def own(tmp_path):
    """Write a user's own file and load it."""

    def load(content):
        path = tmp_path / "own.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return tweets.load(path)

    return load


def refused(own, content):
    with pytest.raises(TweetsUnreadable) as caught:
        own(content)
    return str(caught.value)


# --- the published file ----------------------------------------------------------------------


def test_the_published_file_is_real_wherever_it_comes_from(tweets_csv, monkeypatch):
    given = tweets.load(tweets_csv)
    monkeypatch.setenv("LSTM_WORKSHOP_TWEETS", str(tweets_csv))
    named = tweets.load()
    assert (given.source, named.source) == ("argument", "setting")
    assert given.is_real
    assert named.is_real
    # The sentence stands in stored outputs, so it must not depend on where the file lies.
    assert given.sentence == named.sentence
    assert given.sentence == "The real tweets: 13,871 rows, the published file byte for byte."
    assert given.sha256 == fetching.SHA256


def test_only_what_is_needed_is_read_and_nothing_is_changed(tweets_csv):
    frame = tweets.load(tweets_csv).frame
    raw = pd.read_csv(tweets_csv)
    assert tuple(frame.columns) == reading.COLUMNS
    for column in reading.COLUMNS:
        expected = raw[column] if raw[column].dtype == float else raw[column].fillna("")
        assert (frame[column].to_numpy() == expected.to_numpy()).all(), column
    hidden = {"name", "tweet_id", "tweet_location", "tweet_coord", "user_timezone"}
    assert not hidden & set(frame.columns)


def test_the_published_file_with_another_byte_is_the_users_own(tweets_csv, own):
    found = own(tweets_csv.read_bytes() + b"\n")
    assert not found.is_real
    assert len(found.frame) == 13_871


# --- a user's own file -----------------------------------------------------------------------


def test_a_users_own_file_is_used_and_called_so(own):
    found = own(GOOD)
    assert not found.is_real
    assert found.source == "argument"
    assert found.sentence == (
        "Your own file: 3 tweets, read as utf-8. It is not the published file, so checks that "
        "speak of the real tweets are skipped."
    )
    assert found.frame["text"].tolist() == ["It is good", "It is bad", "It is on"]
    assert found.frame["sentiment"].tolist() == ["Positive", "Negative", "Neutral"]


def test_columns_that_can_be_missed_are_filled(own):
    frame = own(GOOD).frame
    assert tuple(frame.columns) == reading.COLUMNS
    assert frame["sentiment_confidence"].tolist() == [1.0, 1.0, 1.0]
    assert frame["retweet_count"].tolist() == [0, 0, 0]
    assert frame["candidate"].tolist() == ["", "", ""]
    assert frame["id"].tolist() == [1, 2, 3]


def test_names_and_labels_may_be_written_otherwise(own):
    found = own("Sentiment , TEXT,sentiment_confidence\npositive,a,.5\n NEGATIVE ,b,\n")
    assert found.frame["sentiment"].tolist() == ["Positive", "Negative"]
    assert found.frame["sentiment_confidence"].tolist() == [0.5, 1.0]


def test_texts_are_kept_as_they_are(own):
    rows = ['"two\nlines, and a comma",Positive', '"she said ""no""",Negative', "NA,Negative"]
    found = own("text,sentiment\n" + "\n".join(rows) + "\n")
    assert found.frame["text"].tolist() == ["two\nlines, and a comma", 'she said "no"', "NA"]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("cp1252", "cp1252"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_other_encodings_are_recognised(own, written, said):
    content = GOOD.replace("good", "tr\u00e8s bien \u201cvraiment\u201d").encode(written)
    found = own(content)
    assert found.frame["text"].iloc[0] == "It is tr\u00e8s bien \u201cvraiment\u201d"
    assert f"read as {said}." in found.sentence


def test_a_latin_1_copy_is_read(own):
    # Byte 0x81 means nothing in cp1252, and a control character in Latin-1.
    found = own(GOOD.encode() + b"caf\xe9 \x81,Positive\n")
    assert found.frame["text"].iloc[-1] == "caf\u00e9 \x81"
    assert "read as latin-1." in found.sentence


def test_the_published_tweets_are_read_from_a_latin_1_copy(tweets_csv, own):
    content = tweets_csv.read_bytes().decode().encode("latin-1", "replace") + b" \x81"
    assert len(own(content).frame) == 13_871


@pytest.mark.parametrize("content", [b"", b"\n\n  ", b"\x00\x00"])
def test_an_empty_file_is_said(own, content):
    assert refused(own, content).endswith("is empty. Give a copy of Sentiment.csv.")


def test_a_file_with_only_a_header_is_said(own):
    assert "has no row with a text and a label" in refused(own, "text,sentiment\n")


def test_missing_columns_are_named_beside_those_that_are_there(own):
    message = refused(own, "id,tweet\n1,hello\n")
    assert "lacks the columns text and sentiment; its columns are 'id', 'tweet'." in message
    assert "lacks the column sentiment; its columns are 'text'." in refused(own, "text\na\n")


def test_semicolons_are_recognised(own):
    message = refused(own, GOOD.replace(",", ";"))
    assert message.endswith("Save it with a comma between the fields.")


def test_other_labels_are_named(own):
    message = refused(own, GOOD + "so so,mixed\nvery,4\n")
    assert "holds the labels '4', 'Mixed' in the column sentiment" in message
    assert "Only Negative, Neutral, Positive are known" in message
    many = GOOD + "".join(f"text,label{n}\n" for n in range(9))
    assert "'Label4', ..." in refused(own, many)


def test_rows_without_a_text_or_a_label_are_left_out_and_counted(own):
    found = own(GOOD + ",Positive\nno label,\n   ,Negative\nnull label,NULL\n")
    assert len(found.frame) == 3
    assert found.sentence.endswith("Rows left out, because they lack a text or a label: 4.")


def test_words_where_numbers_are_expected_are_said(own):
    message = refused(own, "text,sentiment,retweet_count\na,Positive,many\n")
    assert "holds 'many' in the column retweet_count, where numbers from 0 on are" in message


@pytest.mark.parametrize("column", ["sentiment", "text", "retweet_count"])
def test_a_column_that_stands_there_twice_is_said(own, column):
    message = refused(own, f"text,sentiment,retweet_count,{column.upper()}\na,Positive,1,b\n")
    assert f"has the column {column} more than once, in small or capital letters" in message
    assert message.endswith("Rename all but one.")


@pytest.mark.parametrize(
    ("column", "cell", "span"),
    [
        ("sentiment_confidence", "-7", "from 0 to 1"),
        ("sentiment_confidence", "inf", "from 0 to 1"),
        ("candidate_confidence", "nan", "from 0 to 1"),
        ("retweet_count", "inf", "from 0 on"),
        ("retweet_count", "-1", "from 0 on"),
        ("retweet_count", "1e400", "from 0 on"),
    ],
)
def test_impossible_numbers_are_said(own, column, cell, span):
    message = refused(own, f"text,sentiment,{column}\na,Positive,{cell}\n")
    assert message.endswith(
        f"holds {cell!r} in the column {column}, where numbers {span} are expected."
    )


@pytest.mark.parametrize(
    ("rows", "negative", "positive"),
    [
        (["one,Positive"], 0, 1),
        ([f"text {n},Negative" for n in range(500)], 500, 0),
        (["the same,Positive", "the same,Negative"] * 250, 0, 1),
        ([f"text {n},Neutral" for n in range(50)], 0, 0),
    ],
    ids=["one row", "one class", "equal texts", "neutral"],
)
def test_what_no_model_can_learn_from_is_said(monkeypatch, tmp_path, rows, negative, positive):
    path = tmp_path / "own.csv"
    path.write_text("text,sentiment\n" + "\n".join(rows) + "\n")
    monkeypatch.setenv("LSTM_WORKSHOP_TWEETS", str(path))
    with pytest.raises(TweetsUnreadable) as caught:
        tweets.load_or_synthetic()
    assert (
        f"holds {negative} different negative and {positive} different positive texts. The "
        "notebooks need at least 30 of each"
    ) in str(caught.value)


def test_a_table_that_is_none_is_said(own):
    message = refused(own, 'text,sentiment\na,Positive\nb,Negative,1,2,"open\n')
    assert "is not a table of comma-separated values" in message


def test_a_web_page_is_said(own):
    assert "is a web page, not a CSV file" in refused(own, "\n <!DOCTYPE html><html></html>")


def test_a_missing_file_is_said_with_the_setting(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("LSTM_WORKSHOP_TWEETS", str(tmp_path / "nowhere.csv"))
    with pytest.raises(TweetsUnreadable) as caught:
        tweets.load()
    assert "nowhere.csv (LSTM_WORKSHOP_TWEETS) cannot be read" in str(caught.value)
    assert "or unset LSTM_WORKSHOP_TWEETS" in str(caught.value)
    # A mistake in the setting must not be hidden behind invented tweets.
    with pytest.raises(TweetsUnreadable):
        tweets.load_or_synthetic()
    assert capsys.readouterr().out == ""
    with pytest.raises(TweetsUnreadable, match=r"\(given as path\) cannot be read"):
        tweets.load(tmp_path)


def test_the_argument_goes_before_the_setting(monkeypatch, own, tmp_path):
    monkeypatch.setenv("LSTM_WORKSHOP_TWEETS", str(tmp_path / "nowhere.csv"))
    assert len(own(GOOD).frame) == 3


# --- synthetic tweets ----------------------------------------------------------------------


def test_without_any_tweets_the_error_says_what_to_do():
    with pytest.raises(TweetsUnavailable) as caught:
        tweets.load()
    assert not isinstance(caught.value, TweetsUnreadable)
    assert str(caught.value) == (
        "LSTM_WORKSHOP_OFFLINE is set, and there is no good copy of the tweets here. "
        "Unset it to fetch them. Set LSTM_WORKSHOP_TWEETS to the path of a Sentiment.csv, or "
        "go on with synthetic tweets."
    )


def test_synthetic_tweets_take_over_and_are_announced(capsys):
    found = tweets.load_or_synthetic()
    assert (found.source, found.is_real, found.sha256) == ("synthetic", False, "")
    assert tuple(found.frame.columns) == reading.COLUMNS
    said = capsys.readouterr().out
    assert said == found.sentence + "\n"
    assert said.startswith("Synthetic tweets: 13,871 invented ones")
    assert "Why: LSTM_WORKSHOP_OFFLINE is set" in said


def test_the_real_tweets_are_announced_too(tweets_csv, monkeypatch, capsys):
    monkeypatch.setenv("LSTM_WORKSHOP_TWEETS", str(tweets_csv))
    tweets.load_or_synthetic()
    assert capsys.readouterr().out.startswith("The real tweets: 13,871 rows")


# --- showing ---------------------------------------------------------------------------------


def test_handles_are_masked():
    assert tweets.mask_handles("RT @Some_One1: hi @b, not a#b") == "RT @user: hi @user, not a#b"
    assert tweets.mask_handles("no handle") == "no handle"


def test_reading_keeps_types(own):
    frame = own(GOOD).frame
    assert frame["id"].dtype == np.int64
    assert frame["candidate_confidence"].dtype == np.float64
