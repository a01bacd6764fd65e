"""Pairs that ask for a person, and what the coordinator did for some of them."""

from datetime import timedelta

from django.utils import timezone

from dashboards.demo.company import Company
from feedback.actions import close_care, snooze_care, take_care
from feedback.models import CareItem
from mentorships.models import Concern
from programs.models import Program, Role

# Which of the pairs asks.
ASKS = 12


def ask_for_help(company: Company, program: Program) -> None:
    """A mentee asks to be called; what about is between them and whoever calls."""
    pairs = list(program.mentorships.order_by("pk"))
    pair = pairs[min(ASKS, len(pairs) - 1)]
    member = pair.members.select_related("participant__user").get(role=Role.MENTEE)
    worry = Concern(
        member=member,
        author=member.participant.user,
        at=company.ago(2),
        asked_at=company.ago(2),
    )
    worry.write("rhythm\nWe krijgen het niet gepland. Kun je meedenken?")
    worry.save()


def look_after(company: Company) -> None:
    """The queue has grown for some weeks; one pair is somebody's, one is put off, and
    one goes on after a talk.
    """
    items = list(CareItem.objects.open().in_order().filter(owner=None))
    for place, item in enumerate(items):
        item.since = company.ago(2 if item.reason_key == "asked" else 3 + 2 * place)
    CareItem.objects.bulk_update(items, ["since"])
    by = company.user["coordinator"]
    if met_never := [each for each in items if each.reason_key == "never-met"]:
        take_care(met_never[0], by=by)
    quiet = [each for each in items if each.reason_key == "quiet"]
    for place, item in enumerate(quiet[:2]):
        if place:
            close_care(item, CareItem.Outcome.HELPED, reason="", by=by)
        else:
            snooze_care(item, timezone.localdate() + timedelta(days=6), by=by)
