"""How long a notebook takes: counted from what a learner reads, writes and runs.

Rates are estimates for technical reading in a second language: 120 words and 12 lines of
code a minute. Native readers of plain non-fiction manage 238 words a minute on average
(M. Brysbaert, How many words do we read per minute?, Journal of Memory and Language 109
(2019), 104047). The minutes for running are measured and read from ``notebooks/minutes.toml``.
"""

import datetime
import math
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import Any

from workshop_utils import quizzes
from workshop_utils.lessons import CourseError, Lesson
from workshop_utils.storage import write_text

Cell = dict[str, Any]

WORDS_A_MINUTE = 120
LINES_A_MINUTE = 12
PICTURE_MINUTES = 0.75
PREDICTION_MINUTES = QUESTION_MINUTES = 0.5
TABLE_LINES = 4
"""A printed text of so many lines is read like a table."""
HIDDEN = frozenset({"test", "solution", "instructor"})
"""Tags of cells that the learner's edition does not have."""
PREDICT = "**Predict.**"
NOTE = (
    "Minutes are estimates for reading in a second language, at 120 words a minute; "
    "native readers take about half as long ([Brysbaert, 2019]"
    "(https://doi.org/10.1016/j.jml.2019.104047): 238 words)."
)
MINUTES_FILE = Path("notebooks", "minutes.toml")
_STATED = re.compile(r"^\*(\d+) minutes\.\*", re.MULTILINE)
_SHOWN = re.compile(r"\bquizzes\.show\(\s*[\"'](\w+)[\"']")


@dataclass(frozen=True)
class Count:
    """What a part of a notebook asks of a learner.

    Attributes:
        words: Words of prose; a formula or a piece of code in a sentence counts as one.
        lines: Lines of code that are not blank, without the set-up cell.
        pictures: Figures and printed tables.
        predictions: Prompts to predict.
        exercises: The stated minutes of the exercises.
        questions: Quiz questions.
    """

    words: int = 0
    lines: int = 0
    pictures: int = 0
    predictions: int = 0
    exercises: int = 0
    questions: int = 0

    def __add__(self, other: "Count") -> "Count":
        """Return both together."""
        return Count(*map(sum, zip(astuple(self), astuple(other), strict=True)))

    @property
    def reading(self) -> float:
        """Minutes for everything but the exercises."""
        return (
            self.words / WORDS_A_MINUTE
            + self.lines / LINES_A_MINUTE
            + self.pictures * PICTURE_MINUTES
            + self.predictions * PREDICTION_MINUTES
            + self.questions * QUESTION_MINUTES
        )

    @property
    def minutes(self) -> float:
        """Minutes in all, without waiting."""
        return self.reading + self.exercises

    @property
    def whole(self) -> int:
        """Minutes in all as they are printed."""
        return round(self.minutes)


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
        if HIDDEN & set(cell["metadata"].get("tags", [])):
            continue
        for heading, part in _parts(cell, title):
            title = heading
            found[title] = found.get(title, Count()) + part
    return found


def count(cells: Sequence[Cell]) -> Count:
    """Count what a learner meets in a whole notebook; arguments as in :func:`count_sections`."""
    return sum(count_sections(cells).values(), Count())


def _parts(cell: Cell, title: str) -> Iterator[tuple[str, Count]]:
    if cell["cell_type"] == "code":
        yield title, _of_code(cell)
        return
    for part in re.split(r"^(?=## )", cell["source"], flags=re.MULTILINE):
        if part.startswith("## "):
            title = part.partition("\n")[0].removeprefix("## ").strip()
        yield title, _of_prose(part)


def _of_prose(text: str) -> Count:
    stated = sum(int(minutes) for minutes in _STATED.findall(text))
    return Count(words=words(text), predictions=text.count(PREDICT), exercises=stated)


def words(text: str) -> int:
    """Count the words of Markdown, without fenced code, comments, tags and targets of links."""
    text = re.sub(r"^(```|~~~).*?^\1\s*$|<!--.*?-->", "", text, flags=re.MULTILINE | re.DOTALL)
    # The line of links and the line of minutes under the title are looked at, not read.
    text = re.sub(r"^(?:.*\[Index\]\(.*|\*\*\d+ minutes\*\*.*)$", "", text, flags=re.MULTILINE)
    text = re.sub(r"\$\$.*?\$\$|\$[^$\n]+\$|`[^`\n]*`", "code", text, flags=re.DOTALL)
    text = re.sub(r"\]\([^)]*\)|</?\w[^>]*>", " ", text)
    return len(re.findall(r"[^\W\d_][\w'\u2019.-]*|\d[\d.,%]*", text))


def _of_code(cell: Cell) -> Count:
    source = cell["source"]
    if "setup" in cell["metadata"].get("tags", []):
        return Count()
    lines = sum(bool(line.strip()) for line in source.splitlines())
    shown = _SHOWN.findall(source)
    if shown:
        return Count(lines=lines, questions=sum(map(_questions, shown)))
    return Count(lines=lines, pictures=sum(map(_is_looked_at, cell["outputs"])))


def _questions(subject: str) -> int:
    """Return how many questions a quiz has; the lint says what is wrong with one."""
    try:
        return len(quizzes.load(subject))
    except (ValueError, OSError):
        return 0


def _is_looked_at(output: dict[str, Any]) -> bool:
    """Return whether an output is a picture, or text as long as a table."""
    data = output.get("data", {})
    if "image/png" in data:
        return True
    if "text/html" in data or "text/markdown" in data:
        return False
    text = output.get("text", data.get("text/plain", ""))
    return len("".join(text).strip().splitlines()) >= TABLE_LINES


def table(sections: Mapping[str, Count]) -> str:
    """Write the count of each section as lines of text, with a sum."""
    head = ("words", "lines", "pictures", "predict", "exercise", "quiz")
    rows = [(title or "(title)", part) for title, part in sections.items()]
    rows.append(("sum", sum(sections.values(), Count())))
    lines = [f"{'section':<44}" + "".join(f"{name:>9}" for name in (*head, "minutes"))]
    for title, part in rows:
        figures = "".join(f"{number:>9}" for number in astuple(part))
        lines.append(f"{title[:43]:<44}{figures}{part.minutes:>9.1f}")
    return "\n".join(lines)


def sentence(cells: Sequence[Cell], lesson: Lesson, root: Path) -> str:
    """Say how long a notebook takes, for the line under its title.

    Args:
        cells: The cells of the full edition with its outputs.
        lesson: Which one it is.
        root: The folder of the repository, for the measured running time.
    """
    counted = count(cells)
    total, exercises = counted.whole, counted.exercises
    seconds, cores = measured(root).seconds.get(lesson.name), measured(root).cores
    running = "running was not measured yet"
    if seconds is not None:
        running = f"running takes {math.ceil(seconds / 60)} min more ({cores} CPU cores)"
    return (
        f"**{total} minutes**: reading {total - exercises}, exercises {exercises}; {running}. "
        f"{NOTE}"
    )


@dataclass(frozen=True)
class Measured:
    """The measured running times of the notebooks.

    Attributes:
        seconds: Wall time of each notebook, by name.
        cores: CPU cores of the machine that measured; 0 when nothing was measured.
        mebibytes: Largest memory of each notebook's kernel, by name.
    """

    seconds: Mapping[str, float]
    cores: int = 0
    mebibytes: Mapping[str, float] = field(default_factory=dict)


def measured(root: Path) -> Measured:
    """Read the measured running times; empty when none were taken yet."""
    path = root / MINUTES_FILE
    if not path.is_file():
        return Measured({})
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    seconds = {name: float(value) for name, value in table["seconds"].items()}
    mebibytes = {name: float(value) for name, value in table.get("mebibytes", {}).items()}
    return Measured(seconds, int(table["cores"]), mebibytes)


def record_seconds(
    root: Path, seconds: Mapping[str, float], mebibytes: Mapping[str, float]
) -> None:
    """Write measured running times; those of notebooks not measured now are kept.

    Args:
        root: The folder of the repository.
        seconds: Wall time of each notebook, by name.
        mebibytes: Largest memory of each notebook's kernel, by name.

    Raises:
        CourseError: The kept ones were measured on a machine with another number of cores.
    """
    import psutil  # type: ignore[import-untyped]

    before, cores = measured(root), len(psutil.Process().cpu_affinity() or [])
    kept = {name: value for name, value in before.seconds.items() if name not in seconds}
    if kept and before.cores != cores:
        raise CourseError(
            f"The times of {', '.join(kept)} were measured with {before.cores} cores and this "
            f"machine has {cores}; measure all notebooks here."
        )
    lines = [f"{name} = {value:.1f}" for name, value in sorted({**kept, **seconds}.items())]
    sizes = {**{name: before.mebibytes.get(name, 0.0) for name in kept}, **mebibytes}
    lines += ["", "[mebibytes]", *(f"{name} = {size:.0f}" for name, size in sorted(sizes.items()))]
    head = (
        "# Written by `workshop run --record-minutes`, which starts each notebook cold;\n"
        "# not edited by hand.\n"
        f'measured = "{datetime.date.today().isoformat()}"\ncores = {cores}\n\n[seconds]\n'
    )
    write_text(root / MINUTES_FILE, head + "\n".join(lines) + "\n")


def running_time(lesson: Lesson, root: Path) -> str:
    """Say how long the lesson runs, in whole minutes, or that this was not measured."""
    seconds = measured(root).seconds.get(lesson.name)
    return "not measured yet" if seconds is None else f"{math.ceil(seconds / 60)} min"
