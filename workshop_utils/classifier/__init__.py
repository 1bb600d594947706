"""Text in, sentiment out: the trained model behind an interface that people can use.

Load it with ``SentimentClassifier.load()``, give one text to ``predict``, and a list, a
pandas Series or the ``Path`` of a CSV file to ``predict_many`` or ``predict_table``.
"""

from workshop_utils.classifier.answers import Answers, Prediction
from workshop_utils.classifier.columns import TableError
from workshop_utils.classifier.service import SentimentClassifier

__all__ = ["Answers", "Prediction", "SentimentClassifier", "TableError"]
