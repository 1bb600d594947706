"""Answers to the exercises of notebook 06."""

from fractions import Fraction

RIGHT = {
    "my_sentences": [("NAME won tonight", "I like NAME", "Is NAME here tonight?")],
    "threshold_from_costs": [lambda alarm, miss: Fraction(alarm) / Fraction(alarm + miss)],
}
WRONG = {
    "my_sentences": {"": ["NAME is here tonight", 7, [1, 2, 3]]},
    "would_use": {"not_true_or_false": [lambda praise, different, gap: "yes"]},
}
