import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dashboards import effects, figures
from feedback.actions import answer, open_wave, pulse_of, settle
from feedback.models import CareSettings
from feedback.tasks import review_mentorships
from mentorships.models import Mentorship
from people.models import Employment, User
from programs.models import Program, Role
from tests import factories


def at(name, *args):
    return reverse(f"dashboards:{name}", args=args)


def text(response):
    return response.content.decode()


def main(page):
    """What the page itself says."""
    return page.partition("<main")[2].partition("</main>")[0]


def in_pairs(program, number, department="Operations"):
    """Pairs that have met, of people with a job."""
    found = []
    for _number in range(number):
        mentorship = factories.MentorshipFactory(program=program)
        for role in (Role.MENTOR, Role.MENTEE):
            member = factories.MemberFactory(
                mentorship=mentorship,
                participant__role=role,
                participant__program=program,
            )
            factories.EmploymentFactory(
                user=member.participant.user, department=department
            )
        factories.MentoringSessionFactory(mentorship=mentorship, held=True)
        found.append(mentorship)
    return found


def ask(program, scale, occasion="day-30"):
    """The pulse, answered by everybody."""
    wave = open_wave(pulse_of(program), occasion=occasion, by=None)
    for invitation in wave.invitations.select_related("wave__survey", "to"):
        questions = wave.survey.questions.filter(kind__in=["scale", "nps"])
        answer(invitation, {each.pk: str(scale) for each in questions})
    settle(wave)
    return wave


@pytest.fixture
def as_coordinator(as_user, coordinator):
    return as_user(coordinator)


def test_the_funnel_counts_who_got_how_far(program, mentorship):
    factories.ParticipantFactory(program=program, state="joining")
    factories.ParticipantFactory(program=program)
    [met] = in_pairs(program, 1)
    met.end()

    numbers = [number for _label, number in figures.funnel_counts(program)]

    assert numbers == [6, 5, 4, 2, 2]


def test_the_funnel_begins_with_who_was_invited(program, mentorship):
    there = mentorship.members.first().participant.user
    for email in (there.email.lower(), "silent@example.org"):
        program.invites.create(
            email=email,
            role=Role.MENTEE,
            token_hash=email,
            expires_at=timezone.now() + timedelta(days=30),
        )

    bars = figures.funnel(program).rows

    assert [(bar.label, bar.count) for bar in bars][:2] == [
        ("invited", 3),
        ("joined", 2),
    ]


def test_weeks_count_sessions_held(program, mentorship):
    today = timezone.localdate()
    for days in (0, 1, 7 * 5, 7 * 30):
        factories.MentoringSessionFactory(
            mentorship=mentorship,
            held=True,
            starts_at=timezone.now() - timedelta(days=days),
        )

    chart = figures.weeks(program, today)

    assert len(chart.rows) == 12
    assert sum(bar.count for bar in chart.rows) == 3


def test_topics_wanted_stand_beside_those_offered(program, mentor, mentee):
    topic = factories.TopicFactory(name_nl="Onderhandelen", name_en="Negotiating")
    mentee.profile.wish_set.create(topic=topic)

    [row] = figures.topics(program)
    assert (row.wanted, row.offered, row.is_short) == (1, 0, True)

    mentor.profile.offer_set.create(topic=topic)
    [row] = figures.topics(program)
    assert (row.offered, row.is_short) == (1, False)


def test_waiting_says_how_long(program, mentee):
    program.participants.filter(user=mentee).update(
        ready_at=timezone.now() - timedelta(days=9)
    )

    found = figures.waiting(program, timezone.localdate())

    assert (found.number, found.longest, found.middle) == (1, 9, 9)


def test_once_a_programme_is_closing_nobody_waits(program, mentee):
    Program.objects.filter(pk=program.pk).update(state="closing")
    program.refresh_from_db()

    assert figures.waiting(program, timezone.localdate()).number == 0
    [row] = figures.rows(Program.objects.filter(pk=program.pk))
    assert row.matched_share is None


def test_retention_holds_participants_against_similar_colleagues(program):
    start = program.starts_on
    in_pairs(program, 15)
    for _number in range(30):
        factories.EmploymentFactory(user=factories.UserFactory())
    Employment.objects.update(started_on=start - timedelta(days=800))
    for employment in Employment.objects.order_by("-pk")[:15]:
        User.objects.filter(pk=employment.user_id).update(left_on=start)
        employment.user.refresh_from_db()
    leavers = Employment.objects.order_by("-pk").values("user")[:15]
    User.objects.filter(pk__in=[each["user"] for each in leavers]).update(
        left_on=start + timedelta(days=10)
    )

    found = effects.retention(program)

    assert (found.participants, found.colleagues) == (30, 30)
    assert found.stayed == 100
    assert found.stayed_colleagues == 50
    assert found.is_clear


# --- pages


def test_program_dashboard_shows_the_figures(as_coordinator, program, mentorship):
    in_pairs(program, 5)
    ask(program, 4)
    review_mentorships()

    body = text(as_coordinator.get(at("program_dashboard", "leaders")))

    for words in (
        "How far people got",
        "Sessions held, by week",
        "What people want to learn",
        "What it brings",
        "Who comes how far",
        "Pairs that ask for care",
    ):
        assert words in body


def test_program_dashboard_does_not_grow_in_queries(as_coordinator, program):
    def visit():
        with CaptureQueriesContext(connection) as queries:
            as_coordinator.get(at("program_dashboard", "leaders"))
        return len(queries)

    in_pairs(program, 3)
    visit()
    few = visit()
    in_pairs(program, 9)

    assert visit() == few


def test_overview_does_not_grow_in_queries(as_user, hr_admin, program):
    client = as_user(hr_admin)

    def visit():
        with CaptureQueriesContext(connection) as queries:
            client.get(at("overview"))
        return len(queries)

    in_pairs(program, 3)
    visit()
    few = visit()
    for _number in range(4):
        other = factories.ProgramFactory(running=True)
        in_pairs(other, 3)

    assert visit() == few


def test_overview_puts_programmes_side_by_side(as_user, hr_admin, program):
    in_pairs(program, 3)
    ask(program, 4)

    body = text(as_user(hr_admin).get(at("overview")))

    assert "Leaders" in body
    assert "100%" in body
    assert "4.0" in body


# --- a sponsor


@pytest.mark.parametrize(
    ("role", "path"), [("hr_admin", "/overview/"), ("sponsor", "/")]
)
def test_outcomes_and_access_are_one_click_away(as_user, request, program, role, path):
    body = text(as_user(request.getfixturevalue(role)).get(path))

    assert at("outcomes", program.slug) in body
    assert at("access", program.slug) in body


@pytest.fixture
def as_sponsor(as_user, sponsor):
    return as_user(sponsor)


def test_a_sponsor_sees_no_person(as_sponsor, program):
    in_pairs(program, 6, department="Sales")
    ask(program, 4)

    home = text(as_sponsor.get("/"))
    body = text(as_sponsor.get(at("sponsor_program", "leaders")))

    assert "Leaders" in home
    assert "Sales" in body
    for user in User.objects.filter(participations__program=program):
        assert user.name not in body


def test_a_sponsor_sees_nothing_of_fewer_than_five(as_sponsor, program, mentorship):
    body = text(as_sponsor.get(at("sponsor_program", "leaders")))

    assert "Too few to show" in body
    assert "<table" not in body


def test_a_small_department_is_not_shown_to_a_sponsor(as_sponsor, program):
    in_pairs(program, 6, department="Sales")
    in_pairs(program, 1, department="Board")

    body = text(as_sponsor.get(at("sponsor_program", "leaders")))

    assert "Board" not in body


def test_one_pair_more_is_not_seen_by_a_sponsor(as_sponsor, program):
    in_pairs(program, 10, department="Sales")
    before = text(as_sponsor.get(at("sponsor_program", "leaders")))
    in_pairs(program, 1, department="Sales")

    after = text(as_sponsor.get(at("sponsor_program", "leaders")))

    assert "in steps of 5, rounded down" in after
    assert ">20<" in "".join(after.split())
    assert main(after) == main(before)


@pytest.mark.parametrize(("number", "is_said"), [(19, False), (20, True)])
def test_the_rhythm_of_so_few_that_a_pair_moves_it_more_than_a_step_is_not_said(
    as_sponsor, program, number, is_said
):
    in_pairs(program, number)
    Mentorship.objects.update(started_at=timezone.now() - timedelta(days=40))
    goal = factories.ProgramGoalFactory(program=program, measure="on_rhythm", target=60)
    goal.readings.create(on=timezone.localdate(), value="73")

    page = "".join(main(text(as_sponsor.get(at("sponsor_program", "leaders")))).split())
    home = as_sponsor.get(reverse("dashboards:home"))

    assert ("<dt>Pairsonrhythm</dt><dd>100%</dd>" in page) == is_said
    assert (">70<" in page) == is_said
    assert ("100%" in main(text(home))) == is_said


def test_a_goal_that_one_person_moves_goes_in_steps_for_a_sponsor(as_sponsor, program):
    in_pairs(program, 20)
    goal = factories.ProgramGoalFactory(program=program, measure="on_rhythm", target=60)
    for days, value in ((1, "18.2"), (0, "22.2")):
        goal.readings.create(
            on=timezone.localdate() - timedelta(days=days), value=value
        )

    body = text(as_sponsor.get(at("sponsor_program", "leaders")))

    assert re.search("From 15 on .* to 20 on .*, in 2 figures", body)
    assert "22.2" not in body


def test_the_line_of_a_recommendation_has_no_decimals(as_coordinator, program):
    CareSettings.objects.create(program=program, rest_days=0)
    in_pairs(program, 5)
    ask(program, 5)
    ask(program, 5, occasion="day-90")

    body = text(as_coordinator.get(at("program_dashboard", "leaders")))

    assert ">-100</text>" in body
    assert "-100.0" not in body


def test_weeks_without_a_session_are_one_sentence(as_coordinator, program):
    body = text(as_coordinator.get(at("program_dashboard", "leaders")))

    assert "In the last 12 weeks no session was held." in body


def test_a_draft_is_not_there_for_a_sponsor(as_sponsor, program):
    type(program).objects.update(state="draft")

    assert as_sponsor.get(at("sponsor_program", "leaders")).status_code == 404


@pytest.mark.parametrize("role", ["sponsor", "hr_admin"])
def test_no_page_of_figures_takes_more_than_fifteen_queries(
    program, mentorship, as_user, request, role
):
    in_pairs(program, 5)
    ask(program, 5)
    client = as_user(request.getfixturevalue(role))
    paths = ["/", at("outcomes", "leaders"), at("access", "leaders")]
    paths.append(at("sponsor_program", "leaders"))
    if role == "hr_admin":
        paths += [at("overview"), at("program_dashboard", "leaders")]

    client.get("/")  # the first visit of an hour says that somebody is there
    numbers = {}
    for path in paths:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        numbers[path] = len(queries)

    assert {path: n for path, n in numbers.items() if n > 15} == {}
