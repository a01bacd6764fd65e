"""Joining, inviting and making, when many do so at once."""

from collections import Counter
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from outbox.models import Message
from people.actions import grant_role, leave
from people.models import User
from programs.actions import invite, join_program
from programs.models import Invite, Participant, Program, Role
from tests import factories
from tests.cast import person
from tests.races.at_once import at_once, in_browser

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]
ROUNDS = 20


def test_no_more_join_than_there_is_room_for():
    for number in range(3):
        program = factories.ProgramFactory(
            slug=f"small-{number}", open=True, most_people=3
        )
        users = [factories.UserFactory() for _each in range(20)]

        found = at_once(
            *(
                lambda program=program, user=user: join_program(
                    Program.objects.get(pk=program.pk), user, Role.MENTEE
                )
                for user in users
            )
        )

        assert Counter(type(each) for each in found) == {
            Participant: 3,
            ValidationError: 17,
        }
        program.refresh_from_db()
        assert program.places_taken == program.participants.active().count() == 3


def test_a_programme_is_made_once_by_two_presses_at_once(hr_admin: User):
    path = reverse("programs:program_create", args=["flash"])
    data = {"name_en": "Flash", "once": "6f1e3b1e-0000-4000-8000-000000000001"}

    found = at_once(*(in_browser(hr_admin, path, data) for _each in range(4)))

    assert found == [302] * 4
    assert Program.objects.filter(name_en="Flash").count() == 1


def test_of_programmes_of_one_name_at_once_one_is_made():
    path = reverse("programs:program_create", args=["flash"])
    role = User.OrgRole.HR_ADMIN
    admins = [factories.UserFactory(org_role=role) for _each in range(4)]

    # The English name alone is the same, so each would have a slug of its own.
    found = at_once(
        *(
            in_browser(each, path, {"name_nl": f"Flits {number}", "name_en": "Flash"})
            for number, each in enumerate(admins)
        )
    )

    assert sorted(found) == [302, 422, 422, 422]
    assert Program.objects.filter(name_en="Flash").count() == 1


def test_of_programmes_that_get_one_name_at_once_one_does():
    programs = [factories.ProgramFactory() for _each in range(4)]
    role = User.OrgRole.HR_ADMIN
    admins = [factories.UserFactory(org_role=role) for _each in programs]

    found = at_once(
        *(
            in_browser(
                admin,
                reverse("programs:setup_step", args=[each.slug, "purpose"]),
                {"name_nl": each.name_nl, "name_en": "Flash"},
            )
            for admin, each in zip(admins, programs, strict=True)
        )
    )

    assert sorted(found) == [302, 422, 422, 422]
    assert Program.objects.filter(name_en="Flash").count() == 1


def test_programmes_of_like_names_at_once_each_get_an_address():
    path = reverse("programs:program_create", args=["flash"])
    role = User.OrgRole.HR_ADMIN
    admins = [factories.UserFactory(org_role=role) for _each in range(4)]

    # Not the same name, for that is refused; the same address.
    names = ["Flash", "Flash!", "Flash?", "Flash."]
    found = at_once(
        *(
            in_browser(each, path, {"name_en": name})
            for each, name in zip(admins, names, strict=True)
        )
    )

    assert found == [302] * 4
    slugs = Program.objects.values_list("slug", flat=True)
    assert set(slugs) == {"flash-2", "flash-3", "flash-4", "flash"}


def test_nobody_joins_twice(program: Program):
    for _round in range(5):
        user = factories.UserFactory()

        outcome = at_once(
            *(
                lambda role=role: join_program(program, user, role)  # noqa: B023
                for role in [Role.MENTOR, Role.MENTEE] * 4
            )
        )

        assert sum(isinstance(each, Participant) for each in outcome) == 1, outcome
        assert sum(isinstance(each, ValidationError) for each in outcome) == 7, outcome
        assert program.participants.active().filter(user=user).count() == 1


def test_two_who_invite_the_same_people_ask_them_once(program: Program):
    known = factories.UserFactory()
    emails = [known.email, "somebody.new@example.org", "another.new@example.org"]
    users = [factories.UserFactory() for _each in range(6)]

    outcome = at_once(
        *(
            lambda user=user: invite(program, emails, Role.MENTEE, by=user)
            for user in users
        )
    )

    assert not [each for each in outcome if isinstance(each, Exception)], outcome
    assert Invite.objects.count() == 3
    assert User.objects.filter(email__in=emails).count() == 3
    assert Message.objects.filter(kind="invitation").count() == 3


def test_two_who_add_the_same_person_make_one():
    admins = [person(f"Admin {number}", org_role="hr_admin") for number in range(6)]
    data = {"name": "New", "email": "new@example.org"}

    codes = at_once(
        *(in_browser(user, reverse("people:person_create"), data) for user in admins)
    )

    assert sorted(codes) == [302] + [422] * 5
    assert User.objects.filter(email="new@example.org").count() == 1


@pytest.mark.parametrize("other_way", ["role", "leave"])
def test_two_hr_admins_do_not_take_each_other_away(other_way: str):
    for number in range(ROUNDS):
        User.objects.hr_admins().update(org_role="")
        admins = [
            factories.UserFactory(
                email=f"hr{number}{which}@example.org", org_role=User.OrgRole.HR_ADMIN
            )
            for which in "ab"
        ]

        def take_role(user: User, by: User) -> None:
            grant_role(User.objects.get(pk=user.pk), "", by=by)

        def let_go(user: User, by: User) -> None:
            leave(User.objects.get(pk=user.pk), by=by)

        one, two = admins
        found = at_once(
            partial(take_role, one, by=two),
            partial(take_role if other_way == "role" else let_go, two, by=one),
        )

        assert [type(each) for each in found if each] == [ValidationError]
        assert User.objects.hr_admins().count() == 1


def test_this_ran_with_connections_of_its_own():
    assert at_once(lambda: connection.vendor) == [connection.vendor]
