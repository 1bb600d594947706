"""The gate explorer at the front door: alive on the site's first page, filmed for the README.

Both take what notebook 03 stores, so that they show its numbers.
"""

import hashlib
import html
import io
import json
import re
import shutil
from importlib.resources import files
from pathlib import Path
from typing import Any

from workshop_tools.editions import code_cells, read_notebook
from workshop_tools.extras import require
from workshop_tools.lesson_files import full_path
from workshop_utils.figures import live
from workshop_utils.learning.lessons import CourseError, find_root, select

MOVING = Path("docs", "explorer.gif")
STILL = Path("docs", "explorer.png")
SCRIPTS = ("pieces", "explorer")


def stored(root: Path) -> list[dict[str, Any]]:
    """Return what the explorer's cell shows: its picture, its caption, and the live drawing.

    Raises:
        CourseError: No cell of notebook 03 shows it.
    """
    for cell in code_cells(read_notebook(full_path(select(["03"])[0], root))):
        if "figures.gate_explorer(" in cell["source"]:
            return [output["data"] for output in cell["outputs"]]
    raise CourseError("Notebook 03 shows no gate explorer; the first page of the site needs it.")


def as_myst(root: Path) -> str:
    """Return the explorer as a page of the site holds it, with its picture for lack of scripts."""
    picture, words, page = stored(root)
    image = '<img alt="{}" src="data:image/png;base64,{}">'
    image = image.format(html.escape(words["text/plain"]), picture["image/png"])
    raw = "```{{raw}} html\n{}\n```\n\n"
    return raw.format(image) + f"{words['text/markdown']}\n\n" + raw.format(page["text/html"])


def data(root: Path) -> str:
    """Return, as JSON, the numbers and names that the stored explorer opens with."""
    found = re.search(r"^const data = (.*);$", stored(root)[-1]["text/html"], re.MULTILINE)
    return found[1] if found else "{}"


def stamp(root: Path) -> str:
    """Return what a film is stamped with: the digest of the scripts and data that it shows."""
    shown = live.script("lstm", *SCRIPTS) + data(root)
    return hashlib.sha256(shown.encode()).hexdigest()


def film() -> int:
    """Film the explorer in a headless Chromium, as ``film.js`` moves its gates, and return 0."""
    require("PIL", "playwright", extras="dev")
    from PIL import Image
    from playwright.sync_api import sync_playwright

    root = find_root()
    frames = list[Image.Image]()
    times = list[int]()
    drawing = live.page("explorer", SCRIPTS, json.loads(data(root)))
    with sync_playwright() as started:
        chromium = shutil.which("chromium")
        browser = started.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 840, "height": 900}, device_scale_factor=2)
        page.set_content(f"<body style='margin:0'>{drawing}</body>")
        page.add_script_tag(content=files("workshop_tools").joinpath("film.js").read_text("utf-8"))
        while milliseconds := page.evaluate("nextFrame()"):
            shot = page.locator(".lstm-workshop-live").screenshot()
            frames.append(Image.open(io.BytesIO(shot)).convert("RGB"))
            times.append(milliseconds)
        browser.close()
    # One set of colours for all, so that only what moves differs from frame to frame.
    colours = frames[0].quantize(64, Image.Quantize.MAXCOVERAGE)
    small = [frame.quantize(palette=colours, dither=Image.Dither.NONE) for frame in frames]
    small[-1].save(root / STILL, optimize=True)
    about: dict[str, Any] = {"duration": times, "loop": 0, "comment": stamp(root).encode()}
    small[0].save(root / MOVING, save_all=True, append_images=small[1:], **about)
    print(f"{MOVING}: {len(small)} frames, {(root / MOVING).stat().st_size // 1000} kB; {STILL}")
    return 0
