"""The sentence reader for a classifier: what it shows, and what a stored notebook keeps."""

import sys
from types import SimpleNamespace

import pytest

from workshop_tools import outputs
from workshop_utils.learning import widgets

PAGE = {"threshold": 0.5, "arrays": {"embedding": "AAAA"}, "vocabulary": "\n[UNK]\nzebra"}
READING = {
    "text": "a great night",
    "words": ["a", "great", "night"],
    "known": [True, True, True],
    "positive": [0.3, 0.6, 0.7],
    "pushes": [-0.1, 0.5, 0.2],
    "gates": {gate: [0.5, 0.5, 0.5] for gate in ("forget", "input", "output")},
    "label": "positive",
    "notes": [],
}


def test_a_stored_notebook_keeps_no_weight_and_no_vocabulary(monkeypatch):
    pytest.importorskip("IPython")
    shown = []
    monkeypatch.setattr("IPython.get_ipython", object)
    monkeypatch.setattr(
        "IPython.display.display", lambda data, metadata=None, raw=False: shown.append(data)
    )
    export = SimpleNamespace(
        for_page=lambda _: PAGE, reading=lambda *_: READING, rounded=lambda same: same
    )
    monkeypatch.setattr(sys.modules[widgets.read_sentence.__module__], "page_export", export)
    widgets.read_sentence(None, "a great night")
    page = {"output_type": "display_data", "metadata": {}, "data": shown[-1]}
    assert "AAAA" in page["data"]["text/html"]
    (kept,) = outputs.normalised([page])
    for part in ("AAAA", "zebra"):
        assert part not in kept["data"]["text/html"]
    assert "a great night" in kept["data"]["text/html"]  # the first text is shown at once
