"""What a network has to beat: classifiers that count words, from scikit-learn.

Each function returns an untrained pipeline that takes texts. None of them knows
the order of the words beyond pairs, which is what an LSTM could add.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workshop_utils import environment


def majority() -> Any:
    """Always answer with the commonest class; P(positive) is its share in training."""
    from sklearn.dummy import DummyClassifier

    return DummyClassifier(strategy="prior")


def naive_bayes() -> Any:
    """Count single words and pairs, and treat them as independent given the class."""
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.naive_bayes import MultinomialNB
    from sklearn.pipeline import make_pipeline

    return make_pipeline(CountVectorizer(ngram_range=(1, 2)), MultinomialNB())


def logistic_words(*, balanced: bool = False) -> Any:
    """Weigh single words and pairs by TF-IDF, then fit a logistic regression.

    Args:
        balanced: Give both classes the same weight in the loss.
    """
    from sklearn.pipeline import make_pipeline

    return make_pipeline(_words(), _logistic_regression(balanced))


def logistic_words_and_characters(*, balanced: bool = False) -> Any:
    """As :func:`logistic_words`, with pieces of two to five characters inside words beside them.

    The pieces see spellings, endings and unknown words. This is the strongest
    linear baseline that was found for these tweets.

    Args:
        balanced: Give both classes the same weight in the loss.
    """
    from sklearn.pipeline import make_pipeline

    return make_pipeline(words_and_characters(), _logistic_regression(balanced))


def linear_svm() -> Any:
    """Separate the classes with the widest margin, on the same words and pieces of words.

    A support vector machine gives the signed distance from the border, not a
    probability; :func:`predict` says what is made of it.
    """
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    return make_pipeline(words_and_characters(), LinearSVC(random_state=environment.DEFAULT_SEED))


def words_and_characters() -> Any:
    """Make the columns of the strongest linear baseline: words, pairs, and pieces of words."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_union

    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
    return make_union(_words(), characters)


def _words() -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer

    # scikit-learn's own pattern drops words of one letter, and "i" says a lot in a tweet.
    word = r"(?u)\b\w+\b"
    return TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=word)


def _logistic_regression(balanced: bool) -> Any:
    from sklearn.linear_model import LogisticRegression

    # The dual solver needs a tenth of the time of scikit-learn's default on this
    # many sparse columns. C=10 instead of 1: a tweet's words are few and weak.
    return LogisticRegression(
        C=10,
        class_weight="balanced" if balanced else None,
        solver="liblinear",
        dual=True,
        max_iter=1000,
        random_state=environment.DEFAULT_SEED,
    )


def all_baselines() -> dict[str, Any]:
    """Return every baseline, untrained, from the simplest to the strongest."""
    return {
        "majority": majority(),
        "naive Bayes": naive_bayes(),
        "words": logistic_words(),
        "words and characters": logistic_words_and_characters(),
        "words and characters, balanced": logistic_words_and_characters(balanced=True),
        "linear SVM": linear_svm(),
    }


def predict(
    baseline: Any,
    train_texts: Sequence[str] | NDArray[Any],
    train_labels: ArrayLike,
    test_texts: Sequence[str] | NDArray[Any],
) -> NDArray[np.float64]:
    """Train a baseline and return P(positive) for the test texts.

    Of a classifier without probabilities, the distance from its border goes through
    the logistic function instead: the order and the answers at 0.5 are its own, but
    its calibration means nothing.

    Args:
        baseline: An untrained classifier that takes texts.
        train_texts: Texts to learn from, length n.
        train_labels: Their labels, 0 negative and 1 positive, shape (n,).
        test_texts: Texts to judge, length m.

    Returns:
        Shape (m,), in 0 to 1.
    """
    baseline.fit(list(train_texts), np.asarray(train_labels))
    positive: NDArray[np.float64]
    if hasattr(baseline, "predict_proba"):
        positive = baseline.predict_proba(list(test_texts))[:, 1]
    else:
        from scipy.special import expit

        positive = expit(baseline.decision_function(list(test_texts)))
    return positive


def predict_all(
    classifiers: Mapping[str, Any],
    texts: NDArray[Any],
    labels: NDArray[Any],
    train: NDArray[Any],
    test: NDArray[Any],
) -> dict[str, NDArray[np.float64]]:
    """Train each classifier on one part of the texts and let it judge another.

    Args:
        classifiers: Name to untrained classifier, for example :func:`all_baselines`.
        texts: All texts, shape (rows,).
        labels: 0 negative, 1 positive, shape (rows,).
        train: Row numbers to learn from.
        test: Row numbers to judge.

    Returns:
        Name to P(positive) of the test rows, in the same order.
    """
    return {
        name: predict(classifier, texts[train], labels[train], texts[test])
        for name, classifier in classifiers.items()
    }
