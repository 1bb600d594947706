"""From the texts to the two editions: ``workshop build`` and ``workshop build --check``.

Each notebook is executed only if its code, a module that it uses or a library
has changed since its outputs were made; otherwise the stored outputs stay as
they are, byte for byte.
"""

import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from workshop_tools import readme, source_hash
from workshop_tools.editions import (
    Notebook,
    as_text,
    code_cells,
    full_edition,
    learner_edition,
    read_notebook,
    solved_edition,
    sources,
    without_outputs,
)
from workshop_tools.execute import execute, kernel_environment
from workshop_tools.extras import require
from workshop_tools.outputs import keep_what_is_the_same, normalise_cells
from workshop_tools.repository_url import Slug, project_text, read_slug, write_slug
from workshop_tools.side_by_side import OnCell, jobs_here, side_by_side
from workshop_tools.tweets_at_hand import look_for_tweets
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
    solved: bool = False,
    jobs: int | None = None,
    root: Path | None = None,
) -> int:
    """Make the editions and every link from the texts and the public address.

    Args:
        repo: A new ``owner/name`` to write into the project file first.
        ref: A new branch or tag to write there.
        only: Numbers or names of notebooks; all by default.
        check: Change and execute nothing; say what does not agree with the texts.
        force: Execute also what has not changed, and keep no old output.
        solved: Only write the solved editions to ``build/solved``, not executed.
        jobs: Notebooks at a time; by default two where memory allows.
        root: The folder of the repository; found from the current folder by default.

    Returns:
        The exit status: 0 when everything was made, or agrees; 1 otherwise.

    Raises:
        CourseError: A text or the project file is not as it must be.
    """
    require("ipykernel", "jupytext", "nbformat", "papermill")
    root = root or find_root()
    lessons = written(select(only, EVERY), root)
    if check and (repo or ref):
        raise CourseError("--check changes nothing, so it goes without --repo and --ref.")
    if check:
        return _report(disagreements(root, lessons), lessons)
    if solved:
        for lesson in lessons:
            path = root / "build" / "solved" / f"{lesson.name}.ipynb"
            write_text(path, as_text(solved_edition(lesson, root, read_slug(root))))
        print(f"The solved editions are in {root / 'build' / 'solved'}.")
        return 0
    slug = write_slug(root, repo, ref)
    work = partial(_build_lesson, root=root, slug=slug, force=force)
    done = side_by_side(lessons, work, jobs=jobs_here(jobs, len(lessons)), label="build")
    write_pages(root, slug)
    return 0 if all(done) else 1


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


def _build_lesson(
    lesson: Lesson, on_cell: OnCell, *, root: Path, slug: Slug, force: bool
) -> tuple[bool, str]:
    """Build one lesson; return whether that went well, and what to say."""
    try:
        said = _made(lesson, on_cell, root, slug, force=force)
    except CourseError as error:
        return False, f"✗ {lesson.name}: {error}"
    return True, f"✓ {lesson.name}: {said}"


def _made(lesson: Lesson, on_cell: OnCell, root: Path, slug: Slug, *, force: bool) -> str:
    made = full_edition(lesson, root, slug)
    path = lesson.full(root)
    old = read_notebook(path) if path.is_file() else None
    now = source_hash.digest(made, root)
    noted = root / "build" / "state" / f"{lesson.name}.txt"
    said = "as it was"
    if old is None or force or not _outputs_hold(old, made, noted, now):
        run, seconds = _executed(made, lesson, root, on_cell)
        normalise_cells(run)
        if old is not None and not force:
            keep_what_is_the_same(old, run)
        old, said = run, f"executed in {seconds:.0f} s"
    # Made again: the minutes under the title depend on the outputs.
    full = full_edition(lesson, root, slug, old)
    if not_executed(full):
        raise CourseError("its text has changed while it ran; build it again.")
    _write_if_changed(path, as_text(full))
    _write_if_changed(lesson.learner(root), as_text(learner_edition(lesson, root, slug, old)))
    _write_if_changed(noted, now)
    return said


def _outputs_hold(old: Notebook, new: Notebook, noted: Path, now: str) -> bool:
    """Return whether the stored outputs belong to this code and these modules.

    In a fresh clone nothing is noted yet; there the outputs that were committed
    with the same code are taken at their word, which nbval then proves.
    """
    if not_executed(old) or sources(old) != sources(new):
        return False
    return not noted.is_file() or noted.read_text(encoding="utf-8") == now


def not_executed(notebook: Notebook) -> list[int]:
    """Return the numbers (from 1) of code cells that were not run, or that ended in an error."""
    return [
        number
        for number, cell in enumerate(code_cells(notebook), start=1)
        if cell["execution_count"] is None
        or any(output["output_type"] == "error" for output in cell["outputs"])
    ]


def _executed(
    notebook: Notebook, lesson: Lesson, root: Path, on_cell: OnCell
) -> tuple[Notebook, float]:
    """Run a notebook cold, or say which cell failed and why."""
    if TWEETS_MODULE in source_hash.modules_used(notebook, root):
        _require_real_tweets()
    with tempfile.TemporaryDirectory() as folder:
        work, artifacts = Path(folder, "work"), Path(folder, "artifacts")
        work.mkdir()
        artifacts.mkdir()
        environment = kernel_environment(root, artifacts)
        result = execute(without_outputs(notebook), work, environment, on_cell=on_cell)
    if result.passed:
        return result.notebook, result.seconds
    left = root / "build" / "failed" / f"{lesson.name}.ipynb"
    write_text(left, as_text(result.notebook))
    source = code_cells(notebook)[(result.failed_cell or 1) - 1]["source"]
    raise CourseError(
        f"code cell {result.failed_cell} failed:\n\n{source}\n\n{result.failure}\n\n"
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


def _write_if_changed(path: Path, text: str) -> None:
    if not path.is_file() or path.read_bytes() != text.encode():
        write_text(path, text)


def disagreements(root: Path, lessons: Sequence[Lesson] = EVERY) -> list[str]:
    """Return a sentence for each file that differs from what the build would make.

    Whether the stored outputs are still true is for nbval
    (:mod:`~workshop_tools.validate`).

    Args:
        root: The folder of the repository.
        lessons: Which notebooks to look at; the pages and the project file are looked
            at in any case.

    Raises:
        CourseError: The project file has no usable address.
    """
    slug = read_slug(root)
    found = [*_pages(root, slug), *_strangers(root)]
    for lesson in lessons:
        try:
            found += _editions(lesson, root, slug)
        except CourseError as error:
            found.append(f"{lesson.name}: {error}")
    return found


def _report(found: Sequence[str], lessons: Sequence[Lesson]) -> int:
    for sentence in found:
        print(f"✗ {sentence}")
    if found:
        print(f"{len(found)} disagreement(s); `workshop build` makes the editions anew.")
        return 1
    names = ", ".join(lesson.number for lesson in lessons)
    print(f"✓ Both editions of {names} and every link agree with the texts and the address.")
    return 0


def _editions(lesson: Lesson, root: Path, slug: Slug) -> list[str]:
    full, learner = lesson.full(root), lesson.learner(root)
    missing = [path for path in (full, learner) if not path.is_file()]
    if missing:
        return [f"{path.relative_to(root)} is missing" for path in missing]
    stored = read_notebook(full)
    normalise_cells(stored)
    found = []
    bad = not_executed(stored)
    if bad:
        found.append(f"{full.relative_to(root)}: code cells {bad} did not run without error")
    for path, make in ((full, full_edition), (learner, learner_edition)):
        if path.read_bytes() != as_text(make(lesson, root, slug, stored)).encode():
            found.append(f"{path.relative_to(root)} differs from what its text gives")
    return found


def _pages(root: Path, slug: Slug) -> list[str]:
    found = []
    for path in (root / name for name in readme.PAGES):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            if readme.filled(text, root, slug) != text:
                found.append(f"{path.name}: a marked block is not what the build makes")
            if slug.repository in readme.without_blocks(text):
                found.append(f"{path.name}: {slug.repository} stands outside the marked blocks")
    project = (root / "pyproject.toml").read_text(encoding="utf-8")
    if project_text(project, slug) != project:
        found.append("pyproject.toml: [project.urls] does not follow [tool.workshop]")
    return found


def _strangers(root: Path) -> list[str]:
    """Find notebooks that no text gives, for example after a renaming."""
    texts = [lesson for lesson in EVERY if not lesson.further or lesson.text(root).is_file()]
    known = {path for lesson in texts for path in (lesson.full(root), lesson.learner(root))}
    return [
        f"{path.relative_to(root)} belongs to no text; remove it"
        for folder in ("notebooks", "colab")
        for path in sorted((root / folder).rglob("*.ipynb"))
        if path not in known and ".ipynb_checkpoints" not in path.parts
    ]
