"""What overviews say to whoever runs programmes, to HR and to sponsors."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboards.figures import rhythm_in_steps, rows, total
from feedback.models import CareItem
from mentorships.models import MentoringSession, Mentorship
from people.models import User
from programs.models import Participant, Program, Role

WEEK = timedelta(days=7)
MOST_PAIRS = 5
# Which fact a reason rests on; of the others it is the last contact.
PART_OF = {"asked": "asked", "no-goals": "goals", "off-rhythm": "rhythm"}


@dataclass(frozen=True)
class Attention:
    """A pair that asks for a person, the fact that weighs most, and where to begin."""

    names: str
    program: str
    fact: str
    path: str


def need_a_person(user: User) -> list[Attention]:
    """The first of the care queue, in its order; those that a colleague looks after,
    and those that somebody put off, are not in it.
    """
    items = (
        CareItem.objects.visible_to(user)
        .due_for(user)
        .in_order()
        .filter(
            mentorship__program__state__in=[
                Program.State.RUNNING,
                Program.State.CLOSING,
            ]
        )
        .select_related("mentorship__program")
        .prefetch_related("mentorship__members__participant__user")
    )
    return [
        Attention(
            str(item.mentorship),
            item.mentorship.program.name,
            _fact(item),
            item.get_absolute_url(),
        )
        for item in items[:MOST_PAIRS]
    ]


def _fact(item: CareItem) -> str:
    """The fact behind the reason of an item, in the words of the care queue."""
    part = PART_OF.get(item.reason_key, "contact")
    fact = next((each for each in item.facts if each["part"] == part), None)
    if fact is None:
        return ""
    return str(_say(part, fact) % fact)


def _say(part: str, fact: dict[str, Any]) -> str:
    """A fact as a sentence, its figures still to be filled in."""
    if part == "asked":
        return _("One of them asked to be called.")
    if part == "goals":
        if fact["goals"]:
            return _("No goal moved in %(days)s days.")
        return _("No goal has been set.")
    if part == "rhythm":
        return _(
            "Sessions in %(days)s days: %(held)s; their rhythm asks for %(expected)s."
        )
    if fact["never"]:
        return ngettext(
            "Matched %(days)s day ago and no session yet.",
            "Matched %(days)s days ago and no session yet.",
            fact["days"],
        )
    return ngettext(
        "The last session was %(days)s day ago.",
        "The last session was %(days)s days ago.",
        fact["days"],
    )


def changes(user: User, now: datetime) -> list[dict[str, Any]]:
    """What happened in the last week in the programmes that one runs, if anything."""
    since = now - WEEK
    managed = Program.objects.managed_by(user).live()

    def count(model: Any, path: str, **wanted: Any) -> dict[int, int]:
        rows = (
            model.objects.filter(**{f"{path}__in": managed}, **wanted)
            .order_by()
            .values_list(path)
            .annotate(number=Count("pk"))
        )
        return dict(rows)

    joined = count(
        Participant,
        "program",
        joined_at__gt=since,
        left_at=None,
        role__in=[Role.MENTOR, Role.MENTEE, Role.PEER],
    )
    started = count(Mentorship, "program", started_at__gt=since)
    ended = count(Mentorship, "program", ended_at__gt=since)
    held = count(
        MentoringSession,
        "mentorship__program",
        state=MentoringSession.State.HELD,
        starts_at__gt=since,
        starts_at__lte=now,
    )
    found = []
    for program in managed:
        texts = [
            say(number) % {"number": number}
            for say, numbers in (
                (_joined, joined),
                (_started, started),
                (_held, held),
                (_ended, ended),
            )
            if (number := numbers.get(program.pk, 0))
        ]
        if texts:
            found.append({"program": program, "text": ", ".join(texts)})
    return found


def _joined(number: int) -> str:
    return ngettext("%(number)s joined", "%(number)s joined", number)


def _started(number: int) -> str:
    return ngettext(
        "%(number)s mentorship started", "%(number)s mentorships started", number
    )


def _held(number: int) -> str:
    return ngettext("%(number)s session held", "%(number)s sessions held", number)


def _ended(number: int) -> str:
    return ngettext(
        "%(number)s mentorship ended", "%(number)s mentorships ended", number
    )


def month_before(now: datetime) -> tuple[datetime, datetime]:
    """The first moment of last month and of this one, on the clock in use."""
    first = timezone.localtime(now).replace(
        day=1, hour=0, minute=0, second=0, microsecond=0
    )
    return (first - timedelta(days=1)).replace(day=1), first


def figures(
    user: User, now: datetime, program_id: int | None = None
) -> list[dict[str, Any]]:
    """Programmes in figures, each with when it is of: now, or the last month; or one of
    them. To a sponsor in whole steps.
    """
    begin, end = month_before(now)
    floor = settings.ANONYMITY_FLOOR if user.is_sponsor else 0
    programs = Program.objects.exclude(
        state__in=[Program.State.DRAFT, Program.State.ARCHIVED]
    )
    if program_id is not None:
        programs = programs.filter(pk=program_id)
    held = dict(
        MentoringSession.objects.held()
        .filter(
            mentorship__program__in=programs, starts_at__gte=begin, starts_at__lt=end
        )
        .order_by()
        .values_list("mentorship__program")
        .annotate(number=Count("pk"))
    )
    found = []
    for row in rows(programs):
        lines = [
            (_("Participants now"), total(row.people, floor)),
            (_("Mentorships so far"), total(row.pairs, floor)),
            (_("Sessions last month"), total(held.get(row.program.pk, 0), floor)),
        ]
        rhythm = rhythm_in_steps(row, floor)
        if rhythm is not None:
            lines.append((_("On rhythm now"), f"{rhythm}%"))
        found.append({"program": row.program, "lines": lines})
    return found
