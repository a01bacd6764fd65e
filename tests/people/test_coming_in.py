"""The first HR admin, and the doors of a trial."""

import pytest
from django.urls import reverse

from people import actions
from people.models import (
    User,
)
from tests import factories
from tests.people.pages import page


def test_welcome_makes_the_first_hr_admin_and_signs_in(client):
    link = actions.first_admin_link()

    assert client.get(link).status_code == 200
    assert User.objects.count() == 0
    response = client.post(link, {"name": "Fem First", "email": "fem@example.org"})

    assert response.url == reverse("dashboards:home")
    assert User.objects.get().is_hr_admin
    assert client.get(reverse("people:person_list")).status_code == 200
    assert client.get(link).status_code == 410


def test_welcome_says_what_is_wrong(client):
    response = client.post(actions.first_admin_link(), {"name": "Fem", "email": "fem"})

    assert response.status_code == 422


def test_welcome_refuses_somebody_who_left(client, leaver):
    response = client.post(
        actions.first_admin_link(), {"name": "Lea", "email": leaver.email}
    )

    assert response.status_code == 422


@pytest.mark.parametrize("token", ["x", "a" * 43])
def test_an_altered_welcome_link_says_what_to_do(client, token):
    actions.first_admin_link()

    response = client.get(reverse("people:welcome", args=[token]))

    assert response.status_code == 410
    assert reverse("account_login") in page(response)


def test_welcome_ends_when_there_is_an_hr_admin(client, outsider):
    link = actions.first_admin_link()
    User.objects.filter(pk=outsider.pk).update(org_role="hr_admin")

    assert client.get(link).status_code == 410


@pytest.mark.parametrize(
    ("role", "email"),
    [
        ("hr_admin", "hr@waterlinie.example"),
        ("coordinator", "coordinator@waterlinie.example"),
        ("mentor", "mentor@waterlinie.example"),
        ("mentee", "mentee@waterlinie.example"),
        ("it_admin", "it@waterlinie.example"),
        ("sponsor", "sponsor@waterlinie.example"),
    ],
)
def test_demo_sign_in_has_a_door_for_each_role(client, role, email):
    user = factories.UserFactory(email=email, language="en")

    response = client.post(
        reverse("people:demo_sign_in", args=[role]), headers={"Accept-Language": "nl"}
    )

    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)
    user.refresh_from_db()
    assert user.language == "nl"


def test_demo_sign_in_is_not_there_outside_of_the_trial(client, settings):
    factories.UserFactory(email="hr@waterlinie.example")
    settings.DEMO_MODE = False

    response = client.post(reverse("people:demo_sign_in", args=["hr_admin"]))

    assert response.status_code == 404


def test_demo_sign_in_knows_no_other_roles(client):
    response = client.post(reverse("people:demo_sign_in", args=["root"]))

    assert response.status_code == 404


def test_no_page_of_people_changes_anything_when_one_only_looks(client):
    for name, args in (
        ("people:offer_add", [1]),
        ("people:demo_sign_in", ["hr_admin"]),
        ("set_language", []),
    ):
        assert client.get(reverse(name, args=args)).status_code in {302, 405}
