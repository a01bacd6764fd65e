"""An address that changes: who comes in by it, and who hears of it."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import translation

from people import hrfeed
from people.models import User
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
