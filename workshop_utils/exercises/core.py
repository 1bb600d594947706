"""What an exercise is: a check with three outcomes, two hints and a solution.

A notebook imports the exercises of its own module and calls them by name::

    from workshop_utils.exercises import rnn_intuition as exercises

    parameter_count = ...
    exercises.parameter_count.check(parameter_count)
    exercises.parameter_count.hint()

A check never raises, never hangs and never asks for input, because "Run all"
must pass through a notebook in which no exercise, or half an exercise, is done.
"""

import functools
import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from types import ModuleType
from typing import Any, NamedTuple

from workshop_utils import progress
from workshop_utils.exercises.answers import solution_text, written
from workshop_utils.exercises.guard import Stopped, run_guarded

TIME_LIMIT = 5.0
"""Seconds that one check may take before it is stopped."""

TRIES_BEFORE_SOLUTION = 3
"""Wrong tries after which the solution opens."""


class Outcome(Enum):
    """The three things that a check can say."""

    NOT_ATTEMPTED = "not attempted"
    NOT_YET = "not yet"
    CORRECT = "correct"


class Result(NamedTuple):
    """One judged answer: the outcome, and the line that the learner reads."""

    outcome: Outcome
    line: str


class Mistake(NamedTuple):
    """A usual wrong answer and the sentence that repairs it.

    Attributes:
        recognise: Called with the learner's answers; true for this mistake. A
            predicate that raises counts as false, so it needs no care.
        sentence: What to repair, in one sentence.
        example: Answers that make this mistake, as a tuple; the tests give
            them to the check and expect this sentence.
    """

    recognise: Callable[..., bool]
    sentence: str
    example: tuple[Any, ...] = ()


Solution = str | Callable[..., Any]
"""The source of an expression (for an answer that is a value), or a function."""


class _NotAttempted(BaseException):
    """The stub still returns ``...``; no ``Exception``, so that no predicate swallows it."""


class _ReturnsNone(BaseException):
    """The learner's function ended without a ``return``."""


@dataclass
class Exercise:
    """One exercise: judges answers, gives hints, shows its solution in the end.

    Attributes:
        name: The name under which its module holds it.
        accepts: Called with the learner's answers; true when they are right. It
            may call the learner's functions and let their errors through.
        hints: Two hints, the second more direct than the first.
        solved_by: The right answer, or a tuple with one for each answer. A function
            is shown as its source; a text is an expression (``np`` is NumPy).
        mistakes: Usual wrong answers, tried in this order when ``accepts`` is false
            or raises. Plain ``(predicate, sentence)`` pairs are welcome too.
        otherwise: The repair for a wrong answer that no mistake recognises.
        after: What to notice, printed behind "Correct.".
        time_limit: Seconds after which a check is stopped.
        results: What the checks have said so far, oldest first.
    """

    name: str
    accepts: Callable[..., bool]
    hints: tuple[str, str]
    solved_by: Solution | tuple[Solution, ...]
    mistakes: tuple[Mistake | tuple[Callable[..., bool], str], ...] = ()
    otherwise: str = "this is not the expected answer; the hint says where to look."
    after: str = ""
    time_limit: float = TIME_LIMIT
    results: list[Result] = field(default_factory=list, repr=False)

    def check(self, *answers: Any) -> None:
        """Print whether the answers are right: one line, never an error.

        Args:
            answers: The learner's values or functions; ``...`` means not attempted.
        """
        result = self.judge(*answers)
        self.results.append(result)
        try:
            self._keep(result.outcome, answers)
        finally:
            print(result.line)

    def judge(self, *answers: Any) -> Result:
        """Judge the answers without printing or remembering anything."""
        try:
            return run_guarded(lambda: self._judge(answers), self.time_limit)
        except Stopped as stopped:
            return _not_yet(str(stopped))
        except (_NotAttempted, NotImplementedError):
            return _not_attempted()
        except BaseException as error:  # SystemExit and its kind, from the learner's code
            return _not_yet(_explain(error))

    def _judge(self, given: tuple[Any, ...]) -> Result:
        # In here even the first look is guarded: a learner's class may do anything.
        if not given or any(_is_stub(answer) for answer in given):
            return _not_attempted()
        answers = tuple(_watch(answer) for answer in given)
        problem = self.otherwise
        try:
            if bool(self.accepts(*answers)):
                return Result(Outcome.CORRECT, f"Correct. {self.after}".strip())
        except NotImplementedError:
            return _not_attempted()
        except Exception as error:  # whatever a half-written answer throws
            problem = _explain(error)
        for mistake in self.mistakes:
            if _recognises(mistake[0], answers):
                return _not_yet(mistake[1])
        return _not_yet(problem)

    def hint(self, level: int = 1) -> None:
        """Print a hint: level 1 says where to look, level 2 says what to do."""
        chosen = min(max(int(level), 1), len(self.hints))
        more = " (More: hint(2).)" if chosen < len(self.hints) else ""
        print(f"Hint {chosen}: {self.hints[chosen - 1]}{more}")

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

    def _keep(self, outcome: Outcome, answers: tuple[Any, ...]) -> None:
        """Record a try, so that it outlives the kernel; a stub is no try."""
        if self.notebook and outcome is not Outcome.NOT_ATTEMPTED:
            progress.record_exercise(
                self.notebook,
                self.name,
                correct=outcome is Outcome.CORRECT,
                answer=written(answers),
            )

    def _so_far(self) -> tuple[bool, int]:
        """Whether it was solved, and the wrong tries, those of earlier sessions included."""
        solved = any(result.outcome is Outcome.CORRECT for result in self.results)
        wrong = sum(result.outcome is Outcome.NOT_YET for result in self.results)
        kept = progress.exercise(self.notebook, self.name) if self.notebook else None
        if kept is None:
            return solved, wrong
        return solved or kept.outcome == progress.CORRECT, max(wrong, kept.wrong)

    @property
    def notebook(self) -> str:
        """The subject of its notebook; empty outside of the course's own modules."""
        room, _, module = str(getattr(self.accepts, "__module__", "")).rpartition(".")
        return module if room == __package__ else ""

    def solution_source(self) -> str:
        """The solution as source text, whether or not it is open to the learner."""
        return "\n\n".join(solution_text(part) for part in self._solution_parts())

    def solution_answers(self) -> tuple[Any, ...]:
        """The solution as answers that ``check`` accepts."""
        import numpy

        return tuple(
            # The text is the exercise's own, never the learner's.
            eval(part, {"np": numpy}) if isinstance(part, str) else part  # noqa: S307
            for part in self._solution_parts()
        )

    def problems(self) -> list[str]:
        """What is wrong with the exercise itself: an empty list when nothing is.

        Its solution must be correct, ``...`` must be not attempted, and the example
        of each mistake must be answered by that mistake's own sentence.
        """
        found = []
        solved = self.judge(*self.solution_answers())
        if solved.outcome is not Outcome.CORRECT:
            found.append(f"{self.name}: the solution is judged '{solved.line}'")
        stubs = tuple(... for _ in self._solution_parts())
        if self.judge(*stubs).outcome is not Outcome.NOT_ATTEMPTED:
            found.append(f"{self.name}: an unfilled stub is not 'not attempted'")
        for mistake in self.mistakes:
            example = mistake[2] if len(mistake) > 2 else ()
            said = self.judge(*example).line
            if said != _not_yet(mistake[1]).line:
                found.append(f"{self.name}: the example of '{mistake[1]}' is judged '{said}'")
        return found

    def _solution_parts(self) -> tuple[Solution, ...]:
        return self.solved_by if isinstance(self.solved_by, tuple) else (self.solved_by,)


def exercises_of(module: ModuleType) -> list[Exercise]:
    """All exercises of a module, in the order in which it defines them."""
    return [value for value in vars(module).values() if isinstance(value, Exercise)]


def _not_attempted() -> Result:
    line = "Not attempted yet. Write your answer in place of the three dots."
    return Result(Outcome.NOT_ATTEMPTED, line)


def _not_yet(repair: str) -> Result:
    return Result(Outcome.NOT_YET, f"Not yet: {repair}")


def _is_stub(answer: object) -> bool:
    """Whether an answer is ``...``, or a tuple, list or dictionary that still holds one."""
    if isinstance(answer, dict):
        return any(part is ... for part in answer.values())
    if isinstance(answer, tuple | list):
        return any(part is ... for part in answer)
    return answer is ...


def _watch(answer: Any) -> Any:
    """Wrap a learner's function so that a stub's ``...`` and a lost ``return`` are seen."""
    if not inspect.isfunction(answer):
        return answer

    @functools.wraps(answer)
    def watched(*args: Any, **kwargs: Any) -> Any:
        returned = answer(*args, **kwargs)
        if _is_stub(returned):
            raise _NotAttempted
        if returned is None:
            raise _ReturnsNone
        return returned

    return watched


def _recognises(predicate: Callable[..., bool], answers: tuple[Any, ...]) -> bool:
    try:
        return bool(predicate(*answers))
    except Exception:
        return False


_REPAIRS: tuple[tuple[type[BaseException], str], ...] = (
    (_ReturnsNone, "your function gives back None; end it with `return` and your result."),
    (NameError, "a name in your answer does not exist here; define or import it first"),
    (RecursionError, "your function calls itself without an end; give it a case that stops."),
    (SystemExit, "your answer tries to leave Python; take exit() or quit() out."),
    (MemoryError, "your answer asks for more memory than there is; look at the sizes."),
)


def _explain(error: BaseException) -> str:
    """Turn what the learner's code threw into one stable sentence."""
    try:
        said = str(error)
    except Exception:  # the message of a learner's own error may fail too
        said = ""
    detail = " ".join(re.sub(r" at 0x[0-9a-fA-F]+", "", said).split())[:200]
    if isinstance(error, TypeError) and "object is not callable" in detail:
        return "a function is expected; give its name without brackets and without calling it."
    for kind, sentence in _REPAIRS:
        if isinstance(error, kind):
            return sentence if sentence.endswith(".") else f"{sentence} ({detail})."
    said = f"{type(error).__name__}: {detail}" if detail else type(error).__name__
    return f"your answer stops with an error ({said})."
