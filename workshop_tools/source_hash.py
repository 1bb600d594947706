"""What the outputs of a notebook depend on: its code, the modules it uses, the libraries' versions.

The build runs a notebook again only when one of these has changed. The modules
are found by reading import statements, from the notebook's cells downwards.
"""

import ast
import hashlib
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from workshop_tools.editions import Notebook, code_cells, sources

PACKAGE = "workshop_utils"
_LIBRARIES = (
    *("ipython", "ipywidgets", "keras", "matplotlib"),
    *("numpy", "pandas", "scikit-learn", "tensorflow"),
)


def modules_used(notebook: Notebook, root: Path) -> set[str]:
    """Return the modules of the package that a notebook imports, directly or through others.

    Args:
        notebook: The notebook; lines of its code cells that are not Python are left out.
        root: The folder that holds the package.

    Returns:
        Dotted names, for example ``workshop_utils.cells``.
    """
    waiting = [name for cell in code_cells(notebook) for name in _imported(cell["source"], root)]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            text = _file(name, root).read_text(encoding="utf-8")
            waiting += _imported(text, root)
            waiting += [parent for parent in [name.rpartition(".")[0]] if parent]
            if "__getattr__" in text:  # its parts are loaded by name
                waiting += [f"{name}.{path.stem}" for path in _folder(name, root).glob("[!_]*.py")]
    return found


def _imported(source: str, root: Path) -> set[str]:
    """Return what a text imports; a cell that cannot be parsed fails when it runs."""
    plain = re.sub(r"^(\s*)[%!].*$", r"\1pass", source, flags=re.MULTILINE)
    try:
        nodes = list(ast.walk(ast.parse(plain)))
    except SyntaxError:
        return set()
    names: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    ours = {name for name in names if name.split(".")[0] == PACKAGE}
    return {name for name in ours if _file(name, root).is_file()}


def _folder(name: str, root: Path) -> Path:
    return root.joinpath(*name.split("."))


def digest(notebook: Notebook, root: Path) -> str:
    """Return one number for everything that the outputs of a notebook depend on.

    Args:
        notebook: The notebook, executed or not.
        root: The folder of the repository.

    Returns:
        A SHA-256 in hexadecimal digits.
    """
    parts = [source.encode() for source in sources(notebook)]
    parts += [_file(name, root).read_bytes() for name in sorted(modules_used(notebook, root))]
    # What the package carries beside code; every notebook may read it.
    data = [path for path in (root / PACKAGE).rglob("*.*") if path.suffix not in (".py", ".pyc")]
    parts += [path.read_bytes() for path in sorted(data) if path.is_file()]
    parts += [f"{name} {_version(name)}".encode() for name in _LIBRARIES]
    whole = hashlib.sha256()
    for part in parts:
        whole.update(hashlib.sha256(part).digest())
    return whole.hexdigest()


def _file(name: str, root: Path) -> Path:
    place = _folder(name, root)
    return place / "__init__.py" if place.is_dir() else place.with_suffix(".py")


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"
