"""Open JupyterLab on a working copy of the learner's edition.

The copy belongs to the learner: a notebook that is there already is never
overwritten, so a later call, or a newer clone, costs nobody an answer.
"""

import os
import posixpath
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from workshop_utils.runtime.storage import atomic_path, write_text

WORKING_COPY = "work"
PAGES = (Path("docs", "glossary.md"), Path("docs", "cheat_sheet.md"))
PICTURES = Path("docs", "pictures")
# A badge is a link around a picture; its job is to open Colab, so it stays as it is.
_LINK = re.compile(
    r"(?<!\))\]\(https://(?:colab\.research\.google\.com/github|github\.com)/[^/()]+/[^/()]+"
    r"/(?:blob|raw)/[^()]*?/(?:colab/((?:further/)?\w+\.ipynb)"
    r"|(docs/(?:(?:glossary|cheat_sheet)\.md|pictures/\w+\.png)))(?=[)#])"
)


def bring_up_to_date(root: Path, target: Path) -> tuple[list[Path], list[Path]]:
    """Copy each learner's notebook that the working copy lacks; pages and pictures as they are now.

    Links between the notebooks, which open Colab in the learner's edition, lead to the
    neighbours in the working copy, and those to glossary, cheat sheet and pictures to its own
    files: no internet is needed.

    Args:
        root: The root of the clone; a page that it lacks is left out.
        target: The working copy; made where it is missing.

    Returns:
        The notebooks that were copied, and those that were left as they are.

    Raises:
        FileNotFoundError: The clone has no learner's edition.
    """
    source = root / "colab"
    notebooks = sorted([*source.glob("*.ipynb"), *source.glob("further/*.ipynb")])
    if not notebooks:
        raise FileNotFoundError(
            f"No notebook lies in {source}: call this from the root of a clone of the workshop."
        )
    own = [path for path in notebooks if (target / path.relative_to(source)).exists()]
    copied = [path for path in notebooks if path not in own]
    for path in copied:
        name = path.relative_to(source)
        local = partial(_local, folder=name.parent.as_posix())
        write_text(target / name, _LINK.sub(local, path.read_text(encoding="utf-8")))
    for page in PAGES:
        if (root / page).is_file():
            text = (root / page).read_text(encoding="utf-8")
            write_text(target / page, text.replace("](../notebooks/", "](../"))
    for picture in (root / PICTURES).glob("*.png"):
        with atomic_path(target / PICTURES / picture.name) as part:
            shutil.copyfile(picture, part)
    return copied, own


def _local(match: re.Match[str], folder: str) -> str:
    """Return the beginning of a link that leads from a folder of the working copy to its file."""
    return f"]({posixpath.relpath(match[1] or match[2], folder)}"


def open_lab(root: Path, *, arguments: Sequence[str] = ()) -> int:
    """Bring the working copy up to date and run JupyterLab there until it is stopped.

    Args:
        root: The root of the clone.
        arguments: Further arguments for JupyterLab, for example ``("--no-browser",)``.

    Returns:
        JupyterLab's exit status.

    Raises:
        FileNotFoundError: ``root`` holds no learner's edition.
        ValueError: JupyterLab is not installed.
    """
    if find_spec("jupyterlab") is None:
        raise ValueError(
            "JupyterLab is not installed beside this Python; `python -m pip install "
            '"lstm-workshop[lab]"` brings it.'
        )
    target = root / WORKING_COPY
    copied, own = bring_up_to_date(root, target)
    print(
        f"Your working copy is {target}: {len(copied)} notebooks new, "
        f"{len(own)} left as you have them. Delete one there to get it fresh."
    )
    first = min(path.name for path in (*copied, *own))
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={target}"]
    command += [f"--LabApp.default_url=/lab/tree/{first}", *arguments]
    # The kernels inherit this: `!workshop progress` in a cell finds this environment's command.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return subprocess.run(command, check=False, env={**os.environ, "PATH": path}).returncode
