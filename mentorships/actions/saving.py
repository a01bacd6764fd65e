"""Saving what may be there only once, and who is in a mentorship."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

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


def changed_meanwhile() -> ValidationError:
    """What somebody reads whose page was out of date when they sent it."""
    return ValidationError(
        _("Somebody changed this in the meantime. Look at it once more.")
    )


def people_of(mentorship: Mentorship) -> list[User]:
    """Everybody in it."""
    return [
        member.participant.user
        for member in mentorship.members.select_related("participant__user")
    ]
