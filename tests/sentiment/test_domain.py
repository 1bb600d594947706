"""How far texts are from those that a model was checked on."""

import numpy as np
import pytest
import small_classifier
from hypothesis import strategies as st

from workshop_utils.sentiment.domain import DomainReport

WORDS = st.sampled_from(
    ["great", "terrible", "night", "lies", "odd", "don't", "\U0001f44d", "RT @a:"]
)


def test_a_table_of_other_texts_is_far_and_one_of_the_same_kind_is_not(classifier):
    same = [f"{each} {n}" for each in small_classifier.VALIDATION for n in range(9)]
    assert len(set(same)) >= 200
    assert classifier.domain(same).distances["score"] < 0.5
    other = [f"the waiter number {n} forgot our order, so we left soon" for n in range(200)]
    report = classifier.domain(other)
    assert report.far
    assert report.distances["words"] == pytest.approx(1)
    assert "its scores may not hold here" in str(report)


@pytest.mark.parametrize(
    "texts",
    [[], ["great"], ["odd words"] * 199, ["\u0633\u0644\u0627\u0645", "\u0628\u062f"] * 150],
)
def test_few_texts_are_not_compared(classifier, texts):
    report = classifier.domain(texts)
    assert not report.far
    assert "200 are needed" in str(report)


def test_many_copies_of_one_text_are_one_text(classifier):
    report = classifier.domain(["the waiter forgot our order"] * 500)
    assert (report.distinct, report.far) == (1, False)
    other = [f"the waiter number {n} forgot our order, so we left soon" for n in range(200)]
    once, thrice = (classifier.domain(other * times) for times in (1, 3))
    assert once == thrice
    assert once.far


def test_the_limit_is_that_of_kolmogorov_and_smirnov():
    scipy = pytest.importorskip("scipy.stats")
    from workshop_utils.sentiment import domain

    generator = np.random.default_rng(141)
    kept = np.sort(generator.random(501))
    seen = generator.random(200) ** 1.3
    names = dict.fromkeys(domain.MEASURES)
    report = domain.compare(dict.fromkeys(names, kept), dict.fromkeys(names, seen))
    expected = scipy.ks_2samp(kept, seen)
    assert report.distances["score"] == pytest.approx(expected.statistic)
    assert scipy.kstwobign.sf(report.limit / np.sqrt(1 / 200 + 1 / 501)) == pytest.approx(
        domain.LEVEL, rel=0.01
    )


def test_a_report_reads_as_one_sentence():
    report = DomainReport({"score": 0.1, "known": 0.5, "words": 0.2}, 0.17, 200)
    assert str(report).count(". ") == 0
    assert "share of known words 0.50" in str(report)
