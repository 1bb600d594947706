"""What the invented tweets are made of; the phrases themselves stand in ``phrases.toml``."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any


def _read() -> dict[str, Any]:
    file = resources.files("workshop_utils.synthetic_tweets").joinpath("phrases.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


_ALL = _read()
CANDIDATES: list[str] = _ALL["candidates"]
SUBJECTS: list[str] = _ALL["subjects"]
SOMEBODY: list[str] = _ALL["somebody"]
OPENERS: list[str] = _ALL["openers"]
GOOD: list[str] = _ALL["good"]
BAD: list[str] = _ALL["bad"]
TAG_WORDS: list[str] = _ALL["tag_words"]
HANDLE_PARTS: list[str] = _ALL["handle_parts"]
EMOJI: list[str] = _ALL["emoji"]
FLAG: str = _ALL["flag"]
TOPICS: dict[str, list[str]] = _ALL["topics"]
"""Subject to what is talked about."""
OPINIONS: dict[str, list[str]] = _ALL["opinions"]
SECONDS: dict[str, list[str]] = _ALL["seconds"]
"""Stance to sentences, and to what is added to them; {who}, {topic}, {good}, {bad} are gaps."""
