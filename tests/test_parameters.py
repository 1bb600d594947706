"""Other parameters: what a notebook offers, what is refused, and what papermill puts in."""

from pathlib import Path

import pytest
from tiny_course import code_cell, markdown_cell, notebook_of

from workshop_tools import parameters
from workshop_tools.editions import as_text, code_cells, full_edition, learner_edition, tags
from workshop_utils.cli.repository_url import Slug
from workshop_utils.lessons import LESSONS, CourseError

pytest.importorskip("papermill")
REPOSITORY = Path(__file__).parents[1]
ONE, TWO, THREE = LESSONS[:3]
KERNEL = {"name": "python3", "language": "python", "display_name": "Python 3"}


def notebook(*lines):
    cell = code_cell("\n".join(["import math", "print(math.pi)", "", *lines]), tags=["parameters"])
    page = notebook_of(markdown_cell("# T"), code_cell("1"), cell, code_cell("print(SEED)"))
    page["metadata"] = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    return page


@pytest.fixture
def root(tmp_path):
    (tmp_path / "notebooks").mkdir()
    pages = {
        ONE: notebook("SEED = 141", "EPOCHS = 10", "RATE = 0.5", 'NAME = "a b"'),
        TWO: notebook("SEED = 1"),
        THREE: notebook_of(code_cell("1")) | {"metadata": {"kernelspec": KERNEL}},
    }
    for lesson, page in pages.items():
        lesson.full(tmp_path).write_text(as_text(page), encoding="utf-8")
    return tmp_path


def settled(root, asked, **options):
    found = parameters.settle((ONE, TWO, THREE), root, asked, **options)
    assert list(found) == [ONE.name, TWO.name, THREE.name]
    return tuple(found.values())


def test_a_notebook_offers_what_its_cell_says(root):
    offered = parameters.offered(ONE.full(root))
    assert offered == {"SEED": 141, "EPOCHS": 10, "RATE": 0.5, "NAME": "a b"}
    assert parameters.offered(THREE.full(root)) == {}


def test_options_and_assignments_become_values():
    asked = parameters.asked_for(["RATE = 0.1", "NAME=a=b"], seed=7, epochs=2)
    assert asked == {"RATE": "0.1", "NAME": "a=b", "SEED": "7", "EPOCHS": "2"}
    assert parameters.asked_for([]) == {}
    for wrong in ("SEED", "=1", "SEED=", ""):
        with pytest.raises(CourseError, match="NAME=VALUE"):
            parameters.asked_for([wrong])
    with pytest.raises(CourseError, match="SEED is given twice"):
        parameters.asked_for(["SEED=1"], seed=1)


def test_a_value_goes_to_every_notebook_that_offers_its_name(root):
    assert settled(root, {"SEED": "7"}) == ({"SEED": 7}, {"SEED": 7}, {})
    assert settled(root, {"RATE": "2", "NAME": "x"}) == ({"RATE": 2, "NAME": "x"}, {}, {})
    assert settled(root, {}) == ({}, {}, {})


def test_a_notebooks_own_value_changes_nothing(root):
    """Its claims then count as ever."""
    assert settled(root, {"SEED": "141"}) == ({}, {"SEED": 141}, {})


def test_quick_is_short_but_gives_way_to_what_was_asked_for(root):
    assert settled(root, {}, quick=True) == ({"EPOCHS": 1}, {}, {})
    assert settled(root, {"EPOCHS": "3"}, quick=True) == ({"EPOCHS": 3}, {}, {})


def test_an_unknown_name_is_refused_with_those_that_are_known(root):
    with pytest.raises(CourseError) as error:
        settled(root, {"SEEDS": "7", "SEED": "1"})
    assert str(error.value).splitlines() == [
        "No chosen notebook has the parameter SEEDS. Known are:",
        f"  {ONE.name}: SEED = 141, EPOCHS = 10, RATE = 0.5, NAME = 'a b'",
        f"  {TWO.name}: SEED = 1",
        f"  {THREE.name}: none",
    ]


@pytest.mark.parametrize(
    ("name", "text"), [("SEED", "seven"), ("SEED", "1.5"), ("SEED", "True"), ("RATE", "fast")]
)
def test_a_value_of_another_kind_is_refused(root, name, text):
    with pytest.raises(CourseError, match=f"{name} of {ONE.name} is .* not of the same kind"):
        settled(root, {name: text})


def test_the_new_values_come_right_behind_their_cell(root):
    page = notebook("SEED = 141", 'NAME = "a"')
    before = as_text(page)
    made = parameters.parameterised(page, {"SEED": 7, "NAME": "it's"})
    assert as_text(page) == before
    _, own, injected, last = code_cells(made)
    assert "SEED = 141" in own["source"]
    assert tags(injected) == {"injected-parameters"}
    values = {}
    exec(injected["source"], values)
    assert (values["SEED"], values["NAME"]) == (7, "it's")
    assert last["source"] == "print(SEED)"
    assert len(code_cells(parameters.parameterised(page, {}))) == 3


@pytest.mark.parametrize("lesson", LESSONS, ids=[lesson.number for lesson in LESSONS])
def test_what_the_course_offers(lesson, tmp_path):
    """As the text says it; the notebooks that train can be trained otherwise, in both editions."""
    expected = {
        "01": {"SEED": 141, "EPOCHS": 10},
        "02": {"SEED": 1, "TRIALS": 3},
        "03": {"SEED": 141, "EPOCHS": 5},
        "04": {"SEED": 141, "EPOCHS": 2},
        "05": {"SEED": 141, "EPOCHS": 10},
        "06": {},
    }[lesson.number]
    for edition in (full_edition, learner_edition):
        path = tmp_path / f"{edition.__name__}.ipynb"
        page = edition(lesson, REPOSITORY, Slug("owner/name", "main"))
        path.write_text(as_text(page), encoding="utf-8")
        assert parameters.offered(path) == expected
