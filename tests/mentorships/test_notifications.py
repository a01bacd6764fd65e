from datetime import datetime, timedelta

import icalendar
import pytest
from django.core import mail
from django.utils import timezone

from mentorships import actions
from mentorships.models import Mentorship
from mentorships.tasks import plan_check_ins
from outbox.actions import plan
from outbox.models import Message
from outbox.tasks import send_due
from programs.models import Participant, Role
from tests import factories


def wall(days=1, hour=10):
    day = timezone.localdate() + timedelta(days=days)
    return datetime(day.year, day.month, day.day, hour)


def sent_to(user):
    return [each for each in mail.outbox if each.to == [user.email]]


def send(*kinds):
    """Send what was planned, or only these kinds, as if their time had come."""
    rows = Message.objects.all()
    if kinds:
        rows = rows.filter(kind__in=kinds)
    rows.update(not_before=timezone.now())
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
    assert invitation_in(found)[1]["SEQUENCE"] == 1


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
    assert "nobody's fault" in found.body


def test_a_check_in_says_since_when_and_how_to_go_on(mentorship, mentee):
    plan_check_ins()
    send()

    [found] = sent_to(mentee)
    assert "have not met yet" in found.body
    assert f"/mentorships/{mentorship.pk}/sessions/plan/" in found.body
    assert "List-Unsubscribe" in found.message()


@pytest.mark.parametrize("what", ["planned", "held", "ended"])
def test_a_check_in_is_dropped_once_it_is_no_longer_true(mentorship, what):
    plan_check_ins()
    if what == "planned":
        factories.MentoringSessionFactory(
            mentorship=mentorship, starts_at=timezone.now() + timedelta(days=1)
        )
    elif what == "held":
        factories.MentoringSessionFactory(mentorship=mentorship, held=True)
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
