"""The pages that show the package's docstrings: one for each room, and their list.

Only the names of rooms and modules are read here; Sphinx reads the docstrings.
"""

import ast
from pathlib import Path, PurePosixPath

PACKAGE = "workshop_utils"
#: The machinery of the course is for those who change it; they read its files.
LEFT_OUT = frozenset({"course"})
_MEMBERS = "   :members:\n   :member-order: bysource\n"


def rooms(root: Path) -> tuple[str, ...]:
    """Return the names of the public rooms of the package, in the order of the alphabet."""
    return tuple(sorted(set(_modules(root / PACKAGE)) - LEFT_OUT))


def api_pages(root: Path) -> dict[PurePosixPath, str]:
    """Return the reference, reStructuredText by path.

    Args:
        root: The folder of the repository.
    """
    names = rooms(root)
    pages = {PurePosixPath("api", f"{name}.rst"): _room_page(root, name) for name in names}
    return {PurePosixPath("api/index.rst"): _list_page(root, names), **pages}


def _list_page(root: Path, names: tuple[str, ...]) -> str:
    rows = "".join(
        f"   * - :doc:`{name} <{name}>`\n     - {_summary(_file(root, name))}\n" for name in names
    )
    toctree = "".join(f"   {name} <{name}>\n" for name in names)
    return (
        f"{_title('API reference')}"
        f"The package ``{PACKAGE}``, room by room. Import a room by its name, as in\n"
        f"``from {PACKAGE} import cells``.\n\n"
        ".. list-table::\n   :header-rows: 1\n   :widths: 20 80\n\n"
        f"   * - Room\n     - What it is for\n{rows}\n"
        f".. toctree::\n   :hidden:\n\n{toctree}"
    )


def _room_page(root: Path, name: str) -> str:
    file = _file(root, name)
    module = f"{PACKAGE}.{name}"
    title = _title(module)
    if file.name != "__init__.py" or _exports(file):
        # What a package exports is documented there, and not where it is written. What a
        # module passes on from another room is documented in that room alone.
        which = "imported-members" if file.name == "__init__.py" else "ignore-module-all"
        return f"{title}.. automodule:: {module}\n{_MEMBERS}   :{which}:\n"
    parts = [f"{title}.. automodule:: {module}\n"]
    for part in _modules(file.parent):
        parts.append(f"{_title(part, '-')}.. automodule:: {module}.{part}\n{_MEMBERS}")
    return "\n".join(parts)


def _title(text: str, line: str = "=") -> str:
    return f"{text}\n{line * len(text)}\n\n"


def _modules(folder: Path) -> list[str]:
    """Return the names of the public modules and packages in a folder."""
    found = [path.stem for path in folder.glob("*.py")]
    found += [path.parent.name for path in folder.glob("*/__init__.py")]
    return sorted(name for name in found if not name.startswith("_"))


def _file(root: Path, name: str) -> Path:
    folder = root / PACKAGE / name
    return folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")


def _exports(file: Path) -> bool:
    """Whether a module says with ``__all__`` what it exports."""
    return any(
        isinstance(target, ast.Name) and target.id == "__all__"
        for statement in _tree(file).body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
    )


def _summary(file: Path) -> str:
    docstring = ast.get_docstring(_tree(file)) or ""
    return " ".join(docstring.partition("\n\n")[0].split())


def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))
