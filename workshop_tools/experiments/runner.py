"""Carry out the jobs of an experiment: in parallel, with progress, and resumable.

What a job found is written to the data file at once, so that an experiment that was stopped
goes on where it was. A job is done again when its settings have changed, or the libraries
that compute it.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workshop_utils.learning.lessons import CourseError
from workshop_utils.runtime import storage, versions

Finding = dict[str, Any]
Work = Callable[[str, int], Finding]
Key = tuple[str, int, str]
#: The libraries whose numbers a training depends on.
COMPUTING = ("keras", "numpy", "scikit-learn", "tensorflow")
ONE_THREAD = ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS")


@dataclass(frozen=True)
class Job:
    """One row of an experiment with one seed; the settings are all that decides the outcome."""

    row: str
    seed: int
    settings: str

    @property
    def key(self) -> Key:
        """What its record is found by: row, seed, and a short name of the settings."""
        return self.row, self.seed, hashlib.sha256(self.settings.encode()).hexdigest()[:12]


def carry_out(
    jobs: Sequence[Job],
    work: Work,
    path: Path,
    processes: int | None = None,
) -> int:
    """Do the jobs that the data file does not hold yet.

    Args:
        jobs: All jobs of the experiment, in the order of its table.
        work: A function of a module, from a row's name and a seed to what was found.
        path: The data file, JSON; made if need be.
        processes: Jobs at a time; by default as many as there are cores. With 1 they run
            in this process.

    Returns:
        How many jobs were done now.

    Raises:
        CourseError: Jobs raised an error; the sentence names them, the others are kept.
        StorageError: The data file cannot be written.
    """
    from tqdm.auto import tqdm

    order = {job.key: place for place, job in enumerate(jobs)}
    records = {key: record for key, record in _usable(path).items() if key in order}
    todo = [job for job in jobs if job.key not in records]
    done = _in_processes(todo, work, processes or os.cpu_count() or 1)
    failed = []
    at_hand = len(jobs) - len(todo)
    bar = tqdm(done, total=len(jobs), initial=at_hand, unit="job", smoothing=0)
    for job, found in bar:
        bar.set_postfix_str(f"{job.row}, seed {job.seed}")
        if isinstance(found, Exception):
            failed.append(f"{job.row}, seed {job.seed}: {found!r}")
            continue
        about = dict(zip(("row", "seed", "settings"), job.key, strict=True))
        records[job.key] = {**about, "date": datetime.date.today().isoformat(), **found}
        _write(path, [records[key] for key in sorted(records, key=order.__getitem__)])
    if failed:
        raise CourseError("These jobs failed; the others are kept. " + " | ".join(failed))
    return len(todo)


def _usable(path: Path) -> dict[Key, Finding]:
    """Return the records of a data file by their keys, if these libraries computed them."""
    if not path.is_file():
        return {}
    kept = json.loads(path.read_text(encoding="utf-8"))
    found = versions.versions()
    if any(kept["versions"].get(library) != found[library] for library in COMPUTING):
        return {}
    return {(each["row"], each["seed"], each["settings"]): each for each in kept["records"]}


def _write(path: Path, records: Sequence[Finding]) -> None:
    found = versions.versions()
    content = {
        "versions": {library: found[library] for library in ("python", *COMPUTING)},
        "seeds": sorted({record["seed"] for record in records}),
        "dates": sorted({record["date"] for record in records}),
        "records": records,
    }
    storage.write_text(path, json.dumps(content, indent=1) + "\n")


def _in_processes(
    todo: Sequence[Job], work: Work, processes: int
) -> Iterator[tuple[Job, Finding | Exception]]:
    if processes == 1:
        yield from (_timed(work, job) for job in todo)
        return
    # Fresh processes: TensorFlow does not survive a fork. Each runs one job at a
    # time on one thread, which for networks of this size is the fastest way.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, _use_one_thread) as pool:
        running = [pool.submit(_timed, work, job) for job in todo]
        try:
            yield from (future.result() for future in as_completed(running))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _use_one_thread() -> None:
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))


def _timed(work: Work, job: Job) -> tuple[Job, Finding | Exception]:
    started = time.perf_counter()
    try:
        finding = work(job.row, job.seed)
    except Exception as error:  # one failed job must not cost the others
        return job, error
    return job, {**finding, "seconds": round(time.perf_counter() - started, 1)}
