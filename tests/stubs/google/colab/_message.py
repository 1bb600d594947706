"""Errors of the talk between the kernel and the page."""

from google.colab import errors


class MessageError(errors.Error):
    """The page answered with an error."""
