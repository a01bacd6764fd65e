"""Language and time zone."""

import pytest
from django.conf import settings
from django.urls import reverse

from tests import factories


def test_settings_change_language_and_zone(as_user, outsider):
    response = as_user(outsider).post(
        reverse("people:settings"), {"language": "nl", "time_zone": "Asia/Tokyo"}
    )

    outsider.refresh_from_db()
    assert response.status_code == 302
    assert (outsider.language, outsider.time_zone) == ("nl", "Asia/Tokyo")


def test_settings_refuse_a_zone_that_is_none(as_user, outsider):
    response = as_user(outsider).post(
        reverse("people:settings"), {"language": "nl", "time_zone": "Mars/Base"}
    )

    assert response.status_code == 422


def test_settings_keep_a_zone_that_is_not_on_the_list(as_user):
    user = factories.UserFactory(time_zone="UTC")

    response = as_user(user).post(
        reverse("people:settings"), {"language": "", "time_zone": "UTC"}
    )

    assert response.status_code == 302


def test_set_language_is_kept_in_the_browser(client):
    response = client.post(
        reverse("set_language"), {"language": "en", "next": "/accounts/login/"}
    )

    assert response.url == "/accounts/login/"
    assert response.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"


def test_set_language_is_kept_with_the_person(as_user, outsider):
    as_user(outsider).post(reverse("set_language"), {"language": "nl"})

    outsider.refresh_from_db()
    assert outsider.language == "nl"


@pytest.mark.parametrize("there", ["https://evil.example/", "//evil.example", ""])
def test_set_language_stays_on_this_site(client, there):
    response = client.post(reverse("set_language"), {"language": "xx", "next": there})

    assert response.url == "/"
    assert settings.LANGUAGE_COOKIE_NAME not in response.cookies
