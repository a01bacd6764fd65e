"""What one invented person would get in a programme, day by day. Nothing is sent."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matching.models import Manner, mode_of
from outbox.kinds import KINDS, Kind, Walk
from outbox.models import SwitchedOff
from outbox.workhours import next_working_day
from programs.models import Program, Role

KEEPS_RHYTHM, GOES_QUIET = "rhythm", "quiet"
COURSES = {
    KEEPS_RHYTHM: _("keeps the rhythm"),
    GOES_QUIET: _("hesitates, and goes quiet after a while"),
}


@dataclass(frozen=True)
class Mail:
    """One mail of the dry run: a day, and what is in it."""

    on: date
    kinds: tuple[Kind, ...]

    @property
    def is_overview(self) -> bool:
        return all(kind.is_overview for kind in self.kinds)

    @property
    def is_reminder(self) -> bool:
        return self.kinds[0].is_reminder and not self.is_overview


def walk_of(program: Program, role: str, course: str) -> Walk:
    """An invented person's days, from the dates of the programme."""
    starts_on = program.starts_on or timezone.localdate() + timedelta(days=28)
    ends_on = program.ends_on or starts_on + timedelta(weeks=26)
    matched_on = program.matching_on or starts_on - timedelta(days=7)
    quiet = course == GOES_QUIET
    invited_on = matched_on - timedelta(days=49)
    joined_on = invited_on + timedelta(days=12 if quiet else 2)
    ready_on = joined_on + timedelta(days=11 if quiet else 1)
    matched_on = max(matched_on, ready_on)
    first = matched_on + timedelta(days=16 if quiet else 2)
    sessions: list[date] = []
    while first < ends_on and not (quiet and len(sessions) == 3):
        sessions.append(next_working_day(first, _zone()))
        first += timedelta(days=program.rhythm_days)
    return Walk(
        role=role,
        invited_on=invited_on,
        joined_on=joined_on,
        ready_on=ready_on,
        matched_on=matched_on,
        starts_on=starts_on,
        ends_on=ends_on,
        rhythm_days=program.rhythm_days,
        sessions=tuple(sessions),
        chooses=mode_of(program) == Manner.Mode.CHOOSE,
    )


def order(program: Program) -> dict[str, int]:
    """Where each kind stands on the line of time: by the first day on which anybody
    would get it, then what comes whenever something happens.
    """
    walks = [
        replace(walk, role=role)
        for walk in (walk_of(program, Role.COORDINATOR, course) for course in COURSES)
        for role in roles_of(program)
    ]
    days = {
        key: min((day for each in walks for day in kind.days(each)), default=date.max)
        if kind.days
        else date.max
        for key, kind in KINDS.items()
    }
    return {key: place for place, key in enumerate(sorted(days, key=days.__getitem__))}


def mails(program: Program, walk: Walk) -> list[Mail]:
    """In order; reminders on working days, and those of one day as one mail."""
    off = set(
        SwitchedOff.objects.filter(program_id=program.pk).values_list("kind", flat=True)
    )
    found: list[Mail] = []
    reminders: dict[date, list[Kind]] = {}
    for kind in KINDS.values():
        if kind.days is None or kind.key in off:
            continue
        for day in kind.days(walk):
            if kind.is_reminder:
                reminders.setdefault(next_working_day(day, _zone()), []).append(kind)
            else:
                found.append(Mail(day, (kind,)))
    found += [Mail(day, _once(kinds)) for day, kinds in reminders.items()]
    return sorted(found, key=lambda mail: (mail.on, mail.is_reminder))


def _once(kinds: Iterable[Kind]) -> tuple[Kind, ...]:
    return tuple(dict.fromkeys(kinds))


def _zone() -> str:
    return timezone.get_default_timezone_name()


def roles_of(program: Program) -> list[Role]:
    """Whose dry run there is."""
    return [*program.joining_roles, Role.COORDINATOR]
