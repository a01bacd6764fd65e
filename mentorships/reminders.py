"""What we remind people of on the way: first step, half-way, silence, the end."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring.branding import lazy_role_word, worded
from mentorships.models import Mentorship, Signature
from mentorships.notifications import about, reply_to_other, still_quiet
from outbox.clocks import after
from outbox.kinds import SILENCE_ENDS_AFTER, Content, Kind, Phase, Walk, register
from outbox.models import Message
from programs.models import Program, Role
from programs.notifications import runs_it, takes_part

# In days. The mentee takes the first step; later both are asked.
FIRST_STEPS = {3: (Role.MENTEE, Role.PEER), 7: (Role.MENTEE, Role.PEER, Role.MENTOR)}
STUCK_AFTER = 21
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


def _rests(mentorship: Mentorship) -> bool:
    """Whether nothing is asked of them now: they pause, or cannot meet."""
    resting = Mentorship.objects.resting_at(timezone.now())
    return resting.filter(pk=mentorship.pk).exists()


def first_step(message: Message) -> Content | None:
    """Plan the first session; nothing once one is planned or held."""
    found = _active(message)
    if found is None or found.last_held_at or found.sessions.planned().exists():
        return None
    if _rests(found):
        return None
    context = about(found, message)
    path = reverse("mentorships:session_plan", args=[found.pk])
    return Content({**context, "action_path": path}, reply_to=reply_to_other(context))


def stuck(message: Message) -> Content | None:
    """They met and agreed on nothing; nothing once there is a goal or an agreement."""
    found = _active(message)
    if found is None or found.last_held_at is None or _rests(found):
        return None
    if is_under_way(found):
        return None
    context = about(found, message)
    return Content(context, reply_to=reply_to_other(context))


def is_under_way(mentorship: Mentorship) -> bool:
    """Whether there is a goal, or an agreement with a name under it."""
    return (
        mentorship.goals.exists()
        or Signature.objects.filter(agreement__mentorship=mentorship).exists()
    )


def half_way_there(message: Message) -> Content | None:
    """Half of the time has passed: look back together."""
    found = _active(message)
    if found is None:
        return None
    context = about(found, message)
    path = reverse("mentorships:guide_detail", args=["half-way"])
    return Content({**context, "action_path": path}, reply_to=reply_to_other(context))


def silence(message: Message) -> Content | None:
    """To those in it: it has been quiet for long; do you go on?"""
    found = still_quiet(message)
    if found is None:
        return None
    context = {**about(found, message), "quiet_from": found.quiet_from}
    return Content(context, reply_to=reply_to_other(context))


def silence_told(message: Message) -> Content | None:
    """To whoever runs the programme, before the clock ends it."""
    found = still_quiet(message)
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


def _first_step_days(walk: Walk) -> list[date]:
    first = walk.planned_on(walk.sessions[0]) if walk.sessions else walk.ends_on
    return [
        day
        for step, roles in FIRST_STEPS.items()
        for day in after(walk.matched_on, [step])
        if walk.role in roles and day < first
    ]


def _stuck_days(walk: Walk) -> list[date]:
    """Whoever goes quiet agreed on nothing."""
    if not (walk.goes_quiet and walk.sessions and takes_part(walk)):
        return []
    return after(walk.sessions[0], [STUCK_AFTER])


def _silence_days(walk: Walk, step: int) -> list[date]:
    if not walk.goes_quiet:
        return []
    return [day for day in after(walk.quiet_from, [step]) if day < walk.ends_on]


def _half_way_days(walk: Walk) -> list[date]:
    """Whose mentorship ended by then has nothing to look back on together."""
    middle = half_way(walk.starts_on, walk.ends_on)
    return [middle] if takes_part(walk) and middle < walk.last_day else []


def _ending_days(walk: Walk) -> list[date]:
    if not takes_part(walk) or walk.last_day < walk.ends_on:
        return []
    steps = ENDING_STEPS if walk.goes_quiet else [s for s in ENDING_STEPS if s <= 0]
    return after(walk.ends_on, steps)


register(
    Kind(
        "first_step",
        _("A reminder to plan the first session"),
        first_step,
        is_reminder=True,
        tells=False,
        trigger=_("3 days after a match without a plan; after 7 days to both"),
        audience=worded(_("who takes part as %(mentee_word)s, then both")),
        phase=Phase.MEETING,
        days=_first_step_days,
    )
)
register(
    Kind(
        "stuck",
        _("A reminder to agree on something"),
        stuck,
        is_reminder=True,
        tells=False,
        trigger=_("21 days after the first session, without a goal or an agreement"),
        audience=_("everybody who is matched"),
        phase=Phase.MEETING,
        lasts=timedelta(days=14),
        days=_stuck_days,
    )
)
register(
    Kind(
        "half_way",
        _("Looking back half-way"),
        half_way_there,
        is_reminder=True,
        tells=False,
        trigger=_("In the middle of the programme"),
        audience=_("everybody who is matched"),
        phase=Phase.MEETING,
        days=_half_way_days,
    )
)
register(
    Kind(
        "silence_nudge",
        _("When nobody met for two months"),
        silence,
        is_reminder=True,
        tells=False,
        trigger=_("60 days without a session"),
        audience=_("everybody who is matched"),
        phase=Phase.MEETING,
        days=lambda walk: (
            _silence_days(walk, SILENCE_NUDGE) if takes_part(walk) else []
        ),
    )
)
register(
    Kind(
        "silence_ask",
        _("Whether we go on, after three months of silence"),
        silence,
        may_switch_off=False,
        is_reminder=True,
        tells=False,
        trigger=_("90 days without a session; after 97 the mentorship ends, no fault"),
        audience=_("everybody who is matched"),
        phase=Phase.MEETING,
        days=lambda walk: _silence_days(walk, SILENCE_ASK) if takes_part(walk) else [],
    )
)
register(
    Kind(
        "silence_told",
        _("A pair that is about to end by silence"),
        silence_told,
        is_reminder=True,
        tells=False,
        trigger=_("90 days without a session, before it ends"),
        audience=lazy_role_word("coordinator", many=True),
        phase=Phase.MEETING,
        days=lambda walk: _silence_days(walk, SILENCE_ASK) if runs_it(walk) else [],
        only=(Role.COORDINATOR,),
    )
)
register(
    Kind(
        "ending",
        _("That the programme is coming to its end"),
        ending,
        is_reminder=True,
        tells=False,
        trigger=_("21 days before the end, on the last day, and 7 and 14 days later"),
        audience=_("who is still in a mentorship"),
        phase=Phase.ENDING,
        days=_ending_days,
    )
)
