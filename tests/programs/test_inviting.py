"""Whom one asks: pasted, out of a file, by HR fields; and what became of the mail."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from outbox.models import Message
from programs.models import EligibilityRule, Invite, Role
from tests import factories


def url(name, *args):
    return reverse(f"programs:{name}", args=args)


def asked(program):
    return set(program.invites.values_list("email", flat=True))


def test_a_file_is_read_for_its_addresses_in_whichever_column(
    as_user, coordinator, program
):
    file = SimpleUploadedFile(
        "people.csv", b"Naam;Mail\nAnna;Anna@Example.org\nBo;<bo@example.org>\n"
    )

    as_user(coordinator).post(
        url("invite_create", program.slug), {"role": "mentee", "file": file}
    )

    assert asked(program) == {"anna@example.org", "bo@example.org"}


def test_a_file_without_addresses_says_so(as_user, coordinator, program):
    response = as_user(coordinator).post(
        url("invite_create", program.slug),
        {"role": "mentee", "file": SimpleUploadedFile("x.csv", b"Naam\nAnna\n")},
    )

    assert response.status_code == 422
    assert "file" in response.context["form"].errors


def test_by_hr_fields_only_who_may_join_and_does_not_take_part_is_asked(
    as_user, coordinator, program
):
    for number, level in enumerate((2, 5, 5)):
        factories.EmploymentFactory(
            user__email=f"it{number}@example.org", department="IT", level=level
        )
    factories.EmploymentFactory(user__email="hr@example.org", department="HR", level=5)
    inside = factories.EmploymentFactory(
        user__email="in@example.org", department="IT", level=5
    )
    factories.ParticipantFactory(program=program, user=inside.user)
    EligibilityRule.objects.create(
        program=program, role=Role.MENTEE, field="level", least=4
    )

    as_user(coordinator).post(
        url("invite_create", program.slug), {"role": "mentee", "department": ["IT"]}
    )

    assert asked(program) == {"it1@example.org", "it2@example.org"}


def test_nobody_there_says_so(as_user, coordinator, program):
    factories.EmploymentFactory(department="IT", level=1)
    EligibilityRule.objects.create(
        program=program, role=Role.MENTEE, field="level", least=4
    )

    response = as_user(coordinator).post(
        url("invite_create", program.slug), {"role": "mentee", "department": ["IT"]}
    )

    assert response.status_code == 422


@pytest.mark.parametrize(
    ("state", "words"),
    [("failed", "mail failed"), ("planned", "mail waits"), ("sent", "not opened")],
)
def test_the_list_says_what_became_of_the_mail(
    as_user, coordinator, program, state, words
):
    client = as_user(coordinator)
    client.post(
        url("invite_create", program.slug),
        {"role": "mentee", "emails": "anna@example.org"},
    )
    Message.objects.filter(kind="invitation", about_id=Invite.objects.get().pk).update(
        state=state
    )

    page = client.get(url("participant_list", program.slug)).content.decode()

    assert words in page
