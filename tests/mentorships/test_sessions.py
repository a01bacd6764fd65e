from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone
from django.utils.formats import date_format

from mentorships.models import (
    MentoringSession,
    SharedNote,
)
from outbox.models import Message
from people.models import Absence
from tests import factories
from tests.mentorships.pages import at, text, when


def test_planning_offers_a_working_day_after_the_rhythm(as_mentee, mentorship):
    last = timezone.now() - timedelta(days=2)
    factories.MentoringSessionFactory(mentorship=mentorship, held=True, starts_at=last)

    form = as_mentee.get(at("session_plan", mentorship.pk)).context["form"]

    offered = form.initial["on"]
    assert offered.weekday() < 5
    assert timedelta(days=12) <= offered - last.date() <= timedelta(days=17)


def test_a_session_is_planned_and_everybody_invited(as_mentee, mentorship):
    response = as_mentee.post(
        at("session_plan", mentorship.pk), when(place="Room 3", hour="15:30")
    )

    session = MentoringSession.objects.get()
    assert response.url == mentorship.get_absolute_url()
    assert timezone.localtime(session.starts_at).hour == 15
    assert Message.objects.filter(kind="session_planned").count() == 2


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (when(-1), "has passed"),
        (when(hour="25:00"), "Enter a valid time"),
        ({**when(times=6), "on": "9999-12-31"}, "too far away"),
        ({**when(), "on": "2027-03-28", "at": "02:30"}, "skips this hour"),
    ],
)
def test_an_impossible_moment_is_refused_in_words(
    as_mentee, mentorship, data, sentence
):
    response = as_mentee.post(at("session_plan", mentorship.pk), data)

    assert response.status_code == 422
    assert sentence in text(response)
    assert not MentoringSession.objects.exists()


def test_a_session_is_moved(as_mentor, coming):
    assert as_mentor.get(at("session_move", coming.pk)).status_code == 200

    as_mentor.post(at("session_move", coming.pk), when(5, subject="The move"))

    coming.refresh_from_db()
    assert (coming.ics_sequence, coming.subject) == (1, "The move")


def test_a_session_cannot_be_moved_to_the_past_or_once_it_is_over(as_mentor, coming):
    url = at("session_move", coming.pk)

    assert as_mentor.post(url, when(-2)).status_code == 422
    MentoringSession.objects.update(state=MentoringSession.State.MISSED)
    assert as_mentor.get(url).url == coming.get_absolute_url()


# --- what somebody else changed since the page was opened


def as_seen(client, url):
    """What the page sends along of the session that it shows."""
    return client.get(url).context["form"]["seen"].value()


def test_a_move_that_somebody_made_meanwhile_is_not_undone(
    as_mentee, as_mentor, coming
):
    url = at("session_move", coming.pk)
    seen = as_seen(as_mentee, url)
    as_mentor.post(url, when(5, hour="15:30", seen=as_seen(as_mentor, url)))
    before = when(1, place="Room 3", seen=seen)

    response = as_mentee.post(url, before)

    page = text(response)
    moved = MentoringSession.objects.get()
    local = timezone.localtime(moved.starts_at)
    assert response.status_code == 422
    assert "changed this in the meantime" in page
    assert (local.hour, moved.place) == (15, "")
    assert f"It now stands at: {date_format(local, 'l j F Y, H:i')}" in page
    assert 'value="Room 3"' in page

    again = {**before, "seen": response.context["form"]["seen"].value()}
    assert as_mentee.post(url, again).status_code == 302
    assert MentoringSession.objects.get().place == "Room 3"


def test_the_same_move_by_both_is_one_move(as_mentee, as_mentor, coming):
    url = at("session_move", coming.pk)
    seen = as_seen(as_mentee, url)

    for client in (as_mentor, as_mentee):
        assert client.post(url, when(5, seen=seen)).status_code == 302

    assert MentoringSession.objects.get().ics_sequence == 1


@pytest.mark.parametrize("which", ["one", "series"])
def test_what_was_moved_meanwhile_is_called_off_only_after_another_look(
    as_mentee, as_mentor, mentorship, which
):
    as_mentor.post(at("session_plan", mentorship.pk), when(times=2))
    first = MentoringSession.objects.first()
    url = at("session_cancel", first.pk)
    data = {"seen": as_seen(as_mentee, url), "which": which}
    as_mentor.post(at("session_move", first.pk), when(5))

    response = as_mentee.post(url, data)

    assert response.status_code == 422
    assert "changed this in the meantime" in text(response)
    assert MentoringSession.objects.planned().count() == 2

    data["seen"] = response.context["form"]["seen"].value()
    assert as_mentee.post(url, data).status_code == 302
    assert not MentoringSession.objects.get(pk=first.pk).is_planned


def test_calling_off_asks_first(as_mentor, coming):
    url = at("session_cancel", coming.pk)

    assert "Call the session off?" in text(as_mentor.get(url))
    as_mentor.post(url)
    assert MentoringSession.objects.get().state == MentoringSession.State.MISSED
    assert "no longer planned" in text(as_mentor.post(url, follow=True))
    assert as_mentor.get(url).url == coming.get_absolute_url()


def test_a_session_that_did_not_happen_is_noted(as_mentor, past):
    url = at("session_miss", past.pk)

    as_mentor.post(url)
    assert MentoringSession.objects.get().state == MentoringSession.State.MISSED
    assert "no longer planned" in text(as_mentor.post(url, follow=True))


@pytest.mark.parametrize("state", ["planned", "held", "missed"])
def test_a_session_has_a_page_in_each_state(as_mentor, past, state):
    MentoringSession.objects.update(state=state)

    assert as_mentor.get(past.get_absolute_url()).status_code == 200


def test_wall_time_is_that_of_the_person(as_user, mentorship, mentor):
    mentor.time_zone = "Asia/Tokyo"
    mentor.save()

    as_user(mentor).post(
        at("session_plan", mentorship.pk),
        {
            **when(),
            "on": "2027-07-01",
            "at": "09:00",
            # It is two at night for the other.
            "anyway": "2027-07-01T09:00",
        },
    )

    session = MentoringSession.objects.get()
    assert session.starts_at == datetime.fromisoformat("2027-07-01T00:00:00+00:00")
    assert (session.wall_time, session.zone) == ("2027-07-01T09:00", "Asia/Tokyo")


# --- what speaks against a moment


def away(user, days):
    day = timezone.localdate() + timedelta(days=days)
    return Absence.objects.create(user=user, starts_on=day, ends_on=day)


def test_who_plans_within_an_absence_is_asked_and_may_mean_it(
    as_mentee, mentorship, mentee, mentor
):
    url = at("session_plan", mentorship.pk)
    away(mentee, 4)
    away(mentor, 4)

    response = as_mentee.post(url, when(4))
    page = text(response)

    assert response.status_code == 422
    assert "you are away." in page
    assert f"{mentor.name} is away." in page
    assert "Plan it anyway" in page
    assert not MentoringSession.objects.exists()
    assert not Message.objects.filter(kind="session_planned").exists()

    named = response.context["named"]
    assert as_mentee.post(url, when(4, anyway=named)).status_code == 302
    assert MentoringSession.objects.count() == 1


def test_a_yes_to_one_moment_is_none_to_another(as_mentee, mentorship, mentee):
    url = at("session_plan", mentorship.pk)
    for days in (4, 5):
        away(mentee, days)
    named = as_mentee.post(url, when(4)).context["named"]

    assert as_mentee.post(url, when(5, anyway=named)).status_code == 422
    assert as_mentee.post(url, when(6, anyway=named)).status_code == 302


def test_each_of_a_series_is_looked_at(as_mentee, mentorship, mentor):
    away(mentor, 4 + round(mentorship.rhythm_days / 7) * 7)

    response = as_mentee.post(at("session_plan", mentorship.pk), when(4, times=3))

    assert len(response.context["doubts"]) == 1


@pytest.mark.parametrize(
    ("on", "hour", "sentence"),
    [
        ("2027-04-27", "10:00", "27 April 2027 is a public holiday where you are."),
        ("2027-05-11", "23:00", "It is 23:00 at night then, on 11 May 2027."),
        ("2027-05-11", "06:30", "It is 06:30 at night then"),
    ],
)
def test_a_holiday_and_the_night_are_asked_about(
    as_mentee, mentorship, office_hours, on, hour, sentence
):
    with time_machine.travel("2026-06-15 12:00:00+00:00", tick=False):
        response = as_mentee.post(
            at("session_plan", mentorship.pk), {**when(), "on": on, "at": hour}
        )

    # Once, although the other lives by the same clock.
    assert response.status_code == 422
    [doubt] = response.context["doubts"]
    assert sentence in doubt


def test_the_night_of_the_other_counts(as_mentee, mentorship, mentor):
    mentor.time_zone = "America/Paramaribo"
    mentor.save()

    response = as_mentee.post(at("session_plan", mentorship.pk), when(3, hour="09:00"))

    assert f"For {mentor.name} it is 0" in text(response)


def test_what_is_offered_to_begin_with_is_a_day_on_which_all_are_there(
    as_mentee, mentorship, mentor
):
    url = at("session_plan", mentorship.pk)
    before = as_mentee.get(url).context["form"].initial["on"]
    Absence.objects.create(
        user=mentor, starts_on=before, ends_on=before + timedelta(days=9)
    )

    offered = as_mentee.get(url).context["form"].initial["on"]

    assert offered > before + timedelta(days=9)
    assert offered.weekday() < 5


def test_moving_asks_about_another_moment_and_not_about_another_room(
    as_mentor, coming, mentor
):
    url = at("session_move", coming.pk)
    local = timezone.localtime(coming.starts_at)
    MentoringSession.objects.update(starts_at=local.replace(second=0, microsecond=0))
    away(mentor, 1)
    away(mentor, 5)

    response = as_mentor.post(url, when(5))
    assert response.status_code == 422
    assert "Move it anyway" in text(response)
    same = when(1, hour=f"{local:%H:%M}", place="Room 3")
    assert "Changed." in text(as_mentor.post(url, same, follow=True))
    named = response.context["named"]
    assert as_mentor.post(url, when(5, anyway=named)).status_code == 302


def test_moments_are_offered_after_a_look_too(as_mentor, mentorship, mentee):
    away(mentee, 3)
    day = timezone.localdate() + timedelta(days=3)
    data = {"on1": f"{day}", "at1": "10:00", "minutes": 60, "mode": "video"}
    url = at("session_offer", mentorship.pk)

    response = as_mentor.post(url, data)

    assert response.status_code == 422
    assert f"{mentee.name} is away." in text(response)
    data["anyway"] = response.context["named"]
    assert as_mentor.post(url, data).status_code == 302


# --- before they meet


def test_the_link_of_the_call_is_the_first_button(as_mentor, coming):
    assert "Join the call" not in text(as_mentor.get(coming.get_absolute_url()))

    MentoringSession.objects.update(place="Teams: https://call.example/a?b=1")
    page = text(as_mentor.get(coming.get_absolute_url()))

    assert 'class="btn primary" href="https://call.example/a?b=1"' in page
    assert "Join the call" in page


@pytest.mark.parametrize("place", ["javascript:alert(1)", "Room 3", "ftp://a.example"])
def test_what_is_no_page_is_no_link(place):
    assert MentoringSession(place=place).link == ""


def test_who_prepares_reads_what_was_written_down_last_time(
    as_mentee, as_mentor, mentorship, coming, mentee
):
    for days, words in ((30, "Long ago."), (9, "First draft."), (9, "The last time.")):
        session, _new = MentoringSession.objects.get_or_create(
            mentorship=mentorship,
            state="held",
            starts_at=coming.starts_at - timedelta(days=days),
            defaults={"wall_time": "2026-01-01T10:00", "zone": "Europe/Amsterdam"},
        )
        SharedNote.objects.create(
            session=session, body=words, by=mentee, version=session.notes.count() + 1
        )

    for client in (as_mentee, as_mentor):
        page = text(client.get(coming.get_absolute_url()))
        assert "The last time." in page
        assert "First draft." not in page
        assert "Long ago." not in page
