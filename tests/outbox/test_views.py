from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from feedback.models import Confidant
from history.models import Event
from outbox.delivery import unsubscribe_path
from outbox.kinds import KINDS
from outbox.models import Message, Preference
from outbox.tasks import send_due

PREFERENCES = reverse("outbox:preferences")
FAILED = reverse("outbox:message_list")


def text(response):
    return response.content.decode()


SETTLE = reverse("outbox:message_settle")


# --- which mails I get


def test_preferences_have_a_switch_for_what_may_be_switched_off(as_user, mentee):
    page = text(as_user(mentee).get(PREFERENCES))

    for kind in KINDS.values():
        shown = kind.may_switch_off and kind.is_for({"mentee"})
        assert (f'name="{kind.key}"' in page) is shown


def test_preferences_are_all_on_to_begin_with(as_user, mentee):
    page = text(as_user(mentee).get(PREFERENCES))

    mine = [kind for kind in KINDS.values() if kind.is_for({"mentee"})]
    switches = sum(kind.may_switch_off for kind in mine)
    assert page.count(" checked") == switches


def test_preferences_keep_what_one_chose(as_user, mentee, mentor):
    client = as_user(mentee)

    answer = client.post(PREFERENCES, {"digest": "on"})

    assert answer.status_code == 302
    wanted = dict(Preference.objects.values_list("kind", "wanted"))
    assert wanted["digest"] is True
    assert wanted["check_in"] is False
    assert "introduction" not in wanted
    assert text(client.get(PREFERENCES)).count(" checked") == 1
    assert not Preference.objects.filter(user=mentor).exists()


def test_preferences_show_only_what_one_can_get(as_user, mentee, coordinator):
    url = reverse("outbox:preferences")

    assert 'name="silence_told"' not in as_user(mentee).get(url).content.decode()
    assert 'name="silence_told"' in as_user(coordinator).get(url).content.decode()


@pytest.mark.parametrize("key", ["report", "confidant_left", "place_request"])
def test_what_one_needs_is_listed_for_who_can_get_it(as_user, mentee, key):
    page = text(as_user(mentee).get(PREFERENCES))

    assert str(KINDS["introduction"].label) in page
    assert str(KINDS[key].label) not in page


def test_who_was_named_sees_that_reports_are_always_sent(as_user, program, mentee):
    Confidant.objects.create(program=program, user=mentee)

    assert "A serious report to you" in text(as_user(mentee).get(PREFERENCES))


def test_preferences_can_all_be_off_in_one_go(as_user, mentee):
    client = as_user(mentee)
    url = reverse("outbox:preferences")

    client.post(url, {"none": "yes", "pulse": "on"})

    assert not Preference.objects.filter(user=mentee, wanted=True).exists()
    # What another role gets is as it was.
    assert not Preference.objects.filter(kind="silence_told").exists()


def test_preferences_saved_twice_stay_one_row_for_each_kind(as_user, mentee):
    client = as_user(mentee)
    client.post(PREFERENCES, {})
    count = Preference.objects.count()

    client.post(PREFERENCES, {"digest": "on"})

    assert Preference.objects.count() == count


# --- the link in a mail


def test_opening_an_unsubscribe_link_changes_nothing(client, mentee):
    page = text(client.get(unsubscribe_path(mentee.pk, "digest")))

    assert "<form" in page
    assert not Preference.objects.exists()


def test_pressing_it_switches_one_kind_off_without_signing_in(client, mentee):
    answer = client.post(unsubscribe_path(mentee.pk, "digest"))

    assert answer.status_code == 200
    [found] = Preference.objects.all()
    assert (found.user, found.kind, found.wanted) == (mentee, "digest", False)


def test_a_mail_program_presses_it_without_our_cookies(mentee):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)

    answer = client.post(
        unsubscribe_path(mentee.pk, "digest"), {"List-Unsubscribe": "One-Click"}
    )

    assert answer.status_code == 200
    assert Preference.objects.get().wanted is False


def test_pressing_it_twice_is_no_mistake(client, mentee):
    for _ in range(2):
        assert client.post(unsubscribe_path(mentee.pk, "digest")).status_code == 200

    assert Preference.objects.count() == 1


def test_a_link_of_a_kind_that_is_gone_says_so(client, mentee):
    assert client.get(unsubscribe_path(mentee.pk, "gone")).status_code == 410


# --- what could not be sent


@pytest.fixture
def failed(letter, mentee):
    return letter(state="failed", attempts=5, last_error="SMTPServerDisconnected: bye")


def test_what_failed_is_shown_by_kind_and_reason_never_by_person(
    as_user, it_admin, failed, mentee
):
    page = text(as_user(it_admin).get(FAILED))

    assert "About joined" in page
    assert "SMTPServerDisconnected" in page
    assert mentee.email not in page
    assert mentee.name not in page


def test_that_something_was_reported_is_not_shown_nor_when(
    as_user, it_admin, letter, failed
):
    long_ago = timezone.now() - timedelta(days=800)
    told = letter(kind="report", state="failed", dated_at=long_ago)
    client = as_user(it_admin)

    page = text(client.get(FAILED))
    client.post(SETTLE, {"message": told.pk})

    assert "A personal message" in page
    assert page.index("About joined") < page.index("A personal message")
    assert str(KINDS["report"].label) not in page
    assert str(long_ago.year) not in page
    told.refresh_from_db()
    assert told.state == Message.State.PLANNED


def test_with_nothing_failed_the_page_says_so(as_user, hr_admin, letter):
    letter()

    page = text(as_user(hr_admin).get(FAILED))

    assert "Everything was sent" in page
    assert "1 message waits" in page


def test_sending_again_sends_it_with_its_first_identity(
    as_user, hr_admin, failed, django_capture_on_commit_callbacks
):
    answer = as_user(hr_admin).post(SETTLE, {"message": failed.pk})
    send_due()

    assert answer.status_code == 302
    assert mail.outbox[0].extra_headers["Message-ID"] == failed.message_id
    failed.refresh_from_db()
    assert failed.state == Message.State.SENT


def test_sending_again_what_was_sent_changes_nothing(as_user, hr_admin, letter):
    message = letter(state="sent", sent_at=timezone.now())

    as_user(hr_admin).post(SETTLE, {"message": message.pk})

    message.refresh_from_db()
    assert message.state == Message.State.SENT


def test_all_are_sent_again_in_one_go(as_user, it_admin, failed, letter):
    letter(state="failed")
    client = as_user(it_admin)
    assert "Send all 2 again" in text(client.get(FAILED))

    client.post(SETTLE)

    assert not Message.objects.gave_up().exists()


def test_what_nobody_needs_any_more_leaves_the_list_and_is_not_sent(
    as_user, it_admin, failed, letter
):
    other = letter(state="failed", facts={"who": "Mentee Mia"})

    as_user(it_admin).post(SETTLE, {"message": other.pk, "what": "let_be"})
    send_due()

    other.refresh_from_db()
    assert (other.state, other.facts) == (Message.State.DROPPED, {})
    assert list(Message.objects.gave_up()) == [failed]
    assert Event.objects.filter(verb="let be", by=it_admin).exists()
    assert mail.outbox == []


def test_nobody_else_may_look_or_send_again(as_user, mentee, failed):
    client = as_user(mentee)

    assert client.get(FAILED).status_code == 404
    assert client.post(SETTLE, {"message": failed.pk}).status_code == 404
    failed.refresh_from_db()
    assert failed.state == Message.State.FAILED


def test_the_list_asks_the_same_number_of_queries_however_long(
    as_user, hr_admin, letter
):
    client = as_user(hr_admin)

    def queries():
        client.get(FAILED)
        with CaptureQueriesContext(connection) as captured:
            client.get(FAILED)
        return len(captured)

    letter(state="failed")
    few = queries()
    for _ in range(20):
        letter(state="failed", dated_at=timezone.now() - timedelta(days=1))

    assert queries() == few
