"""What Colab shows for some objects instead of what IPython would show."""

import html
import uuid

from IPython.core.formatters import BaseFormatter
from traitlets import ObjectName, Unicode

# The classes say that they live in "pandas" since pandas 3.
FRAME = ("pandas.core.frame", "pandas")
SERIES = ("pandas.core.series", "pandas")
INTRINSIC = "application/vnd.google.colaboratory.intrinsic+json"


class IntrinsicFormatter(BaseFormatter):
    """Tells the page what kind of object an output is."""

    format_type = Unicode(INTRINSIC)
    print_method = ObjectName("_repr_intrinsic_type_")
    _return_type = dict


def _frame_as_html(frame):
    """A table in a container with an id that differs each time, and a button with a script."""
    name = f"df-{uuid.uuid4()}"
    button = f"<button onclick=\"convertToInteractive('{name}')\">Convert</button>"
    return f'<div id="{name}" class="colab-df-container">{frame._repr_html_()}{button}</div>'


def _series_as_html(series):
    """A table of one column, and its type."""
    kind = html.escape(str(series.dtype))
    return f"{series.to_frame()._repr_html_()}<br><label><b>dtype:</b> {kind}</label>"


def enable(shell):
    """Put Colab's hooks in the place of IPython's."""
    formatters = shell.display_formatter.formatters
    intrinsic = IntrinsicFormatter(parent=shell.display_formatter)
    formatters.setdefault(INTRINSIC, intrinsic)
    formatters[INTRINSIC].for_type(str, lambda _: {"type": "string"})
    as_html = formatters["text/html"]
    for module in FRAME:
        formatters[INTRINSIC].for_type_by_name(module, "DataFrame", lambda _: {"type": "dataframe"})
        as_html.for_type_by_name(module, "DataFrame", _frame_as_html)
    for module in SERIES:
        as_html.for_type_by_name(module, "Series", _series_as_html)
    as_html.for_type(type(lambda: None), lambda made: f"<div>{html.escape(made.__name__)}</div>")
