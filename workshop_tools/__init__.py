"""What builds, checks and runs the course: the ``workshop`` command and its parts."""
