"""A stand-in for Colab's own package: the same names and exceptions, none of Google's code.

``COLAB_STUB_DRIVE`` chooses how mounting ends: granted (the default), spaced
(the folder is called "My Drive"), denied, headless, timeout, policy, nothing, vscode,
stopped.
"""


def load_ipython_extension(shell):
    """Colab's kernel loads its package as an extension: its display hooks come with it."""
    from google.colab import _reprs

    _reprs.enable(shell)
