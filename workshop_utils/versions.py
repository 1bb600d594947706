"""Which versions are installed, and whether the workshop was run with such versions.

The ranges stand once, in ``pyproject.toml``, and are read from the metadata of the
installed package.
"""

from __future__ import annotations

import platform
import re
from collections.abc import Mapping
from importlib import metadata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from packaging.requirements import Requirement

DISTRIBUTION = "lstm-workshop"
_MINOR = re.compile(r"^Programming Language :: Python :: 3\.(\d+)$").findall
# The same library, published under another name for some machines.
_OTHER_NAMES: dict[str, tuple[str, ...]] = {
    "tensorflow": ("tensorflow-cpu", "tensorflow-macos", "tf-nightly"),
}
SHOWN: dict[str, str] = {"tensorflow": "TensorFlow", "keras": "Keras", "numpy": "NumPy"}


def installed(library: str) -> str | None:
    """Return the version of an installed library, without importing it; None if absent."""
    for name in (library, *_OTHER_NAMES.get(library, ())):
        try:
            return metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return None


def tested_ranges() -> dict[str, str]:
    """Return the range of versions that the workshop was run with, for each library.

    Returns:
        For example ``{"python": ">=3.11,<3.14", "keras": ">=3.13,<3.16", ...}``, with
        ``python`` first; empty where the package is not installed.
    """
    python, lines = _requirements()
    try:
        from packaging.requirements import Requirement
    except ImportError:
        return {}
    ranges = {"python": python} if python else {}
    for requirement in map(Requirement, lines):
        if _is_plain(requirement):
            ranges[requirement.name.lower()] = str(requirement.specifier)
    return {library: _in_order(allowed) for library, allowed in ranges.items()}


def _in_order(allowed: str) -> str:
    """Put the lower bound of a range first; metadata does not keep the order it was written in."""
    return ",".join(sorted((part.strip() for part in allowed.split(",")), reverse=True))


def _is_plain(requirement: Requirement) -> bool:
    """Say whether a requirement counts here, without any extra having been asked for."""
    return requirement.marker is None or requirement.marker.evaluate({"extra": ""})


def _requirements() -> tuple[str, list[str]]:
    """Return the tested range of Python and the requirement lines of the installed package."""
    try:
        found = metadata.metadata(DISTRIBUTION)
    except metadata.PackageNotFoundError:
        return "", []
    # No upper bound stands in requires-python, since pip enforces it despite --no-deps and
    # Colab will move on; what was tested is said by the classifiers.
    minors = [int(minor) for line in found.get_all("Classifier", []) for minor in _MINOR(line)]
    python = f">=3.{min(minors)},<3.{max(minors) + 1}" if minors else ""
    return python, metadata.requires(DISTRIBUTION) or []


def versions() -> dict[str, str]:
    """Return Python's version and that of every library the workshop stands on.

    Libraries that are not installed are left out; see :func:`missing`.
    """
    found = {"python": platform.python_version()}
    for library in tested_ranges() or SHOWN:
        version = installed(library)
        if library != "python" and version is not None:
            found[library] = version
    return found


def missing() -> tuple[str, ...]:
    """Return the libraries that the workshop needs and that are not installed."""
    libraries = [library for library in (tested_ranges() or SHOWN) if library != "python"]
    return tuple(library for library in libraries if installed(library) is None)


def warnings_about(
    found: Mapping[str, str] | None = None, ranges: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """Return one plain sentence for each version outside the range it was tested in.

    Args:
        found: Versions by library; those installed here by default.
        ranges: Ranges by library; those of :func:`tested_ranges` by default.
    """
    found = versions() if found is None else found
    ranges = tested_ranges() if ranges is None else ranges
    if not ranges:
        return (
            "The tested versions are not known here, because the package is not installed; "
            "nothing was compared.",
        )
    return tuple(
        f"{SHOWN.get(library, library)} {version} is outside the versions the workshop was "
        f"run with ({ranges[library]}); most things will work, but results may differ."
        for library, version in found.items()
        if library in ranges and not _inside(version, ranges[library])
    )


def _inside(version: str, allowed: str) -> bool:
    """Say whether a version lies in a range; a version that cannot be read does not."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet
    from packaging.version import InvalidVersion

    try:
        return SpecifierSet(allowed).contains(version, prereleases=True)
    except (InvalidSpecifier, InvalidVersion):
        return False
