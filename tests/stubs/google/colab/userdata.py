"""Secrets of the learner: there are none."""

from google.colab import _asked, errors


class SecretNotFoundError(errors.Error):
    """There is no such secret."""


class NotebookAccessError(Exception):
    """This notebook may not read the secret."""


class TimeoutException(errors.Error):
    """Nobody answered."""


def get(key):
    """Find no secret."""
    _asked.note("userdata.get")
    raise SecretNotFoundError(f"Secret {key} does not exist.")
