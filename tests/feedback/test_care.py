"""What is done about a pair in the care queue, by whom, and with what outcome."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from feedback.actions import (
    close_care,
    let_care_go,
    snooze_care,
    take_care,
    write_care,
)
from feedback.models import CareItem, CareMessage
from history.models import Event
from outbox.delivery import deliver
from outbox.models import Message
from people.actions import leave


def at(name, *args):
    return reverse(f"feedback:{name}", args=args)


def text(response):
    return response.content.decode()


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


def test_a_mentorship_is_in_the_queue_once(item):
    with pytest.raises(IntegrityError), transaction.atomic():
        CareItem.objects.create(mentorship=item.mentorship, score=1, reason_key="quiet")


def test_dismissing_needs_a_reason(item, coordinator):
    with pytest.raises(ValidationError):
        close_care(item, "dismissed", reason=" ", by=coordinator)
    with pytest.raises(IntegrityError), transaction.atomic():
        CareItem.objects.update(outcome="dismissed", closed_at=timezone.now())


def test_what_a_colleague_closed_cannot_be_changed(item, coordinator, hr_admin):
    close_care(item, "helped", reason="", by=coordinator)

    with pytest.raises(ValidationError):
        take_care(item, by=hr_admin)
    with pytest.raises(ValidationError):
        close_care(item, "back", reason="", by=hr_admin)


def test_put_off_is_out_of_sight_until_its_day(item, coordinator):
    snooze_care(item, in_days(7), by=coordinator)

    assert not CareItem.objects.to_do().exists()
    with time_machine.travel(timezone.now() + timedelta(days=7)):
        assert CareItem.objects.to_do().get() == item


@pytest.mark.parametrize("days", [0, 91])
def test_put_off_needs_a_day_to_come_and_not_far_away(item, coordinator, days):
    with pytest.raises(ValidationError):
        snooze_care(item, in_days(days), by=coordinator)


def test_put_off_is_not_until_after_the_end(item, coordinator, mentorship):
    mentorship.ends_on = in_days(20)
    mentorship.save()
    item.refresh_from_db()

    with pytest.raises(ValidationError, match="last day"):
        snooze_care(item, in_days(21), by=coordinator)
    snooze_care(item, in_days(20), by=coordinator)


def test_what_one_lets_go_is_to_do_again(item, coordinator, hr_admin, as_user):
    take_care(item, by=coordinator)
    assert not let_care_go(item, by=hr_admin)

    as_user(coordinator).post(at("care_let_go", item.pk))

    assert CareItem.objects.to_do().get() == item


def test_each_open_item_is_under_one_heading(item, as_user, coordinator, hr_admin):
    def numbers(user):
        page = as_user(user).get(at("care_queue"))
        return [number for _key, _name, number in page.context["tabs_of_queue"]]

    assert numbers(coordinator) == [1, 0, 0, 0, 0]
    snooze_care(item, in_days(7), by=coordinator)
    assert numbers(coordinator) == [0, 0, 0, 1, 0]
    CareItem.objects.update(owner=coordinator)
    assert numbers(coordinator) == [0, 1, 0, 0, 0]
    assert numbers(hr_admin) == [0, 0, 1, 0, 0]


def test_a_message_goes_out_with_the_writer_to_answer_to(item, coordinator, mentee):
    write_care(item, to=mentee, body="Shall we call?", by=coordinator)

    deliver(Message.objects.get(kind="care"))

    [sent] = mail.outbox
    assert sent.to == [mentee.email]
    assert sent.reply_to == [coordinator.email]
    assert "Shall we call?" in sent.body
    item.refresh_from_db()
    assert item.owner == coordinator


def test_what_is_taken_leaves_the_list_of_what_is_to_do(
    as_user, item, coordinator, hr_admin
):
    take_care(item, by=coordinator)

    def shown(user, **query):
        return "Mentee Mia" in text(as_user(user).get(at("care_queue"), query))

    for user in (coordinator, hr_admin):
        assert not shown(user)
    assert shown(coordinator, show="mine")
    assert not shown(coordinator, show="taken")
    assert shown(hr_admin, show="taken")
    assert not shown(hr_admin, show="mine")


def test_what_somebody_took_who_left_is_to_do_again(item, coordinator):
    take_care(item, by=coordinator)
    leave(coordinator, by=None)

    assert CareItem.objects.to_do().get() == item


def test_what_was_written_to_waits_a_week_and_comes_back(
    item, coordinator, mentee, as_coordinator
):
    write_care(item, to=mentee, body="Shall we call?", by=coordinator)

    assert not CareItem.objects.to_do().exists()
    mine = as_coordinator.get(at("care_queue"), {"show": "mine"})
    assert f"back on {date_format(in_days(7), 'j F')}" in text(mine)
    assert "Mine (1)" in text(mine)
    later = as_coordinator.get(at("care_queue"), {"show": "later"})
    assert "Mentee Mia" not in text(later)
    with time_machine.travel(timezone.now() + timedelta(days=7)):
        assert CareItem.objects.due_for(coordinator).get() == item
        assert not CareItem.objects.to_do().exists()


def test_writing_does_not_shorten_what_was_put_off(item, coordinator, mentee):
    snooze_care(item, in_days(30), by=coordinator)

    write_care(item, to=mentee, body="Shall we call?", by=coordinator)

    item.refresh_from_db()
    assert item.snoozed_until == in_days(30)
    assert item.owner == coordinator


def test_a_message_goes_only_to_somebody_of_the_pair(item, coordinator, outsider):
    with pytest.raises(ValidationError):
        write_care(item, to=outsider, body="Hello", by=coordinator)

    assert not CareMessage.objects.exists()


def test_nobody_is_written_to_about_what_a_colleague_closed(
    item, coordinator, hr_admin, mentee
):
    close_care(item, "helped", reason="", by=hr_admin)

    with pytest.raises(ValidationError, match="closed this already"):
        write_care(item, to=mentee, body="Hello", by=coordinator)

    assert not CareMessage.objects.exists()
    assert not Message.objects.filter(kind="care").exists()


def test_history_says_who_did_what_and_not_what_was_said(item, coordinator, mentee):
    write_care(item, to=mentee, body="SECRET", by=coordinator)
    close_care(item, "helped", reason="WHY", by=coordinator)

    verbs = list(Event.objects.filter(about_id=item.pk).values_list("verb", flat=True))
    assert verbs[-2:] == ["wrote", "closed"]
