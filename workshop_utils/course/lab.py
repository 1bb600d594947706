"""Open JupyterLab on a working copy of the learner's edition.

The copy belongs to the learner: a notebook that is there already is never
overwritten, so a later call, or a newer clone, costs nobody an answer.
"""

import subprocess
import sys
from pathlib import Path

from workshop_utils.course.slug import Slug, read_slug
from workshop_utils.storage import write_text

WORKING_COPY = "work"


def copy_missing(source: Path, target: Path, slug: Slug) -> tuple[list[Path], list[Path]]:
    """Copy each learner's notebook that the working copy lacks.

    Links between the notebooks, which open Colab in the learner's edition, lead
    to the neighbours in the working copy.

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
            write_text(place, slug.with_local_links(notebook.read_text(encoding="utf-8")))
            copied.append(place)
    return copied, kept


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
    print(
        f"Your working copy is {target}: {len(copied)} notebooks new, "
        f"{len(kept)} left as you have them. Delete one there to get it fresh."
    )
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={target}", *arguments]
    return subprocess.run(command, check=False).returncode
