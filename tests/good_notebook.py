"""A notebook that every rule of the lint accepts, and its variations, for the tests of the lint."""

import copy

from tiny_course import code_cell, markdown_cell, notebook_of, picture, result, stream

from workshop_tools.editions import as_text
from workshop_tools.lint import lint_page
from workshop_tools.rules import Page
from workshop_utils.learning.lessons import LESSONS

FIRST = f"""\
# See one thing

Previous: [01]({LESSONS[0].name}.ipynb) · [Index](../README.md)
· Next: [03]({LESSONS[2].name}.ipynb) · [![Open](https://colab.research.google.com/assets/colab-badge.svg)](https://example.org)

*About 9 minutes: 5 to read, 4 to try.*"""

INTRODUCTION = """\
## What you will do
One thing.

## What you will learn
- Add
- Subtract
- Divide

## What you need
- Patience

## Set up"""

QUIZ = """\
## Quiz

Run the cell."""

QUIZ_CODE = f'quizzes.show("{LESSONS[1].subject}")'

END = """\
## What this does not show

Anything else.

## What you learnt
- Addition adds.
- Subtraction takes away.
- Division parts. See [the set-up](#set-up) and `don't`.

## Going further
- [Nothing](https://example.org): a page.
- The [cheat sheet](../docs/cheat_sheet.md)."""

GLOSSARY = f"""\
# Glossary

## gate

A number between 0 and 1.

First in notebook [02](../notebooks/{LESSONS[1].name}.ipynb).

## term

A word. See [gate](#gate).

First in notebook [01](../notebooks/{LESSONS[0].name}.ipynb).
"""
GATE = "[**gate**](../docs/glossary.md#gate)"


def exercise(name, kind="Exercise"):
    return [
        markdown_cell(f"### {kind}: {name}\n\n*4 minutes.* **Predict.** Which?"),
        code_cell("def x(a):\n    return ...", tags=["exercise"]),
        code_cell("y = exercises.x.use(x)", [stream("Not attempted yet.\n")]),
        code_cell("def solution_x(a):\n    return a", tags=["solution"]),
    ]


def good():
    """Return the cells of a notebook that every rule accepts."""
    cells = [
        markdown_cell(FIRST),
        markdown_cell(INTRODUCTION),
        code_cell("start()", [stream("here\n")], ["setup", "nbval-ignore-output"]),
        code_cell("runtime.ready()\nruntime.set_seed()", [stream("ready\n")]),
        markdown_cell(
            f"## One idea\n\nA {GATE} opens. Gates close.\n\n**Predict.** What comes?\n\n"
            "```python\n# no heading\n```"
        ),
        code_cell("1 + 1", [result("2")]),
        code_cell("show()", picture()),
        *(cell for name in "abc" for cell in exercise(name)),
        *exercise("d", "Open exercise"),
        markdown_cell(QUIZ),
        code_cell(QUIZ_CODE, [result("a quiz")]),
        markdown_cell(END),
        markdown_cell("## Checks", ["test"]),
        code_cell("check('two is two', 1 + 1 == 2)", tags=["test"]),
    ]
    # After a prompt to predict comes a cell that prints.
    for number, cell in reversed(list(enumerate(cells))):
        if "*4 minutes.*" in cell["source"]:
            cells.insert(number + 1, code_cell("print(1)", [stream("1\n")]))
    return cells


def make_folder(place):
    """Write a repository in which the good notebook's links lead somewhere; return its folder."""
    notebooks = place / "notebooks"
    notebooks.mkdir()
    (place / "pyproject.toml").write_text("[tool.workshop]\n", encoding="utf-8")
    (notebooks / "minutes.toml").write_text(
        f"cores = 2\n[seconds]\n{LESSONS[1].name} = 3.0\n", encoding="utf-8"
    )
    (place / "README.md").write_text("# Read me\n", encoding="utf-8")
    (place / "docs").mkdir()
    (place / "docs" / "glossary.md").write_text(GLOSSARY, encoding="utf-8")
    (place / "docs" / "cheat_sheet.md").write_text("# Cheat sheet\n", encoding="utf-8")
    for lesson in (LESSONS[0], LESSONS[2]):
        page = notebook_of(markdown_cell("# A title\n\n## A part (of it)"))
        (notebooks / f"{lesson.name}.ipynb").write_text(as_text(page), encoding="utf-8")
    return notebooks


def findings(folder, cells):
    return list(lint_page(Page(LESSONS[1], folder.parent, notebook_of(*cells))))


def change(cells, old, new):
    """Replace a text in whatever cell holds it."""
    cells = copy.deepcopy(cells)
    hits = [cell for cell in cells if old in cell["source"]]
    assert hits, f"no cell holds {old!r}"
    hits[0]["source"] = hits[0]["source"].replace(old, new, 1)
    return cells


def with_cells(*more, at=6):
    cells = good()
    cells[at:at] = more
    return cells
