"""How long a notebook takes: counted from what a learner reads, writes and runs.

The rates were measured on careful first reads in a second language; ``docs/reference.md`` says
how. The seconds for running are measured and read from ``notebooks/minutes.toml``.
"""

import datetime
import math
import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from workshop_utils.learning import quizzes
from workshop_utils.learning.lessons import CourseError, Lesson
from workshop_utils.runtime.storage import write_text

Cell = dict[str, Any]

MINUTES_EACH = {
    "words": 1 / 130,  # of prose; a formula or a piece of code in a sentence counts as one
    "lines": 1 / 6,  # of code that are not blank, without the cells of set-up and parameters
    "pictures": 0.75,  # figures and printed tables
    "predictions": 0.5,  # prompts to predict
    "exercises": 1,  # their stated minutes
    "questions": 0.5,  # of quizzes
}
TABLE_LINES = 4
"""A printed text of so many lines is read like a table."""
HIDDEN = frozenset({"test", "solution", "instructor"})
"""Tags of cells that the learner's edition does not have."""
PREDICT = "**Predict.**"
STOP = "**A good place to stop.**"
"""Where the first of two sittings ends."""
MINUTES_FILE = Path("notebooks", "minutes.toml")
_STATED = re.compile(r"^\*(\d+) minutes\.\*", re.MULTILINE)
_SHOWN = re.compile(r"\bquizzes\.show\(\s*[\"'](\w+)[\"']")


class Count(Counter[str]):
    """What a part of a notebook asks of a learner: numbers of what ``MINUTES_EACH`` names."""

    @property
    def minutes(self) -> float:
        """Minutes in all, without waiting."""
        return sum(number * MINUTES_EACH[name] for name, number in self.items())

    @property
    def whole(self) -> int:
        """Minutes in all as they are printed."""
        return round(self.minutes)

    @property
    def to_try(self) -> int:
        """Those of the printed minutes in which a learner writes, predicts or answers."""
        tried = ("exercises", "predictions", "questions")
        return round(sum(self[name] * MINUTES_EACH[name] for name in tried))


def count_sections(cells: Sequence[Cell]) -> dict[str, Count]:
    """Count what a learner meets, section by section.

    Args:
        cells: The cells of a full edition with its outputs.

    Returns:
        Count by heading of the second level; what stands before the first has the key "".
    """
    found: dict[str, Count] = {}
    title = ""
    for cell in cells:
        tags = set(cell["metadata"].get("tags", []))
        if cell["cell_type"] == "code" and not tags & {"setup", "parameters", *HIDDEN}:
            found.setdefault(title, Count()).update(_of_code(cell))
        if cell["cell_type"] == "code" or tags & HIDDEN:
            continue
        for part in re.split(r"^(?=## )", cell["source"], flags=re.MULTILINE):
            if part.startswith("## "):
                title = part.partition("\n")[0].removeprefix("## ").strip()
            stated = sum(int(each) for each in _STATED.findall(part))
            of_prose = Count(words=words(part), predictions=part.count(PREDICT), exercises=stated)
            found.setdefault(title, Count()).update(of_prose)
    return found


def count(cells: Sequence[Cell]) -> Count:
    """Count what a learner meets in a whole notebook; arguments as in :func:`count_sections`."""
    whole = Count()
    for part in count_sections(cells).values():
        whole.update(part)
    return whole


def sittings(cells: Sequence[Cell]) -> list[Count]:
    """Count the sittings of a notebook: two where it names a good place to stop, else one."""
    stops = [n for n, cell in enumerate(cells, start=1) if STOP in cell["source"]]
    place = stops[0] if stops else len(cells)
    return [count(part) for part in (cells[:place], cells[place:]) if part]


def words(text: str) -> int:
    """Count the words of Markdown, without fenced code, comments, tags and targets of links.

    Alt texts are left out, too: the picture under the question stands again where its cell is.
    """
    text = re.sub(r"^(```|~~~).*?^\1\s*$|<!--.*?-->", "", text, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", text)
    # The line of links and the line of minutes under the title are looked at, not read.
    text = re.sub(r"^(?:.*\[Index\]\(.*|\*About \d+ .*)$", "", text, flags=re.MULTILINE)
    text = re.sub(r"\$\$.*?\$\$|\$[^$\n]+\$|`[^`\n]*`", "code", text, flags=re.DOTALL)
    text = re.sub(r"\]\([^)]*\)|</?\w[^>]*>", " ", text)
    return len(re.findall(r"[^\W\d_][\w'\u2019.-]*|\d[\d.,%]*", text))


def _of_code(cell: Cell) -> Count:
    made = Count(lines=sum(bool(line.strip()) for line in cell["source"].splitlines()))
    shown = _SHOWN.findall(cell["source"])
    if not shown:
        made["pictures"] = sum(map(_is_looked_at, cell["outputs"]))
    with suppress(ValueError, OSError):  # where a quiz cannot be read, the lint says so
        made["questions"] = sum(len(quizzes.load(name)) for name in shown)
    return made


def _is_looked_at(output: dict[str, Any]) -> bool:
    """Return whether an output is a picture, or text as long as a table."""
    data = output.get("data", {})
    if "image/png" in data:
        return True
    if "text/html" in data or "text/markdown" in data:
        return False
    text = output.get("text", data.get("text/plain", ""))
    return len(text.strip().splitlines()) >= TABLE_LINES


def table(sections: Mapping[str, Count]) -> str:
    """Write the count of each section as lines of text, with a sum."""
    import pandas as pd

    rows = pd.DataFrame(sections, index=list(MINUTES_EACH)).T.fillna(0).astype(int)
    rows["minutes"] = [part.minutes for part in sections.values()]
    rows.loc["sum"] = rows.sum()
    rows.index = pd.Index([title[:43] or "(title)" for title in rows.index])
    return rows.astype(dict.fromkeys(MINUTES_EACH, int)).round(1).to_string()


def sentence(cells: Sequence[Cell]) -> str:
    """Say how long a notebook takes, for the line under its title; ``cells`` have outputs."""
    parts = sittings(cells)
    total = sum(part.whole for part in parts)
    to_try = sum(part.to_try for part in parts)
    said = f"About {total} minutes"
    if len(parts) > 1:
        said += " in two sittings of " + " and ".join(str(part.whole) for part in parts)
    return f"*{said}: {total - to_try} to read, {to_try} to try.*"


def measured(root: Path) -> SimpleNamespace:
    """Read what was measured; ``seconds`` is empty and ``cores`` 0 where nothing was.

    Returns:
        By notebook, ``seconds`` of wall time and ``mebibytes`` of its kernel's largest memory,
        and ``cores``, the CPU cores of the machine that measured.
    """
    path = root / MINUTES_FILE
    found = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return SimpleNamespace(**{"seconds": {}, "cores": 0, "mebibytes": {}, **found})


def record(root: Path, costs: Mapping[str, tuple[float, float]]) -> None:
    """Write what was measured; that of notebooks not measured now is kept.

    Args:
        root: The folder of the repository.
        costs: Seconds of wall time and mebibytes of the kernel's largest memory, by notebook.

    Raises:
        CourseError: The kept ones were measured on a machine with another number of cores.
    """
    import psutil  # type: ignore[import-untyped]

    before = measured(root)
    cores = len(psutil.Process().cpu_affinity() or [])
    kept = before.seconds.keys() - costs.keys()
    if kept and before.cores != cores:
        raise CourseError(
            f"The times of {', '.join(sorted(kept))} were measured with {before.cores} cores and "
            f"this machine has {cores}; measure all notebooks here."
        )
    lines = [
        "# Written by `workshop run --record-minutes`, which starts each notebook cold;",
        "# not edited by hand.",
        f'measured = "{datetime.date.today().isoformat()}"',
        f"cores = {cores}",
    ]
    for place, part in enumerate(("seconds", "mebibytes")):
        values = vars(before)[part] | {name: cost[place] for name, cost in costs.items()}
        lines += ["", f"[{part}]", *(f"{name} = {values[name]}" for name in sorted(values))]
    write_text(root / MINUTES_FILE, "\n".join(lines) + "\n")


def running_time(lesson: Lesson, root: Path) -> str:
    """Say how long the lesson runs, in whole minutes, or that this was not measured."""
    seconds = measured(root).seconds.get(lesson.name)
    return "not measured yet" if seconds is None else f"{math.ceil(seconds / 60)} min"
