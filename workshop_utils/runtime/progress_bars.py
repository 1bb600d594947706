"""Progress bars that leave nothing behind, neither on the screen nor in a stored notebook."""

from typing import Any

_WIDGET = "application/vnd.jupyter.widget-view+json"


def progress_bar(iterable: Any = None, **settings: Any) -> Any:
    """Return a bar of tqdm, in a notebook or a terminal, that is gone when it ends.

    In a notebook tqdm also displays its text at 0 %, which a stored notebook keeps. So only
    the widget is displayed here.

    Args:
        iterable: What the bar goes through; None: it moves by ``update``.
        **settings: Of ``tqdm.tqdm``, such as ``total``, ``desc`` and ``disable``; with ``delay``
            nothing is seen of a bar that ends within so many seconds.
    """
    from tqdm.auto import tqdm
    from tqdm.notebook import tqdm_notebook

    if not issubclass(tqdm, tqdm_notebook):
        return tqdm(iterable, leave=False, **settings)
    from IPython.display import display

    bar: Any = tqdm(iterable, leave=False, display=False, **settings)
    if not bar.disable:
        view = {"version_major": 2, "version_minor": 0, "model_id": bar.container.model_id}
        display({_WIDGET: view}, raw=True)
    return bar
