"""Fetching from the mirrors: each case ends in the right bytes or in one clear error."""

import hashlib
import time

import pytest
from tweet_server import (
    CONTENT,
    HALF,
    Handler,
    assert_right,
    cached,
    files_in_cache,
    load,
    publish,
    serve,
)

from workshop_utils import tweets
from workshop_utils.runtime import storage
from workshop_utils.tweets import TweetsUnavailable, fetching

BAD = {
    "status_404": "answered with status 404",
    "status_500": "answered with status 500",
    "wrong": "sent other bytes than the published ones",
    "short": f"sent only {HALF:,} of {len(CONTENT):,} bytes",
    "truncated": "broke off in the middle",
    "web_page": "sent a web page, perhaps the login page of this network",
    "endless": "sent more than the file",
    "redirect_loop": "sends from address to address without an end",
    "silent": "did not answer in time",
    "stalled": "stopped sending",
    "dripping": "sent too little for ",
    "dead": "cannot be reached",
}


@pytest.fixture
def server(monkeypatch):
    yield from serve(monkeypatch)


@pytest.mark.parametrize("name", BAD)
def test_a_bad_first_mirror_does_not_matter(server, name):
    found = load(server, name, "ok")
    assert_right(found)
    assert files_in_cache() == [cached()]
    assert cached().read_bytes() == CONTENT


@pytest.mark.parametrize("name", BAD)
def test_two_bad_mirrors_end_in_one_clear_error(server, name):
    with pytest.raises(TweetsUnavailable) as caught:
        load(server, "status_404", name)
    message = str(caught.value)
    assert message.startswith("The tweets could not be fetched. Mirror 1 answered with status 404.")
    assert f"Mirror 2 {BAD[name]}" in message
    assert message.endswith(
        "Look at the internet connection, then run this again. Set LSTM_WORKSHOP_TWEETS to the "
        "path of a Sentiment.csv, or go on with synthetic tweets."
    )
    assert files_in_cache() == []


@pytest.mark.parametrize("name", ["silent", "stalled", "dripping"])
def test_waiting_has_an_end(server, name):
    with pytest.raises(TweetsUnavailable):
        load(server, name, name)


def test_synthetic_tweets_are_decided_on_with_the_time_that_users_get(server, monkeypatch, capsys):
    monkeypatch.undo()
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("LSTM_WORKSHOP_CACHE", str(cached().parent))
    monkeypatch.delenv("LSTM_WORKSHOP_OFFLINE", raising=False)
    monkeypatch.delenv("LSTM_WORKSHOP_TWEETS", raising=False)
    publish(server, "silent", "stalled")
    found = tweets.load_or_synthetic()
    assert found.source == "synthetic"
    assert "Mirror 2 stopped sending." in capsys.readouterr().out


def test_a_slow_transfer_that_moves_is_not_cut_off(server, monkeypatch):
    monkeypatch.setattr(fetching, "MOVES", 1000)
    monkeypatch.setattr(fetching, "SECONDS_TO_GIVE_UP", 0.5)

    def slowly(self):
        self.send(b"", announced=len(CONTENT))
        for start in range(0, len(CONTENT), 8192):
            self.wfile.write(CONTENT[start : start + 8192])
            self.wfile.flush()
            time.sleep(0.1)

    monkeypatch.setattr(Handler, "ok", slowly)
    assert len(CONTENT) / 8192 * 0.1 > fetching.SECONDS_TO_GIVE_UP
    assert_right(load(server, "ok"))


def test_a_redirect_is_followed(server):
    assert_right(load(server, "redirect"))
    assert server.asked == ["redirect", "ok"]


def test_a_bar_is_shown_once_something_arrives_and_not_before(server, capsys):
    load(server, "ok")
    assert "%" in capsys.readouterr().err
    storage.clear()
    with pytest.raises(TweetsUnavailable):
        load(server, "dead", "silent")
    assert capsys.readouterr().err == ""


def test_offline_means_offline(server, monkeypatch):
    monkeypatch.setenv("LSTM_WORKSHOP_OFFLINE", "1")
    with pytest.raises(TweetsUnavailable, match="LSTM_WORKSHOP_OFFLINE is set") as caught:
        load(server, "ok")
    assert "Unset it to fetch them." in str(caught.value)
    assert server.asked == []


def test_what_nobody_expected_still_becomes_a_sentence(server, monkeypatch):
    monkeypatch.setattr(fetching, "MOVES", "a lot")
    with pytest.raises(TweetsUnavailable, match=r"Mirror 1 failed \(\w+\)\."):
        load(server, "ok")


def test_the_pinned_mirrors_name_a_commit():
    assert len(fetching.MIRRORS) == 2
    for url in fetching.MIRRORS:
        assert url.startswith("https://raw.githubusercontent.com/")
        assert len(url.split("/")[-2]) == 40
    assert fetching.SECONDS_TO_GIVE_UP < 10


def test_the_pinned_file_is_the_one_at_hand(tweets_csv):
    content = tweets_csv.read_bytes()
    assert len(content) == fetching.SIZE
    assert hashlib.sha256(content).hexdigest() == fetching.SHA256
