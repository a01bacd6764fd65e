"""The weekly and the monthly overview: what is next, and how it goes."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dashboards import next_steps, overviews
from mentoring.branding import worded
from outbox.kinds import Content, Kind, Phase, Walk, register
from outbox.models import Message
from people.models import User
from programs.models import Program
from programs.needs import needs_of
from programs.notifications import runs_it


def digest(message: Message) -> Content | None:
    """What is next, planned sessions, open actions and goals; for whoever runs
    programmes what changed and which pairs need a person. Nothing to say, nothing sent.
    """
    user, now = message.to, timezone.now()
    pausing = next_steps.pauses_in(user)
    mentorships = [
        each
        for each in next_steps.my_mentorships(user)
        if each.program_id not in pausing
    ]
    steps = next_steps.for_participant(
        user, next_steps.my_parts(user), mentorships, without=pausing
    )
    sessions = next_steps.next_sessions(user, mentorships)
    # What is soon stands among the sessions already.
    planned = {each.url for each in sessions}
    steps = [each for each in steps if each.url not in planned]
    changes, pairs = [], []
    if Program.objects.managed_by(user).exists():
        steps += next_steps.for_coordinator(
            user, needs_of(next_steps.run_by(user), user)
        )
        changes = overviews.changes(user, now)
        pairs = overviews.need_a_person(user)
    actions, goals = (
        [each for each in found if each.mentorship.program_id not in pausing]
        for found in (next_steps.open_actions(user), next_steps.my_goals(user))
    )
    if not (steps or sessions or actions or goals or changes or pairs):
        return None
    return Content(
        {
            "steps": steps[:5],
            "sessions": sessions,
            "actions": actions,
            "goals": goals,
            "changes": changes,
            "pairs": pairs,
            "action_path": reverse("dashboards:home"),
        }
    )


def monthly(message: Message) -> Content | None:
    """How the programmes go, in figures; nothing while there are none. An example in a
    programme speaks of that one alone: who runs it may not know of others.
    """
    user, now = message.to, timezone.now()
    if not (user.is_hr_admin or user.is_sponsor):
        return None
    programs = overviews.figures(user, now, message.program_id)
    if not programs:
        return None
    return Content(
        {
            "programs": programs,
            "month": overviews.month_before(now)[0],
            "action_path": reverse("dashboards:home"),
        }
    )


def _mondays(walk: Walk) -> list[date]:
    """While somebody is in a mentorship, or runs the programme."""
    day = walk.matched_on + timedelta(days=-walk.matched_on.weekday() % 7)
    last = walk.ends_on if runs_it(walk) else walk.last_day
    found = []
    while day <= last:
        found.append(day)
        day += timedelta(days=7)
    return found


register(
    Kind(
        "digest",
        _("The weekly overview"),
        digest,
        is_reminder=True,
        is_overview=True,
        tells=False,
        trigger=_("Mondays at nine, when there is something to say"),
        audience=worded(_("everybody who is matched, %(coordinators_word)s, HR")),
        phase=Phase.OVERVIEW,
        lasts=timedelta(days=4),
        days=_mondays,
    )
)
register(
    Kind(
        "monthly",
        _("The monthly figures"),
        monthly,
        is_reminder=True,
        is_overview=True,
        tells=False,
        trigger=_("The first working day of the month"),
        audience=_("HR and sponsors"),
        phase=Phase.OVERVIEW,
        lasts=timedelta(days=14),
        only=(User.OrgRole.HR_ADMIN, User.OrgRole.SPONSOR),
    )
)
