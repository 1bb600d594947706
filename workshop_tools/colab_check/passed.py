"""When the notebooks last passed under Colab's packages: a small file, and the README's line."""

import tomllib
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from workshop_utils.lessons import CourseError
from workshop_utils.storage import write_text

FILE = Path("colab", "passed.toml")
NOT_YET = "`make colab-check` has not passed yet."
_HEAD = "# Written by `workshop colab-check` when all notebooks have passed; not edited by hand.\n"


@dataclass(frozen=True)
class Passed:
    """One run of the check in which everything passed.

    Attributes:
        day: The day of the run, ``YYYY-MM-DD``.
        listed: The day of Colab's list.
        python: The version of Python.
        tensorflow: The version of TensorFlow.
        keras: The version of Keras.
        ipywidgets: The version of ipywidgets.
        tweets: Which tweets the notebooks used, in words.
    """

    day: str
    listed: str
    python: str
    tensorflow: str
    keras: str
    ipywidgets: str
    tweets: str


def read_passed(root: Path) -> Passed | None:
    """Read the record; ``None`` where the check has not passed yet.

    Raises:
        CourseError: The file is there and lacks something.
    """
    path = root / FILE
    if not path.is_file():
        return None
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    names = {field.name for field in fields(Passed)}
    if set(table) != names:
        raise CourseError(f"{path} must have {', '.join(sorted(names))}; run `make colab-check`.")
    return Passed(**{name: str(value) for name, value in table.items()})


def write_passed(root: Path, passed: Passed) -> None:
    """Write the record; the README's line is made from it."""
    lines = [f'{name} = "{value}"\n' for name, value in asdict(passed).items()]
    write_text(root / FILE, _HEAD + "".join(lines), noted=False)


def sentence(root: Path) -> str:
    """Return the README's line.

    Raises:
        CourseError: As in :func:`read_passed`.
    """
    passed = read_passed(root)
    if passed is None:
        return NOT_YET
    return (
        f"Last passed on {passed.day} with Colab's list of packages of {passed.listed} "
        f"(TensorFlow {passed.tensorflow}, Keras {passed.keras}, ipywidgets {passed.ipywidgets}) "
        f"on Python {passed.python}: all six learner's notebooks ran from top to bottom with "
        f"{passed.tweets}, and every package of Colab's kept its version."
    )
