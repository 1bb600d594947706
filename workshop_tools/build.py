"""From the texts to the two editions: ``workshop build`` and ``workshop build --check``.

Each notebook is executed only if its code, a module that it uses or a library
has changed since its outputs were made; otherwise the stored outputs stay as
they are, byte for byte.
"""

import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from workshop_tools import editions, outputs, readme, source_hash
from workshop_tools.execute import Execution, execute, kernel_environment
from workshop_tools.extras import require
from workshop_tools.lesson_files import full_path, learner_path, write_changed
from workshop_tools.repository_url import addressed, read_slug, write_slug
from workshop_tools.side_by_side import OnCell, jobs_here, side_by_side
from workshop_tools.tweets_at_hand import look_for_tweets
from workshop_utils.learning.lessons import EVERY, CourseError, Lesson, find_root, select
from workshop_utils.runtime.storage import write_text

_DIFFERS = {
    ".ipynb": " differs from what its text gives",
    ".png": " is not the stored output of the cell with the tag 'hero'",
    ".md": ": a marked block is not what the build makes",
    ".toml": ": [project.urls] does not follow [tool.workshop]",
}


def build(
    repo: str | None = None,
    ref: str | None = None,
    only: Sequence[str] | None = None,
    *,
    check: bool = False,
    force: bool = False,
    jobs: int | None = None,
) -> int:
    """Make the editions and every link from the texts and the address; return 0, or 1 if one fails.

    Args:
        repo: New ``owner/name`` for every link; it is written into the project file.
        ref: New branch or tag for every link.
        only: Numbers or names of notebooks, several if need be; all by default.
        check: Change and execute nothing; say what does not agree with the texts.
        force: Execute also what has not changed, and keep no old output.
        jobs: Notebooks at a time; by default two where memory allows.

    Raises:
        CourseError: A text or the project file is not as it must be.
    """
    require("ipykernel", "jinja2", "jupytext", "nbclient", "nbformat")
    root = find_root()
    lessons = select(only, EVERY)
    if check and (repo or ref):
        raise CourseError("--check changes nothing, so it goes without --repo and --ref.")
    if check:
        differing = disagreements(lessons)
        for sentence in differing:
            print(f"✗ {sentence}")
        if differing:
            print(f"{len(differing)} disagreement(s); `workshop build` makes the editions anew.")
            return 1
        names = ", ".join(lesson.number for lesson in lessons)
        print(f"✓ Both editions of {names} and every link agree with the texts and the address.")
        return 0
    write_slug(root, repo, ref)
    work = partial(_build_lesson, root, force)
    done = side_by_side(lessons, work, jobs=jobs_here(jobs, len(lessons)), label="build")
    write_changed(readme.pages(root))
    return 0 if all(done) else 1


def _build_lesson(root: Path, force: bool, lesson: Lesson, on_cell: OnCell) -> tuple[bool, str]:
    """Build one lesson; return whether that went well, and what to say."""
    try:
        edition = editions.full_edition(lesson)
        path = full_path(lesson, root)
        noted = root / "build" / "state" / f"{lesson.name}.txt"
        stored = editions.read_notebook(path) if path.is_file() and not force else None
        now = source_hash.digest(edition, root)
        if stored is not None and _outputs_hold(stored, edition, noted, now):
            run = stored
            word = "as it was"
        else:
            result = _executed(edition, lesson, root, on_cell)
            run = result.notebook
            word = f"executed in {result.seconds:.0f} s"
            if stored is not None:
                outputs.keep_what_is_the_same(stored, run)
            outputs.normalise_cells(run)
        # The text is read again, because the minutes under the title depend on the outputs.
        if editions.sources(run) != editions.sources(editions.full_edition(lesson)):
            raise CourseError("its text has changed while it ran; build it again.")
        write_changed({**editions.stored_files(lesson, run), noted: now})
    except CourseError as error:
        return False, f"✗ {lesson.name}: {error}"
    return True, f"✓ {lesson.name}: {word}"


def _outputs_hold(old: editions.Notebook, new: editions.Notebook, noted: Path, now: str) -> bool:
    """Return whether the stored outputs belong to this code and these modules.

    In a fresh clone nothing is noted yet; there the outputs that were committed
    with the same code are taken at their word, which nbval then proves.
    """
    if not_executed(old) or editions.sources(old) != editions.sources(new):
        return False
    return not noted.is_file() or noted.read_text(encoding="utf-8") == now


def not_executed(notebook: editions.Notebook) -> list[int]:
    """Return the numbers (from 1) of code cells that were not run, or that ended in an error."""
    return [
        number
        for number, cell in enumerate(editions.code_cells(notebook), start=1)
        if cell["execution_count"] is None
        or any(output["output_type"] == "error" for output in cell["outputs"])
    ]


def _executed(
    notebook: editions.Notebook, lesson: Lesson, root: Path, on_cell: OnCell
) -> Execution:
    """Run a notebook cold, or say which cell failed and why."""
    if "workshop_utils.tweets" in source_hash.modules_used(notebook, root):
        at_hand = look_for_tweets()
        if not at_hand.real:
            raise CourseError(
                "its outputs can only be made from the real tweets. "
                f"{at_hand.sentence} Set LSTM_WORKSHOP_TWEETS to the path of Sentiment.csv, "
                "or build where it can be fetched."
            )
    with tempfile.TemporaryDirectory() as folder:
        environment = kernel_environment(root, Path(folder, "artifacts"))
        result = execute(notebook, Path(folder), environment, on_cell=on_cell)
    if result.passed:
        return result
    left = root / "build" / "failed" / f"{lesson.name}.ipynb"
    write_text(left, editions.as_text(result.notebook))
    raise CourseError(
        f"code cell {result.failed_cell} failed:\n\n{result.failure}\n\n"
        f"The old edition is unchanged; the run up to the failure is in {left.relative_to(root)}."
    )


def disagreements(lessons: Sequence[Lesson]) -> list[str]:
    """Return a sentence for each file that differs from what the build would make.

    Beside the given notebooks, the pages, the project file and notebooks that no text gives
    are looked at. Whether the stored outputs are still true is for nbval
    (:mod:`~workshop_tools.validate`).

    Raises:
        CourseError: The project file has no usable address.
    """
    root = find_root()
    wrong = []
    slug = read_slug(root)
    # The citation can only agree.
    texts = {**readme.pages(root), **addressed(root, slug)}
    contents = {path: text.encode() for path, text in texts.items()}
    for lesson in lessons:
        path = full_path(lesson, root)
        try:
            stored = editions.full_edition(lesson)
            if path.is_file():
                stored = editions.read_notebook(path)
            if bad := not_executed(stored):
                wrong.append(f"{path.name}: code cells {bad} did not run without error")
            outputs.normalise_cells(stored)
            contents |= editions.stored_files(lesson, stored)
        except CourseError as error:
            wrong.append(f"{lesson.name}: {error}")
    for path, content in contents.items():
        name = path.relative_to(root).as_posix()
        if not path.is_file():
            wrong.append(f"{name} is missing")
        elif path.read_bytes() != content:
            wrong.append(name + _DIFFERS[path.suffix])
        if name in readme.PAGES and slug.repository in readme.without_blocks(texts[path]):
            wrong.append(f"{name}: {slug.repository} stands outside the marked blocks")
    editions_there = {
        place(lesson, root) for lesson in EVERY for place in (full_path, learner_path)
    }
    for path in sorted([*root.glob("notebooks/**/*.ipynb"), *root.glob("colab/**/*.ipynb")]):
        if path not in editions_there and ".ipynb_checkpoints" not in path.parts:
            wrong.append(f"{path.relative_to(root)} belongs to no text; remove it")
    return wrong
