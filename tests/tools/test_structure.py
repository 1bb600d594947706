"""The house rules for Python files, which stay small, and for the package, cheap to import."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.quick
ROOT = Path(__file__).resolve().parents[2]


def python_files(*folders):
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


MODULES = python_files("workshop_utils", "workshop_tools")
OTHERS = python_files("benchmarks", "docs", "scripts", "tests")
HEAVY = {"tensorflow", "keras"}


def name_of(path):
    return str(path.relative_to(ROOT))


def imports(tree):
    """Yield (module, imported names) for every import statement, those inside functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, []
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "", [alias.name for alias in node.names]


# Tables of answers are data.
CODE = [path for path in MODULES + OTHERS if path.parent.name != "answers"]


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_modules_stay_under_300_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_each_assignment_has_a_line_of_its_own_but_a_swap(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple):
            (target, *_) = node.targets
            parts = {ast.unparse(each) for each in getattr(target, "elts", ())}
            swapped = parts == {ast.unparse(each) for each in node.value.elts}
            assert not isinstance(target, ast.Tuple) or swapped, f"line {node.lineno}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_module_imports_tensorflow_at_its_top(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    top = ast.Module([node for node in tree.body if not isinstance(node, ast.FunctionDef)], [])
    tops = [n for n in top.body if isinstance(n, ast.Import | ast.ImportFrom)]
    names = {name.split(".")[0] for name, _ in imports(ast.Module(tops, []))}
    assert not names & HEAVY


def test_importing_the_package_loads_no_tensorflow():
    code = "import sys, workshop_utils; print({'tensorflow', 'keras'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize(
    "page",
    [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("colab/*.md")],
    ids=lambda path: path.name,
)
def test_links_between_pages_lead_to_a_file_and_a_heading(page):
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        name, _, anchor = target.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        path = (page.parent / name) if name else page
        assert path.exists(), target
        if anchor and path.suffix == ".md":
            headings = re.findall(r"^#+ +(.+?)\s*$", path.read_text(encoding="utf-8"), re.M)
            slugs = {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}
            assert anchor in slugs, target
