"""Signing in with a code: nobody gets stuck on the way."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from people.models import User

PASSWORD = "a bridge over the Lek"
REQUEST = reverse("account_request_login_code")
CONFIRM = reverse("account_confirm_login_code")


def code_in(message) -> str:
    return re.search(r"^[A-Z0-9-]{6,}$", message.body, re.MULTILINE)[0]


@pytest.fixture
def asked(client, outsider):
    """A browser in which somebody has asked for a code."""
    client.post(REQUEST, {"email": outsider.email})
    return client


def test_a_code_signs_in(asked, outsider):
    response = asked.post(CONFIRM, {"code": code_in(mail.outbox[0])})

    assert response.url == reverse("dashboards:home")
    assert asked.session["_auth_user_id"] == str(outsider.pk)


def test_a_new_code_is_sent_and_is_the_one_that_works(asked):
    asked.post(CONFIRM, {"action": "resend"})
    old, new = map(code_in, mail.outbox)

    assert asked.post(CONFIRM, {"code": old}).status_code == 422
    assert asked.post(CONFIRM, {"code": new}).url == reverse("dashboards:home")


def test_a_mistake_in_the_address_can_be_put_right_and_one_still_goes_on(
    client, outsider
):
    where = f"{REQUEST}?next=%2Fpeople%2Fsettings%2F"
    page = client.post(where, {"email": "ottto@example.org"}, follow=True)
    again = re.search(r'name="next"\s+value="([^"]*code/[^"]*)"', page.content.decode())

    back = client.post(reverse("account_logout"), {"next": again[1]}, follow=True)
    asked_for = re.search(r'name="next" value="([^"]*)"', back.content.decode())

    assert back.request["PATH_INFO"] == REQUEST
    assert asked_for[1] == "/people/settings/"


def test_whoever_chose_a_password_is_back_at_the_settings(as_user, outsider):
    outsider.set_unusable_password()
    outsider.save()
    browser = as_user(outsider)
    typed = {"password1": PASSWORD, "password2": PASSWORD}

    page = browser.post(reverse("account_set_password"), typed, follow=True)

    assert page.request["PATH_INFO"] == reverse("people:settings")
    assert [each.level_tag for each in page.context["messages"]] == ["success"]


def test_a_password_signs_in_and_a_wrong_one_does_not(client, outsider):
    outsider.set_password(PASSWORD)
    outsider.save()
    login = reverse("account_login")
    assert 'name="password"' in client.get(login).content.decode()

    client.post(login, {"login": outsider.email, "password": "not this one"})
    assert "_auth_user_id" not in client.session

    client.post(login, {"login": outsider.email, "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(outsider.pk)


def test_nobody_signs_up(client):
    page = client.post(
        reverse("account_signup"), {"email": "new@example.org", "password1": PASSWORD}
    )

    assert "account/signup_closed.html" in [each.name for each in page.templates]
    assert not User.objects.filter(email="new@example.org").exists()
