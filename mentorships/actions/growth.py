"""Feedback, thanks, and what one writes for oneself."""

from django.db import transaction
from django.utils import timezone

from history.models import record
from mentorships.models import PeerFeedback, Reflection, ThankYou
from outbox.actions import plan
from people.models import User


@transaction.atomic
def give_feedback(feedback: PeerFeedback, *, by: User) -> None:
    """The other hears that there is feedback, and reads it on their own page."""
    feedback.full_clean()
    feedback.save()
    mentorship = feedback.to.mentorship
    record(mentorship, "gave feedback", by=by)
    plan(
        "feedback_given",
        feedback.to.participant.user,
        about=feedback,
        program_id=mentorship.program_id,
    )


def reflect(reflection: Reflection, text: str) -> None:
    """A page in one's journal, sealed."""
    reflection.write(text)
    reflection.full_clean()
    reflection.save()


def share_reflection(reflection: Reflection, *, share: bool) -> None:
    """Let the others of the mentorship read it, or no longer."""
    Reflection.objects.filter(pk=reflection.pk).update(
        shared_at=timezone.now() if share else None
    )


@transaction.atomic
def thank(thanks: ThankYou, *, public: bool, by: User) -> None:
    """A note of thanks; the other decides with them whether the programme sees it."""
    if public:
        thanks.offered_at = timezone.now()
    thanks.full_clean()
    thanks.save()
    mentorship = thanks.to.mentorship
    record(mentorship, "thanked", by=by)
    plan(
        "thanked",
        thanks.to.participant.user,
        about=thanks,
        program_id=mentorship.program_id,
    )


def show_thanks(thanks: ThankYou, user: User, *, public: bool) -> None:
    """Each of the two says for oneself whether the programme may see it."""
    is_writer = thanks.by.participant.user_id == user.pk
    name = "offered_at" if is_writer else "accepted_at"
    ThankYou.objects.filter(pk=thanks.pk).update(
        **{name: timezone.now() if public else None}
    )
