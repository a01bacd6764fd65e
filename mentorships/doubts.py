"""What speaks against a moment, said before anybody is invited to it."""

import zoneinfo
from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from mentoring.words import day_words
from mentorships.models import Member
from outbox.workhours import is_holiday
from people.models import User, last_day_away

# At these hours of one's own clock nobody meets unless they meant to.
EARLY, LATE = 7, 22


def doubts(
    members: Iterable[Member], moments: Iterable[datetime], *, by: User
) -> list[str]:
    """One sentence for each member and moment: away, a public holiday, or at night.

    Nothing of it is a rule: whoever plans may have agreed on just this moment. Of a
    moment that has passed there is more to say than this, and others say it.
    """
    now = timezone.now()
    everybody = sorted(members, key=lambda each: each.participant.user_id != by.pk)
    return [
        words
        for moment in moments
        if moment > now
        for member in everybody
        for words in _of(member, moment, by=by)
    ]


def _of(member: Member, moment: datetime, *, by: User) -> Iterable[str]:
    user = member.participant.user
    is_me = user.pk == by.pk
    local = moment.astimezone(zoneinfo.ZoneInfo(user.time_zone))
    said = {
        "name": user.name,
        "day": day_words(local.date()),
        "time": time_format(local.time(), "H:i"),
    }
    if last_day_away(local.date(), user.absences.all()):
        yield (
            _("On %(day)s you are away.")
            if is_me
            else _("On %(day)s %(name)s is away.")
        ) % said
    if user.time_zone == by.time_zone and not is_me:
        # Their clock and their holidays are mine, and said once.
        return
    if is_holiday(local.date(), user.time_zone):
        yield (
            _("%(day)s is a public holiday where you are.")
            if is_me
            else _("%(day)s is a public holiday where %(name)s is.")
        ) % said
    if not EARLY <= local.hour < LATE:
        yield (
            _("It is %(time)s at night then, on %(day)s.")
            if is_me
            else _("For %(name)s it is %(time)s at night then, on %(day)s.")
        ) % said
