"""Download and upload through the browser."""

import os


def download(path):
    """Do nothing, as without a browser; a missing file is an error there too."""
    if not os.path.exists(path):  # noqa: PTH110
        raise FileNotFoundError(f"Cannot find file: {path}")


def upload():
    """Refuse: the real one waits for ever where nobody sits at a browser."""
    raise AssertionError("files.upload() never returns without a front end")
