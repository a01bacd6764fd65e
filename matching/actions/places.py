"""Asking a mentor for one more place, and the answer."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from history.models import record
from matching.actions.rounds import still_matches
from matching.models import PlaceRequest
from outbox.actions import plan
from people.models import User
from programs.models import Participant, Role


def may_give_a_place(mentor: Participant) -> bool:
    """Whether they take part where people are matched now, and the programme allows
    them one place more.
    """
    return (
        mentor.role == Role.MENTOR
        and mentor.left_at is None
        and mentor.user.is_active
        and mentor.capacity < mentor.program.capacity_max
        and mentor.program.takes_joiners
    )


@transaction.atomic
def ask_for_place(mentor: Participant, *, by: User) -> PlaceRequest:
    """Ask a mentor for one more place. Who has not answered, or said no, is not asked
    again.
    """
    still_matches(mentor.program)
    if not may_give_a_place(mentor):
        raise ValidationError(
            _("%(name)s has as many places as this programme allows.")
            % {"name": mentor.user.name}
        )
    try:
        with transaction.atomic():
            found = PlaceRequest.objects.create(mentor=mentor, by=by)
    except IntegrityError as error:
        raise ValidationError(
            _("%(name)s was asked already.") % {"name": mentor.user.name}
        ) from error
    plan("place_request", mentor.user, about=found, program_id=mentor.program_id)
    record(mentor, "asked for a place", by=by)
    return found


@transaction.atomic
def answer_place(found: PlaceRequest, *, yes: bool) -> None:
    """Yes: there is one place more, within what the programme allows. Or no, kindly."""
    mentor = found.mentor
    still_matches(mentor.program)
    state = PlaceRequest.State.ACCEPTED if yes else PlaceRequest.State.DECLINED
    if not found.answer(state):
        raise ValidationError(_("You have answered this already."))
    if yes and not Participant.objects.active().filter(
        pk=mentor.pk, capacity__lt=mentor.program.capacity_max
    ).update(capacity=F("capacity") + 1):
        raise ValidationError(
            _("This is no longer possible: you have as many places as there can be.")
        )
    record(mentor, "gave a place" if yes else "gave no place", by=mentor.user)
