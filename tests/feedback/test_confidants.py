"""Who is named to read serious reports, and who reads which."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from feedback.actions import (
    name_confidant,
)
from feedback.models import Confidant
from feedback.tasks import warn_of_confidants
from outbox.delivery import deliver
from outbox.models import Message
from people.actions import leave
from people.models import User
from programs.models import Role
from tests import factories


def path(name, *args):
    return reverse(f"feedback:{name}", args=args)


def text(response):
    return response.content.decode()


def test_the_person_of_a_programme_goes_before_that_of_the_organisation(
    program, confidant, mentorship
):
    own = factories.UserFactory()
    name_confidant(program, own, by=own)

    assert Confidant.of(mentorship) == own


def test_who_is_in_the_mentorship_does_not_read_what_is_reported_of_it(
    program, confidant, mentorship, mentor
):
    name_confidant(program, mentor, by=mentor)

    assert Confidant.of(mentorship) == confidant


def test_who_runs_the_programme_does_not_read_what_is_reported_of_it(
    program, confidant, mentorship, coordinator, hr_admin, as_user
):
    for user in (coordinator, hr_admin):
        name_confidant(program, user, by=user)
        assert Confidant.of(mentorship) == confidant

        answer = as_user(hr_admin).post(
            path("confidant_list"), {"email": user.email, "program": program.pk}
        )
        assert answer.status_code == 422
        assert "somebody outside of them" in text(answer)


@pytest.fixture
def runner(program):
    """Somebody who runs the programme."""
    user = factories.UserFactory(name="Rik Regelaar", email="rik@example.org")
    factories.ParticipantFactory(program=program, user=user, role=Role.COORDINATOR)
    return user


def test_whoever_runs_a_programme_is_not_named_for_all(
    as_user, hr_admin, confidant, mentorship, runner
):
    answer = as_user(hr_admin).post(
        path("confidant_list"), {"email": runner.email, "program": ""}
    )

    assert answer.status_code == 422
    assert "somebody outside of them" in text(answer)
    assert Confidant.of(mentorship) == confidant


def test_confidant_list_says_who_is_replaced(as_user, hr_admin, confidant):
    factories.UserFactory(name="Nora Nieuw", email="nora@example.org")
    client = as_user(hr_admin)

    assert "the whole organisation (now Vera Trouw)" in text(
        client.get(path("confidant_list"))
    )
    answer = client.post(
        path("confidant_list"), {"email": "nora@example.org"}, follow=True
    )

    assert "Reports go to Nora Nieuw from now on" in text(answer)
    assert "Vera Trouw no longer gets them" in text(answer)


def test_confidant_list_says_where_nobody_is_left(
    as_user, hr_admin, confidant, mentorship, mentor, program
):
    client = as_user(hr_admin)
    assert "Where nobody can report" not in text(client.get(path("confidant_list")))

    page = text(
        client.post(path("confidant_list"), {"email": mentor.email}, follow=True)
    )

    assert Confidant.of(mentorship) is None
    assert "In 1 mentorship nobody can report anything now" in page
    assert "Where nobody can report" in page
    name_confidant(program, confidant, by=hr_admin)
    assert "Where nobody can report" not in text(client.get(path("confidant_list")))


@pytest.mark.parametrize("who", ["outside", "runs it", "in it", "left", "HR"])
def test_without_reader_and_who_reads_agree(
    program, mentorship, confidant, runner, mentor, hr_admin, who
):
    user = {"runs it": runner, "in it": mentor, "HR": hr_admin}.get(who, confidant)
    name_confidant(None, user, by=user)
    if who == "left":
        leave(confidant, by=None)

    lacking = list(Confidant.without_reader())

    assert lacking == ([] if who == "outside" else [mentorship])
    assert (Confidant.of(mentorship) is None) == (who != "outside")
    name_confidant(program, factories.UserFactory(), by=user)
    assert not Confidant.without_reader().exists()


def test_hr_hears_once_that_the_named_person_runs_the_programme_now(
    as_user, hr_admin, confidant, mentorship, program, mailoutbox
):
    warn_of_confidants()
    assert not Message.objects.filter(kind="without_reader").exists()
    factories.ParticipantFactory(program=program, user=confidant, role=Role.COORDINATOR)

    for _time in range(2):
        warn_of_confidants()

    deliver(Message.objects.get(kind="without_reader"))
    [mail] = mailoutbox
    assert mail.to == [hr_admin.email]
    assert "In 1 mentorship of" in mail.body
    assert "nobody can report anything" in text(as_user(hr_admin).get("/"))


def test_hr_hears_nothing_of_it_once_somebody_else_is_named(
    hr_admin, confidant, mentorship, program, mentor, mailoutbox
):
    name_confidant(None, mentor, by=hr_admin)
    warn_of_confidants()
    name_confidant(None, confidant, by=hr_admin)

    deliver(Message.objects.get(kind="without_reader"))

    assert mailoutbox == []


def test_who_left_reads_nothing_any_more(mentorship, confidant):
    User.objects.filter(pk=confidant.pk).update(
        is_active=False, left_on=timezone.localdate()
    )

    assert Confidant.of(mentorship) is None


def test_there_is_one_named_person_for_the_organisation(confidant):
    with pytest.raises(IntegrityError), transaction.atomic():
        Confidant.objects.create(program=None, user=factories.UserFactory())


def test_who_has_no_mentorship_reads_whom_to_write_to(as_user, confidant, outsider):
    page = text(as_user(outsider).get(path("report_mine")))

    assert "vera@example.org" in page


def test_who_has_no_mentorship_is_not_sent_to_whoever_runs_their_programme(
    as_user, confidant, outsider, program
):
    factories.ParticipantFactory(program=program, user=outsider, role=Role.MENTEE)
    factories.ParticipantFactory(program=program, user=confidant, role=Role.COORDINATOR)

    page = text(as_user(outsider).get(path("report_mine")))

    assert "vera@example.org" not in page
    assert "the confidential adviser of your organisation" in page


def test_nobody_is_sent_to_themselves(as_user, confidant):
    page = text(as_user(confidant).get(path("report_mine")))

    assert "Without a mentorship you can write to" not in page


def test_confidant_list_names_and_removes(as_user, hr_admin, mentorship):
    named = factories.UserFactory(email="vera@example.org")
    client = as_user(hr_admin)

    client.post(path("confidant_list"), {"email": "VERA@example.org", "program": ""})
    assert Confidant.of(mentorship) == named
    client.post(path("confidant_remove", Confidant.objects.get().pk))

    assert Confidant.of(mentorship) is None


def test_confidant_list_wants_somebody_who_works_here(as_user, hr_admin):
    answer = as_user(hr_admin).post(path("confidant_list"), {"email": "x@example.org"})

    assert answer.status_code == 422
    assert "Nobody with this address works here." in text(answer)
