"""Secrets of the learner: there are none."""

from google.colab import _asked


class SecretNotFoundError(Exception):
    """There is no such secret."""


class NotebookAccessError(Exception):
    """This notebook may not read the secret."""


class TimeoutException(Exception):  # noqa: N818 - the name in Colab
    """Nobody answered."""


def get(key):
    """Find no secret."""
    _asked.note("userdata.get")
    raise SecretNotFoundError(f"Secret {key} does not exist.")
