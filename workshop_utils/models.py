"""The networks of notebooks 05 and 06: the one of 2019, a quick one, and text in, sentiment out.

All take whole batches. Layers have fixed names, so that a saved training can
be recognised and two runs of a notebook describe the same network.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workshop_utils import environment, lstm_custom_gradient

LABELS = ("negative", "positive")
"""The classes in the order of every output and every confusion matrix."""

LONGEST_TEXT = 64
"""Tokens after which a text is cut off; the longest tweet of the workshop has 49."""


@dataclass(frozen=True)
class LayerSummary:
    """One line of a network's table.

    Attributes:
        name: The layer's name.
        kind: The layer's class, for example ``LSTM``.
        output_shape: Shape of what it returns for one batch, without the batch axis;
            None stands for an axis of any length.
        parameters: How many numbers training may change in it.
    """

    name: str
    kind: str
    output_shape: tuple[int | None, ...]
    parameters: int


def lstm_2019(
    vocabulary_size: int = 2000, timesteps: int | None = 28, *, mask_padding: bool = False
) -> Any:
    """Build the network of the 2019 workshop, to the parameter.

    Embedding of 100 numbers a token, LSTM of 128 units, a linear layer of 256
    (which adds parameters and no expressive power), softmax over two classes. The LSTM is
    that of Keras with its gradient written out, :mod:`workshop_utils.lstm_custom_gradient`.

    Args:
        vocabulary_size: Rows of the embedding; 2,000 gives 350,786 parameters.
        timesteps: Tokens in a padded text; None takes batches of any length, as
            ``training.fit(buckets=True)`` makes them, and needs the mask.
        mask_padding: False as in 2019, where the LSTM reads the zeros of the
            padding as if they were words; True makes it skip them.

    Returns:
        An untrained, uncompiled Keras model: integers (batch, timesteps) in,
        probabilities (batch, 2) out, negative first.
    """
    keras = environment.load_keras()
    return keras.Sequential(
        [
            keras.Input((timesteps,), dtype="int32", name="tokens"),
            keras.layers.Embedding(vocabulary_size, 100, mask_zero=mask_padding, name="embedding"),
            lstm_custom_gradient.layer(
                128, use_cudnn=_use_cudnn(left_padded=mask_padding), name="lstm"
            ),
            keras.layers.Dense(256, name="linear"),
            keras.layers.Dense(2, activation="softmax", name="softmax"),
        ],
        name="lstm_2019",
    )


def quick_lstm(
    vocabulary_size: int = 4000,
    *,
    units: int = 32,
    embedding_size: int = 32,
    dropout: float = 0.2,
) -> Any:
    """Build the small network that learns the tweets in a few seconds on a CPU.

    It expects padding on the right, which its mask makes harmless, and reads a
    text without any token as one unknown word.

    Args:
        vocabulary_size: Rows of the embedding, padding and unknown word among them.
        units: Length of the LSTM's hidden state.
        embedding_size: Numbers that stand for one token.
        dropout: Share of the embedding's numbers that training sets to zero.

    Returns:
        An untrained, uncompiled Keras model: integers (batch, any length) in,
        P(positive) (batch, 1) out.
    """
    keras = environment.load_keras()
    tokens = keras.Input((None,), dtype="int32", name="tokens")
    embedded = keras.layers.Embedding(
        vocabulary_size, embedding_size, mask_zero=True, name="embedding"
    )(_never_empty(tokens))
    kept = keras.layers.Dropout(dropout, name="dropout")(embedded)
    hidden_state = keras.layers.LSTM(units, use_cudnn=_use_cudnn(), name="lstm")(kept)
    positive = keras.layers.Dense(1, activation="sigmoid", name="positive")(hidden_state)
    return keras.Model(tokens, positive, name="quick_lstm")


def _never_empty(tokens: Any) -> Any:
    """Put the unknown word (1) where a text has no token at all.

    A row that is padding throughout has no time step that a mask would keep;
    cuDNN stops with an error there. In all other rows the first token is 1 or
    more already, because padding stands on the right.
    """
    ops = environment.load_keras().ops
    # One more column of padding, so that there is a first token even where every
    # text of the batch is empty.
    padded = ops.pad(tokens, [[0, 0], [0, 1]])
    return ops.concatenate([ops.maximum(padded[:, :1], 1), padded[:, 1:]], axis=1)


def _use_cudnn(*, left_padded: bool = False) -> bool | str:
    """Return Keras' ``use_cudnn``: cuDNN where there is a GPU and the padding suits it.

    cuDNN takes a mask only when the padding stands on the right.
    """
    return "auto" if environment.lstm_kernel() == "cudnn" and not left_padded else False


def text_to_sentiment(vectoriser: Any, network: Any) -> Any:
    """Join vectoriser and network into one model that takes texts as people write them.

    The two travel together from here on, so that nobody can clean or number a
    text in another way than the training did.

    Args:
        vectoriser: A ``TextVectorization`` layer that knows its vocabulary.
        network: A model that takes its integers and returns P(positive), (batch, 1).

    Returns:
        A Keras model: strings (batch,) in, P(positive) (batch, 1) out. Its network
        is the layer ``network.name``; texts are cut after :data:`LONGEST_TEXT` tokens.

    Raises:
        ValueError: The network returns something other than one number a text.
    """
    if network.output_shape[-1] != 1:
        raise ValueError(
            f"The network returns {network.output_shape[-1]} numbers a text; expected one, "
            "P(positive). Give it a last layer Dense(1, activation='sigmoid')."
        )
    keras = environment.load_keras()
    texts = keras.Input((), dtype="string", name="texts")
    tokens = vectoriser(texts)[:, :LONGEST_TEXT]
    return keras.Model(texts, network(tokens), name="text_to_sentiment")


def summarise(model: Any) -> list[LayerSummary]:
    """List a model's layers with the shapes they return and their parameters.

    Args:
        model: A built Keras model.

    Returns:
        One entry for each layer that has an output, in the model's order.
    """
    return [
        LayerSummary(
            name=layer.name,
            kind=type(layer).__name__,
            output_shape=tuple(layer.output.shape[1:]),
            parameters=layer.count_params(),
        )
        for layer in model.layers
    ]


def summary_table(model: Any) -> str:
    """Write a model's layers as a plain text table, with the sum of the parameters below.

    Keras' own ``summary`` draws boxes that a screen reader spells out.

    Args:
        model: A built Keras model.

    Returns:
        A header, one line a layer and a last line with the sum.
    """
    rows = [("layer", "kind", "returns", "parameters")]
    for layer in summarise(model):
        shape = ", ".join("any" if size is None else str(size) for size in layer.output_shape)
        rows.append((layer.name, layer.kind, f"({shape})", f"{layer.parameters:,}"))
    rows.append(("sum", "", "", f"{model.count_params():,}"))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join(
        f"{name:{widths[0]}}  {kind:{widths[1]}}  {shape:{widths[2]}}  {count:>{widths[3]}}"
        for name, kind, shape, count in rows
    )
