"""What an exercise is: a check with three outcomes, two hints, a solution, and a use.

A notebook calls them by name: ``step = exercises.rnn_step.use(rnn_step)``. A check
never raises, never hangs and never asks for input, because "Run all" must pass through a
notebook in which no exercise, or half an exercise, is done.
"""

import inspect
import re
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from workshop_utils import runtime
from workshop_utils.learning import record
from workshop_utils.learning.exercises.answers import written
from workshop_utils.learning.exercises.judging import (
    Answers,
    Function,
    Judge,
    Mistake,
    Outcome,
    Result,
)
from workshop_utils.learning.exercises.kinds import WrongKind
from workshop_utils.runtime import platforms

__all__ = [
    "Exercise",
    "Mistake",
    "Outcome",
    "Result",
    "built",
    "exercises_of",
    "keras",
    "layers",
    "tf",
]

TRIES_BEFORE_SOLUTION = 3
"""Wrong tries after which the solution opens."""
PREFIX = "solution_"
"""What the name of a solution begins with, here and in a notebook."""


class _Loaded:
    """A module that is loaded when it is first used, so that the exercises need no TensorFlow."""

    def __init__(self, load: Callable[[], Any]) -> None:
        self._load = load

    def __getattr__(self, name: str) -> Any:
        return getattr(self._load(), name)


keras: Any = _Loaded(runtime.load_keras)
layers: Any = _Loaded(lambda: keras.layers)
tf: Any = _Loaded(runtime.load_tensorflow)


def built(build: Function) -> Any:
    """Return the network that a learner's function builds, for a measure.

    Raises:
        WrongKind: It is no network.
    """
    network = build()
    if not isinstance(network, keras.Model):
        raise WrongKind("a Keras network is expected; give back keras.Sequential([...]).")
    return network


#: Beside its words each outcome has a sign and a colour, as a notebook's output writes it.
_FACES = {Outcome.CORRECT: (32, "✓"), Outcome.NOT_YET: (31, "✗"), Outcome.NOT_ATTEMPTED: (34, "○")}


@dataclass
class Exercise(Judge):
    """One exercise: judges answers, gives hints, shows its solution in the end.

    Attributes:
        hints: Two hints, the second more direct than the first.
        results: What the checks have said so far, oldest first.
    """

    hints: tuple[str, str]
    results: list[Result] = field(default_factory=list, repr=False)

    @property
    def notebook(self) -> str:
        """The subject of the notebook; tries are recorded under it."""
        return self.module.rpartition(".")[2]

    def check(self, *answers: Any) -> None:
        """Print whether the answers are right: one line, never an error."""
        result = self._tried(answers)
        _say(result.outcome, result.line)

    def use(self, *answers: Any) -> Any:
        """Check the answers, and give back what the rest of the notebook runs.

        Returns:
            The learner's own answers when they are right, otherwise the workshop's;
            a tuple when there are several. A learner's function runs as it is: nothing
            watches it after the check.
        """
        used = ours = self.solution_answers()
        what = self.name if callable(ours[0]) else "answer"
        outcome = Outcome.NOT_YET
        if any(inspect.isroutine(each) and _is_given(each, ours) for each in answers):
            line = f"This is what `use` gave you, not your own {self.name}; give it your own."
        elif (result := self._tried(answers)).outcome is Outcome.CORRECT:
            outcome = result.outcome
            used = result.answers
            line = f"{result.line} Your {what} runs the rest."
        else:
            outcome = result.outcome
            line = f"{result.line} Until then the workshop's {what} runs the rest."
        _say(outcome, line)
        return used[0] if len(used) == 1 else used

    def hint(self, level: int = 1) -> None:
        """Print a hint: level 1 says where to look, level 2 says what to do."""
        first, second = self.hints
        print(f"Hint 2: {second}" if level > 1 else f"Hint 1: {first} (More: hint(2).)")

    def solution(self) -> None:
        """Print the solution's source, after a correct answer or three wrong tries."""
        solved, wrong = self._so_far()
        if solved or wrong >= TRIES_BEFORE_SOLUTION:
            print(self.solution_source())
            return
        print(
            f"The solution opens after a correct answer or {TRIES_BEFORE_SOLUTION} tries; "
            f"you have tried {wrong} so far. A hint may help: hint()."
        )

    def _tried(self, answers: Answers) -> Result:
        """Judge a try and record it, so that it outlives the kernel; a stub is no try."""
        result = self.judge(*answers)
        self.results.append(result)
        if result.outcome is not Outcome.NOT_ATTEMPTED:
            record.record_exercise(
                self.notebook,
                self.name,
                correct=result.outcome is Outcome.CORRECT,
                answer=written(answers[: len(self.solution_answers())]),
                mistake=result.mistake,
            )
        if result.outcome is Outcome.NOT_YET and self._so_far()[1] == TRIES_BEFORE_SOLUTION:
            opened = f"The solution is open now: exercises.{self.name}.solution()."
            result = result._replace(line=f"{result.line} {opened}")
        return result

    def _so_far(self) -> tuple[bool, int]:
        """Return whether it was solved and the number of wrong tries, earlier sessions included."""
        outcomes = [result.outcome for result in self.results]
        solved = Outcome.CORRECT in outcomes
        wrong = outcomes.count(Outcome.NOT_YET)
        earlier = record.exercise(self.notebook, self.name)
        if earlier is None:
            return solved, wrong
        return solved or earlier.outcome == record.CORRECT, max(wrong, earlier.wrong)

    def solution_source(self, names: Sequence[str] = ()) -> str:
        """Return the solution as source text, whether or not it is open to the learner.

        Args:
            names: The learner's names for the answers; with them it is the text of a solution
                cell, in which every name begins with ``solution_``.
        """
        if callable(self.solved_by):
            source = textwrap.dedent(inspect.getsource(self.solved_by)).rstrip()
            source = source.replace("  # fmt: skip", "")
            return source if names else source.replace(f"{PREFIX}{self.name}", self.name)
        values = ", ".join(self._parts())
        if not names:
            return values
        given = ", ".join(f"{PREFIX}{name}" for name in names[: len(self._parts())]) + " = "
        return given + values.replace("\n", "\n" + " " * len(given))


def exercises_of(module: ModuleType) -> list[Exercise]:
    """Return all exercises of a module, in the order in which it defines them."""
    return [value for value in vars(module).values() if isinstance(value, Exercise)]


def _say(outcome: Outcome, line: str) -> None:
    """Print a line; in a notebook a sign stands before it, and its first words have a colour."""
    if platforms.detect_platform().in_notebook:
        colour, sign = _FACES[outcome]
        line = re.sub(r"^[^.,:]+", rf"\033[{colour}m{sign} \g<0>\033[0m", line)
    print(line)


def _is_given(answer: Any, ours: Answers) -> bool:
    """Return whether a function is the workshop's, or one that ``use`` has wrapped."""
    return hasattr(answer, "given_by_use") or any(answer is each for each in ours)
