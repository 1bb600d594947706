"""A trained network that reads, live: scrub along a sentence, and exchange its units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from workshop_utils.figures.bars import bars
from workshop_utils.figures.drawing import Drawing
from workshop_utils.figures.live import show_live
from workshop_utils.figures.parts import LOOKS
from workshop_utils.figures.streams import cell_stream
from workshop_utils.figures.style import NEGATIVE_BAR, POSITIVE_BAR, TINTS

#: Word vectors (words, features), an LSTM cell, weights (units,) and bias of the readout.
Network: TypeAlias = tuple[ArrayLike, Any, ArrayLike, float]
_HUES = {"positive": POSITIVE_BAR, "negative": NEGATIVE_BAR, "colours": TINTS}
_GATES = ("forget", "input", "output")


def sentence_player(
    networks: Mapping[str, Network],
    sentences: Sequence[str],
    caption: str,
    *,
    vocabulary: Sequence[str],
) -> None:
    """Let the reader scrub along a sentence, and shut or open a gate at one word.

    The cell state of one unit is shown as a stream in which each word's write keeps its
    own colour and name, with the gates and the probability of "she" below it.

    Args:
        networks: Name to word vectors, cell, and weights and bias of the readout.
        sentences: One or several to choose from; others can be typed.
        caption: One sentence of at most 25 words that says what to notice.
        vocabulary: The words, in the order of the word vectors.

    Raises:
        ValueError: A sentence has a word that the vocabulary lacks.
    """
    numbers = [_numbers(text, vocabulary) for text in sentences]
    name, network = next(iter(networks.items()))
    steps = _read(network, numbers[0])
    unit = int(np.abs(steps.hidden_state[-1] * np.asarray(network[2])).argmax())
    written = steps.input_gate[:, unit] * steps.candidate[:, unit]
    words = sentences[0].split()
    title = f"{name}: what unit {unit} holds"
    drawing = cell_stream(words, steps.forget_gate[:, unit], written, title=title)
    data = {
        "vocabulary": list(vocabulary),
        "examples": list(sentences),
        "fills": {gate: LOOKS[gate].fill for gate in _GATES} | {"she": "#cdb3dd"},
        **_HUES,
    }
    show_live(drawing, caption, "sentence", ("language", "sentence"), data, _written(networks))


def pronoun_surgery(
    networks: Mapping[str, Network],
    texts: tuple[str, str],
    caption: str,
    *,
    vocabulary: Sequence[str],
) -> None:
    """Let the reader exchange the states of any units between two texts, and see what is said.

    Both texts are read up to their last word. The hidden and cell states of the chosen
    units change places, then each text's last word is read and the pronoun is written.

    Args:
        networks: As for :func:`sentence_player`; they stand side by side.
        texts: Two sentences; others can be typed.
        caption: One sentence of at most 25 words that says what to notice.
        vocabulary: The words, in the order of the word vectors.

    Raises:
        ValueError: A text has a word that the vocabulary lacks, or a single word.
    """
    numbers = [_numbers(text, vocabulary) for text in texts]
    if len(texts) != 2 or min(map(len, numbers)) < 2:
        raise ValueError("Give two texts of two words or more; the last word is read after.")
    data = {"vocabulary": list(vocabulary), "texts": list(texts), **_HUES}
    drawing = _states_of_both(networks, texts, numbers)
    show_live(drawing, caption, "surgery", ("language", "surgery"), data, _written(networks))


def _numbers(text: str, vocabulary: Sequence[str]) -> list[int]:
    """Turn words into their places in the vocabulary."""
    if unknown := sorted(set(text.split()) - set(vocabulary)):
        raise ValueError(f"The vocabulary lacks {', '.join(unknown)}.")
    return [vocabulary.index(word) for word in text.split()]


def _read(network: Network, numbers: Sequence[int]) -> Any:
    """Return every step of a text."""
    vectors, cell, *_ = network
    return cell.run(np.asarray(vectors)[list(numbers)], return_steps=True).steps


def _written(networks: Mapping[str, Network]) -> dict[str, Any]:
    """Return the trained numbers as the scripts read them, with the seven digits of float32."""

    def short(values: ArrayLike) -> Any:
        flat = [float(f"{digit:.7g}") for digit in np.asarray(values, dtype=float).ravel()]
        return np.reshape(flat, np.shape(values)).tolist()

    return {
        name: {
            "vectors": short(vectors),
            "kernel": short(cell.kernel),
            "recurrent": short(cell.recurrent_kernel),
            "bias": short(cell.bias),
            "weights": short(weights),
            "readout": short(bias),
        }
        for name, (vectors, cell, weights, bias) in networks.items()
    }


def _states_of_both(
    networks: Mapping[str, Network], texts: tuple[str, str], numbers: Sequence[Sequence[int]]
) -> Drawing:
    """Draw the cell states of every unit before the last word, for both texts."""
    rows: list[str] = []
    states: dict[str, list[float]] = {text: [] for text in texts}
    for name, network in networks.items():
        rows += [f"{name}, unit {u}" for u in range(len(np.asarray(network[2])))]
        for text, read in zip(texts, numbers, strict=True):
            states[text] += _read(network, read).cell_state[-2].tolist()
    return bars(rows, states, digits=2, xlabel="cell state before the last word")
