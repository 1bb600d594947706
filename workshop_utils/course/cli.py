"""The command ``workshop``: thin; each command imports what it needs when it is called."""

import sys

from workshop_utils.course import commands_everyone, commands_instructor
from workshop_utils.course.command import app

__all__ = ["app", "commands_everyone", "commands_instructor", "main"]


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        # A console with a small character set must not stop a command at a tick.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    app()
