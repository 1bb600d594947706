"""The picture that opens the README: a sentence read word by word."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from workshop_utils.figures import alt as describe
from workshop_utils.figures.canvas import Canvas
from workshop_utils.figures.drawing import Drawing
from workshop_utils.figures.labels import plain
from workshop_utils.figures.marks import gauge
from workshop_utils.figures.parts import LANE, STATE, Vector
from workshop_utils.figures.style import MUTED, styled

WORDS = ("not", "one", "dull", "minute", "in", "this", "film")

#: What the toy network sees of a word: does it negate, is it good, is it bad?
_FEATURES = {
    **dict.fromkeys(("not", "never", "no"), (1.0, 0.0, 0.0)),
    **dict.fromkeys(("good", "great", "fine", "love"), (0.0, 1.0, 0.0)),
    **dict.fromkeys(("dull", "dumb", "bad", "hate"), (0.0, 0.0, 1.0)),
}
#: Input gate of its five units, set by hand: a negation, good without negation,
#: bad with negation, bad without, good with. Rows: features, negation seen, bias.
_INPUT_GATE = np.array(
    [
        [12.0, 0.0, 0.0, 0.0, 0.0],
        [0.0, 8.0, 0.0, 0.0, 10.0],
        [0.0, 0.0, 10.0, 8.0, 0.0],
        [0.0, -16.0, 14.0, -16.0, 14.0],
        [-6.0, -4.0, -14.0, -4.0, -14.0],
    ]
)
#: How each unit counts for the verdict: a bare negation sounds a little negative.
_VERDICT = np.array([-0.9, 3.4, 3.4, -3.4, -3.4])

#: The other gates are the same for all units and words.
_FORGET_GATE, _CANDIDATE, _OUTPUT_GATE = 0.95, 1.0, 0.99

_PITCH, _LEFT = 1.42, 1.0
_WORDS_AT, _CHAIN, _GAUGE = 0.5, 1.6, 3.2


def _sigmoid(z: Vector) -> Vector:
    return np.asarray(1 / (1 + np.exp(-z)), dtype=float)


def toy_reading(words: Sequence[str]) -> list[float]:
    """Read words with an LSTM of five units whose weights are set by hand.

    It shows how a cell state carries a negation to a later word; it has learnt
    nothing and knows a dozen words.

    Args:
        words: The words in order.

    Returns:
        P(positive) after each word.
    """
    hidden_state, cell_state = np.zeros(5), np.zeros(5)
    probabilities = []
    for word in words:
        features = _FEATURES.get(word.lower(), (0.0, 0.0, 0.0))
        input_gate = _sigmoid(np.array([*features, hidden_state[0], 1.0]) @ _INPUT_GATE)
        cell_state = _FORGET_GATE * cell_state + input_gate * _CANDIDATE
        hidden_state = _OUTPUT_GATE * np.tanh(cell_state)
        probabilities.append(float(_sigmoid(hidden_state @ _VERDICT)))
    return probabilities


@styled
def cover(words: Sequence[str] = WORDS, probabilities: Sequence[float] | None = None) -> Drawing:
    """Draw a chain that reads a sentence, with the probability after each word.

    Args:
        words: Two to eight words.
        probabilities: P(positive) after each word, from a model; without it
            :func:`toy_reading` reads the words, and the picture says so.

    Returns:
        A wide drawing; its description gives the sentence and every probability.

    Raises:
        ValueError: The number of words is not 2 to 8, or the probabilities do not
            fit the words or do not lie in 0 to 1.
    """
    if not 2 <= len(words) <= 8:
        raise ValueError(f"The cover has room for 2 to 8 words, not {len(words)}.")
    given = toy_reading(words) if probabilities is None else [float(p) for p in probabilities]
    if len(given) != len(words) or not all(0 <= p <= 1 for p in given):
        raise ValueError(
            f"Expected {len(words)} probabilities between 0 and 1, one after each word, "
            f"got {given}."
        )
    canvas = Canvas(_LEFT + _PITCH * len(words) + 2.0, 4.6)
    canvas.text((0.5, 4.3), "How likely is it positive so far?", size=14, align="left")
    for k, (word, p) in enumerate(zip(words, given, strict=True)):
        _draw_step(canvas, _LEFT + _PITCH * k, word, p, last=k == len(words) - 1)
    reader = "a toy LSTM, weights set by hand" if probabilities is None else "the LSTM"
    _draw_verdict(canvas, _LEFT + _PITCH * len(words) - 0.4, given[-1], reader)
    course = describe.join(f"{p:.2f} after “{w}”" for w, p in zip(words, given, strict=True))
    generated = describe.sentences(
        f"A chain of LSTM steps reads the sentence “{' '.join(words)}” from left to right",
        "Each step hands its state to the next; a bar above it shows how likely the sentence is "
        "positive so far",
        f"According to {reader}: {course}",
    )
    return Drawing(canvas.figure, generated)


def _draw_step(canvas: Canvas, x: float, word: str, p: float, *, last: bool) -> None:
    """One word, the step that reads it, and the probability so far."""
    canvas.text((x, _WORDS_AT), plain(word), size=19, bold=True)
    canvas.wire([(x, 0.76), (x, _CHAIN - 0.34)], "", STATE)
    canvas.box((x, _CHAIN), (0.88, 0.68), [], "", "forget")
    canvas.text((x, _CHAIN), "LSTM", size=14)
    if not last:
        canvas.wire([(x + 0.44, _CHAIN), (x + _PITCH - 0.44, _CHAIN)], "", LANE)
    canvas.wire([(x, _CHAIN + 0.34), (x, _GAUGE - 0.72)], "", STATE)
    gauge(canvas, (x, _GAUGE), (0.38, 1.4), p)


def _draw_verdict(canvas: Canvas, x: float, p: float, reader: str) -> None:
    """The last probability in words, and who gives it."""
    canvas.text((x, _GAUGE + 0.3), f"{p:.0%}", size=32, bold=True, align="left")
    canvas.text((x, _GAUGE - 0.2), "positive", size=18, align="left")
    for k, line in enumerate(reader.split(", ")):
        canvas.text((x, _CHAIN + 0.12 - 0.24 * k), line, size=12, colour=MUTED, align="left")
