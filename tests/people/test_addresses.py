"""An address that changes: who comes in by it, and who hears of it."""

import re
import smtplib
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from anymail.exceptions import AnymailRecipientsRefused
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from history.models import Event
from mentoring.mail import MailServer
from outbox.delivery import deliver
from outbox.models import Bounce, Message, Preference
from people import hrfeed
from people.models import HrUpload, User
from programs.actions import invite
from programs.models import Invite, Program, Role
from tests import factories

PASSWORD = "a bridge over the Lek"
LOGIN = reverse("account_login")
ASK_CODE = reverse("account_request_login_code")
CONFIRM = reverse("account_confirm_login_code")
RESET = reverse("account_reset_password")
OLD, NEW = "otto.outsider@example.org", "otto@example.com"


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def move(user: User, email: str = NEW, by: User | None = None) -> None:
    """HR gives somebody another address, in a file."""
    number = user.employment.employee_number
    text = f"email,name,employee_number\n{email},{user.name},{number}\n"
    found = hrfeed.preview(text.encode())
    assert [change.fields for change in found.changes] == [["email"]]
    hrfeed.apply(found, by=by)
    user.refresh_from_db()


def code_in(message) -> str:
    return re.search(r"^[A-Z0-9-]{6,}$", message.body, re.MULTILINE)[0]


def link_in(message) -> str:
    return re.search(r"http://\S+(/accounts/\S+)", message.body)[1]


def who_is_in(client) -> str | None:
    return client.session.get("_auth_user_id")


def come_in_by_code(email: str) -> str | None:
    """Ask for a code on an address, and use what arrives there."""
    client, before = Client(), len(mail.outbox)
    client.post(ASK_CODE, {"email": email})
    for each in mail.outbox[before:]:
        assert each.to == [email]
        client.post(CONFIRM, {"code": code_in(each)})
    return who_is_in(client)


@pytest.fixture
def had_another(outsider: User) -> User:
    """Somebody of whom the sign-in library still holds an earlier address."""
    User.objects.filter(pk=outsider.pk).update(email=NEW)
    EmailAddress.objects.create(user=outsider, email=OLD, verified=True, primary=True)
    outsider.refresh_from_db()
    return outsider


def test_an_earlier_address_gets_no_code_and_the_one_of_now_does(had_another):
    assert come_in_by_code(OLD) is None
    assert come_in_by_code(NEW) == str(had_another.pk)


def test_an_earlier_address_gets_no_link_for_a_new_password(client, had_another):
    client.post(RESET, {"email": OLD})
    assert mail.outbox == []

    client.post(RESET, {"email": NEW})
    assert [each.to for each in mail.outbox] == [[NEW]]


def test_an_earlier_address_and_the_password_are_not_enough(client, had_another):
    had_another.set_password(PASSWORD)
    had_another.save()

    client.post(LOGIN, {"login": OLD, "password": PASSWORD})
    assert who_is_in(client) is None

    client.post(LOGIN, {"login": NEW.upper(), "password": PASSWORD})
    assert who_is_in(client) == str(had_another.pk)


def test_whoever_has_the_address_now_comes_in_as_themselves(had_another):
    newcomer = factories.UserFactory(email=OLD)

    assert come_in_by_code(OLD) == str(newcomer.pk)
    assert come_in_by_code(OLD) == str(newcomer.pk)


def test_whoever_has_the_address_now_chooses_a_password_of_their_own(
    client, had_another
):
    newcomer = factories.UserFactory(email=OLD)

    client.post(RESET, {"email": OLD})
    page = client.get(link_in(mail.outbox[0]), follow=True)
    typed = {"password1": PASSWORD, "password2": PASSWORD}
    client.post(page.request["PATH_INFO"], typed)

    newcomer.refresh_from_db()
    had_another.refresh_from_db()
    assert newcomer.check_password(PASSWORD)
    assert not had_another.check_password(PASSWORD)


def test_nothing_remembers_the_address_of_whoever_asked_for_a_password(
    client, outsider
):
    client.post(RESET, {"email": OLD})

    assert len(mail.outbox) == 1
    assert not EmailAddress.objects.exists()


def test_with_another_address_what_the_library_holds_goes(outsider, mentee):
    for user in (outsider, mentee):
        EmailAddress.objects.create(user=user, email=user.email, verified=True)

    move(outsider)

    assert [each.user for each in EmailAddress.objects.all()] == [mentee]


def test_another_address_ends_every_session(as_user, outsider, mentee):
    browser, other = as_user(outsider), as_user(mentee)
    settings = reverse("people:settings")
    assert browser.get(settings).status_code == 200

    move(outsider)

    assert browser.get(settings).url.startswith(LOGIN)
    assert other.get(settings).status_code == 200


def test_a_code_asked_for_on_the_earlier_address_opens_nothing(client, outsider):
    client.post(ASK_CODE, {"email": OLD})
    move(outsider)

    page = client.post(CONFIRM, {"code": code_in(mail.outbox[0])}, follow=True)

    assert who_is_in(client) is None
    assert page.request["PATH_INFO"] == ASK_CODE


def test_a_link_asked_for_on_the_earlier_address_gives_no_password(client, outsider):
    client.post(RESET, {"email": OLD})
    move(outsider)

    page = client.get(link_in(mail.outbox[0]), follow=True)
    typed = {"password1": PASSWORD, "password2": PASSWORD}
    client.post(page.request["PATH_INFO"], typed)

    outsider.refresh_from_db()
    assert not outsider.has_usable_password()


def test_after_another_address_one_comes_in_by_it_and_not_by_the_earlier(
    client, outsider
):
    client.post(RESET, {"email": OLD})
    move(outsider)

    assert come_in_by_code(OLD) is None
    assert come_in_by_code(NEW) == str(outsider.pk)


# --- who hears of it


def told(user: User) -> dict[str, Any]:
    """The mails about another address, by where they went."""
    mail.outbox.clear()
    for each in Message.objects.filter(to=user, kind="address_changed"):
        deliver(each)
    return {address: each for each in mail.outbox for address in each.to}


def test_another_address_is_told_on_both(outsider, hr_admin):
    move(outsider, by=hr_admin)

    letters = told(outsider)
    assert set(letters) == {OLD, NEW}
    for letter in letters.values():
        assert f"{hr_admin.name} changed the e-mail address" in letter.body
        assert f"from {OLD} to {NEW}" in letter.body
    event = Event.objects.get(verb="address changed")
    assert (event.about_type, event.about_id) == ("people.user", outsider.pk)
    assert event.by == hr_admin


def test_a_file_on_the_server_tells_it_too_and_hr_answers(outsider, hr_admin):
    move(outsider)

    letter = told(outsider)[OLD]
    assert "a file from HR changed the e-mail address" in letter.body
    assert letter.reply_to == [hr_admin.email]


def test_another_hr_admin_than_who_changed_it_answers(outsider, hr_admin):
    other = factories.UserFactory(org_role=User.OrgRole.HR_ADMIN)

    move(outsider, by=hr_admin)

    assert told(outsider)[OLD].reply_to == [other.email]


def test_nobody_switches_it_off(outsider):
    Preference.objects.create(user=outsider, kind="address_changed", wanted=False)
    move(outsider)

    assert set(told(outsider)) == {OLD, NEW}


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPRecipientsRefused({OLD: (550, b"no such user")}),
        AnymailRecipientsRefused(),
    ],
)
def test_an_earlier_address_that_takes_no_mail_asks_for_no_attention(outsider, error):
    class Refuses(MailServer):
        def send(self, mail):
            raise error

    move(outsider)
    for each in Message.objects.filter(kind="address_changed"):
        if each.facts["on"] == "before":
            deliver(each, Refuses())

    states = Message.objects.filter(kind="address_changed").values_list("state")
    assert sorted(state for (state,) in states) == ["dropped", "planned"]
    assert not Bounce.objects.exists()


def test_the_preview_lists_the_addresses_that_change(as_user, hr_admin, outsider):
    text = f"email,name,employee_number\n{NEW},{outsider.name},"
    text += f"{outsider.employment.employee_number}\n"
    upload = HrUpload.objects.create(by=hr_admin, content=text.encode())

    page = as_user(hr_admin).get(reverse("people:import_preview", args=[upload.pk]))

    listed = page.content.decode().split("Addresses that change")[1]
    assert listed.index(OLD) < listed.index(NEW)


def test_the_command_says_which_addresses_change(tmp_path, capsys, outsider):
    file = tmp_path / "people.csv"
    number = outsider.employment.employee_number
    file.write_text(f"email,name,employee_number\n{NEW},{outsider.name},{number}\n")

    call_command("import_people", file, "--dry-run")

    assert f"Line 2: {outsider.name} gets another address: {OLD} → {NEW}." in (
        capsys.readouterr().out
    )
    outsider.refresh_from_db()
    assert outsider.email == OLD


def test_an_hr_admin_who_moves_themselves_signs_in_again(as_user, hr_admin):
    number = hr_admin.employment.employee_number
    text = f"email,name,employee_number\n{NEW},{hr_admin.name},{number}\n"
    upload = HrUpload.objects.create(by=hr_admin, content=text.encode())
    url = reverse("people:import_preview", args=[upload.pk])

    page = as_user(hr_admin).post(url, {"good_rows": "on"}, follow=True)

    assert page.status_code == 200
    assert page.request["PATH_INFO"] == LOGIN
    assert come_in_by_code(NEW) == str(hr_admin.pk)


# --- what goes along


@pytest.fixture
def invited(program, outsider, coordinator) -> Invite:
    """Somebody who was asked to take part, by a mail that is sent."""
    invite(program, [OLD], Role.MENTEE, by=coordinator)
    deliver(Message.objects.get(kind="invitation"))
    return Invite.objects.get()


def link_of_invite(message) -> str:
    return re.search(r"http://[^/\s]+(/\S*invit\S*)", message.body)[1]


def test_an_invitation_goes_along_and_its_link_in_the_earlier_mailbox_is_dead(
    client, program, outsider, invited
):
    [first] = mail.outbox
    move(outsider)
    [again] = Message.objects.filter(kind="invitation", state="planned")
    deliver(again)

    assert Program.objects.visible_to(outsider).filter(pk=program.pk).exists()
    assert client.post(link_of_invite(first)).status_code == 410
    assert who_is_in(client) is None
    assert mail.outbox[-1].to == [NEW]
    client.post(link_of_invite(mail.outbox[-1]))
    assert who_is_in(client) == str(outsider.pk)


def test_a_reminder_of_an_invitation_has_the_link_of_now(client, outsider, invited):
    move(outsider)

    reminder = Message.objects.filter(kind="invitation_reminder").first()
    deliver(reminder, alone=True)
    client.post(link_of_invite(mail.outbox[-1]))

    assert who_is_in(client) == str(outsider.pk)


def test_an_invitation_that_was_not_sent_yet_is_sent_once(
    program, outsider, coordinator
):
    invite(program, [OLD], Role.MENTEE, by=coordinator)

    move(outsider)

    deliver(Message.objects.get(kind="invitation"))
    assert [each.to for each in mail.outbox] == [[NEW]]


def test_an_invitation_that_was_used_or_ran_out_goes_along_and_is_not_sent_again(
    program, outsider, invited
):
    Message.objects.filter(state="planned").delete()
    Invite.objects.create(
        program=program,
        email=OLD,
        role=Role.MENTOR,
        token_hash="used",
        expires_at=timezone.now() + timedelta(days=1),
        used_at=timezone.now(),
    )
    Invite.objects.filter(pk=invited.pk).update(expires_at=timezone.now())

    move(outsider)

    assert [each.email for each in Invite.objects.all()] == [NEW, NEW]
    assert not Message.objects.filter(kind="invitation", state="planned").exists()


def test_invitations_of_others_stay_as_they_are(program, outsider, mentee, coordinator):
    invite(program, [mentee.email, "zoe@example.org"], Role.MENTOR, by=coordinator)
    before = list(Invite.objects.values_list("email", "token_hash"))

    move(outsider)

    assert list(Invite.objects.values_list("email", "token_hash")) == before


def test_that_an_address_came_back_is_forgotten_with_it(outsider, mentee):
    Bounce.objects.create(email=OLD)
    Bounce.objects.create(email=mentee.email)

    move(outsider)

    assert [each.email for each in Bounce.objects.all()] == [mentee.email]


def test_many_addresses_change_in_few_questions(django_assert_max_num_queries):
    head = "email,name,employee_number\n"
    row = "p{0}@{1},Person {0},N{0}\n"
    before = "".join(row.format(n, "example.org") for n in range(600))
    hrfeed.apply(hrfeed.preview((head + before).encode()), by=None)
    now = "".join(row.format(n, "example.com") for n in range(600))

    with django_assert_max_num_queries(80):
        hrfeed.apply(hrfeed.preview((head + now).encode()), by=None)

    assert Message.objects.filter(kind="address_changed").count() == 1200
