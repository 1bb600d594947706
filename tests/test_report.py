"""The pages that a run leaves behind."""

from html.parser import HTMLParser

import pytest
from tiny_course import code_cell, markdown_cell, notebook_of, picture

from workshop_utils.course.execute import Execution
from workshop_utils.course.pages import notebook_page
from workshop_utils.course.report import (
    SLOWEST,
    make_report,
    notebook_run,
    report_page,
    slowest_cells,
)
from workshop_utils.course.tweets_at_hand import Finding

REAL = Finding("real", "From the <cache>.")


def execution(*seconds, **more):
    cells = [code_cell(f"# a comment\n\nstep_{n}()\nmore()") for n in range(1, len(seconds) + 1)]
    return Execution(
        notebook_of(*cells),
        seconds=sum(seconds),
        cell_seconds=dict(enumerate(seconds, start=1)),
        **more,
    )


def test_a_notebook_is_summed_up():
    one = notebook_run("01_x", "X", execution(1.004, 2, peak_bytes=3 * 1024**2))
    assert (one.passed, one.seconds, one.peak_mebibytes, one.cells) == (True, 3.0, 3, 2)
    assert notebook_run("01_x", "X", execution(1)).peak_mebibytes is None


def test_the_slowest_cells_of_all_notebooks_come_first():
    results = [("one", execution(*range(8))), ("two", execution(*[0.5, 9, 3.5, 1, 1]))]
    found = slowest_cells(results)
    assert len(found) == SLOWEST
    assert [cell.seconds for cell in found] == sorted((c.seconds for c in found), reverse=True)
    assert (found[0].notebook, found[0].cell, found[0].code) == ("two", 2, "step_2()")


def test_a_cell_of_comments_only_has_no_first_line():
    notebook = notebook_of(code_cell("# nothing"))
    assert slowest_cells([("a", Execution(notebook, cell_seconds={1: 1.0}))])[0].code == ""


def test_the_report_page_says_what_happened_and_escapes_it():
    bad = execution(1, failed_cell=1, failure="NameError: <x>")
    results = [("01_a", "A & B", execution(2)), ("02_b", "B", bad)]
    report = make_report("2026-01-01T00:00:00+00:00", REAL, results)
    assert not report.passed
    page = report_page(report)
    assert "<h1>1 of 2 notebooks failed</h1>" in page
    assert "with the real tweets. From the &lt;cache&gt;." in page
    assert "A &amp; B" in page
    assert "<strong>failed in cell 1</strong>" in page
    assert "<pre>NameError: &lt;x&gt;</pre>" in page
    assert "http" not in page
    assert report.machine["python"] in page
    assert "accelerator" in report.machine


def test_the_report_page_of_a_good_run_names_the_twin():
    twin = Finding("twin", "None.")
    page = report_page(make_report("today", twin, [("01_a", "A", execution(2, peak_bytes=2**31))]))
    assert "<h1>1 of 1 notebooks passed</h1>" in page
    assert "offline twin (invented tweets)" in page
    assert '<td class="number">2,048 MiB</td>' in page


class Images(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        if tag == "img":
            self.found.append(dict(attrs))


def images(page):
    parser = Images()
    parser.feed(page)
    return parser.found


@pytest.mark.parametrize(
    "alt", ['Says "more" & <less>, for everyone.', "A plain description of it."]
)
def test_a_pictures_description_is_on_the_page(alt):
    pytest.importorskip("nbconvert")
    page = notebook_page(notebook_of(markdown_cell("# T"), code_cell("x", picture(alt))), "T & U")
    (image,) = images(page)
    assert image["alt"] == alt
    assert image["src"].startswith("data:image/png")
    assert "<title>T &amp; U</title>" in page


def test_a_picture_without_a_description_is_not_called_decoration():
    pytest.importorskip("nbconvert")
    raw = picture(alt="x")[0]
    raw["metadata"] = {}
    (image,) = images(notebook_page(notebook_of(code_cell("x", [raw])), "T"))
    assert image["alt"].startswith("No description")


def test_links_lead_to_pages_and_the_index_is_the_report():
    pytest.importorskip("nbconvert")
    text = "[a](02_x.ipynb) [b](03_y.ipynb#z) [i](../README.md) [c](https://example.org/04_z.ipynb)"
    page = notebook_page(notebook_of(markdown_cell(text)), "T")
    for target in ("02_x.html", "03_y.html#z", "report.html", "https://example.org/04_z.ipynb"):
        assert f'href="{target}"' in page
