import re
from datetime import datetime, timedelta

import icalendar
import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from mentorships import actions
from mentorships.models import Agreement, Mentorship
from mentorships.tasks import plan_check_ins
from outbox.actions import plan
from outbox.models import Message
from outbox.tasks import send_due
from people.models import Absence
from programs.models import Participant, Program, Role
from tests import factories


def wall(days=1, hour=10):
    day = timezone.localdate() + timedelta(days=days)
    return datetime(day.year, day.month, day.day, hour)


def sent_to(user):
    return [each for each in mail.outbox if each.to == [user.email]]


def send(*kinds):
    """Send what was planned, or only these kinds, as if their time had come."""
    later = timezone.now() + timedelta(days=365)
    Message.objects.update(not_before=later if kinds else timezone.now())
    Message.objects.filter(kind__in=kinds).update(not_before=timezone.now())
    send_due()


def invitation_in(found):
    [content] = [
        content for name, content, kind in found.attachments if name == "invite.ics"
    ]
    calendar = icalendar.Calendar.from_ical(content)
    return calendar["METHOD"], calendar.walk("VEVENT")[0]


def test_both_sides_meet_the_other_in_their_own_words(
    program, mentor, mentee, coordinator
):
    actions.start_mentorship(
        program=program,
        people=[
            (Participant.objects.get(user=mentee), Role.MENTEE),
            (Participant.objects.get(user=mentor), Role.MENTOR),
        ],
        by=coordinator,
    )
    send()

    [to_mentor], [to_mentee] = sent_to(mentor), sent_to(mentee)
    assert "Mentee Mia" in to_mentor.subject
    assert "Mentor Mo" in to_mentee.subject
    assert "Your mentee takes the first step" in to_mentor.body
    assert "You take the first step" in to_mentee.body
    assert to_mentee.reply_to == [mentor.email]


def test_an_introduction_is_dropped_once_it_has_ended(mentorship, mentee):
    plan("introduction", mentee, about=mentorship)
    mentorship.end()
    send()

    assert mail.outbox == []


def test_a_planned_session_comes_as_an_invitation(mentorship, mentor, mentee):
    session = actions.plan_session(
        mentorship, wall=wall(), by=mentee, place="Room 3", subject="My doubts"
    )
    send("session_planned")

    [found] = sent_to(mentor)
    method, event = invitation_in(found)
    assert (method, event["UID"], event["SEQUENCE"]) == ("REQUEST", session.ics_uid, 0)
    assert "Room 3" in found.body
    kinds = [part.get_content_type() for part in found.message().walk()]
    assert kinds.count("text/calendar") == 2
    for part in found.message().walk():
        if part.get_content_type() == "text/calendar":
            assert part.get_param("method") == "REQUEST"


def test_only_the_last_change_of_a_session_is_sent(mentorship, mentor, mentee):
    session = actions.plan_session(mentorship, wall=wall(), by=mentee)
    actions.move_session(session, wall=wall(2), by=mentee)
    send("session_planned", "session_moved")

    [found] = sent_to(mentor)
    assert found.subject.startswith("Moved")
    assert "takes over the change" in found.body
    assert invitation_in(found)[1]["SEQUENCE"] == 1


def test_another_room_for_the_same_moment_is_a_change_and_no_move(
    mentorship, mentor, mentee
):
    session = actions.plan_session(mentorship, wall=wall(), by=mentee)
    send()
    mail.outbox.clear()

    actions.move_session(session, wall=wall(), by=mentee, place="Room 3")
    send("session_moved")

    [found] = sent_to(mentor)
    assert found.subject.startswith("Changed: session with Mentee Mia,")
    assert invitation_in(found)[1]["LOCATION"] == "Room 3"


def test_taking_back_takes_it_out_of_the_calendar(mentorship, mentor, mentee):
    session = actions.plan_session(mentorship, wall=wall(), by=mentee)
    send()
    mail.outbox.clear()

    actions.cancel_session(session, by=mentee)
    send()

    [found] = sent_to(mentor)
    method, event = invitation_in(found)
    assert (method, event["SEQUENCE"]) == ("CANCEL", 1)


def test_an_invitation_to_what_was_held_already_is_not_sent(mentorship, mentee):
    session = actions.plan_session(mentorship, wall=wall(), by=mentee)
    actions.log_session(
        session,
        by=mentee,
        came=[],
        minutes=60,
        shared="",
        base="",
        private=None,
    )
    send("session_planned")

    assert mail.outbox == []


def test_times_are_those_of_the_reader(mentorship, mentor, mentee):
    mentor.time_zone = "Asia/Tokyo"
    mentor.save()
    actions.plan_session(mentorship, wall=datetime(2027, 7, 1, 10, 0), by=mentee)
    send()

    assert "10:00" in sent_to(mentee)[0].body
    assert "17:00" in sent_to(mentor)[0].body


def test_the_end_is_told_in_neutral_words(mentorship, mentor, mentee):
    actions.end_mentorship(mentorship, by=mentor)
    send()

    [found] = sent_to(mentee)
    assert "has ended" in found.subject
    assert "nobody’s fault" in found.body


def test_a_check_in_says_since_when_and_how_to_go_on(mentorship, mentee):
    plan_check_ins()
    send()

    [found] = sent_to(mentee)
    assert "have not met yet" in found.body
    assert f"/mentorships/{mentorship.pk}/sessions/plan/" in found.body
    assert "List-Unsubscribe" in found.message()


def test_a_session_that_nobody_wrote_down_keeps_no_check_in_away(mentorship, mentee):
    factories.MentoringSessionFactory(mentorship=mentorship)
    plan_check_ins()
    send()

    assert len(sent_to(mentee)) == 1


@pytest.mark.parametrize("what", ["planned", "held", "ended", "absence", "closing"])
def test_a_check_in_is_dropped_once_it_is_no_longer_true(mentorship, mentor, what):
    plan_check_ins()
    if what == "planned":
        factories.MentoringSessionFactory(
            mentorship=mentorship, starts_at=timezone.now() + timedelta(days=1)
        )
    elif what == "held":
        factories.MentoringSessionFactory(mentorship=mentorship, held=True)
    elif what == "absence":
        today = timezone.localdate()
        Absence.objects.create(user=mentor, starts_on=today, ends_on=today)
    elif what == "closing":
        Program.objects.update(state=Program.State.CLOSING)
    else:
        mentorship.end()
    send()

    assert mail.outbox == []


def test_what_is_gone_is_not_written_about(mentorship, mentee):
    session = actions.plan_session(mentorship, wall=wall(), by=mentee)
    actions.end_mentorship(mentorship, by=mentee)
    session.delete()
    mentorship.members.all().delete()
    Mentorship.objects.all().delete()
    send()

    assert mail.outbox == []


def test_mail_is_in_the_language_of_the_reader(mentorship, mentor, mentee):
    mentor.language = "nl"
    mentor.save()
    actions.plan_session(mentorship, wall=datetime(2027, 7, 1, 10, 0), by=mentee)
    send()

    assert "1 juli" in sent_to(mentor)[0].subject
    assert "1 July" in sent_to(mentee)[0].subject


# --- around a session


@pytest.fixture
def planned(mentorship, mentee):
    return actions.plan_session(
        mentorship, wall=wall(3), by=mentee, subject="My doubts", minutes=60
    )


def test_a_card_comes_a_day_before_and_links_after_it(planned, mentee):
    found = {
        each.kind: each.not_before
        for each in Message.objects.filter(to=mentee).exclude(kind="session_planned")
    }

    assert found == {
        "session_prepare": planned.starts_at - timedelta(hours=24),
        "session_log": planned.ends_at + timedelta(hours=2),
        "session_log_again": planned.ends_at + timedelta(days=2),
    }


def test_the_card_says_when_and_not_what_about(planned, mentorship, mentor):
    mentorship.actions.create(owner=mentorship.members.first(), text="Call Jan")
    send("session_prepare")

    [found] = sent_to(mentor)
    assert "1 action is still open." in found.body
    assert planned.get_absolute_url() in found.body
    assert "My doubts" not in found.body
    assert "Call Jan" not in found.body


@pytest.mark.parametrize("change", ["moved", "called off", "logged", "ended"])
def test_a_link_to_log_falls_away_once_it_is_no_longer_true(
    planned, mentorship, mentee, change
):
    if change == "moved":
        actions.move_session(planned, wall=wall(9), by=mentee)
    if change == "called off":
        actions.cancel_session(planned, by=mentee)
    if change == "logged":
        Mentorship.objects.get().sessions.update(state="held")
    if change == "ended":
        mentorship.end()
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        send("session_log")

    assert mail.outbox == []


def test_the_link_to_log_opens_for_its_reader(planned, mentor, mentee):
    with time_machine.travel(planned.ends_at + timedelta(hours=2)):
        send("session_log")
        [found] = sent_to(mentor)
        [link] = re.findall(r"https?://\S+(/mentorships/log/\S+)", found.body)

        page = Client().get(link).content.decode()

    assert "Mentee Mia" in page
    assert "We met" in page


def test_once_more_after_two_days_if_nobody_said(planned, mentee):
    with time_machine.travel(planned.ends_at + timedelta(days=2, hours=1)):
        send("session_log_again")

    [found] = sent_to(mentee)
    assert "Nobody has said yet" in found.body


def test_a_session_on_short_notice_has_no_card(mentorship, mentee):
    with time_machine.travel("2027-03-02T08:00:00+00:00"):
        actions.plan_session(mentorship, wall=datetime(2027, 3, 2, 15), by=mentee)

    assert not Message.objects.filter(kind="session_prepare").exists()


# --- what follows on the first session


@pytest.fixture
def met(mentorship, mentee):
    session = factories.MentoringSessionFactory(mentorship=mentorship)
    actions.tap_session(
        session,
        member=mentorship.members.get(participant__user=mentee),
        met=True,
        minutes=60,
    )
    return session


def test_after_the_first_session_both_are_asked_whether_it_clicks(met, mentor, mentee):
    send("fit_check")

    assert len(sent_to(mentor)) == len(sent_to(mentee)) == 1


def test_after_the_second_nobody_is_asked_again(met, mentorship, mentee):
    second = factories.MentoringSessionFactory(
        mentorship=mentorship, starts_at=timezone.now() - timedelta(days=1)
    )
    actions.vouch_for_session(second, by=mentee)

    assert Message.objects.filter(kind="fit_check").count() == 2


def test_who_answered_or_signed_is_not_reminded(met, mentorship, mentor, mentee):
    actions.check_fit(mentorship.members.get(participant__user=mentee), "yes")
    actions.agree(Agreement(mentorship=mentorship), seen=0, by=mentor)
    send("fit_check", "agreement_open")

    assert [each.subject for each in sent_to(mentee)] == [
        "How do you want to work together? Mentor Mo"
    ]
    assert [each.subject for each in sent_to(mentor)] == [
        "Does it click with Mentee Mia?"
    ]


@pytest.mark.parametrize(
    "kind",
    [
        "session_prepare",
        "session_log",
        "session_offered",
        "fit_check",
        "agreement_open",
        "paused",
        "extended",
        "rhythm_changed",
        "feedback_given",
        "thanked",
        "goal_comment",
        "help_wanted",
    ],
)
def test_what_is_gone_needs_no_mail(mentee, kind):
    plan(kind, mentee)
    send()

    assert mail.outbox == []
