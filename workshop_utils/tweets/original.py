"""Which file the real tweets are, and where it is published."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

_COPY_1 = "adhok/First-GOP-Debate-Twitter-SEntiment/ab1358ecf828265638d8ce8dd7958b5cf1b59b5d"
_COPY_2 = "christellemg/2016-GOP-Debate-Sentiment-Analysis/fc98e60c442ba2e3f96d93bc8fcb21e0d8db80fc"


@dataclass(frozen=True)
class Original:
    """A published file, known by its bytes and not by its address.

    Attributes:
        name: File name in the cache.
        sha256: Hexadecimal digest of its bytes.
        size: Its length in bytes.
        mirrors: Addresses that serve these bytes, in the order in which they are tried.
    """

    name: str
    sha256: str
    size: int
    mirrors: tuple[str, ...]

    def is_same(self, content: bytes) -> bool:
        """Return whether some bytes are those of the published file."""
        return hashlib.sha256(content).hexdigest() == self.sha256


# "First GOP Debate Twitter Sentiment", CrowdFlower (2015), Data for Everyone library. Both
# addresses name a commit, so that what they serve cannot change behind our back.
REAL = Original(
    name="Sentiment.csv",
    sha256="83beb7691f876f9a762613e7c262f7a777a529cccfb96478089e912f1292c61c",
    size=3_967_244,
    mirrors=tuple(
        f"https://raw.githubusercontent.com/{copy}/Sentiment.csv" for copy in (_COPY_1, _COPY_2)
    ),
)
"""The tweets about the debate of 6 August 2015, as two public repositories keep them."""
