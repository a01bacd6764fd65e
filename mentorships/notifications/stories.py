"""That a story waits to be read, is shown, or is its writer's alone again."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mentoring.branding import lazy_role_word, worded
from mentorships.models import Story
from outbox.kinds import Content, Kind, Phase, register
from outbox.models import Message
from programs.models import Role

STATES = {
    "story_offered": Story.State.OFFERED,
    "story_shown": Story.State.SHOWN,
    "story_returned": Story.State.DRAFT,
}


def story(message: Message) -> Content | None:
    """That a story waits, is shown or was given back, while that is so."""
    found = (
        Story.objects.select_related("author__program", "author__user")
        .filter(pk=message.about_id, state=STATES[message.kind])
        .first()
    )
    if found is None:
        return None
    program = found.author.program
    return Content(
        {
            "program": program,
            "title": found.title,
            "writer": found.author.user,
            "action_path": reverse("mentorships:recognition", args=[program.slug]),
        }
    )


for key, label, trigger, audience in (
    (
        "story_offered",
        worded(_("For %(coordinators_word)s: a story to read")),
        _("At once, when somebody says that their story may be shown"),
        lazy_role_word("coordinator", many=True),
    ),
    (
        "story_shown",
        _("That a story of mine is shown"),
        worded(_("At once, when the %(coordinator_word)s shows it")),
        _("the writer"),
    ),
    (
        "story_returned",
        _("That a story of mine was given back"),
        worded(_("At once, when the %(coordinator_word)s gives it back")),
        _("the writer"),
    ),
):
    register(
        Kind(
            key,
            label,
            story,
            tells=key == "story_returned",
            trigger=trigger,
            audience=audience,
            only=(Role.COORDINATOR,) if key == "story_offered" else (),
            phase=Phase.ENDING,
        )
    )
