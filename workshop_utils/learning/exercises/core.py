"""What an exercise is: a check with three outcomes, two hints, a solution, and a use.

A notebook calls them by name: ``step = exercises.rnn_step.use(rnn_step)``. A check
never raises, never hangs and never asks for input, because "Run all" must pass through a
notebook in which no exercise, or half an exercise, is done.
"""

import ast
import inspect
import re
import textwrap
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, InitVar, dataclass, field
from enum import Enum
from importlib import resources
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from workshop_utils import runtime
from workshop_utils.learning import record
from workshop_utils.learning.exercises import guard, trials
from workshop_utils.learning.exercises.answers import is_stub, watch, written
from workshop_utils.learning.exercises.kinds import NotAttempted, WrongKind, like
from workshop_utils.learning.exercises.trials import Same, Trials
from workshop_utils.runtime import platforms

Function = Callable[..., Any]
Answers = tuple[Any, ...]

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


class Outcome(Enum):
    """The three things that a check can say."""

    NOT_ATTEMPTED = "not attempted"
    NOT_YET = "not yet"
    CORRECT = "correct"


#: Beside its words each outcome has a sign and a colour, as a notebook's output writes it.
_FACES = {Outcome.CORRECT: (32, "✓"), Outcome.NOT_YET: (31, "✗"), Outcome.NOT_ATTEMPTED: (34, "○")}


class Result(NamedTuple):
    """One judged answer.

    Attributes:
        outcome: Which of the three it is.
        line: What the learner reads.
        mistake: The name of the mistake, if it is a known one.
        answers: Right answers, as the rest of the notebook runs them.
    """

    outcome: Outcome
    line: str
    mistake: str = ""
    answers: Answers = ()


class Mistake(NamedTuple):
    """A usual mistake.

    Attributes:
        name: Its name in the record and on the class page.
        repair: The sentence that repairs it.
        example: A wrong answer that makes it; a tuple where the exercise has several answers.
        seen: Says whether answers make it; by default those do that give what the example gives.
    """

    name: str
    repair: str
    example: Any
    seen: Function | None = None


@dataclass
class Exercise:
    """One exercise: judges answers, gives hints, shows its solution in the end.

    Answers are right when they pass ``measure`` and ``trials``; where both are missing, when
    they make none of the mistakes. Before, they are turned into the kind that the solution has:
    a list or a matrix into an array, an array of one number into a number.

    Attributes:
        module: The module that holds it; its last part is the subject of the notebook.
        name: The name under which the module holds it.
        hints: Two hints, the second more direct than the first.
        solved_by: The right answer: a function that is named ``solution_`` and the exercise's
            name; or the source of an expression (``np`` is NumPy); or a tuple of sources.
        mistakes: Usual mistakes, tried in this order when the answer is wrong.
        measure: Called with the answers; must give what it gives for the solution.
        same: Compares a result of a trial, or of ``measure``, with the solution's.
        trials: Yields tuples of arguments; the learner's function must do with each
            what the solution does. Take other sizes and weights than the notebook.
        given: Stand-ins for what the notebook hands over behind the answers.
        gives: An example of what the learner's function gives back, where no trial shows it.
        otherwise: The repair for a wrong answer that nothing recognises.
        after: What to notice, printed behind "Correct.".
        time_limit: Seconds of the processor after which a check is stopped.
        results: What the checks have said so far, oldest first.
    """

    module: str
    name: str
    _: KW_ONLY
    hints: tuple[str, str]
    solved_by: Function | str | tuple[str, ...]
    mistakes: Sequence[Mistake] = ()
    measure: Function | None = None
    same: Same = trials.same
    trials: Callable[[], Trials] | None = None
    given: Answers = ()
    gives: Any = None
    otherwise: str = "this is not the expected answer; the hint says where to look."
    after: str = ""
    time_limit: float = 5.0
    results: list[Result] = field(default_factory=list, repr=False)
    # The older form, until each subject is written in the one above.
    wrong: InitVar[Mapping[str, Any] | None] = None
    repairs: InitVar[Mapping[str, str] | None] = None
    call_limit: InitVar[float] = 0.0

    def __post_init__(
        self,
        wrong: Mapping[str, Any] | None,
        repairs: Mapping[str, str] | None,
        call_limit: float,
    ) -> None:
        """Take over the older form."""
        self._measured: dict[str, Any] = {}
        if wrong is None:
            return
        several = isinstance(self.solved_by, tuple)
        self.mistakes = [
            Mistake(name, (repairs or {})[name], made[1:] if several else made[1], made[0])
            if isinstance(made, tuple)
            else Mistake(name, (repairs or {})[name], made)
            for name, made in wrong.items()
        ]

    @property
    def notebook(self) -> str:
        """The subject of the notebook; tries are recorded under it."""
        return self.module.rpartition(".")[2]

    @property
    def examples(self) -> dict[str, Answers]:
        """Example answers for each mistake, by its name."""
        several = isinstance(self.solved_by, tuple)
        return {each.name: each.example if several else (each.example,) for each in self.mistakes}

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
            outcome, used = result.outcome, result.answers
            line = f"{result.line} Your {what} runs the rest."
        else:
            outcome = result.outcome
            line = f"{result.line} Until then the workshop's {what} runs the rest."
        _say(outcome, line)
        return used[0] if len(used) == 1 else used

    def judge(self, *answers: Any) -> Result:
        """Judge the answers without printing or remembering anything."""
        try:
            return guard.run_guarded(lambda: self._judge(answers), self.time_limit)
        except NotAttempted:
            line = "Not attempted yet. Write your answer in place of the three dots."
            return Result(Outcome.NOT_ATTEMPTED, line)
        except BaseException as error:  # SystemExit and its kind, from the learner's code
            return _not_yet(guard.explain(error))

    def _judge(self, handed: Answers) -> Result:
        # In here even the first look is guarded: a learner's class may do anything.
        ours = self.solution_answers()
        answers = handed[: len(ours)]
        if not answers or any(map(is_stub, answers)):
            raise NotAttempted
        given = handed[len(ours) :] or self.given
        if len(answers) != len(ours) or len(given) != len(self.given):
            count = len(ours) + len(self.given)
            return _not_yet(f"give {count} in this place and not {len(handed)}.")
        try:
            answers = tuple(map(self._turned, answers, ours))
        except Exception as error:  # a value of the learner's own class may throw anything
            return _not_yet(self._explained(error))
        problem, measured = "", None
        try:
            measured = self.measure(*answers, *given) if self.measure else None
            problem = self._problem(measured, answers, ours)
        except Exception as error:  # whatever a half-written answer throws
            problem = self._explained(error)
        if problem or not (self.measure or self.trials):
            for mistake in self.mistakes:
                try:
                    if self._makes(mistake, measured, answers, given):
                        return _not_yet(mistake.repair, mistake.name)
                except Exception as error:
                    problem = problem or self._explained(error)
        if problem:
            return _not_yet(problem)
        right = tuple(map(self._lasting, answers, ours))
        return Result(Outcome.CORRECT, f"Correct. {self.after}".strip(), answers=right)

    def _turned(self, answer: Any, ours: Any) -> Any:
        """Return an answer as the kind of the solution; a function is watched in the check."""
        if inspect.isroutine(answer) and not callable(ours):
            raise WrongKind("a value is expected; call your function and give what it returns.")
        if answer is None and not callable(ours):
            raise WrongKind("your answer is None; print it, and look where its value is lost.")
        turned = like(answer, ours)
        return watch(turned, self.gives) if callable(ours) else turned

    def _problem(self, measured: Any, answers: Answers, ours: Answers) -> str:
        """Return the repair that the answers need, or nothing when they are right."""
        if self.measure and not self.same(measured, self._measure_of(PREFIX, ours)):
            return self.otherwise
        if self.trials:
            return trials.problem(answers[0], ours[0], self.trials(), self.same)
        return ""

    def _measure_of(self, name: str, answers: Answers) -> Any:
        """Return what is measured of answers of our own, once."""
        if name not in self._measured:
            measure: Any = self.measure
            self._measured[name] = measure(*answers, *self.given)
        return self._measured[name]

    def _makes(self, mistake: Mistake, measured: Any, answers: Answers, given: Answers) -> bool:
        if mistake.seen:
            return bool(mistake.seen(*answers, *given))
        if self.measure:
            example = self._measure_of(mistake.name, self.examples[mistake.name])
            return measured is not None and self.same(measured, example)
        cases = self.trials() if self.trials else ()
        return trials.behaves_like(answers[0], mistake.example, cases, self.same)

    def _explained(self, error: Exception) -> str:
        """Return the repair for an error: the learner's own, or ours where it met nonsense."""
        if isinstance(error, guard.Failed | WrongKind):
            return str(error)
        return self.otherwise

    def _lasting(self, answer: Any, ours: Any) -> Any:
        """Return a right answer as the rest of the notebook runs it."""
        if not callable(ours):
            return answer
        example = self.gives
        if example is None and self.trials:
            example = ours(*next(iter(self.trials())))
        return guard.own(answer.__wrapped__, self.name, example)

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
        solved, wrong = Outcome.CORRECT in outcomes, outcomes.count(Outcome.NOT_YET)
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
            if not self.solved_by.__name__.startswith(PREFIX):
                source = _without_types(source)
            return source if names else source.replace(f"{PREFIX}{self.name}", self.name)
        values = ", ".join(self._parts())
        if not names:
            return values
        given = ", ".join(f"{PREFIX}{name}" for name in names[: len(self._parts())]) + " = "
        return given + values.replace("\n", "\n" + " " * len(given))

    def solution_answers(self) -> Answers:
        """Return the solution as answers that ``check`` accepts."""
        if callable(self.solved_by):
            return (self.solved_by,)
        # The text is the exercise's own, never the learner's.
        return tuple(eval(part, {"np": np}) for part in self._parts())  # noqa: S307

    def _parts(self) -> tuple[str, ...]:
        assert not callable(self.solved_by)
        return self.solved_by if isinstance(self.solved_by, tuple) else (self.solved_by,)


def exercises_of(module: ModuleType) -> list[Exercise]:
    """Return all exercises of a module, in the order in which it defines them."""
    return [value for value in vars(module).values() if isinstance(value, Exercise)]


def texts(module: str) -> dict[str, dict[str, Any]]:
    """Read the TOML file beside a module, of the older form."""
    file = resources.files(__package__).joinpath(f"{module.rpartition('.')[2]}.toml")
    tables = tomllib.loads(file.read_text(encoding="utf-8"))
    return {name: {"module": module, "name": name, **fields} for name, fields in tables.items()}


def _without_types(source: str) -> str:
    """Return a function of the older form as a learner would write it."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.name, node.returns = node.name.lstrip("_"), None
        elif isinstance(node, ast.arg):
            node.annotation = None
    return ast.unparse(tree)


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
