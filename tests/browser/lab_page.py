"""JupyterLab as the tests use it: with folders of its own, cut off from the network.

The waiting follows what was found to be reliable: the status bar's "Idle", not the
execution indicator, which shows idle before a cold kernel is connected.
"""

import json
import os
import time
import urllib.error
import urllib.request
from pathlib import Path, PurePosixPath

import pytest

from workshop_tools.editions import as_text, code_cells, read_notebook
from workshop_tools.repository_url import BADGE, read_slug
from workshop_utils.runtime.platforms import _CI_VARIABLES

REPOSITORY = Path(__file__).parents[2]
# The picture under a question lies in the repository; `workshop lab` brings it along.
PICTURES = read_slug(REPOSITORY).raw(PurePosixPath("docs/pictures")) + "/"
TOKEN = "only-for-this-test"
SECONDS_TO_START = 90
SECONDS_TO_RUN = 300
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}
# Every kernel runs this first: what asks for the network fails, and says where it wanted to go.
CUT_OFF = """
import socket

def _guarded(self, address, _connect=socket.socket.connect):
    if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost"):
        raise OSError(f"This kernel is cut off; it asked for {address[0]}.")
    return _connect(self, address)

socket.socket.connect = _guarded
"""


def write_settings(home):
    """Lay out the folders of a JupyterLab that touches nothing of the user's."""
    for name, values in SETTINGS.items():
        file = home / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values), encoding="utf-8")
    startup = home / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00-cut-off.py").write_text(CUT_OFF, encoding="utf-8")


def environment(home):
    """Return variables under which nothing of the user's is touched and nothing fetched."""
    ours = {
        "JUPYTERLAB_SETTINGS_DIR": home / "settings",
        "JUPYTER_CONFIG_DIR": home / "config",
        "JUPYTER_DATA_DIR": home / "data",
        "IPYTHONDIR": home / "ipython",
        "LSTM_WORKSHOP_ARTIFACTS": home / "artifacts",
        "LSTM_WORKSHOP_CACHE": home / "cache",
        "LSTM_WORKSHOP_OFFLINE": "1",
        "PYTHONPATH": REPOSITORY,
    }
    # Under CI no progress is kept; a learner's JupyterLab keeps it.
    foreign = (*_CI_VARIABLES, "LSTM_WORKSHOP_TWEETS", "PYTEST_CURRENT_TEST")
    kept = {name: value for name, value in os.environ.items() if name not in foreign}
    return {**kept, **{name: str(value) for name, value in ours.items()}}


def ask(url, path, method="GET"):
    request = urllib.request.Request(
        f"{url}{path}", method=method, headers={"Authorization": f"token {TOKEN}"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read()


def wait_for_server(url, server, log):
    for _ in range(SECONDS_TO_START * 2):
        try:
            ask(url, "/api")
        except (urllib.error.URLError, ConnectionError):
            assert server.poll() is None, log.read_text(encoding="utf-8")
            time.sleep(0.5)
        else:
            return
    pytest.fail(f"JupyterLab did not answer: {log.read_text(encoding='utf-8')}")


def stop_kernels(url):
    """The server keeps kernels after the browser has gone."""
    for kernel in json.loads(ask(url, "/api/kernels")):
        ask(url, f"/api/kernels/{kernel['id']}", "DELETE")


def is_only_dressing(addresses):
    """Whether nothing but the badge and the picture under the question is asked for."""
    return all(each == BADGE or each.startswith(PICTURES) for each in addresses)


def alts(notebook):
    """Return the description of every picture that is stored."""
    return [
        output["metadata"]["image/png"]["alt"]
        for cell in code_cells(notebook)
        for output in cell["outputs"]
        if "image/png" in output.get("data", {})
    ]


def look(page, what):
    """Return what an expression of looks.js says of a page."""
    asked = Path(__file__).with_name("looks.js").read_text(encoding="utf-8")
    return page.evaluate(f"() => {{ {asked}\nreturn {what}; }}")


def descriptions(page):
    """Return what a screen reader is told of each picture, and of each live drawing, by name."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    seen = [node for node in nodes if node.get("role", {}).get("value") in ("image", "group")]
    told = [node for node in seen if "description" in node]
    return {node["name"]["value"]: node["description"]["value"] for node in told}


def open_in_lab(page, lab, notebook, name):
    """Open a copy of a notebook, because JupyterLab saves as it likes; wait for its kernel."""
    (lab.work / name).write_text(as_text(notebook), encoding="utf-8")
    open_again(page, lab, name)


def open_again(page, lab, name):
    """Open what lies there already, as a learner does who comes back."""
    page.goto(f"{lab.url}/lab/tree/{name}?reset&token={TOKEN}")
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=60_000)
    page.wait_for_selector(
        '.jp-StatusBar-TextItem:has-text("| Idle")', timeout=SECONDS_TO_START * 1000
    )


def save_until(page, lab, name, ready):
    """Save again and again, until the file holds a notebook that `ready` accepts; return it."""
    saved = lab.work / name
    until = time.monotonic() + SECONDS_TO_RUN
    while time.monotonic() < until:
        page.keyboard.press("Control+s")
        page.wait_for_timeout(1000)
        try:
            notebook = read_notebook(saved)
        except ValueError:  # JupyterLab is writing it
            continue
        if ready(notebook):
            return notebook
    return pytest.fail(f"after {SECONDS_TO_RUN} seconds the file was not as awaited: {saved}")


def run_all(page, lab, name, expected):
    """Run every cell of a fresh kernel and wait until all are numbered in the saved file."""
    # Numbers of an earlier kernel would pass for those of this one.
    page.click("text=Edit >> nth=0")
    page.click('[data-command="editmenu:clear-all"]')
    save_until(page, lab, name, lambda saved: counts(saved) == [None] * expected)
    page.click("text=Run >> nth=0")
    page.click('[data-command="runmenu:run-all"]')
    return save_until(page, lab, name, lambda saved: counts(saved) == list(range(1, expected + 1)))


def counts(notebook):
    """Return the number at which each code cell was executed, None where it was not."""
    return [cell["execution_count"] for cell in code_cells(notebook)]
