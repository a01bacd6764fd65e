"""Whoever was taken for a leaver by mistake, and is back within two weeks."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from history.models import Event, record
from people.models import User
from programs.models import Participant, Program, Role
from programs.ties import KNOWN

BACK_WITHIN = timedelta(days=14)


def taken_for_leavers() -> QuerySet[Participant]:
    """Those whom the clock let go as leavers, and who work here all the same."""
    let_go = Event.objects.filter(
        about_type=Participant._meta.label_lower,
        about_id=OuterRef("pk"),
        verb="left",
        by=None,
        at__gte=OuterRef("left_at"),
    )
    return (
        Participant.objects.filter(
            Exists(let_go),
            left_at__gte=timezone.now() - BACK_WITHIN,
            user__in=User.objects.working_here(),
            program__state__in=[Program.State.OPEN, Program.State.RUNNING],
        )
        .exclude(role=Role.COORDINATOR)
        .select_related("program", "user")
        .order_by("left_at", "pk")
    )


@transaction.atomic
def take_back(participant: Participant, *, by: User) -> list[str]:
    """Let somebody take part as if they had never left, with what ended for it; what
    cannot be taken up again, in words.
    """
    since = participant.left_at
    assert since is not None
    participant.program.claim_room()
    back = Participant.objects.filter(pk=participant.pk, left_at=since)
    if not back.update(left_at=None):
        raise ValidationError(_("Somebody else has just done this."))
    participant.left_at = None
    record(participant, "taken back", by=by)
    return [why for ties in KNOWN for why in ties.mend(participant, since, by)]
