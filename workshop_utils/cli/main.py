"""The command ``workshop``: thin; each command imports what it needs when it is called."""

import io
import sys
from importlib.metadata import entry_points

from workshop_utils.cli import commands
from workshop_utils.cli.app import app

__all__ = ["app", "commands", "main"]

GROUP = "workshop.commands"
"""The entry points whose modules add commands of their own; the makers' tools do."""

MAKERS = {"build", "class", "colab-check", "experiment", "lint", "run", "site", "slides"}
MAKERS |= {"validate", "wheel"}
"""The commands of the makers' tools, which are not part of what Colab installs."""


def add_commands() -> None:
    """Load the commands that other installed packages add through their entry points."""
    for entry_point in entry_points(group=GROUP):
        entry_point.load()


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A console with a small character set must not stop a command at a tick.
            stream.reconfigure(errors="replace")
    add_commands()
    asked = next((word for word in sys.argv[1:] if not word.startswith("-")), None)
    if asked in MAKERS and not entry_points(group=GROUP):
        print(
            f"✗ `workshop {asked}` belongs to the makers' tools: clone the repository and call "
            "`make setup` there.",
            file=sys.stderr,
        )
        raise SystemExit(2)
    app()
