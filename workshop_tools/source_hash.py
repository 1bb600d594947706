"""What the outputs of a notebook depend on: its code, the modules it uses, the libraries' versions.

The build runs a notebook again only when one of these has changed.
"""

import hashlib
import re
from contextlib import suppress
from importlib.metadata import version
from modulefinder import ModuleFinder
from pathlib import Path

from workshop_tools.editions import Notebook, code_cells, sources

_LIBRARIES = (
    *("ipython", "ipywidgets", "keras", "matplotlib"),
    *("numpy", "pandas", "scikit-learn", "tensorflow"),
)


def modules_used(notebook: Notebook, root: Path) -> dict[str, Path]:
    """Return the modules of the package that a notebook imports, directly or through others.

    Returns:
        Files by dotted names, for example ``workshop_utils.cells``.
    """
    finder = ModuleFinder([str(root)])
    for cell in code_cells(notebook):
        plain = re.sub(r"^(\s*)[%!].*$", r"\1pass", cell["source"], flags=re.MULTILINE)
        with suppress(SyntaxError):  # such a cell fails when it runs
            finder.scan_code(compile(plain, "cell", "exec"), finder.add_module("__main__"))
    waiting = list(finder.modules)
    while waiting:
        name = waiting.pop()
        names = set(finder.modules)
        # A package with this function loads its parts by name.
        if "__getattr__" in vars(finder.modules[name])["globalnames"]:
            for path in root.joinpath(*name.split(".")).glob("[!_]*.py"):
                finder.import_hook(f"{name}.{path.stem}")
        waiting += finder.modules.keys() - names
    places = {name: vars(module)["__file__"] for name, module in finder.modules.items()}
    return {name: Path(places[name]) for name in places if name.startswith("workshop_utils")}


def digest(notebook: Notebook, root: Path) -> str:
    """Return a SHA-256 in hexadecimal digits of all that the outputs of a notebook depend on."""
    parts = [source.encode() for source in sources(notebook)]
    # Beside the modules, what the package carries; every notebook may read it.
    carried = (root / "workshop_utils").rglob("*.*")
    files = {path for path in carried if path.suffix not in (".py", ".pyc")}
    files.update(modules_used(notebook, root).values())
    parts += [path.read_bytes() for path in sorted(files) if path.is_file()]
    parts += [f"{name} {version(name)}".encode() for name in _LIBRARIES]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()
