"""Taking part: who may, joining, being ready, and stopping."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from history.models import record
from outbox.actions import plan
from people.models import User
from programs.actions.guidelines import accept_guideline
from programs.lacking import guideline_of, lacking
from programs.models import (
    JoinAnswer,
    Participant,
    Program,
    Role,
    people_let_in,
)
from programs.ties import KNOWN, hold_all


def is_let_in(program: Program, user: User, role: str) -> bool:
    """Whether the rules on HR fields let somebody in, in a role."""
    rules = list(program.eligibility.filter(role=role))
    return (
        not rules
        or User.objects.get_queryset().filter(people_let_in(rules), pk=user.pk).exists()
    )


def is_asked(program: Program, user: User) -> bool:
    """Whether a person said that somebody belongs here: by an invitation, or by letting
    them run it. The rules and the approval are for everybody else.
    """
    programs = Program.objects.filter(pk=program.pk)
    asking = programs.asking(user).filter(pk=program.pk)
    return programs.managed_by(user).exists() or asking.exists()


def roles_open_to(program: Program, user: User) -> list[Role]:
    """What somebody may join as, now."""
    if not program.takes_joiners:
        return []
    if is_asked(program, user):
        return program.joining_roles
    return [role for role in program.joining_roles if is_let_in(program, user, role)]


def save_answers(user: User, answers: dict[int, Any]) -> None:
    """Keep what somebody answered, by question; ``None`` takes an answer away."""
    JoinAnswer.objects.filter(
        user=user, question__in=[pk for pk, value in answers.items() if value is None]
    ).delete()
    JoinAnswer.objects.bulk_create(
        [
            JoinAnswer(user=user, question_id=pk, value=value)
            for pk, value in answers.items()
            if value is not None
        ],
        update_conflicts=True,
        unique_fields=["question", "user"],
        update_fields=["value"],
    )


@transaction.atomic
def join_program(
    program: Program,
    user: User,
    role: str,
    *,
    capacity: int = 1,
    motivation: str = "",
    shown_to: User | None = None,
    answers: dict[int, Any] | None = None,
    accepted_version: int | None = None,
) -> Participant:
    """Take part. The guidelines of the role are accepted by this.

    ``accepted_version`` is the one that was read some time ago: when there is a newer
    one, that is asked for. Raises ``ValidationError`` when the programme does not take
    anybody now, when it is full, or when the person takes part in it already. A
    coordinator may be mentor or mentee as well.
    """
    # One at a time for each person, so that nobody becomes mentor and mentee at once.
    User.objects.select_for_update().get(pk=user.pk)
    program.refresh_from_db(fields=["state"])
    if not program.takes_joiners or role not in program.joining_roles:
        raise ValidationError(_("This programme is not open for joining now."))
    here = Participant.objects.filter(program=program, user=user)
    if here.active().exclude(role=Role.COORDINATOR).exists():
        raise ValidationError(_("You already take part in this programme."))
    program.claim_room()
    capacity = max(1, min(capacity, program.capacity_max))
    participant, _made = Participant.objects.update_or_create(
        program=program,
        user=user,
        role=role,
        defaults={
            "capacity": capacity if role == Role.MENTOR else 1,
            "motivation": motivation,
            "shown_to": shown_to,
            "left_at": None,
            "paused_until": None,
            "joined_at": timezone.now(),
            "ready_at": None,
            "state": Participant.State.JOINING,
        },
    )
    save_answers(user, answers or {})
    guideline = guideline_of(participant)
    if accepted_version is None or (
        guideline is not None and guideline.version == accepted_version
    ):
        accept_guideline(participant)
    record(participant, "joined", by=user)
    plan(
        "joined",
        user,
        about=participant,
        # Whoever comes back is told again.
        occasion=f"{participant.joined_at:%Y-%m-%dT%H:%M:%S}",
        program_id=program.pk,
    )
    complete(participant)
    return participant


def complete(participant: Participant) -> bool:
    """Make somebody ready when nothing is lacking; whether they are now."""
    if participant.is_ready or lacking(participant):
        return participant.is_ready
    changed = Participant.objects.filter(
        pk=participant.pk, state=Participant.State.JOINING, left_at=None
    ).update(state=Participant.State.READY, ready_at=timezone.now())
    if changed:
        participant.state = Participant.State.READY
        record(participant, "ready", by=participant.user)
    return bool(changed)


@transaction.atomic
def change_capacity(participant: Participant, capacity: int) -> None:
    """For how many people a mentor has room. Never fewer than there are already."""
    most = participant.program.capacity_max
    if not 1 <= capacity <= most:
        raise ValidationError(_("Choose a number from 1 to %(most)s.") % {"most": most})
    changed = Participant.objects.filter(
        pk=participant.pk, left_at=None, places_taken__lte=capacity
    ).update(capacity=capacity)
    if not changed:
        raise ValidationError(
            _(
                "You have more people than this already; a place comes free when a"
                " mentorship ends."
            )
        )


def manager_of(program: Program, user: User) -> User | None:
    """The manager who may hear that somebody takes part, where that is asked."""
    if not program.managers_may_know:
        return None
    return User.objects.working_here().filter(reports__user=user).first()


@transaction.atomic
def show_to_manager(participant: Participant, manager: User | None) -> None:
    """Let one's manager see that one takes part; ``None``: nobody, or no longer."""
    if participant.shown_to_id == (manager.pk if manager else None):
        return
    Participant.objects.active().filter(pk=participant.pk).update(shown_to=manager)
    verb = "shown to their manager" if manager else "no longer shown to their manager"
    record(participant, verb, by=participant.user)


@transaction.atomic
def leave_program(participant: Participant, *, by: User | None) -> None:
    """Stop taking part. What binds them to others is loosened, and those hear it."""
    hold_all(participant)
    left = (
        Participant.objects.active()
        .filter(pk=participant.pk)
        .update(left_at=timezone.now())
    )
    if not left:
        raise ValidationError(_("You no longer take part in this programme."))
    for ties in KNOWN:
        ties.loosen(participant, by)
    participant.program.free_room()
    record(participant, "left", by=by)


@transaction.atomic
def pause_participation(participant: Participant, until: date, *, by: User) -> None:
    """Not be matched or reminded until a day. What cannot go on without them rests."""
    if until <= timezone.localdate():
        raise ValidationError(_("Choose a day that is still to come."))
    last = participant.program.ends_on
    if last and until >= last:
        raise ValidationError(
            _("The programme is over by then. Choose an earlier day, or stop.")
        )
    Participant.objects.active().filter(pk=participant.pk).update(paused_until=until)
    participant.paused_until = until
    for ties in KNOWN:
        ties.rest(participant, until, by)
    record(participant, "paused", by=by)


@transaction.atomic
def resume_participation(participant: Participant, *, by: User) -> None:
    """Be there again, earlier than one thought. Twice is once.

    The day stays: from then on it counts how long nobody met.
    """
    today = timezone.localdate()
    if (
        Participant.objects.pausing()
        .filter(pk=participant.pk)
        .update(paused_until=today)
    ):
        record(participant, "resumed", by=by)
        participant.paused_until = today


def answer_on(program: Program) -> date | None:
    """When those who wait hear of a match; ``None`` once that day has passed."""
    day = program.matching_on or program.starts_on
    return day if day and day >= timezone.localdate() else None
