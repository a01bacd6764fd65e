from math import comb, prod

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from feedback.actions import settle
from feedback.measures import nps, response_rate, satisfaction, satisfied
from feedback.models import Remark, Tally
from feedback.results import TEXTS, results
from mentoring.statistics import mean_of, nps_of


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


def test_an_nps_says_what_it_is_made_of(answered_by, shown):
    answered_by(6, nps=9)
    answered_by(2, nps=7)
    answered_by(2, nps=6)

    _sheets, found = shown()

    assert [(side.count, side.share) for side in by_key(found)["recommend"].sides] == [
        (6, 60),
        (2, 20),
        (2, 20),
    ]
    assert by_key(found)["worth"].sides == []


def test_a_few_who_answer_alike_are_not_certain_of_all():
    mean, recommended = mean_of({4: 10}, least=1, most=5), nps_of({10: 5})

    assert (mean.value, recommended.value) == (4, 100)
    assert mean.low < 3.5 < mean.value < mean.high < 5
    assert recommended.low < 50
    assert recommended.high == 100


@given(st.dictionaries(st.integers(1, 5), st.integers(0, 400), min_size=1))
def test_an_interval_holds_its_mean_and_is_never_of_no_width(counts):
    found = mean_of(counts, least=1, most=5)

    if found is not None:
        assert 1 <= found.low <= found.value <= found.high <= 5
        assert found.low < found.high


@pytest.mark.parametrize("number", [5, 10, 20, 50])
@pytest.mark.parametrize(
    "odds", [(0.7, 0.25, 0.05), (0.2, 0.4, 0.4), (0.9, 0.08, 0.02)]
)
def test_the_interval_holds_what_all_would_answer_95_times_in_a_hundred(number, odds):
    truth = 100 * (odds[0] - odds[2])
    holds = 0.0
    for promoters in range(number + 1):
        for passives in range(number + 1 - promoters):
            parts = (promoters, passives, number - promoters - passives)
            found = mean_of(
                dict(zip((100, 0, -100), parts, strict=True)), least=-100, most=100
            )
            if found.low <= truth <= found.high:
                ways = comb(number, promoters) * comb(number - promoters, passives)
                holds += ways * prod(map(pow, odds, parts))

    assert holds > 0.95


def test_texts_are_shown_from_eight_up(answered_by, shown):
    answered_by(7, text="more time")
    assert by_key(shown()[1])["help"].texts == []


def test_eight_texts_are_shown(answered_by, shown):
    answered_by(8, text="more time")

    assert by_key(shown()[1])["help"].texts == ["more time"] * 8


def test_texts_stand_in_an_order_that_says_nothing(wave, fill_in, shown):
    words = [f"remark {number}" for number in range(10)]
    mentees = wave.invitations.filter(role="mentee").select_related("wave")
    for invitation, word in zip(mentees.order_by("pk"), words, strict=True):
        fill_in(invitation, text=word)

    texts = by_key(shown()[1])["help"].texts

    assert sorted(texts) == words
    assert texts == by_key(results(wave)[1])["help"].texts
    # Their keys are drawn by lot, and nothing else decides.
    keys = Remark.objects.order_by("pk").values_list("pk", "text")
    assert texts == [text for _key, text in keys]
    assert all(key.version == 4 for key, _text in keys)


def test_a_page_of_texts_is_no_longer_than_a_hundred(wave, answered_by, shown):
    answered_by(9, text="more")
    shown()
    batch = wave.batches.get()
    question = wave.survey.questions.get(key="help")
    Remark.objects.bulk_create(
        Remark(batch=batch, question=question, text=f"{number}")
        for number in range(TEXTS)
    )
    wave.batches.update(size=109)
    Tally.objects.filter(question=question).update(count=109)

    result = by_key(results(wave)[1])["help"]

    assert (len(result.texts), result.answered, result.has_more) == (100, 109, True)
    assert len(by_key(results(wave, texts=None)[1])["help"].texts) == 109


def test_texts_of_batches_that_wait_are_on_no_page(
    wave, answered_by, shown, as_user, coordinator
):
    answered_by(7, text="too few to read")
    shown()
    question = wave.survey.questions.get(key="help")

    page = as_user(coordinator).get(
        reverse("feedback:wave_remarks", args=[wave.pk, question.pk])
    )

    assert Remark.objects.count() == 7
    assert "too few to read" not in page.content.decode()


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
    with django_assert_num_queries(6):
        results(wave)
    answered_by(5, text="more")
    shown()
    with django_assert_num_queries(6):
        results(wave)


def test_the_share_that_is_satisfied_and_the_recommendation(answered_by, shown, wave):
    program = wave.survey.program
    answered_by(4, scale=5, nps=9)
    assert (satisfied(program), nps(program)) == (None, None)

    answered_by(3, scale=4, nps=7)
    answered_by(3, scale=2, nps=3)
    shown()

    assert satisfied(program) == 70
    assert nps(program) == 10
