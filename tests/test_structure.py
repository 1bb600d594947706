"""The house rules that hold for every module: arrows point down, modules stay small and cheap."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "workshop_utils"
FLOORS = [
    {
        "accelerator",
        "checks",
        "drive",
        "folders",
        "ledger",
        "platforms",
        "progress",
        "quiet",
        "runtime",
        "storage",
        "versions",
    },
    {
        "cells",
        "gradients",
        "initialisers",
        "prepared",
        "pronouns",
        "tasks",
        "text",
        "tweets",
        "twin",
    },
    {
        "artifact",
        "baselines",
        "calibration",
        "characters",
        "classifier",
        "cluster",
        "evaluation",
        "explain",
        "fused",
        "models",
        "repeated",
        "scoring",
        "serving",
        "readers",
        "studies",
        "training",
        "variants",
        "vectoriser",
        "weights",
        "witness",
    },
    {"figures", "widgets"},
    {"course", "exercises", "quizzes"},
]
MODULES = sorted(PACKAGE.rglob("*.py"))
HEAVY = {"tensorflow", "keras"}


def name_of(path):
    return str(path.relative_to(PACKAGE))


def room(path):
    """The module's place on the floor plan: its first folder, or its own name."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def floor(room_name):
    return next((n for n, rooms in enumerate(FLOORS) if room_name in rooms), None)


def imports(tree):
    """Yield (module, imported names) for every import statement, those inside functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, []
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "", [alias.name for alias in node.names]


def rooms_used(tree):
    for module, names in imports(tree):
        if module == "workshop_utils":
            yield from (name for name in names if name not in {"__version__", "start"})
        elif module.startswith("workshop_utils."):
            yield module.split(".")[1]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_arrows_point_down(path):
    here = room(path)
    if here == "__init__":
        return
    assert floor(here) is not None, f"{here} has no floor: give it one in this test"
    for used in rooms_used(ast.parse(path.read_text(encoding="utf-8"))):
        assert floor(used) is not None, f"{used} has no floor"
        assert floor(used) <= floor(here), f"{here} imports {used}, which lies above it"


def test_the_drawings_load_no_data_and_train_nothing():
    for path in (PACKAGE / "figures").glob("*.py"):
        used = set(rooms_used(ast.parse(path.read_text(encoding="utf-8"))))
        assert all(floor(name) in {0, 3} for name in used), f"{path.name} imports {used}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_modules_stay_under_300_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_module_imports_tensorflow_at_its_top(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    top = ast.Module([node for node in tree.body if not isinstance(node, ast.FunctionDef)], [])
    tops = [n for n in top.body if isinstance(n, ast.Import | ast.ImportFrom)]
    names = {name.split(".")[0] for name, _ in imports(ast.Module(tops, []))}
    assert not names & HEAVY


def test_importing_the_package_is_quick_and_loads_no_tensorflow():
    # Processor time, so that a busy machine does not count; on an idle one it is the
    # same. The best of three, since the first may read the files from a cold disk.
    code = (
        "import sys, time; t = time.process_time(); import workshop_utils; "
        "print(time.process_time() - t, 'tensorflow' in sys.modules, 'keras' in sys.modules)"
    )
    runs = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        for _ in range(3)
    ]
    answers = [run.stdout.split() for run in runs]
    assert min(float(seconds) for seconds, *_ in answers) < 0.3
    assert all(loaded == ["False", "False"] for _, *loaded in answers)
