"""Matching in a programme: readiness, criteria, who never."""

from django.urls import reverse

from matching.models import (
    Criterion,
    Exclusion,
    Manner,
    mode_of,
)
from people.models import Offer
from programs.models import Invite, Role
from tests.conftest import person
from tests.matching.conftest import page


def test_readiness_says_what_is_short_and_who_could_be_asked(
    desk, program, joins, topic, weigh
):
    joins("Ann", Role.MENTEE, topic, level=2)
    joins("Max", Role.MENTOR, level=5)
    likely = person("Lara Likely")
    likely.employment.level = 5
    likely.employment.save()
    Offer.objects.create(profile=likely.profile, topic=topic, level=3)

    text = page(desk, "readiness", program.slug)

    assert "Giving feedback" in text
    assert "1 possible mentor" in text
    assert "Lara Likely" in text
    assert "topics wanted and offered" in text  # nobody offers anything
    url = reverse("matching:mentors_ask", args=[program.slug])
    assert "Tick the people" in desk.post(url, follow=True).content.decode()
    answer = desk.post(url, {"user": [likely.pk, "x"]}, follow=True)
    assert "1 person gets a mail" in answer.content.decode()
    assert Invite.objects.get().email == likely.email


def test_readiness_of_an_empty_pool(desk, program, weigh, joins, topic):
    assert "Nobody waits" in page(desk, "readiness", program.slug)
    joins("Ann", Role.MENTEE, topic)
    assert "No mentor has a free place" in page(desk, "readiness", program.slug)


def test_readiness_of_a_good_pool_and_of_a_small_one(
    desk, program, two_pairs, joins, topic
):
    joins("Olaf", Role.MENTOR, topic, user=two_pairs["ann"].user)

    text = page(desk, "readiness", program.slug)

    assert "Ready to run" in text
    assert "as mentor and as mentee" in text
    for number in range(3):
        joins(f"More {number}", Role.MENTEE, topic)
    assert "2 places are missing" in page(desk, "readiness", program.slug)


def test_asking_for_a_programme_that_is_closed_says_so(desk, program, joins, topic):
    joins("Ann", Role.MENTEE, topic, level=2)
    likely = person("Lara Likely")
    likely.employment.level = 5
    likely.employment.save()
    Offer.objects.create(profile=likely.profile, topic=topic, level=3)
    program.move("close")

    answer = desk.post(
        reverse("matching:mentors_ask", args=[program.slug]),
        {"user": likely.pk},
        follow=True,
    )

    assert "Open the programme first" in answer.content.decode()


def criteria_data(**changes):
    data = {f"{key}-weight": "5" for key in Criterion.Key.values}
    return {**data, "mode": "rank", **changes}


def test_criteria_are_kept_with_what_exactly_they_compare(desk, program):
    url = reverse("matching:criteria_edit", args=[program.slug])
    assert "Working style" in desk.get(url).content.decode()
    assert Criterion.objects.count() == 0

    answer = desk.post(
        url,
        criteria_data(
            **{
                "level-min": "2",
                "level-max": "4",
                "style-style_pace": "different",
                "department-prefer": "same",
                "topics-must": "on",
            }
        ),
    )

    assert answer.status_code == 302
    settings = dict(program.criteria.values_list("key", "settings"))
    assert settings["level"] == {"min": 2, "max": 4, "reversed": False}
    assert "different" in settings["style"]["dimensions"]
    assert settings["department"]["prefer"] == "same"
    assert program.criteria.get(key="topics").must
    assert mode_of(program) == Manner.Mode.RANK


def test_wrong_criteria_are_said_at_the_field(desk, program):
    url = reverse("matching:criteria_edit", args=[program.slug])

    too_much = desk.post(url, criteria_data(**{"topics-weight": "11"}))
    upside_down = desk.post(url, criteria_data(**{"level-min": "4", "level-max": "2"}))

    assert too_much.status_code == upside_down.status_code == 422
    assert "The most is not below the least" in upside_down.content.decode()


def test_two_people_are_kept_apart_and_let_go_again(desk, program, two_pairs):
    url = reverse("matching:exclusion_list", args=[program.slug])
    assert "Nobody is excluded" in desk.get(url).content.decode()
    ann, nia = two_pairs["ann"], two_pairs["nia"]

    assert desk.post(url, {"one": ann.pk, "other": ann.pk}).status_code == 422
    desk.post(url, {"one": nia.pk, "other": ann.pk})

    assert "Nia Mentor" in desk.get(url).content.decode()
    found = Exclusion.objects.get()
    desk.post(reverse("matching:exclusion_remove", args=[program.slug, found.pk]))
    assert Exclusion.objects.count() == 0
