"""The stand-in of google.colab offers what Google publishes, and fails in the same ways."""

import importlib
import inspect
import os
import sys
import tomllib
from pathlib import Path

import pytest

STUBS = Path(__file__).parents[1] / "stubs"
FACTS = tomllib.loads((STUBS / "colab_surface.toml").read_text(encoding="utf-8"))


@pytest.fixture
def colab(monkeypatch):
    monkeypatch.syspath_prepend(str(STUBS))

    def find(name):
        module, _, attribute = name.rpartition(".")
        return getattr(importlib.import_module(f"google.colab.{module}"), attribute)

    yield find
    for name in [name for name in sys.modules if name.startswith("google.colab")]:
        del sys.modules[name]


@pytest.mark.parametrize("name", FACTS["functions"])
def test_a_function_takes_what_googles_takes(colab, name):
    assert list(inspect.signature(colab(name)).parameters) == FACTS["functions"][name]


@pytest.mark.parametrize("name", FACTS["bases"])
def test_a_class_is_what_googles_is(colab, name):
    (base,) = colab(name).__bases__
    said = FACTS["bases"][name]
    assert said in (base.__name__, f"{base.__module__}.{base.__name__}")


OUTCOMES = ("headless", "denied", "timeout", "vscode", "unprepared", "hanging", "policy")


def test_mounting_fails_in_the_ways_that_googles_code_fails(colab, monkeypatch, tmp_path):
    raised = set()
    for outcome in OUTCOMES:
        monkeypatch.setitem(os.environ, "COLAB_STUB_DRIVE", outcome)
        with pytest.raises(Exception) as caught:  # noqa: PT011 - which one is the question
            colab("drive.mount")(str(tmp_path))
        raised.add(caught.type.__name__)
    wanted = {name.rpartition(".")[2] for name in FACTS["raises"]["drive.mount"]}
    assert wanted <= raised
