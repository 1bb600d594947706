"""The public address of the course: kept in one table of the project file, derived everywhere else.

``[tool.workshop]`` in ``pyproject.toml`` holds the owner and name of the GitHub
repository and the branch or tag that learners use. Badges, the install line of
the set-up cell, links of the learner's edition, the project's own links and the
README's marked blocks are all made from it.
"""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from workshop_utils.lessons import CourseError, Lesson
from workshop_utils.storage import write_text

BADGE = "https://colab.research.google.com/assets/colab-badge.svg"
_REPOSITORY = re.compile(r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+")
_REF = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./-]*")


@dataclass(frozen=True)
class Slug:
    """Where the course lies on GitHub.

    Attributes:
        repository: Owner and name, ``"owner/name"``.
        ref: The branch or tag that learners use.

    Raises:
        CourseError: One of the two cannot be part of an address.
    """

    repository: str
    ref: str

    def __post_init__(self) -> None:
        """Refuse what would make broken links."""
        if not _REPOSITORY.fullmatch(self.repository):
            raise CourseError(
                f"The repository must look like owner/name, not {self.repository!r}; "
                "give it as in `workshop build --repo owner/name`."
            )
        if not _REF.fullmatch(self.ref) or ".." in self.ref:
            raise CourseError(
                f"The ref must be the name of a branch or tag, not {self.ref!r}; "
                "give it as in `workshop build --ref main`."
            )

    @property
    def home(self) -> str:
        """The address of the repository's front page."""
        return f"https://github.com/{self.repository}"

    @property
    def archive(self) -> str:
        """The address from which pip installs the package in Colab."""
        return f"{self.home}/archive/{self.ref}.zip"

    def file(self, path: PurePosixPath) -> str:
        """Return the address of a file's page; ``path`` counts from the repository's root."""
        return f"{self.home}/blob/{self.ref}/{path}"

    def colab(self, lesson: Lesson) -> str:
        """Return the address that opens the learner's edition in Colab."""
        return (
            f"https://colab.research.google.com/github/{self.repository}"
            f"/blob/{self.ref}/{PurePosixPath('colab', lesson.folder, lesson.name)}.ipynb"
        )

    def badge(self, lesson: Lesson) -> str:
        """Return the Markdown of the badge that opens the lesson in Colab."""
        return f"[![Open {lesson.number} in Colab]({BADGE})]({self.colab(lesson)})"


def read_slug(root: Path) -> Slug:
    """Read the address from the project file.

    Raises:
        CourseError: The table is missing or incomplete.
    """
    path = root / "pyproject.toml"
    table = tomllib.loads(path.read_text(encoding="utf-8")).get("tool", {}).get("workshop", {})
    if not {"repository", "ref"} <= table.keys():
        raise CourseError(
            f'{path} must have a table [tool.workshop] with repository = "owner/name" '
            'and ref = "main".'
        )
    return Slug(table["repository"], table["ref"])


def write_slug(root: Path, repo: str | None = None, ref: str | None = None) -> Slug:
    """Write a new address, or a part of one, into the project file and return it.

    Only the values change, so comments and order stay. ``[project.urls]`` follows.

    Raises:
        CourseError: The address cannot be one, or the table is missing.
    """
    old = read_slug(root)
    new = Slug(repo or old.repository, ref or old.ref)
    path = root / "pyproject.toml"
    before = path.read_text(encoding="utf-8")
    if project_text(before, new) != before:
        write_text(path, project_text(before, new))
    citation = root / "CITATION.cff"
    if new != old and citation.is_file():
        text = citation.read_text(encoding="utf-8")
        write_text(citation, text.replace(old.home, new.home))
    return new


def project_text(text: str, slug: Slug) -> str:
    """Return the project file's text with this address in its two places."""
    lines = text.splitlines(keepends=True)
    table = ""
    for number, line in enumerate(lines):
        if line.startswith("["):
            table = line.strip()
        elif table == "[tool.workshop]":
            for key, value in (("repository", slug.repository), ("ref", slug.ref)):
                line = re.sub(rf'^({key}\s*=\s*)"[^"]*"', rf'\g<1>"{value}"', line)
            lines[number] = line
        elif table == "[project.urls]":
            lines[number] = re.sub(r"https://github\.com/[^/\"]+/[^/\"]+", slug.home, line)
    return "".join(lines)
