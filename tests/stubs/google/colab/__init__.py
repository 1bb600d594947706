"""A stand-in for Colab's own package: the same names and exceptions, none of Google's code.

``COLAB_STUB_DRIVE`` chooses how mounting ends: granted (the default), spaced
(the folder is called "My Drive"), denied, headless, timeout, policy, nothing.
"""


def load_ipython_extension(shell):
    """Do nothing: Colab's kernel loads its package as an extension."""
