"""What the clock does across apps."""

import zoneinfo
from datetime import datetime, time, timedelta

from celery import shared_task
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from mentorships.models import Member
from outbox.actions import compose
from outbox.models import Message
from outbox.workhours import next_working_day
from people.models import User
from programs.models import Participant, Program

BATCH = 500
AT = time(9)
# So long after Monday nine the digest of the week still comes; it lasts as long.
CATCH_UP = timedelta(days=4)


def monday_nine(now: datetime, zone: str) -> datetime:
    """Nine o'clock, by the clock of the place, on the Monday of this week there."""
    place = zoneinfo.ZoneInfo(zone)
    today = now.astimezone(place).date()
    monday = today - timedelta(days=today.weekday())
    return datetime.combine(monday, AT, tzinfo=place)


@shared_task
def plan_digests() -> int:
    """A row for each person's digest of this week, once it is Monday nine there.

    Twice changes nothing: the occasion is the ISO week. After a long sleep one digest
    is sent, not one for each week that passed; after one of a few days it still comes.
    """
    now = timezone.now()
    planned = 0
    rows: list[Message] = []
    for user in _readers(now).iterator(chunk_size=BATCH):
        due = monday_nine(now, user.time_zone)
        if not due <= now < due + CATCH_UP:
            continue
        year, week, _day = due.isocalendar()
        rows.append(
            compose("digest", user, occasion=f"{year}-W{week:02}", not_before=due)
        )
        if len(rows) == BATCH:
            planned += _write(rows)
    return planned + _write(rows)


def _readers(now: datetime) -> QuerySet[User]:
    """Whoever is in a mentorship or runs a programme since before this Monday, without
    those who have their digest of this week. Who came later hears it next Monday.
    """
    monday = monday_nine(now, timezone.get_default_timezone_name())
    in_mentorship = Member.objects.filter(
        participant__user=OuterRef("pk"),
        mentorship__ended_at=None,
        mentorship__started_at__lte=monday,
    )
    running = Participant.objects.active().filter(
        user=OuterRef("pk"),
        role="coordinator",
        joined_at__lte=monday,
        program__in=Program.objects.live(),
    )
    have_it = Message.objects.filter(
        kind="digest", to=OuterRef("pk"), not_before__gt=now - CATCH_UP
    )
    return (
        User.objects.working_here()
        .filter(
            Q(Exists(in_mentorship))
            | Q(Exists(running))
            | Q(org_role=User.OrgRole.HR_ADMIN)
        )
        .exclude(Exists(have_it))
        .only("pk", "time_zone")
    )


@shared_task
def plan_monthly() -> int:
    """A row for each HR admin and sponsor, on the first working day of the month where
    they are; twice changes nothing. After a standstill it comes up to a week late.
    """
    now = timezone.now()
    rows = []
    for user in User.objects.working_here().filter(
        org_role__in=[User.OrgRole.HR_ADMIN, User.OrgRole.SPONSOR]
    ):
        place = zoneinfo.ZoneInfo(user.time_zone)
        today = now.astimezone(place).date()
        day = next_working_day(today.replace(day=1), user.time_zone)
        due = datetime.combine(day, AT, tzinfo=place)
        if due <= now < due + timedelta(days=7):
            rows.append(
                compose("monthly", user, occasion=f"{today:%Y-%m}", not_before=due)
            )
    return _write(rows)


def _write(rows: list[Message]) -> int:
    """Insert a batch, leaving out what is there; empties the list."""
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    count = len(rows)
    rows.clear()
    return count
