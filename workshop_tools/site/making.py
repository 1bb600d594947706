"""Lay the pages of the site out in a folder and let Sphinx build them: ``workshop site``.

Nothing is executed and nothing is fetched. A page that has not changed is not made
again, and where nothing has changed Sphinx is not called.
"""

import hashlib
import importlib.metadata
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from workshop_tools import readme
from workshop_tools.editions import as_text, read_notebook
from workshop_tools.site.api import PACKAGE, api_pages
from workshop_tools.site.pages import README, Places, markdown_page, notebook_page
from workshop_utils.cli.extras import require
from workshop_utils.cli.repository_url import Slug, read_slug
from workshop_utils.lessons import EVERY, Lesson, find_root

INDEX = PurePosixPath("docs/index.md")
#: Marks in ``docs/index.md`` in whose place the table of notebooks and the contents come.
NOTEBOOKS, CONTENTS = "<!-- notebooks -->", "<!-- contents -->"
#: Markdown files outside ``docs/`` that have a page when they are there.
ELSEWHERE = {
    PurePosixPath("colab/INSTRUCTOR.md"): PurePosixPath("instructor.md"),
    PurePosixPath("colab/FEEDBACK.md"): PurePosixPath("feedback.md"),
}
#: The file that remembers what the site was made from.
NOTE = "made-from.txt"
PACKAGES = ("latex2mathml", "myst-nb", "sphinx", "sphinx-book-theme")
PICTURES = frozenset({".png", ".svg", ".jpg", ".gif"})


def build(root: Path | None = None) -> int:
    """Build the site into ``build/site``; a warning of Sphinx is an error.

    Args:
        root: The folder of the repository; found from the current folder by default.

    Returns:
        The exit status: 0 when the site was built without a warning.

    Raises:
        CourseError: A package is missing, or a page has a link that leads nowhere.
    """
    require("latex2mathml", "myst_nb", "sphinx", "sphinx_book_theme", extras="site")
    root = root or find_root()
    made = root / "build" / "site"
    source, state = made.with_name("site-source"), made.with_name("site-state")
    files = sources(root)
    makers, everything = _makers(root), _everything(root, files)
    noted = _noted(state)
    if noted == [makers, everything] and (made / "index.html").is_file():
        print(f"Nothing has changed: {made / 'index.html'}.")
        return 0
    # What other code has made, or is made no more, must not stay.
    if write_sources(source, files) or noted[:1] != [makers]:
        for folder in (made, state):
            shutil.rmtree(folder, ignore_errors=True)
    # Noted again only when all went well.
    (state / NOTE).unlink(missing_ok=True)
    command = [sys.executable, "-m", "sphinx", "--builder", "html", "--jobs", "auto", "--quiet"]
    command += ["--fail-on-warning", "--nitpicky", "--conf-dir", str(root / "docs")]
    command += ["--doctree-dir", str(state), str(source), str(made)]
    status = subprocess.run(command, cwd=root, check=False).returncode
    if status:
        # Sphinx warns of a page when it reads it; the next build must read it again.
        shutil.rmtree(state, ignore_errors=True)
        return 1
    (state / NOTE).write_text(f"{makers}\n{everything}\n", encoding="utf-8")
    print(f"The site is in {made}: open {made / 'index.html'}.")
    return 0


def sources(root: Path) -> dict[PurePosixPath, bytes]:
    """Return every file that Sphinx must find, by its place in the site.

    Args:
        root: The folder of the repository.

    Raises:
        CourseError: A link leads to a file that is not there.
    """
    places = Places(root, read_slug(root), site_places(root))
    found: dict[PurePosixPath, bytes] = {}
    for file, page in places.pages.items():
        if page.suffix == ".md" and page not in found:
            text = (root / file).read_text(encoding="utf-8")
            found[page] = _filled(markdown_page(text, file, places), places).encode()
        elif page.suffix in PICTURES:
            found[page] = (root / file).read_bytes()
    for lesson in EVERY:
        if lesson.full(root).is_file():
            shown = notebook_page(lesson, read_notebook(lesson.full(root)), places)
            found[_page_of(lesson)] = as_text(shown).encode()
    found |= {page: text.encode() for page, text in api_pages(root).items()}
    return found


def _page_of(lesson: Lesson) -> PurePosixPath:
    return PurePosixPath("notebooks", lesson.folder, f"{lesson.name}.ipynb")


def site_places(root: Path) -> dict[PurePosixPath, PurePosixPath]:
    """Return which file of the repository is found where in the site."""
    docs = sorted((root / "docs").iterdir())
    places = {
        PurePosixPath("docs", path.name): PurePosixPath(path.name)
        for path in docs
        if path.suffix == ".md" or path.suffix in PICTURES
    }
    places |= {_page_of(each): _page_of(each) for each in EVERY if each.full(root).is_file()}
    places |= {file: page for file, page in ELSEWHERE.items() if (root / file).is_file()}
    # The index of the site stands in the place of the README, for links to it.
    return {**places, README: places[INDEX]}


def _filled(text: str, places: Places) -> str:
    """Return a page with what is made in the places of the marks."""
    table = _table(places.root, places.slug)
    return text.replace(NOTEBOOKS, table).replace(CONTENTS, _contents(places))


def _table(root: Path, slug: Slug) -> str:
    """Return the table of the notebooks, Markdown, with links to the site's pages."""
    return readme.notebooks(root, slug, lambda lesson: _page_of(lesson).as_posix())


def _contents(places: Places) -> str:
    """Return the lists of pages that the site's navigation is made from, MyST."""
    notebooks = [
        f"{each.heading(places.root)} </{_page_of(each).with_suffix('')}>"
        for each in EVERY
        if each.full(places.root).is_file()
    ]
    others = [page for page in places.pages.values() if page.suffix == ".md"]
    beside = sorted({f"/{page.with_suffix('')}" for page in others} - {"/index"})
    lists = {"Notebooks": notebooks, "Beside the notebooks": beside, "Package": ["/api/index"]}
    return "\n\n".join(
        "\n".join(["```{toctree}", f":caption: {caption}", ":hidden:", "", *entries, "```"])
        for caption, entries in lists.items()
        if entries
    )


def write_sources(folder: Path, files: Mapping[PurePosixPath, bytes]) -> list[Path]:
    """Make a folder hold exactly these files; what is the same keeps its time.

    Args:
        folder: The folder; made where it is missing.
        files: Contents by path in it.

    Returns:
        The files that were removed, because nothing makes them any more.
    """
    for place, content in files.items():
        path = folder / place
        if not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    wanted = {folder / place for place in files}
    gone = [path for path in sorted(folder.rglob("*")) if path.is_file() and path not in wanted]
    for path in gone:
        path.unlink()
    return gone


def _noted(state: Path) -> list[str]:
    """Return what the last build that succeeded was made from; nothing where there was none."""
    note = state / NOTE
    return note.read_text(encoding="utf-8").split() if note.is_file() else []


def _makers(root: Path) -> str:
    """Return a digest of what makes every page: this code, the settings, the packages."""
    files = [*Path(__file__).parent.glob("*.py"), *(root / "docs").rglob("*.py")]
    files += [*(root / "docs" / "_static").glob("*"), root / "pyproject.toml"]
    versions = "".join(f"{name} {importlib.metadata.version(name)}\n" for name in PACKAGES)
    return _digest([versions.encode(), *(file.read_bytes() for file in sorted(files))])


def _everything(root: Path, files: Mapping[PurePosixPath, bytes]) -> str:
    """Return a digest of what the pages show: the files for Sphinx, and the docstrings."""
    modules = sorted((root / PACKAGE).rglob("*.py"))
    named = [part for file in sorted(files) for part in (str(file).encode(), files[file])]
    return _digest([*named, *(file.read_bytes() for file in modules)])


def _digest(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()
