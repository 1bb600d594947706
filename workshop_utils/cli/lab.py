"""Open JupyterLab on a working copy of the learner's edition.

The copy belongs to the learner: a notebook that is there already is never
overwritten, so a later call, or a newer clone, costs nobody an answer.
"""

import re
import subprocess
import sys
from pathlib import Path, PurePosixPath

from workshop_tools.glossary import CHEAT_SHEET, GLOSSARY
from workshop_utils.cli.repository_url import Slug, read_slug
from workshop_utils.storage import write_text

WORKING_COPY = "work"
_PAGES = (GLOSSARY, CHEAT_SHEET)


def copy_missing(source: Path, target: Path, slug: Slug) -> tuple[list[Path], list[Path]]:
    """Copy each learner's notebook that the working copy lacks.

    Links between the notebooks, which open Colab in the learner's edition, lead
    to the neighbours in the working copy, and those to glossary and cheat sheet to
    its own pages (:func:`copy_pages`): no internet is needed.

    Args:
        source: The folder of the learner's edition, ``colab/``.
        target: The working copy; made where it is missing.
        slug: The public address that the learner's edition was made with.

    Returns:
        The notebooks that were copied, and those that were left as they are.

    Raises:
        FileNotFoundError: ``source`` holds no notebook.
    """
    notebooks = sorted(source.glob("*.ipynb"))
    if not notebooks:
        raise FileNotFoundError(
            f"No notebook lies in {source}: call this from the root of a clone of the workshop."
        )
    copied, kept = [], []
    for notebook in notebooks:
        place = target / notebook.name
        if place.exists():
            kept.append(place)
        else:
            text = slug.with_local_links(notebook.read_text(encoding="utf-8"))
            write_text(place, _with_local_pages(text, slug))
            copied.append(place)
    return copied, kept


def _with_local_pages(text: str, slug: Slug) -> str:
    for page in _PAGES:
        address = re.escape(slug.file(PurePosixPath(*page.parts)))
        text = re.sub(rf"\]\({address}(?=[)#])", f"]({page.as_posix()}", text)
    return text


def copy_pages(root: Path, target: Path) -> None:
    """Bring glossary and cheat sheet into the working copy, as they are now.

    Args:
        root: The root of the clone; a page that it lacks is left out.
        target: The working copy.
    """
    for page in _PAGES:
        if (root / page).is_file():
            text = (root / page).read_text(encoding="utf-8")
            write_text(target / page, text.replace("](../notebooks/", "](../"))


def open_lab(root: Path, *, arguments: tuple[str, ...] = ()) -> int:
    """Bring the working copy up to date and run JupyterLab there until it is stopped.

    Args:
        root: The root of the clone.
        arguments: Further arguments for JupyterLab, for example ``("--no-browser",)``.

    Returns:
        JupyterLab's exit status.

    Raises:
        FileNotFoundError: ``root`` holds no learner's edition.
    """
    target = root / WORKING_COPY
    copied, kept = copy_missing(root / "colab", target, read_slug(root))
    copy_pages(root, target)
    print(
        f"Your working copy is {target}: {len(copied)} notebooks new, "
        f"{len(kept)} left as you have them. Delete one there to get it fresh."
    )
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={target}", *arguments]
    return subprocess.run(command, check=False).returncode
