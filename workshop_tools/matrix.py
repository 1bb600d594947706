"""The quick tests and the core notebooks under six sets of versions: ``workshop matrix``.

``matrix.toml`` names the sets; uv makes an environment for each. What a row gave is kept until
all rows are done, so that a matrix that was stopped goes on.
"""

import datetime
import json
import re
import subprocess
import time
import tomllib
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

from workshop_tools.colab_list import as_constraints, pinned, read_list, uv
from workshop_tools.extras import require
from workshop_utils.learning.lessons import CourseError, find_root
from workshop_utils.runtime.storage import write_text

FOLDER = Path("build", "matrix")
PAGE = Path("docs", "versions.md")
SHOWN = ("tensorflow", "keras", "numpy", "pandas", "scikit-learn")
ASKED = ("-r", "pyproject.toml", "--extra", "instructor", "--extra", "dev")
Row = dict[str, Any]


def matrix(folder: Path | None = None, minutes: int = 15) -> int:
    """Try each set of versions, write ``docs/versions.md``, and return 0, or 1 if one fails.

    Args:
        folder: Where Colab's list lies; ``../shared/colab`` beside the clone by default.
        minutes: How long one set may take; all six take 90 at most.

    Raises:
        CourseError: A package is missing.
    """
    require("nbval", "packaging", "pytest", "uv", extras="instructor,dev")
    root = find_root()
    done = []
    told = tomllib.loads(files("workshop_tools").joinpath("matrix.toml").read_text("utf-8"))
    for row in told["row"]:
        kept = root / FOLDER / f"{row['name']}.json"
        if not kept.is_file():
            found = tried({**told, **row}, root, folder, 60 * minutes)
            write_text(kept, json.dumps(found), noted=False)
        done.append({**row, **json.loads(kept.read_text(encoding="utf-8"))})
        print(f"{row['name']}: {done[-1]['tests']} · {done[-1]['notebooks']}", flush=True)
    write_text(root / PAGE, page(told["about"], done), noted=False)
    for row in done:
        (root / FOLDER / f"{row['name']}.json").unlink()
    print(f"The table is in {PAGE}.")
    return int(any(row["failed"] for row in done))


def tried(row: Row, root: Path, folder: Path | None, seconds: float) -> Row:
    """Make the environment of a row and run the checks in it; each gives its last line."""
    until = time.monotonic() + seconds
    place = root / FOLDER / row["name"]
    found: Row = dict.fromkeys(row["checks"], "not run") | {"failed": False, "versions": {}}
    found["day"] = datetime.date.today().isoformat()
    install = ("pip", "install", "--python", str(place / "bin" / "python"))
    try:
        uv("venv", "--clear", "--no-python-downloads", "--python", row["python"], str(place))
        options = [_filled(word, root, folder) for word in row["options"]]
        uv(*install, *options, *ASKED, seconds=seconds)
        uv(*install, "--no-deps", "--editable", ".", "--editable", "workshop_tools")
        found["versions"] = pinned(uv("pip", "freeze", *install[2:]))
    except CourseError as error:
        words = re.sub(r"https?://\S+", "PyPI", " ".join(str(error).split()))
        # A page that others read names no folder of this machine.
        words = re.sub(r"/\S+/", "", words.partition(" hint:")[0].replace(str(root), "."))[:200]
        return {**found, "tests": f"not run: {words}"}
    for name, command in row["checks"].items():
        log = place / f"{name}.txt"
        with log.open("w", encoding="utf-8") as file, suppress(subprocess.TimeoutExpired):
            found[name] = "not finished in time"
            call = [str(place / "bin" / command[0]), *command[1:]]
            how = {"cwd": root, "stdout": file, "stderr": file, "check": False}
            done = subprocess.run(call, timeout=max(1, until - time.monotonic()), **how)
            found[name] = log.read_text(encoding="utf-8").strip().rpartition("\n")[2]
            found["failed"] |= done.returncode != 0
    return found


def _filled(word: str, root: Path, folder: Path | None) -> str:
    """Put the path of a file in place of ``{colab}`` and of ``{free}``."""
    if word == "{colab}":
        return str(as_constraints(read_list(root, folder), root / FOLDER))
    if word != "{free}":
        return word
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = [Requirement(line).name for line in project["dependencies"]]
    path = root / FOLDER / "free.txt"
    write_text(path, "\n".join(names), noted=False)
    return str(path)


def page(about: str, done: list[Row]) -> str:
    """Return the page: what it is, and a table with a row for each set of versions."""
    heads = ["versions", "Python", *SHOWN, "quick tests", "notebooks", "tried on"]
    rows = [heads, ["---"] * len(heads)]
    for row in done:
        cells = [row["says"], row["python"], *(row["versions"].get(name, "") for name in SHOWN)]
        rows.append([*cells, row["tests"], row["notebooks"], row["day"]])
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in rows)
    return f"{about}\n\n{table}\n"
