"""Asking people how it went."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from feedback.models import CareMessage, Confidant, Invitation, Report
from mentoring.branding import worded
from outbox.kinds import ROLES, Content, Kind, Phase, Walk, register
from outbox.models import Message
from people.models import User
from programs.models import Program
from programs.notifications import takes_part

FIRST_DAY, EVERY_DAYS = 30, 60
# Besides the roles of a programme and of the organisation: who reads serious reports.
CONFIDANT = "confidant"


def read_in_confidence(user: User) -> set[str]:
    """Whether somebody was named to read serious reports, or still has one."""
    named = Confidant.objects.filter(user=user).exists()
    return {CONFIDANT} if named or Report.objects.filter(to=user).exists() else set()


ROLES.append(read_in_confidence)


def pulse(message: Message) -> Content | None:
    """The question, with a link of one's own; nothing once it is answered or closed."""
    invitation = (
        Invitation.objects.unanswered()
        .select_related("wave__survey__program")
        .filter(pk=message.about_id)
        .first()
    )
    if invitation is None or not invitation.wave.is_open:
        return None
    return Content(
        {
            "survey": invitation.wave.survey,
            "program": invitation.wave.survey.program,
            "closes_at": invitation.wave.closes_at,
            "is_reminder": message.occasion == "reminder",
            "action_path": invitation.get_absolute_url(),
        }
    )


def _pulse_days(walk: Walk) -> list[date]:
    if not takes_part(walk):
        return []
    found = []
    day = walk.starts_on + timedelta(days=FIRST_DAY)
    while day < walk.last_day:
        # Whoever answers hears no more of it; who is quiet is reminded once.
        found += [day, day + timedelta(days=5)] if walk.goes_quiet else [day]
        day += timedelta(days=EVERY_DAYS)
    return found


register(
    Kind(
        "pulse",
        _("Short surveys"),
        pulse,
        is_reminder=True,
        tells=True,
        trigger=_("On day 30 of the programme, then every 60 days; again after 5 days"),
        audience=_("everybody in a mentorship"),
        phase=Phase.ASKING,
        days=_pulse_days,
    )
)


def care(message: Message) -> Content | None:
    """What somebody who cares for the pair wrote; answers go to them."""
    found = (
        CareMessage.objects.select_related("by", "item__mentorship__program")
        .filter(pk=message.about_id)
        .first()
    )
    if found is None:
        return None
    mentorship = found.item.mentorship
    return Content(
        {
            "body": found.body,
            "by": found.by,
            "program": mentorship.program,
            "action_path": mentorship.get_absolute_url(),
        },
        reply_to=found.by.email if found.by else "",
    )


register(
    Kind(
        "care",
        worded(_("A message from the %(coordinator_word)s")),
        care,
        may_switch_off=False,
        tells=True,
        trigger=worded(_("When the %(coordinator_word)s writes to a pair")),
        audience=_("whom it is for"),
        phase=Phase.MEETING,
    )
)


def report(message: Message) -> Content | None:
    """That there is something to read: not what, not of whom."""
    return Content({"action_path": reverse("feedback:report_list")})


register(
    Kind(
        "report",
        _("A serious report to you"),
        report,
        may_switch_off=False,
        tells=True,
        trigger=_("When somebody reports something serious"),
        audience=_("the person who was named to read it"),
        phase=Phase.MEETING,
        is_overview=True,
        only=(CONFIDANT,),
    )
)


def confidant_left(message: Message) -> Content | None:
    """That somebody has to come in their place; nothing once somebody has, or when they
    are back.
    """
    former = User.objects.gone().filter(pk=message.about_id).first()
    if former is None:
        return None
    number = Report.objects.left_behind().filter(to=former).count()
    if not number and not Confidant.objects.filter(user=former).exists():
        return None
    return Content(
        {
            "name": former.name,
            "number": number,
            "action_path": reverse("feedback:confidant_list"),
        }
    )


register(
    Kind(
        "confidant_left",
        _("Who reads serious reports has left"),
        confidant_left,
        may_switch_off=False,
        tells=False,
        trigger=_("When somebody who was named to read serious reports leaves"),
        audience=_("HR admins"),
        phase=Phase.MEETING,
        is_overview=True,
        only=(User.OrgRole.HR_ADMIN,),
    )
)


def without_reader(message: Message) -> Content | None:
    """That in a programme nobody can report something; nothing once somebody can."""
    program = Program.objects.filter(pk=message.about_id).first()
    number = Confidant.without_reader().filter(program=message.about_id).count()
    if program is None or not number:
        return None
    return Content(
        {
            "program": program,
            "number": number,
            "action_path": reverse("feedback:confidant_list"),
        }
    )


register(
    Kind(
        "without_reader",
        _("Nobody can read serious reports"),
        without_reader,
        may_switch_off=False,
        tells=False,
        trigger=_(
            "When whoever reads serious reports runs a programme now, or is in a"
            " mentorship, and nobody else is named for it"
        ),
        audience=_("HR admins"),
        phase=Phase.MEETING,
        is_overview=True,
        only=(User.OrgRole.HR_ADMIN,),
    )
)
