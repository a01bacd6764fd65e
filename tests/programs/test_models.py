from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from programs.models import (
    Guideline,
    Invite,
    Participant,
    Program,
    Role,
    hashed,
    new_nonce,
    token_of,
)
from tests import factories


def invite_for(program, user, **fields):
    return Invite.objects.create(
        program=program,
        email=user.email,
        role=Role.MENTEE,
        token_hash=hashed(token_of(new_nonce())),
        **{"expires_at": timezone.now() + timedelta(days=30), **fields},
    )


def test_program_is_invisible_to_outsiders_once_it_runs(program, outsider):
    assert not Program.objects.visible_to(outsider).exists()


def test_program_open_for_everybody_is_visible_to_outsiders(outsider):
    open_program = factories.ProgramFactory(open=True)

    assert open_program in Program.objects.visible_to(outsider)


@pytest.mark.parametrize("state", ["draft", "running", "closing", "archived"])
def test_program_that_is_not_open_is_invisible_to_outsiders(outsider, state):
    factories.ProgramFactory(state=state)

    assert not Program.objects.visible_to(outsider).exists()


def test_program_by_invitation_is_visible_only_to_the_invited(outsider, mentor):
    closed = factories.ProgramFactory(open=True, join_mode="invitation")
    invite_for(closed, outsider)

    assert closed in Program.objects.visible_to(outsider)
    assert closed not in Program.objects.visible_to(mentor)


def test_invitation_that_expired_unused_shows_nothing(outsider):
    closed = factories.ProgramFactory(open=True, join_mode="invitation")
    invite_for(closed, outsider, expires_at=timezone.now())

    assert not Program.objects.visible_to(outsider).exists()


def test_invitation_that_was_used_keeps_the_program_visible(outsider):
    closed = factories.ProgramFactory(running=True, join_mode="invitation")
    now = timezone.now()
    invite_for(closed, outsider, used_at=now, expires_at=now)

    assert closed in Program.objects.visible_to(outsider)


def test_it_admin_sees_no_open_programs(it_admin):
    factories.ProgramFactory(open=True)

    assert not Program.objects.visible_to(it_admin).exists()


def test_program_is_managed_by_its_coordinator_and_hr_only(
    program, coordinator, hr_admin, mentor, sponsor, it_admin
):
    other = factories.ProgramFactory()

    assert list(Program.objects.managed_by(coordinator)) == [program]
    assert set(Program.objects.managed_by(hr_admin)) == {program, other}
    for user in (mentor, sponsor, it_admin):
        assert not Program.objects.managed_by(user).exists()


def test_coordinator_who_left_manages_nothing(program, coordinator):
    Participant.objects.filter(user=coordinator).update(left_at=timezone.now())

    assert not Program.objects.managed_by(coordinator).exists()


def test_counts_leave_out_who_left_and_who_is_not_ready(program, mentor, mentee):
    factories.ParticipantFactory(program=program, state="joining")
    factories.ParticipantFactory(program=program, left_at=timezone.now())
    factories.ParticipantFactory(
        program=program, role=Role.MENTOR, capacity=5, state="joining"
    )

    found = Program.objects.with_counts().get(pk=program.pk)

    assert (found.mentees, found.mentees_ready, found.waiting) == (2, 1, 1)
    assert (found.mentors, found.mentors_ready, found.free_places) == (2, 1, 2)


def test_counts_know_who_is_matched(mentorship, program):
    found = Program.objects.with_counts().get(pk=program.pk)

    assert (found.waiting, found.matched, found.free_places) == (0, 1, 1)


def test_counts_of_an_empty_program_are_zero():
    factories.ProgramFactory()

    found = Program.objects.with_counts().get()

    assert (found.mentees, found.free_places, found.waiting) == (0, 0, 0)


def test_move_has_one_winner():
    program = factories.ProgramFactory()
    twin = Program.objects.get(pk=program.pk)

    program.move("open")

    with pytest.raises(ValidationError):
        twin.move("open")
    assert Program.objects.get().state == "open"


def test_program_speaks_the_readers_language():
    program = factories.ProgramFactory(name_nl="Leiders", name_en="Leaders")

    with translation.override("nl"):
        assert program.name == "Leiders"
    with translation.override("en"):
        assert program.name == "Leaders"


@pytest.mark.parametrize(
    "fields",
    [
        {"name_nl": "", "name_en": ""},
        {"state": "elsewhere"},
        {"capacity_default": 3, "capacity_max": 2},
        {"capacity_default": 0},
        {"ends_on": timezone.localdate() - timedelta(days=400)},
    ],
)
def test_database_refuses_a_program_that_cannot_be(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.ProgramFactory(**fields)


def test_last_place_goes_to_one_of_those_who_ask(program):
    mentor = factories.ParticipantFactory(program=program, role=Role.MENTOR)
    twin = Participant.objects.get(pk=mentor.pk)

    mentor.claim_place()

    with pytest.raises(ValidationError) as error:
        twin.claim_place()
    assert error.value.code == "taken"
    assert twin.user.name in str(error.value)


def test_place_that_was_given_back_can_be_claimed_again(program):
    mentor = factories.ParticipantFactory(program=program, role=Role.MENTOR)
    mentor.claim_place()

    mentor.free_place()
    mentor.free_place()

    mentor.refresh_from_db()
    assert mentor.room == 1


def test_participant_who_left_gives_no_place(program):
    gone = factories.ParticipantFactory(program=program, left_at=timezone.now())

    with pytest.raises(ValidationError):
        gone.claim_place()


def test_current_guidelines_are_the_newest_of_each_role(program):
    newest = factories.GuidelineFactory(program=program, role=Role.MENTEE, version=2)

    current = program.guidelines.current()

    assert newest in current
    assert {each.role for each in current} == {"mentor", "mentee"}
    assert Guideline.objects.filter(program=program).count() == 3


def test_token_cannot_be_made_of_what_the_database_holds(settings):
    nonce = new_nonce()
    token = token_of(nonce)

    settings.SECRET_KEY = "another"

    assert token.startswith(nonce)
    assert token_of(nonce) != token


def test_participants_are_visible_to_themselves_and_who_runs_it(
    program, coordinator, mentor, mentee, outsider
):
    assert Participant.objects.visible_to(mentor).count() == 1
    assert Participant.objects.visible_to(coordinator).count() == 3
    assert not Participant.objects.visible_to(outsider).exists()
