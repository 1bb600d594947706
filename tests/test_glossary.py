"""The glossary and the cheat sheet: true, complete, and linked where a term first appears."""

import ast
import inspect
import re
from pathlib import Path

import numpy as np
import pytest
from tiny_course import markdown_cell, notebook_of

from workshop_tools import glossary, rules_glossary
from workshop_tools.editions import as_text
from workshop_tools.lint import lint
from workshop_tools.rules import Page
from workshop_utils.lessons import LESSONS, CourseError

REPOSITORY = Path(__file__).parents[1]
FIRST, SECOND = LESSONS[0], LESSONS[1]


def entry_text(term, lesson=SECOND, meaning="A thing."):
    return (
        f"## {term}\n\n{meaning}\n\n"
        f"First in notebook [{lesson.number}](../notebooks/{lesson.name}.ipynb).\n\n"
    )


@pytest.fixture
def course(tmp_path):
    """Write a glossary and notebooks, and return what the glossary's own check says."""

    def make(text, **sources):
        (tmp_path / "docs").mkdir(exist_ok=True)
        (tmp_path / "docs" / "cheat_sheet.md").write_text("# C\n", encoding="utf-8")
        (tmp_path / "docs" / "glossary.md").write_text(f"# G\n\n{text}", encoding="utf-8")
        pages = [
            Page(tmp_path / "notebooks" / f"{name}.ipynb", notebook_of(markdown_cell(source)))
            for name, source in sources.items()
        ]
        return list(rules_glossary.in_the_glossary(tmp_path, pages))

    return make


def test_an_entry_is_read(tmp_path):
    path = tmp_path / "glossary.md"
    path.write_text(
        "# G\n\nIntro.\n\n" + entry_text("cell state") + entry_text("F1, it's"), "utf-8"
    )
    cell, other = glossary.read(path).values()
    assert (cell.term, cell.meaning, cell.first) == ("cell state", "A thing.", SECOND.number)
    assert (cell.anchor, other.anchor) == ("cell-state", "f1-its")


def test_a_glossary_that_is_missing_or_doubled_is_refused(tmp_path):
    with pytest.raises(CourseError, match="no glossary"):
        glossary.read(tmp_path / "glossary.md")
    (tmp_path / "glossary.md").write_text(entry_text("gate") * 2, encoding="utf-8")
    with pytest.raises(CourseError, match="'gate' twice"):
        glossary.read(tmp_path / "glossary.md")


@pytest.mark.parametrize(
    ("term", "text", "found"),
    [
        ("gate", "Two **gates**.", 6),
        ("forget gate", "the forget\n> gate", 4),
        ("dense layer", "A **dense** layer", 4),
        ("long-term dependency", "Long-term dependencies", 0),
        ("mask", "`mask` and $mask$ unmask masked", None),
        ("mask", "## mask\n<!-- mask -->", None),
        ("mask", "[words](mask.md) and [Mask](01_mask.ipynb)", None),
        ("mask", "[mask](../docs/glossary.md#mask)", 1),
        ("F1", "macro-F1 and F1", 13),
    ],
)
def test_the_first_use_of_a_term(term, text, found):
    assert glossary.first_use(glossary.Entry(term, "", "01"), text) == found


def test_the_text_counts_from_the_set_up_on_and_without_the_cells_for_instructors():
    cells = [
        markdown_cell("# A gate\n\n## Set up\n\nA door."),
        markdown_cell("A gate for you.", ["instructor"]),
        markdown_cell("```\na gate\n```\nThe end."),
    ]
    read = [text.split() for _, text in glossary.body(Page(Path("x"), notebook_of(*cells)))]
    assert read == [["A", "door."], ["The", "end."]]


def test_terms_are_left_out_the_longest_first():
    terms = ("gate", "forget gate")
    entries = {term: glossary.Entry(term, "", "01") for term in terms}
    assert glossary.without_terms("Forget gates and a gate.", entries).split() == ["and", "a", "."]


SET_UP = "## Set up\n\n"


def test_a_good_glossary_has_no_problem(course):
    good = entry_text("gate", meaning="See [mask](#mask).") + entry_text("mask")
    assert course(good, **{SECOND.name: SET_UP + "A gate. A mask."}) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (entry_text("mask") + entry_text("gate"), "'gate' stands after 'mask'"),
        ("## gate\n\nA thing.\n", "'gate' does not end with 'First in notebook"),
        (entry_text("gate").replace("02", "07"), "'gate' does not end with 'First in notebook"),
        (entry_text("gate", meaning="See [mask](#mask)."), "links to #mask"),
        (entry_text("gate") * 2, "twice"),
    ],
)
def test_a_bad_glossary_is_told(course, text, message):
    (found,) = course(text)
    assert message in found


def test_an_earlier_use_is_told(course):
    text = SET_UP + "A gate."
    (found,) = course(entry_text("gate"), **{FIRST.name: text, SECOND.name: text})
    assert found == "'gate' says notebook 02, but notebook 01 uses it"


def test_the_lint_reports_the_glossary_once_for_all_notebooks(course, tmp_path):
    course(entry_text("mask") + entry_text("gate"))
    (tmp_path / "notebooks").mkdir()
    paths = [lesson.full(tmp_path) for lesson in LESSONS[:2]]
    for path in paths:
        path.write_text(as_text(notebook_of(markdown_cell("# A"))), encoding="utf-8")
    (found,) = [finding for finding in lint(paths) if finding.rule == "glossary"]
    assert str(found).startswith("glossary.md, whole page [glossary]: 'gate' stands after")
    (tmp_path / "docs" / "cheat_sheet.md").unlink()
    (tmp_path / "docs" / "glossary.md").unlink()
    (found,) = [finding for finding in lint(paths) if finding.rule == "glossary"]
    assert "There is no glossary: expected docs/glossary.md" in str(found)


def test_a_missing_cheat_sheet_is_told(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "glossary.md").write_text(entry_text("gate"), encoding="utf-8")
    assert list(rules_glossary.in_the_glossary(tmp_path, [])) == ["there is no cheat_sheet.md"]


# The repository's own pages.


def test_the_glossary_of_the_workshop_is_wide_and_plain():
    from workshop_tools.readability import measure, plain_text

    entries = glossary.read(REPOSITORY / glossary.GLOSSARY)
    assert len(entries) >= 50
    for entry in entries.values():
        assert 1 <= len(re.findall(r"[.!?](?:\s|$)", entry.meaning)) <= 4, entry.term
    prose = "\n\n".join(entry.meaning for entry in entries.values())
    assert measure(plain_text(prose, entries)).ease >= 60


@pytest.mark.parametrize("page", ["glossary.md", "cheat_sheet.md"])
def test_every_link_of_the_pages_leads_somewhere(page):
    path = REPOSITORY / "docs" / page
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)\)", text):
        assert (path.parent / target).is_file(), target


SHEET = (REPOSITORY / glossary.CHEAT_SHEET).read_text(encoding="utf-8")


def rows(heading):
    """The cells of each row of the table whose head begins so, without the head."""
    lines = SHEET.splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(heading))
    table = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        table.append([cell.strip() for cell in line.strip("|").split("|")])
    return table


def test_the_sheet_gives_the_shapes_and_weights_of_the_quick_model():
    from workshop_utils import models

    network = models.quick_lstm()
    made = {layer.name: layer for layer in network.layers}
    told = {name: (shape, weights) for name, shape, weights in rows("| layer | out of it")}
    for name in ("embedding", "dropout", "lstm", "positive"):
        shape, weights = told.pop(name)
        sizes = made[name].output.shape[1:]
        steps = ["time steps" if size is None else str(size) for size in sizes]
        assert shape == f"({', '.join(['batch', *steps])})"
        assert int(weights.replace(",", "")) == made[name].count_params()
    assert set(told) == {"texts", "vectoriser"}
    known = sum(int(weights.replace(",", "")) for *_, weights in rows("| layer | out of it"))
    assert known == network.count_params()


def test_the_sheet_counts_the_weights_of_the_layers():
    from workshop_utils import environment

    keras = environment.load_keras()
    head = re.search(r"for \$d = (\d+)\$, \$n = (\d+)\$", SHEET)
    features, units = map(int, head.groups())
    table = rows("| layer | weights | for")
    assert len(table) == 3
    for name, formula, weights in table:
        layer = getattr(keras.layers, name.strip("`").removesuffix("(n)"))(units)
        layer.build((None, None, features))
        assert int(weights.replace(",", "")) == layer.count_params()
        python = re.sub(r"(\d)(?=n)", r"\1 * ", formula.strip("$").replace("\\,", " * "))
        assert eval(python, {"d": features, "n": units}) == layer.count_params(), python


def test_the_sheet_knows_the_defaults_of_keras():
    from workshop_utils import environment

    keras = environment.load_keras()
    places = (keras.layers, keras.optimizers, keras.callbacks)
    table = rows("| argument | default")
    assert len(table) >= 8
    for call, default, _ in table:
        kind, argument = re.fullmatch(r"`(\w+)\((\w+)=\.\.\.\)`", call).groups()
        owner = next(getattr(place, kind) for place in places if hasattr(place, kind))
        given = [inspect.signature(each.__init__).parameters for each in inspect.getmro(owner)[:-1]]
        found = [p[argument].default for p in given if argument in p]
        told = ast.literal_eval(default.strip("`"))
        if found:
            assert found[0] == told, call
        else:  # handed on by keyword: ask an instance
            assert getattr(owner(1), argument) == told, call


def test_the_sheet_knows_the_order_of_the_gates():
    """With one unit, each column of the kernel belongs to one gate: compute with the order told."""
    from workshop_utils import environment

    keras = environment.load_keras()
    (told,) = re.findall(r"\*\*(\w, \w, \w, \w)\*\*", SHEET)
    layer = keras.layers.LSTM(1, dtype="float64")
    layer.build((None, None, 2))
    kernel, inputs = np.array([[0.3, -0.7, 1.1, 0.5], [0.9, 0.2, -0.4, -1.3]]), np.array([1.0, 2.0])
    layer.set_weights([kernel, np.zeros((1, 4)), np.array([0.1, 0.2, 0.3, 0.4])])
    sums = dict(zip(told.split(", "), inputs @ kernel + [0.1, 0.2, 0.3, 0.4], strict=True))
    gates = {name: 1 / (1 + np.exp(-value)) for name, value in sums.items()}
    expected = gates["o"] * np.tanh(gates["i"] * np.tanh(sums["c"]))
    assert float(np.squeeze(layer(inputs[None, None]))) == pytest.approx(expected, abs=1e-12)
    # Without an old cell state, the forget gate does not show: its bias starts at 1.
    fresh = keras.layers.LSTM(1)
    fresh.build((None, None, 2))
    assert told.split(", ")[int(np.argmax(fresh.get_weights()[2]))] == "f"


def test_the_error_message_on_the_sheet_is_the_one_of_keras():
    from workshop_utils import environment

    keras = environment.load_keras()
    (message,) = re.findall(r'"(expected ndim[^"]+)"', SHEET)
    with pytest.raises(ValueError, match=message):
        keras.layers.LSTM(2)(keras.layers.LSTM(2)(keras.ops.zeros((1, 3, 2))))
