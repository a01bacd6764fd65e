"""Publishing proposals: all that are approved, or some; undone until mail has gone."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from history.models import record
from matching.actions.rounds import still_matches
from matching.models import Proposal, ProposalMember, Request, Round
from mentorships.actions import start_mentorship
from mentorships.models import Member, Mentorship
from outbox.actions import plan, poke
from outbox.models import Message
from people.models import User
from programs.models import Participant
from programs.models.participants import ParticipantQuerySet

# So long the first mail waits, and so long publishing can be undone.
UNDO_FOR = timedelta(minutes=10)


@transaction.atomic
def publish_round(
    found: Round,
    *,
    by: User,
    only: Collection[int] | None = None,
    close_joining: bool = False,
    mail_waits: timedelta = UNDO_FOR,
) -> tuple[int, list[str]]:
    """Start what was approved; both sides hear it. How many, and who could not be.

    ``only`` publishes these proposals and leaves the others for later. Of two
    coordinators who publish at once each pair is started by one. A pair of which
    somebody has no place any more, or has left, is skipped and named.
    ``close_joining`` moves an open programme to running; else people may still join.
    Raises ``ValidationError`` when nothing is approved, or nobody is matched in the
    programme any more.
    """
    now = timezone.now()
    program = found.program
    is_ready = found.lock()
    still_matches(program)
    approved = found.proposals.filter(state=Proposal.State.APPROVED)
    if not is_ready:
        approved = approved.none()
    if only is not None:
        approved = approved.filter(pk__in=only)
    waiting = list(
        approved.prefetch_related("members__participant__user").order_by("pk")
    )
    _of(approved).hold()
    started, skipped = [], []
    for proposal in waiting:
        # One statement decides who publishes this one.
        if not Proposal.objects.filter(
            pk=proposal.pk, state=Proposal.State.APPROVED
        ).update(state=Proposal.State.PUBLISHED, published_at=now):
            continue
        people = [
            (member.participant, str(member.role)) for member in proposal.members.all()
        ]
        try:
            with transaction.atomic():
                _all_here(people)
                mentorship = start_mentorship(program=program, people=people, by=by)
        except ValidationError as error:
            Proposal.objects.filter(pk=proposal.pk).update(
                state=Proposal.State.HELD, published_at=None
            )
            skipped += error.messages
            continue
        Proposal.objects.filter(pk=proposal.pk).update(mentorship=mentorship)
        started.append(mentorship.pk)
    if not started and not skipped:
        raise ValidationError(
            _(
                "There is nothing to publish: somebody else did so in the meantime, or"
                " no proposal is approved."
            )
        )
    settled = _settle_requests(started, now)
    _mails(started, settled).update(not_before=now + mail_waits)
    if started:
        closes = close_joining and program.can("run")
        if closes:
            program.move("run")
            record(program, "run", by=by)
        Round.objects.filter(pk=found.pk).update(
            published_at=now, closed_joining=closes
        )
    if not found.proposals.filter(state__in=Proposal.OPEN).exists():
        Round.objects.filter(pk=found.pk).update(state=Round.State.PUBLISHED)
    record(found, f"published {len(started)}", by=by)
    found.refresh_from_db()
    return len(started), skipped


def _of(proposals: QuerySet[Proposal]) -> ParticipantQuerySet:
    """The participants of these."""
    members = ProposalMember.objects.filter(proposal__in=proposals.values("pk"))
    return Participant.objects.filter(pk__in=members.order_by().values("participant"))


def _all_here(people: list[tuple[Participant, str]]) -> None:
    """Refuse, in a sentence with a name, when somebody has gone since the round."""
    for participant, _role in people:
        user = participant.user
        if participant.left_at is not None or not user.is_active:
            others = ", ".join(
                other.user.name for other, _r in people if other is not participant
            )
            raise ValidationError(
                _(
                    "%(name)s no longer takes part. The proposal is on hold: choose"
                    " somebody else for %(others)s."
                )
                % {"name": user.name, "others": others}
            )


def requests_to_settle(found: Round) -> int:
    """How many who were asked would hear that it is no longer needed."""
    return (
        Request.objects.open()
        .filter(mentee__proposed_in__proposal__in=found.proposals.to_publish())
        .distinct()
        .count()
    )


def _settle_requests(mentorships: Collection[int], now: datetime) -> list[int]:
    """Who has a match asks nobody any more; each mentor who was asked hears that."""
    alive = Request.objects.alive().filter(
        mentee__memberships__mentorship__in=mentorships
    )
    found = list(alive.select_related("mentor__user", "mentee"))
    Request.objects.alive().filter(pk__in=[each.pk for each in found]).update(
        state=Request.State.WITHDRAWN, answered_at=now
    )
    together = set(
        Member.objects.filter(mentorship__in=mentorships).values_list(
            "participant", "mentorship__members__participant"
        )
    )
    for each in found:
        # Who gets whom they asked for hears so in the introduction.
        is_met = (each.mentee_id, each.mentor_id) in together
        if each.state == Request.State.OPEN and not is_met:
            plan(
                "request_settled",
                each.mentor.user,
                about=each,
                program_id=each.program_id,
            )
    return [each.pk for each in found]


def _mails(
    mentorships: Collection[int], requests: Collection[int]
) -> QuerySet[Message]:
    """What people hear of a publication."""
    return Message.objects.filter(
        Q(
            kind="introduction",
            about_type=Mentorship._meta.label_lower,
            about_id__in=mentorships,
        )
        | Q(
            kind="request_settled",
            about_type=Request._meta.label_lower,
            about_id__in=requests,
        )
    )


def _settled_with(
    mentorships: Collection[int], moment: datetime | None
) -> QuerySet[Request]:
    return Request.objects.withdrawn_with(moment).filter(
        mentee__memberships__mentorship__in=mentorships
    )


def close_round(found: Round, *, by: User) -> bool:
    """Nothing more comes of this round; who is left over stands first next time."""
    closed = Round.objects.filter(pk=found.pk, state=Round.State.READY).update(
        state=Round.State.PUBLISHED
    )
    if closed:
        record(found, "closed", by=by)
        found.refresh_from_db()
    return bool(closed)


def undo_until(found: Round) -> datetime | None:
    """Until when the last publication can be undone; ``None`` when it cannot."""
    if found.published_at is None:
        return None
    until = found.published_at + UNDO_FOR
    return until if until > timezone.now() else None


@transaction.atomic
def send_now(found: Round, *, by: User) -> int:
    """Let the mails of what was published last go at once; how many that are."""
    last = found.proposals.filter(
        state=Proposal.State.PUBLISHED, published_at=found.published_at
    ).values_list("mentorship", flat=True)
    mentorships = [pk for pk in last if pk]
    settled = _settled_with(mentorships, found.published_at).values_list(
        "pk", flat=True
    )
    number = (
        _mails(mentorships, list(settled))
        .filter(state=Message.State.PLANNED)
        .update(not_before=timezone.now())
    )
    # From here on it stands.
    Round.objects.filter(pk=found.pk).update(published_at=None)
    record(found, "sent at once", by=by)
    transaction.on_commit(poke)
    found.refresh_from_db()
    return number


@transaction.atomic
def undo_publication(found: Round, *, by: User) -> int:
    """Take back what was published last, while nobody has had a mail of it.

    The pairs are approved again, everybody's place is free, what they asked waits for
    an answer again, and joining is open again if this closed it.

    Raises ``ValidationError`` once a mail has gone, or is going.
    """
    found.lock()
    last = list(
        found.proposals.filter(
            state=Proposal.State.PUBLISHED,
            published_at=found.published_at,
            mentorship__isnull=False,
        ).select_related("mentorship")
    )
    if not last:
        raise ValidationError(_("There is nothing to take back."))
    _of(found.proposals.filter(pk__in=[each.pk for each in last])).hold()
    mentorships = [each.mentorship.pk for each in last if each.mentorship]
    settled = list(
        _settled_with(mentorships, found.published_at).values_list("pk", flat=True)
    )
    mails = _mails(mentorships, settled)
    # Whoever takes a mail first has it: the sender, or the one who takes it back.
    now = timezone.now()
    all_of_them = mails.count()
    taken = mails.filter(
        Q(lease_until=None) | Q(lease_until__lte=now), state=Message.State.PLANNED
    ).update(state=Message.State.DROPPED)
    if taken < all_of_them:
        transaction.set_rollback(True)
        raise ValidationError(
            _(
                "The first mail has gone; publishing can no longer be undone. End a"
                " mentorship on its own page instead."
            )
        )
    for mentorship in Mentorship.objects.filter(pk__in=mentorships).prefetch_related(
        "members__participant"
    ):
        for member in mentorship.members.all():
            member.participant.free_place()
    mails.delete()
    # What was withdrawn only because of the match waits again, or is the next choice.
    withdrawn = Request.objects.withdrawn_with(found.published_at).filter(
        pk__in=settled
    )
    withdrawn.filter(expires_at=None).update(
        state=Request.State.QUEUED, answered_at=None
    )
    withdrawn.update(state=Request.State.OPEN, answered_at=None)
    Mentorship.objects.filter(pk__in=mentorships).delete()
    Proposal.objects.filter(pk__in={each.pk for each in last}).update(
        state=Proposal.State.APPROVED, published_at=None, mentorship=None
    )
    # Whoever closed it further since then meant it; only what was closed here opens.
    if found.closed_joining and found.program.open_again():
        record(found.program, "open", by=by)
    Round.objects.filter(pk=found.pk).update(
        state=Round.State.READY, published_at=None, closed_joining=False
    )
    record(found, f"took back {len(last)}", by=by)
    found.refresh_from_db()
    return len(last)
