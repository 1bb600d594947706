"""What an exercise is: a check with three outcomes, two hints, a solution, and a use.

A notebook calls them by name: ``step = exercises.rnn_step.use(rnn_step)``. A check
never raises, never hangs and never asks for input, because "Run all" must pass through a
notebook in which no exercise, or half an exercise, is done.
"""

import inspect
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from importlib import resources
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from workshop_utils.learning import record
from workshop_utils.learning.exercises import answers as said
from workshop_utils.learning.exercises import guard
from workshop_utils.learning.exercises import trials as trying
from workshop_utils.runtime import platforms

Function = Callable[..., Any]
Answers = tuple[Any, ...]
Solution = str | Function
"""The source of an expression (for an answer that is a value), or a function."""

TRIES_BEFORE_SOLUTION = 3
"""Wrong tries after which the solution opens."""


class Outcome(Enum):
    """The three things that a check can say."""

    NOT_ATTEMPTED = "not attempted"
    NOT_YET = "not yet"
    CORRECT = "correct"


#: Beside its words each outcome has a sign and a colour, as a notebook's output writes it.
_FACES = {Outcome.CORRECT: (32, "✓"), Outcome.NOT_YET: (31, "✗"), Outcome.NOT_ATTEMPTED: (34, "○")}


class Result(NamedTuple):
    """One judged answer: the outcome, the learner's line, and the mistake's name if known."""

    outcome: Outcome
    line: str
    mistake: str = ""


def texts(module: str) -> dict[str, dict[str, Any]]:
    """Read the TOML file beside a module: for each exercise the fields that are texts."""
    notebook = module.rpartition(".")[2]
    file = resources.files(__package__).joinpath(f"{notebook}.toml")
    tables = tomllib.loads(file.read_text(encoding="utf-8"))
    return {name: {"name": name, "notebook": notebook, **told} for name, told in tables.items()}


@dataclass(kw_only=True)
class Exercise:
    """One exercise: judges answers, gives hints, shows its solution in the end.

    Answers are right when they pass ``measure`` and ``trials``; where both are missing, when
    they make none of the mistakes.

    Attributes:
        name: The name under which its module holds it.
        hints: Two hints, the second more direct than the first.
        solved_by: The right answer, or a tuple with one for each answer. A function
            is shown as its source; a text is an expression (``np`` is NumPy).
        notebook: The subject of its notebook; tries are recorded under it.
        measure: Called with the learner's answers; must give what it gives for the solution.
            It may call the learner's functions and let their errors through.
        trials: Yields tuples of arguments; the learner's function must do with each
            what the solution does. Take other sizes and weights than the notebook.
        same: Compares a result of a trial, or of ``measure``, with the solution's.
        wrong: Common mistakes by name, tried in this order when the answer is wrong. A mistake
            is a function that makes it, recognised when the learner's function gives the
            same results; or a tuple of a predicate, called with the learner's answers, and
            of the answers of an example.
        repairs: The sentence that repairs each mistake.
        otherwise: The repair for a wrong answer that nothing recognises.
        after: What to notice, printed behind "Correct.".
        time_limit: Seconds after which a check is stopped.
        call_limit: Seconds that one call of the function may take in later cells.
        results: What the checks have said so far, oldest first.
    """

    name: str
    hints: tuple[str, str]
    solved_by: Solution | tuple[Solution, ...]
    notebook: str
    measure: Function | None = None
    trials: Callable[[], trying.Trials] | None = None
    same: trying.Same = trying.same
    wrong: Mapping[str, Function | Answers] = field(default_factory=dict)
    repairs: Mapping[str, str] = field(default_factory=dict)
    otherwise: str = "this is not the expected answer; the hint says where to look."
    after: str = ""
    time_limit: float = 5.0
    call_limit: float = 20.0
    results: list[Result] = field(default_factory=list, repr=False)

    @property
    def examples(self) -> dict[str, Answers]:
        """Example answers for each mistake, by its name."""
        return {
            name: made[1:] if isinstance(made, tuple) else (made,)
            for name, made in self.wrong.items()
        }

    def check(self, *answers: Any) -> None:
        """Print whether the answers are right: one line, never an error."""
        _say(*self._tried(answers)[:2])

    def use(self, *answers: Any) -> Any:
        """Check the answers, and give back what the rest of the notebook runs.

        Returns:
            The learner's own answers when they are right, otherwise the workshop's;
            a tuple when there are several. A learner's function is wrapped: when it
            fails or takes too long later, the workshop's takes its place.
        """
        used = ours = self.solution_answers()
        what = self.name if callable(ours[0]) else "answer"
        outcome = Outcome.CORRECT
        if any(inspect.isfunction(each) and _is_given(each, ours) for each in answers):
            outcome = Outcome.NOT_YET
            line = f"This is what `use` gave you, not your own {self.name}; give it your own."
        elif (result := self._tried(answers)).outcome is not Outcome.CORRECT:
            outcome = result.outcome
            line = f"{result.line} Until then the workshop's {what} runs the rest."
        elif self.trials and (slower := trying.times_slower(answers[0], ours[0], self.trials())):
            line = f"Correct, but {slower:.0f} times slower than the workshop's {what}, "
            line += "which runs the rest; let NumPy do the loops."
        else:
            line = f"{result.line} Your {what} runs the rest."
            used = tuple(map(self._lasting, answers, ours))
        _say(outcome, line)
        return used[0] if len(used) == 1 else used

    def judge(self, *answers: Any) -> Result:
        """Judge the answers without printing or remembering anything."""
        try:
            return guard.run_guarded(lambda: self._judge(answers), self.time_limit)
        except said.NotAttempted:
            line = "Not attempted yet. Write your answer in place of the three dots."
            return Result(Outcome.NOT_ATTEMPTED, line)
        except BaseException as error:  # SystemExit and its kind, from the learner's code
            return _not_yet(guard.explain(error))

    def _judge(self, given: Answers) -> Result:
        # In here even the first look is guarded: a learner's class may do anything.
        if not given or any(map(said.is_stub, given)):
            raise said.NotAttempted
        answers = tuple(map(said.watch, given))
        try:
            problem = self._problem(answers)
        except Exception as error:  # whatever a half-written answer throws
            problem = guard.explain(error)
        if problem or not (self.measure or self.trials):
            for name, made in self.wrong.items():
                try:
                    if self._recognises(made, answers):
                        return _not_yet(self.repairs[name], name)
                except Exception as error:
                    problem = problem or guard.explain(error)
        if problem:
            return _not_yet(problem)
        return Result(Outcome.CORRECT, f"Correct. {self.after}".strip())

    def _problem(self, answers: Answers) -> str:
        """Return the repair that the answers need, or nothing when they are right."""
        ours = self.solution_answers()
        if repair := said.wrong_kind(answers, ours):
            return repair
        if self.measure and not self.same(self.measure(*answers), self.measure(*ours)):
            return self.otherwise
        if self.trials:
            return trying.problem(answers[0], ours[0], self.trials(), self.same)
        return ""

    def _recognises(self, made: Function | Answers, answers: Answers) -> bool:
        if isinstance(made, tuple):
            return bool(made[0](*answers))
        if self.measure:
            return self.same(self.measure(*answers), self.measure(made))
        cases = self.trials() if self.trials else ()
        return trying.behaves_like(answers[0], made, cases, self.same)

    def _lasting(self, answer: Any, ours: Any) -> Any:
        """Return a right answer so that it cannot harm a later cell."""
        if callable(ours):
            return guard.with_fallback(answer, ours, self.name, self.call_limit)
        # A list of numbers becomes the array that later cells expect.
        return np.asarray(answer, ours.dtype) if isinstance(ours, np.ndarray) else answer

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
                answer=said.written(answers),
                mistake=result.mistake,
            )
        if result.outcome is Outcome.NOT_YET and self._so_far()[1] == TRIES_BEFORE_SOLUTION:
            told = f"{result.line} The solution is open now: exercises.{self.name}.solution()."
            result = result._replace(line=told)
        return result

    def _so_far(self) -> tuple[bool, int]:
        """Return whether it was solved and the number of wrong tries, earlier sessions included."""
        outcomes = [result.outcome for result in self.results]
        solved, wrong = Outcome.CORRECT in outcomes, outcomes.count(Outcome.NOT_YET)
        kept = record.exercise(self.notebook, self.name)
        if kept is None:
            return solved, wrong
        return solved or kept.outcome == record.CORRECT, max(wrong, kept.wrong)

    def solution_source(self) -> str:
        """Return the solution as source text, whether or not it is open to the learner."""
        return "\n\n".join(map(said.solution_text, self._solution_parts()))

    def solution_answers(self) -> Answers:
        """Return the solution as answers that ``check`` accepts."""
        return tuple(
            # The text is the exercise's own, never the learner's.
            eval(part, {"np": np}) if isinstance(part, str) else part  # noqa: S307
            for part in self._solution_parts()
        )

    def _solution_parts(self) -> tuple[Solution, ...]:
        return self.solved_by if isinstance(self.solved_by, tuple) else (self.solved_by,)


def exercises_of(module: ModuleType) -> list[Exercise]:
    """Return all exercises of a module, in the order in which it defines them."""
    return [value for value in vars(module).values() if isinstance(value, Exercise)]


def _say(outcome: Outcome, line: str) -> None:
    """Print a line; in a notebook a sign stands before it, and its first words have a colour."""
    if platforms.detect_platform().in_notebook:
        colour, sign = _FACES[outcome]
        line = re.sub(r"^[^.,:]+", rf"\033[{colour}m{sign} \g<0>\033[0m", line)
    print(line)


def _not_yet(repair: str, mistake: str = "") -> Result:
    return Result(Outcome.NOT_YET, f"Not yet: {repair}", mistake)


def _is_given(answer: Any, ours: Answers) -> bool:
    """Return whether a function is the workshop's, or one that ``use`` has wrapped."""
    return hasattr(answer, "given_by_use") or any(answer is each for each in ours)
