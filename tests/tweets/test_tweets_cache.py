"""Copies nearby and in the cache: found, damaged, half-written, refused by the disk."""

import errno
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tweet_server import CONTENT, HALF, WEB_PAGE, assert_right, cached, files_in_cache, load, serve

from workshop_utils import tweets
from workshop_utils.runtime import storage
from workshop_utils.tweets import TweetsUnavailable


@pytest.fixture
def server(monkeypatch):
    yield from serve(monkeypatch)


@pytest.mark.parametrize("place", ["beside the notebook", "on Drive", "in the workshop's folder"])
def test_a_copy_nearby_is_found_without_a_network(server, monkeypatch, tmp_path, place):
    monkeypatch.setenv("LSTM_WORKSHOP_OFFLINE", "1")
    monkeypatch.setattr(storage, "artifacts_path", lambda: tmp_path / "drive" / "artifacts")
    folders = {
        "beside the notebook": tmp_path / "notebooks",
        "on Drive": tmp_path / "drive",
        "in the workshop's folder": tmp_path / "drive" / "artifacts",
    }
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(folders["beside the notebook"])
    (folders[place] / "Sentiment.csv").write_bytes(CONTENT)
    assert_right(load(server, "ok"), source="beside")
    (folders[place] / "Sentiment.csv").write_bytes(CONTENT[:-1])
    with pytest.raises(TweetsUnavailable, match="is another file"):
        load(server, "ok")


def test_a_dead_drive_is_no_obstacle(server, monkeypatch, tmp_path):
    read_bytes = Path.read_bytes

    def dead(self):
        if "drive" in self.parts:
            raise OSError(107, "Transport endpoint is not connected")
        return read_bytes(self)

    monkeypatch.setattr(storage, "artifacts_path", lambda: tmp_path / "drive" / "artifacts")
    monkeypatch.setattr(Path, "read_bytes", dead)
    assert_right(load(server, "ok"))


def test_the_second_time_nothing_is_fetched(server):
    load(server, "ok")
    assert_right(tweets.load(), source="cache")
    assert server.asked == ["ok"]
    assert storage.usage()[0].files == (cached(),)


def test_a_cache_that_cannot_be_written_costs_nothing_but_the_next_fetch(
    server, monkeypatch, tmp_path
):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("LSTM_WORKSHOP_CACHE", str(tmp_path / "file" / "cache"))
    found = load(server, "ok")
    assert_right(found)
    assert "They could not be kept for next time:" in found.sentence
    assert "Make room there, or set LSTM_WORKSHOP_CACHE" in found.sentence


def test_a_read_only_folder_costs_nothing_but_the_next_fetch(server, monkeypatch):
    folder = str(storage.cache_dir())
    system_open = os.open

    def refuse(path, *args, **kwargs):
        if str(path).startswith(folder):
            raise PermissionError(errno.EACCES, "Permission denied")
        return system_open(path, *args, **kwargs)

    monkeypatch.setattr(storage.files.os, "open", refuse)
    found = load(server, "ok")
    monkeypatch.undo()
    assert_right(found)
    assert "Permission denied" in found.sentence
    assert "Make room there, or set LSTM_WORKSHOP_CACHE" in found.sentence


def test_a_full_disk_leaves_nothing_half_written(server, monkeypatch):
    write_bytes = Path.write_bytes

    def write_half(self, content):
        write_bytes(self, content[:HALF])
        raise OSError(errno.ENOSPC, "No space left on device")

    folder = storage.cache_dir()
    monkeypatch.setattr(Path, "write_bytes", write_half)
    found = load(server, "ok")
    assert_right(found)
    assert "No space left on device" in found.sentence
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    "damage",
    [CONTENT[:HALF], b"", CONTENT.replace(b"7", b"8"), WEB_PAGE],
    ids=["cut", "empty", "changed", "page"],
)
def test_a_damaged_cache_is_noticed_and_mended(server, damage, monkeypatch):
    cached().write_bytes(damage)
    monkeypatch.setenv("LSTM_WORKSHOP_OFFLINE", "1")
    with pytest.raises(TweetsUnavailable, match=r"^The copy in the cache is damaged\. "):
        load(server, "ok")
    monkeypatch.setenv("LSTM_WORKSHOP_OFFLINE", "0")
    assert_right(load(server, "ok"))
    assert cached().read_bytes() == CONTENT
    assert_right(load(server, "ok"), source="cache")


def test_a_folder_in_place_of_the_file_is_survived(server):
    cached().mkdir()
    found = load(server, "ok")
    assert_right(found)
    assert "They could not be kept" in found.sentence


SCRIPT = """
import sys
from workshop_utils import tweets
from workshop_utils.tweets import fetching
fetching.SECONDS_TO_GIVE_UP = 20.0
fetching.SHA256, fetching.SIZE, fetching.MIRRORS = sys.argv[1], int(sys.argv[2]), [sys.argv[3]]
"""


def run_script(server, name, more):
    """Start a Python that knows the small file and goes on with some lines more."""
    arguments = [hashlib.sha256(CONTENT).hexdigest(), str(len(CONTENT)), server.url(name)]
    environment = {**os.environ, "PYTHONPATH": str(Path(tweets.__file__).parents[2])}
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT + more, *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


SIXTEEN = """
import os, time
import pandas, requests, tqdm.auto  # once, not in each of the sixteen
start, children = time.time() + 0.2, []
for _ in range(16):
    child = os.fork()
    if child == 0:
        time.sleep(max(0, start - time.time()))
        found = tweets.load()
        os._exit(0 if found.is_real and len(found.frame) == 2000 else 1)
    children.append(child)
print([os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children])
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_sixteen_processes_can_start_on_an_empty_cache_together(server):
    process = run_script(server, "ok", SIXTEEN)
    out, err = process.communicate(timeout=60)
    assert out.strip() == str([0] * 16), err
    assert files_in_cache() == [cached()]
    assert cached().read_bytes() == CONTENT


def test_killed_while_fetching_it_leaves_nothing_and_starts_again(server):
    process = run_script(server, "stalled", "tweets.load()")
    assert server.half_sent.wait(60), process.communicate(timeout=1)
    process.kill()
    process.communicate(timeout=10)
    assert files_in_cache() == []
    assert_right(load(server, "ok"))
    assert files_in_cache() == [cached()]


KILLED_WHILE_WRITING = """
import pathlib, time
def half(self, content):
    with self.open("wb") as file:
        file.write(content[: len(content) // 2])
        file.flush()
        print("half written", flush=True)
        time.sleep(60)
pathlib.Path.write_bytes = half
tweets.load()
"""


def test_killed_while_writing_the_rest_is_harmless_and_is_cleared(server):
    process = run_script(server, "ok", KILLED_WHILE_WRITING)
    assert process.stdout.readline().strip() == "half written", process.stderr.read()
    process.kill()
    process.communicate(timeout=10)
    assert not cached().exists()
    (left,) = files_in_cache()
    assert left.stat().st_size == HALF
    assert_right(load(server, "ok"))
    storage.clear()
    assert files_in_cache() == []
