"""The preview of an HR file asks for a yes only when there is something to do."""

import pytest
from django.urls import reverse

from people.models import HrUpload


@pytest.fixture
def offers_to_do_it(as_user, hr_admin):
    def look(content: str) -> bool:
        upload = HrUpload.objects.create(by=hr_admin, content=content.encode())
        url = reverse("people:import_preview", args=[upload.pk])
        page = as_user(hr_admin).get(url).content.decode()
        return '<form method="post">' in page

    return look


def test_a_file_that_would_only_remove_too_many_people_has_nothing_to_do(
    offers_to_do_it, hr_admin, mentor, mentee, outsider
):
    job = hr_admin.employment
    same = (
        "email,name,employee_number,department,job,level,location,started_on\n"
        f"{hr_admin.email},{hr_admin.name},{job.employee_number},{job.department},"
        f"{job.job},{job.level if job.level is not None else ''},{job.location},"
        f"{job.started_on or ''}\n"
    )

    assert not offers_to_do_it(same)
    assert offers_to_do_it(f"{same}new@example.org,New,,,,,,\n")
