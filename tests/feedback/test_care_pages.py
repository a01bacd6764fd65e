"""The pages of the care queue, as whoever runs programmes sees them."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from feedback.actions import (
    close_care,
    snooze_care,
    take_care,
    write_care,
)
from feedback.models import CareItem, CareMessage, CareSettings
from feedback.suggestions import suggestion_for, suggestions, text_for
from feedback.tasks import review_mentorships
from mentorships.models import Mentorship
from tests import factories


def at(name, *args):
    return reverse(f"feedback:{name}", args=args)


def text(response):
    return response.content.decode()


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


def test_care_queue_shows_the_worst_first(as_coordinator, program, in_mentorships):
    good, bad = in_mentorships(2)
    CareItem.objects.create(mentorship=good, score=40, reason_key="quiet")
    CareItem.objects.create(mentorship=bad, score=10, reason_key="never-met")

    body = text(as_coordinator.get(at("care_queue")))

    assert body.index(f"{str(bad)[:8]}") < body.index("40 of 100")
    assert body.index("10 of 100") < body.index("40 of 100")


def test_care_detail_proposes_to_look_again_in_a_week(as_coordinator, item):
    page = as_coordinator.get(at("care_detail", item.pk))

    later = timezone.localdate() + timedelta(days=7)
    assert f'value="{later:%Y-%m-%d}"' in text(page)


@pytest.mark.parametrize(("show", "sees"), [("", True), ("later", False)])
def test_care_queue_by_heading(as_coordinator, item, show, sees):
    body = text(as_coordinator.get(at("care_queue"), {"show": show}))

    assert ("Mentee Mia" in body) == sees


def test_care_detail_says_how_the_figure_comes_about(as_coordinator, item):
    page = text(as_coordinator.get(at("care_detail", item.pk)))

    assert f"Why {item.score} of 100" in page
    for name, score, weight in item.parts:
        assert re.search(
            rf"{name.capitalize()}.*?>{score}<.*?>{weight}×<", page, re.DOTALL
        )
    whole = sum(weight for _name, _score, weight in item.parts)
    assert item.score == round(
        sum(score * weight for _name, score, weight in item.parts) / whole
    )


def test_what_is_closed_is_not_marked_as_a_risk(item, coordinator):
    assert item.look == "risk"

    close_care(item, CareItem.Outcome.HELPED, reason="", by=coordinator)
    item.refresh_from_db()

    assert item.look == "info"


def test_care_queue_keeps_to_ones_own_programmes(as_user, item, outsider):
    other = factories.ProgramFactory(running=True)
    factories.ParticipantFactory(program=other, user=outsider, role="coordinator")

    body = text(as_user(outsider).get(at("care_queue")))

    assert "Mentee Mia" not in body
    assert as_user(outsider).get(item.get_absolute_url()).status_code == 404


def test_care_queue_does_not_grow_in_queries(as_coordinator, program, in_mentorships):
    def visit():
        with CaptureQueriesContext(connection) as queries:
            as_coordinator.get(at("care_queue"))
        return len(queries)

    in_mentorships(2)
    review_mentorships()
    visit()
    few = visit()
    in_mentorships(10)
    review_mentorships()

    assert visit() == few


def test_care_detail_has_a_text_in_the_language_of_each(
    as_coordinator, item, mentee, mentor
):
    mentee.language = "nl"
    mentee.save()

    body = text(as_coordinator.get(item.get_absolute_url()))

    assert "Hoi Mentee" in body
    assert "Hi Mentor" in body


def test_care_write_sends_and_comes_back(as_coordinator, item, mentee):
    url = at("care_write", item.pk, mentee.pk)
    name = f"to{mentee.pk}"

    response = as_coordinator.post(
        url, {f"{name}-to": mentee.pk, f"{name}-body": "Hello"}, follow=True
    )

    assert "is on its way" in text(response)
    assert CareMessage.objects.get().body == "Hello"


def test_care_close_asks_why_nothing_is_needed(as_coordinator, item):
    response = as_coordinator.post(
        at("care_close", item.pk), {"outcome": "dismissed", "reason": ""}
    )

    assert response.status_code == 422
    assert "why nothing is needed" in text(response)
    item.refresh_from_db()
    assert item.is_open


def test_care_close_and_find_it_under_done(as_coordinator, item):
    as_coordinator.post(at("care_close", item.pk), {"outcome": "helped"})

    body = text(as_coordinator.get(at("care_queue"), {"show": "done"}))
    assert "spoke with them" in body


def test_whoever_closed_it_before_is_named(as_user, item, coordinator, hr_admin):
    close_care(item, "helped", reason="", by=coordinator)
    url = at("care_close", item.pk)

    again = as_user(coordinator).post(url, {"outcome": "back"}, follow=True)
    other = as_user(hr_admin).post(url, {"outcome": "back"}, follow=True)

    assert "You have closed this already." in text(again)
    assert f"{coordinator.name} has closed this already." in text(other)


def test_what_was_agreed_is_still_to_be_done_by_them(as_coordinator, item):
    page = as_coordinator.post(
        at("care_close", item.pk), {"outcome": "ended"}, follow=True
    )

    assert "agreed: they end the mentorship" in text(page)
    assert "Only they can end the mentorship" in text(page)


@pytest.mark.parametrize(
    ("outcome", "link"),
    [("paused", "Rhythm, pause, more time"), ("ended", "End this mentorship")],
)
def test_what_was_agreed_stands_on_their_page_under_the_name_it_is_given(
    as_coordinator, as_user, item, mentee, outcome, link
):
    as_coordinator.post(at("care_close", item.pk), {"outcome": outcome})

    assert f"“{link}”" in text(as_coordinator.get(item.get_absolute_url()))
    assert f">{link}</a>" in text(
        as_user(mentee).get(item.mentorship.get_absolute_url())
    )


def test_history_is_one_list_with_what_was_said(
    as_coordinator, item, coordinator, mentee
):
    moment = timezone.now()
    for minutes, do in enumerate(
        (
            lambda: take_care(item, by=coordinator),
            lambda: write_care(item, to=mentee, body="SHALL WE", by=coordinator),
            lambda: snooze_care(item, in_days(9), by=coordinator),
            lambda: close_care(item, "helped", reason="WHY", by=coordinator),
        )
    ):
        with time_machine.travel(moment + timedelta(minutes=minutes + 1)):
            do()

    page = as_coordinator.get(item.get_absolute_url())

    words = [line.words for line in page.context["lines"]]
    assert [each.removeprefix(coordinator.name).strip() for each in words] == [
        "It came into the queue",
        "took it on",
        "wrote to Mentee Mia",
        f"put it off: back on {date_format(in_days(9), 'j F Y')}",
        "closed it",
    ]
    assert "SHALL WE" in text(page)
    assert page.context["lines"][-1].more == "spoke with them; they go on: WHY"


def test_an_item_tells_of_another_pair_with_one_of_them(
    as_coordinator, item, program, mentor
):
    other = factories.MentorshipFactory(program=program)
    factories.MemberFactory(mentorship=other, participant=mentor_of(item))
    second = CareItem.objects.create(mentorship=other, score=1, reason_key="quiet")

    page = as_coordinator.get(item.get_absolute_url())

    assert f'<a href="{second.get_absolute_url()}">' in text(page)


def mentor_of(item):
    return item.mentorship.members.get(role="mentor").participant


def test_a_pair_leads_to_its_item_or_is_told_why_it_has_none(
    as_coordinator, mentorship
):
    url = at("care_of", mentorship.pk)
    without = as_coordinator.get(url, follow=True)
    assert "not in the care queue" in text(without)

    review_mentorships()

    assert as_coordinator.get(url).url == CareItem.objects.get().get_absolute_url()


def test_care_snooze_by_form(as_coordinator, item):
    as_coordinator.post(at("care_snooze", item.pk), {"until": in_days(7).isoformat()})
    assert not CareItem.objects.to_do().exists()

    response = as_coordinator.post(
        at("care_snooze", item.pk), {"until": in_days(-1).isoformat()}
    )
    assert response.status_code == 422


def test_care_take_shows_whose_it_is(as_coordinator, item, coordinator):
    response = as_coordinator.post(at("care_take", item.pk), follow=True)

    assert coordinator.name in text(response)
    item.refresh_from_db()
    assert item.owner == coordinator


def test_care_settings_are_of_the_programme(as_coordinator, program, mentorship):
    data = {
        "rest_days": 30,
        "grace_days": 60,
        "threshold": 40,
        "weight_rhythm": 5,
        "weight_contact": 0,
        "weight_planned": 0,
        "weight_goals": 0,
        "weight_agreement": 0,
    }

    as_coordinator.post(at("care_settings", "leaders"), data)

    assert CareSettings.of(program).grace_days == 60
    assert review_mentorships() == 0


def test_the_pair_sees_nothing_of_it(as_user, item, mentee):
    client = as_user(mentee)

    assert client.get(at("care_queue")).status_code == 404
    assert client.get(item.get_absolute_url()).status_code == 404
    mentorship = Mentorship.objects.get()
    assert "of 100" not in text(client.get(mentorship.get_absolute_url()))


@pytest.mark.parametrize("key", suggestions())
def test_every_text_to_begin_with_can_be_filled_in(item, key, mentee, coordinator):
    item.reason_key = key
    for language in ("nl", "en"):
        mentee.language = language
        words = text_for(item, mentee, "Mo", coordinator)
        assert mentee.first_name in words
        assert coordinator.name in words
        assert "{" not in words
    assert suggestion_for(item)
