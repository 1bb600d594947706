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

from workshop_tools.lesson_files import write_changed
from workshop_utils.learning.lessons import CourseError, Lesson

BADGE = "https://colab.research.google.com/assets/colab-badge.svg"


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
        if not re.fullmatch(r"[\w.-]+/[\w.-]+", self.repository, re.ASCII):
            raise CourseError(
                f"The repository must look like owner/name, not {self.repository!r}; "
                "give it as in `workshop build --repo owner/name`."
            )
        if not re.fullmatch(r"\w[\w./-]*", self.ref, re.ASCII) or ".." in self.ref:
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

    def raw(self, path: PurePosixPath) -> str:
        """Return the address of a file itself, for pictures; ``path`` as in :meth:`file`."""
        return f"{self.home}/raw/{self.ref}/{path}"

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
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))["tool"]["workshop"]
        return Slug(table["repository"], table["ref"])
    except KeyError as error:
        raise CourseError(
            f'{path} must have a table [tool.workshop] with repository = "owner/name" '
            'and ref = "main".'
        ) from error


def write_slug(root: Path, repo: str | None = None, ref: str | None = None) -> Slug:
    """Write a new address, or a part of one, into the project file and return it.

    Raises:
        CourseError: The address cannot be one, or the table is missing.
    """
    old = read_slug(root)
    new = Slug(repo or old.repository, ref or old.ref)
    write_changed(addressed(root, new))
    return new


def addressed(root: Path, slug: Slug) -> dict[Path, str]:
    """Return the project file, and the citation, with this address in place of theirs.

    Only the values change, so comments and order stay. ``[project.urls]`` follows.
    """
    project = root / "pyproject.toml"
    citation = root / "CITATION.cff"
    old = read_slug(root)
    tables = re.split(r"^(?=\[)", project.read_text(encoding="utf-8"), flags=re.MULTILINE)
    for number, table in enumerate(tables):
        if table.startswith("[tool.workshop]"):
            table = table.replace(f'"{old.repository}"', f'"{slug.repository}"')
            tables[number] = table.replace(f'"{old.ref}"', f'"{slug.ref}"')
        elif table.startswith("[project.urls]"):
            tables[number] = re.sub(r"https://github\.com/[^/\"]+/[^/\"]+", slug.home, table)
    texts = {project: "".join(tables)}
    if citation.is_file():
        texts[citation] = citation.read_text(encoding="utf-8").replace(old.home, slug.home)
    return texts
