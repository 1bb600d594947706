"""From the texts to the two editions: ``workshop build`` and ``workshop build --check``.

Each notebook is executed only if its code, a module that it uses or a library
has changed since its outputs were made; otherwise the stored outputs stay as
they are, byte for byte.
"""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from workshop_tools import check_in_sync, readme, source_hash
from workshop_tools.editions import (
    Notebook,
    as_text,
    code_cells,
    full_edition,
    learner_edition,
    read_notebook,
    sources,
)
from workshop_tools.execute import Execution, execute, kernel_environment
from workshop_tools.outputs import keep_what_is_the_same, normalise_cells
from workshop_tools.tweets_at_hand import look_for_tweets
from workshop_utils.cli.extras import require
from workshop_utils.cli.repository_url import Slug, write_slug
from workshop_utils.lessons import EVERY, CourseError, Lesson, find_root, select
from workshop_utils.storage import write_text

TWEETS_MODULE = "workshop_utils.tweets"


def build(
    repo: str | None = None,
    ref: str | None = None,
    only: Sequence[str] | None = None,
    *,
    check: bool = False,
    force: bool = False,
    root: Path | None = None,
) -> int:
    """Make the editions and every link from the texts and the public address.

    Args:
        repo: A new ``owner/name`` to write into the project file first.
        ref: A new branch or tag to write there.
        only: Numbers or names of notebooks; all by default.
        check: Change and execute nothing; say what does not agree with the texts.
        force: Execute also what has not changed, and keep no old output.
        root: The folder of the repository; found from the current folder by default.

    Returns:
        The exit status: 0 when everything was made, or agrees; 1 otherwise.

    Raises:
        CourseError: A text or the project file is not as it must be, or the real
            tweets are needed and cannot be had.
    """
    require("ipykernel", "jupytext", "nbclient", "nbformat")
    root = root or find_root()
    lessons = written(select(only, EVERY), root)
    if check:
        if repo or ref:
            raise CourseError("--check changes nothing, so it goes without --repo and --ref.")
        return check_in_sync.report(root, lessons)
    slug = write_slug(root, repo, ref)
    failures = _build_lessons(lessons, root, slug, force=force)
    write_pages(root, slug)
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


def written(lessons: Sequence[Lesson], root: Path) -> tuple[Lesson, ...]:
    """Leave out further notebooks that nobody has written yet, with a sentence for each."""
    for lesson in lessons:
        if lesson.further and not lesson.text(root).is_file():
            print(f"{lesson.name}: left out, its text {lesson.text(root).name} is not written yet.")
    return tuple(each for each in lessons if not each.further or each.text(root).is_file())


def write_pages(root: Path, slug: Slug) -> None:
    """Make the marked blocks of the README and its neighbours anew.

    Raises:
        CourseError: A block is unknown or not closed.
    """
    for name in readme.PAGES:
        path = root / name
        if path.is_file():
            _write_if_changed(path, readme.filled(path.read_text(encoding="utf-8"), root, slug))


def _build_lessons(lessons: Sequence[Lesson], root: Path, slug: Slug, *, force: bool) -> list[str]:
    """Build each lesson; go on after one that fails, and return what went wrong."""
    failures = []
    bar = tqdm(lessons, desc="build", unit="notebook", disable=None)
    for lesson in bar:
        try:
            _build_lesson(lesson, root, slug, bar, force=force)
        except CourseError as error:
            failures.append(f"✗ {lesson.name}: {error}")
    return failures


def _build_lesson(
    lesson: Lesson, root: Path, slug: Slug, bar: "tqdm[Lesson]", *, force: bool
) -> None:
    made = full_edition(lesson, root, slug)
    path = lesson.full(root)
    old = read_notebook(path) if path.is_file() else None
    now = source_hash.digest(made, root)
    noted = _note(lesson, root)
    if old is not None and not force and _outputs_hold(old, made, noted, now):
        run = old
        said = "as it was"
    else:
        result = _executed(made, lesson, root, bar)
        normalise_cells(result.notebook)
        if old is not None and not force:
            keep_what_is_the_same(old, result.notebook)
        run = result.notebook
        said = f"executed in {result.seconds:.0f} s"
    # Made again: the minutes under the title depend on the outputs.
    _write_if_changed(path, as_text(full_edition(lesson, root, slug, run)))
    _write_if_changed(lesson.learner(root), as_text(learner_edition(lesson, root, slug, run)))
    _write_if_changed(noted, now)
    bar.write(f"✓ {lesson.name}: {said}", file=sys.stdout)


def _note(lesson: Lesson, root: Path) -> Path:
    """Return the untracked file that remembers what the stored outputs were made from."""
    return root / "build" / "state" / f"{lesson.name}.txt"


def _outputs_hold(old: Notebook, new: Notebook, noted: Path, now: str) -> bool:
    """Return whether the stored outputs belong to this code and these modules.

    In a fresh clone nothing is noted yet; there the outputs that were committed
    with the same code are taken at their word, which nbval then proves.
    """
    if check_in_sync.not_executed(old) or sources(old) != sources(new):
        return False
    return not noted.is_file() or noted.read_text(encoding="utf-8") == now


def _executed(notebook: Notebook, lesson: Lesson, root: Path, bar: "tqdm[Lesson]") -> Execution:
    """Run a notebook cold, or say which cell failed and why."""
    if TWEETS_MODULE in source_hash.modules_used(notebook, root):
        _require_real_tweets()
    total = len(code_cells(notebook))
    with tempfile.TemporaryDirectory() as folder:
        work, artifacts = Path(folder, "work"), Path(folder, "artifacts")
        work.mkdir()
        artifacts.mkdir()
        result = execute(
            notebook,
            work,
            kernel_environment(root, artifacts),
            on_cell=lambda number: bar.set_postfix_str(f"{lesson.number}: cell {number}/{total}"),
        )
    if result.passed:
        return result
    left = root / "build" / "failed" / f"{lesson.name}.ipynb"
    write_text(left, as_text(result.notebook))
    assert result.failed_cell is not None
    source = code_cells(notebook)[result.failed_cell - 1]["source"]
    raise CourseError(
        f"code cell {result.failed_cell} failed:\n\n{_indented(source)}\n\n{result.failure}\n\n"
        f"The old edition is unchanged; the run up to the failure is in {left.relative_to(root)}."
    )


def _require_real_tweets() -> None:
    found = look_for_tweets()
    if not found.real:
        raise CourseError(
            "its outputs can only be made from the real tweets. "
            f"{found.sentence} Set LSTM_WORKSHOP_TWEETS to the path of Sentiment.csv, "
            "or build where it can be fetched."
        )


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


def _write_if_changed(path: Path, text: str) -> None:
    if not path.is_file() or path.read_bytes() != text.encode():
        write_text(path, text)
