"""Fetch a published file: each mirror in turn, checked, and never for longer than promised."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SECONDS_TO_GIVE_UP = 6.0
"""If no mirror sends anything, all of them together are given up after this time."""
MOVES = 65_536
"""Bytes; less than this during a mirror's patience counts as silence."""


class _FaultError(Exception):
    """What a mirror did, as the end of a sentence."""


def fetch(urls: tuple[str, ...], sha256: str, size: int) -> tuple[bytes | None, str]:
    """Fetch a published file from the first address that gives the right bytes.

    Args:
        urls: Addresses that serve the file.
        sha256: Hexadecimal digest of the right bytes.
        size: Their number.

    Returns:
        The bytes, or None and one sentence for each address that says why.
    """
    import pooch

    pooch.get_logger().setLevel("ERROR")
    faults = []
    for number, url in enumerate(urls, start=1):
        download = _Download(size, SECONDS_TO_GIVE_UP / len(urls))
        # Not in the cache: a process that is killed must leave nothing there.
        try:
            with tempfile.TemporaryDirectory() as folder:
                path = pooch.retrieve(url, f"sha256:{sha256}", "tweets", folder, None, download)
                return Path(path).read_bytes(), ""
        except Exception as error:
            faults.append(f"Mirror {number} {_in_words(error)}.")
    return None, " ".join(faults)


class _Download:
    """A downloader for pooch that gives up a mirror which is silent or sends a trickle."""

    def __init__(self, size: int, patience: float) -> None:
        self.size, self.patience = size, patience

    def __call__(self, url: str, output_file: str, _: Any) -> None:
        import requests

        headers = {"Accept-Encoding": "identity"}
        request = requests.get(url, stream=True, timeout=self.patience, headers=headers)
        with request as response, Path(output_file).open("wb") as file:
            response.raise_for_status()
            for chunk in self._chunks(response.raw):
                file.write(chunk)

    def _chunks(self, raw: Any) -> Iterator[bytes]:
        """Yield what arrives, with a bar, as long as enough of it arrives."""
        from tqdm.auto import tqdm

        got, noted, since, bar = 0, 0, time.monotonic(), None
        while chunk := raw.read1(MOVES):
            if not got and chunk.lstrip()[:1] == b"<":
                raise _FaultError("sent a web page, perhaps the login page of this network")
            got += len(chunk)
            if bar is None:  # only now, so that no bar stands at 0 % where there is no network
                bar = tqdm(total=self.size, desc="tweets", unit="B", unit_scale=True, leave=False)
            bar.update(len(chunk))
            if got > self.size:
                raise _FaultError("sent more than the file")
            if got - noted >= MOVES:
                noted, since = got, time.monotonic()
            elif time.monotonic() - since > self.patience:
                raise _FaultError(f"sent too little for {self.patience:.1f} seconds")
            yield chunk
        if bar is not None:
            bar.close()
        if got < self.size:
            raise _FaultError(f"sent only {got:,} of {self.size:,} bytes")


def _in_words(error: Exception) -> str:
    """Say what went wrong, without addresses and numbers of objects."""
    import requests
    from urllib3.exceptions import ProtocolError, ReadTimeoutError

    if isinstance(error, _FaultError):
        return str(error)
    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"answered with status {error.response.status_code}"
    kinds: tuple[tuple[type[Exception], str], ...] = (
        (requests.ReadTimeout, "did not answer in time"),
        (ReadTimeoutError, "stopped sending"),
        (ProtocolError, "broke off in the middle"),
        (requests.TooManyRedirects, "sends from address to address without an end"),
        (requests.ConnectionError, "cannot be reached"),
        (ValueError, "sent other bytes than the published ones"),  # pooch: another hash
    )
    for kind, words in kinds:
        if isinstance(error, kind):
            return words
    return f"failed ({type(error).__name__})"
