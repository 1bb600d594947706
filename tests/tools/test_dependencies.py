"""pyproject.toml is the source; every other file that names packages says the same."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

pytestmark = pytest.mark.quick
ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def same(one, other):
    return sorted(map(str, map(Requirement, one))) == sorted(map(str, map(Requirement, other)))


def locked():
    """Map each locked package's name to its versions (several where markers differ)."""
    versions = {}
    for name, version in re.findall(r"^([a-z0-9.\-]+)==([^\s;]+)", LOCK, flags=re.MULTILINE):
        versions.setdefault(name, []).append(Version(version))
    return versions


def conda():
    return yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))


def test_conda_installs_the_dependencies_and_the_lab_extra():
    assert conda()["name"] == "lstm-workshop"
    pip = conda()["dependencies"][-1]["pip"]
    assert pip[-2:] == ["-e .", "-e ./workshop_tools"]
    assert same(pip[:-2], PROJECT["dependencies"] + EXTRAS["lab"])


def test_every_file_asks_for_a_python_inside_the_range():
    tools = (ROOT / "workshop_tools/pyproject.toml").read_text(encoding="utf-8")
    assert tomllib.loads(tools)["project"]["requires-python"] == PROJECT["requires-python"]
    (python,) = (d for d in conda()["dependencies"] if str(d).startswith("python"))
    pinned = Version(python.removeprefix("python="))
    assert pinned in SpecifierSet(PROJECT["requires-python"])
    container = (ROOT / ".devcontainer/devcontainer.json").read_text(encoding="utf-8")
    (image,) = re.findall(r"devcontainers/python:([\d.]+)", container)
    assert Version(image) in SpecifierSet(PROJECT["requires-python"])
    # An upper bound would be enforced by pip, in Colab too.
    assert "<" not in PROJECT["requires-python"]


def test_colab_needs_exactly_the_dependencies():
    lines = (ROOT / "colab/requirements.txt").read_text(encoding="utf-8").splitlines()
    assert same([line for line in lines if line and line[0] != "#"], PROJECT["dependencies"])


# What only comparisons need is installed by those who want it.
OUTSIDE_THE_LOCK = {"compare"}


@pytest.mark.parametrize("group", ["dependencies", *sorted(EXTRAS.keys() - OUTSIDE_THE_LOCK)])
def test_the_lock_lies_inside_the_ranges(group):
    wanted = PROJECT["dependencies"] if group == "dependencies" else EXTRAS[group]
    for requirement in map(Requirement, wanted):
        versions = locked()[canonicalize_name(requirement.name)]
        assert all(version in requirement.specifier for version in versions), requirement


def test_the_lock_is_hashed_and_names_no_address():
    assert "://" not in LOCK
    blocks = re.split(r"\n(?=[a-z])", LOCK)
    assert all("--hash=sha256:" in block for block in blocks)


def test_the_lock_holds_no_torch():
    assert "torch" not in locked()


def test_the_package_says_the_same_version():
    import workshop_utils

    assert workshop_utils.__version__ == PROJECT["version"]
