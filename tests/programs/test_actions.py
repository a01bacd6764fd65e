from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from history.models import Event
from outbox.models import Message
from people.models import Profile, User
from programs import actions
from programs.blueprints import blueprints
from programs.models import Guideline, Invite, Participant, Program, Role
from programs.tasks import settle_participants
from tests import factories


def complete_profile(user, *, mentor=False):
    """Whatever is asked of a profile is there."""
    profile, _made = Profile.objects.get_or_create(user=user)
    profile.about, profile.languages = "I like to help.", ["nl"]
    profile.save()
    topic = factories.TopicFactory()
    if mentor:
        profile.offers.add(topic)
    else:
        profile.wishes.add(topic)


def draft_from(key, by):
    blueprint = blueprints()[key]
    program = Program(**actions.defaults(blueprint))
    return actions.create_program(program, blueprint=blueprint, by=by)


def verbs(program):
    return set(
        Event.objects.filter(program_id=program.pk).values_list("verb", flat=True)
    )


# --- from idea to archive


@pytest.mark.parametrize("key", sorted(set(blueprints()) - {"blank"}))
def test_every_template_makes_a_draft_that_can_open(key, hr_admin):
    program = draft_from(key, hr_admin)

    assert program.state == "draft"
    assert actions.obstacles(program, "open") == []
    actions.move_program(program, "open", by=hr_admin)
    assert Program.objects.get().is_open


@pytest.mark.parametrize("key", blueprints())
def test_every_template_is_complete_in_both_languages(key):
    blueprint = blueprints()[key]
    texts = [
        getattr(blueprint, f"{name}_{language}")
        for name in ("name", "summary")
        for language in ("nl", "en")
    ]
    texts += [
        guideline[f"body_{language}"]
        for guideline in blueprint.guidelines
        for language in ("nl", "en")
    ]

    assert all(text.strip() for text in texts)
    assert blueprint.goals
    assert blueprint.criteria


def test_dates_of_a_new_program_lie_ahead_in_order():
    found = actions.defaults(blueprints()["leadership-pipeline"])

    assert timezone.localdate() < found["matching_on"] < found["starts_on"]
    assert found["starts_on"].weekday() == 0
    assert found["ends_on"] - found["starts_on"] == timedelta(weeks=26)


def test_programs_whose_names_are_alike_have_two_addresses(hr_admin):
    first = draft_from("flash", hr_admin)
    Program.objects.update(name_nl=f"{first.name_nl}!", name_en=f"{first.name_en}!")
    second = draft_from("flash", hr_admin)

    assert first.slug != second.slug


def test_no_two_programs_have_one_name(hr_admin):
    draft_from("flash", hr_admin)
    Program.objects.update(name_en="Something else")

    with pytest.raises(ValidationError, match="with this name already"):
        draft_from("flash", hr_admin)


def test_opening_says_everything_that_is_missing(hr_admin):
    program = factories.ProgramFactory(
        purpose_nl="", purpose_en="", starts_on=None, ends_on=None
    )

    with pytest.raises(ValidationError) as error:
        actions.move_program(program, "open", by=hr_admin)

    assert len(error.value.messages) == 5
    assert Program.objects.get().is_draft


def test_program_that_has_ended_already_does_not_open(program):
    program.ends_on = timezone.localdate()

    assert len(actions.obstacles(program, "open")) == 1


def test_archiving_waits_for_those_in_a_mentorship(program, mentorship, hr_admin):
    Program.objects.update(state="closing")
    program.refresh_from_db()

    with pytest.raises(ValidationError) as error:
        actions.move_program(program, "archive", by=hr_admin)

    assert "2" in str(error.value)


def test_each_move_is_recorded(program, hr_admin):
    actions.move_program(program, "close", by=hr_admin)
    actions.move_program(program, "archive", by=hr_admin)

    assert verbs(program) >= {"close", "archive"}


def test_last_goal_of_a_program_that_people_can_join_stays(program, hr_admin):
    with pytest.raises(ValidationError):
        actions.remove_goal(program, program.goals.get(), by=hr_admin)

    assert program.goals.count() == 1


def test_last_goal_of_a_draft_can_go(hr_admin):
    draft = factories.ProgramFactory()
    goal = factories.ProgramGoalFactory(program=draft)

    actions.remove_goal(draft, goal, by=hr_admin)

    assert not draft.goals.exists()


# --- guidelines


def revise(program, by, body="New words.", **more):
    return actions.revise_guideline(
        program, Role.MENTEE, body_nl=body, body_en=body, by=by, **more
    )


def test_guideline_of_a_draft_is_changed_in_place(hr_admin):
    draft = factories.ProgramFactory()
    factories.GuidelineFactory(program=draft)

    revise(draft, hr_admin)

    assert Guideline.objects.get().body_en == "New words."


def test_new_version_asks_who_waits_again_and_leaves_who_is_matched(
    program, mentorship, mentee, hr_admin
):
    waiting = factories.ParticipantFactory(program=program)
    for participant in program.participants.filter(role=Role.MENTEE):
        actions.accept_guideline(participant)

    guideline = revise(program, hr_admin)

    waiting.refresh_from_db()
    matched = Participant.objects.get(program=program, user=mentee)
    assert guideline.version == 2
    assert not waiting.is_ready
    assert matched.is_ready
    assert actions.guideline_to_accept(matched) == guideline
    assert Message.objects.filter(kind="guidelines_changed").count() == 2


def test_same_words_are_no_new_version(program, hr_admin):
    last = program.guidelines.current().get(role=Role.MENTEE)

    actions.revise_guideline(
        program,
        Role.MENTEE,
        body_nl=last.body_nl,
        body_en=last.body_en,
        by=hr_admin,
    )

    assert program.guidelines.filter(role=Role.MENTEE).count() == 1


def test_colleague_who_began_with_an_older_version_is_told(program, hr_admin):
    revise(program, hr_admin, base=1)

    with pytest.raises(ValidationError):
        revise(program, hr_admin, "Words of a colleague.", base=1)

    assert program.guidelines.current().get(role="mentee").body_en == "New words."


def test_only_the_version_that_was_read_is_accepted(program, mentee, hr_admin):
    participant = Participant.objects.get(user=mentee)
    revise(program, hr_admin)

    with pytest.raises(ValidationError):
        actions.accept_guideline(participant, version=1)
    actions.accept_guideline(participant, version=2)

    assert actions.guideline_to_accept(participant) is None


def test_changes_show_what_is_new_and_what_is_gone(program, mentee, hr_admin):
    participant = Participant.objects.get(user=mentee)
    actions.accept_guideline(participant)
    guideline = revise(program, hr_admin)

    found = actions.changes(participant, guideline)

    assert ("+", "New words.") in found
    assert [sign for sign, _line in found] == ["-", "+"]


def test_changes_are_words_without_marks(program, mentee, hr_admin):
    participant = Participant.objects.get(user=mentee)
    actions.accept_guideline(participant)
    guideline = actions.revise_guideline(
        program, "mentee", body_nl="- Bel **eerst**.", body_en="", by=hr_admin
    )

    assert ("+", "Bel eerst.") in actions.changes(participant, guideline)


def test_nothing_accepted_means_no_changes_to_show(program, mentee):
    participant = Participant.objects.get(user=mentee)

    assert actions.changes(participant, actions.guideline_of(participant)) == []


# --- taking part


def test_join_with_a_complete_profile_is_ready_at_once(program, outsider):
    complete_profile(outsider)

    participant = actions.join_program(program, outsider, Role.MENTEE)

    assert participant.is_ready
    assert participant.acceptances.count() == 1
    assert Message.objects.filter(kind="joined", to=outsider).count() == 1


def test_join_without_a_profile_says_what_is_missing(program):
    newcomer = factories.UserFactory()

    participant = actions.join_program(program, newcomer, Role.MENTOR, capacity=2)

    assert not participant.is_ready
    assert actions.lacking(participant)
    assert not Profile.objects.filter(user=newcomer).exists()


def test_nobody_joins_twice(program, mentee):
    for role in (Role.MENTEE, Role.MENTOR):
        with pytest.raises(ValidationError):
            actions.join_program(program, mentee, role)

    assert Participant.objects.filter(user=mentee).count() == 1


def test_coordinator_may_be_mentor_as_well(program, coordinator):
    participant = actions.join_program(program, coordinator, Role.MENTOR)

    assert participant.role == Role.MENTOR


@pytest.mark.parametrize("state", ["draft", "closing", "archived"])
def test_nobody_joins_a_program_that_is_not_open(state, outsider):
    program = factories.ProgramFactory(state=state)

    with pytest.raises(ValidationError):
        actions.join_program(program, outsider, Role.MENTEE)


def test_program_that_closed_meanwhile_takes_nobody(program, outsider):
    stale = Program.objects.get(pk=program.pk)
    program.move("close")

    with pytest.raises(ValidationError):
        actions.join_program(stale, outsider, Role.MENTEE)


def test_nobody_becomes_coordinator_by_joining(program, outsider):
    with pytest.raises(ValidationError):
        actions.join_program(program, outsider, Role.COORDINATOR)


def test_capacity_is_kept_within_what_the_program_allows(program, outsider):
    participant = actions.join_program(program, outsider, Role.MENTOR, capacity=99)

    assert participant.capacity == program.capacity_max


def test_who_comes_back_is_the_same_participant_and_told_again(program, mentee):
    participant = Participant.objects.get(user=mentee)
    actions.leave_program(participant, by=mentee)

    again = actions.join_program(program, mentee, Role.MENTEE)

    assert again.pk == participant.pk
    assert again.left_at is None
    assert Message.objects.filter(kind="joined", to=mentee).count() == 1


def test_mentor_keeps_as_many_places_as_are_taken(mentorship, mentor):
    participant = Participant.objects.get(user=mentor)
    participant.claim_place()

    with pytest.raises(ValidationError):
        actions.change_capacity(participant, 1)
    actions.change_capacity(participant, 3)

    participant.refresh_from_db()
    assert participant.room == 1


@pytest.mark.parametrize("capacity", [0, 4])
def test_capacity_outside_of_the_program_is_refused(program, mentor, capacity):
    with pytest.raises(ValidationError):
        actions.change_capacity(Participant.objects.get(user=mentor), capacity)


def test_clock_makes_ready_who_lacks_nothing(program, outsider):
    participant = actions.join_program(program, outsider, Role.MENTEE)
    complete_profile(outsider)

    settle_participants()
    settle_participants()

    participant.refresh_from_db()
    assert participant.is_ready
    assert Event.objects.filter(verb="ready").count() == 1


def test_clock_leaves_alone_who_still_lacks_something(program, outsider):
    participant = actions.join_program(program, outsider, Role.MENTEE)

    settle_participants()

    participant.refresh_from_db()
    assert not participant.is_ready


def test_complete_does_nothing_for_who_left(program, outsider):
    participant = actions.join_program(program, outsider, Role.MENTEE)
    complete_profile(outsider)
    Participant.objects.update(left_at=timezone.now())

    assert not actions.complete(participant)


# --- invitations


def ask(program, by, *emails, role=Role.MENTEE):
    return actions.invite(program, list(emails), role, by=by)


def test_invitation_leaves_people_in_peace(program, coordinator, mentee, leaver):
    gone = factories.UserFactory(left_on=timezone.localdate())
    ask(program, coordinator, "asked@example.org")

    outcome = ask(
        program,
        coordinator,
        mentee.email.upper(),
        "asked@example.org",
        gone.email,
        leaver.email,
        "New.Person@example.org",
        "new.person@example.org",
    )

    assert outcome.asked == ("new.person@example.org",)
    assert outcome.new == outcome.asked
    assert set(outcome.left_out) == {
        mentee.email,
        "asked@example.org",
        gone.email,
        leaver.email,
    }
    assert User.objects.get(email="new.person@example.org").name == "New Person"


def test_invitation_plans_one_mail_and_two_reminders(program, coordinator, outsider):
    ask(program, coordinator, outsider.email)

    kinds = sorted(Message.objects.filter(to=outsider).values_list("kind", flat=True))
    assert kinds == ["invitation", "invitation_reminder", "invitation_reminder"]


def test_draft_asks_nobody(hr_admin):
    draft = factories.ProgramFactory()

    with pytest.raises(ValidationError):
        ask(draft, hr_admin, "somebody@example.org")

    assert not User.objects.filter(email="somebody@example.org").exists()


def test_whoever_was_asked_long_ago_can_be_asked_again(program, coordinator, outsider):
    ask(program, coordinator, outsider.email)
    Invite.objects.update(expires_at=timezone.now())

    assert ask(program, coordinator, outsider.email).asked == (outsider.email,)


def test_invitation_works_once(program, coordinator, outsider):
    ask(program, coordinator, outsider.email)
    invitation = Invite.objects.get()

    assert actions.use_invite(invitation) == outsider
    with pytest.raises(ValidationError):
        actions.use_invite(invitation)


def test_invitation_of_somebody_who_left_does_not_work(
    program, coordinator, outsider, django_user_model
):
    ask(program, coordinator, outsider.email)
    django_user_model.objects.filter(pk=outsider.pk).update(is_active=False)

    with pytest.raises(ValidationError):
        actions.use_invite(Invite.objects.get())


# --- coordinators


def test_coordinator_comes_goes_and_comes_back(program, outsider, hr_admin):
    first = actions.add_coordinator(program, outsider, by=hr_admin)
    actions.remove_coordinator(first, by=hr_admin)
    assert not Program.objects.managed_by(outsider).exists()

    actions.add_coordinator(program, outsider, by=hr_admin)

    assert Program.objects.managed_by(outsider).exists()
    assert Participant.objects.filter(user=outsider).count() == 1
