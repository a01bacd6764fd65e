"""Leaving one group, and staying in the programme."""

from datetime import datetime, time, timedelta

import icalendar
import pytest
from django.urls import reverse
from django.utils import timezone

from matching.pool import BEGIN_ANEW_POINTS, load_pool
from mentorships import actions
from mentorships.actions import start_mentorship
from mentorships.models import EndReason, Member, OfferedTime, SessionOffer
from outbox.delivery import deliver
from outbox.models import Message
from people.actions import erase_person
from programs.actions import leave_program
from programs.models import Participant, Role
from tests import factories


def at(name, mentorship):
    return reverse(f"mentorships:{name}", args=[mentorship.pk])


def text(response):
    return response.content.decode()


@pytest.fixture
def group(program, mentee):
    """A facilitator with three mentees, of whom one is the mentee."""
    people = [factories.ParticipantFactory(program=program, role=Role.MENTOR)]
    people.append(program.participants.get(user=mentee))
    people += [
        factories.ParticipantFactory(program=program, role=Role.MENTEE)
        for _number in range(2)
    ]
    return start_mentorship(
        program=program, people=[(each, each.role) for each in people], by=None
    )


def leave(client, group, **data):
    return client.post(at("mentorship_leave", group), {"again": "soon", **data})


def test_one_leaves_the_group_and_stays_in_the_programme(as_user, group, mentee):
    client = as_user(mentee)
    page = text(client.get(group.get_absolute_url()))
    assert at("mentorship_leave", group) in page
    assert at("mentorship_end", group) not in page
    assert "No reason is given" in text(client.get(at("mentorship_leave", group)))

    response = leave(client, group, reason="Too busy")

    assert response.status_code == 302
    me = Participant.objects.get(user=mentee)
    assert me.left_at is None
    assert me.places_taken == 0
    assert group.members.count() == 3
    assert Member.ever.get(participant=me).left_at
    assert EndReason.objects.get().read() == "Too busy"
    assert client.get(group.get_absolute_url()).status_code == 404


def test_whoever_left_a_group_is_first_in_line_and_not_with_these_again(
    as_user, program, group, mentee
):
    leave(as_user(mentee), group)

    pool = load_pool(program)
    me = next(each for each in pool.mentees if each.user_id == mentee.pk)
    assert me.priority == BEGIN_ANEW_POINTS
    led = group.members.get(role=Role.MENTOR).participant
    asked = load_pool(program, only=[me.id, led.pk])
    assert (mentee.pk, led.user_id) in asked.excluded


def test_the_others_and_the_coordinator_hear_it_without_a_reason(
    as_user, group, mentee, coordinator, mailoutbox
):
    leave(as_user(mentee), group, reason="Too busy")

    told = Message.objects.filter(kind__in=["stepped_out", "group_left"])
    assert told.filter(kind="stepped_out").count() == 3
    assert told.get(kind="group_left").to == coordinator
    for message in told:
        deliver(message)
    for mail in mailoutbox:
        assert mentee.name in mail.subject
        assert "nobody’s fault" in mail.body
        assert "busy" not in mail.body
    assert any("first in line" in mail.body for mail in mailoutbox)


def test_no_name_waits_in_a_mail_after_its_bearer_is_erased(
    as_user, group, mentee, hr_admin, mailoutbox
):
    name = mentee.name
    leave(as_user(mentee), group)

    erase_person(mentee, by=hr_admin)

    told = Message.objects.filter(kind="stepped_out")
    assert name not in str(list(told.values()))
    deliver(told[0])
    assert "Somebody has left your group" in mailoutbox[0].body


def test_who_wants_another_later_pauses_until_then(as_user, group, mentee):
    day = timezone.localdate() + timedelta(days=30)
    client = as_user(mentee)

    assert leave(client, group, again="later", again_on="").status_code == 422
    past = timezone.localdate() - timedelta(days=1)
    assert leave(client, group, again="later", again_on=past).status_code == 422
    assert group.members.count() == 4

    leave(client, group, again="later", again_on=day)

    assert Participant.objects.get(user=mentee).paused_until == day


def test_a_session_goes_out_of_the_calendar_of_who_left_alone(
    as_user, group, mentee, mailoutbox
):
    session = factories.MentoringSessionFactory(
        mentorship=group, starts_at=timezone.now() + timedelta(days=3)
    )
    leave(as_user(mentee), group)

    session.refresh_from_db()
    assert session.is_planned
    message = Message.objects.get(kind="session_cancelled")
    assert message.to == mentee
    deliver(message)
    _name, calendar, _type = mailoutbox[0].attachments[0]
    assert "METHOD:CANCEL" in str(calendar)
    assert "no longer in this group" in mailoutbox[0].body


def test_whoever_looks_along_sees_the_groups_that_one_is_in(
    as_user, program, group, mentee, coordinator
):
    me = Participant.objects.get(user=mentee)
    client = as_user(coordinator)
    client.post(reverse("programs:viewing_start", args=[program.slug, me.pk]))
    url = reverse("mentorships:mentorship_list")
    assert list(client.get(url).context["mentorships"]) == [group]

    leave(as_user(mentee), group)

    assert list(client.get(url).context["mentorships"]) == []


def calendars(mail):
    """Each event that goes with a mail, with what a calendar is to do with it."""
    found = []
    for name, content, _kind in mail.attachments:
        assert name.endswith(".ics")
        calendar = icalendar.Calendar.from_ical(content)
        [event] = calendar.walk("VEVENT")
        asked = event["ATTENDEE"]
        asked = asked if isinstance(asked, list) else [asked]
        people = {str(each).removeprefix("mailto:") for each in asked}
        found.append((calendar["METHOD"], event["UID"], event["SEQUENCE"], people))
    return found


def deliver_all(*kinds):
    for message in Message.objects.filter(kind__in=kinds, state="planned"):
        deliver(message)


@pytest.fixture
def two_planned(group):
    """Two sessions to come; and one that is over, which no calendar need change."""
    factories.MentoringSessionFactory(mentorship=group)
    return [
        factories.MentoringSessionFactory(
            mentorship=group, starts_at=timezone.now() + timedelta(days=days)
        )
        for days in (3, 17)
    ]


def test_calendars_of_those_who_stay_take_over_that_somebody_left(
    as_user, group, mentee, two_planned, mailoutbox
):
    leave(as_user(mentee), group)
    deliver_all("stepped_out", "session_moved", "session_cancelled")

    stay = {each.participant.user.email for each in group.members.all()}
    assert len(mailoutbox) == 3 + 2
    for mail in mailoutbox:
        if mail.to == [mentee.email]:
            continue
        assert "stays, without" in mail.body
        assert calendars(mail) == [
            ("REQUEST", each.ics_uid, 1, stay) for each in two_planned
        ]
    theirs = [each for each in mailoutbox if each.to == [mentee.email]]
    assert [calendars(mail) for mail in theirs] == [
        [("CANCEL", each.ics_uid, 1, {mentee.email})] for each in two_planned
    ]


def test_whoever_is_taken_out_leaves_the_calendars_too(
    group, mentee, two_planned, coordinator, mailoutbox
):
    me = Participant.objects.get(user=mentee)
    leave_program(me, by=coordinator)
    deliver_all("stepped_out")

    for mail in mailoutbox:
        assert {people for *_rest, people in map(frozen, calendars(mail))} == {
            frozenset(each.participant.user.email for each in group.members.all())
        }
    assert len(mailoutbox) == 3


def frozen(found):
    *rest, people = found
    return (*rest, frozenset(people))


@pytest.mark.parametrize("then", ["moved", "called off"])
def test_what_changes_after_somebody_left_goes_out_of_their_calendar_all_the_same(
    as_user, group, mentee, two_planned, mailoutbox, then
):
    session, _other = two_planned
    leave(as_user(mentee), group)
    session.refresh_from_db()
    facilitator = group.members.get(role=Role.MENTOR).participant.user
    if then == "moved":
        wall = datetime.combine(timezone.localdate() + timedelta(days=5), time(10))
        actions.move_session(session, wall=wall, by=facilitator)
    else:
        actions.cancel_session(session, by=facilitator)
    deliver_all("session_cancelled")

    theirs = [each for each in mailoutbox if each.to == [mentee.email]]
    assert [("CANCEL", session.ics_uid, 2, {mentee.email})] in map(calendars, theirs)
    assert len(theirs) == 2


def test_whoever_is_in_it_again_keeps_it_in_their_calendar(
    group, mentee, coordinator, two_planned, mailoutbox
):
    me = group.members.get(participant__user=mentee)
    actions.step_out(group, me.participant, by=mentee)
    actions.take_up_again(Member.ever.get(pk=me.pk), by=coordinator)
    deliver_all("session_cancelled")
    assert mailoutbox == []

    Message.objects.filter(kind="introduction", occasion="").delete()
    deliver_all("introduction")
    together = {each.participant.user.email for each in group.members.all()}
    assert {mail.to[0] for mail in mailoutbox} == together
    for mail in mailoutbox:
        assert calendars(mail) == [
            ("REQUEST", each.ics_uid, 2, together) for each in two_planned
        ]


def test_cards_and_links_still_come_to_those_who_stay(as_user, group, mentee):
    facilitator = group.members.get(role=Role.MENTOR).participant.user
    wall = datetime.combine(timezone.localdate() + timedelta(days=5), time(10))
    session = actions.plan_session(group, wall=wall, by=facilitator)

    leave(as_user(mentee), group)

    session.refresh_from_db()
    for kind in ("session_prepare", "session_log", "session_log_again"):
        told = Message.objects.filter(kind=kind, occasion=str(session.ics_sequence))
        assert {each.to for each in told} == {
            each.participant.user for each in group.members.all()
        }


def test_a_pair_is_ended_and_not_left(as_user, mentorship, mentee):
    client = as_user(mentee)

    assert at("mentorship_leave", mentorship) not in text(
        client.get(mentorship.get_absolute_url())
    )
    response = client.get(at("mentorship_leave", mentorship))
    assert response.url == at("mentorship_end", mentorship)


def test_one_mentee_does_not_end_the_group_for_all(as_user, group, mentee):
    response = as_user(mentee).post(at("mentorship_end", group), {})

    assert response.url == at("mentorship_leave", group)
    group.refresh_from_db()
    assert group.is_active


def test_whoever_leads_a_group_ends_it_for_all(as_user, group):
    leader = group.members.get(role=Role.MENTOR).participant.user
    client = as_user(leader)
    assert "for everybody in the group" in text(client.get(at("mentorship_end", group)))

    client.post(at("mentorship_end", group), {})

    group.refresh_from_db()
    assert not group.is_active


@pytest.mark.parametrize("page", ["something_off", "course"])
def test_the_way_out_of_a_group_is_shown_where_one_looks_for_it(
    as_user, group, mentee, page
):
    assert at("mentorship_leave", group) in text(as_user(mentee).get(at(page, group)))


def test_moments_of_who_left_cannot_be_picked_any_more(as_user, group, mentee):
    for member in group.members.all():
        offer = SessionOffer.objects.create(mentorship=group, by=member)
        day = timezone.now() + timedelta(days=3)
        OfferedTime.objects.create(offer=offer, starts_at=day)

    leave(as_user(mentee), group)

    still = SessionOffer.objects.open(timezone.now())
    assert {each.by_id for each in still} == {each.pk for each in group.members.all()}
