"""All examples, who gets them, and how they read."""

from django.core.mail import EmailMultiAlternatives
from django.db import transaction

from dashboards.examples import (
    asking,
    choosing,
    joining,
    meeting,
    overviews,
    telling,
)
from dashboards.examples.worlds import Example
from dashboards.invented import people_of
from mentoring.mail import spoken_to
from outbox.delivery import letter
from outbox.kinds import KINDS, Kind
from programs.models import Program, Role

EXAMPLES: dict[str, Example] = {
    key: example
    for part in (joining, choosing, meeting, telling, asking, overviews)
    for key, example in part.EXAMPLES.items()
}
MENTEE, MENTOR, TEAM = {Role.MENTEE}, {Role.MENTOR}, {Role.COORDINATOR}
# Who gets it, where that is not everybody but who runs the programme.
READERS: dict[str, set[Role]] = {
    "digest": set(Role),
    "monthly": set(Role),
    "second_step_changed": set(Role),
    "second_step_reset": set(Role),
    "invitations_unanswered": TEAM,
    "proposals_waiting": TEAM,
    "silence_told": TEAM,
    "help_wanted": TEAM,
    "group_left": TEAM,
    "story_offered": TEAM,
    "report": TEAM,
    "confidant_left": TEAM,
    "application_waiting": TEAM,
    "request": MENTOR,
    "request_reminder": MENTOR,
    "request_unmet": MENTEE,
    "request_settled": MENTOR,
    "place_request": MENTOR,
    "not_asked": MENTEE,
}


def gets_it(kind: Kind, role: str) -> bool:
    """Whether somebody in this role gets this kind of message."""
    if kind.key not in READERS:
        return role != Role.COORDINATOR
    readers = READERS[kind.key]
    # Among peers nobody is mentor or mentee: each may ask, and be asked.
    return role in readers or (role == Role.PEER and not readers & TEAM)


def preview(
    program: Program, kind: Kind, *, role: str, language: str
) -> EmailMultiAlternatives | None:
    """The mail as an invented person in a role would read it; ``None`` when nobody in
    this role gets it. Changes no row.
    """
    example = EXAMPLES.get(kind.key)
    if example is None or not gets_it(kind, role):
        return None
    with transaction.atomic():
        world = people_of(program, role=role, language=language)
        with spoken_to(world.reader):
            message = example(world)
            content = KINDS[kind.key].content(message)
            mail = letter(message, kind, content) if content else None
        transaction.set_rollback(True)
    return mail
