"""Set the workshop up: an environment in .venv from requirements.lock, and the tweets.

Needs nothing but Python 3.11 or newer with its venv module, on any system:

    python scripts/bootstrap.py

A second call finds that nothing has changed and ends at once. The two make
targets call this first; on Windows, where there is no make, call it by hand.
"""

import hashlib
import os
import re
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
STAMP = ENVIRONMENT / "workshop-set-up.txt"
OLDEST = (3, 11)
NEWEST_TRIED = (3, 13)


def why_not(version: tuple[int, ...] = sys.version_info[:2]) -> str | None:
    """Say in one sentence why this Python cannot serve, or None when it can."""
    name = ".".join(map(str, version))
    other = "or name another Python with `make run PYTHON=/path/to/python3.12`."
    if version < OLDEST:
        return (
            f"Python {name} is older than 3.11, the oldest that the workshop runs on: install "
            f"a newer one, {other}"
        )
    try:
        import ensurepip  # noqa: F401  # Debian ships venv without it
    except ImportError:
        return (
            f"Python {name} has no working venv module: on Debian or Ubuntu install it with "
            f"`apt install python{name}-venv`, {other}"
        )
    return None


def python_of(environment: Path) -> Path:
    """Return the path of the environment's own interpreter."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def fingerprint() -> str:
    """Return a hash of what the environment is made of: the lock, the project's own metadata."""
    projects = (ROOT / "pyproject.toml", ROOT / "workshop_tools" / "pyproject.toml")
    return hashlib.sha256(b"".join(path.read_bytes() for path in (LOCK, *projects))).hexdigest()


def is_current() -> bool:
    """Tell whether .venv was completed for this very lock; any Python may have made it."""
    made = STAMP.is_file() and python_of(ENVIRONMENT).exists()
    return made and STAMP.read_text(encoding="utf-8").split()[-1] == fingerprint()


def entry_of(package: str) -> str:
    """Cut one package's lines, hashes included, out of the lock."""
    wanted = rf"^{package}==.*\n(?: +--hash.*\n)+"
    return re.findall(wanted, LOCK.read_text(encoding="utf-8"), flags=re.MULTILINE)[0]


def installer_settings() -> dict[str, str]:
    """Hand the pip settings of a classroom mirror on to uv, which does not read them."""
    settings = dict(os.environ)
    for pip_name, uv_name in (("PIP_INDEX_URL", "UV_DEFAULT_INDEX"), ("PIP_CERT", "SSL_CERT_FILE")):
        if pip_name in settings:
            settings.setdefault(uv_name, settings[pip_name])
    settings.setdefault("UV_HTTP_TIMEOUT", "120")
    return settings


def run(*command: str | Path) -> None:
    """Run one step of the set-up; a failure ends the whole set-up."""
    subprocess.run(command, check=True, cwd=ROOT, env=installer_settings())


def install() -> None:
    """Create .venv and fill it with exactly what the lock names, every hash checked."""
    print("1/3  creating .venv", flush=True)
    venv.create(ENVIRONMENT, clear=True, with_pip=True)
    python = python_of(ENVIRONMENT)
    print("2/3  installing the locked packages (about 3 GB unpacked)", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        only_uv = Path(folder) / "uv.txt"
        only_uv.write_text(entry_of("uv"), encoding="utf-8")
        pip = [python, "-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps"]
        run(*pip, "-r", only_uv)
    uv = [python, "-m", "uv", "pip", "install", "--python", python]
    run(*uv, "--require-hashes", "-r", LOCK)
    run(*uv, "--quiet", "--no-deps", "--editable", ROOT, "--editable", ROOT / "workshop_tools")


def main() -> str | None:
    """Set up, or find that it was done; return None, or what stopped it."""
    if is_current():
        return None
    if problem := why_not():
        return problem
    if sys.version_info[:2] > NEWEST_TRIED:
        print("This Python is newer than those the workshop was tried with (3.11 to 3.13).")
    started = time.monotonic()
    try:
        install()
        STAMP.write_text(fingerprint(), encoding="utf-8")
        print("3/3  looking for the tweets", flush=True)
        # Synthetic ones serve where there are none; a wrong setting does not undo the set-up.
        code = "from workshop_utils import tweets; tweets.load_or_synthetic()"
        subprocess.run([python_of(ENVIRONMENT), "-c", code], check=False, cwd=ROOT)
    except (OSError, subprocess.CalledProcessError) as error:
        return (
            f"The set-up stopped: {error}. Look at the lines above; once the cause is mended, "
            "the same command starts again."
        )
    print(f"The set-up took {time.monotonic() - started:.0f} seconds.", flush=True)
    return None


if __name__ == "__main__":
    sys.exit(main())
