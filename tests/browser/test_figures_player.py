"""The animation in a real browser: in JupyterLab, on an HTML page, and where no script runs."""

import json
import re

import nbformat
import pytest
from lab_page import open_again

from workshop_tools.editions import read_notebook
from workshop_tools.pages import notebook_page
from workshop_utils.figures.live import WITHOUT_SCRIPTS

pytestmark = pytest.mark.browser

CODE = """from workshop_utils import figures
chain = figures.unrolled_step_by_step(["not", "good"], [[0.5], [-0.5]])
figures.play(chain, "A chain reads two words, one after the other.")"""
SECONDS_TO_RUN = 60


@pytest.fixture(scope="module")
def ran(browser, lab):
    """Run the cell in JupyterLab and keep the page open; give the page and the saved file."""
    saved = lab.work / "animated.ipynb"
    cell = nbformat.v4.new_code_cell(CODE, id="play")
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": kernel})
    saved.write_text(nbformat.writes(notebook), encoding="utf-8")
    open_page = browser.new_page(viewport={"width": 1300, "height": 1000})
    open_again(open_page, lab, saved.name)
    open_page.click("text=Run >> nth=0")
    open_page.click('[data-command="runmenu:run-all"]')
    open_page.get_by_role("button", name="Play").wait_for(timeout=SECONDS_TO_RUN * 1000)
    for _ in range(SECONDS_TO_RUN):
        open_page.keyboard.press("Control+s")
        open_page.wait_for_timeout(500)
        if len(json.loads(saved.read_text(encoding="utf-8"))["cells"][0]["outputs"]) == 3:
            break
    yield open_page, saved
    open_page.close()


def place(page):
    return page.locator(".lstm-workshop-live strong").inner_text()


def play_with_the_keyboard(page):
    """Step, play and pause without a mouse; the picture and its words follow."""
    picture = page.get_by_role("img", name=re.compile("^A chain reads two words"))
    assert picture.count() == 1
    assert place(page) == "1 of 3: step 1 “not”"
    assert page.get_by_role("button", name="Back").is_disabled()
    page.get_by_role("button", name="Next").focus()
    page.keyboard.press("Enter")
    assert place(page) == "2 of 3: step 2 “good”"
    player = page.locator(".lstm-workshop-live")
    assert not player.get_by_text("Step 1 makes").is_visible()
    assert player.get_by_text("Step 2 makes the state \N{MINUS SIGN}0.50 of “good”").is_visible()
    page.get_by_role("button", name="Back").press("Space")
    assert place(page) == "1 of 3: step 1 “not”"
    page.get_by_role("button", name="Play").focus()
    page.keyboard.press("Space")
    assert place(page) == "2 of 3: step 2 “good”"
    page.get_by_role("button", name="Pause").press("Enter")
    page.wait_for_timeout(2000)
    assert place(page) == "2 of 3: step 2 “good”"
    page.get_by_role("button", name="Play").press("Enter")
    player.get_by_text("3 of 3: the whole chain").wait_for()
    assert page.get_by_role("button", name="Play").is_visible()


def test_jupyterlab_plays_in_place_of_the_still_picture(ran):
    page, _ = ran
    assert page.locator(".jp-OutputArea img:visible").count() == 0
    play_with_the_keyboard(page)
    # The keys were for the buttons: JupyterLab did not open the cell for editing.
    assert page.locator(".jp-Notebook.jp-mod-editMode").count() == 0


def test_a_page_plays_it_without_internet_and_nothing_moves_by_itself(page, ran, tmp_path):
    file = tmp_path / "page.html"
    file.write_text(notebook_page(read_notebook(ran[1]), "A page"), encoding="utf-8")
    page.route(re.compile("^https?://"), lambda route: route.abort())
    page.emulate_media(reduced_motion="reduce")
    page.goto(file.as_uri(), wait_until="domcontentloaded")
    assert page.locator(".jp-OutputArea-output img:visible").count() == 0
    page.wait_for_timeout(2000)
    play_with_the_keyboard(page)
    assert page.problems == []


def test_without_scripts_the_still_picture_and_a_sentence_remain(browser, ran, tmp_path):
    file = tmp_path / "page.html"
    file.write_text(notebook_page(read_notebook(ran[1]), "A page"), encoding="utf-8")
    quiet = browser.new_context(java_script_enabled=False)
    page = quiet.new_page()
    page.goto(file.as_uri(), wait_until="domcontentloaded")
    assert page.locator(".jp-OutputArea-output img").is_visible()
    assert page.get_by_text(WITHOUT_SCRIPTS).is_visible()
    assert page.locator(".lstm-workshop-live").locator("button, input, select, svg").count() == 0
    quiet.close()


def test_jupyterlab_shows_the_still_picture_of_a_notebook_that_it_does_not_trust(page, ran, lab):
    text = ran[1].read_text(encoding="utf-8").replace("A chain reads", "A foreign chain reads")
    (lab.work / "foreign.ipynb").write_text(text, encoding="utf-8")
    open_again(page, lab, "foreign.ipynb")
    page.get_by_text(WITHOUT_SCRIPTS).wait_for()
    assert page.locator(".jp-OutputArea img:visible").count() == 1
    assert page.get_by_role("button", name="Play").count() == 0
