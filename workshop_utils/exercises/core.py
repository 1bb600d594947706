"""What an exercise is: a check with three outcomes, two hints, a solution, and a use.

A notebook calls them by name: ``step = exercises.rnn_step.use(rnn_step)``. A check
never raises, never hangs and never asks for input, because "Run all" must pass through a
notebook in which no exercise, or half an exercise, is done.
"""

import contextlib
import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from workshop_utils import progress
from workshop_utils.exercises import trials as trying
from workshop_utils.exercises.answers import (
    NotAttempted,
    explain,
    is_stub,
    solution_text,
    watch,
    written,
    wrong_kind,
)
from workshop_utils.exercises.guard import Stopped, TimeUp, run_guarded, with_fallback

TRIES_BEFORE_SOLUTION = 3
"""Wrong tries after which the solution opens."""


class Outcome(Enum):
    """The three things that a check can say."""

    NOT_ATTEMPTED = "not attempted"
    NOT_YET = "not yet"
    CORRECT = "correct"


class Result(NamedTuple):
    """One judged answer: the outcome, the learner's line, and the mistake's name if known."""

    outcome: Outcome
    line: str
    mistake: str = ""


class Mistake(NamedTuple):
    """A usual wrong answer and the sentence that repairs it.

    Attributes:
        recognise: Called with the learner's answers; true for this mistake, and false when
            it raises. None: the answers do on all trials what the example does.
        sentence: What to repair, in one sentence.
        example: Answers that make this mistake, as a tuple.
        name: Short and stable, in snake_case; the progress file counts mistakes by it.
    """

    recognise: Callable[..., bool] | None
    sentence: str
    example: tuple[Any, ...] = ()
    name: str = ""


Solution = str | Callable[..., Any]
"""The source of an expression (for an answer that is a value), or a function."""


@dataclass(kw_only=True)
class Exercise:
    """One exercise: judges answers, gives hints, shows its solution in the end.

    Attributes:
        name: The name under which its module holds it.
        hints: Two hints, the second more direct than the first.
        solved_by: The right answer, or a tuple with one for each answer. A function
            is shown as its source; a text is an expression (``np`` is NumPy).
        accepts: Called with the learner's answers; true when they are right. It
            may call the learner's functions and let their errors through.
        trials: Yields tuples of arguments; the learner's function must do with each
            what the solution does. Take other sizes and weights than the notebook.
        same: Compares a result of a trial with the solution's.
        mistakes: Usual wrong answers, tried in this order when the answer is wrong.
        otherwise: The repair for a wrong answer that nothing recognises.
        after: What to notice, printed behind "Correct.".
        time_limit: Seconds after which a check is stopped.
        call_limit: Seconds that one call of the function may take in later cells.
        results: What the checks have said so far, oldest first.
    """

    name: str
    hints: tuple[str, str]
    solved_by: Solution | tuple[Solution, ...]
    accepts: Callable[..., bool] | None = None
    trials: Callable[[], Iterable[tuple[Any, ...]]] | None = None
    same: trying.Same = trying.same
    mistakes: tuple[Mistake, ...] = ()
    otherwise: str = "this is not the expected answer; the hint says where to look."
    after: str = ""
    time_limit: float = 5.0
    call_limit: float = 20.0
    results: list[Result] = field(default_factory=list, repr=False)

    def check(self, *answers: Any) -> None:
        """Print whether the answers are right: one line, never an error."""
        print(self._tried(answers).line)

    def use(self, *answers: Any) -> Any:
        """Check the answers, and give back what the rest of the notebook runs.

        Returns:
            The learner's own answers when they are right, otherwise the workshop's;
            a tuple when there are several. A learner's function is wrapped: when it
            fails or takes too long later, the workshop's takes its place.
        """
        ours = self.solution_answers()
        if any(inspect.isfunction(each) and _is_given(each, ours) for each in answers):
            print(f"This is what `use` gave you, not your own {self.name}; give it your own.")
            return _one_or_all(ours)
        result = self._tried(answers)
        line, used, what = result.line, ours, self.name if callable(ours[0]) else "answer"
        if result.outcome is Outcome.CORRECT:
            line, used = f"{line} Your {what} runs the rest.", answers
            if slower := self._times_slower(answers):
                line = f"Correct, but {slower:.0f} times slower than the workshop's {what}, which "
                line, used = f"{line}runs the rest; let NumPy do the loops.", ours
        else:
            line = f"{line} Until then the workshop's {what} runs the rest."
        print(line)
        if used is answers:
            used = tuple(map(self._lasting, answers, ours))
        return _one_or_all(used)

    def judge(self, *answers: Any) -> Result:
        """Judge the answers without printing or remembering anything."""
        try:
            return run_guarded(lambda: self._judge(answers), self.time_limit)
        except Stopped as stopped:
            return _not_yet(str(stopped))
        except (NotAttempted, NotImplementedError):
            return _not_attempted()
        except BaseException as error:  # SystemExit and its kind, from the learner's code
            return _not_yet(explain(error))

    def _judge(self, given: tuple[Any, ...]) -> Result:
        # In here even the first look is guarded: a learner's class may do anything.
        if not given or any(is_stub(answer) for answer in given):
            return _not_attempted()
        answers = tuple(map(watch, given))
        problem = self._problem(answers)
        if not problem:
            return Result(Outcome.CORRECT, f"Correct. {self.after}".strip())
        for mistake in self.mistakes:
            with contextlib.suppress(Exception):
                if self._recognises(mistake, answers):
                    return _not_yet(mistake.sentence, mistake.name)
        return _not_yet(problem)

    def _problem(self, answers: tuple[Any, ...]) -> str:
        """Return the repair that the answers need, or nothing when they are right."""
        ours = self.solution_answers()
        if repair := wrong_kind(answers, ours):
            return repair
        try:
            if self.accepts is not None and not bool(self.accepts(*answers)):
                return self.otherwise
        except NotImplementedError:
            raise
        except Exception as error:  # whatever a half-written answer throws
            return explain(error)
        if self.trials is None:
            return ""
        return trying.problem(answers[0], ours[0], self.trials(), self.same)

    def _recognises(self, mistake: Mistake, answers: tuple[Any, ...]) -> bool:
        if mistake.recognise is not None:
            return bool(mistake.recognise(*answers))
        if self.trials is None:
            return self.same(answers, mistake.example)
        return trying.behaves_like(answers[0], mistake.example[0], self.trials(), self.same)

    def _times_slower(self, answers: tuple[Any, ...]) -> float:
        if self.trials is None:
            return 0.0
        cases, ours = self.trials(), self.solution_answers()
        try:
            return run_guarded(lambda: trying.times_slower(answers[0], ours[0], cases), 60.0)
        except Exception:
            return float("inf")

    def _lasting(self, answer: Any, ours: Any) -> Any:
        """Return a right answer so that it cannot harm a later cell."""
        if not callable(ours):  # a list of numbers becomes the array that later cells expect
            return np.asarray(answer, ours.dtype) if isinstance(ours, np.ndarray) else answer

        def failed(error: BaseException) -> None:
            why = f"takes more than {self.call_limit:g} seconds."
            why = why if isinstance(error, TimeUp) else f"fails here: {explain(error)}"
            print(f"Your {self.name} {why} From here on the workshop's runs in its place.")

        return with_fallback(answer, ours, self.call_limit, failed)

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

    def _tried(self, answers: tuple[Any, ...]) -> Result:
        """Judge a try and record it, so that it outlives the kernel; a stub is no try."""
        opened = self._so_far()[1] >= TRIES_BEFORE_SOLUTION
        result = self.judge(*answers)
        self.results.append(result)
        if self.notebook and result.outcome is not Outcome.NOT_ATTEMPTED:
            progress.record_exercise(
                self.notebook,
                self.name,
                correct=result.outcome is Outcome.CORRECT,
                answer=written(answers),
                mistake=result.mistake,
            )
        if not opened and self._so_far()[1] >= TRIES_BEFORE_SOLUTION:
            told = f"{result.line} The solution is open now: exercises.{self.name}.solution()."
            result = result._replace(line=told)
        return result

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
        for part in (self.accepts, self.trials, self.solved_by):
            room, _, module = str(getattr(part, "__module__", "")).rpartition(".")
            if room == __package__:
                return module
        return ""

    def solution_source(self) -> str:
        """The solution as source text, whether or not it is open to the learner."""
        return "\n\n".join(solution_text(part) for part in self._solution_parts())

    def solution_answers(self) -> tuple[Any, ...]:
        """The solution as answers that ``check`` accepts."""
        return tuple(
            # The text is the exercise's own, never the learner's.
            eval(part, {"np": np}) if isinstance(part, str) else part  # noqa: S307
            for part in self._solution_parts()
        )

    def _solution_parts(self) -> tuple[Solution, ...]:
        return self.solved_by if isinstance(self.solved_by, tuple) else (self.solved_by,)


def exercises_of(module: ModuleType) -> list[Exercise]:
    """All exercises of a module, in the order in which it defines them."""
    return [value for value in vars(module).values() if isinstance(value, Exercise)]


def _not_attempted() -> Result:
    line = "Not attempted yet. Write your answer in place of the three dots."
    return Result(Outcome.NOT_ATTEMPTED, line)


def _not_yet(repair: str, mistake: str = "") -> Result:
    return Result(Outcome.NOT_YET, f"Not yet: {repair}", mistake)


def _one_or_all(answers: tuple[Any, ...]) -> Any:
    return answers[0] if len(answers) == 1 else answers


def _is_given(answer: Any, ours: tuple[Any, ...]) -> bool:
    """Whether an answer is the workshop's function, or one that ``use`` has wrapped."""
    return any(answer is each for each in ours) or hasattr(answer, "given_by_use")
