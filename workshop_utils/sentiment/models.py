"""The networks of notebook 05, the linear model that they must beat; text in, sentiment out."""

from __future__ import annotations

from typing import Any

from workshop_utils.runtime import environment

LABELS = ("negative", "positive")
"""The classes in the order of every output and every confusion matrix."""

LONGEST_TEXT = 64
"""Tokens after which a text is cut off; the longest tweet of the workshop has 49."""


def lstm_2019(vocabulary_size: int = 2000, timesteps: int | None = 28) -> Any:
    """Build the network of the 2019 workshop; notebook 05 builds it too.

    Args:
        vocabulary_size: Rows of the embedding; 2,000 gives 350,786 parameters.
        timesteps: Tokens in a padded text; None takes batches of any length.

    Returns:
        An untrained, uncompiled Keras model: integers (batch, timesteps) in,
        probabilities (batch, 2) out, negative first.
    """
    keras = environment.load_keras()
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((timesteps,), dtype="int32"),
            layers.Embedding(vocabulary_size, 100),
            layers.LSTM(128),
            layers.Dense(256),
            layers.Dense(2, activation="softmax"),
        ],
        name="lstm_2019",
    )


def quick_lstm(
    vocabulary_size: int = 4000, *, units: int = 32, embedding_size: int = 32, dropout: float = 0.2
) -> Any:
    """Build the small network that learns the tweets in a few seconds on a CPU.

    Its mask skips the zeros of the padding, which stands on the right. cuDNN is off,
    because it refuses a text that is padding throughout.

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
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(vocabulary_size, embedding_size, mask_zero=True, name="embedding"),
            layers.Dropout(dropout, name="dropout"),
            layers.LSTM(units, use_cudnn=False, name="lstm"),
            layers.Dense(1, activation="sigmoid", name="positive"),
        ],
        name="quick_lstm",
    )


def linear(seed: int = environment.DEFAULT_SEED, *, pieces: bool = True) -> Any:
    """Make the linear model that a network has to beat: it counts words and pieces of words.

    TF-IDF of single words, pairs of words, and runs of two to five characters inside of
    words, then a logistic regression (as in S. Wang and C. Manning 2012, Baselines and
    bigrams). Its ``C`` is that of ``workshop experiment ablation``.

    Args:
        seed: Of the order in which the solver takes the texts.
        pieces: Whether it sees runs of characters beside the words and pairs.

    Returns:
        An untrained scikit-learn pipeline: raw texts in, ``predict_proba`` (texts, 2) out.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union

    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"(?u)\b\w+\b")  # noqa: S106
    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
    regression = LogisticRegression(
        C=10, solver="liblinear", dual=True, max_iter=1000, random_state=seed
    )
    return make_pipeline(make_union(words, characters) if pieces else words, regression)


def text_to_sentiment(vectoriser: Any, network: Any) -> Any:
    """Join vectoriser and network into one model that takes texts as people write them.

    The two travel together from here on, so that nobody can clean or number a text in
    another way than the training did.

    Args:
        vectoriser: A ``TextVectorization`` layer that knows its vocabulary.
        network: A model that takes its integers and returns P(positive), (batch, 1).

    Returns:
        A Keras model: strings (batch,) in, P(positive) (batch, 1) out.

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
    return keras.Model(texts, network(vectoriser(texts)), name="text_to_sentiment")
