"""A small server on loopback that does everything a server should not do."""

import contextlib
import hashlib
import http.server
import threading

from workshop_utils import tweets
from workshop_utils.runtime import storage
from workshop_utils.tweets import fetching

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


def serve(monkeypatch):
    """Run a server that is the only one asked for tweets; each test file makes it a fixture."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv("LSTM_WORKSHOP_OFFLINE", "0")
    monkeypatch.setattr(fetching, "SECONDS_TO_GIVE_UP", 3.0)
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
