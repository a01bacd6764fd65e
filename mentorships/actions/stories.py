"""A story: its writer says yes, or no again; who runs the programme shows it."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from history.models import record
from mentorships.models import Story
from outbox.actions import plan
from people.models import User

TO_DRAFT = {"state": Story.State.DRAFT, "consented_at": None, "shown_at": None}


@transaction.atomic
def write_story(story: Story, *, consent: bool, by: User) -> None:
    """Keep a new story, and offer it when the writer says that it may be shown."""
    story.full_clean()
    story.save()
    if consent:
        offer_story(story, by=by)


@transaction.atomic
def change_story(story: Story, *, consent: bool, by: User) -> None:
    """Other words are another story: who runs the programme reads it again first."""
    story.state, story.consented_at, story.shown_at = Story.State.DRAFT, None, None
    story.version += 1
    story.full_clean()
    story.save()
    record(story, "changed", by=by)
    if consent:
        offer_story(story, by=by)


@transaction.atomic
def offer_story(story: Story, *, by: User) -> None:
    """It may be shown, says its writer. The coordinators hear that it waits."""
    now = timezone.now()
    if not (
        Story.objects.filter(pk=story.pk, state=Story.State.DRAFT).update(
            state=Story.State.OFFERED, consented_at=now
        )
    ):
        return
    record(story, "offered", by=by)
    program = story.author.program
    for coordinator in program.participants.coordinators().select_related("user"):
        plan(
            "story_offered",
            coordinator.user,
            about=story,
            occasion=f"{now:%Y-%m-%dT%H:%M:%S}",
            program_id=program.pk,
        )


@transaction.atomic
def withdraw_story(story: Story, *, by: User) -> None:
    """Its writer takes it back, whenever and without a reason. Nobody sees it now."""
    if (
        Story.objects.exclude(state=Story.State.DRAFT)
        .filter(pk=story.pk)
        .update(**TO_DRAFT)
    ):
        record(story, "withdrawn", by=by)


@transaction.atomic
def show_story(story: Story, *, seen: int, by: User) -> None:
    """Put it on the page of the programme, in the version that was read.

    Raises ``ValidationError`` when its writer took it back or changed it meanwhile.
    """
    now = timezone.now()
    if not (
        Story.objects.offered()
        .filter(pk=story.pk, version=seen)
        .update(state=Story.State.SHOWN, shown_at=now)
    ):
        raise ValidationError(
            _("The writer took this story back or changed it just now.")
        )
    record(story, "shown", by=by)
    _tell_writer("story_shown", story)


@transaction.atomic
def give_back_story(story: Story, *, by: User) -> None:
    """Not shown, or no longer: it is the writer's alone again, and they hear it."""
    if (
        Story.objects.exclude(state=Story.State.DRAFT)
        .filter(pk=story.pk)
        .update(**TO_DRAFT)
    ):
        record(story, "given back", by=by)
        _tell_writer("story_returned", story)


def _tell_writer(kind: str, story: Story) -> None:
    plan(
        kind,
        story.author.user,
        about=story,
        occasion=f"{timezone.now():%Y-%m-%dT%H:%M:%S}",
        program_id=story.author.program_id,
    )
