"""Coming in, going away, and the roles in the organisation."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from history.models import Event
from people import actions
from people.models import User, Welcome
from tests import factories


def test_leave_signs_out_at_once_and_for_good(as_user, outsider, hr_admin):
    browser = as_user(outsider)
    assert browser.get(reverse("people:settings")).status_code == 200
    kept = as_user(hr_admin)

    actions.leave(outsider, by=hr_admin)

    outsider.refresh_from_db()
    assert (outsider.is_active, outsider.left_on) == (False, timezone.localdate())
    assert browser.get(reverse("people:settings")).status_code == 302
    assert kept.get(reverse("people:settings")).status_code == 200
    assert Session.objects.count() == 1
    assert Event.objects.filter(verb="left", about_id=outsider.pk, by=hr_admin).exists()


def test_a_session_from_before_does_not_work_after_coming_back(
    as_user, outsider, hr_admin, monkeypatch
):
    browser = as_user(outsider)
    monkeypatch.setattr(actions.people, "end_sessions", lambda user_ids: None)

    actions.leave(outsider, by=hr_admin)
    actions.come_back(outsider, by=hr_admin)

    assert browser.get(reverse("people:settings")).status_code == 302


def test_leave_twice_is_once(outsider, hr_admin):
    actions.leave(outsider, by=hr_admin)

    assert actions.leave_all([outsider.pk], by=hr_admin) == 0
    assert Event.objects.filter(verb="left").count() == 1


def test_the_last_hr_admin_cannot_leave(hr_admin, outsider):
    with pytest.raises(ValidationError):
        actions.leave_all([outsider.pk, hr_admin.pk], by=None)

    outsider.refresh_from_db()
    assert outsider.is_active


def test_leave_takes_roles_away(sponsor, hr_admin):
    actions.leave(sponsor, by=hr_admin)
    actions.come_back(sponsor, by=hr_admin)

    sponsor.refresh_from_db()
    assert sponsor.is_active
    assert sponsor.left_on is None
    assert sponsor.org_role == ""


def test_leave_all_asks_as_much_for_many_as_for_few(
    hr_admin, django_assert_max_num_queries
):
    many = [factories.UserFactory().pk for _ in range(60)]

    with django_assert_max_num_queries(8):
        assert actions.leave_all(many, by=hr_admin) == 60


def test_grant_role_gives_and_takes(outsider, hr_admin):
    actions.grant_role(outsider, "hr_admin", by=hr_admin)
    actions.grant_role(hr_admin, "", by=outsider)

    hr_admin.refresh_from_db()
    assert hr_admin.org_role == ""


def test_grant_role_keeps_the_last_hr_admin(hr_admin):
    with pytest.raises(ValidationError):
        actions.grant_role(hr_admin, "", by=hr_admin)


def test_grant_role_knows_the_roles(outsider, hr_admin):
    with pytest.raises(ValidationError):
        actions.grant_role(outsider, "emperor", by=hr_admin)


def test_first_admin_link_is_none_once_there_is_an_hr_admin(hr_admin):
    assert actions.first_admin_link() is None


def test_first_admin_link_keeps_only_a_hash():
    link = actions.first_admin_link()

    token = link.rstrip("/").rpartition("/")[2]
    assert link == f"/welcome/{token}/"
    assert token not in Welcome.objects.get().token_hash


def test_a_new_link_ends_the_one_before():
    first = actions.first_admin_link().split("/")[2]
    second = actions.first_admin_link().split("/")[2]

    assert actions.find_welcome(first) is None
    assert actions.find_welcome(second) is not None


def test_a_link_expires():
    token = actions.first_admin_link().split("/")[2]

    with time_machine.travel(timezone.now() + timedelta(days=2, minutes=1)):
        assert actions.find_welcome(token) is None


def test_use_welcome_works_once():
    welcome = actions.find_welcome(actions.first_admin_link().split("/")[2])
    user = actions.use_welcome(welcome, email="First@example.org", name="Fem First")

    assert (user.email, user.org_role) == ("first@example.org", "hr_admin")
    with pytest.raises(ValidationError):
        actions.use_welcome(welcome, email="second@example.org", name="Second")
    assert not User.objects.filter(email="second@example.org").exists()


def test_use_welcome_promotes_who_came_with_the_hr_file(outsider):
    welcome = actions.find_welcome(actions.first_admin_link().split("/")[2])

    user = actions.use_welcome(welcome, email=outsider.email.upper(), name="Whoever")

    assert user == outsider
    assert User.objects.hr_admins().get().name == outsider.name


def test_a_refused_first_admin_may_try_again(leaver):
    welcome = actions.find_welcome(actions.first_admin_link().split("/")[2])

    with pytest.raises(ValidationError):
        actions.use_welcome(welcome, email=leaver.email, name="Lea")

    assert Welcome.objects.get().used_at is None
