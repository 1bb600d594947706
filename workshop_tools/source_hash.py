"""What the outputs of a notebook depend on: its code, the modules it uses, the libraries' versions.

The build runs a notebook again only when one of these has changed. The modules
are found by reading import statements, from the notebook's cells downwards.
"""

import ast
import contextlib
import hashlib
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from workshop_tools.editions import Notebook, code_cells, sources

PACKAGE = "workshop_utils"
_LIBRARIES = (
    "ipython",
    "ipywidgets",
    "keras",
    "matplotlib",
    "numpy",
    "pandas",
    "scikit-learn",
    "tensorflow",
)


def modules_used(notebook: Notebook, root: Path) -> set[str]:
    """Return the modules of the package that a notebook imports, directly or through others.

    Args:
        notebook: The notebook; lines of its code cells that are not Python are left out.
        root: The folder that holds the package.

    Returns:
        Dotted names, for example ``workshop_utils.cells``.
    """
    waiting: set[str] = set()
    for cell in code_cells(notebook):
        # A cell that cannot be parsed fails when it runs, with a better message.
        with contextlib.suppress(SyntaxError):
            waiting |= _imported(_python_only(cell["source"]), root)
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        waiting |= _imported(_file(name, root).read_text(encoding="utf-8"), root)
        waiting |= _lazy_parts(name, root)
        waiting |= {parent for parent in [name.rpartition(".")[0]] if parent}
    return found


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
    parts += [path.read_bytes() for path in _data_files(root)]
    parts += [f"{name} {_version(name)}".encode() for name in _LIBRARIES]
    whole = hashlib.sha256()
    for part in parts:
        whole.update(hashlib.sha256(part).digest())
    return whole.hexdigest()


def _python_only(source: str) -> str:
    """Return a cell's code with each magic or shell line replaced, so that it can be parsed."""
    return re.sub(r"^(\s*)[%!].*$", r"\1pass", source, flags=re.MULTILINE)


def _imported(code: str, root: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    ours = {name for name in names if name.split(".")[0] == PACKAGE}
    return {name for name in ours if _file(name, root).is_file()}


def _file(name: str, root: Path) -> Path:
    place = root.joinpath(*name.split("."))
    return place / "__init__.py" if place.is_dir() else place.with_suffix(".py")


def _lazy_parts(name: str, root: Path) -> set[str]:
    """Return all modules of a package that loads them by name, where no import can be read."""
    path = _file(name, root)
    if path.name != "__init__.py" or "__getattr__" not in path.read_text(encoding="utf-8"):
        return set()
    return {f"{name}.{part.stem}" for part in path.parent.glob("[!_]*.py")}


def _data_files(root: Path) -> list[Path]:
    """Return what the package carries beside code; every notebook may read it."""
    files = (root / PACKAGE).rglob("*")
    return sorted(
        path
        for path in files
        if path.is_file() and path.suffix not in (".py", ".pyc", ".typed") and _carried(path)
    )


def _carried(path: Path) -> bool:
    return not any(part.startswith((".", "__pycache__")) for part in path.parts[-3:])


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"
