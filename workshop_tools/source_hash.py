"""What the outputs of a notebook depend on: its code, the modules it uses, the libraries' versions.

The build runs a notebook again only when one of these has changed. The modules
are found by reading import statements, from the notebook's cells downwards.
"""

import ast
import hashlib
import re
from importlib.metadata import version
from pathlib import Path

from workshop_tools.editions import Notebook, code_cells, sources

PACKAGE = "workshop_utils"
_LIBRARIES = (
    *("ipython", "ipywidgets", "keras", "matplotlib"),
    *("numpy", "pandas", "scikit-learn", "tensorflow"),
)


def modules_used(notebook: Notebook, root: Path) -> dict[str, Path]:
    """Return the modules of the package that a notebook imports, directly or through others.

    Args:
        notebook: The notebook; lines of its code cells that are not Python are left out.
        root: The folder that holds the package.

    Returns:
        Files by dotted names, for example ``workshop_utils.cells``.
    """
    waiting = [name for cell in code_cells(notebook) for name in _imported(cell["source"])]
    found: dict[str, Path] = {}
    while waiting:
        name = waiting.pop()
        folder = root.joinpath(*name.split("."))
        path = folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")
        if name not in found and path.is_file():
            found[name] = path
            text = path.read_text(encoding="utf-8")
            waiting += _imported(text)
            waiting.append(name.rpartition(".")[0])
            if "__getattr__" in text:  # its parts are loaded by name
                waiting += [f"{name}.{path.stem}" for path in folder.glob("[!_]*.py")]
    return found


def _imported(source: str) -> set[str]:
    """Return what a text imports of us; a cell that cannot be parsed fails when it runs."""
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
    return {name for name in names if name.split(".")[0] == PACKAGE}


def digest(notebook: Notebook, root: Path) -> str:
    """Return a SHA-256 in hexadecimal digits of all that the outputs of a notebook depend on.

    Args:
        notebook: The notebook, executed or not.
        root: The folder of the repository.
    """
    parts = [source.encode() for source in sources(notebook)]
    # Beside the modules, what the package carries; every notebook may read it.
    data = (path for path in (root / PACKAGE).rglob("*.*") if path.suffix not in (".py", ".pyc"))
    files = {*modules_used(notebook, root).values(), *data}
    parts += [path.read_bytes() for path in sorted(files) if path.is_file()]
    parts += [f"{name} {version(name)}".encode() for name in _LIBRARIES]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()
