"""The clocks of joining and waiting: each with a clock that moves."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.core import mail

from outbox.models import Message
from outbox.tasks import send_due
from people.models import User
from programs import actions
from programs.lacking import lacking_nothing
from programs.models import Invite, Participant, Program, Role
from programs.tasks import (
    plan_joining_reminders,
    plan_waiting_status,
    settle_participants,
    tell_of_unanswered,
)
from tests import factories

NOW = datetime.fromisoformat("2027-01-12T10:00:00+01:00")


def days_on_which(task, kind, days=40):
    """On which days from now a message of a kind is planned."""
    found = []
    with time_machine.travel(NOW, tick=False) as clock:
        for day in range(days):
            clock.move_to(NOW + timedelta(days=day))
            before = Message.objects.filter(kind=kind).count()
            task()
            task()
            if Message.objects.filter(kind=kind).count() > before:
                found.append(day)
    return found


@pytest.fixture
def joining(program, mentee):
    found = Participant.objects.get(user=mentee)
    Participant.objects.filter(pk=found.pk).update(state="joining", joined_at=NOW)
    found.refresh_from_db()
    return found


@pytest.fixture
def waiting(program, mentee):
    found = Participant.objects.get(user=mentee)
    Participant.objects.filter(pk=found.pk).update(ready_at=NOW)
    found.refresh_from_db()
    return found


# --- a profile that is not finished


def test_an_unfinished_profile_is_asked_for_after_3_and_10_days(joining):
    days = days_on_which(plan_joining_reminders, "profile_unfinished")

    assert days == [3, 10]


def test_whoever_is_ready_is_not_asked(waiting):
    assert days_on_which(plan_joining_reminders, "profile_unfinished") == []


def test_after_a_standstill_only_the_newest_is_asked(joining):
    with time_machine.travel(NOW + timedelta(days=11), tick=False):
        plan_joining_reminders()
    with time_machine.travel(NOW + timedelta(days=30), tick=False):
        plan_joining_reminders()

    assert [each.occasion for each in Message.objects.all()] == ["2027-01-12 day-10"]


def test_the_reminder_says_what_is_missing(joining, mentee):
    mentee.profile.about = ""
    mentee.profile.save()
    with time_machine.travel(NOW + timedelta(days=3), tick=False):
        plan_joining_reminders()
        send_due()

    assert "a few words about yourself" in mail.outbox[0].body


def test_the_reminder_is_dropped_once_it_is_done(joining):
    with time_machine.travel(NOW + timedelta(days=3), tick=False):
        plan_joining_reminders()
        Participant.objects.update(state="ready")
        send_due()

    assert mail.outbox == []


def test_nobody_is_asked_once_the_programme_is_over(joining):
    Program.objects.update(state="closing")

    assert days_on_which(plan_joining_reminders, "profile_unfinished") == []


# --- waiting for a match


def test_whoever_waits_hears_something_every_fourteen_days(waiting):
    assert days_on_which(plan_waiting_status, "waiting_status") == [14, 28]


def test_after_a_standstill_whoever_waits_hears_it_once(waiting):
    with time_machine.travel(NOW + timedelta(days=60), tick=False):
        plan_waiting_status()
        send_due()

    assert len(mail.outbox) == 1


def test_whoever_has_a_match_does_not_wait(waiting):
    Participant.objects.update(places_taken=1)

    assert days_on_which(plan_waiting_status, "waiting_status") == []


@pytest.mark.parametrize(
    ("matching_on", "says"),
    [("2027-03-01", "announced on 1 March"), ("2027-01-20", "in the next round")],
)
def test_the_status_says_when_one_hears(waiting, matching_on, says):
    Program.objects.update(matching_on=matching_on, starts_on="2027-01-25")
    with time_machine.travel(NOW + timedelta(days=14), tick=False):
        plan_waiting_status()
        send_due()

    assert says in mail.outbox[0].body


def test_the_status_is_dropped_once_there_is_a_match(waiting):
    with time_machine.travel(NOW + timedelta(days=14), tick=False):
        plan_waiting_status()
        Participant.objects.update(places_taken=1)
        send_due()

    assert mail.outbox == []


# --- invitations that nobody answers


@pytest.fixture
def invited(program, coordinator):
    with time_machine.travel(NOW, tick=False):
        actions.invite(program, ["new@example.org"], Role.MENTEE, by=coordinator)


def sent_on(kind, days=30):
    """On which days from now a mail of a kind goes out."""
    found = []
    with time_machine.travel(NOW, tick=False) as clock:
        for day in range(days):
            clock.move_to(NOW + timedelta(days=day, minutes=1))
            before = Message.objects.filter(kind=kind, state="sent").count()
            send_due()
            if Message.objects.filter(kind=kind, state="sent").count() > before:
                found.append(day)
    return found


def test_an_invitation_is_repeated_after_4_and_11_days(invited):
    assert sent_on("invitation_reminder") == [4, 11]


def test_an_invitation_that_was_answered_is_not_repeated(invited, program):
    user = User.objects.get(email="new@example.org")
    factories.ParticipantFactory(program=program, user=user)

    assert sent_on("invitation_reminder") == []


def test_the_coordinator_hears_of_it_after_14_days(invited, coordinator):
    assert days_on_which(tell_of_unanswered, "invitations_unanswered") == [14]
    assert Message.objects.get(kind="invitations_unanswered").to == coordinator


def test_the_coordinator_reads_who_has_not_answered(invited, coordinator):
    with time_machine.travel(NOW + timedelta(days=14, hours=1), tick=False):
        tell_of_unanswered()
        send_due()

    [found] = [each for each in mail.outbox if each.to == [coordinator.email]]
    assert "new@example.org" in found.body
    assert "1 person has not answered" in found.body


def test_invitations_of_one_day_are_one_message(program, coordinator):
    with time_machine.travel(NOW, tick=False):
        emails = [f"new{number}@example.org" for number in range(12)]
        actions.invite(program, emails, Role.MENTEE, by=coordinator)
    with time_machine.travel(NOW + timedelta(days=14, hours=1), tick=False):
        tell_of_unanswered()
        Message.objects.filter(kind="invitation_reminder").delete()
        send_due()

    [found] = [each for each in mail.outbox if each.to == [coordinator.email]]
    assert "and 2 more" in found.body


def test_it_is_dropped_when_all_have_answered_meanwhile(invited, coordinator):
    with time_machine.travel(NOW + timedelta(days=14, hours=1), tick=False):
        tell_of_unanswered()
        Invite.objects.all().delete()
        send_due()

    assert [each for each in mail.outbox if each.to == [coordinator.email]] == []


# --- for many


@pytest.mark.parametrize(
    ("task", "fields"),
    [
        (plan_joining_reminders, {"state": "joining", "joined_at": NOW}),
        (plan_waiting_status, {"ready_at": NOW - timedelta(days=20)}),
    ],
)
def test_queries_do_not_grow_with_people(
    program, task, fields, django_assert_max_num_queries
):
    with time_machine.travel(NOW + timedelta(days=3), tick=False):
        for _ in range(3):
            factories.ParticipantFactory(program=program, **fields)
        with django_assert_max_num_queries(4):
            task()
        for _ in range(20):
            factories.ParticipantFactory(program=program, **fields)
        with django_assert_max_num_queries(4):
            task()

    assert Message.objects.count() == 23


def test_whoever_lacks_nothing_any_more_is_ready(joining, mentee):
    topic = factories.TopicFactory()
    mentee.profile.wish_set.create(topic=topic)
    actions.accept_guideline(joining)

    settle_participants()
    settle_participants()

    joining.refresh_from_db()
    assert joining.is_ready


ALL = {"about", "languages", "offer", "wish", "accepted", "trained"}


def having(program, role, things):
    """Somebody who joined in a role and has these of all that can be asked."""
    who = factories.ParticipantFactory(program=program, role=role, state="joining")
    profile = factories.ProfileFactory(
        user=who.user,
        about="I like to help." if "about" in things else "",
        languages=["nl"] if "languages" in things else [],
    )
    if "offer" in things:
        profile.offer_set.create(topic=factories.TopicFactory())
    if "wish" in things:
        profile.wish_set.create(topic=factories.TopicFactory())
    if "accepted" in things:
        actions.accept_guideline(who)
    if "trained" in things:
        for module in program.modules.filter(role__in=["", role]):
            actions.finish_module(module, who)
    return Participant.objects.get(pk=who.pk)


@pytest.mark.parametrize("role", ["mentor", "mentee", "peer"])
@pytest.mark.parametrize("without", [*sorted(ALL), ""])
def test_the_list_of_who_lacks_nothing_says_what_the_page_says(program, role, without):
    needed = {"need": "required", "stage": "before"}
    for theirs in ("", role):
        factories.ModuleFactory(program=program, role=theirs, **needed)
    for field in ({"need": "advised"}, {"stage": "start"}, {"opens_on": "2999-01-01"}):
        factories.ModuleFactory(program=program, **(needed | field))
    if not program.guidelines.filter(role=role).exists():
        factories.GuidelineFactory(program=program, role=role)

    me = having(program, role, ALL - {without})

    found = lacking_nothing(Participant.objects.all()).filter(pk=me.pk).exists()
    assert found == (actions.lacking(me) == [])
    spared = {"mentor": {"", "wish"}, "mentee": {"", "offer"}, "peer": {""}}
    assert found == (without in spared[role])


def test_the_clock_asks_nothing_of_each_who_lacks_something(
    program, django_assert_num_queries
):
    for _ in range(5):
        factories.ParticipantFactory(program=program, state="joining")

    with django_assert_num_queries(1):
        settle_participants()
