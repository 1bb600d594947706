"""Progress bars leave nothing behind."""

import nbclient
import nbformat

from workshop_utils.runtime import progress_bars


def test_in_a_notebook_a_bar_displays_its_widget_and_no_text():
    source = "from workshop_utils.runtime import progress_bars\n"
    source += "for _ in progress_bars.progress_bar(range(3)): pass"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    (cell,) = nbclient.NotebookClient(notebook).execute().cells
    assert [[*output["data"]] for output in cell.outputs] == [[progress_bars._WIDGET]]


def test_in_a_terminal_a_bar_is_gone_when_it_ends(capsys):
    assert list(progress_bars.progress_bar(range(3), desc="loading")) == [0, 1, 2]
    shown = capsys.readouterr().err
    assert "loading" in shown
    assert not shown.rsplit("\r", 1)[-1].strip()
