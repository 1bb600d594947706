"""The sentence reader for a classifier: what it shows, and what a stored notebook keeps."""

import pytest
import small_classifier

from workshop_tools import outputs
from workshop_utils.learning import widgets
from workshop_utils.sentiment.classifier import SentimentClassifier


def test_a_stored_notebook_keeps_no_weight_and_no_vocabulary(monkeypatch, tmp_path):
    pytest.importorskip("IPython")
    shown = []
    monkeypatch.setattr("IPython.get_ipython", lambda: object())
    monkeypatch.setattr(
        "IPython.display.display", lambda data, metadata=None, raw=False: shown.append(data)
    )
    path = tmp_path / "small.keras"
    path.write_bytes(small_classifier.saved())
    widgets.read_sentence(SentimentClassifier.load(path), "a great night")
    page = {"output_type": "display_data", "metadata": {}, "data": shown[-1]}
    assert '"embedding"' in page["data"]["text/html"]
    (kept,) = outputs.normalised([page])
    assert '"embedding"' not in kept["data"]["text/html"]
    assert "great" in kept["data"]["text/html"]  # the first text, which the learner sees
