"""The pages that a run leaves behind."""

from html.parser import HTMLParser

import pytest
from tiny_course import code_cell, markdown_cell, notebook_of, picture

from workshop_tools.execute import Execution
from workshop_tools.pages import notebook_page
from workshop_tools.report import (
    SLOWEST,
    Ran,
    as_json,
    make_report,
    notebook_run,
    read_report,
    slowest_cells,
)
from workshop_tools.report_page import report_page
from workshop_tools.tweets_at_hand import Finding

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
    one = notebook_run(Ran("01_x", "X", execution(1.004, 2, peak_bytes=3 * 1024**2)))
    assert (one.passed, one.seconds, one.peak_mebibytes, one.cells) == (True, 3.0, 3, 2)
    assert notebook_run(Ran("01_x", "X", execution(1))).peak_mebibytes is None


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
    results = [Ran("01_a", "A & B", execution(2)), Ran("02_b", "B", bad)]
    report = make_report("2026-01-01T00:00:00+00:00", REAL, results)
    assert not report.passed
    page = report_page(report)
    assert "</span> 1 of 2 notebooks failed</h1>" in page
    assert "with the real tweets. From the &lt;cache&gt;." in page
    assert "A &amp; B" in page
    assert "</span> failed in cell 1</span>" in page
    assert '<pre tabindex="0">NameError: &lt;x&gt;</pre>' in page
    assert "http" not in page
    assert report.machine["python"] in page
    assert "accelerator" in report.machine


def test_the_report_page_of_a_good_run_names_the_twin():
    twin = Finding("twin", "None.")
    page = report_page(
        make_report("today", twin, [Ran("01_a", "A", execution(2, peak_bytes=2**31))])
    )
    assert "</span> 1 of 1 notebooks passed</h1>" in page
    assert "offline twin (invented tweets)" in page
    assert '<td class="number">2,048 MiB</td>' in page


def claim(outcome, **numbers):
    return {"kind": "claim", "sentence": "x <lies>", "outcome": outcome, **numbers}


def test_what_the_kernel_noted_is_in_the_report(tmp_path):
    band = {"name": "loss", "low": 0.0, "high": 1.0, "digits": 2, "value": 0.25}
    notes = [
        (1, {"kind": "wanted", "name": "tweets.csv", "bytes": 80}),
        (1, {"kind": "wanted", "name": "tweets.csv", "bytes": 80}),
        (1, {"kind": "fetched", "name": "tweets.csv", "bytes": 50}),
        (1, {"kind": "fetched", "name": "tweets.csv", "bytes": 80}),
        (2, claim("holds", **band)),
        (2, claim("fails", **(band | {"value": None}))),
        (2, claim("not checked: offline twin", **(band | {"value": None}))),
        (3, claim("fails")),
    ]
    ran = Ran("01_a", "A", execution(1, 2, 3, notes=notes, cpu_seconds=4.5), saved_bytes=7)
    report = make_report("today", REAL, [ran], server_mebibytes=100)
    (one,) = report.notebooks
    assert (one.wanted_bytes, one.fetched_bytes) == ({"tweets.csv": 80}, 130)
    assert [(each.cell, each.outcome[:5]) for each in one.claims] == [
        (2, "holds"),
        (2, "fails"),
        (2, "not c"),
        (3, "fails"),
    ]
    assert [each.is_band for each in one.claims] == [True, True, True, False]
    path = tmp_path / "report.json"
    path.write_text(as_json(report), encoding="utf-8")
    assert read_report(path) == report
    page = report_page(report)
    rows = page[page.index("<caption>01_a: A</caption>") :]
    assert '<td class="number">0.2500</td>' in rows
    assert "</span> inside</span>" in rows
    assert "</span> outside</span>" in rows
    assert "<td>not checked: offline twin</td>" in rows
    assert '<td class="number">not a number</td>' in rows
    assert "x &lt;lies&gt;" in page
    assert "1 of 4" in page


class Page(HTMLParser):
    """Collects what a screen reader needs of a page."""

    def __init__(self, text):
        super().__init__()
        self.stack, self.headings, self.tables, self.ids, self.links = [], [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        about = dict(attrs)
        if "id" in about:
            self.ids.append(about["id"])
        if tag in {"h1", "h2", "h3"}:
            self.headings.append(int(tag[1]))
        if tag == "table":
            self.tables.append({"caption": False, "scopes": 0, "heads": 0})
        if tag == "caption":
            self.tables[-1]["caption"] = True
        if tag == "th":
            self.tables[-1]["heads"] += 1
            self.tables[-1]["scopes"] += about.get("scope") in {"row", "col"}
        if tag == "a":
            self.links.append(about["href"])


def test_the_page_can_be_read_without_seeing_it():
    """Each table has a caption and heads with a scope; headings skip no level; links arrive."""
    bad = execution(1, failed_cell=1, failure="NameError: <x>")
    report = make_report("today", REAL, [Ran("01_a", "A", execution(2)), Ran("02_b", "B", bad)])
    text = report_page(report)
    page = Page(text)
    assert len(page.tables) >= 4
    assert all(table["caption"] for table in page.tables)
    assert all(table["heads"] == table["scopes"] for table in page.tables)
    assert page.headings[0] == 1
    steps = zip(page.headings, page.headings[1:], strict=False)
    assert all(after - before <= 1 for before, after in steps)
    assert len(page.ids) == len(set(page.ids))
    anchors = [link[1:] for link in page.links if link.startswith("#")]
    assert len(anchors) >= 6
    assert set(anchors) <= set(page.ids)
    # A size is computed from runs that passed, and the page says why there is none.
    assert "Not computed: 02_b failed" in text


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
    text = "[a](02_x.ipynb) [b](03_y.ipynb#z) [i](../README.md) [g](../docs/g.md#t) [c](https://example.org/04_z.ipynb)"
    page = notebook_page(notebook_of(markdown_cell(text)), "T")
    assert 'href="../../docs/g.md#t"' in page
    for target in ("02_x.html", "03_y.html#z", "report.html", "https://example.org/04_z.ipynb"):
        assert f'href="{target}"' in page
