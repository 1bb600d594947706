"""Secrets of the learner."""


class SecretNotFoundError(Exception):
    """There is no such secret."""


class NotebookAccessError(Exception):
    """This notebook may not read the secret."""


class TimeoutException(Exception):  # noqa: N818 - the name in Colab
    """Nobody answered."""


def get(key):
    """Find no secret."""
    raise SecretNotFoundError(f"Secret {key} does not exist.")
