"""What we remind people of on the way: first step, half-way, silence, the end."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentorships.models import Mentorship
from mentorships.notifications import about, reply_to_other
from outbox.clocks import after
from outbox.kinds import SILENCE_ENDS_AFTER, Content, Kind, Phase, Story, register
from outbox.models import Message
from programs.models import Program, Role

# In days. The mentee takes the first step; later both are asked.
FIRST_STEPS = {3: (Role.MENTEE, Role.PEER), 7: (Role.MENTEE, Role.PEER, Role.MENTOR)}
FLAGGED_AFTER = 14
SILENCE_NUDGE, SILENCE_ASK, SILENCE_END = 60, 90, SILENCE_ENDS_AFTER.days
ENDING_STEPS = (-21, 0, 7, 14)
CLOSED_AFTER = 21


def half_way(starts_on: date, ends_on: date) -> date:
    """The middle of a programme."""
    return starts_on + (ends_on - starts_on) / 2


def _active(message: Message) -> Mentorship | None:
    return (
        Mentorship.objects.active()
        .with_last_held()
        .select_related("program")
        .filter(pk=message.about_id)
        .exclude(program__state=Program.State.ARCHIVED)
        .first()
    )


def first_step(message: Message) -> Content | None:
    """Plan the first session; nothing once one is planned or held."""
    found = _active(message)
    if found is None or found.last_held_at or found.sessions.planned().exists():
        return None
    context = about(found, message)
    path = reverse("mentorships:session_plan", args=[found.pk])
    return Content({**context, "action_path": path}, reply_to=reply_to_other(context))


def half_way_there(message: Message) -> Content | None:
    """Half of the time has passed: look back together."""
    found = _active(message)
    if found is None:
        return None
    context = about(found, message)
    path = reverse("mentorships:guide_detail", args=["half-way"])
    return Content({**context, "action_path": path}, reply_to=reply_to_other(context))


def _silent(message: Message) -> Mentorship | None:
    """The mentorship while the silence that the message is about goes on."""
    found = (
        Mentorship.objects.quiet_at(timezone.now())
        .select_related("program")
        .filter(pk=message.about_id)
        .first()
    )
    if found and message.occasion == f"{found.quiet_from:%Y-%m-%d}":
        return found
    return None


def silence(message: Message) -> Content | None:
    """To those in it: it has been quiet for long; do you go on?"""
    found = _silent(message)
    if found is None:
        return None
    context = {**about(found, message), "quiet_from": found.quiet_from}
    return Content(context, reply_to=reply_to_other(context))


def silence_told(message: Message) -> Content | None:
    """To whoever runs the programme, before the clock ends it."""
    found = _silent(message)
    if found is None:
        return None
    return Content(
        {
            **about(found, message),
            "quiet_from": found.quiet_from,
            "action_path": reverse(
                "mentorships:program_mentorships", args=[found.program.slug]
            )
            + "?show=quiet",
        }
    )


def ending(message: Message) -> Content | None:
    """The programme comes to its end: round off together."""
    found = _active(message)
    if found is None or found.last_day is None:
        return None
    context = about(found, message)
    ends_on = found.last_day
    today = timezone.localdate()
    return Content(
        {
            **context,
            "ends_on": ends_on,
            "has_passed": ends_on < today,
            "closes_on": ends_on + timedelta(days=CLOSED_AFTER),
            "action_path": reverse("mentorships:guide_detail", args=["closing"]),
        },
        reply_to=reply_to_other(context),
    )


def _of_a_pair(story: Story) -> bool:
    return story.role != Role.COORDINATOR


def _first_step_days(story: Story) -> list[date]:
    first = story.sessions[0] if story.sessions else story.ends_on
    return [
        day
        for step, roles in FIRST_STEPS.items()
        for day in after(story.matched_on, [step])
        if story.role in roles and day < first
    ]


def _silence_days(story: Story, step: int) -> list[date]:
    if not (story.goes_quiet and _of_a_pair(story)):
        return []
    return [day for day in after(story.quiet_from, [step]) if day < story.ends_on]


def _ending_days(story: Story) -> list[date]:
    if not _of_a_pair(story) or story.last_day < story.ends_on:
        return []
    steps = ENDING_STEPS if story.goes_quiet else [s for s in ENDING_STEPS if s <= 0]
    return after(story.ends_on, steps)


register(
    Kind(
        "first_step",
        _("A reminder to plan the first session"),
        first_step,
        is_reminder=True,
        trigger=_("3 days after a match without a plan; after 7 days to both"),
        audience=_("the mentee, then both"),
        phase=Phase.MEETING,
        days=_first_step_days,
    )
)
register(
    Kind(
        "half_way",
        _("Looking back half-way"),
        half_way_there,
        is_reminder=True,
        trigger=_("In the middle of the programme"),
        audience=_("mentors and mentees"),
        phase=Phase.MEETING,
        days=lambda story: (
            [half_way(story.starts_on, story.ends_on)] if _of_a_pair(story) else []
        ),
    )
)
register(
    Kind(
        "silence_nudge",
        _("When nobody met for two months"),
        silence,
        is_reminder=True,
        trigger=_("60 days without a session"),
        audience=_("mentors and mentees"),
        phase=Phase.MEETING,
        days=lambda story: _silence_days(story, SILENCE_NUDGE),
    )
)
register(
    Kind(
        "silence_ask",
        _("Whether we go on, after three months of silence"),
        silence,
        may_switch_off=False,
        is_reminder=True,
        trigger=_("90 days without a session; after 97 the mentorship ends, no fault"),
        audience=_("mentors and mentees"),
        phase=Phase.MEETING,
        days=lambda story: _silence_days(story, SILENCE_ASK),
    )
)
register(
    Kind(
        "silence_told",
        _("A pair that is about to end by silence"),
        silence_told,
        is_reminder=True,
        trigger=_("90 days without a session, before it ends"),
        audience=_("coordinators"),
        phase=Phase.MEETING,
    )
)
register(
    Kind(
        "ending",
        _("That the programme is coming to its end"),
        ending,
        is_reminder=True,
        trigger=_("21 days before the end, on the last day, and 7 and 14 days later"),
        audience=_("who is still in a mentorship"),
        phase=Phase.ENDING,
        days=_ending_days,
    )
)
