"""A real browser and a real JupyterLab, each started once for all tests."""

import os
import shutil
import socket
import subprocess
import sys
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from lab_page import TOKEN, environment, stop_kernels, wait_for_server, write_settings

LOOPBACK = ("127.0.0.1", "localhost")


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


@pytest.fixture(scope="session")
def browser():
    executable = need_chromium()
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        # Running as root, as containers do, works only without the sandbox.
        options = ["--no-sandbox", "--disable-dev-shm-usage"]
        chromium = started.chromium.launch(executable_path=executable, args=options)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def browser_alone(browser):
    """A browser that knows no host but this one.

    Stopping a page's requests one by one does the same, but it turns the browser's cache
    off, and each page of a site would load its scripts anew.
    """
    options = ["--no-sandbox", "--disable-dev-shm-usage"]
    options.append("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")
    made = browser.browser_type.launch(executable_path=need_chromium(), args=options)
    yield made
    made.close()


@pytest.fixture
def page(browser):
    made = browser.new_page(viewport={"width": 1300, "height": 1000})
    made.problems = []
    made.outside = []
    made.on("pageerror", lambda error: made.problems.append(str(error)))

    def stay_here(route):
        """Cut the page off: what it asks from elsewhere is noted and fails."""
        if urlsplit(route.request.url).hostname in LOOPBACK:
            return route.continue_()
        made.outside.append(route.request.url)
        return route.abort()

    made.route(lambda url: url.startswith("http"), stay_here)
    yield made
    made.close()


@pytest.fixture(scope="session")
def lab(browser, tmp_path_factory):
    """Start a JupyterLab of this environment, with settings and folders of its own."""
    home = tmp_path_factory.mktemp("lab")
    work = home / "work"
    work.mkdir()
    write_settings(home)
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
    place = SimpleNamespace(url=f"http://127.0.0.1:{port}", work=work, home=home)
    try:
        wait_for_server(place.url, server, home / "log")
        yield place
    finally:
        stop_kernels(place.url)
        server.terminate()
        server.wait(30)
