"""What somebody gave as a mentor in a year, for their own eyes."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from mentoring.charts import Bars, Says, bars
from mentorships.models import Goal, Member, MentoringSession, ThankYou
from people.models import User
from programs.models import Role


@dataclass(frozen=True)
class Year:
    """A calendar year in the reader's own time."""

    year: int
    people: list[Member]
    sessions: int
    minutes: int
    months: Bars
    goals: list[Goal]
    thanks: list[ThankYou]


def years_of(user: User) -> list[int]:
    """The years in which somebody was a mentor, the newest first."""
    first = (
        Member.objects.filter(participant__user=user, role=Role.MENTOR)
        .order_by("mentorship__started_at")
        .values_list("mentorship__started_at", flat=True)
        .first()
    )
    if first is None:
        return []
    return list(
        range(timezone.localdate().year, timezone.localtime(first).year - 1, -1)
    )


def year_of(user: User, year: int) -> Year:
    """Sessions that I came to, mentees I met, goals they reached, thanks I got."""
    zone = timezone.get_current_timezone()
    begin = datetime.combine(date(year, 1, 1), time(), zone)
    end = datetime.combine(date(year + 1, 1, 1), time(), zone)
    mine = Member.objects.filter(participant__user=user, role=Role.MENTOR)
    sessions = list(
        MentoringSession.objects.held()
        .filter(attendances__member__in=mine, starts_at__gte=begin, starts_at__lt=end)
        .only("starts_at", "minutes", "mentorship_id")
    )
    months = Counter(timezone.localtime(each.starts_at).month for each in sessions)
    return Year(
        year=year,
        people=list(
            Member.objects.filter(
                mentorship__in={each.mentorship_id for each in sessions}
            )
            .exclude(participant__user=user)
            .select_related("participant__user", "mentorship__program")
            .order_by("participant__user__name_folded")
        ),
        sessions=len(sessions),
        minutes=sum(each.minutes for each in sessions),
        months=bars(
            _("Sessions by month"),
            [
                (_name_of(year, number), months[number])
                for number in MONTHS
                if min(months, default=1) <= number <= _last_month(year)
            ],
            whole=max(months.values(), default=0),
            of=_("Month"),
            says=Says.COUNTS,
        ),
        goals=list(
            Goal.objects.filter(
                mentorship__members__in=mine,
                state=Goal.State.REACHED,
                closed_at__gte=begin,
                closed_at__lt=end,
            )
            .select_related("owner__participant__user")
            .order_by("closed_at")
        ),
        thanks=list(
            ThankYou.objects.filter(to__in=mine, at__gte=begin, at__lt=end)
            .select_related("by__participant__user")
            .order_by("at")
        ),
    )


def _name_of(year: int, month: int) -> str:
    """A month by its name; of the one that is not over, that it is so far."""
    name = str(MONTHS[month])
    today = timezone.localdate()
    if (year, month) != (today.year, today.month):
        return name
    return _("%(month)s so far") % {"month": name}


def _last_month(year: int) -> int:
    """The last month of a year that there was until now."""
    today = timezone.localdate()
    return today.month if year == today.year else 12
