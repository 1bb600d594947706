"""A course of one notebook in a folder of its own, for the tests of what builds and checks it."""

from pathlib import Path

from workshop_tools.lesson_files import text_path
from workshop_utils.learning.lessons import LESSONS, Lesson

PROJECT = """\
[project]
name = "tiny"

[project.urls]
Repository = "https://github.com/owner/name"

[tool.workshop]
# The one place.
repository = "owner/name"  # kept
ref = "main"

[tool.other]
ref = "untouched"
"""

README = """\
# Tiny

<!-- workshop:notebooks -->
<!-- /workshop:notebooks -->

Written by hand.

<!-- workshop:clone -->
<!-- /workshop:clone -->

<!-- workshop:links -->
<!-- /workshop:links -->
"""

HEADER = """\
---
jupytext:
  text_representation: {extension: .md, format_name: myst}
kernelspec: {display_name: Python 3, language: python, name: python3}
---

"""
TEXT = (
    HEADER
    + """\
# See one thing

<!-- navigation -->

## What you will do
![a square](../docs/pictures/a.png)

Add. Then read [the next](02_long_term_dependencies.ipynb#part), [a term](GLOSSARY.md#term),
[above](#set-up) and [far away](https://example.org/x).

+++ {"tags": ["instructor"]}

> **For the instructor.** Wait here.

+++

## Set up

```{code-cell} ipython3
:tags: [setup]
```

```{code-cell} ipython3
print("ready")
```

## Add

```{code-cell} ipython3
:tags: [exercise]

answer = ...
```

```{code-cell} ipython3
:tags: [solution]

solution_answer = 1 + 1
print(solution_answer)
```

```{code-cell} ipython3
solution_answer
```

```{code-cell} ipython3
print("ready")
```
"""
)


def make_course(folder: Path, text: str = TEXT) -> Path:
    """Write a course with one text, the first lesson's, and return its root."""
    (folder / "notebooks" / "text").mkdir(parents=True)
    (folder / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    (folder / "README.md").write_text(README, encoding="utf-8")
    text_path(first_lesson(), folder).write_text(text, encoding="utf-8")
    return folder


def edit(course: Path, old: str, new: str) -> None:
    """Replace a passage of the course's one text."""
    path = text_path(first_lesson(), course)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def first_lesson() -> Lesson:
    """Return the only lesson that the tiny course has a text for."""
    return LESSONS[0]


def code_cell(source, outputs=(), tags=(), count=1, **metadata):
    """Return a code cell as it is stored."""
    return {
        "cell_type": "code",
        "id": "a",
        "metadata": {**metadata, **({"tags": list(tags)} if tags else {})},
        "execution_count": count,
        "source": source,
        "outputs": list(outputs),
    }


def markdown_cell(source, tags=()):
    """Return a Markdown cell as it is stored."""
    metadata = {"tags": list(tags)} if tags else {}
    return {"cell_type": "markdown", "id": "m", "metadata": metadata, "source": source}


def notebook_of(*cells):
    """Return a notebook with these cells, with ids and execution counts in order."""
    count = 0
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
        if cell["cell_type"] == "code" and cell["execution_count"] is not None:
            count += 1
            cell["execution_count"] = count
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def stream(text, name="stdout"):
    """Return what print leaves in a notebook."""
    return {"output_type": "stream", "name": name, "text": text}


def result(text, count=1):
    """Return what an expression at the end of a cell leaves."""
    return {
        "output_type": "execute_result",
        "data": {"text/plain": text},
        "metadata": {},
        "execution_count": count,
    }


def png(level=0.5, size=(4, 4), told=None):
    """Return a small grey picture as base64, as notebooks store it."""
    import base64
    import io

    import numpy as np
    from matplotlib.image import imsave

    buffer = io.BytesIO()
    words = {"Description": told} if told else None
    imsave(buffer, np.full((*size, 3), level), format="png", metadata=words)
    return base64.b64encode(buffer.getvalue()).decode()


ALT = "A grey square with the same shade from corner to corner."


def picture(alt=ALT, level=0.5, size=(4, 4), told=None):
    """Return the two outputs of figures.show: the picture and its caption."""
    return [
        {
            "output_type": "display_data",
            "data": {"image/png": png(level, size, told), "text/plain": "Figure: a square"},
            "metadata": {"image/png": {"alt": alt, "width": 4}},
        },
        {
            "output_type": "display_data",
            "data": {"text/markdown": f"**Figure.** {alt}", "text/plain": alt},
            "metadata": {},
        },
    ]
