"""The course of a mentorship: start, rhythm, pause, how it goes, end."""

from collections.abc import Sequence
from datetime import date, datetime, time

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from history.models import record
from mentorships.actions.saving import keep_once, people_of
from mentorships.actions.sessions import cancel_session
from mentorships.models import (
    Agreement,
    Certificate,
    Concern,
    EndReason,
    FitCheck,
    Member,
    Mentorship,
    Signature,
)
from outbox.actions import plan
from people.models import User
from programs.models import Participant, Program, Role


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


def note_reason(member: Member, reason: str) -> None:
    """Why one ends it, for oneself alone."""
    found = EndReason(member=member, author=member.participant.user)
    found.write(reason)
    EndReason.objects.update_or_create(
        member=member, author=found.author, defaults={"sealed": found.sealed}
    )


@transaction.atomic
def change_rhythm(mentorship: Mentorship, rhythm_days: int, *, by: User) -> None:
    """Meet more often, or less."""
    Mentorship.objects.active().filter(pk=mentorship.pk).update(rhythm_days=rhythm_days)
    record(mentorship, "rhythm changed", by=by)


@transaction.atomic
def pause_mentorship(mentorship: Mentorship, until: date, *, by: User) -> None:
    """Rest until a day; what was planned before it is called off. All hear it."""
    if until <= timezone.localdate():
        raise ValidationError(_("Choose a day that is still to come."))
    midnight = datetime.combine(until, time(0))
    back_at = timezone.make_aware(midnight, timezone.get_default_timezone())
    if not Mentorship.objects.active().filter(pk=mentorship.pk).update(back_at=back_at):
        raise ValidationError(_("This mentorship has ended."))
    mentorship.back_at = back_at
    for session in mentorship.sessions.planned().filter(
        starts_at__gt=timezone.now(), starts_at__lt=back_at
    ):
        cancel_session(session, by=by)
    record(mentorship, "paused", by=by)
    for user in people_of(mentorship):
        if user != by:
            plan(
                "paused",
                user,
                about=mentorship,
                occasion=f"{until:%Y-%m-%d}",
                program_id=mentorship.program_id,
            )


@transaction.atomic
def resume_mentorship(mentorship: Mentorship, *, by: User) -> None:
    """Go on earlier than was said."""
    now = timezone.now()
    if Mentorship.objects.filter(pk=mentorship.pk, back_at__gt=now).update(back_at=now):
        record(mentorship, "resumed", by=by)


@transaction.atomic
def extend_mentorship(mentorship: Mentorship, until: date, *, by: User) -> None:
    """Agree on another last day; the others hear which."""
    if until <= timezone.localdate():
        raise ValidationError(_("Choose a day that is still to come."))
    if not Mentorship.objects.active().filter(pk=mentorship.pk).update(ends_on=until):
        raise ValidationError(_("This mentorship has ended."))
    record(mentorship, "extended", by=by)
    for user in people_of(mentorship):
        if user != by:
            plan(
                "extended",
                user,
                about=mentorship,
                occasion=f"{until:%Y-%m-%d}",
                program_id=mentorship.program_id,
            )


def name_group(mentorship: Mentorship, name: str) -> None:
    """What the group calls itself."""
    Mentorship.objects.filter(pk=mentorship.pk).update(name=name)


@transaction.atomic
def agree(agreement: Agreement, *, seen: int, by: User) -> None:
    """Write down what was agreed, and sign it. Others sign anew what was changed.

    Raises ``ValidationError`` when somebody changed it since it was opened.
    """
    agreement.full_clean(validate_unique=False)
    found = Agreement.objects.filter(mentorship=agreement.mentorship)
    fields = ("minutes", "channel", "confidentiality", "expectations", "first_goal")
    said = {name: getattr(agreement, name) for name in fields}
    if seen:
        changed = found.filter(version=seen).update(
            **said, version=seen + 1, changed_at=timezone.now(), changed_by=by
        )
    else:
        changed = _first_words(
            Agreement(mentorship=agreement.mentorship, changed_by=by, **said)
        )
    if not changed:
        raise ValidationError(
            _("Somebody changed this in the meantime. Look at it once more.")
        )
    record(agreement.mentorship, "agreed", by=by)
    sign(found.get(), seen + 1, by=by)


def _first_words(agreement: Agreement) -> bool:
    """Whether it was kept; not when somebody else was first."""
    try:
        with transaction.atomic():
            agreement.save(force_insert=True)
    except IntegrityError:
        return False
    return True


def sign(agreement: Agreement, version: int, *, by: User) -> None:
    """Put one's name under a version; under an earlier one it is no use."""
    if agreement.version != version:
        raise ValidationError(
            _("Somebody changed this in the meantime. Look at it once more.")
        )
    member = agreement.mentorship.members.get(participant__user=by)
    Signature.objects.bulk_create(
        [Signature(agreement=agreement, member=member, version=version)],
        ignore_conflicts=True,
    )


def check_fit(member: Member, answer: str) -> None:
    """Whether it clicks, for oneself; another answer takes its place."""
    user = member.participant.user
    found = FitCheck(member=member, author=user)
    found.write(answer)
    FitCheck.objects.update_or_create(
        member=member,
        defaults={"author": user, "sealed": found.sealed, "at": timezone.now()},
    )


@transaction.atomic
def note_concern(concern: Concern, *, ask: bool) -> None:
    """Something is off. Who runs the programme hears that one wants to be called."""
    if ask:
        concern.asked_at = timezone.now()
    if not keep_once(concern) or not ask:
        return
    mentorship = concern.member.mentorship
    record(mentorship, "asked for help", by=concern.author)
    for coordinator in Participant.objects.filter(
        program=mentorship.program, role=Role.COORDINATOR, left_at=None
    ).select_related("user"):
        plan(
            "help_wanted",
            coordinator.user,
            about=concern,
            program_id=mentorship.program_id,
        )


def certificate_of(member: Member) -> Certificate:
    """The one certificate of a member who took part to the end."""
    if member.mentorship.is_active or not member.mentorship.sessions.held().exists():
        raise ValidationError(_("There is a certificate when it is finished."))
    Certificate.objects.bulk_create([Certificate(member=member)], ignore_conflicts=True)
    return Certificate.objects.get(member=member)
