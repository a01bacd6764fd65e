"""The weekly digest: what is next, for whom it concerns."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dashboards import next_steps
from outbox.kinds import Content, Kind, register
from outbox.models import Message
from programs.models import Program


def digest(message: Message) -> Content | None:
    """What is next, open actions and goals; nothing to say, nothing sent."""
    user = message.to
    mentorships = next_steps.my_mentorships(user)
    steps = next_steps.for_participant(user, mentorships)
    if Program.objects.managed_by(user).exists():
        steps += next_steps.for_coordinator(user)
    actions, goals = next_steps.open_actions(user), next_steps.my_goals(user)
    if not (steps or actions or goals):
        return None
    return Content(
        {
            "steps": steps[:5],
            "actions": actions,
            "goals": goals,
            "action_path": reverse("dashboards:home"),
        }
    )


register(Kind("digest", _("The weekly overview"), digest, is_reminder=True))
