"""What a learner does with each widget, in a real kernel and with the ipywidgets that is there.

A script for two readers: `workshop colab-check` runs each part as a cell under
Colab's ipywidgets 7, and a test runs the same cells in the project's own
environment. Each part finds its widget by the id that its output carries, as a page
does, and sends it what a page would send.
"""

# %% How to find a widget
from contextlib import contextmanager

import ipywidgets
from IPython import get_ipython
from tqdm.auto import tqdm

from workshop_utils.learning import quizzes

VIEW = "application/vnd.jupyter.widget-view+json"


@contextmanager
def messages():
    """Collect the messages that go to the page: kinds, and the data that is shown."""
    publisher = get_ipython().display_pub
    sent = []

    def keep(message):
        sent.append((message["header"]["msg_type"], message["content"].get("data", {})))
        return message

    publisher.register_hook(keep)
    try:
        yield sent
    finally:
        publisher.unregister_hook(keep)


def shown(call, *arguments):
    """Return the widget that a call shows, and the output that it stands in."""
    with messages() as sent:
        call(*arguments)
    (bundle,) = (data for _, data in sent if VIEW in data)
    module = ipywidgets.widgets.widget
    # ipywidgets 8 keeps its widgets in the module, 7 in the class.
    known = module._instances if hasattr(module, "_instances") else module.Widget.widgets
    return known[bundle[VIEW]["model_id"]], bundle


def inside(widget):
    """Return a widget and everything in it."""
    children = getattr(widget, "children", ())
    return [widget, *(part for child in children for part in inside(child))]


def of_kind(widget, kind):
    """Return the widgets of a kind in a widget."""
    return [part for part in inside(widget) if isinstance(part, kind)]


def page(widget):
    """Return all text that a widget shows as HTML."""
    return " ".join(part.value for part in of_kind(widget, ipywidgets.HTML))


# %% The quiz explains each choice and counts
quiz, bundle = shown(quizzes.show, "gate_walkthrough")
questions = quizzes.load("gate_walkthrough")
assert f"Right so far: 0 of {len(questions)} questions." in page(quiz)
for button in of_kind(quiz, ipywidgets.Button):
    # What a page sends for a click.
    button._handle_button_msg(button, {"event": "click"}, [])
assert f"Right so far: {len(questions)} of {len(questions)} questions. That is all" in page(quiz)
assert "<details" in bundle["text/html"]

# %% The bar of a training is a widget
with messages() as sent, tqdm(total=3, desc="epoch 1/1") as bar:
    bar.update(3)
assert any(VIEW in data for _, data in sent), "tqdm.auto makes no widget"
print("Every widget answers, with ipywidgets", ipywidgets.__version__)
