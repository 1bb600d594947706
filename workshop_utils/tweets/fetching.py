"""Fetch the published tweets: each mirror in turn, checked, and never for longer than promised."""

from __future__ import annotations

import hashlib
import time

from workshop_utils.runtime import progress_bars

# "First GOP Debate Twitter Sentiment", CrowdFlower (2015), Data for Everyone library. Both
# addresses name a commit, so that what they serve cannot change.
NAME = "Sentiment.csv"
SHA256 = "83beb7691f876f9a762613e7c262f7a777a529cccfb96478089e912f1292c61c"
SIZE = 3_967_244
_COPY_1 = "adhok/First-GOP-Debate-Twitter-SEntiment/ab1358ecf828265638d8ce8dd7958b5cf1b59b5d"
_COPY_2 = "christellemg/2016-GOP-Debate-Sentiment-Analysis/fc98e60c442ba2e3f96d93bc8fcb21e0d8db80fc"
MIRRORS = [f"https://raw.githubusercontent.com/{copy}/{NAME}" for copy in (_COPY_1, _COPY_2)]

SECONDS_TO_GIVE_UP = 6.0
"""If no mirror sends anything, all of them together are given up after this time."""
MOVES = 65_536
"""Bytes; less than this during a mirror's patience counts as silence."""


class _FaultError(Exception):
    """What a mirror did, as the end of a sentence."""


def is_published(content: bytes) -> bool:
    """Return whether some bytes are those of the published file."""
    return hashlib.sha256(content).hexdigest() == SHA256


def fetch() -> tuple[bytes | None, str]:
    """Return the published bytes, or None and one sentence for each mirror that says why."""
    faults = []
    for number, url in enumerate(MIRRORS, start=1):
        try:
            content = _download(url)
            if not is_published(content):
                raise _FaultError("sent other bytes than the published ones")
            return content, ""
        except Exception as error:
            faults.append(f"Mirror {number} {_in_words(error)}.")
    return None, " ".join(faults)


def _download(url: str) -> bytes:
    """Return what a mirror sends; give it up when it sends next to nothing.

    Four megabytes stay in memory: a process that is killed leaves nothing behind.
    """
    import requests

    patience = SECONDS_TO_GIVE_UP / len(MIRRORS)
    headers = {"Accept-Encoding": "identity"}
    content = bytearray()
    with requests.get(url, stream=True, timeout=patience, headers=headers) as response:
        response.raise_for_status()
        noted = 0
        since = time.monotonic()
        # The bar begins only now, so that none stands at 0 % where there is no network.
        chunk = response.raw.read1(MOVES)
        if chunk.lstrip()[:1] == b"<":
            raise _FaultError("sent a web page, perhaps the login page of this network")
        with progress_bars.progress_bar(
            total=SIZE, desc="tweets", unit="B", unit_scale=True
        ) as bar:
            while chunk:
                content += chunk
                bar.update(len(chunk))
                if len(content) > SIZE:
                    raise _FaultError("sent more than the file")
                if len(content) - noted >= MOVES:
                    noted = len(content)
                    since = time.monotonic()
                elif time.monotonic() - since > patience:
                    raise _FaultError(f"sent too little for {patience:.1f} seconds")
                chunk = response.raw.read1(MOVES)
    if len(content) < SIZE:
        raise _FaultError(f"sent only {len(content):,} of {SIZE:,} bytes")
    return bytes(content)


def _in_words(error: Exception) -> str:
    """Say what went wrong, without addresses and numbers of objects."""
    import requests
    from urllib3.exceptions import ProtocolError, ReadTimeoutError

    if isinstance(error, _FaultError):
        return str(error)
    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"answered with status {error.response.status_code}"
    kinds = {
        requests.ReadTimeout: "did not answer in time",
        ReadTimeoutError: "stopped sending",
        ProtocolError: "broke off in the middle",
        requests.TooManyRedirects: "sends from address to address without an end",
        requests.ConnectionError: "cannot be reached",
    }
    fitting = (words for kind, words in kinds.items() if isinstance(error, kind))
    return next(fitting, f"failed ({type(error).__name__})")
