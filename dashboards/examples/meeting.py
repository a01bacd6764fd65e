"""A mentorship and its sessions."""

from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from dashboards.examples.worlds import Example
from dashboards.invented import World
from mentorships.models import (
    MentoringSession,
    Mentorship,
    OfferedTime,
    SessionOffer,
)
from mentorships.wallclock import workdays_from
from outbox.models import Message


def _mentorship(kind: str, *, met: bool = False, silent: bool = False) -> Example:
    def make(world: World) -> Message:
        found = world.mentorship(met=met or silent)
        occasion = ""
        if silent:
            since = Mentorship.objects.with_quiet_from().get(pk=found.pk).quiet_from
            occasion = f"{since:%Y-%m-%d}"
        return world.message(kind, found, occasion=occasion)

    return make


def _session(kind: str) -> Example:
    return lambda world: world.message(kind, world.session(), occasion="0")


def _called_off(world: World) -> Message:
    session = world.session()
    session.state = MentoringSession.State.MISSED
    session.save()
    return world.message("session_cancelled", session, occasion="0")


def _past_session(kind: str) -> Example:
    def make(world: World) -> Message:
        session = world.session()
        yesterday = session.starts_at - timedelta(days=8)
        session.set_wall(
            timezone.localtime(yesterday).replace(tzinfo=None), "Europe/Amsterdam"
        )
        session.save()
        return world.message(kind, session, occasion="0")

    return make


def _offer(world: World) -> Message:
    mentorship = world.mentorship(met=False)
    offer = SessionOffer.objects.create(
        mentorship=mentorship,
        by=world.other(mentorship),
        mode=MentoringSession.Mode.VIDEO,
        subject=_("Getting to know each other"),
    )
    first = timezone.localtime() + timedelta(days=3)
    first = first.replace(hour=10, minute=0, second=0, microsecond=0)
    for wall in workdays_from(first, 3):
        OfferedTime.objects.create(
            offer=offer,
            starts_at=wall,
            wall_time=f"{wall:%Y-%m-%dT%H:%M}",
            zone=world.reader.time_zone,
        )
    return world.message("session_offered", offer)


def _course(kind: str, field: str) -> Example:
    def make(world: World) -> Message:
        """A pause, or more time, until a day some weeks from now."""
        mentorship = world.mentorship(met=True)
        day = timezone.localdate() + timedelta(weeks=6)
        until: object = day
        if field == "back_at":
            place = timezone.get_default_timezone()
            until = timezone.make_aware(datetime.combine(day, time()), place)
        Mentorship.objects.filter(pk=mentorship.pk).update(**{field: until})
        return world.message(kind, mentorship, occasion=f"{day:%Y-%m-%d}")

    return make


def _rhythm(world: World) -> Message:
    found = world.mentorship(met=True)
    return world.message("rhythm_changed", found, occasion=f"{found.rhythm_days}")


def _stepped_out(world: World) -> Message:
    facts = {"who": world.pair[1].pk}
    return world.message("stepped_out", world.mentorship(met=True), facts=facts)


def _group_left(world: World) -> Message:
    return world.message("group_left", world.other(world.mentorship(met=True)))


EXAMPLES: dict[str, Example] = {
    "introduction": _mentorship("introduction"),
    "first_step": _mentorship("first_step"),
    "check_in": _mentorship("check_in", silent=True),
    "half_way": _mentorship("half_way", met=True),
    "silence_nudge": _mentorship("silence_nudge", silent=True),
    "silence_ask": _mentorship("silence_ask", silent=True),
    "silence_told": _mentorship("silence_told", silent=True),
    "session_planned": _session("session_planned"),
    "session_moved": _session("session_moved"),
    "session_cancelled": _called_off,
    "ending": _mentorship("ending", met=True),
    "ended": _mentorship("ended", met=True),
    "stuck": _mentorship("stuck", met=True),
    "session_prepare": _session("session_prepare"),
    "session_log": _past_session("session_log"),
    "session_log_again": _past_session("session_log_again"),
    "session_offered": _offer,
    "fit_check": _mentorship("fit_check", met=True),
    "agreement_open": _mentorship("agreement_open", met=True),
    "paused": _course("paused", "back_at"),
    "rhythm_changed": _rhythm,
    "extended": _course("extended", "ends_on"),
    "stepped_out": _stepped_out,
    "group_left": _group_left,
}
