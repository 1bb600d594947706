"""CONTRIBUTING's recipes, followed literally in a copy of the repository."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tiny_course import HEADER

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
KEPT = (
    "workshop_utils",
    "workshop_tools",
    "notebooks",
    "docs",
    "colab",
    "README.md",
    "pyproject.toml",
)

TEXT = """\
# Double a number

<!-- navigation -->

## What you will do
Double.

## Set up

```{code-cell} ipython3
:tags: [setup]
```

```{code-cell} ipython3
:tags: [parameters]
from workshop_utils import runtime

runtime.ready()
runtime.set_seed()
SEED = 141
```

### Exercise: double it
*5 minutes.* Write the function.

```{code-cell} ipython3
:tags: [exercise]
def doubled(x):
    return ...
```

```{code-cell} ipython3
from workshop_utils import figures, tasks
from workshop_utils.learning import quizzes
from workshop_utils.learning.exercises import attention as exercises

twice = exercises.doubled.use(doubled)
```

```{code-cell} ipython3
:tags: [solution]
```

```{code-cell} ipython3
print(twice(SEED), tasks.LastOfThree().answer([1, 2, 3]))
figures.show(figures.two_lines([1, 2]), "The line rises from one to two, step by step.")
```

## Quiz

```{code-cell} ipython3
quizzes.show("attention")
```
"""
EXERCISE = '''\
"""The exercise of attention: double a number."""

from workshop_utils.learning.exercises.core import Exercise, Mistake


def solution_doubled(x):
    return 2 * x


doubled = Exercise(
    __name__,
    "doubled",
    solved_by=solution_doubled,
    trials=lambda: [(2,), (5,)],
    hints=("Twice a number is the number and the number again.", "Multiply by two."),
    after="Twice is two times.",
    mistakes=(Mistake("square", "this is the square; multiply by two.", lambda x: x * x),),
)
'''
FIGURE = """

def two_lines(values):
    return lines([0, 1], {"it": values}, title="Two", xlabel="step", ylabel="value")
"""
TASK = '''

class LastOfThree:
    """The answer is the last of three numbers."""

    def answer(self, numbers):
        return numbers[-1]
'''


@pytest.mark.quick
def test_what_the_guide_names_is_there():
    for named in re.findall(r"`((?:workshop_utils|notebooks|docs|tests|colab)/[\w/.]+)`", GUIDE):
        assert (
            (ROOT / named).exists()
            or "NAME" in named.upper()
            or "SUBJECT" in named
            or "attention" in named
        ), named
    targets = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"`make (\w[\w-]*)`", GUIDE):
        assert re.search(rf"^[\w -]*\b{target}\b[\w -]*:", targets, re.MULTILINE), target


@pytest.fixture
def clone(tmp_path):
    for name in KEPT:
        source = ROOT / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "api")
            shutil.copytree(source, tmp_path / name, ignore=ignored)
        else:
            shutil.copy(source, tmp_path / name)
    return tmp_path


def append(path, text):
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


@pytest.mark.slow
def test_the_recipes_make_a_notebook_with_an_exercise_a_figure_and_a_task(clone, tweets_csv):
    package = clone / "workshop_utils"
    catalogue = package / "learning/lessons.py"
    named = re.sub(r'"in_use"(?=\))', '"in_use", "attention"', catalogue.read_text("utf-8"))
    catalogue.write_text(named, encoding="utf-8")
    text = clone / "notebooks/text/further/attention.md"
    text.parent.mkdir(exist_ok=True)
    text.write_text(HEADER + TEXT, encoding="utf-8")
    (package / "learning/exercises/attention.py").write_text(EXERCISE, encoding="utf-8")
    quizzes = package / "learning/quizzes"
    shutil.copy(quizzes / "inference.toml", quizzes / "attention.toml")
    append(package / "figures/__init__.py", FIGURE)
    append(package / "tasks/__init__.py", TASK)

    def workshop(*words):
        start = "from workshop_utils.cli.main import main; main()"
        return subprocess.run(
            [sys.executable, "-c", f"import workshop_tools.commands; {start}", *words],
            cwd=clone,
            env={
                **os.environ,
                "PYTHONPATH": str(clone),
                # The build stores no outputs of synthetic tweets, and the tasks know the tweets.
                "LSTM_WORKSHOP_TWEETS": str(tweets_csv),
            },
            capture_output=True,
            text=True,
            check=False,
        )

    built = workshop("build", "--only", "attention")
    assert built.returncode == 0, built.stdout + built.stderr
    assert (clone / "colab/further/attention.ipynb").is_file()
    linted = workshop("lint", "--only", "attention").stdout
    wrong = re.findall(r"cell .*\[(?!minutes)[\w-]+\]: .*", linted)
    assert wrong == []
    solved = workshop("validate", "--only", "attention", "--edition", "solved")
    assert solved.returncode == 0, solved.stdout + solved.stderr
    notebook = (clone / "build/validate").rglob("attention.ipynb")
    assert any("282 3" in path.read_text(encoding="utf-8") for path in notebook)
