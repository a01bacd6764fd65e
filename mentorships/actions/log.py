"""Writing down that they met, or that they did not."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from history.models import record
from mentorships.actions.saving import people_of, save_once
from mentorships.merging import merge
from mentorships.models import (
    Action,
    Attendance,
    Member,
    MentoringSession,
    MentoringSessionQuerySet,
    PrivateNote,
    SharedNote,
)
from mentorships.models.notes import LONGEST_TOGETHER
from mentorships.notifications.course import AGREEMENT_AFTER, FIT_CHECK_AFTER
from outbox.actions import plan
from outbox.workhours import next_working_morning
from people.models import User

# What one person types without pause is one version.
ONE_SITTING = timedelta(minutes=10)
TRIES = 5


@transaction.atomic
def miss_session(session: MentoringSession, *, by: User) -> None:
    """It was planned and did not happen. Nobody is told what they know."""
    changed = MentoringSession.objects.filter(
        pk=session.pk,
        state=MentoringSession.State.PLANNED,
        starts_at__lt=timezone.now(),
    ).update(state=MentoringSession.State.MISSED)
    if not changed:
        raise ValidationError(_("This session is no longer planned."))
    record(session, "missed", by=by)


@transaction.atomic
def tap_session(
    session: MentoringSession,
    *,
    member: Member,
    met: bool,
    minutes: int,
    rating: int | None = None,
) -> None:
    """One of them says that they met, or that it did not happen.

    The last word counts, whoever said the other thing before. Saying the same again
    changes nothing but the speaker's own rating.
    """
    by = member.participant.user
    if session.starts_at > timezone.now():
        raise ValidationError(_("A session that is still to come cannot be logged."))
    if not met:
        changed = (
            MentoringSession.objects.filter(pk=session.pk)
            .exclude(state=MentoringSession.State.MISSED)
            .update(state=MentoringSession.State.MISSED)
        )
        if changed:
            record(session, "missed", by=by)
        return
    was_held = session.is_held
    if _hold(session, minutes, by=by):
        record(session, "logged", by=by)
    if not session.attendances.exists():
        _were_there(session, session.mentorship.members.all())
    if rating is not None:
        session.attendances.filter(member=member).update(rating=rating)
    if not was_held:
        _after_first(session)


def _were_there(session: MentoringSession, members: Iterable[Member]) -> None:
    """Note it of these; of whom it stands there already, it stays as it is."""
    Attendance.objects.bulk_create(
        (Attendance(session=session, member=each) for each in members),
        ignore_conflicts=True,
    )


def _hold(
    session: MentoringSession,
    minutes: int,
    *,
    by: User,
    among: MentoringSessionQuerySet | None = None,
) -> bool:
    """Whether this call made it held, or of this length; of many at once one does.
    ``among``: only while it is one of these.
    """
    session.state = MentoringSession.State.HELD
    session.minutes = minutes
    session.full_clean()
    if among is None:
        among = MentoringSession.objects.all()
    rows = among.filter(pk=session.pk)
    try:
        with transaction.atomic():
            changed = rows.exclude(state=session.state, minutes=minutes).update(
                state=session.state, minutes=minutes
            )
    except IntegrityError:
        # Somebody wrote down another one of that moment just now.
        session.full_clean()
        raise
    if changed:
        MentoringSession.objects.filter(pk=session.pk, logged_at=None).update(
            logged_at=timezone.now(), logged_by=by
        )
    session.refresh_from_db()
    return bool(changed)


@transaction.atomic
def vouch_for_session(session: MentoringSession, *, by: User) -> None:
    """Whoever runs the programme writes down that they met: when, and no more. What
    one of them said of it meanwhile stays.
    """
    if session.pk is None:
        session.state = MentoringSession.State.HELD
        session.logged_at = timezone.now()
        session.logged_by = by
        save_once(session)
    elif not _hold(
        session, session.minutes, by=by, among=MentoringSession.objects.planned()
    ):
        raise ValidationError(_("This session is no longer planned."))
    _were_there(session, session.mentorship.members.all())
    record(session, "logged", by=by)
    _after_first(session)


def _after_first(session: MentoringSession) -> None:
    """After the first time: does it click, and later, what did you agree on?"""
    mentorship = session.mentorship
    if mentorship.sessions.held().count() != 1:
        return
    now = timezone.now()
    for user in people_of(mentorship):
        for kind, wait in (
            ("fit_check", FIT_CHECK_AFTER),
            ("agreement_open", AGREEMENT_AFTER),
        ):
            plan(
                kind,
                user,
                about=mentorship,
                program_id=mentorship.program_id,
                not_before=next_working_morning(
                    now + timedelta(days=wait), user.time_zone
                ),
            )


@transaction.atomic
def log_session(
    session: MentoringSession,
    *,
    by: User,
    came: Iterable[Member],
    minutes: int,
    shared: str,
    base: str,
    private: str | None,
    done: Iterable[Action] = (),
    next_actions: Sequence[tuple[Member, str, Any]] = (),
    rating: int | None = None,
) -> bool:
    """Write down that they met. Correcting it later is the same action.

    ``base`` is what the writer saw of the shared notes before they wrote. A private
    note of ``None`` stays as it is. Tells whether what they wrote was put together with
    what was written elsewhere in the meantime.
    """
    now = timezone.now()
    was_held = session.is_held
    session.state = MentoringSession.State.HELD
    session.minutes = minutes
    session.not_later_than_now()
    session.logged_at = session.logged_at or now
    session.logged_by = session.logged_by or by
    save_once(session)
    merged = write_shared(session, shared, base=base, by=by)
    if private is not None:
        _write_private(session, private, by=by)
    members = list(came)
    # Whoever left since was there all the same: the form cannot name them any more.
    session.attendances.filter(member__left_at=None).exclude(
        member__in=members
    ).delete()
    _were_there(session, members)
    if rating is not None:
        session.attendances.filter(member__participant__user=by).update(rating=rating)
    session.mentorship.actions.open().filter(pk__in=[each.pk for each in done]).update(
        done_at=now
    )
    Action.objects.bulk_create(
        (
            Action(mentorship=session.mentorship, owner=owner, text=text, due_on=due_on)
            for owner, text, due_on in next_actions
        ),
        ignore_conflicts=True,
    )
    record(session, "logged", by=by)
    if not was_held:
        _after_first(session)
    return shared != base and merged != shared


def write_shared(
    session: MentoringSession,
    body: str,
    *,
    base: str,
    by: User,
    typing: bool = False,
) -> str:
    """Put what somebody wrote into the shared notes, beside what others wrote.

    ``base`` is the text they began with: what they changed of it is put into the text
    as it is now. Gives back that text. Every text that somebody finished stays as a
    version; while they are ``typing`` their last one grows.
    """
    for _attempt in range(TRIES):
        last = session.notes.order_by("-version").first()
        theirs = last.body if last else ""
        if body == base:
            return theirs
        merged = merge(_own_base(last, base, by=by), body, theirs)
        if len(merged) > LONGEST_TOGETHER:
            raise ValidationError(_("These notes are full. Take something out first."))
        if merged == theirs or _keep(session, last, merged, by=by, typing=typing):
            return merged
    raise ValidationError(_("Too many people write here at once. Save again."))


def _own_base(last: SharedNote | None, base: str, *, by: User) -> str:
    """What somebody began with, or what they themselves made of it since.

    What they wrote in another window is theirs to overwrite: nobody is to get back what
    they took out. From the first version of somebody else on, nothing is overwritten.
    """
    if last is None or last.body == base:
        return base
    since: list[SharedNote] = []
    versions = SharedNote.objects.filter(
        session=last.session_id, version__lte=last.version
    )
    for version in versions.order_by("-version"):
        if version.body == base:
            break
        since.append(version)
    else:
        if base:
            return base
    for version in reversed(since):
        if version.by_id != by.pk:
            break
        base = version.body
    return base


def _keep(
    session: MentoringSession,
    last: SharedNote | None,
    body: str,
    *,
    by: User,
    typing: bool,
) -> bool:
    """Whether it was kept; not when somebody else was first."""
    now = timezone.now()
    if (
        typing
        and last
        and last.by_id == by.pk
        and now - last.at < ONE_SITTING
        and len(body) >= len(last.body)
    ):
        return bool(
            SharedNote.objects.filter(pk=last.pk, body=last.body)
            .exclude(session__notes__version__gt=last.version)
            .update(body=body, at=now)
        )
    try:
        with transaction.atomic():
            SharedNote.objects.create(
                session=session,
                version=last.version + 1 if last else 1,
                body=body,
                by=by,
            )
    except IntegrityError:
        return False
    return True


def _write_private(session: MentoringSession, text: str, *, by: User) -> None:
    """Seal what one person notes for themselves; an empty note is no note."""
    note = PrivateNote.objects.filter(session=session, author=by).first()
    if not text:
        if note:
            note.delete()
        return
    note = note or PrivateNote(session=session, author=by)
    note.write(text)
    note.save()


def add_action(action: Action) -> None:
    """Write down what somebody will do; the same thing stands there once."""
    save_once(action)
