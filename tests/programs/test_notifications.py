import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone, translation

from outbox.actions import record_bounce, send_again
from outbox.models import Bounce, Message
from outbox.tasks import send_due
from programs import actions
from programs.models import Invite, Participant, Role
from programs.notifications import profile_unfinished
from programs.tasks import plan_joining_reminders
from tests import factories


def send(language, user):
    user.language = language
    user.save(update_fields=["language"])
    mail.outbox.clear()
    send_due()
    return mail.outbox


def link_in(message):
    return re.search(r"/programs/invitation/([^/]+)/", message.body)[1]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_invitation_says_what_it_asks_and_carries_a_link(
    program, coordinator, outsider, language
):
    actions.invite(program, [outsider.email], Role.MENTOR, by=coordinator)

    [message] = send(language, outsider)

    with translation.override(language):
        assert program.name in message.subject
    assert message.reply_to == [coordinator.email]
    assert actions.find_invite(link_in(message)) == Invite.objects.get()
    assert all(
        link_in(message) in part for part in (message.body, str(message.alternatives))
    )


def test_link_itself_is_never_kept(program, coordinator, outsider):
    actions.invite(program, [outsider.email], Role.MENTEE, by=coordinator)

    [message] = send("en", outsider)

    assert link_in(message) not in str(list(Message.objects.values()))
    assert link_in(message) not in str(list(Invite.objects.values()))


def test_invitation_that_came_back_is_sent_again_with_a_link_that_works(
    program, coordinator, outsider
):
    actions.invite(program, [outsider.email], Role.MENTEE, by=coordinator)
    send("en", outsider)
    message = Message.objects.get(kind="invitation")
    record_bounce(outsider.email, message.message_id)

    send_again(Message.objects.all(), by=coordinator)
    [again] = send("en", outsider)

    assert actions.find_invite(link_in(again)) == Invite.objects.get()


def test_what_came_back_long_after_it_was_sent_is_not_sent_again(
    program, coordinator, outsider, time_machine
):
    actions.invite(program, [outsider.email], Role.MENTEE, by=coordinator)
    send("en", outsider)
    message = Message.objects.get(kind="invitation")

    time_machine.move_to(message.sent_at + timedelta(days=7))
    record_bounce(outsider.email, message.message_id)

    assert not Message.objects.gave_up().exists()
    assert Bounce.objects.of(outsider.email).exists()


def test_invitation_that_was_used_or_withdrawn_is_not_sent(
    program, coordinator, outsider
):
    actions.invite(program, [outsider.email], Role.MENTEE, by=coordinator)
    actions.withdraw_invite(Invite.objects.get(), by=coordinator)

    assert send("en", outsider) == []


def test_reminder_is_for_who_did_not_answer(
    program, coordinator, outsider, time_machine
):
    actions.invite(program, [outsider.email, "b@example.org"], "mentee", by=coordinator)
    send("en", outsider)
    actions.join_program(program, outsider, Role.MENTEE)
    send("en", outsider)

    time_machine.move_to(timezone.now() + timedelta(days=4, minutes=1))
    found = send("en", outsider)

    assert [message.to for message in found] == [["b@example.org"]]
    assert link_in(found[0])


@pytest.mark.parametrize("language", ["nl", "en"])
def test_joining_is_confirmed_with_what_is_left(program, outsider, language):
    actions.join_program(program, outsider, Role.MENTEE)

    [message] = send(language, outsider)

    assert f"/programs/{program.slug}/me/" in message.body


@pytest.mark.parametrize("language", ["nl", "en"])
def test_new_guidelines_are_told_unless_accepted(program, mentee, hr_admin, language):
    for body in ("First.", "Second."):
        actions.revise_guideline(
            program, "mentee", body_nl=body, body_en=body, by=hr_admin
        )
    participant = Participant.objects.get(user=mentee)

    found = send(language, mentee)
    actions.accept_guideline(participant)
    actions.revise_guideline(program, "mentee", body_nl="3", body_en="3", by=hr_admin)
    actions.accept_guideline(participant)

    assert len(found) == 2
    assert f"/programs/{program.slug}/me/" in found[0].body
    assert send(language, mentee) == []


def test_nobody_who_left_hears_of_guidelines(program, mentee, hr_admin):
    actions.revise_guideline(program, "mentee", body_nl="3", body_en="3", by=hr_admin)
    Participant.objects.update(left_at=timezone.now())

    assert send("en", mentee) == []


def test_the_reminder_names_the_same_as_the_page(program):
    newcomer = factories.UserFactory(language="en")
    factories.ModuleFactory(
        program=program,
        title_en="Listen first",
        role="mentee",
        need="required",
        stage="before",
    )
    me = actions.join_program(program, newcomer, Role.MENTEE)
    Participant.objects.filter(pk=me.pk).update(
        joined_at=timezone.now() - timedelta(days=3, hours=1)
    )
    Message.objects.all().delete()
    plan_joining_reminders()

    content = profile_unfinished(Message.objects.get(kind="profile_unfinished"))

    assert content is not None
    assert content.context["lacking"] == actions.lacking(me)
    assert "the training “Listen first”" in content.context["lacking"]
    assert "at least one topic that you want to learn" in content.context["lacking"]
