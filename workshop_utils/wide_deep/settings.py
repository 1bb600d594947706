"""All that decides how a reader is built and trained; one field for each step of the climb."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Settings:
    """How one network is built and trained.

    Attributes:
        as_written: Read punctuation, names and retweet marks too, not cleaned words alone.
        vocabulary_size: Rows of the embedding of words, padding and unknown word among them.
        buckets: Rows of the embedding that pieces of words share by hashing; 0 for none.
        size: Numbers that stand for one word.
        units: Of the LSTM, in each direction; 0 for no LSTM, which needs a linear part.
        both_directions: Read from both ends, and pool all steps by maximum and mean,
            instead of the last hidden state of one direction.
        dropout: Share of the word's numbers, and of the pooled ones, that training sets to 0.
        whole_dimensions: Drop the same numbers in all words of a text.
        smoothing: Labels of this / 2 and 1 - this / 2 instead of 0 and 1.
        wide: Add a linear model over words, pairs and pieces (TF-IDF) to the LSTM's answer.
        balanced: Give both classes the same weight in the loss.
        confident: Weight each text by the confidence of those who labelled it.
        pretrained: Learn first, from the training texts and the neutral ones, to predict
            the next word (and the one before).
        learning_rate: Of Adam.
        schedule: ``constant``, or ``cosine``: from the rate down to 0.
        weight_decay: As in AdamW.
        batch_size: Texts in a gradient step.
        epochs: How often to go through the training texts, at most.
        patience: Stop when the validation loss has not improved for so many epochs; 0 to
            train all epochs.
    """

    as_written: bool = False
    vocabulary_size: int = 8000
    buckets: int = 0
    size: int = 64
    units: int = 64
    both_directions: bool = False
    dropout: float = 0.2
    whole_dimensions: bool = False
    smoothing: float = 0.0
    wide: bool = False
    balanced: bool = False
    confident: bool = False
    pretrained: bool = False
    learning_rate: float = 3e-3
    schedule: str = "constant"
    weight_decay: float = 0.0
    batch_size: int = 64
    epochs: int = 4
    patience: int = 0


START = Settings()
"""One LSTM that reads cleaned words: where the climb begins."""

DEEP = Settings(
    as_written=True,
    buckets=20_000,
    both_directions=True,
    dropout=0.5,
    whole_dimensions=True,
    smoothing=0.2,
    schedule="cosine",
    weight_decay=0.05,
)
"""All steps that helped on validation data, without a linear part."""

BEST = replace(DEEP, wide=True, learning_rate=1e-3)
"""The same with the linear part, beside which the LSTM has to learn slowly."""
