"""What people give each other, and tell all."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboards.examples.worlds import Example
from dashboards.invented import World
from mentorships.models import (
    GoalComment,
    PeerFeedback,
    Story,
    ThankYou,
)
from outbox.models import Message
from programs.models import Participant

STORIES = {
    "story_offered": Story.State.OFFERED,
    "story_shown": Story.State.SHOWN,
    "story_returned": Story.State.DRAFT,
}


def _from_other(kind: str) -> Example:
    def make(world: World) -> Message:
        mentorship = world.mentorship(met=True)
        giver, mine = world.other(mentorship), world.mine(mentorship)
        about: models.Model
        if kind == "feedback_given":
            about = PeerFeedback.objects.create(by=giver, to=mine)
        elif kind == "thanked":
            about = ThankYou.objects.create(by=giver, to=mine)
        else:
            about = GoalComment.objects.create(by=giver, goal=world.goal(mentorship))
        return world.message(kind, about)

    return make


def _story(kind: str) -> Example:
    def make(world: World) -> Message:
        """One's own, shown or given back; or that of another, to be read."""
        now = timezone.now()
        mine = kind != "story_offered"
        author = Participant.objects.get(
            program=world.program, user=world.reader if mine else world.pair[1]
        )
        state = STORIES[kind]
        story = Story.objects.create(
            author=author,
            title=_("What an hour a week brought me"),
            body=_("I lead the weekly meeting on my own"),
            state=state,
            consented_at=None if state == Story.State.DRAFT else now,
            shown_at=now if state == Story.State.SHOWN else None,
        )
        return world.message(kind, story)

    return make


EXAMPLES: dict[str, Example] = {
    "feedback_given": _from_other("feedback_given"),
    "thanked": _from_other("thanked"),
    "goal_comment": _from_other("goal_comment"),
    "story_offered": _story("story_offered"),
    "story_shown": _story("story_shown"),
    "story_returned": _story("story_returned"),
}
