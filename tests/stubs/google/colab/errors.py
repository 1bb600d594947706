"""Errors that Colab's package raises."""


class Error(Exception):
    """Base of all of them."""
