"""The weekly and the monthly overview."""

from django.utils.translation import gettext as _

from dashboards.examples.worlds import Example
from dashboards.invented import World
from feedback.models import CareItem
from mentorships.models import Action
from outbox.models import Message


def _monthly(world: World) -> Message:
    """Figures; for a sponsor none that is small."""
    world.mentorship(met=True)
    return world.message("monthly", None)


def _digest(world: World) -> Message:
    mentorship = world.session(days=3).mentorship
    mine = mentorship.members.filter(participant__user=world.reader).first()
    if mine:
        Action.objects.create(
            mentorship=mentorship,
            owner=mine,
            text=_("Ask three colleagues for feedback"),
        )
        world.goal(mentorship)
    else:
        CareItem.objects.create(
            mentorship=mentorship,
            score=30,
            reason_key="never-met",
            facts=[{"part": "contact", "days": 16, "never": True}],
        )
    return world.message("digest", None)


EXAMPLES: dict[str, Example] = {
    "digest": _digest,
    "monthly": _monthly,
}
