"""Everybody who works here, for HR admins."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from history.models import Event
from mentoring.words import folded
from people import hrfeed
from people.actions import create_person, erase_person, leave, set_employment
from people.models import (
    Profile,
    User,
)
from programs.actions import invite
from programs.models import Role
from tests import factories
from tests.people.pages import page, queries_of


def test_the_directory_is_for_hr_admins(as_user, mentor, it_admin, sponsor, hr_admin):
    pages = [
        reverse("people:person_list"),
        reverse("people:person_create"),
        reverse("people:people_import"),
        reverse("people:person_leave", args=[mentor.pk]),
    ]

    for url in pages:
        for user in (mentor, it_admin, sponsor):
            assert as_user(user).get(url).status_code == 404
        assert as_user(hr_admin).get(url).status_code == 200


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "otto"}, True),
        ({"q": "outsider otto"}, True),
        ({"q": "operations"}, True),
        ({"q": "nobody"}, False),
        ({"department": "Operations"}, True),
        ({"department": "Board"}, False),
        ({"role": "sponsor"}, False),
        ({"role": "nonsense"}, True),
        ({"page": "99"}, True),
    ],
)
def test_person_list_narrows(as_user, hr_admin, outsider, asked, found):
    html = page(as_user(hr_admin).get(reverse("people:person_list"), asked))

    assert ("Otto Outsider" in html) is found


def test_person_list_shows_leavers_only_when_asked(as_user, hr_admin, leaver):
    client, url = as_user(hr_admin), reverse("people:person_list")

    assert "Lea Leaver" not in page(client.get(url))
    assert "Lea Leaver" in page(client.get(url, {"role": "left"}))


@pytest.mark.parametrize("asked", ["", "?role=outside"])
def test_person_list_asks_as_much_for_many_as_for_few(as_user, hr_admin, asked):
    client, url = as_user(hr_admin), reverse("people:person_list") + asked
    create_person(email="one@example.org", name="One", by=hr_admin)
    few = queries_of(client, url)

    for number in range(30):
        factories.EmploymentFactory()
        create_person(email=f"p{number}@example.org", name="P", by=hr_admin)

    assert queries_of(client, url) == few <= 16


def test_hr_sees_which_accounts_no_file_ends_and_who_asked_them_in(
    as_user, hr_admin, coordinator, program
):
    client, url = as_user(hr_admin), reverse("people:person_list")
    assert "?role=outside" not in page(client.get(url))
    invite(program, ["zoe@example.com"], Role.MENTOR, by=coordinator)
    zoe = User.objects.get(email="zoe@example.com")
    User.objects.filter(pk=zoe.pk).update(last_login=datetime(2026, 3, 4, tzinfo=UTC))
    create_person(email="kim@example.com", name="Kim", by=hr_admin)
    left = create_person(email="left@example.com", name="Lia", by=hr_admin)
    leave(left, by=hr_admin)

    assert "2 not in the HR file" in page(client.get(url))
    html = page(client.get(url, {"role": "outside"}))

    kim, of_zoe = html.split("kim@example.com")[1].split("zoe@example.com")
    assert f"added by {hr_admin.name}" in kim
    assert "never" in kim
    assert f"invited by {coordinator.name}" in of_zoe
    assert "4 March 2026" in of_zoe
    assert reverse("people:person_leave", args=[zoe.pk]) in of_zoe
    for other in (coordinator, left):
        assert other.email not in html


def test_who_was_filled_in_by_hand_is_not_in_the_hr_file_until_it_names_them(
    hr_admin, as_user
):
    kim = create_person(email="kim@example.com", name="Kim", by=hr_admin)
    work = {"department": "Board", "job": "", "level": None, "location": ""}
    set_employment(kim, **work, manager=None, by=hr_admin)
    assert list(User.objects.outside_the_feed()) == [kim]

    text = b"email,name\nkim@example.com,Kim\n"
    hrfeed.apply(hrfeed.preview(text), by=None)

    assert not User.objects.outside_the_feed().exists()


def test_one_takes_no_access_away_from_oneself_in_the_list(as_user):
    boss = create_person(
        email="boss@example.com", name="Boss", by=None, org_role="hr_admin"
    )

    html = page(as_user(boss).get(reverse("people:person_list"), {"role": "outside"}))

    assert boss.email in html
    assert reverse("people:person_leave", args=[boss.pk]) not in html


def test_person_create_makes_somebody_who_can_sign_in(as_user, hr_admin):
    response = as_user(hr_admin).post(
        reverse("people:person_create"),
        {"name": "Nia Nieuw", "email": "Nia@example.org"},
    )

    nia = User.objects.working_here().get(email="nia@example.org")
    assert response.url == reverse("people:person_detail", args=[nia.pk])
    assert Profile.objects.filter(user=nia).exists()
    assert Event.objects.filter(verb="created", about_id=nia.pk, by=hr_admin).exists()


def test_person_create_refuses_an_address_twice(as_user, hr_admin, outsider):
    response = as_user(hr_admin).post(
        reverse("people:person_create"),
        {"name": "Otto Two", "email": outsider.email.upper()},
    )

    assert response.status_code == 422
    assert "somebody with this e-mail address" in page(response)


def test_person_role_gives_a_role(as_user, hr_admin, outsider):
    url = reverse("people:person_role", args=[outsider.pk])

    as_user(hr_admin).post(url, {"role": "sponsor"})

    outsider.refresh_from_db()
    assert outsider.is_sponsor


def test_person_role_without_a_role_changes_nothing(as_user, hr_admin, sponsor):
    url = reverse("people:person_role", args=[sponsor.pk])

    as_user(hr_admin).post(url)
    as_user(hr_admin).post(url, {"role": "emperor"})

    sponsor.refresh_from_db()
    assert sponsor.is_sponsor


def test_person_role_keeps_the_last_hr_admin(as_user, hr_admin):
    response = as_user(hr_admin).post(
        reverse("people:person_role", args=[hr_admin.pk]), {"role": ""}, follow=True
    )

    assert "Somebody has to be HR admin" in page(response)
    hr_admin.refresh_from_db()
    assert hr_admin.is_hr_admin


def test_nobody_gives_themselves_a_role(as_user, outsider, it_admin):
    for user in (outsider, it_admin):
        url = reverse("people:person_role", args=[user.pk])
        assert as_user(user).post(url, {"role": "hr_admin"}).status_code == 404


def test_person_leave_and_return(as_user, hr_admin, outsider):
    client = as_user(hr_admin)

    client.post(reverse("people:person_leave", args=[outsider.pk]))
    outsider.refresh_from_db()
    assert not outsider.is_active

    client.post(reverse("people:person_return", args=[outsider.pk]))
    outsider.refresh_from_db()
    assert outsider.is_active


def test_person_leave_keeps_the_last_hr_admin(as_user, hr_admin):
    response = as_user(hr_admin).post(
        reverse("people:person_leave", args=[hr_admin.pk])
    )

    assert response.status_code == 422
    assert "Somebody has to be HR admin" in page(response)


# --- names, whatever their accents and capitals


NAMES = ("Ab Bos", "Aïsha Ünlü", "Aina Zijlstra", "Ajax Smit", "øyvind Łuk", "Pia Ek")


def test_a_name_is_found_and_sorted_without_its_accents(as_user, hr_admin):
    for name in NAMES:
        factories.UserFactory(name=name)
    client, url = as_user(hr_admin), reverse("people:person_list")

    for words, name in (
        ("aisha", "Aïsha Ünlü"),
        ("AÏSHA ünlu", "Aïsha Ünlü"),
        ("Oyvind luk", "øyvind Łuk"),
    ):
        found = client.get(url, {"q": words}).context["page"]
        assert [each.name for each in found] == [name]
    shown = [each.name for each in client.get(url).context["page"]]
    assert [name for name in shown if name in NAMES] == [
        "Ab Bos",
        "Aina Zijlstra",
        "Aïsha Ünlü",
        "Ajax Smit",
        "øyvind Łuk",
        "Pia Ek",
    ]


def test_a_new_name_is_folded_however_it_is_written(hr_admin):
    user = factories.UserFactory(name="Zoë Één")
    assert User.objects.get(pk=user.pk).name_folded == "zoe een"
    factories.EmploymentFactory(user=user, employee_number="E1")
    hrfeed.apply(
        hrfeed.preview(f"e-mail;naam\n{user.email};Chloé Nieuw\n".encode()),
        by=hr_admin,
    )
    assert User.objects.get(pk=user.pk).name_folded == "chloe nieuw"

    erase_person(user, by=hr_admin)

    user.refresh_from_db()
    assert user.name_folded == folded(user.name)


# --- who is not in the HR file


WORK = {
    "department": "Finance",
    "job": "Controller",
    "level": 7,
    "location": "Zwolle",
}


def test_who_is_added_by_hand_can_have_a_department_and_a_manager(
    as_user, hr_admin, mentor
):
    response = as_user(hr_admin).post(
        reverse("people:person_create"),
        {
            "name": "New Nora",
            "email": "nora@example.org",
            **WORK,
            "manager": mentor.email.upper(),
        },
        follow=True,
    )

    assert "Controller" in page(response)
    nora = User.objects.get(email="nora@example.org")
    assert nora.employment.manager == mentor
    assert nora.employment.is_by_hand


def test_work_is_changed_and_history_says_so_without_what(as_user, hr_admin):
    nora = factories.UserFactory(name="New Nora")
    url = reverse("people:person_employment", args=[nora.pk])
    client = as_user(hr_admin)
    client.post(url, WORK)

    client.post(url, {**WORK, "department": "Audit", "level": 8})

    nora.refresh_from_db()
    assert (nora.employment.department, nora.employment.level) == ("Audit", 8)
    assert nora.level_changes.get().before == 7
    events = Event.objects.filter(about_id=nora.pk, verb="employment changed")
    assert events.count() == 2
    assert 'value="Audit"' in page(client.get(url))


def test_of_who_is_in_the_hr_file_the_file_decides(as_user, hr_admin, mentor):
    client = as_user(hr_admin)
    url = reverse("people:person_employment", args=[mentor.pk])

    assert "The HR file decides" in page(client.get(url))
    assert client.post(url, WORK).status_code == 422
    mentor.employment.refresh_from_db()
    assert mentor.employment.department == "Operations"


def test_nobody_is_their_own_manager_at_any_depth(as_user, hr_admin):
    people = [
        factories.EmploymentFactory(is_by_hand=True, employee_number=None).user
        for _ in range(3)
    ]
    client = as_user(hr_admin)

    def manage(user, email):
        url = reverse("people:person_employment", args=[user.pk])
        return client.post(url, {**WORK, "manager": email}).status_code

    assert manage(people[0], people[0].email) == 422
    assert manage(people[0], people[1].email) == 302
    assert manage(people[1], people[2].email) == 302
    assert manage(people[2], people[0].email) == 422
    assert manage(people[2], "nobody@example.org") == 422


def test_who_was_added_by_hand_does_not_leave_with_a_file(hr_admin):
    nora = factories.EmploymentFactory(is_by_hand=True, employee_number=None).user
    there = factories.EmploymentFactory(user__name="There Theo").user
    rows = f"e-mail;naam\n{there.email};There Theo\n{hr_admin.email};Hanna Hradmin\n"

    assert not hrfeed.preview(rows.encode()).leavers

    rows += f"{nora.email};{nora.name}\n"
    hrfeed.apply(hrfeed.preview(rows.encode()), by=hr_admin)
    nora.employment.refresh_from_db()
    assert not nora.employment.is_by_hand
