"""The course of a mentorship: start, rhythm, pause, how it goes, end."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from history.models import record
from mentorships.actions.saving import changed_meanwhile, people_of
from mentorships.actions.sessions import cancel_session, invite_anew
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
from programs.actions import pause_participation
from programs.models import Participant, Program
from programs.models.programs import within_reach

# What apps above do at once when somebody asks to be called.
HEEDING: list[Callable[[Concern], None]] = []


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
    # In the order in which places are always taken.
    for participant, _role in sorted(people, key=lambda each: each[0].pk):
        assert participant.program_id == program.pk
        participant.claim_place()
    for participant, role in people:
        Member.objects.create(mentorship=mentorship, participant=participant, role=role)
    record(mentorship, "started", by=by)
    for participant, _role in people:
        plan("introduction", participant.user, about=mentorship, program_id=program.pk)
    return mentorship


def _hold_all(mentorship: Mentorship) -> None:
    """Take the rows of all who are in it, before that of the mentorship itself."""
    members = Member.objects.filter(mentorship=mentorship)
    Participant.objects.filter(pk__in=members.values("participant")).hold()


@transaction.atomic
def end_mentorship(mentorship: Mentorship, *, by: User | None) -> None:
    """End it without fault: places come free, planned sessions are called off."""
    _hold_all(mentorship)
    mentorship.end()
    for member in mentorship.members.select_related("participant"):
        member.participant.free_place()
    for session in mentorship.sessions.planned().filter(starts_at__gt=timezone.now()):
        cancel_session(session, by=by)
    mentorship.offers.fall_away()
    record(mentorship, "ended", by=by)
    for user in people_of(mentorship):
        plan("ended", user, about=mentorship, program_id=mentorship.program_id)


@transaction.atomic
def step_out(
    mentorship: Mentorship, participant: Participant, *, by: User | None
) -> None:
    """Somebody goes on no longer. A pair ends; a group that can do without goes on."""
    _hold_all(mentorship)
    # Of two who go at once the second finds who is left.
    mentorship = Mentorship.objects.select_for_update().get(pk=mentorship.pk)
    if not mentorship.goes_on_without(participant):
        end_mentorship(mentorship, by=by)
        return
    left = Member.objects.filter(mentorship=mentorship, participant=participant).update(
        left_at=timezone.now()
    )
    if not left:
        raise ValidationError(_("You are not in this group any more."))
    participant.free_place()
    mentorship.offers.filter(by__participant=participant).fall_away()
    record(mentorship, "stepped out", by=by)
    for session in invite_anew(mentorship):
        plan(
            "session_cancelled",
            participant.user,
            about=session,
            occasion=str(session.ics_sequence),
            program_id=mentorship.program_id,
        )
    for user in people_of(mentorship):
        plan(
            "stepped_out",
            user,
            about=mentorship,
            occasion=f"{participant.pk}",
            program_id=mentorship.program_id,
            facts={"who": participant.user_id},
        )


@transaction.atomic
def take_up_again(member: Member, *, by: User) -> None:
    """Undo that somebody left who had not: a pair goes on, a group has them again, and
    all of them hear that they are together.

    Raises ``ValidationError`` when one of them has no place left.
    """
    mentorship = member.mentorship
    members = [member]
    if mentorship.ended_at is not None:
        members = list(mentorship.members.select_related("participant__user"))
    for each in sorted(members, key=lambda each: each.participant_id):
        each.participant.claim_place()
    Member.ever.filter(pk=member.pk).update(left_at=None)
    Mentorship.objects.filter(pk=mentorship.pk).update(ended_at=None)
    record(mentorship, "taken up again", by=by)
    invite_anew(mentorship)
    for user in people_of(mentorship):
        plan(
            "introduction",
            user,
            about=mentorship,
            occasion=f"again {timezone.localdate()}",
            program_id=mentorship.program_id,
        )


@transaction.atomic
def leave_group(
    member: Member, *, reason: str = "", again_on: date | None = None, by: User
) -> None:
    """Leave a group that goes on, and stay in the programme: first in line for a new
    match, or not before a day. Who runs the programme hears it; why, nobody.
    """
    mentorship, participant = member.mentorship, member.participant
    if reason:
        note_reason(member, reason)
    step_out(mentorship, participant, by=by)
    if again_on:
        pause_participation(participant, again_on, by=by)
    for coordinator in Participant.objects.coordinators().filter(
        program=mentorship.program_id
    ):
        if coordinator.user_id != by.pk:
            plan(
                "group_left",
                coordinator.user,
                about=member,
                program_id=mentorship.program_id,
            )


def note_reason(member: Member, reason: str) -> None:
    """Why one ends it, for oneself alone."""
    found = EndReason(member=member, author=member.participant.user)
    found.write(reason)
    EndReason.objects.update_or_create(
        member=member, author=found.author, defaults={"sealed": found.sealed}
    )


@transaction.atomic
def change_rhythm(mentorship: Mentorship, rhythm_days: int, *, by: User) -> bool:
    """Meet more often, or less; the others hear it. Whether it was changed."""
    rows = Mentorship.objects.active().filter(pk=mentorship.pk)
    if not rows.exclude(rhythm_days=rhythm_days).update(rhythm_days=rhythm_days):
        if not rows.exists():
            raise ValidationError(_("This mentorship has ended."))
        return False
    record(mentorship, "rhythm changed", by=by)
    # Each time is one of its own: one may go back to what it was.
    occasion = f"{rhythm_days} {timezone.now():%Y-%m-%dT%H:%M:%S}"
    _tell_others(mentorship, "rhythm_changed", occasion, than=by)
    return True


def _morning_of(day: date) -> datetime:
    midnight = datetime.combine(day, time(0))
    return timezone.make_aware(midnight, timezone.get_default_timezone())


def _call_off_before(mentorship: Mentorship, moment: datetime, *, by: User) -> None:
    for session in mentorship.sessions.planned().filter(
        starts_at__gt=timezone.now(), starts_at__lt=moment
    ):
        cancel_session(session, by=by)
    mentorship.offers.filter(times__starts_at__lt=moment).fall_away()


def _tell_others(
    mentorship: Mentorship,
    kind: str,
    occasion: str,
    *,
    than: User,
    facts: dict[str, int] | None = None,
) -> None:
    """Everybody in it hears it, but for one of them."""
    for user in people_of(mentorship):
        if user != than:
            plan(
                kind,
                user,
                about=mentorship,
                occasion=occasion,
                program_id=mentorship.program_id,
                facts=facts,
            )


@transaction.atomic
def rest_without(
    mentorship: Mentorship, participant: Participant, until: date, *, by: User
) -> None:
    """One of them pauses in the whole programme, and is back on a day. What was planned
    before it is called off, and the others hear until when. That it rests follows from
    the pause, and ends with it.
    """
    _call_off_before(mentorship, _morning_of(until), by=by)
    who = participant.user
    _tell_others(
        mentorship, "paused", f"{until:%Y-%m-%d}", than=who, facts={"who": who.pk}
    )


@transaction.atomic
def pause_mentorship(mentorship: Mentorship, until: date, *, by: User) -> None:
    """Rest until a day; what was planned before it is called off. All hear it."""
    if until <= timezone.localdate():
        raise ValidationError(_("Choose a day that is still to come."))
    within_reach(until)
    back_at = _morning_of(until)
    if not Mentorship.objects.active().filter(pk=mentorship.pk).update(back_at=back_at):
        raise ValidationError(_("This mentorship has ended."))
    mentorship.back_at = back_at
    _call_off_before(mentorship, back_at, by=by)
    record(mentorship, "paused", by=by)
    _tell_others(mentorship, "paused", f"{until:%Y-%m-%d}", than=by)


@transaction.atomic
def resume_mentorship(mentorship: Mentorship, *, by: User) -> bool:
    """Go on earlier than was said; whether it rested."""
    now = timezone.now()
    if Mentorship.objects.filter(pk=mentorship.pk, back_at__gt=now).update(back_at=now):
        record(mentorship, "resumed", by=by)
        return True
    return False


@transaction.atomic
def extend_mentorship(mentorship: Mentorship, until: date, *, by: User) -> None:
    """Agree on a later last day; the others hear which."""
    if until <= timezone.localdate():
        raise ValidationError(_("Choose a day that is still to come."))
    last_day = mentorship.last_day
    if mentorship.is_active and last_day and until <= last_day:
        raise ValidationError(
            _("Choose a day after %(day)s: until then you go on anyway.")
            % {"day": date_format(last_day, "j F Y")}
        )
    within_reach(until)
    if not Mentorship.objects.active().filter(pk=mentorship.pk).update(ends_on=until):
        raise ValidationError(_("This mentorship has ended."))
    record(mentorship, "extended", by=by)
    _tell_others(mentorship, "extended", f"{until:%Y-%m-%d}", than=by)


def name_group(mentorship: Mentorship, name: str) -> None:
    """What the group calls itself."""
    Mentorship.objects.filter(pk=mentorship.pk).update(name=name)


@transaction.atomic
def agree(
    agreement: Agreement, *, seen: int, by: User, rhythm_days: int | None = None
) -> None:
    """Write down what was agreed, and sign it. Others sign anew what was changed.
    Without a rhythm it stays as it is.

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
        raise changed_meanwhile()
    record(agreement.mentorship, "agreed", by=by)
    if rhythm_days:
        change_rhythm(agreement.mentorship, rhythm_days, by=by)
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
        raise changed_meanwhile()
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
    concern.full_clean()
    concern.save()
    if not ask:
        return
    mentorship = concern.member.mentorship
    record(mentorship, "asked for help", by=concern.author)
    for heed in HEEDING:
        heed(concern)
    coordinators = mentorship.program.participants.coordinators()
    for coordinator in coordinators.select_related("user"):
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
