"""Which versions are installed, and whether the workshop was run with such versions.

The ranges stand once, in ``pyproject.toml``, and are read from the metadata of the
installed package.
"""

from __future__ import annotations

import platform
import re
from collections.abc import Mapping
from importlib import metadata

DISTRIBUTION = "lstm-workshop"
_MINOR = re.compile(r"^Programming Language :: Python :: 3\.(\d+)$").findall
# The same library, published under another name for some machines.
_OTHER_NAMES = {"tensorflow": ("tensorflow-cpu", "tensorflow-macos", "tf-nightly")}
SHOWN = {"tensorflow": "TensorFlow", "keras": "Keras", "numpy": "NumPy"}


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
    try:
        about = metadata.metadata(DISTRIBUTION)
    except metadata.PackageNotFoundError:
        return {}
    from packaging.requirements import Requirement  # comes with the package

    # No upper bound stands in requires-python, since pip enforces it despite --no-deps and
    # Colab will move on; what was tested is said by the classifiers.
    minors = [int(minor) for line in about.get_all("Classifier", []) for minor in _MINOR(line)]
    ranges = {"python": f">=3.{min(minors)},<3.{max(minors) + 1}"} if minors else {}
    for requirement in map(Requirement, metadata.requires(DISTRIBUTION) or ()):
        # What an extra asks for does not count here.
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            # The lower bound first; metadata does not keep the order it was written in.
            bounds = sorted(map(str, requirement.specifier), reverse=True)
            ranges[requirement.name.lower()] = ",".join(bounds)
    return ranges


def versions() -> dict[str, str]:
    """Return Python's version and that of every library the workshop stands on.

    Libraries that are not installed are left out; see :func:`missing`.
    """
    by_name = {"python": platform.python_version()}
    for library in tested_ranges() or SHOWN:
        version = installed(library)
        if library != "python" and version is not None:
            by_name[library] = version
    return by_name


def missing() -> tuple[str, ...]:
    """Return the libraries that the workshop needs and that are not installed."""
    by_name = versions()
    return tuple(library for library in tested_ranges() or SHOWN if library not in by_name)


def warnings_about(by_name: Mapping[str, str]) -> tuple[str, ...]:
    """Return one plain sentence for each version outside the range it was tested in.

    Args:
        by_name: Versions by library, as :func:`versions` returns them.
    """
    ranges = tested_ranges()
    if not ranges:
        return (
            "The tested versions are not known here, because the package is not installed; "
            "nothing was compared.",
        )
    from packaging.specifiers import SpecifierSet

    return tuple(
        f"{SHOWN.get(library, library)} {version} is outside the versions the workshop was "
        f"run with ({ranges[library]}); most things will work, but results may differ."
        for library, version in by_name.items()
        if library in ranges
        and not SpecifierSet(ranges[library]).contains(version, prereleases=True)
    )
