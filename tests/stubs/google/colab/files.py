"""Download and upload through the browser.

``COLAB_STUB_UPLOAD`` is the path of the file that the learner chooses; without it
nobody sits at a browser.
"""

import os
import pathlib

from google.colab import _asked

CALLS = []


def download(filename):
    """Note the call; a missing file is an error. Without a browser nothing else happens."""
    _asked.note("files.download")
    if not os.path.exists(filename):  # noqa: PTH110
        raise FileNotFoundError(f"Cannot find file: {filename}")
    CALLS.append(filename)


def upload(target_dir=""):
    """Save the chosen file in the working folder, beside an older one of its name."""
    _asked.note("files.upload")
    chosen = os.environ.get("COLAB_STUB_UPLOAD")
    if not chosen:
        raise AssertionError("files.upload() never returns without a front end")
    source = pathlib.Path(chosen)
    target = pathlib.Path(source.name)
    count = 0
    while target.exists():
        count += 1
        target = pathlib.Path(f"{source.stem} ({count}){source.suffix}")
    target.write_bytes(source.read_bytes())
    print(f"Saving {source.name} to {target}")
    return {source.name: source.read_bytes()}
