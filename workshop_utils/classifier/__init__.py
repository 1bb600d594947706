"""Text in, sentiment out: the trained model behind an interface that people can use.

Load it with ``SentimentClassifier.load()``, give one text to ``predict``, and a list, a
pandas Series or the ``Path`` of a CSV file to ``predict_many`` or ``predict_table``.
"""

from workshop_utils.classifier.answers import CANNOT_TELL, Answers, Prediction
from workshop_utils.classifier.domain import DomainReport
from workshop_utils.classifier.service import SentimentClassifier
from workshop_utils.classifier.texts import TableError

__all__ = [
    "CANNOT_TELL",
    "Answers",
    "DomainReport",
    "Prediction",
    "SentimentClassifier",
    "TableError",
]
