"""Every exercise of notebook 06: answers that nobody expected."""

from workshop_utils.exercises import Outcome, inference


def test_an_unexpected_answer_gets_a_repair_and_no_traceback():
    assert inference.decide.judge(lambda p, t: p / 0).outcome is Outcome.NOT_YET
    assert inference.threshold_from_costs.judge(lambda a, b: a - b).outcome is Outcome.NOT_YET


def test_leaving_out_a_word_leaves_the_given_list_alone():
    def pops(tokens):
        tokens.pop()
        return [" ".join(tokens)]

    assert inference.without_each.judge(pops).outcome is Outcome.NOT_YET
    assert inference.without_each.judge(lambda tokens: iter(tokens)).outcome is Outcome.NOT_YET
    assert inference.without_each.judge(inference.solution_without_each).outcome is Outcome.CORRECT


def test_an_empty_answer_is_told_what_to_return():
    assert "one text for each word" in inference.without_each.judge(lambda tokens: []).line
