"""All examples, who gets them, and how they read."""

from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from dashboards.dry_run import roles_of
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
from feedback.notifications import CONFIDANT
from mentoring.mail import spoken_to
from outbox.delivery import letter
from outbox.kinds import KINDS, Kind
from people.models import User
from programs.models import Program, Role

EXAMPLES: dict[str, Example] = {
    key: example
    for part in (joining, choosing, meeting, telling, asking, overviews)
    for key, example in part.EXAMPLES.items()
}
# What goes to who runs the programme as well; else without ``only`` it is for those who
# take part.
TO_ALL = {"digest", "address_changed", "second_step_changed", "second_step_reset"}
# Who reads messages and has no role in a programme.
BESIDES: dict[str, Any] = {
    User.OrgRole.HR_ADMIN: User.OrgRole.HR_ADMIN.label,
    User.OrgRole.SPONSOR: User.OrgRole.SPONSOR.label,
    CONFIDANT: _("who reads serious reports"),
}


def gets_it(kind: Kind, role: str) -> bool:
    """Whether somebody in this role gets this kind of message."""
    if not kind.only:
        return role not in BESIDES and (role != Role.COORDINATOR or kind.key in TO_ALL)
    # Among peers nobody is mentor or mentee: each may ask, and be asked.
    one_of_two = bool({Role.MENTOR, Role.MENTEE} & {*kind.only})
    return role in kind.only or (role == Role.PEER and one_of_two)


def readers(program: Program, kind: Kind) -> dict[str, Any]:
    """Who gets this kind of message in a programme: roles, and what they are called."""
    roles = {str(role): role.label for role in roles_of(program)} | BESIDES
    return {role: label for role, label in roles.items() if gets_it(kind, role)}


def preview(
    program: Program,
    kind: Kind,
    *,
    role: str,
    language: str,
    own: tuple[str, str] | None = None,
) -> EmailMultiAlternatives | None:
    """The mail as an invented person in a role would read it; ``None`` when nobody in
    this role gets it. Changes no row. ``own``: the words of the programme, where they
    are at hand.
    """
    example = EXAMPLES.get(kind.key)
    if example is None or not gets_it(kind, role):
        return None
    with transaction.atomic():
        world = people_of(program, role=role, language=language)
        with spoken_to(world.reader):
            message = example(world)
            content = KINDS[kind.key].content(message)
            mail = letter(message, kind, content, own) if content else None
        transaction.set_rollback(True)
    return mail
