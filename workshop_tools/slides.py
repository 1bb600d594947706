"""Slides made from the stored full editions: ``workshop slides``."""

from collections.abc import Sequence
from pathlib import Path

from workshop_tools import slide_page, slide_plan
from workshop_tools.editions import read_notebook
from workshop_utils.cli.extras import require
from workshop_utils.lessons import CourseError, Lesson, find_root, select
from workshop_utils.storage import write_text

FOLDER = Path("build", "slides")


def make(only: Sequence[str] | None = None, *, root: Path | None = None) -> int:
    """Write one deck for each notebook under ``build/slides``, and say how to show them.

    Args:
        only: Numbers or names of notebooks; all six by default.
        root: The folder of the repository; found from the current folder by default.

    Returns:
        The exit status, 0.

    Raises:
        CourseError: A full edition or a package is missing.
    """
    require("jinja2", "latex2mathml", "nbconvert", "nbformat", "sphinx_revealjs")
    root = root or find_root()
    folder = root / FOLDER
    for lesson in select(only):
        path, count = make_deck(lesson, root, folder)
        print(f"✓ {path.relative_to(root)}: {count} slides")
    slide_page.put_reveal(folder)
    print(
        f"Open a file in a browser. For the speaker's view, run `python -m http.server "
        f"--bind 127.0.0.1 --directory {FOLDER.as_posix()} 8000`, open the file at "
        "http://127.0.0.1:8000 and press S."
    )
    return 0


def make_deck(lesson: Lesson, root: Path, folder: Path) -> tuple[Path, int]:
    """Write the deck of one lesson.

    Args:
        lesson: Which one.
        root: The folder of the repository.
        folder: Where the deck goes.

    Returns:
        The path of the page, and how many slides it has.

    Raises:
        CourseError: The full edition is missing.
    """
    stored = lesson.full(root)
    if not stored.is_file():
        raise CourseError(f"{stored} is missing; make it with: workshop build")
    notebook = read_notebook(stored)
    path = folder / f"{lesson.name}.html"
    deck = slide_plan.deck(notebook)
    write_text(path, slide_page.page(deck, f"{lesson.number} {lesson.title(root)}"))
    return path, len(slide_plan.slides(notebook))
