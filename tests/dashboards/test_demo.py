"""The made-up company: the same each time, and it shows what the product does."""

from io import StringIO

import pytest
import time_machine
from django.core import mail
from django.core.management import CommandError, call_command

from feedback.models import Tally
from mentorships.models import Goal, MentoringSession, Mentorship
from outbox.models import Message
from people.models import Employment, User
from programs.models import Participant, Program

NOW = "2027-01-14T11:00:00+01:00"


def story():
    """What the seed decides, without the numbers that the database gives."""
    return {
        "people": list(
            User.objects.order_by("email").values_list("email", "name", "language")
        ),
        "jobs": list(
            Employment.objects.order_by("employee_number").values_list(
                "employee_number", "job", "location", "manager__email"
            )
        ),
        "pairs": sorted(
            tuple(
                sorted(member.participant.user.email for member in each.members.all())
            )
            for each in Mentorship.objects.prefetch_related(
                "members__participant__user"
            )
        ),
        "sessions": sorted(
            MentoringSession.objects.values_list("wall_time", "minutes", "state")
        ),
        "goals": sorted(Goal.objects.values_list("specific", "state")),
        "answers": sorted(Tally.objects.values_list("question__key", "value", "count")),
    }


def seed(**options):
    call_command("seed_demo", stdout=StringIO(), **{"people": 60, **options})


@pytest.fixture
def company():
    with time_machine.travel(NOW, tick=False):
        seed()


def wipe():
    from django.apps import apps
    from django.db import connection

    with connection.constraint_checks_disabled():
        for model in apps.get_models(include_auto_created=True):
            if model._meta.managed:
                model._default_manager.all()._raw_delete("default")


@time_machine.travel(NOW, tick=False)
def test_the_same_seed_makes_the_same_company(company):
    first = story()
    wipe()

    seed()

    assert story() == first


@time_machine.travel(NOW, tick=False)
def test_another_seed_makes_another_company(company):
    first = story()
    wipe()

    seed(seed=2)

    assert story()["people"] != first["people"]


def test_everybody_who_can_sign_in_is_there(company):
    for name in ("hr", "it", "sponsor", "coordinator", "mentor", "mentee"):
        assert User.objects.filter(email=f"{name}@waterlinie.example").exists()


def test_there_is_a_programme_that_runs_two_that_are_open_and_a_draft(company):
    assert sorted(Program.objects.values_list("state", flat=True)) == [
        "draft",
        "open",
        "open",
        "running",
    ]


def test_there_are_pairs_in_trouble_and_pairs_that_do_well(company):
    now = Mentorship.objects.first()
    assert now
    with time_machine.travel(NOW, tick=False):
        from django.utils import timezone

        quiet = Mentorship.objects.quiet_at(timezone.now()).count()

    assert 0 < quiet < Mentorship.objects.count() / 2


def test_nobody_has_more_places_taken_than_there_are(company):
    for participant in Participant.objects.all():
        assert participant.places_taken <= participant.capacity


def test_no_mail_waits_and_what_the_past_sent_is_dated_then(company):
    assert not Message.objects.filter(state=Message.State.PLANNED).exists()
    assert not Message.objects.gave_up().exists()
    introduction = Message.objects.filter(
        kind="introduction", to__email="mentee@waterlinie.example"
    ).get()
    assert f"{introduction.dated_at:%Y-%m-%d}" == "2026-10-11"


def test_only_people_of_the_company_get_mail(company):
    receivers = {address for each in mail.outbox for address in each.to}

    assert receivers
    assert all(each.endswith("@waterlinie.example") for each in receivers)


def test_a_database_with_people_stays_as_it_is(mentee):
    with pytest.raises(CommandError):
        seed()

    assert User.objects.get() == mentee


def test_too_small_a_company_tells_no_story():
    with pytest.raises(CommandError):
        seed(people=10)
