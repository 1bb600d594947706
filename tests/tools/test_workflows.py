"""The workflows for GitHub Actions: never run here, so what they may hold is held here."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
# Looked up in the actions' own repositories on 2026-11-27.
PINNED = {
    "actions/checkout": "3d3c42e5aac5ba805825da76410c181273ba90b1",
    "actions/setup-python": "5fda3b95a4ea91299a34e894583c3862153e4b97",
    "actions/upload-pages-artifact": "fc324d3547104276b827a68afc52ff2a11cc49c9",
    "actions/deploy-pages": "cd2ce8fcbc39b97be8ca5fce6e763baed58fa128",
}


def steps(workflow):
    for job in workflow["jobs"].values():
        for step in job["steps"]:
            yield job, step


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_calls_make_targets_and_pinned_actions_only(path):
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# Never run here")
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {"contents": "read"}
    targets = set(re.findall(r"^([a-z-]+)(?: [a-z-]+)*:", (ROOT / "Makefile").read_text(), re.M))
    for job, step in steps(workflow):
        if "uses" in step:
            action, _, commit = step["uses"].partition("@")
            assert PINNED[action] == commit
            continue
        if step["run"].startswith("gh issue "):  # GitHub's own command, which no make target wraps
            assert job["permissions"] == {"contents": "read", "issues": "write"}
            continue
        called = re.fullmatch(
            r"make ([a-z-]+|\$\{\{ matrix\.target \}\})(?: [A-Z]+=\S+)?", step["run"]
        )
        assert called, step["run"]
        named = job["strategy"]["matrix"]["target"] if "matrix" in called[1] else [called[1]]
        assert set(named) <= targets
