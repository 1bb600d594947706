"""Carry out the jobs of a study: in parallel, with progress, and resumable.

A job is one row of a table with one seed. What a job found is written to the data
file at once, so that a study that was stopped goes on where it was. A job is done
again when its settings have changed, or the libraries that compute it.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workshop_utils import storage, versions

Finding = dict[str, Any]
#: The libraries whose numbers a training depends on.
COMPUTING = ("keras", "numpy", "scikit-learn", "tensorflow")
ONE_THREAD = {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1", "OMP_NUM_THREADS": "1"}


@dataclass(frozen=True)
class Job:
    """One row of a study with one seed.

    Attributes:
        row: The row's name.
        seed: Seed of everything that is random in it.
        settings: All that decides the outcome, in words or as code.
    """

    row: str
    seed: int
    settings: str

    @property
    def fingerprint(self) -> str:
        """A short name of the settings."""
        return hashlib.sha256(self.settings.encode()).hexdigest()[:12]

    @property
    def key(self) -> tuple[str, int, str]:
        """What the record of this job is found by."""
        return self.row, self.seed, self.fingerprint


class JobsFailedError(RuntimeError):
    """Some jobs failed; the others are in the data file."""


def carry_out(
    jobs: Sequence[Job],
    work: Callable[[str, int], Finding],
    path: Path,
    processes: int | None = None,
    *,
    only: Sequence[str] = (),
) -> int:
    """Do the jobs that the data file does not hold yet.

    Args:
        jobs: All jobs of the study, in the order of its table.
        work: A function of a module, from a row's name and a seed to what was found.
        path: The data file, JSON; made if need be.
        processes: How many jobs run at a time; as many as there are cores by default.
            With 1 they run in this process.
        only: Parts of row names; the jobs of other rows are left for later.

    Returns:
        How many jobs were done now.

    Raises:
        JobsFailedError: Jobs raised an error; the sentence names them.
        StorageError: The data file cannot be written.
    """
    order = {job.key: place for place, job in enumerate(jobs)}
    records = {key: record for key, record in _usable(path).items() if key in order}
    wanted = [job for job in jobs if not only or any(part in job.row for part in only)]
    todo = [job for job in wanted if job.key not in records]
    failed: list[str] = []
    for job, finding in _with_progress(todo, work, processes or os.cpu_count() or 1, len(wanted)):
        if isinstance(finding, Exception):
            failed.append(f"{job.row}, seed {job.seed}: {finding!r}")
            continue
        records[job.key] = _record(job, finding)
        _write(path, [records[key] for key in sorted(records, key=order.__getitem__)])
    if failed:
        raise JobsFailedError("These jobs failed; the others are kept. " + " | ".join(failed))
    return len(todo)


def read(path: Path) -> list[Finding]:
    """Return what a data file holds, one record a job; nothing when there is no file."""
    if not path.is_file():
        return []
    records: list[Finding] = json.loads(path.read_text(encoding="utf-8"))["records"]
    return records


def wanted(path: Path, command: str) -> list[Finding]:
    """Return what a data file holds.

    Args:
        path: The data file.
        command: What computes it, for the message.

    Raises:
        FileNotFoundError: There is no data file yet; the sentence names the command.
    """
    if not path.is_file():
        raise FileNotFoundError(f"{path.name} is not there. `{command}` computes it.")
    return read(path)


def origin(path: Path) -> str:
    """Say in one line with which seeds and libraries a data file was computed, and when."""
    kept = about(path)
    libraries = ", ".join(f"{name} {version}" for name, version in kept["versions"].items())
    seeds = ", ".join(map(str, kept["seeds"]))
    return f"seeds {seeds}; {' and '.join(kept['dates'])}; {libraries}"


def about(path: Path) -> dict[str, Any]:
    """Return a data file's seeds, dates and library versions."""
    kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return {name: kept[name] for name in ("seeds", "dates", "versions")}


def _usable(path: Path) -> dict[tuple[str, int, str], Finding]:
    """Return the records of a data file by their keys, if these libraries computed them."""
    found = versions.versions()
    if not path.is_file() or any(
        about(path)["versions"].get(library) != found[library] for library in COMPUTING
    ):
        return {}
    return {(each["row"], each["seed"], each["settings"]): each for each in read(path)}


def _record(job: Job, finding: Finding) -> Finding:
    of = {"row": job.row, "seed": job.seed, "settings": job.fingerprint}
    return {**of, "date": datetime.date.today().isoformat(), **finding}


def _write(path: Path, records: Sequence[Finding]) -> None:
    """Write the data file with one record a line, so that a change can be read."""
    found = versions.versions()
    head = {
        "versions": {library: found[library] for library in ("python", *COMPUTING)},
        "seeds": sorted({record["seed"] for record in records}),
        "dates": sorted({record["date"] for record in records}),
    }
    lines = ",\n".join(f"  {json.dumps(record)}" for record in records)
    opening = json.dumps(head, indent=1)[:-2]
    storage.write_text(path, f'{opening},\n "records": [\n{lines}\n ]\n}}\n')


def _with_progress(
    todo: Sequence[Job], work: Callable[[str, int], Finding], processes: int, of: int
) -> Iterator[tuple[Job, Finding | Exception]]:
    from tqdm.auto import tqdm

    with tqdm(total=of, initial=of - len(todo), unit="job", smoothing=0) as bar:
        for job, finding in _in_processes(todo, work, processes):
            bar.set_postfix_str(f"{job.row}, seed {job.seed}")
            bar.update()
            yield job, finding


def _in_processes(
    todo: Sequence[Job], work: Callable[[str, int], Finding], processes: int
) -> Iterator[tuple[Job, Finding | Exception]]:
    if processes == 1:
        for job in todo:
            yield job, _timed(work, job)
        return
    # Fresh processes: TensorFlow does not survive a fork. Each runs one job at a
    # time on one thread, which for networks of this size is the fastest way.
    context = multiprocessing.get_context("spawn")
    with _environment(ONE_THREAD), ProcessPoolExecutor(processes, context) as pool:
        waiting: dict[Future[Finding | Exception], Job] = {}
        for job in todo:
            waiting[pool.submit(_timed, work, job)] = job
        try:
            while waiting:
                for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                    yield waiting.pop(future), future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _timed(work: Callable[[str, int], Finding], job: Job) -> Finding | Exception:
    started = time.perf_counter()
    try:
        finding = work(job.row, job.seed)
    except Exception as error:  # one failed job must not cost the others
        return error
    return {**finding, "seconds": round(time.perf_counter() - started, 1)}


@contextmanager
def _environment(settings: Mapping[str, str]) -> Iterator[None]:
    """Set variables that the processes to come inherit, and take them back afterwards."""
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
