"""The picture that grows with a training: one display, replaced each epoch, silent elsewhere."""

import sys
from types import SimpleNamespace

import pytest

from workshop_utils import figures
from workshop_utils.figures.live import LiveCurves


@pytest.fixture
def shown(monkeypatch):
    """A notebook's kernel that keeps what it is asked to display."""
    display = pytest.importorskip("IPython.display")
    calls = []

    def keep(picture, **options):
        calls.append(("new", picture, options))
        return SimpleNamespace(
            update=lambda picture, **options: calls.append(("again", picture, options))
        )

    monkeypatch.setattr(display, "display", keep)
    monkeypatch.setattr(sys.modules["IPython"], "get_ipython", lambda: SimpleNamespace(kernel=1))
    return calls


def test_each_epoch_replaces_the_picture(shown):
    curves = LiveCurves("The network")
    curves({"loss": [0.5], "val_loss": [0.6]})
    curves({"loss": [0.5, 0.3], "val_loss": [0.6, 0.4]})
    assert [what for what, _, _ in shown] == ["new", "again"]
    alts = [options["metadata"]["image/png"]["alt"] for _, _, options in shown]
    assert alts[0].startswith("The network over 1 epoch")
    assert alts[1].startswith("The network over 2 epochs")
    assert all(picture["image/png"] for _, picture, _ in shown)


@pytest.mark.parametrize("shell", [None, SimpleNamespace()], ids=["a program", "a terminal"])
def test_nothing_is_drawn_where_nothing_can_be_shown(shown, monkeypatch, shell):
    monkeypatch.setattr(sys.modules["IPython"], "get_ipython", lambda: shell)
    LiveCurves()({"loss": [0.5]})
    assert shown == []
    assert figures.learning_curves({"loss": [0.5]}).alt
