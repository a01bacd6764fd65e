"""Looking along as a participant, in the open."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from history.models import Event, record
from people.models import User
from programs.models import Participant

LOOKED = "looked along"


@transaction.atomic
def look_along(participant: Participant, *, by: User) -> None:
    """Write down that somebody looks along; the participant can read it."""
    if not Participant.objects.may_be_viewed_by(by).filter(pk=participant.pk).exists():
        raise ValidationError(_("You cannot view the programme as this person."))
    record(participant, LOOKED, by=by)


def lookers(participant: Participant) -> list[Event]:
    """Who viewed the programme as the participant, the last first."""
    return list(
        Event.objects.filter(
            verb=LOOKED,
            about_type=Participant._meta.label_lower,
            about_id=participant.pk,
        )
        .select_related("by")
        .order_by("-at", "-pk")[:20]
    )
