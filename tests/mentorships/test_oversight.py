from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from mentorships import actions
from mentorships.models import Agreement, MentoringSession
from tests import factories
from tests.mentorships.pages import at, text


def test_a_coordinator_sees_that_they_met_and_never_what_was_said(
    as_user, coordinator, program, mentorship, mentee, mentor
):
    session = factories.MentoringSessionFactory(
        mentorship=mentorship, subject="Secret subject", place="Secret room"
    )
    actions.log_session(
        session,
        by=mentee,
        came=[],
        minutes=60,
        shared="Secret words",
        base="",
        private="Secret thoughts",
        next_actions=[(mentorship.members.first(), "Secret action", None)],
    )
    factories.GoalFactory(
        mentorship=mentorship, owner=mentorship.members.first(), specific="Secret goal"
    )

    page = text(as_user(coordinator).get(at("program_mentorships", program.slug)))

    assert "Mentee Mia" in page
    assert "on rhythm" in page
    assert "Secret" not in page


@pytest.mark.parametrize(
    ("show", "names"),
    [
        ("", {"quiet", "met", "ended"}),
        ("quiet", {"quiet"}),
        ("active", {"quiet", "met"}),
        ("ended", {"ended"}),
        ("nonsense", {"quiet", "met", "ended"}),
    ],
)
def test_the_overview_can_show_a_part(as_user, coordinator, program, show, names):
    for name in ("quiet", "met", "ended"):
        mentorship = factories.MentorshipFactory(
            program=program, ended_at=timezone.now() if name == "ended" else None
        )
        factories.MemberFactory(mentorship=mentorship, participant__user__name=name)
        if name == "met":
            factories.MentoringSessionFactory(mentorship=mentorship, held=True)

    response = as_user(coordinator).get(
        at("program_mentorships", program.slug), {"show": show}
    )

    assert {str(each) for each in response.context["page"]} == names


@pytest.mark.parametrize("which", ["theirs", "elsewhere", "nonsense"])
def test_the_overview_can_show_one_of_its_own(as_user, coordinator, program, which):
    theirs, _other = (factories.MentorshipFactory(program=program) for _ in range(2))
    elsewhere = factories.MentorshipFactory()
    one = {"theirs": theirs.pk, "elsewhere": elsewhere.pk}.get(which, which)

    response = as_user(coordinator).get(
        at("program_mentorships", program.slug), {"of": one}
    )

    assert list(response.context["page"]) == ([theirs] if which == "theirs" else [])
    assert "Show all" in text(response)


def test_the_overview_is_for_those_who_run_it(
    as_user, program, mentor, outsider, it_admin, hr_admin
):
    url = at("program_mentorships", program.slug)

    statuses = [
        as_user(user).get(url).status_code
        for user in (hr_admin, mentor, outsider, it_admin)
    ]

    assert statuses == [200, 404, 404, 404]


def test_an_empty_overview_says_what_to_do_next(as_user, coordinator, program):
    page = text(as_user(coordinator).get(at("program_mentorships", program.slug)))

    assert "They appear when you publish a matching round." in page


# --- that they met


def vouch(client, program, mentorship, days=1):
    day = timezone.localdate() - timedelta(days=days)
    return client.post(
        at("session_vouch", program.slug, mentorship.pk),
        {"on": f"{day}", "minutes": 45},
    )


def test_a_coordinator_writes_down_that_they_met(
    as_user, coordinator, program, mentorship, mentee
):
    assert vouch(as_user(coordinator), program, mentorship).status_code == 302

    session = MentoringSession.objects.get()
    assert (session.state, session.minutes) == ("held", 45)
    assert session.logged_by == coordinator
    assert session.attendances.count() == 2
    assert coordinator.name in text(as_user(mentee).get(session.get_absolute_url()))


def test_a_coordinator_is_offered_the_length_of_last_time(
    as_user, coordinator, program, mentorship
):
    factories.MentoringSessionFactory(mentorship=mentorship, minutes=50)

    page = text(
        as_user(coordinator).get(at("session_vouch", program.slug, mentorship.pk))
    )

    assert 'value="50" selected' in page


def test_what_they_agreed_on_is_not_told_to_a_coordinator(
    as_user, coordinator, program, mentorship
):
    Agreement.objects.create(mentorship=mentorship, minutes=95)

    response = as_user(coordinator).get(
        at("session_vouch", program.slug, mentorship.pk)
    )

    assert response.context["form"]["minutes"].value() == 60
    assert "95 minutes" not in text(response)


def test_twice_is_one_session(as_user, coordinator, program, mentorship):
    vouch(as_user(coordinator), program, mentorship)
    again = vouch(as_user(coordinator), program, mentorship)

    assert again.status_code == 422
    assert MentoringSession.objects.count() == 1


def test_the_session_that_was_planned_for_that_day_is_the_one(
    as_user, coordinator, program, mentorship
):
    planned = factories.MentoringSessionFactory(
        mentorship=mentorship, starts_at=timezone.now() - timedelta(days=1)
    )

    vouch(as_user(coordinator), program, mentorship)

    assert MentoringSession.objects.get() == planned
    assert MentoringSession.objects.get().is_held


def test_what_one_of_them_wrote_down_meanwhile_stays(
    mentorship, coordinator, mentee, past
):
    as_read = MentoringSession.objects.get()
    me = mentorship.members.get(participant__user=mentee)
    actions.tap_session(past, member=me, met=True, minutes=45, rating=4)

    as_read.minutes = 60
    with pytest.raises(ValidationError, match="no longer planned"):
        actions.vouch_for_session(as_read, by=coordinator)

    past.refresh_from_db()
    assert (past.minutes, past.logged_by) == (45, mentee)
    assert past.attendances.get(member=me).rating == 4


def test_nobody_vouches_for_what_is_to_come(as_user, coordinator, program, mentorship):
    response = vouch(as_user(coordinator), program, mentorship, days=-2)

    assert response.status_code == 422
