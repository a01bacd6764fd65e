"""What overviews say to whoever runs programmes, to HR and to sponsors."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentorships.models import MentoringSession, Mentorship
from mentorships.reminders import FLAGGED_AFTER
from people.models import User
from programs.measures import measure
from programs.models import Participant, Program, Role

WEEK = timedelta(days=7)
MOST_PAIRS = 5


@dataclass(frozen=True)
class Attention:
    """A pair that needs a person, and the facts that say so."""

    names: str
    program: str
    fact: str


def need_a_person(user: User, now: datetime) -> list[Attention]:
    """The pairs in the programmes that one runs that were quiet longest, against the
    rhythm of their own: twice it, or two weeks after the match without a first session.
    """
    planned = MentoringSession.objects.planned().filter(
        mentorship=OuterRef("pk"), starts_at__gt=now
    )
    quiet = (
        Mentorship.objects.active()
        .overseen_by(user)
        .filter(program__state=Program.State.RUNNING)
        .with_last_held()
        .filter(Q(quiet_from__lte=now - timedelta(days=FLAGGED_AFTER)))
        .exclude(Exists(planned))
        .select_related("program")
        .prefetch_related("members__participant__user")
    )
    found: list[tuple[float, Attention]] = []
    for each in quiet:
        days = (now - each.quiet_from) // timedelta(days=1)
        never = each.last_held_at is None
        if not never and days < 2 * each.rhythm_days:
            continue
        fact = (
            ngettext(
                "matched %(days)s day ago and has not met yet",
                "matched %(days)s days ago and have not met yet",
                days,
            )
            if never
            else ngettext(
                "no session for %(days)s day, with a rhythm of %(rhythm)s",
                "no session for %(days)s days, with a rhythm of %(rhythm)s",
                days,
            )
        ) % {"days": days, "rhythm": each.rhythm_days}
        weight = days / (FLAGGED_AFTER if never else each.rhythm_days)
        found.append((weight, Attention(str(each), each.program.name, fact)))
    found.sort(key=lambda pair: (-pair[0], pair[1].names))
    return [attention for _weight, attention in found[:MOST_PAIRS]]


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


def figures(user: User, now: datetime) -> list[dict[str, Any]]:
    """Programmes in figures, over the last month; to a sponsor nothing small."""
    begin, end = month_before(now)
    floor = settings.ANONYMITY_FLOOR if user.is_sponsor else 0
    programs = Program.objects.exclude(
        state__in=[Program.State.DRAFT, Program.State.ARCHIVED]
    ).annotate(
        people=Count(
            "participants",
            Q(participants__left_at=None) & ~Q(participants__role=Role.COORDINATOR),
            distinct=True,
        ),
        pairs=Count("mentorships", Q(mentorships__ended_at=None), distinct=True),
        held=Count(
            "mentorships__sessions",
            Q(
                mentorships__sessions__state=MentoringSession.State.HELD,
                mentorships__sessions__starts_at__gte=begin,
                mentorships__sessions__starts_at__lt=end,
            ),
            distinct=True,
        ),
    )
    found = []
    for program in programs:
        lines = [
            (_("Participants"), _shown(program.people, floor)),
            (_("Mentorships"), _shown(program.pairs, floor)),
            (_("Sessions last month"), _shown(program.held, floor)),
        ]
        rhythm = measure(program, "on_rhythm")
        if rhythm is not None and program.pairs >= floor:
            lines.append((_("On rhythm"), f"{rhythm:.0f}%"))
        found.append({"program": program, "lines": lines})
    return found


def _shown(number: int, floor: int) -> str:
    if number < floor:
        return _("fewer than %(floor)s") % {"floor": floor}
    return str(number)
