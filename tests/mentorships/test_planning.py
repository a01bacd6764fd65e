from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import uuid4

import icalendar
import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from mentorships import actions
from mentorships.invitations import invitation
from mentorships.links import feed_path
from mentorships.models import (
    CalendarFeed,
    MentoringSession,
    OfferedTime,
    Preparation,
    SessionOffer,
)
from outbox.models import Message
from outbox.tasks import send_due
from tests import factories
from tests.mentorships.pages import at, text, when


def offer_data(**fields):
    day = timezone.localdate()
    return {
        "once": str(uuid4()),
        "on1": f"{day + timedelta(days=3)}",
        "at1": "10:00",
        "on2": f"{day + timedelta(days=4)}",
        "at2": "13:30",
        "minutes": 60,
        "mode": "video",
        **fields,
    }


@pytest.fixture
def offer(as_mentor, mentorship):
    as_mentor.post(at("session_offer", mentorship.pk), offer_data())
    return SessionOffer.objects.get()


# --- series


def test_a_series_is_planned_in_one_go(as_mentee, mentorship):
    as_mentee.post(at("session_plan", mentorship.pk), when(times=3))

    found = list(MentoringSession.objects.all())
    days = {(b.starts_at - a.starts_at).days for a, b in pairwise(found)}
    assert len(found) == 3
    assert days <= {13, 14, 15}
    assert len({each.ics_uid for each in found}) == 3
    assert len({each.series for each in found}) == 1


@pytest.mark.parametrize(
    ("zone", "first", "hours"),
    [
        ("Europe/Amsterdam", "2027-03-16T10:00", [9, 8, 8]),
        ("Europe/Amsterdam", "2027-10-19T10:00", [8, 9, 9]),
        ("America/Paramaribo", "2027-03-16T10:00", [13, 13, 13]),
        ("Asia/Tokyo", "2027-10-19T10:00", [1, 1, 1]),
    ],
)
def test_a_series_stays_at_the_same_time_on_the_clock(
    mentorship, mentee, zone, first, hours
):
    mentee.time_zone = zone
    wall = datetime.fromisoformat(first)

    with time_machine.travel(wall.replace(tzinfo=UTC) - timedelta(days=2)):
        found = actions.plan_series(mentorship, wall=wall, times=3, by=mentee)

    assert [each.wall_time[11:] for each in found] == ["10:00"] * 3
    assert [each.starts_at.hour for each in found] == hours
    for each in found:
        [event] = icalendar.Calendar.from_ical(invitation(each)).walk("VEVENT")
        assert event["DTSTART"].dt.hour == 10
        assert event.decoded("DTSTART") == each.starts_at


@pytest.mark.parametrize("day", ["2027-03-28", "2027-10-31"])
def test_a_card_and_a_link_come_once_around_the_change_of_the_clock(
    mentorship, mentee, mentor, mailoutbox, day
):
    """On the day itself, at ten by the clock, for who reads it elsewhere too."""
    mentor.time_zone = "Asia/Tokyo"
    mentor.save(update_fields=["time_zone"])
    wall = datetime.fromisoformat(f"{day}T10:00")
    with time_machine.travel(wall.replace(tzinfo=UTC) - timedelta(days=4)):
        session = actions.plan_session(mentorship, wall=wall, by=mentee)
    Message.objects.filter(kind="session_planned").delete()

    for hours in range(-26, 6):
        moment = session.starts_at + timedelta(hours=hours)
        with time_machine.travel(moment, tick=False):
            send_due()
            send_due()

    subjects = sorted((mail.to[0], mail.subject) for mail in mailoutbox)
    assert len(subjects) == len(set(subjects)) == 4, subjects
    shown = {
        mail.to[0]: mail.subject for mail in mailoutbox if "Prepare" in mail.subject
    }
    hour = 17 if day == "2027-03-28" else 18
    assert "10:00" in shown[mentee.email]
    assert f"{hour}:00" in shown[mentor.email]


def test_a_series_is_planned_whole_or_not_at_all(mentorship, mentee):
    wall = datetime.combine(
        timezone.localdate() + timedelta(days=2), datetime.min.time()
    ).replace(hour=10)
    actions.plan_session(mentorship, wall=wall + timedelta(days=14), by=mentee)

    with pytest.raises(ValidationError):
        actions.plan_series(mentorship, wall=wall, times=3, by=mentee)

    assert MentoringSession.objects.count() == 1


def test_the_rest_of_a_series_is_called_off(as_mentee, mentorship):
    as_mentee.post(at("session_plan", mentorship.pk), when(times=3))
    second = MentoringSession.objects.all()[1]
    url = at("session_cancel", second.pk)

    assert "one of a series" in text(as_mentee.get(url))
    as_mentee.post(url, {"which": "series"})

    states = [each.state for each in MentoringSession.objects.all()]
    assert states == ["planned", "missed", "missed"]


# --- moments to pick from


def test_the_others_hear_of_the_moments(offer, mentee, mentor):
    assert offer.times.count() == 2
    [message] = Message.objects.filter(kind="session_offered")
    assert message.to == mentee


def test_who_picks_plans_the_session(as_mentee, mentorship, offer, mentor):
    time = offer.times.last()

    assert "Pick one and it is planned" in text(
        as_mentee.get(mentorship.get_absolute_url())
    )
    as_mentee.post(at("offer_pick", offer.pk), {"time": time.pk})

    session = MentoringSession.objects.get()
    assert session.starts_at == time.starts_at
    assert Message.objects.filter(kind="session_planned").count() == 2
    assert "Pick one" not in text(as_mentee.get(mentorship.get_absolute_url()))


def test_of_two_who_pick_at_once_one_plans(offer, mentee):
    first, second = OfferedTime.objects.select_related("offer__mentorship")

    actions.pick_time(first, by=mentee)
    with pytest.raises(ValidationError, match="picked a moment already"):
        actions.pick_time(second, by=mentee)

    assert MentoringSession.objects.count() == 1


def test_one_does_not_pick_ones_own_moment(as_mentor, offer):
    as_mentor.post(at("offer_pick", offer.pk), {"time": offer.times.first().pk})

    assert not MentoringSession.objects.exists()


def test_none_of_them_leads_to_other_moments(as_mentee, as_mentor, offer, mentorship):
    response = as_mentee.post(at("offer_withdraw", offer.pk))

    assert response.url == at("session_offer", mentorship.pk)
    assert not SessionOffer.objects.open(timezone.now()).exists()
    again = as_mentor.post(at("offer_withdraw", offer.pk), follow=True)
    assert "picked a moment already" in text(again)


def test_in_a_group_one_who_cannot_leaves_the_moments_to_the_others(
    as_mentee, as_mentor, offer, mentorship
):
    factories.MemberFactory(mentorship=mentorship)

    page = text(as_mentee.get(mentorship.get_absolute_url()))
    response = as_mentee.post(at("offer_withdraw", offer.pk), follow=True)

    assert "None of these suits me" not in page
    assert "One of the others may still pick a moment." in text(response)
    assert SessionOffer.objects.open(timezone.now()).exists()
    as_mentor.post(at("offer_withdraw", offer.pk))
    assert not SessionOffer.objects.open(timezone.now()).exists()


@pytest.mark.parametrize("stop", ["end", "pause"])
def test_moments_fall_away_when_a_pair_ends_or_pauses(
    as_mentee, mentorship, mentor, offer, stop
):
    if stop == "end":
        actions.end_mentorship(mentorship, by=mentor)
    else:
        back = timezone.localdate() + timedelta(days=30)
        actions.pause_mentorship(mentorship, back, by=mentor)

    page = text(as_mentee.get(mentorship.get_absolute_url()))
    as_mentee.post(at("offer_pick", offer.pk), {"time": offer.times.first().pk})

    assert "When shall we meet?" not in page
    assert not MentoringSession.objects.exists()


def test_after_the_end_a_moment_that_stayed_open_plans_nothing(
    as_mentee, mentorship, mentor, offer
):
    actions.end_mentorship(mentorship, by=mentor)
    SessionOffer.objects.update(settled_at=None)

    response = as_mentee.post(
        at("offer_pick", offer.pk), {"time": offer.times.first().pk}, follow=True
    )

    assert "This mentorship has ended." in text(response)
    assert not MentoringSession.objects.exists()


def test_a_pause_leaves_moments_after_it_alone(mentorship, mentor, offer):
    tomorrow = timezone.localdate() + timedelta(days=1)
    actions.pause_mentorship(mentorship, tomorrow, by=mentor)

    assert SessionOffer.objects.open(timezone.now()).exists()


def test_moments_to_pick_from_have_their_weekday_and_are_to_come(
    as_mentee, mentorship, offer
):
    first, second = offer.times.all()
    OfferedTime.objects.filter(pk=first.pk).update(
        starts_at=timezone.now() - timedelta(hours=1)
    )

    page = text(as_mentee.get(mentorship.get_absolute_url()))

    assert date_format(timezone.localtime(second.starts_at), "l j F, H:i") in page
    assert f'name="time" value="{first.pk}"' not in page


def test_a_moment_that_passed_cannot_be_picked(as_mentee, offer):
    first = offer.times.first()
    OfferedTime.objects.filter(pk=first.pk).update(
        starts_at=timezone.now() - timedelta(hours=1)
    )

    response = as_mentee.post(
        at("offer_pick", offer.pk), {"time": first.pk}, follow=True
    )

    assert "has passed" in text(response)
    assert not MentoringSession.objects.exists()


def test_the_same_form_twenty_times_is_one_offer(as_mentor, mentorship):
    data = offer_data()

    for _time in range(20):
        as_mentor.post(at("session_offer", mentorship.pk), data)

    assert SessionOffer.objects.count() == 1
    assert Message.objects.filter(kind="session_offered").count() == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"at2": ""}, "Say at what time."),
        ({"on2": ""}, "Say on which day."),
        ({"on1": f"{timezone.localdate() - timedelta(days=9)}"}, "still to come"),
    ],
)
def test_a_moment_that_cannot_be_is_refused_in_words(
    as_mentor, mentorship, wrong, sentence
):
    response = as_mentor.post(at("session_offer", mentorship.pk), offer_data(**wrong))

    assert response.status_code == 422
    assert sentence in text(response)


# --- preparation and agenda


def test_each_says_what_it_is_to_be_about(as_mentee, as_mentor, coming):
    url = at("session_prepare", coming.pk)
    as_mentee.post(url, {"body": "How I say no."})

    assert "How I say no." in text(as_mentor.get(coming.get_absolute_url()))
    as_mentee.post(url, {"body": "How I say yes."})
    assert Preparation.objects.get().body == "How I say yes."
    as_mentee.post(url, {"body": ""})
    assert not Preparation.objects.exists()


def test_a_preparation_too_long_is_given_back(as_mentee, coming):
    response = as_mentee.post(at("session_prepare", coming.pk), {"body": "x" * 2001})

    assert response.status_code == 422


def test_the_agenda_is_the_guide_that_was_chosen(as_mentee, mentorship):
    as_mentee.post(at("session_plan", mentorship.pk), when(guide_key="half-way"))

    page = text(as_mentee.get(MentoringSession.objects.get().get_absolute_url()))

    assert at("guide_detail", "half-way") in page


# --- one's own calendar


@pytest.fixture
def feed(mentee):
    return CalendarFeed.objects.create(user=mentee)


def events(link):
    response = Client().get(link)
    return icalendar.Calendar.from_ical(response.content).walk("VEVENT")


def test_a_calendar_reads_my_sessions(feed, mentorship, coming):
    MentoringSession.objects.update(subject="My doubts")
    factories.MentoringSessionFactory(starts_at=timezone.now() + timedelta(days=2))

    [event] = events(feed_path(feed))

    assert event["UID"] == coming.ics_uid
    assert event["SUMMARY"] == "Mentor Mo"
    assert "My doubts" not in event.to_ical().decode()
    assert event.decoded("DTSTART") == coming.starts_at.replace(microsecond=0)


def test_what_was_called_off_leaves_the_calendar(feed, coming, mentee):
    actions.cancel_session(coming, by=mentee)

    assert events(feed_path(feed)) == []


def test_the_link_is_made_renewed_and_taken_back(as_mentee, mentee):
    as_mentee.post(at("calendar_renew"))
    first = feed_path(CalendarFeed.objects.get())
    assert first in text(as_mentee.get(at("calendar")))

    as_mentee.post(at("calendar_renew"))
    second = feed_path(CalendarFeed.objects.get())
    assert Client().get(first).status_code == 410
    assert Client().get(second).status_code == 200

    as_mentee.post(at("calendar_stop"))
    assert Client().get(second).status_code == 410


def test_the_feed_of_a_leaver_ends(feed, mentee):
    mentee.is_active = False
    mentee.save()

    assert Client().get(feed_path(feed)).status_code == 410


def test_queries_of_the_feed_do_not_grow(
    feed, mentorship, django_assert_max_num_queries
):
    for day in range(1, 12):
        factories.MentoringSessionFactory(
            mentorship=mentorship, starts_at=timezone.now() + timedelta(days=day)
        )

    with django_assert_max_num_queries(5):
        assert len(events(feed_path(feed))) == 11
