"""Where mentees choose: asking a mentor, answering, and the next choice. Wish lists."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from history.models import record
from matching.actions.rounds import still_matches
from matching.models import (
    ANSWER_IN,
    MOST_WISHES,
    REMIND_AFTER,
    Request,
    WishFor,
)
from mentorships.actions import start_mentorship
from mentorships.models import Mentorship
from outbox.actions import plan
from people.models import User
from programs.models import Participant, Program, Role


@transaction.atomic
def ask_mentor(
    mentee: Participant,
    mentor: Participant,
    *,
    goals: str,
    rhythm_days: int,
    months: int,
    by: User,
) -> Request:
    """Ask a mentor; while another answer is awaited, this becomes the next choice."""
    assert mentee.program_id == mentor.program_id
    still_matches(mentee.program)
    if mentee.places_taken:
        raise ValidationError(_("You have a match already."))
    if mentee.is_pausing:
        raise ValidationError(_("You pause now. Take part again before you ask."))
    if mentor.left_at is not None or mentor.role != Role.MENTOR:
        raise ValidationError(
            _("This person no longer takes part. Choose somebody else.")
        )
    waiting = Request.objects.alive().filter(mentee=mentee)
    is_first = not waiting.filter(state=Request.State.OPEN).exists()
    last = waiting.order_by("-rank").values_list("rank", flat=True).first() or 0
    found = Request(
        mentee=mentee,
        mentor=mentor,
        goals=goals,
        rhythm_days=rhythm_days,
        months=months,
        state=Request.State.OPEN if is_first else Request.State.QUEUED,
        rank=last + 1,
        expires_at=timezone.now() + ANSWER_IN if is_first else None,
    )
    if is_first and not has_room(mentor):
        raise ValidationError(
            _("%(name)s has no free place any more. Choose somebody else.")
            % {"name": mentor.user.name}
        )
    if is_first and (until := mentor.away_until):
        raise ValidationError(
            _(
                "%(name)s is away until %(day)s and cannot answer now. Choose"
                " somebody else, or ask again after that."
            )
            % {"name": mentor.user.name, "day": date_format(until, "j F")}
        )
    found.full_clean()
    try:
        with transaction.atomic():
            found.save()
    except IntegrityError:
        found.full_clean()
        raise
    record(found, "asked", by=by)
    if is_first:
        _tell_mentor(found)
    return found


def has_room(mentor: Participant) -> bool:
    """Whether a free place is left when everybody who was asked says yes."""
    return mentor.room > Request.objects.open().filter(mentor=mentor).count()


def _tell_mentor(found: Request) -> None:
    plan(
        "request",
        found.mentor.user,
        about=found,
        program_id=found.mentee.program_id,
    )


def too_late() -> str:
    return _("This request has been answered, or is too old.")


@transaction.atomic
def accept_request(found: Request, *, by: User) -> Mentorship:
    """Yes: the two begin. Of two taps at once one does."""
    still_matches(found.program)
    if not Request.objects.open().filter(pk=found.pk).exists():
        raise ValidationError(too_late())
    # Places first, as when a round is published, or somebody leaves: whoever is second
    # waits there, and finds what has become of the request.
    Participant.objects.filter(pk__in=[found.mentor_id, found.mentee_id]).hold()
    mentorship = start_mentorship(
        program=found.mentee.program,
        people=[(found.mentor, Role.MENTOR), (found.mentee, Role.MENTEE)],
        by=by,
        rhythm_days=found.rhythm_days,
    )
    if not found.move(Request.State.ACCEPTED, answered_at=timezone.now()):
        raise ValidationError(too_late())
    # Whoever has a mentor asks nobody else.
    Request.objects.alive().filter(mentee=found.mentee).update(
        state=Request.State.WITHDRAWN
    )
    record(found, "accepted", by=by)
    return mentorship


@transaction.atomic
def decline_request(found: Request, *, reason: str, by: User) -> None:
    """No, kindly. The reason stays with the mentor; the next choice follows."""
    if not found.move(
        Request.State.DECLINED, answered_at=timezone.now(), reason=reason
    ):
        raise ValidationError(too_late())
    record(found, "declined", by=by)
    follow_up(found)


@transaction.atomic
def expire_request(found: Request) -> bool:
    """No answer in time: the next choice follows. Twice changes nothing.

    While the mentor is away nothing expires, nor until they have been back for as long
    as a reminder takes.
    """
    if (patient := _patient_until(found.mentor.user)) > timezone.now():
        Request.objects.open().filter(pk=found.pk).update(expires_at=patient)
        return False
    if not found.move(Request.State.EXPIRED):
        return False
    record(found, "expired", by=None)
    follow_up(found)
    return True


def _patient_until(mentor: User) -> datetime:
    """Before this moment nobody may say that the mentor did not answer in time."""
    place = ZoneInfo(mentor.time_zone)
    today = timezone.localdate(timezone=place)
    last = max(
        (each.ends_on for each in mentor.absences.all() if each.starts_on <= today),
        default=date.min,
    )
    if last == date.min:
        return timezone.now()
    back = datetime.combine(last + timedelta(days=1), time(), tzinfo=place)
    return back + REMIND_AFTER


@transaction.atomic
def withdraw_request(found: Request, *, by: User) -> None:
    """The mentee takes it back; the next choice follows."""
    was_open = found.move(Request.State.WITHDRAWN)
    if not was_open and not found.move(Request.State.WITHDRAWN, of="queued"):
        raise ValidationError(too_late())
    record(found, "withdrawn", by=by)
    if was_open:
        follow_up(found, tell=False)


@transaction.atomic
def let_go(found: Request, *, by: User | None) -> bool:
    """Nobody waits for this one any more, and no next choice follows by it. True if it
    was open.
    """
    was_open = found.move(Request.State.WITHDRAWN)
    if was_open or found.move(Request.State.WITHDRAWN, of="queued"):
        record(found, "withdrawn", by=by)
    return was_open


def follow_up(found: Request, *, tell: bool = True) -> Request | None:
    """Send the mentee's next choice; the mentee hears which, or that there is none.
    Where nobody is matched any more none is sent.
    """
    following = None
    for each in (
        Request.objects.filter(
            mentee=found.mentee,
            state=Request.State.QUEUED,
            mentee__program__in=Program.objects.matching(),
        )
        .select_related("mentor__user", "mentee__program")
        .order_by("rank", "pk")
    ):
        here = (
            each.mentor.left_at is None
            and each.mentor.user.is_active
            and each.mentor.away_until is None
        )
        if not here or not has_room(each.mentor):
            each.move(Request.State.WITHDRAWN, of="queued")
            continue
        if each.move(
            Request.State.OPEN, of="queued", expires_at=timezone.now() + ANSWER_IN
        ):
            following = each
            _tell_mentor(each)
            break
    if tell:
        plan(
            "request_unmet",
            found.mentee.user,
            about=found,
            program_id=found.mentee.program_id,
        )
    return following


@transaction.atomic
def save_wishes(participant: Participant, wanted: Sequence[Participant]) -> None:
    """Keep a wish list: the dearest first, at most five, nobody twice."""
    still_matches(participant.program)
    if len(wanted) > MOST_WISHES:
        raise ValidationError(
            _("Choose at most %(count)s people.") % {"count": MOST_WISHES}
        )
    if len({each.pk for each in wanted}) < len(wanted):
        raise ValidationError(_("Choose each person once."))
    participant.wishes_for.all().delete()
    WishFor.objects.bulk_create(
        WishFor(participant=participant, wanted=each, rank=rank)
        for rank, each in enumerate(wanted, start=1)
    )
    record(participant, "wishes saved", by=participant.user)
