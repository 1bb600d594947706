"""A real JupyterLab in a real browser: the first notebook runs, and its figures can be read.

The waiting follows what was found to be reliable: the status bar's "Idle", not the
execution indicator, which shows idle before a cold kernel is connected.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import pytest

from workshop_utils.course.catalogue import LESSONS
from workshop_utils.course.editions import as_text, code_cells, read_notebook
from workshop_utils.course.pages import notebook_page

pytestmark = pytest.mark.browser

REPOSITORY = Path(__file__).parents[2]
NOTEBOOK = LESSONS[0].full(REPOSITORY)
TOKEN = "only-for-this-test"
SECONDS_TO_START = 90
SECONDS_TO_RUN = 240
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    # All cells are in the page, not only those in view.
    "notebook-extension/tracker": {"windowingMode": "none"},
}


def need_chromium():
    """Return the browser's path; on a machine without one skip, but not in CI."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return found
    reason = "no Chromium here (apt-get install --no-install-recommends chromium)"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    return pytest.skip(reason)


@pytest.fixture(scope="module")
def browser():
    executable = need_chromium()
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        # Running as root, as containers do, works only without the sandbox.
        options = ["--no-sandbox", "--disable-dev-shm-usage"]
        chromium = started.chromium.launch(executable_path=executable, args=options)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser):
    made = browser.new_page(viewport={"width": 1300, "height": 1000})
    made.problems = []
    made.on("pageerror", lambda error: made.problems.append(str(error)))
    yield made
    made.close()


@pytest.fixture(scope="module")
def lab(browser, tmp_path_factory):
    """Start a JupyterLab of this environment, with settings and folders of its own."""
    home = tmp_path_factory.mktemp("lab")
    work = home / "work"
    work.mkdir()
    for name, values in SETTINGS.items():
        file = home / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values), encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
        *("--ip", "127.0.0.1", "--port", str(port), f"--IdentityProvider.token={TOKEN}"),
        f"--ServerApp.root_dir={work}",
    ]
    with (home / "log").open("w", encoding="utf-8") as log:
        server = subprocess.Popen(command, env=environment(home), stdout=log, stderr=log)
    place = SimpleNamespace(url=f"http://127.0.0.1:{port}", work=work)
    try:
        wait_for_server(place.url, server, home / "log")
        yield place
    finally:
        stop_kernels(place.url)
        server.terminate()
        server.wait(30)


def environment(home):
    """Return variables under which nothing of the user's is touched and nothing fetched."""
    ours = {
        "JUPYTERLAB_SETTINGS_DIR": home / "settings",
        "JUPYTER_CONFIG_DIR": home / "config",
        "JUPYTER_DATA_DIR": home / "data",
        "LSTM_WORKSHOP_ARTIFACTS": home / "artifacts",
        "LSTM_WORKSHOP_CACHE": home / "cache",
        "LSTM_WORKSHOP_OFFLINE": "1",
        "PYTHONPATH": REPOSITORY,
    }
    foreign = ("LSTM_WORKSHOP_TWEETS", "PYTEST_CURRENT_TEST")
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


def without_outputs(path):
    notebook = read_notebook(path)
    for cell in code_cells(notebook):
        cell["outputs"], cell["execution_count"] = [], None
    return notebook


def alts(notebook):
    """Return the description of every picture that is stored."""
    return [
        output["metadata"]["image/png"]["alt"]
        for cell in code_cells(notebook)
        for output in cell["outputs"]
        if "image/png" in output.get("data", {})
    ]


def open_in_lab(page, lab, notebook):
    # A copy in an empty folder, because JupyterLab saves as it likes.
    (lab.work / NOTEBOOK.name).write_text(as_text(notebook), encoding="utf-8")
    page.goto(f"{lab.url}/lab/tree/{NOTEBOOK.name}?reset&token={TOKEN}")
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=60_000)
    page.wait_for_selector(
        '.jp-StatusBar-TextItem:has-text("| Idle")', timeout=SECONDS_TO_START * 1000
    )


def run_all(page, lab, expected):
    """Run every cell and wait until all are numbered in the saved file."""
    page.click("text=Run >> nth=0")
    page.click('[data-command="runmenu:run-all"]')
    saved = lab.work / NOTEBOOK.name
    for _ in range(SECONDS_TO_RUN):
        page.keyboard.press("Control+s")
        page.wait_for_timeout(1000)
        notebook = json.loads(saved.read_text(encoding="utf-8"))
        counts = [cell["execution_count"] for cell in code_cells(notebook)]
        if counts == list(range(1, expected + 1)):
            return read_notebook(saved)
    return pytest.fail(f"after {SECONDS_TO_RUN} seconds the cells are numbered {counts}")


def test_the_first_notebook_runs_in_jupyterlab_and_its_figures_are_described(page, lab):
    notebook = without_outputs(NOTEBOOK)
    open_in_lab(page, lab, notebook)
    ran = run_all(page, lab, len(code_cells(notebook)))
    kinds = {output["output_type"] for cell in code_cells(ran) for output in cell["outputs"]}
    assert "error" not in kinds
    assert page.locator('[data-mime-type="application/vnd.jupyter.stderr"]').count() == 0
    prompts = page.locator(".jp-CodeCell .jp-InputPrompt").all_text_contents()
    # A collapsed solution shows no number; in the saved file it has one, as all cells have.
    collapsed = sum("jupyter" in cell["metadata"] for cell in code_cells(notebook))
    numbered = [prompt for prompt in prompts if re.fullmatch(r"\[\d+\]:", prompt)]
    assert len(numbered) == len(code_cells(notebook)) - collapsed > 0, prompts
    assert page.locator(".jp-RenderedImage img").count() == len(alts(ran)) > 0
    captions = page.locator(".jp-OutputArea-output.jp-RenderedMarkdown").all_text_contents()
    shown = [" ".join(text.split()) for text in captions]
    for alt in alts(ran):
        assert any(alt in text for text in shown), f"no caption in the page says: {alt}"
    assert page.problems == []


def test_the_report_page_reads_each_picture_to_a_screen_reader(page, tmp_path):
    notebook = read_notebook(NOTEBOOK)
    file = tmp_path / "page.html"
    file.write_text(notebook_page(notebook, "The first"), encoding="utf-8")
    page.route(re.compile("^https?://"), lambda route: route.abort())
    page.goto(file.as_uri(), wait_until="domcontentloaded")
    described = alts(notebook)
    assert described
    for alt in described:
        assert page.get_by_role("img", name=alt, exact=True).count() >= 1, alt
        assert page.get_by_text(alt).first.is_visible()
