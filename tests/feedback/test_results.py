import pytest

from feedback.actions import settle
from feedback.measures import response_rate, satisfaction
from feedback.results import results


@pytest.fixture
def shown(wave):
    """What the results say, after the clock has let answers out."""

    def do():
        settle(wave)
        return results(wave)

    return do


def by_key(found):
    return {each.question.key: each for each in found}


def test_below_the_floor_there_is_no_figure_of_anything(answered_by, shown):
    answered_by(4, text="a remark")

    sheets, found = shown()

    assert sheets == 0
    assert all(each.is_hidden for each in found)
    assert all(each.mean is None and each.nps is None for each in found)
    assert all(each.answered == 0 for each in found)


def test_from_the_floor_up_there_is_a_distribution_and_a_mean(answered_by, shown):
    answered_by(3, scale=5)
    answered_by(2, scale=2)

    _sheets, found = shown()

    worth = by_key(found)["worth"]
    assert [bar.count for bar in worth.bars] == [0, 2, 0, 0, 3]
    assert worth.mean == pytest.approx(3.8)


def test_nps_is_promoters_less_detractors(answered_by, shown):
    answered_by(6, nps=9)
    answered_by(2, nps=7)
    answered_by(2, nps=6)

    _sheets, found = shown()

    assert by_key(found)["recommend"].nps == 40


def test_texts_are_shown_from_eight_up(answered_by, shown):
    answered_by(7, text="more time")
    assert by_key(shown()[1])["help"].texts == []


def test_eight_texts_are_shown(answered_by, shown):
    answered_by(8, text="more time")

    assert by_key(shown()[1])["help"].texts == ["more time"] * 8


def test_texts_do_not_stand_in_the_order_of_answering(wave, fill_in, shown):
    words = [f"remark {number}" for number in range(10)]
    invitations = wave.invitations.select_related("wave").order_by("pk")
    mentees = invitations.filter(role="mentee")
    for invitation, word in zip(mentees, words, strict=True):
        fill_in(invitation, text=word)

    orders = {tuple(by_key(shown()[1])["help"].texts) for _time in range(6)}

    assert all(sorted(order) == words for order in orders)
    assert len(orders) > 1


def test_satisfaction_is_the_mean_of_the_scales(program, answered_by, shown):
    answered_by(5, scale=4)
    shown()

    assert satisfaction(program) == 4


def test_satisfaction_says_nothing_of_fewer_than_the_floor(program, answered_by, shown):
    answered_by(4, scale=1)
    shown()

    assert satisfaction(program) is None


def test_response_rate_is_of_those_asked(program, answered_by):
    answered_by(5)

    assert response_rate(program) == 25


def test_response_rate_of_nobody_is_not_known(program):
    assert response_rate(program) is None


def test_the_number_of_queries_does_not_grow_with_answers(
    wave, answered_by, django_assert_num_queries, shown
):
    answered_by(5)
    shown()
    with django_assert_num_queries(4):
        results(wave)
    answered_by(5, text="more")
    shown()
    with django_assert_num_queries(4):
        results(wave)
