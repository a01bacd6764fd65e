"""The overviews of whoever runs programmes, of HR and of sponsors."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from dashboards import figures as dashboard
from dashboards import overviews
from dashboards.tasks import plan_monthly
from feedback.models import CareItem
from feedback.suggestions import suggestions
from mentorships.models import Mentorship
from outbox.models import Message
from outbox.tasks import send_due
from programs.measures import measure
from programs.models import Program, Role
from tests import factories

NOW = datetime.fromisoformat("2027-03-01T10:00:00+01:00")


@pytest.fixture(autouse=True)
def _on_the_first_of_march():
    with time_machine.travel(NOW, tick=False), translation.override("en"):
        yield


def pair(program, days, held=None, **fields):
    """Matched so many days ago, and last met so many days ago."""
    mentorship = factories.MentorshipFactory(
        program=program, started_at=NOW - timedelta(days=days), **fields
    )
    for role in (Role.MENTEE, Role.MENTOR):
        factories.MemberFactory(mentorship=mentorship, participant__role=role)
    if held is not None:
        factories.MentoringSessionFactory(
            mentorship=mentorship, held=True, starts_at=NOW - timedelta(days=held)
        )
    return mentorship


# --- pairs that need a person


def care_item(program, score=30, days=40, **fields):
    """A pair in the care queue, that was last seen so many days ago."""
    fields.setdefault("reason_key", "quiet")
    fields.setdefault("facts", [{"part": "contact", "days": days, "never": False}])
    mentorship = fields.pop("mentorship", None) or pair(program, 90)
    return CareItem.objects.create(mentorship=mentorship, score=score, **fields)


def test_the_pairs_are_those_of_the_care_queue_with_the_way_to_them(
    program, coordinator
):
    pair(program, 90)
    item = care_item(program)

    [found] = overviews.need_a_person(coordinator)

    assert found.names == str(item.mentorship)
    assert found.fact == "The last session was 40 days ago."
    assert found.path == item.get_absolute_url()


@pytest.mark.parametrize(
    ("reason", "fact", "said"),
    [
        ("asked", {"part": "asked"}, "One of them asked to be called."),
        (
            "never-met",
            {"part": "contact", "days": 14, "never": True},
            "Matched 14 days ago and no session yet.",
        ),
        (
            "off-rhythm",
            {"part": "rhythm", "held": 1, "expected": 4, "days": 60},
            "Sessions in 60 days: 1; their rhythm asks for 4.",
        ),
        (
            "no-goals",
            {"part": "goals", "goals": 0, "moving": 0, "days": 45},
            "No goal has been set.",
        ),
        (
            "no-goals",
            {"part": "goals", "goals": 1, "moving": 0, "days": 45},
            "No goal moved in 45 days.",
        ),
    ],
)
def test_a_pair_comes_with_the_fact_that_put_it_there(
    program, coordinator, reason, fact, said
):
    care_item(program, reason_key=reason, facts=[{"part": "planned"}, fact])

    assert overviews.need_a_person(coordinator)[0].fact == said


def test_every_reason_of_the_care_queue_says_something(program, coordinator):
    for reason in suggestions():
        facts = [
            {"part": "asked"},
            {"part": "contact", "days": 20, "never": reason == "never-met"},
            {"part": "rhythm", "held": 1, "expected": 4, "days": 60},
            {"part": "goals", "goals": 0, "moving": 0, "days": 45},
        ]
        care_item(program, reason_key=reason, facts=facts)

    assert all(each.fact for each in overviews.need_a_person(coordinator))


def test_the_five_that_need_it_most_come_first(program, coordinator):
    for score in (50, 10, 30, 60, 20, 40):
        care_item(program, score, days=score)

    found = overviews.need_a_person(coordinator)

    assert [each.fact.split()[4] for each in found] == ["10", "20", "30", "40", "50"]


def test_the_pairs_of_a_programme_that_is_closing_are_mentioned(program, coordinator):
    item = care_item(program)
    type(program).objects.update(state="closing")

    [found] = overviews.need_a_person(coordinator)

    assert found.path == item.get_absolute_url()


def test_what_was_put_off_or_done_is_not_mentioned(program, coordinator):
    care_item(program, snoozed_until=timezone.localdate() + timedelta(days=3))
    care_item(program, closed_at=NOW, outcome="back")

    assert overviews.need_a_person(coordinator) == []


def test_pairs_of_others_are_no_business_of_mine(coordinator):
    care_item(factories.ProgramFactory(running=True))

    assert overviews.need_a_person(coordinator) == []


# --- what changed


def test_what_changed_is_counted_over_the_last_week(program, coordinator):
    mentorship = pair(program, 3, held=1)
    pair(program, 30, held=8)
    factories.MentoringSessionFactory(
        mentorship=mentorship, held=True, starts_at=NOW - timedelta(days=2)
    )
    factories.ParticipantFactory(program=program, joined_at=NOW - timedelta(days=20))
    for each in program.participants.all():
        if each.joined_at == NOW:
            each.joined_at = NOW - timedelta(days=8)
            each.save()

    [found] = overviews.changes(coordinator, NOW)

    assert found["program"] == program
    assert found["text"] == "1 mentorship started, 2 sessions held"


def test_a_week_in_which_nothing_happened_is_not_mentioned(program, coordinator):
    pair(program, 30, held=8)
    program.participants.update(joined_at=NOW - timedelta(days=30))

    assert overviews.changes(coordinator, NOW) == []


# --- the figures of a month


def test_the_month_before_is_a_whole_month():
    assert [f"{each:%Y-%m-%d}" for each in overviews.month_before(NOW)] == [
        "2027-02-01",
        "2027-03-01",
    ]


def test_hr_sees_every_figure_and_a_sponsor_none_that_is_small(
    program, hr_admin, sponsor
):
    mentorship = pair(program, 40, held=10)
    for days in (11, 12, 13, 14, 28, 29):
        factories.MentoringSessionFactory(
            mentorship=mentorship, held=True, starts_at=NOW - timedelta(days=days)
        )

    def lines(user):
        return dict(overviews.figures(user, NOW)[0]["lines"])

    assert lines(hr_admin)["Sessions last month"] == "6"
    assert lines(hr_admin)["Mentorships so far"] == "1"
    assert lines(hr_admin)["On rhythm now"] == "100%"
    assert lines(sponsor)["Sessions last month"] == "5"
    assert lines(sponsor)["Mentorships so far"] == "fewer than 5"
    assert "On rhythm now" not in lines(sponsor)


def test_the_share_on_rhythm_is_the_same_wherever_it_stands(program, hr_admin):
    pair(program, 40, held=10)
    pair(program, 40)
    pair(program, 2)

    [row] = dashboard.rows(Program.objects.all())

    assert measure(program, "on_rhythm") == 50
    assert row.on_rhythm == 50
    assert dashboard.rhythm(program).on_rhythm == 50
    assert dict(overviews.figures(hr_admin, NOW)[0]["lines"])["On rhythm now"] == "50%"


def test_the_figures_of_a_month_do_not_grow_in_queries_with_programmes(
    program, hr_admin, django_assert_num_queries
):
    pair(program, 40, held=10)
    with CaptureQueriesContext(connection) as few:
        overviews.figures(hr_admin, NOW)
    for number in range(3):
        pair(factories.ProgramFactory(running=True, slug=f"more-{number}"), 40, held=9)

    with django_assert_num_queries(len(few)):
        found = overviews.figures(hr_admin, NOW)

    assert [dict(each["lines"])["Sessions last month"] for each in found] == ["1"] * 4


def test_the_figures_are_sent_once_a_month_on_the_first_working_day(
    office_hours, program, hr_admin, sponsor, coordinator
):
    found = []
    for day in range(62):
        with time_machine.travel(NOW + timedelta(days=day), tick=False):
            count = Message.objects.count()
            plan_monthly()
            plan_monthly()
            if Message.objects.count() > count:
                found.append(f"{timezone.localdate():%m-%d}")

    # The first of May is a Saturday; the Monday is outside these days.
    assert found == ["03-01", "04-01"]
    assert Message.objects.filter(to=coordinator).count() == 0
    assert Message.objects.filter(to=sponsor).count() == 2


def test_the_figures_arrive_in_both_forms(program, sponsor):
    plan_monthly()
    send_due()

    [found] = mail.outbox
    assert found.subject == "Your programmes in February 2027"
    assert "Leaders" in found.body
    assert "Participants" in str(found.alternatives[0][0])


def test_without_programmes_there_are_no_figures(sponsor):
    plan_monthly()
    send_due()

    assert mail.outbox == []


def test_whoever_lost_the_role_hears_no_figures(program, sponsor):
    plan_monthly()
    sponsor.org_role = ""
    sponsor.save()
    send_due()

    assert mail.outbox == []


def test_the_digest_of_a_coordinator_names_pairs_and_changes(program, coordinator):
    from outbox.actions import plan

    item = care_item(program)
    pair(program, 3)
    plan("digest", coordinator, occasion="2027-W09")
    send_due()

    [found] = [each for each in mail.outbox if each.to == [coordinator.email]]
    assert str(item.mentorship) in found.body
    assert "The last session was 40 days ago." in found.body
    assert item.get_absolute_url() in found.body
    assert "1 mentorship started" in found.body


def test_queries_do_not_grow_with_pairs(
    program, coordinator, django_assert_max_num_queries
):
    care_item(program)
    with django_assert_max_num_queries(4):
        overviews.need_a_person(coordinator)
    for _ in range(8):
        care_item(program)
    with django_assert_max_num_queries(4):
        overviews.need_a_person(coordinator)
    assert Mentorship.objects.count() == 9
    assert Program.objects.count() == 1
