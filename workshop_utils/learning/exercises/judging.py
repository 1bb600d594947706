"""How an answer is judged: turned into the solution's kind, measured, tried, its mistake named."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import KW_ONLY, dataclass, field
from enum import Enum
from typing import Any, NamedTuple

import numpy as np

from workshop_utils.learning.exercises import guard, trials
from workshop_utils.learning.exercises.answers import is_stub, watch
from workshop_utils.learning.exercises.kinds import NotAttempted, WrongKind, like
from workshop_utils.learning.exercises.trials import Same, Trials

Function = Callable[..., Any]
Answers = tuple[Any, ...]

_OF_SOLUTION = ""
"""The name under which the measure of the solution is kept."""


class Outcome(Enum):
    """The three things that a check can say."""

    NOT_ATTEMPTED = "not attempted"
    NOT_YET = "not yet"
    CORRECT = "correct"


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
class Judge:
    """What judges the answers to one exercise.

    Answers are right when they pass ``measure`` and ``trials``; where both are missing, when
    they make none of the mistakes. Before, they are turned into the kind that the solution has:
    a list or a matrix into an array, an array of one number into a number.

    Attributes:
        module: The module that holds it; its last part is the subject of the notebook.
        name: The name under which the module holds it.
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
    """

    module: str
    name: str
    _: KW_ONLY
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
    _measured: dict[str, Any] = field(default_factory=dict, init=False, repr=False)

    @property
    def examples(self) -> dict[str, Answers]:
        """Example answers for each mistake, by its name."""
        several = isinstance(self.solved_by, tuple)
        return {each.name: each.example if several else (each.example,) for each in self.mistakes}

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
        problem = ""
        measured = None
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
        if self.measure and not self.same(measured, self._measure_of(_OF_SOLUTION, ours)):
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

    def solution_answers(self) -> Answers:
        """Return the solution as answers that ``check`` accepts."""
        if callable(self.solved_by):
            return (self.solved_by,)
        # The text is the exercise's own, never the learner's.
        return tuple(eval(part, {"np": np}) for part in self._parts())  # noqa: S307

    def _parts(self) -> tuple[str, ...]:
        assert not callable(self.solved_by)
        return self.solved_by if isinstance(self.solved_by, tuple) else (self.solved_by,)


def _not_yet(repair: str, mistake: str = "") -> Result:
    return Result(Outcome.NOT_YET, f"Not yet: {repair}", mistake)
