from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.utils import timezone

from mentorships.models import Action, Goal
from outbox.actions import plan
from outbox.tasks import send_due
from tests import factories


@pytest.fixture
def digest():
    """The weekly overview of somebody, as it is sent now."""

    def send(user):
        mail.outbox.clear()
        plan("digest", user, occasion="2027-W02")
        send_due()
        return mail.outbox[0] if mail.outbox else None

    return send


def test_the_digest_has_what_is_next_actions_and_goals(mentorship, mentee, digest):
    owner = mentorship.members.get(participant__user=mentee)
    Action.objects.create(mentorship=mentorship, owner=owner, text="Ask for feedback")
    Goal.objects.create(
        mentorship=mentorship,
        owner=owner,
        specific="Chair the stand-up",
        measure="times",
        by_on=timezone.localdate() + timedelta(days=30),
    )

    found = digest(mentee)

    html = str(found.alternatives[0][0])
    for text in ("first session with Mentor Mo", "Ask for feedback", "Chair the"):
        assert text in found.body
        assert text in html


@pytest.mark.parametrize("days", [3, 12])
def test_the_digest_names_the_next_session_with_its_time_and_place(
    mentorship, mentee, digest, days
):
    mentee.time_zone = "America/New_York"
    mentee.save()
    first = datetime.combine(
        timezone.localdate() + timedelta(days=days), time(15), tzinfo=UTC
    )
    for later in (0, 14):
        factories.MentoringSessionFactory(
            mentorship=mentorship,
            starts_at=first + timedelta(days=later),
            mode="office",
            place="Room 4.12",
        )

    found = digest(mentee)

    there = first.astimezone(ZoneInfo("America/New_York"))
    for text in (found.body, str(found.alternatives[0][0])):
        assert text.count("Room 4.12") == 1
        assert text.count(f"{there:%H:%M}") == 1


def test_the_digest_is_of_ones_own_things_alone(mentorship, mentor, mentee, digest):
    owner = mentorship.members.get(participant__user=mentee)
    Action.objects.create(mentorship=mentorship, owner=owner, text="Ask for feedback")

    assert "Ask for feedback" not in digest(mentor).body


def test_the_digest_is_in_the_language_of_the_reader(mentorship, mentee, digest):
    mentee.language = "nl"
    mentee.save()

    assert 'lang="nl"' in str(digest(mentee).alternatives[0][0])


@pytest.mark.parametrize(("language", "name"), [("nl", "Leiders"), ("en", "Leaders")])
def test_what_the_digest_looks_up_is_in_that_language_too(
    mentorship, coordinator, digest, language, name
):
    coordinator.language = language
    coordinator.save()

    assert name in digest(coordinator).body


def test_the_digest_of_a_coordinator_says_what_asks_for_a_person(
    mentorship, coordinator, digest
):
    found = digest(coordinator)

    assert "1 pair is quiet for too long" in found.body


def test_the_digest_can_be_switched_off_with_one_click(mentorship, mentee, digest):
    assert "List-Unsubscribe" in digest(mentee).extra_headers


def test_who_has_nothing_to_hear_hears_nothing(outsider, digest):
    assert digest(outsider) is None


def test_what_ended_is_not_in_the_digest(mentorship, mentee, digest):
    owner = mentorship.members.get(participant__user=mentee)
    factories.GoalFactory(mentorship=mentorship, owner=owner)
    mentorship.end()

    assert digest(mentee) is None
