"""The made-up company: the same each time, and it shows what the product does."""

from io import StringIO

import pytest
import time_machine
from django.core import mail
from django.core.management import CommandError, call_command

from dashboards import effects
from feedback.access import access_gap
from feedback.models import CareItem, Confidant, Tally
from mentorships.models import Goal, MentoringSession, Mentorship, Story
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


def running():
    return Program.objects.get(template_key="leadership-pipeline", state="running")


def test_there_are_programmes_in_each_state_but_the_last(company):
    assert sorted(Program.objects.values_list("state", flat=True)) == [
        "closing",
        "draft",
        "open",
        "open",
        "running",
        "running",
        "running",
    ]


def test_a_group_and_a_circle_of_five_run_beside_the_pairs(company):
    groups = [
        each
        for each in Mentorship.objects.prefetch_related("members__participant__user")
        if each.is_group
    ]

    assert [sorted(each.members.values_list("role", flat=True)) for each in groups] == [
        ["mentee"] * 4 + ["mentor"],
        ["peer"] * 5,
    ]
    for name, group in zip(("mentor", "mentee"), groups, strict=True):
        user = User.objects.get(email=f"{name}@waterlinie.example")
        assert group.member_for(user)
        assert group.name
        assert group.sessions.held().count() >= 3
        assert {each.attendances.count() for each in group.sessions.held()} == {4, 5}


def test_there_are_pairs_in_trouble_and_pairs_that_do_well(company):
    now = Mentorship.objects.first()
    assert now
    with time_machine.travel(NOW, tick=False):
        from django.utils import timezone

        quiet = Mentorship.objects.quiet_at(timezone.now()).count()

    assert 0 < quiet < Mentorship.objects.count() / 2


def test_the_company_is_heard(company):
    program = running()

    assert program.access_tables.exists()
    assert Confidant.objects.exists()
    with time_machine.travel(NOW, tick=False):
        assert effects.self_ratings(program)
    assert Story.objects.filter(author__program=program).shown().count() == 1
    assert {"asked", "quiet", "no-goals"} <= set(
        CareItem.objects.values_list("reason_key", flat=True)
    )


def test_a_digest_is_dated_the_day_it_speaks_of(company):
    digests = Message.objects.filter(kind="digest").exclude(sent_at=None)

    assert {f"{each.dated_at:%Y-%m-%d}" for each in digests} == {NOW[:10]}


@time_machine.travel(NOW, tick=False)
@pytest.mark.django_db
def test_the_programme_of_last_year_has_outcomes_and_access_to_show():
    seed(people=400)

    program = Program.objects.get(state="closing")
    retention, promotion = effects.retention(program), effects.promotion(program)
    assert retention
    assert 85 < retention.stayed < 100
    assert retention.stayed_colleagues < retention.stayed
    assert promotion
    assert promotion.stayed > promotion.stayed_colleagues > 0
    assert effects.goals_reached(program)
    assert [each.is_clear for each in effects.self_ratings(program)] == [True] * 2
    tables = {
        table.question.key: list(table.counts.values())
        for table in program.access_tables.select_related("question")
    }
    assert all(None not in row for row in tables["gender"])
    assert any(None in row for rows in tables.values() for row in rows)
    assert access_gap(program) > 5


def test_those_who_left_the_company_take_part_in_nothing_that_goes_on(company):
    gone = User.objects.exclude(left_on=None)

    assert gone.exists()
    assert not Participant.objects.filter(
        user__in=gone, program__state__in=["open", "running"]
    ).exists()
    assert not Employment.objects.filter(manager__in=gone).exists()


def test_nobody_has_more_places_taken_than_there_are(company):
    for participant in Participant.objects.all():
        assert participant.places_taken <= participant.capacity


def test_no_mail_waits_and_what_the_past_sent_is_dated_then(company):
    assert not Message.objects.filter(state=Message.State.PLANNED).exists()
    assert not Message.objects.gave_up().exists()
    introduction = Message.objects.filter(
        kind="introduction",
        to__email="mentee@waterlinie.example",
        program_id=running().pk,
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
