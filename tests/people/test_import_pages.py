"""The file from HR, in the browser."""

from io import BytesIO

import pytest
from django.urls import reverse

from people import actions
from people.models import (
    HrUpload,
    User,
)
from tests import factories
from tests.people.pages import page


def upload(client, text: str):
    file = BytesIO(text.encode())
    file.name = "people.csv"
    return client.post(reverse("people:people_import"), {"file": file})


def test_people_import_shows_before_it_does(as_user, hr_admin):
    client = as_user(hr_admin)

    preview = upload(client, "email,name\nan@example.org,An\nbad,Bo\n")
    html = page(client.get(preview.url))
    assert "an@example.org" in html
    assert "“bad” is not an e-mail address" in html
    assert not User.objects.filter(email="an@example.org").exists()

    refused = client.post(preview.url)
    assert refused.status_code == 422
    assert "good rows" in page(refused)

    done = client.post(preview.url, {"good_rows": "on"}, follow=True)
    assert "Done: 1 new, 0 changed, 0 left." in page(done)
    assert User.objects.filter(email="an@example.org").exists()
    assert not HrUpload.objects.exists()
    assert "Hanna Hradmin" in page(client.get(reverse("people:people_import")))


def test_people_import_marks_leavers_only_when_ticked(as_user, hr_admin):
    people = [factories.EmploymentFactory().user for _ in range(9)]
    rows = "".join(f"{user.email},{user.name}\n" for user in [*people[1:], hr_admin])
    client = as_user(hr_admin)

    preview = upload(client, f"email,name\n{rows}")
    assert "Mark missing people as leavers" in page(client.get(preview.url))
    client.post(preview.url, {"leavers": "on"})

    people[0].refresh_from_db()
    assert not people[0].is_active


def test_people_import_does_not_offer_to_lose_too_many(as_user, hr_admin):
    for _ in range(5):
        factories.EmploymentFactory()
    client = as_user(hr_admin)

    preview = upload(client, f"email,name\n{hr_admin.email},{hr_admin.name}\n")
    assert "5 of 6 people are not in the file" in page(client.get(preview.url))
    assert client.post(preview.url, {"leavers": "on"}).status_code == 422
    assert User.objects.working_here().count() == 6


def test_people_import_says_when_there_is_nothing_to_do(as_user, hr_admin):
    client = as_user(hr_admin)
    text = (
        "email,name,employee_number,department,job,level,location\n"
        f"{hr_admin.email},{hr_admin.name},{hr_admin.employment.employee_number},"
        "Operations,Planner,3,Utrecht\n"
    )

    preview = upload(client, text)

    assert "There is nothing to do" in page(client.get(preview.url))


@pytest.mark.parametrize("text", ["\0\0", " \n"])
def test_people_import_refuses_what_it_cannot_read(as_user, hr_admin, text):
    response = upload(as_user(hr_admin), text)

    assert response.status_code == 422
    assert not HrUpload.objects.exists()


def test_people_import_refuses_a_file_that_is_too_large(as_user, hr_admin, monkeypatch):
    monkeypatch.setattr("people.forms.feed.MAX_UPLOAD", 10)

    response = upload(as_user(hr_admin), "email,name\nan@example.org,An\n")

    assert "larger than" in page(response)


def test_people_import_keeps_one_file_at_a_time(as_user, hr_admin):
    client = as_user(hr_admin)

    upload(client, "email,name\nan@example.org,An\n")
    upload(client, "email,name\nbo@example.org,Bo\n")

    assert b"bo@example" in bytes(HrUpload.objects.get().content)


def test_a_file_of_another_hr_admin_is_not_there(as_user, hr_admin, sponsor):
    preview = upload(as_user(hr_admin), "email,name\nan@example.org,An\n")
    actions.grant_role(sponsor, "hr_admin", by=hr_admin)

    assert as_user(sponsor).get(preview.url).status_code == 404
