"""What we tell people about matching."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matching.models import (
    REMIND_AFTER,
    Manner,
    PlaceRequest,
    Request,
    Round,
    mode_of,
)
from matching.standing import standing_of
from mentoring.branding import lazy_role_word, worded
from outbox.clocks import after, every
from outbox.kinds import Content, Kind, Phase, Walk, register
from outbox.models import Message
from programs.actions import answer_on
from programs.models import Participant, Program, Role
from programs.notifications import WAITING_DAYS, takes_part

# In days: whoever may choose and asked nobody, and whose proposals wait for a yes.
NOT_ASKED_STEPS = (3, 10)
UNDECIDED_STEPS = (4, 9)


def request(message: Message) -> Content | None:
    """A mentee asks; nothing once it was answered, withdrawn or too late, nor where
    nobody is matched any more.
    """
    found = (
        Request.objects.open()
        .select_related("mentee__user", "mentee__program", "mentor")
        .filter(pk=message.about_id)
        .first()
    )
    if found is None or not found.program.takes_joiners:
        return None
    return Content(
        {
            "request": found,
            "program": found.program,
            "mentee": found.mentee.user,
            "action_path": found.get_absolute_url(),
        },
        reply_to=found.mentee.user.email,
    )


def request_unmet(message: Message) -> Content | None:
    """It did not become a match, without why; and what happens now. Nothing where
    nobody is matched any more.
    """
    found = (
        Request.objects.select_related("mentee__program", "mentor__user")
        .filter(pk=message.about_id)
        .first()
    )
    if found is None or found.mentee.places_taken or not found.program.takes_joiners:
        return None
    following = (
        Request.objects.open()
        .filter(mentee=found.mentee)
        .select_related("mentor__user")
        .first()
    )
    return Content(
        {
            "request": found,
            "program": found.program,
            "mentor": found.mentor.user,
            "following": following,
            "action_path": reverse("matching:choose", args=[found.program.slug]),
        }
    )


def request_settled(message: Message) -> Content | None:
    """To who was asked: a round matched whoever asked, so no answer is needed."""
    found = (
        Request.objects.filter(pk=message.about_id, state=Request.State.WITHDRAWN)
        .select_related("mentee__program", "mentee__user")
        .first()
    )
    if found is None:
        return None
    return Content(
        {
            "request": found,
            "program": found.program,
            "mentee": found.mentee.user,
            "action_path": reverse("programs:participation", args=[found.program.slug]),
        }
    )


def place_request(message: Message) -> Content | None:
    """A mentor is asked for one more place; nothing once they answered or left."""
    found = (
        PlaceRequest.objects.filter(
            pk=message.about_id,
            state=PlaceRequest.State.OPEN,
            mentor__left_at=None,
        )
        .select_related("mentor__program", "by")
        .first()
    )
    if found is None or not found.program.takes_joiners:
        return None
    return Content(
        {
            "place_request": found,
            "program": found.program,
            "by": found.by,
            "places": found.mentor.capacity,
            "action_path": found.get_absolute_url(),
        },
        reply_to=found.by.email if found.by else "",
    )


def waiting_status(message: Message) -> Content | None:
    """Whoever waits for a match hears how it stands, and what becomes of it."""
    me = (
        Participant.objects.ready()
        .filter(pk=message.about_id, places_taken=0)
        .select_related("program")
        .first()
    )
    if me is None or not me.program.takes_joiners:
        return None
    return Content(
        {
            "program": me.program,
            "standing": standing_of(me),
            "answer_on": answer_on(me.program),
            "action_path": reverse("matching:waiting", args=[me.program.slug]),
        }
    )


def not_asked(message: Message) -> Content | None:
    """Whoever may choose a mentor and asked nobody yet."""
    me = (
        Participant.objects.ready()
        .filter(pk=message.about_id, places_taken=0, requests_sent=None)
        .select_related("program")
        .first()
    )
    if me is None or not me.program.takes_joiners:
        return None
    if mode_of(me.program) != Manner.Mode.CHOOSE:
        return None
    path = reverse("matching:choose", args=[me.program.slug])
    return Content({"program": me.program, "action_path": path})


def proposals_waiting(message: Message) -> Content | None:
    """To whoever runs the programme: a round is done, and nobody heard of it yet."""
    found = (
        Round.objects.filter(pk=message.about_id, state=Round.State.READY)
        .select_related("program")
        .first()
    )
    if found is None or not Program.objects.managed_by(message.to).filter(
        pk=found.program_id
    ):
        return None
    if Round.objects.filter(program=found.program_id, at__gt=found.at).exists():
        return None
    return Content(
        {
            "program": found.program,
            "round": found,
            "number": found.proposals.count(),
            "action_path": found.get_absolute_url(),
        }
    )


def _asked_on(walk: Walk) -> list[date]:
    """When a mentor is asked: early enough for the reminder, by whoever hesitates."""
    if not (walk.chooses and walk.role == Role.MENTOR):
        return []
    return [walk.matched_on - timedelta(days=5 if walk.goes_quiet else 1)]


def _not_asked_days(walk: Walk) -> list[date]:
    if not (walk.chooses and walk.role == Role.MENTEE):
        return []
    steps = after(walk.ready_on, NOT_ASKED_STEPS)
    return [day for day in steps if walk.goes_quiet and day < walk.matched_on]


register(
    Kind(
        "waiting_status",
        _("How it stands while I wait"),
        waiting_status,
        is_reminder=True,
        tells=False,
        trigger=_("Every 14 days of waiting for a match"),
        audience=_("who waits"),
        phase=Phase.WAITING,
        days=lambda walk: (
            every(walk.ready_on, WAITING_DAYS, walk.matched_on)
            if takes_part(walk)
            else []
        ),
    )
)
register(
    Kind(
        "request",
        worded(_("That somebody asks me to be their %(mentor_word)s")),
        request,
        may_switch_off=False,
        tells=True,
        trigger=_("as soon as somebody asks"),
        audience=worded(_("who is asked as %(mentor_word)s")),
        phase=Phase.WAITING,
        days=_asked_on,
        only=(Role.MENTOR,),
    )
)
register(
    Kind(
        "request_reminder",
        worded(_("A reminder that somebody asks me to be their %(mentor_word)s")),
        request,
        is_reminder=True,
        tells=True,
        trigger=_("three days after the question, without an answer"),
        audience=worded(_("who is asked as %(mentor_word)s")),
        phase=Phase.WAITING,
        lasts=timedelta(days=4),
        days=lambda walk: [
            day + REMIND_AFTER for day in _asked_on(walk) if walk.goes_quiet
        ],
        only=(Role.MENTOR,),
    )
)
register(
    Kind(
        "request_unmet",
        worded(_("That somebody I asked as %(mentor_word)s cannot")),
        request_unmet,
        may_switch_off=False,
        tells=True,
        trigger=_("when somebody says no, or has not answered for seven days"),
        audience=_("who asked"),
        phase=Phase.WAITING,
        only=(Role.MENTEE,),
    )
)
register(
    Kind(
        "request_settled",
        worded(_("That who asked me as %(mentor_word)s has a match")),
        request_settled,
        tells=True,
        trigger=_("when a round is published that matches who asked"),
        audience=worded(_("who is asked as %(mentor_word)s")),
        phase=Phase.WAITING,
        only=(Role.MENTOR,),
    )
)
register(
    Kind(
        "place_request",
        _("That I am asked for one more place"),
        place_request,
        may_switch_off=False,
        tells=False,
        trigger=_("when who runs the programme asks for one more place"),
        audience=lazy_role_word("mentor"),
        phase=Phase.WAITING,
        only=(Role.MENTOR,),
    )
)
register(
    Kind(
        "not_asked",
        worded(_("A reminder to choose my %(mentor_word)s")),
        not_asked,
        is_reminder=True,
        tells=True,
        trigger=_("3 and 10 days after one may choose, without having asked anybody"),
        audience=worded(_("%(mentees_word)s who choose")),
        phase=Phase.WAITING,
        lasts=timedelta(days=7),
        days=_not_asked_days,
        only=(Role.MENTEE,),
    )
)
register(
    Kind(
        "proposals_waiting",
        _("That proposals wait for me"),
        proposals_waiting,
        is_reminder=True,
        tells=False,
        trigger=_("4 and 9 days after a round that nobody published"),
        audience=lazy_role_word("coordinator", many=True),
        phase=Phase.WAITING,
        lasts=timedelta(days=7),
        only=(Role.COORDINATOR,),
    )
)
