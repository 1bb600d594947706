"""The list of packages that Google publishes for Colab: where it lies and what it says.

Google publishes it as ``pip-freeze.txt`` in the repository ``googlecolab/backend-info``.
A kept copy may begin with comment lines that give its date and its Python.
"""

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from workshop_utils.lessons import CourseError

LIST_NAME = "pip-freeze.txt"
BESIDE_THE_CLONE = Path("..", "shared", "colab")
_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==(\S+)$", re.MULTILINE)
_DATE = re.compile(r"\b(\d{4}-\d{2}-\d{2})\b")
_PYTHON = re.compile(r"\bPython (3\.\d+)")


@dataclass(frozen=True)
class ColabList:
    """What Colab has installed.

    Attributes:
        date: The day of the list, ``YYYY-MM-DD``: as its first lines say, else that of the file.
        python: The Python that it is for, for example ``3.13``; empty when it does not say.
        pins: The version of each package, by its normalised name.
    """

    date: str
    python: str
    pins: Mapping[str, str]

    def constraints(self) -> str:
        """Return the pins as the text of a constraints file for pip and uv."""
        return "".join(f"{name}=={version}\n" for name, version in sorted(self.pins.items()))

    def unlike(self, installed: Mapping[str, str]) -> list[str]:
        """Return a sentence for each installed package whose version is not Colab's.

        Args:
            installed: Versions by normalised name; a package that is not on the list is not
                judged.
        """
        return [
            f"{name} is {version} here and {self.pins[name]} in Colab"
            for name, version in sorted(installed.items())
            if self.pins.get(name, version) != version
        ]


def find_list(root: Path, folder: Path | None = None) -> Path:
    """Return the path of Colab's list.

    Args:
        root: The folder of the repository.
        folder: The folder that the list lies in; ``../shared/colab`` beside the clone by default.

    Raises:
        CourseError: There is no list; the sentence says where to get one.
    """
    place = folder if folder is not None else root / BESIDE_THE_CLONE
    path = place / LIST_NAME
    if not path.is_file():
        raise CourseError(
            f"Colab's list of packages is not at {path}. Get {LIST_NAME} from the repository "
            "googlecolab/backend-info and name its folder: `workshop colab-check --list FOLDER`."
        )
    return path


def read_list(path: Path) -> ColabList:
    """Read Colab's list; lines that are not ``name==version`` are left out.

    Raises:
        CourseError: The file holds no version at all.
    """
    text = path.read_text(encoding="utf-8")
    pins = normalised(_PIN.findall(text))
    if not pins:
        raise CourseError(f"{path} has no line such as numpy==2.1.3; it is not Colab's list.")
    head = "\n".join(line for line in text.splitlines() if line.startswith("#"))
    date, python = _DATE.search(head), _PYTHON.search(head)
    written = datetime.date.fromtimestamp(path.stat().st_mtime).isoformat()
    return ColabList(date[1] if date else written, python[1] if python else "", pins)


def normalised(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return versions by name, with names as package indexes compare them."""
    from packaging.utils import canonicalize_name

    return {str(canonicalize_name(name)): version for name, version in pairs}


def freeze_lines(text: str) -> dict[str, str]:
    """Read what ``pip freeze --all`` printed: versions by normalised name."""
    return normalised(_PIN.findall(text))
