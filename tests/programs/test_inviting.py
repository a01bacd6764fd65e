"""Whom one asks: pasted, out of a file, by HR fields; and what became of the mail."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from outbox.actions import record_bounce
from outbox.models import Message
from programs import actions
from programs.models import EligibilityRule, Invite, Program, Role
from tests import factories


def url(name, *args):
    return reverse(f"programs:{name}", args=args)


def asked(program):
    return set(program.invites.values_list("email", flat=True))


def text(response):
    return response.content.decode()


def send(page):
    """Press the button below the names."""
    assert page.status_code == 200
    assert not Invite.objects.exists()
    page.client.post(
        page.request["PATH_INFO"],
        {"role": page.context["role"].value, "emails": page.context["emails"]},
    )


def test_who_was_asked_before_is_named_with_the_reason(as_user, coordinator, program):
    for name in ("Asked Before", "Asked Now"):
        factories.EmploymentFactory(
            user__name=name,
            user__email=f"{name.replace(' ', '')}@example.org",
            department="IT",
        )
    actions.invite(program, ["askedbefore@example.org"], "mentee", by=coordinator)

    page = as_user(coordinator).post(
        url("invite_create", program.slug), {"role": "mentee", "department": ["IT"]}
    )

    assert page.context["emails"] == "askednow@example.org"
    assert page.context["left_out"] == [("Asked Before", "was asked already")]


def test_a_file_is_read_for_its_addresses_in_whichever_column(
    as_user, coordinator, program
):
    file = SimpleUploadedFile(
        "people.csv", b"Naam;Mail\nAnna;Anna@Example.org\nBo;<bo@example.org>\n"
    )

    send(
        as_user(coordinator).post(
            url("invite_create", program.slug), {"role": "mentee", "file": file}
        )
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
            user__email=f"it{number}@example.org",
            user__name=f"{'Too Low' if level == 2 else 'Let In'}",
            department="IT",
            level=level,
        )
    factories.EmploymentFactory(user__email="hr@example.org", department="HR", level=5)
    inside = factories.EmploymentFactory(
        user__email="in@example.org",
        user__name="In Already",
        department="IT",
        level=5,
    )
    factories.ParticipantFactory(program=program, user=inside.user)
    EligibilityRule.objects.create(
        program=program, role=Role.MENTEE, field="level", least=4
    )

    client = as_user(coordinator)
    page = client.post(
        url("invite_create", program.slug), {"role": "mentee", "department": ["IT"]}
    )

    assert asked(program) == set()
    assert not Message.objects.filter(kind="invitation").exists()
    assert "2 people are asked" in text(page)
    assert "Send 2 invitations" in text(page)
    assert dict(page.context["left_out"]) == {
        "Too Low": "may not join in this role",
        "In Already": "takes part already",
    }

    for _ in range(2):
        client.post(
            url("invite_create", program.slug),
            {"role": "mentee", "emails": page.context["emails"]},
        )

    assert asked(program) == {"it1@example.org", "it2@example.org"}
    assert Message.objects.filter(kind="invitation").count() == 2


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


def test_no_mail_waits_for_an_invitation_that_has_expired(
    as_user, coordinator, program
):
    actions.invite(program, ["anna@example.org"], "mentee", by=coordinator)
    Invite.objects.update(expires_at=timezone.now() - timedelta(days=1))

    page = as_user(coordinator).get(url("participant_list", program.slug))

    assert "expired" in page.content.decode()
    assert "mail waits" not in page.content.decode()


def test_the_list_says_when_the_last_mail_went_out(as_user, coordinator, program):
    actions.invite(program, ["anna@example.org"], "mentee", by=coordinator)
    day = timezone.now() - timedelta(days=3)
    Message.objects.filter(kind="invitation").update(state="sent", sent_at=day)

    page = text(as_user(coordinator).get(url("participant_list", program.slug)))

    assert f"last mail on {date_format(day, 'SHORT_DATE_FORMAT')}" in page


def test_the_list_says_that_an_address_does_not_exist(as_user, coordinator, program):
    actions.invite(program, ["anna@example.org"], "mentee", by=coordinator)
    Message.objects.filter(kind="invitation").update(state="sent")

    record_bounce("Anna@example.org")

    page = text(as_user(coordinator).get(url("participant_list", program.slug)))
    assert "address does not exist" in page


def test_of_many_invitations_each_can_be_read(as_user, coordinator, program):
    emails = [f"person{number:02}@example.org" for number in range(30)]
    actions.invite(program, emails, "mentee", by=coordinator)
    client = as_user(coordinator)
    path = url("participant_list", program.slug)

    first = text(client.get(path))
    pages = [client.get(f"{path}?state=invited&page={number}") for number in (1, 2)]

    assert "All 30 who gave no answer yet" in first
    assert "?state=invited" in first
    shown = [row["invite"].email for page in pages for row in page.context["invites"]]
    assert sorted(shown) == emails


def test_of_many_new_accounts_it_says_how_many_more(as_user, coordinator, program):
    emails = "\n".join(f"person{number:02}@example.org" for number in range(13))

    page = as_user(coordinator).post(
        url("invite_create", program.slug),
        {"role": "mentee", "emails": emails},
        follow=True,
    )

    assert "person09@example.org and 3 more." in text(page)


def test_people_are_asked_by_their_job(as_user, coordinator, program):
    factories.EmploymentFactory(user__email="planner@example.org", job="Planner")
    factories.EmploymentFactory(user__email="writer@example.org", job="Writer")

    page = as_user(coordinator).post(
        url("invite_create", program.slug), {"role": "mentee", "job": ["Planner"]}
    )

    assert page.context["emails"] == "planner@example.org"


@pytest.mark.parametrize(
    ("join_mode", "is_there"),
    [("open", True), ("application", True), ("invitation", False)],
)
def test_the_link_is_there_where_colleagues_may_come_by_themselves(
    as_user, coordinator, program, join_mode, is_there
):
    Program.objects.filter(pk=program.pk).update(state="open", join_mode=join_mode)

    page = as_user(coordinator).get(url("invite_create", program.slug))

    shown = settings.SITE_URL + program.get_absolute_url() in page.content.decode()
    assert shown is is_there
