"""Buttons and links, pressed many times at once."""

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from feedback.actions import answer, save_draft
from feedback.models import Draft, FreshSheet, Invitation, Question
from history.models import Event
from mentorships.models import (
    Action,
    Agreement,
    Concern,
    FitCheck,
    Goal,
    GoalComment,
    MentoringSession,
    Mentorship,
    OfferedTime,
    PeerFeedback,
    Preparation,
    Reflection,
    SessionOffer,
    SharedNote,
    ThankYou,
)
from outbox.models import Message
from people.models import Topic
from programs.models import Invite, Role
from tests.cast import OURS, World
from tests.races.at_once import at_once, in_browser
from tests.test_access import arguments_for

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]
ROUNDS = 20


def mentorship_of(world: World) -> Mentorship:
    return Mentorship.objects.get(pk=world.arguments["mentorship_id"])


def other(world: World) -> int:
    """The mentor of the pair, as a member."""
    return mentorship_of(world).members.get(role=Role.MENTOR).pk


def offer_of(world: World) -> int:
    return int(world.arguments["offer_id"])


# What one person presses twenty times, and of what there is one afterwards.
PRESSED = {
    "mentorships:session_plan": (
        "mentee",
        {"minutes": 60, "mode": "video", "at": "10:00"},
        lambda: MentoringSession.objects.filter(subject="once").count(),
    ),
    "mentorships:goal_add": (
        "mentee",
        {"specific": "once", "measure": "talks", "start": 0, "target": 3},
        lambda: Goal.objects.filter(specific="once").count(),
    ),
    "mentorships:milestone_add": (
        "mentee",
        {"text": "once"},
        lambda: Goal.objects.filter(milestones__text="once").count(),
    ),
    "mentorships:session_offer": (
        "mentee",
        {"minutes": 60, "mode": "video", "at1": "10:00"},
        lambda: SessionOffer.objects.filter(subject="once").count(),
    ),
    "mentorships:session_log_new": (
        "mentee",
        {"on": timezone.localdate(), "minutes": 60, "came": other, "shared": "once"},
        lambda: SharedNote.objects.filter(body="once").count(),
    ),
    "mentorships:session_log": (
        "mentee",
        {
            "on": timezone.localdate(),
            "minutes": 60,
            "came": other,
            "action": "once",
            "owner": other,
        },
        lambda: Action.objects.filter(text="once").count(),
    ),
    "mentorships:session_tap": (
        None,
        {"outcome": "met"},
        lambda: Event.objects.filter(verb="logged").count(),
    ),
    "mentorships:offer_pick": (
        "mentee",
        {"time": lambda world: OfferedTime.objects.get(offer=offer_of(world)).pk},
        lambda: MentoringSession.objects.filter(subject=f"{OURS} moments").count(),
    ),
    "mentorships:action_add": (
        "mentee",
        {"text": "once", "owner": other},
        lambda: Action.objects.filter(text="once").count(),
    ),
    "mentorships:agreement": (
        "mentee",
        {"minutes": 60, "expectations": "once", "seen": 1},
        lambda: Agreement.objects.filter(expectations="once", version=2).count(),
    ),
    "mentorships:goal_comment": (
        "mentor",
        {"body": "once"},
        lambda: GoalComment.objects.filter(body="once").count(),
    ),
    "mentorships:feedback_give": (
        "mentee",
        {"to": other, "situation": "once", "behavior": "b", "impact": "i"},
        lambda: PeerFeedback.objects.filter(situation="once").count(),
    ),
    "mentorships:thank_you": (
        "mentee",
        {"to": other, "body": "once"},
        lambda: ThankYou.objects.filter(body="once").count(),
    ),
    "mentorships:journal": (
        "mentee",
        {"text": "once"},
        lambda: Reflection.objects.filter(author__name=f"Mia {OURS}").count(),
    ),
    "mentorships:something_off": (
        "mentee",
        {"matter": "time", "ask": "on"},
        lambda: Concern.objects.filter(author__name=f"Mia {OURS}").count(),
    ),
    "mentorships:fit_check": (
        "mentee",
        {"answer": "yes"},
        lambda: FitCheck.objects.filter(author__name=f"Mia {OURS}").count(),
    ),
    "mentorships:session_prepare": (
        "mentee",
        {"body": "once"},
        lambda: Preparation.objects.filter(body="once").count(),
    ),
    "people:topic_create": (
        "hr_admin",
        {
            "name_nl": "once",
            "name_en": "once",
            "family": lambda world: world.arguments["family_id"],
        },
        lambda: Topic.objects.filter(name_en="once").count(),
    ),
    "programs:invite_create": (
        "coordinator",
        {"role": "mentee", "emails": "once@example.org"},
        lambda: Invite.objects.filter(email="once@example.org").count(),
    ),
    "feedback:survey_send": (
        "coordinator",
        {},
        lambda: (
            Message.objects.filter(kind="pulse").values("to").distinct().count() and 1
        ),
    ),
}


@pytest.mark.parametrize("name", PRESSED)
def test_a_button_pressed_twenty_times_does_it_once(name: str, world: World):
    role, data, count = PRESSED[name]
    if name in {"mentorships:session_log", "mentorships:session_tap"}:
        MentoringSession.objects.filter(pk=world.arguments["session_id"]).update(
            starts_at=timezone.now() - timedelta(hours=3)
        )
    day = timezone.localdate() + timedelta(days=20)
    day += timedelta(days=(7 - day.weekday()) % 7)
    kwargs = arguments_for(name, world.arguments)
    path = reverse(name, kwargs=kwargs)
    sent = {
        "on": day,
        "on1": day,
        "by_on": day,
        "subject": "once",
        "steps": "",
        "once": str(uuid4()),
        **{key: each(world) if callable(each) else each for key, each in data.items()},
    }
    who = world.people[role] if role else None

    codes = at_once(*(in_browser(who, path, sent) for _each in range(20)))

    assert set(codes) <= {302, 409, 422}, codes
    assert count() == 1


def test_a_token_of_an_invitation_lets_one_in(world: World):
    path = reverse("programs:invite_accept", args=[world.arguments["invite_token"]])

    browsers = [Client() for _each in range(8)]

    codes = at_once(*(partial(one.post, path) for one in browsers))

    assert {each.status_code for each in codes} <= {302, 410}
    assert sum(SESSION_KEY in one.session for one in browsers) == 1


def test_a_survey_is_answered_once(world: World):
    path = reverse("feedback:survey_answer", args=[world.arguments["survey_token"]])
    data = {
        f"q{each.pk}": "1"
        for each in Question.objects.filter(survey__waves__isnull=False)
    }
    before = FreshSheet.objects.count()

    codes = at_once(*(in_browser(None, path, data) for _each in range(8)))

    assert set(codes) <= {200, 302, 409, 422}, codes
    assert FreshSheet.objects.count() == before + 1


def test_no_draft_is_left_beside_what_was_sent(world: World):
    def fetched() -> Invitation:
        found = Invitation.from_token(world.arguments["survey_token"])
        assert found
        return found

    for number in range(ROUNDS):
        Invitation.objects.filter(pk=fetched().pk).update(answered=False)
        keep = partial(save_draft, fetched(), {1: "4"})

        found = at_once(keep, partial(answer, fetched(), {1: "4"}), keep)

        assert found == [None] * 3
        assert FreshSheet.objects.count() == number + 1
        assert not Draft.objects.exists()
