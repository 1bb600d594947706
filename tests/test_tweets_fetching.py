"""Fetching, against a small server on loopback that does everything a server should not do.

Each case must end in the right bytes or in one clear error, with nothing half-written.
"""

import contextlib
import errno
import hashlib
import http.server
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from workshop_utils import storage, tweets
from workshop_utils.tweets import TweetsUnavailable, fetching

ROWS = "".join(f'{n},Positive,"invented tweet number {n}"\n' for n in range(1, 2001))
CONTENT = ("id,sentiment,text\n" + ROWS).encode()
WEB_PAGE = b"<!DOCTYPE html><html><body>Please log in to this network.</body></html>"
HALF = len(CONTENT) // 2


class Server(http.server.ThreadingHTTPServer):
    """A server whose addresses are named after what they do; it ends with the test."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.over = threading.Event()
        self.half_sent = threading.Event()
        self.asked = []

    def url(self, name):
        return f"http://127.0.0.1:{self.server_address[1]}/{name}"


class Handler(http.server.BaseHTTPRequestHandler):
    server: Server

    def log_message(self, *_):
        pass

    def do_GET(self):
        name = self.path.strip("/")
        self.server.asked.append(name)
        with contextlib.suppress(OSError):  # the client goes away, as it may
            getattr(self, name)()

    def send(self, content, status=200, announced=None, **headers):
        self.send_response(status)
        self.send_header("Content-Length", str(len(content) if announced is None else announced))
        for key, value in headers.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()

    def ok(self):
        self.send(CONTENT)

    def status_404(self):
        self.send(b"not found", 404)

    def status_500(self):
        self.send(b"broken", 500)

    def wrong(self):
        self.send(CONTENT.replace(b"invented", b"imagined"))

    def short(self):
        self.send(CONTENT[:HALF])

    def truncated(self):
        self.send(CONTENT[:HALF], announced=len(CONTENT))
        self.close_connection = True

    def web_page(self):
        self.send(WEB_PAGE, **{"Content-Type": "text/html"})

    def endless(self):
        self.send(CONTENT * 5)

    def redirect(self):
        self.send(b"", 302, Location="/ok")

    def redirect_loop(self):
        self.send(b"", 302, Location="/redirect_loop")

    def silent(self):
        self.server.over.wait(30)

    def stalled(self):
        self.send(CONTENT[:HALF], announced=len(CONTENT))
        self.server.half_sent.set()
        self.server.over.wait(30)

    def dripping(self):
        self.send(b"", announced=len(CONTENT))
        for byte in CONTENT:
            if self.server.over.wait(0.1):
                return
            self.wfile.write(bytes([byte]))
            self.wfile.flush()


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
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv("LSTM_WORKSHOP_OFFLINE", "0")
    monkeypatch.setattr(fetching, "SECONDS_TO_GIVE_UP", 1.0)
    server = Server()
    server.setattr = monkeypatch.setattr
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.over.set()
    server.shutdown()
    server.server_close()
    thread.join(5)


def publish(server, *names):
    """Let the small file be the published one, at these addresses."""
    urls = ["http://127.0.0.1:9/nobody" if n == "dead" else server.url(n) for n in names]
    server.setattr(fetching, "MIRRORS", urls)
    server.setattr(fetching, "SHA256", hashlib.sha256(CONTENT).hexdigest())
    server.setattr(fetching, "SIZE", len(CONTENT))


def load(server, *names):
    publish(server, *names)
    return tweets.load()


def cached():
    return storage.cache_dir() / "Sentiment.csv"


def files_in_cache():
    """Every file of the cache but the list of what the workshop wrote."""
    folder = storage.cache_dir()
    return [p for p in folder.rglob("*") if p.is_file() and p.name != storage.files.LIST_NAME]


def assert_right(found, source="mirror"):
    assert found.is_real
    assert found.source == source
    assert len(found.frame) == 2000
    assert found.frame["text"].iloc[-1] == "invented tweet number 2000"
    assert found.sentence.startswith(
        "The real tweets: 2,000 rows, the published file byte for byte."
    )


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
    start = time.monotonic()
    with pytest.raises(TweetsUnavailable):
        load(server, name, name)
    assert time.monotonic() - start < 5


@pytest.mark.slow
def test_synthetic_tweets_are_decided_on_within_ten_seconds(server, monkeypatch, capsys):
    monkeypatch.undo()  # the time that users get
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("LSTM_WORKSHOP_CACHE", str(cached().parent))
    monkeypatch.delenv("LSTM_WORKSHOP_OFFLINE", raising=False)
    monkeypatch.delenv("LSTM_WORKSHOP_TWEETS", raising=False)
    publish(server, "silent", "stalled")
    start = time.monotonic()
    found = tweets.load_or_synthetic()
    assert time.monotonic() - start < 10
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
    start = time.monotonic()
    assert_right(load(server, "ok"))
    assert time.monotonic() - start > 0.6


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


def test_offline_means_offline(server, monkeypatch):
    monkeypatch.setenv("LSTM_WORKSHOP_OFFLINE", "1")
    with pytest.raises(TweetsUnavailable, match="LSTM_WORKSHOP_OFFLINE is set") as caught:
        load(server, "ok")
    assert "Unset it to fetch them." in str(caught.value)
    assert server.asked == []


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
    folder, system_open = str(storage.cache_dir()), os.open

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
import pandas, pooch, requests, tqdm.auto  # once, not in each of the sixteen
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


@pytest.mark.slow
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
