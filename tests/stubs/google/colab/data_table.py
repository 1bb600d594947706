"""Interactive tables: once enabled, each table carries a script with its values too."""

import json

import IPython
from google.colab import _reprs
from IPython.core.formatters import BaseFormatter
from traitlets import ObjectName, Unicode

SCRIPT = "application/vnd.google.colaboratory.module+javascript"


class ScriptFormatter(BaseFormatter):
    """Gives a page's script for an object."""

    format_type = Unicode(SCRIPT)
    print_method = ObjectName("_repr_javascript_module_")


def _script(frame):
    """A call that makes the table; a table with levels, or a large one, stays as it was."""
    if frame.index.nlevels > 1 or frame.columns.nlevels > 1 or frame.shape[1] > 20:
        return None
    whole = frame.reset_index()
    rows = [list(row) for row in whole.to_numpy(dtype=object)]
    return f"createDataTable({json.dumps(rows, default=str)}, {list(map(str, whole.columns))})"


def enable_dataframe_formatter():
    """Show interactive tables from now on."""
    shell = IPython.get_ipython().display_formatter
    shell.formatters.setdefault(SCRIPT, ScriptFormatter(parent=shell))
    for module in _reprs.FRAME:
        shell.formatters[SCRIPT].for_type_by_name(module, "DataFrame", _script)
