"""What a test asks of a site that runs elsewhere: a line with the name of a function
and what it is given, for a line with what it gives.
"""

import json
import sys
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import (  # noqa: E402
    BACKEND_SESSION_KEY,
    HASH_SESSION_KEY,
    SESSION_KEY,
)
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import connections  # noqa: E402
from django.db.models import Count  # noqa: E402
from django.utils import timezone  # noqa: E402

from mentorships.models import Member, Mentorship  # noqa: E402
from outbox.actions import plan_all  # noqa: E402
from outbox.models import Bounce, Message, ReminderDay, new_message_id  # noqa: E402
from people.models import Profile, User  # noqa: E402
from programs.models import Guideline, Participant, Program, Role  # noqa: E402


def people(number: int) -> list[User]:
    start = User.objects.count()
    found = User.objects.bulk_create(
        User(
            email=f"p{start + n}@example.org", name=f"Person {start + n}", language="en"
        )
        for n in range(number)
    )
    Profile.objects.bulk_create(Profile(user=user) for user in found)
    return found


def program(state: str = "running") -> Program:
    today = timezone.localdate()
    found, made = Program.objects.get_or_create(
        slug=f"chaos-{state}",
        defaults={
            "name_en": f"Chaos, {state}",
            "purpose_en": "Hold out.",
            "state": state,
            "starts_on": today - timedelta(days=40),
            "ends_on": today + timedelta(days=140),
        },
    )
    if made:
        for role in (Role.MENTEE, Role.MENTOR):
            Guideline.objects.create(
                program=found, role=role, body_en="Keep your word."
            )
    return found


def pairs(number: int, days: int = 40) -> int:
    """Pairs that have something in their digest."""
    here = program()
    users = people(2 * number)
    joined = Participant.objects.bulk_create(
        Participant(
            program=here,
            user=user,
            role=Role.MENTOR if place % 2 else Role.MENTEE,
            state="ready",
            places_taken=1,
        )
        for place, user in enumerate(users)
    )
    made = Mentorship.objects.bulk_create(
        Mentorship(program=here, started_at=timezone.now() - timedelta(days=days))
        for _ in range(number)
    )
    Member.objects.bulk_create(
        Member(mentorship=made[place // 2], participant=each, role=each.role)
        for place, each in enumerate(joined)
    )
    return len(users)


def plan_introductions(number: int) -> list[str]:
    """News, which is no reminder, for so many people."""
    members = Member.objects.select_related("participant__user").order_by("pk")[:number]
    plan_all(
        Message(
            kind="introduction",
            to=each.participant.user,
            about_type="mentorships.mentorship",
            about_id=each.mentorship_id,
            occasion=f"{timezone.now():%H%M%S%f}",
            message_id=new_message_id(),
        )
        for each in members
    )
    return [each.participant.user.email for each in members]


def plan_digests(number: int) -> list[str]:
    """A weekly overview for so many people, who had no reminder today."""
    ReminderDay.objects.all().delete()
    members = Member.objects.select_related("participant__user").order_by("pk")[:number]
    plan_all(
        Message(
            kind="digest",
            to=each.participant.user,
            occasion=f"{timezone.now():%H%M%S%f}",
            message_id=new_message_id(),
        )
        for each in members
    )
    return [each.participant.user.email for each in members]


def states(kind: str) -> dict[str, int]:
    """How many messages of a kind are in each state."""
    rows = Message.objects.filter(kind=kind).order_by().values_list("state")
    return dict(rows.annotate(Count("pk")))


def waits(kind: str) -> int:
    """How many of a kind are still to be sent."""
    return Message.objects.filter(kind=kind, state="planned").count()


def row(email: str) -> dict[str, Any]:
    """The newest message to an address."""
    found = Message.objects.filter(to__email=email).order_by("-pk").first()
    assert found
    waits = (found.not_before - timezone.now()).total_seconds()
    return {
        "state": found.state,
        "attempts": found.attempts,
        "waits": waits,
        "message_id": found.message_id,
    }


def occasions(kinds: list[str]) -> dict[str, int]:
    """Rows, and different ones, of these kinds."""
    found = list(
        Message.objects.filter(kind__in=kinds).values_list(
            "kind", "to", "about_id", "occasion"
        )
    )
    return {"rows": len(found), "different": len(set(found))}


def joiners(number: int) -> list[str]:
    """People who have signed in and may join a programme; their session keys."""
    program("open")
    keys = []
    for user in people(number):
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        keys.append(str(session.session_key))
    return keys


def forget() -> int:
    """Nothing waits to be sent any more, and no address is refused."""
    Bounce.objects.all().delete()
    return Message.objects.filter(state="planned").update(state="dropped")


def joined() -> int:
    return Participant.objects.filter(program__slug="chaos-open").count()


if __name__ == "__main__":
    for line in sys.stdin:
        question, arguments = json.loads(line)
        sys.stdout.write(json.dumps(globals()[question](*arguments)) + "\n")
        sys.stdout.flush()
        # The database may be another one by the next question.
        connections.close_all()
