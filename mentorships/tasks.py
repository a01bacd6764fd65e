"""What the clock does for mentorships."""

from celery import shared_task
from django.utils import timezone

from mentorships.models import Mentorship
from outbox.actions import plan_all
from outbox.models import Message, new_message_id
from outbox.workhours import next_working_morning

BATCH = 500


@shared_task
def plan_check_ins() -> int:
    """Hourly: a message for each mentorship that has gone quiet; twice changes nothing.

    Once for each gap: the occasion is the day since which it is quiet. Gives back how
    many mentorships are quiet.
    """
    now = timezone.now()
    quiet = list(Mentorship.objects.quiet_at(now).values_list("pk", flat=True))
    for start in range(0, len(quiet), BATCH):
        mentorships = (
            Mentorship.objects.filter(pk__in=quiet[start : start + BATCH])
            .with_last_held()
            .prefetch_related("members__participant__user")
        )
        plan_all(
            Message(
                kind="check_in",
                to=member.participant.user,
                about_type=mentorship._meta.label_lower,
                about_id=mentorship.pk,
                occasion=f"{mentorship.quiet_from:%Y-%m-%d}",
                program_id=mentorship.program_id,
                not_before=next_working_morning(now, member.participant.user.time_zone),
                message_id=new_message_id(),
            )
            for mentorship in mentorships
            for member in mentorship.members.all()
        )
    return len(quiet)
