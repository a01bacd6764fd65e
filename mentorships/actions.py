"""What happens in a mentorship, and who hears of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Model
from django.utils import timezone
from django.utils.translation import gettext as _

from history.models import record
from mentorships.models import (
    Action,
    Attendance,
    Goal,
    Member,
    MentoringSession,
    Mentorship,
    Milestone,
    PrivateNote,
    SharedNote,
)
from outbox.actions import plan
from people.models import User
from programs.models import Participant, Program


@transaction.atomic
def start_mentorship(
    *,
    program: Program,
    people: Sequence[tuple[Participant, str]],
    by: User | None,
    rhythm_days: int | None = None,
    started_at: datetime | None = None,
) -> Mentorship:
    """Bring people together. Each gives a place, or nobody does.

    Raises ``ValidationError`` with the code ``taken`` when somebody has no place left.
    """
    assert len({participant.user_id for participant, _role in people}) == len(people)
    mentorship = Mentorship.objects.create(
        program=program,
        rhythm_days=rhythm_days or program.rhythm_days,
        started_at=started_at or timezone.now(),
    )
    for participant, role in people:
        assert participant.program_id == program.pk
        participant.claim_place()
        Member.objects.create(mentorship=mentorship, participant=participant, role=role)
    record(mentorship, "started", by=by)
    for participant, _role in people:
        plan("introduction", participant.user, about=mentorship, program_id=program.pk)
    return mentorship


@transaction.atomic
def end_mentorship(mentorship: Mentorship, *, by: User | None) -> None:
    """End it without fault: places come free, planned sessions are called off."""
    mentorship.end()
    for member in mentorship.members.select_related("participant"):
        member.participant.free_place()
    for session in mentorship.sessions.planned().filter(starts_at__gt=timezone.now()):
        cancel_session(session, by=by)
    record(mentorship, "ended", by=by)
    for user in people_of(mentorship):
        plan("ended", user, about=mentorship, program_id=mentorship.program_id)


@transaction.atomic
def change_rhythm(mentorship: Mentorship, rhythm_days: int, *, by: User) -> None:
    """Meet more often, or less."""
    Mentorship.objects.active().filter(pk=mentorship.pk).update(rhythm_days=rhythm_days)
    record(mentorship, "rhythm changed", by=by)


def save_once(thing: Model) -> None:
    """Save a row that may be there only once.

    Whoever does the same at the same moment and comes second gets the sentence of the
    rule, as somebody who comes a minute later does.
    """
    thing.full_clean()
    try:
        with transaction.atomic():
            thing.save()
    except IntegrityError:
        thing.full_clean()
        raise


def people_of(mentorship: Mentorship) -> list[User]:
    """Everybody in it."""
    return [
        member.participant.user
        for member in mentorship.members.select_related("participant__user")
    ]


def _tell(session: MentoringSession, kind: str) -> None:
    for user in people_of(session.mentorship):
        plan(
            kind,
            user,
            about=session,
            occasion=str(session.ics_sequence),
            program_id=session.mentorship.program_id,
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
    return session


@transaction.atomic
def move_session(
    session: MentoringSession, *, wall: datetime, by: User, **fields: Any
) -> None:
    """Change when or where; calendars get the change."""
    session.set_wall(wall, by.time_zone)
    if session.starts_at <= timezone.now():
        raise ValidationError(_("Choose a moment that is still to come."))
    session.full_clean()
    changed = MentoringSession.objects.filter(
        pk=session.pk, state=MentoringSession.State.PLANNED
    ).update(
        starts_at=session.starts_at,
        wall_time=session.wall_time,
        zone=session.zone,
        ics_sequence=F("ics_sequence") + 1,
        **fields,
    )
    if not changed:
        raise ValidationError(_("This session is no longer planned."))
    session.refresh_from_db()
    record(session, "moved", by=by)
    _tell(session, "session_moved")


@transaction.atomic
def cancel_session(session: MentoringSession, *, by: User | None) -> None:
    """It will not take place; calendars take it out."""
    changed = MentoringSession.objects.filter(
        pk=session.pk, state=MentoringSession.State.PLANNED
    ).update(state=MentoringSession.State.MISSED, ics_sequence=F("ics_sequence") + 1)
    if not changed:
        raise ValidationError(_("This session is no longer planned."))
    session.refresh_from_db()
    record(session, "called off", by=by)
    _tell(session, "session_cancelled")


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


class NoteConflict(Exception):
    """Somebody else wrote in the shared notes since they were opened."""

    def __init__(self, theirs: SharedNote) -> None:
        super().__init__()
        self.theirs = theirs


@transaction.atomic
def log_session(
    session: MentoringSession,
    *,
    by: User,
    came: Iterable[Member],
    minutes: int,
    shared: str,
    seen_version: int,
    private: str | None,
    next_actions: Sequence[tuple[Member, str, Any]] = (),
) -> None:
    """Write down that they met. Correcting it later is the same action.

    A private note of ``None`` stays as it is. Raises ``NoteConflict`` when the shared
    notes have a version that the writer has not seen, and then changes nothing.
    """
    now = timezone.now()
    session.state = MentoringSession.State.HELD
    session.minutes = minutes
    session.starts_at = min(session.starts_at, now)
    session.logged_at = session.logged_at or now
    save_once(session)
    _write_shared(session, shared, seen_version=seen_version, by=by)
    if private is not None:
        _write_private(session, private, by=by)
    session.attendances.all().delete()
    Attendance.objects.bulk_create(
        Attendance(session=session, member=member) for member in came
    )
    Action.objects.bulk_create(
        (
            Action(mentorship=session.mentorship, owner=owner, text=text, due_on=due_on)
            for owner, text, due_on in next_actions
        ),
        ignore_conflicts=True,
    )
    record(session, "logged", by=by)


def _write_shared(
    session: MentoringSession, body: str, *, seen_version: int, by: User
) -> None:
    """Add a version, unless the writer left the text as they found it."""
    versions = {note.version: note for note in session.notes.all()}
    last = versions.get(max(versions, default=0))
    seen = versions.get(seen_version)
    if body in {seen.body if seen else "", last.body if last else ""}:
        return
    if last and last.version != seen_version:
        raise NoteConflict(last)
    try:
        with transaction.atomic():
            SharedNote.objects.create(
                session=session,
                version=last.version + 1 if last else 1,
                body=body,
                by=by,
            )
    except IntegrityError:
        # Both pressed at once: the other one was first.
        raise NoteConflict(session.notes.latest("version")) from None


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


@transaction.atomic
def set_goal(goal: Goal, *, steps: Iterable[str], by: User) -> None:
    """Write a goal down, with its first steps."""
    save_once(goal)
    Milestone.objects.bulk_create(Milestone(goal=goal, text=text) for text in steps)
    record(goal, "set", by=by)


@transaction.atomic
def change_goal(goal: Goal, *, by: User) -> None:
    """Say it in other words; where it stands stays as it was."""
    save_once(goal)
    record(goal, "changed", by=by)


@transaction.atomic
def close_goal(goal: Goal, state: str, *, reflection: str, by: User) -> None:
    """Reached, or let go: with a date and a look back."""
    assert state in {Goal.State.REACHED, Goal.State.LET_GO}
    changed = (
        Goal.objects.active()
        .filter(pk=goal.pk)
        .update(state=state, reflection=reflection, closed_at=timezone.now())
    )
    if not changed:
        raise ValidationError(_("This goal has been closed."))
    record(goal, state, by=by)
