"""Planning a session, moving it, calling it off; offering moments to choose from."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from history.models import record
from mentorships.actions.saving import changed_meanwhile, people_of, save_once
from mentorships.models import (
    Member,
    MentoringSession,
    Mentorship,
    OfferedTime,
    Preparation,
    SessionOffer,
)
from mentorships.wallclock import WITHIN, moment
from outbox.actions import plan
from people.models import User

PREPARE_BEFORE = timedelta(hours=24)
LOG_AFTER = timedelta(hours=2)
LOG_AGAIN_AFTER = timedelta(days=2)


def _tell(session: MentoringSession, kind: str, **facts: bool) -> None:
    for user in people_of(session.mentorship):
        plan(
            kind,
            user,
            about=session,
            occasion=str(session.ics_sequence),
            program_id=session.mentorship.program_id,
            facts=facts,
        )


def _look_ahead(session: MentoringSession) -> None:
    """What comes by itself: a card to prepare with, and a link to log it with.

    Each names the time it is about, so that after a move the earlier ones fall away.
    """
    occasion = str(session.ics_sequence)
    clocks = [
        ("session_prepare", session.starts_at - PREPARE_BEFORE),
        ("session_log", session.ends_at + LOG_AFTER),
        ("session_log_again", session.ends_at + LOG_AGAIN_AFTER),
    ]
    for kind, when in clocks:
        if when <= timezone.now():
            continue
        for user in people_of(session.mentorship):
            plan(
                kind,
                user,
                about=session,
                occasion=occasion,
                program_id=session.mentorship.program_id,
                not_before=when,
            )


@transaction.atomic
def plan_session(
    mentorship: Mentorship, *, wall: datetime, by: User, **fields: Any
) -> MentoringSession:
    """Plan a session at a time on the planner's clock; both get an invitation."""
    if not mentorship.is_active:
        raise ValidationError(_("This mentorship has ended."))
    session = MentoringSession(mentorship=mentorship, **fields)
    session.set_wall(wall, by.time_zone)
    if session.starts_at <= timezone.now():
        raise ValidationError(
            _("This moment has passed. Log the session instead of planning it.")
        )
    save_once(session)
    record(session, "planned", by=by)
    _tell(session, "session_planned")
    _look_ahead(session)
    return session


@transaction.atomic
def move_session(
    session: MentoringSession,
    *,
    wall: datetime,
    by: User,
    seen: int | None = None,
    **fields: Any,
) -> None:
    """Change when or where; calendars get the change. Asking twice changes nothing.

    ``seen`` is the ``ics_sequence`` of the page that they saw; without it, that of the
    row as it was read. Raises ``ValidationError`` when it was changed since.
    """
    if not session.mentorship.is_active:
        raise ValidationError(_("This mentorship has ended."))
    before = session.starts_at
    session.set_wall(wall, by.time_zone)
    if session.starts_at <= timezone.now():
        raise ValidationError(_("Choose a moment that is still to come."))
    session.full_clean()
    planned = MentoringSession.objects.planned().filter(pk=session.pk)
    as_read = planned.filter(
        ics_sequence=session.ics_sequence if seen is None else seen
    )
    wanted = {"starts_at": session.starts_at, **fields}
    try:
        with transaction.atomic():
            changed = as_read.exclude(**wanted).update(
                wall_time=session.wall_time,
                zone=session.zone,
                ics_sequence=F("ics_sequence") + 1,
                **wanted,
            )
    except IntegrityError:
        # Somebody planned another one then just now: say so as the rule does.
        session.full_clean()
        raise
    if not changed and not planned.exists():
        raise ValidationError(_("This session is no longer planned."))
    if not changed and not planned.filter(**wanted).exists():
        raise changed_meanwhile()
    session.refresh_from_db()
    if not changed:
        return
    record(session, "moved", by=by)
    _tell(session, "session_moved", stays=session.starts_at == before)
    _look_ahead(session)


@transaction.atomic
def plan_series(
    mentorship: Mentorship,
    *,
    wall: datetime,
    times: int,
    by: User,
    **fields: Any,
) -> list[MentoringSession]:
    """Plan several at the same time on the clock, a rhythm apart; all or none."""
    series = uuid.uuid4()
    return [
        plan_session(
            mentorship,
            wall=each,
            by=by,
            series=series,
            **fields,
        )
        for each in series_walls(mentorship, wall, times)
    ]


def series_walls(mentorship: Mentorship, wall: datetime, times: int) -> list[datetime]:
    """Several times on the clock, a rhythm apart, in whole weeks: it stays the same
    day of the week. Of a day that is too far away there is one, to be refused.
    """
    if wall.date() - timezone.localdate() > WITHIN:
        return [wall]
    apart = timedelta(weeks=max(1, round(mentorship.rhythm_days / 7)))
    return [wall + apart * number for number in range(times)]


@transaction.atomic
def cancel_session(
    session: MentoringSession, *, by: User | None, seen: int | None = None
) -> None:
    """It will not take place; calendars take it out. With ``seen``, only as it stood
    on the page that they saw.
    """
    planned = MentoringSession.objects.planned().filter(pk=session.pk)
    as_read = planned if seen is None else planned.filter(ics_sequence=seen)
    if not as_read.update(
        state=MentoringSession.State.MISSED, ics_sequence=F("ics_sequence") + 1
    ):
        if planned.exists():
            raise changed_meanwhile()
        raise ValidationError(_("This session is no longer planned."))
    session.refresh_from_db()
    record(session, "called off", by=by)
    _tell(session, "session_cancelled")


@transaction.atomic
def invite_anew(mentorship: Mentorship) -> list[MentoringSession]:
    """What is to come, as another version for those who are in it now. The mail that
    tells them who that is brings the invitations along.
    """
    coming = mentorship.sessions.planned().filter(starts_at__gt=timezone.now())
    coming.update(ics_sequence=F("ics_sequence") + 1)
    sessions = list(coming.all())
    for session in sessions:
        _look_ahead(session)
    return sessions


@transaction.atomic
def cancel_series(
    session: MentoringSession, *, by: User, seen: int | None = None
) -> int:
    """Call off this one, as it was seen, and those of its series that come after it."""
    assert session.series
    coming = session.mentorship.sessions.planned().filter(
        series=session.series, starts_at__gte=session.starts_at
    )
    for each in coming:
        cancel_session(each, by=by, seen=seen if each == session else None)
    return len(coming)


@transaction.atomic
def offer_times(offer: SessionOffer, *, walls: Sequence[datetime], by: User) -> None:
    """Put a few moments to the others; each of them gets a mail to pick from."""
    if not offer.mentorship.is_active:
        raise ValidationError(_("This mentorship has ended."))
    now = timezone.now()
    times = {moment(wall, by.time_zone): wall for wall in walls}
    if not times or min(times) <= now:
        raise ValidationError(_("Choose moments that are still to come."))
    offer.full_clean()
    offer.save()
    OfferedTime.objects.bulk_create(
        OfferedTime(
            offer=offer,
            starts_at=starts_at,
            wall_time=f"{wall:%Y-%m-%dT%H:%M}",
            zone=by.time_zone,
        )
        for starts_at, wall in times.items()
    )
    record(offer.mentorship, "offered times", by=by)
    for user in people_of(offer.mentorship):
        if user != by:
            plan(
                "session_offered",
                user,
                about=offer,
                program_id=offer.mentorship.program_id,
            )


@transaction.atomic
def pick_time(time: OfferedTime, *, by: User) -> MentoringSession:
    """Plan one of the moments that were offered; of two at once one picks."""
    offer = time.offer
    if not offer.mentorship.is_active:
        raise ValidationError(_("This mentorship has ended."))
    if time.starts_at <= timezone.now():
        raise ValidationError(_("This moment has passed. Choose another."))
    if not offer.settle():
        raise ValidationError(_("Somebody picked a moment already."))
    session = MentoringSession(
        mentorship=offer.mentorship,
        minutes=offer.minutes,
        mode=offer.mode,
        place=offer.place,
        subject=offer.subject,
        guide_key=offer.guide_key,
    )
    session.set_wall(time.wall, time.zone)
    save_once(session)
    record(session, "planned", by=by)
    _tell(session, "session_planned")
    _look_ahead(session)
    return session


@transaction.atomic
def withdraw_offer(offer: SessionOffer, *, by: User) -> None:
    """Take the moments back, or say that none of them suits.

    In a group that is for who offered them: one of the others may still pick.
    """
    is_mine = offer.by.participant.user_id == by.pk
    if offer.mentorship.is_group and not is_mine:
        raise ValidationError(_("One of the others may still pick a moment."))
    if not offer.settle():
        raise ValidationError(_("Somebody picked a moment already."))
    record(offer.mentorship, "took times back", by=by)


def prepare(session: MentoringSession, member: Member, body: str) -> None:
    """What somebody wants to talk about; nothing takes it away."""
    found = Preparation.objects.filter(session=session, member=member)
    if not body:
        found.delete()
        return
    Preparation.objects.update_or_create(
        session=session,
        member=member,
        defaults={"body": body, "at": timezone.now()},
    )
