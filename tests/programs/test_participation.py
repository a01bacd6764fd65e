"""Pausing, leaving, and how many there is room for."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from matching.pool import load_pool
from mentorships.actions import start_mentorship
from mentorships.models import Member, MentoringSession, Mentorship
from mentorships.tasks import plan_first_steps
from outbox.actions import plan
from outbox.delivery import deliver
from outbox.kinds import KINDS
from outbox.models import Message
from people.actions import come_back, erase_person, leave
from people.models import User
from programs import actions
from programs.models import Participant, Program, Role
from programs.tasks import (
    part_with_leavers,
    plan_joining_reminders,
    plan_waiting_status,
)
from tests import factories


def url(name, *args):
    return reverse(f"programs:{name}", args=args)


def text(response):
    return response.content.decode()


def of(user):
    return Participant.objects.exclude(program__slug="other").get(user=user)


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


def pause(client, program, **data):
    return client.post(url("participation_pause", program.slug), data)


@pytest.fixture
def group(program):
    """A mentor with three mentees, as one group."""
    people = [
        (factories.ParticipantFactory(program=program, role=Role.MENTOR), "mentor")
    ]
    people += [
        (factories.ParticipantFactory(program=program, role=Role.MENTEE), "mentee")
        for _number in range(3)
    ]
    return start_mentorship(program=program, people=people, by=None)


# --- pause


def test_who_pauses_is_not_matched_until_the_day_they_are_back(
    as_user, program, mentee, mentor
):
    response = pause(as_user(mentee), program, until=in_days(20))

    assert response.status_code == 302
    assert of(mentee).pk not in {each.id for each in load_pool(program).mentees}
    assert Program.objects.with_counts().get(pk=program.pk).waiting == 0
    with pytest.raises(ValidationError):
        of(mentee).claim_place()
    with time_machine.travel(timezone.now() + timedelta(days=20)):
        assert of(mentee).pk in {each.id for each in load_pool(program).mentees}
        of(mentee).claim_place()


def test_who_pauses_is_not_reminded(program, mentee):
    Participant.objects.filter(user=mentee).update(
        ready_at=timezone.now() - timedelta(days=15)
    )
    late = factories.ParticipantFactory(program=program, state="joining")
    Participant.objects.filter(pk=late.pk).update(
        joined_at=timezone.now() - timedelta(days=3)
    )
    for participant in (of(mentee), late):
        actions.pause_participation(participant, in_days(9), by=participant.user)

    plan_waiting_status()
    plan_joining_reminders()

    kinds = ["waiting_status", "profile_unfinished"]
    assert not Message.objects.filter(kind__in=kinds).exists()


def test_a_reminder_that_was_planned_already_waits(program, mentee, mailoutbox):
    Participant.objects.filter(user=mentee).update(
        ready_at=timezone.now() - timedelta(days=15)
    )
    plan_waiting_status()
    actions.pause_participation(of(mentee), in_days(9), by=mentee)

    deliver(Message.objects.get(kind="waiting_status"))

    assert mailoutbox == []


@pytest.mark.parametrize("days", [-1, 0])
def test_a_day_that_is_past_is_refused(as_user, program, mentee, days):
    response = pause(as_user(mentee), program, until=in_days(days))

    assert response.status_code == 422
    assert "still to come" in text(response)
    assert not of(mentee).is_pausing


def test_pausing_until_after_the_end_is_refused(as_user, program, mentee):
    response = pause(as_user(mentee), program, until=program.ends_on)

    assert response.status_code == 422
    assert "over by then" in text(response)


def test_back_earlier(as_user, program, mentee):
    client = as_user(mentee)
    pause(client, program, until=in_days(20))
    assert "You pause" in text(client.get(url("participation", program.slug)))

    client.post(url("participation_resume", program.slug))

    assert not of(mentee).is_pausing
    assert "You pause" not in text(client.get(url("participation", program.slug)))


def test_what_pausing_does_is_said_before(as_user, program, mentorship, mentee, mentor):
    page = text(as_user(mentee).get(url("participation", program.slug)))

    assert f"your mentorship with {mentor.name} rests" in page
    assert "nobody reminds you of anything in this programme" in page


def test_a_pair_rests_while_one_of_them_pauses(
    as_user, program, mentorship, mentee, mentor, mailoutbox
):
    sessions = [
        factories.MentoringSessionFactory(
            mentorship=mentorship, starts_at=timezone.now() + timedelta(days=days)
        )
        for days in (5, 40)
    ]

    pause(as_user(mentee), program, until=in_days(20))

    for session in sessions:
        session.refresh_from_db()
    assert [each.state for each in sessions] == ["missed", "planned"]
    assert mentorship in Mentorship.objects.resting_at(timezone.now())
    told = Message.objects.get(kind="paused")
    assert told.to == mentor
    deliver(told)
    assert f"{mentee.name} is away for a while" in mailoutbox[0].body
    page = text(as_user(mentor).get(mentorship.get_absolute_url()))
    assert f"{mentee.name} is away until" in page


def test_who_is_back_earlier_rests_no_longer(program, mentorship, mentee):
    actions.pause_participation(of(mentee), in_days(20), by=mentee)
    actions.resume_participation(of(mentee), by=mentee)

    assert not Mentorship.objects.resting_at(timezone.now()).exists()


def test_the_time_of_a_pause_counts_as_no_silence(program, mentorship, mentee):
    program.state = Program.State.RUNNING
    program.save()
    Mentorship.objects.update(started_at=timezone.now() - timedelta(days=95))
    quiet = Mentorship.objects.quiet_at
    assert mentorship in quiet(timezone.now())

    actions.pause_participation(of(mentee), in_days(20), by=mentee)
    assert not quiet(timezone.now()).exists()

    for days, is_quiet in ((19, False), (30, False), (43, True)):
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            assert quiet(timezone.now()).exists() == is_quiet


def test_no_reminder_of_the_programme_reaches_who_pauses(
    program, mentorship, mentee, mentor, mailoutbox
):
    actions.pause_participation(of(mentee), in_days(20), by=mentee)
    for user in (mentee, mentor):
        plan("half_way", user, about=mentorship, program_id=program.pk)

    for message in Message.objects.filter(kind="half_way"):
        deliver(message)

    assert [each.to for each in mailoutbox] == [[mentor.email]]
    waits = Message.objects.get(kind="half_way", to=mentee)
    assert waits.state == Message.State.PLANNED
    assert waits.not_before.date() >= in_days(20)


def test_nobody_is_asked_for_a_first_step_while_the_other_pauses(
    program, mentorship, mentee, mentor
):
    Mentorship.objects.update(started_at=timezone.now() - timedelta(days=7))
    actions.pause_participation(of(mentor), in_days(20), by=mentor)

    plan_first_steps()

    assert not Message.objects.filter(kind="first_step").exists()


def test_a_pause_quiets_no_other_programme(program, mentee, mailoutbox):
    other = factories.ProgramFactory(open=True, slug="other")
    there = factories.ParticipantFactory(program=other, user=mentee, role=Role.MENTEE)
    Participant.objects.filter(pk=there.pk).update(
        state="ready", ready_at=timezone.now() - timedelta(days=15)
    )
    actions.pause_participation(of(mentee), in_days(9), by=mentee)

    plan_waiting_status()
    deliver(Message.objects.get(kind="waiting_status"))

    assert len(mailoutbox) == 1


def test_a_reminder_of_where_one_pauses_does_not_travel_beside_another(
    program, mentee, mailoutbox
):
    other = factories.ProgramFactory(open=True, slug="other")
    there = factories.ParticipantFactory(program=other, user=mentee, role=Role.MENTEE)
    Participant.objects.update(
        state="ready", ready_at=timezone.now() - timedelta(days=15)
    )
    plan_waiting_status()
    actions.pause_participation(of(mentee), in_days(9), by=mentee)

    deliver(Message.objects.get(kind="waiting_status", about_id=there.pk))

    assert len(mailoutbox) == 1
    assert str(program) not in mailoutbox[0].body
    waits = Message.objects.get(kind="waiting_status", about_id=of(mentee).pk)
    assert waits.state == Message.State.PLANNED


def test_the_digest_says_nothing_of_where_one_pauses(program, mentorship, mentee):
    factories.GoalFactory(mentorship=mentorship)
    plan("digest", mentee, occasion="2026-W48")
    message = Message.objects.get(kind="digest")
    assert KINDS["digest"].content(message)

    actions.pause_participation(of(mentee), in_days(9), by=mentee)

    assert KINDS["digest"].content(message) is None


def test_a_group_goes_on_while_one_pauses(group):
    participant = group.members.filter(role=Role.MENTEE)[0].participant

    actions.pause_participation(participant, in_days(20), by=participant.user)

    assert not Mentorship.objects.resting_at(timezone.now()).exists()
    assert not Message.objects.filter(kind="paused").exists()


def test_the_team_sees_who_pauses(as_user, program, coordinator, mentee):
    actions.pause_participation(of(mentee), in_days(20), by=mentee)

    page = text(as_user(coordinator).get(url("participant_list", program.slug)))

    assert "pauses until" in page


# --- leave


def test_leaving_is_confirmed_first(as_user, program, mentee):
    client = as_user(mentee)
    path = url("participation_leave", program.slug)

    assert "Nobody gets a mail" in text(client.get(path))
    assert client.post(path).status_code == 302

    assert of(mentee).left_at
    assert client.post(path).status_code == 404


def test_leaving_ends_a_pair_and_says_so_beforehand(
    as_user, program, mentorship, mentee, mentor
):
    planned = factories.MentoringSessionFactory(
        mentorship=mentorship, starts_at=timezone.now() + timedelta(days=3)
    )
    client = as_user(mentee)
    path = url("participation_leave", program.slug)

    assert f"Your mentorship with {mentor.name} ends now" in text(client.get(path))
    client.post(path)

    mentorship.refresh_from_db()
    planned.refresh_from_db()
    assert not mentorship.is_active
    assert planned.state == MentoringSession.State.MISSED
    assert of(mentee).left_at
    assert of(mentor).places_taken == 0
    assert Message.objects.filter(kind="ended", to=mentor).count() == 1
    # What they wrote stays readable.
    assert client.get(mentorship.get_absolute_url()).status_code == 200


def test_a_group_goes_on_without_one_and_hears_it(as_user, group, mailoutbox):
    member = group.members.filter(role=Role.MENTEE)[0]
    user = member.participant.user
    client = as_user(user)
    path = url("participation_leave", group.program.slug)

    assert "goes on without you" in text(client.get(path))
    client.post(path)

    group.refresh_from_db()
    assert group.is_active
    assert group.members.count() == 3
    assert Member.ever.get(pk=member.pk).left_at
    told = Message.objects.filter(kind="stepped_out")
    assert told.count() == 3
    assert user.pk not in told.values_list("to", flat=True)
    deliver(told[0])
    assert user.name in mailoutbox[0].subject
    assert client.get(group.get_absolute_url()).status_code == 404


def test_a_group_ends_with_who_leads_it(group):
    leader = group.members.get(role=Role.MENTOR).participant

    actions.leave_program(leader, by=leader.user)

    assert not anew(group).is_active
    assert set(group.members.values_list("participant__places_taken", flat=True)) == {0}


def anew(mentorship):
    return Mentorship.objects.get(pk=mentorship.pk)


def test_leaving_twice_does_it_once(program, mentee):
    participant = of(mentee)
    actions.leave_program(participant, by=mentee)

    with pytest.raises(ValidationError):
        actions.leave_program(participant, by=mentee)


# --- how many may take part


@pytest.fixture
def small():
    program = factories.ProgramFactory(open=True, slug="small", most_people=2)
    for role in (Role.MENTOR, Role.MENTEE):
        factories.GuidelineFactory(program=program, role=role)
    return program


def test_the_last_place_is_the_last(small, outsider, mentee, mentor):
    actions.join_program(small, mentee, Role.MENTEE)
    actions.join_program(small, mentor, Role.MENTOR)

    with pytest.raises(ValidationError, match="full"):
        actions.join_program(small, outsider, Role.MENTEE)

    assert small.participants.active().count() == 2


def test_a_place_comes_free_when_somebody_leaves(small, outsider, mentee, mentor):
    actions.join_program(small, mentee, Role.MENTEE)
    there = actions.join_program(small, mentor, Role.MENTOR)
    actions.leave_program(there, by=mentor)

    actions.join_program(small, outsider, Role.MENTEE)

    small.refresh_from_db()
    assert small.places_taken == 2


def left_yesterday(user):
    leave(user, by=None)
    User.objects.filter(pk=user.pk).update(
        left_on=timezone.localdate() - timedelta(days=1)
    )


def test_a_mistake_of_hr_can_be_taken_back_on_the_same_day(mentorship, mentor):
    leave(mentor, by=None)

    part_with_leavers()

    mentorship.refresh_from_db()
    assert mentorship.is_active


def test_the_place_of_a_leaver_comes_free(small, outsider, mentee, mentor):
    for user, role in ((mentee, Role.MENTEE), (mentor, Role.MENTOR)):
        actions.join_program(small, user, role)
    left_yesterday(mentor)

    assert [bool(part_with_leavers()), part_with_leavers()] == [True, 0]

    actions.join_program(small, outsider, Role.MENTEE)
    small.refresh_from_db()
    assert small.places_taken == 2


def test_who_asked_is_let_in_on_the_place_of_a_leaver(
    small, coordinator, outsider, mentee, mentor
):
    for user, role in ((mentee, Role.MENTEE), (mentor, Role.MENTOR)):
        actions.join_program(small, user, role)
    waits = actions.apply_to_program(small, outsider, Role.MENTEE)
    with pytest.raises(ValidationError, match="full"):
        actions.approve_application(waits, by=coordinator)

    left_yesterday(mentor)
    part_with_leavers()
    waits.refresh_from_db()
    waits.program.refresh_from_db()
    actions.approve_application(waits, by=coordinator)

    assert small.participants.active().filter(user=outsider).exists()


def test_the_match_of_a_leaver_hears_it_and_has_room_again(
    program, mentorship, mentee, mentor, mailoutbox
):
    left_yesterday(mentor)
    part_with_leavers()

    mentorship.refresh_from_db()
    assert not mentorship.is_active
    assert of(mentee).places_taken == 0
    deliver(Message.objects.get(kind="ended", to=mentee))
    assert mentor.name in mailoutbox[0].body


def test_the_place_of_who_is_erased_comes_free(small, hr_admin, mentee):
    actions.join_program(small, mentee, Role.MENTEE)

    erase_person(mentee, by=hr_admin)

    small.refresh_from_db()
    assert small.places_taken == 0


def test_a_stale_count_does_not_let_one_more_in(small, outsider, mentee, mentor):
    stale = Program.objects.get(pk=small.pk)
    actions.join_program(small, mentee, Role.MENTEE)
    actions.join_program(small, mentor, Role.MENTOR)

    with pytest.raises(ValidationError, match="full"):
        actions.join_program(stale, outsider, Role.MENTEE)


def test_who_comes_too_late_reads_that_it_is_full(
    as_user, small, outsider, mentee, mentor
):
    actions.join_program(small, mentee, Role.MENTEE)
    actions.join_program(small, mentor, Role.MENTOR)
    client = as_user(outsider)

    assert "Full for now" in text(client.get(small.get_absolute_url()))
    response = client.post(
        url("program_join", "small", "mentee"), {"accepted": "on", "version": 1}
    )

    assert response.status_code == 302
    assert not small.participants.filter(user=outsider).exists()


def test_nobody_is_sent_away_by_a_lower_number(
    as_user, hr_admin, small, mentee, mentor
):
    for user, role in ((mentee, Role.MENTEE), (mentor, Role.MENTOR)):
        actions.join_program(small, user, role)
    Program.objects.filter(pk=small.pk).update(most_people=5, places_taken=3)

    page = as_user(hr_admin).get(url("program_edit", "small"))
    data = {
        name: value
        for name, value in page.context["form"].initial.items()
        if value is not None
    }
    response = as_user(hr_admin).post(
        url("program_edit", "small"), {**data, "most_people": 2}
    )

    assert response.status_code == 422
    assert "3 people take part already" in text(response)


# --- a leaver who had not left


@pytest.fixture
def parted(mentorship, mentor):
    """A mentorship that ended because its mentor was reported to have left."""
    left_yesterday(mentor)
    part_with_leavers()
    mentorship.refresh_from_db()
    assert not mentorship.is_active
    return mentorship


def test_who_is_back_is_taken_back_with_what_ended(
    program, parted, mentor, mentee, coordinator, as_user
):
    come_back(mentor, by=coordinator)
    client = as_user(coordinator)
    path = reverse("programs:participant_return", args=[program.slug, of(mentor).pk])

    assert path in client.get(reverse("dashboards:home")).content.decode()
    assert mentor.name in client.get(path).content.decode()
    assert client.post(path).status_code == 302

    parted.refresh_from_db()
    assert parted.is_active
    assert of(mentor).left_at is None
    assert (of(mentor).places_taken, of(mentee).places_taken) == (1, 1)
    for user in (mentor, mentee):
        again = Message.objects.filter(kind="introduction", to=user)
        assert again.filter(occasion__startswith="again").count() == 1
    assert client.post(path).status_code == 404


def test_what_has_no_place_any_more_is_said(
    program, parted, mentor, mentee, coordinator, as_user
):
    come_back(mentor, by=coordinator)
    of(mentee).claim_place()
    path = reverse("programs:participant_return", args=[program.slug, of(mentor).pk])

    text = as_user(coordinator).post(path, follow=True).content.decode()

    assert "takes part again" in text
    assert "could not be taken up again" in text
    parted.refresh_from_db()
    assert not parted.is_active
    assert (of(mentor).places_taken, of(mentor).left_at) == (0, None)


def test_nobody_is_taken_back_who_is_gone_or_went_by_themselves(
    program, parted, mentor, mentee, coordinator
):
    assert not actions.taken_for_leavers().exists()

    actions.leave_program(of(mentee), by=mentee)
    assert not actions.taken_for_leavers().exists()

    come_back(mentor, by=coordinator)
    assert [each.user for each in actions.taken_for_leavers()] == [mentor]
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        assert not actions.taken_for_leavers().exists()


def test_a_group_that_went_on_has_them_again(
    program, parted, mentor, mentee, coordinator
):
    come_back(mentor, by=coordinator)
    Mentorship.objects.filter(pk=parted.pk).update(ended_at=None)
    member = Member.objects.get(mentorship=parted, participant=of(mentor))
    Member.objects.filter(pk=member.pk).update(left_at=of(mentor).left_at)

    assert actions.take_back(of(mentor), by=coordinator) == []

    member.refresh_from_db()
    assert member.left_at is None
    assert of(mentor).places_taken == 1
