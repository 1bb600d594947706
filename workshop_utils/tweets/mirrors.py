"""Fetching a published file: each mirror in turn, checked, and never for longer than promised.

The bytes go into memory and are handed on only when their hash is right, so that an
interrupted or wrong download leaves nothing on the disk. A mirror that falls silent
or sends a trickle is given up, even when the operating system would wait longer:
the transfer runs beside the program, in a thread that is left behind if need be.
"""

from __future__ import annotations

import threading
import time
from typing import Any

from workshop_utils import run_events
from workshop_utils.tweets.original import Original

SECONDS_TO_GIVE_UP = 6.0
"""If no mirror sends anything, all of them together are given up after this time."""

_CHUNK_BYTES = 8192
_PROGRESS_BYTES = 65_536  # less than this during a mirror's patience counts as silence
_LARGEST = 4  # times the expected size; whatever sends more does not send this file
_POLL_SECONDS = 0.05


class MirrorsError(Exception):
    """No mirror gave the right bytes.

    Attributes:
        reasons: One sentence for each mirror, in the order in which they were tried.
    """

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


class _AbandonedError(Exception):
    """Raised inside the transfer when nobody waits for it any more."""


def fetch(original: Original, seconds: float | None = None) -> bytes:
    """Fetch a published file from the first mirror that gives the right bytes.

    Args:
        original: The file: its mirrors, length and sha256.
        seconds: How long silent mirrors are waited for, all together; by default
            :data:`SECONDS_TO_GIVE_UP`. A transfer that moves is not cut off.

    Returns:
        The bytes of the file, checked.

    Raises:
        MirrorsError: No mirror gave them; says for each why.
    """
    # Imported before the waiting begins: on a busy machine this alone takes seconds.
    import pooch  # noqa: F401
    import requests  # noqa: F401

    reasons = []
    patience = (SECONDS_TO_GIVE_UP if seconds is None else seconds) / len(original.mirrors)
    for number, url in enumerate(original.mirrors, start=1):
        content, reason = _fetch_from(url, original, patience)
        if content is not None:
            return content
        reasons.append(f"Mirror {number} {reason}.")
    raise MirrorsError(reasons)


def _fetch_from(url: str, original: Original, patience: float) -> tuple[bytes | None, str]:
    """Return the right bytes, or None and what happened instead."""
    transfer = _Transfer(url, _LARGEST * original.size, patience)
    try:
        silent = _wait(transfer, original, patience)
    finally:
        transfer.abandoned = True
        run_events.note("fetched", name=original.name, bytes=len(transfer.received))
    if silent:
        return None, f"sent nothing, or too little, for {patience:.1f} seconds"
    if transfer.error is not None:
        return None, _in_words(transfer.error)
    content = bytes(transfer.received)
    if original.is_same(content):
        return content, ""
    return None, _what_it_is(content, original)


class _Transfer(threading.Thread):
    """One download into memory; the program watches it and may leave it behind."""

    def __init__(self, url: str, most_bytes: int, patience: float) -> None:
        super().__init__(daemon=True)
        self.url = url
        self.most_bytes = most_bytes
        self.patience = patience
        self.received = bytearray()
        self.error: Exception | None = None
        self.abandoned = False

    def run(self) -> None:
        """Download with pooch; whatever goes wrong is kept for the waiting program."""
        try:
            import pooch

            # The watching program gives up first; this only ends what it has left behind.
            timeout = 2 * self.patience
            download = pooch.HTTPDownloader(chunk_size=_CHUNK_BYTES, timeout=timeout)
            download(self.url, self, None)
        except Exception as error:
            self.error = error

    def write(self, chunk: bytes) -> None:
        """Take a piece of the file; pooch writes to this object as to a file."""
        if self.abandoned:
            raise _AbandonedError
        self.received += chunk
        if len(self.received) > self.most_bytes:
            raise OverflowError

    def flush(self) -> None:
        """Do nothing: memory needs no flushing, but pooch asks for it."""


def _wait(transfer: _Transfer, original: Original, patience: float) -> bool:
    """Wait with a progress bar until the transfer ends; return True if it fell silent."""
    from tqdm.auto import tqdm

    bar: Any = tqdm(total=original.size, desc="tweets", unit="B", unit_scale=True, leave=False)
    with bar:
        transfer.start()
        last_size, last_time = 0, time.monotonic()
        while transfer.is_alive():
            transfer.join(_POLL_SECONDS)
            size = len(transfer.received)
            if size > bar.n:
                bar.update(size - bar.n)
            if size - last_size >= _PROGRESS_BYTES:
                last_size, last_time = size, time.monotonic()
            elif transfer.is_alive() and time.monotonic() - last_time > patience:
                return True
    return False


def _in_words(error: Exception) -> str:
    """Say what went wrong with a transfer, without addresses and numbers of objects."""
    import requests

    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"answered with status {error.response.status_code}"
    kinds: tuple[tuple[type[Exception], str], ...] = (
        (requests.Timeout, "did not answer in time"),
        (requests.TooManyRedirects, "sends from address to address without an end"),
        (requests.exceptions.ChunkedEncodingError, "broke off in the middle"),
        (requests.ConnectionError, "cannot be reached"),
        (OverflowError, "sent far more than the file"),
    )
    for kind, words in kinds:
        if isinstance(error, kind):
            return words
    return f"failed ({type(error).__name__})"


def _what_it_is(content: bytes, original: Original) -> str:
    """Say what arrived in place of the file."""
    if content.lstrip()[:1] == b"<":
        return "sent a web page, perhaps the login page of this network"
    if len(content) < original.size:
        return f"sent only {len(content):,} of {original.size:,} bytes"
    return "sent other bytes than the published ones"
