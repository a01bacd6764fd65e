"""Saving what may be there only once, and who is in a mentorship."""

from django.db import IntegrityError, transaction
from django.db.models import Model

from mentorships.models import Mentorship
from people.models import User


def save_once(thing: Model) -> None:
    """Save a row that may be there only once.

    Whoever does the same at the same moment and comes second gets the sentence of the
    rule, as somebody who comes a minute later does.
    """
    thing.full_clean()
    try:
        with transaction.atomic():
            thing.save()
    except IntegrityError:
        thing.full_clean()
        raise


def people_of(mentorship: Mentorship) -> list[User]:
    """Everybody in it."""
    return [
        member.participant.user
        for member in mentorship.members.select_related("participant__user")
    ]
