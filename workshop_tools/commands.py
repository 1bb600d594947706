"""The commands that build, run and check the notebooks; they need the extras, and say so.

``commands.toml`` names them. Each is a function of this package that returns the exit status:
its parameters are the options, those without a default the arguments, and its docstring
explains them.
"""

import functools
import inspect
import re
import tomllib
from collections.abc import Callable
from importlib import import_module
from importlib.resources import files
from typing import Annotated, Any

from typer import Argument, BadParameter, Option

from workshop_tools import class_day
from workshop_utils.cli.app import app, class_checks, told
from workshop_utils.learning.lessons import find_root

NAMES = {"compare_with": "--compare", "folder": "--list"}
"""Options that are not called as their parameters are."""
SEVERAL = {"only", "parameter"}
"""Options that may come several times."""
FURTHER: dict[str, dict[str, Any]] = {
    **{name: {"min": 1} for name in ("jobs", "processes")},
    "folder": {"envvar": "LSTM_WORKSHOP_COLAB_LIST"},
}


def command(name: str, function: Callable[..., int], sentence: str) -> None:
    """Make a command of a function, whose parameter ``root`` is for callers from Python."""
    described = inspect.cleandoc(function.__doc__ or "").partition("\nArgs:\n")[2]
    texts = dict(re.findall(r"^ {4}(\w+): (.*(?:\n {8}.*)*)", described, flags=re.MULTILINE))
    options = []
    for each in inspect.signature(function, eval_str=True).parameters.values():
        words = " ".join(texts.get(each.name, "").replace("`", "").split())
        flag = NAMES.get(each.name, "--" + each.name.replace("_", "-"))
        about = Option(flag, help=words, **FURTHER.get(each.name, {}))
        if each.default is each.empty:
            about = Argument(help=words)
        kind = list[str] | None if each.name in SEVERAL else each.annotation
        if each.name != "root":
            options.append(each.replace(annotation=Annotated[kind, about]))

    @functools.wraps(function)
    def called(*values: Any, **named: Any) -> None:
        told(lambda: function(*values, **named))

    vars(called)["__signature__"] = inspect.Signature(options)
    app.command(name, help=sentence)(called)


def gone(sentence: str) -> Callable[[], None]:
    """Make an old command that only says where its users go."""

    def called() -> None:
        raise BadParameter(sentence)

    return called


_listed = files("workshop_tools").joinpath("commands.toml").read_text(encoding="utf-8")
for _name, (_module, _function, _sentence) in tomllib.loads(_listed).items():
    command(_name, getattr(import_module(f"workshop_tools.{_module}"), _function), _sentence)

_anything = {"allow_extra_args": True, "ignore_unknown_options": True}
for _name, _now in {"sizing": "a table of colab/INSTRUCTOR.md", "study": "`experiment`"}.items():
    app.command(_name, hidden=True, context_settings=_anything)(gone(f"It has gone: see {_now}."))

# What `workshop doctor --class` looks at; the command is everyone's.
class_checks.append(lambda learners: class_day.findings(find_root(), learners))
