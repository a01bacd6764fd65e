"""What we tell people about programmes."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from outbox.kinds import Content, Kind, register
from outbox.models import Message
from programs.models import Application, Invite, Participant, Program, token_of


def invitation(message: Message) -> Content | None:
    """Somebody is asked to take part; nothing once the link was used or withdrawn."""
    found = (
        Invite.objects.unused()
        .unanswered()
        .select_related("program", "by")
        .filter(pk=message.about_id)
        .first()
    )
    if found is None:
        return None
    return Content(
        {
            "program": found.program,
            "invite": found,
            "action_path": reverse(
                "programs:invite_accept", args=[token_of(message.facts["nonce"])]
            ),
        },
        reply_to=found.by.email if found.by else "",
    )


def _participant(message: Message) -> Participant | None:
    return (
        Participant.objects.active()
        .select_related("program")
        .filter(pk=message.about_id)
        .exclude(program__state=Program.State.ARCHIVED)
        .first()
    )


def _to_participation(participant: Participant) -> Content:
    slug = participant.program.slug
    return Content(
        {
            "program": participant.program,
            "participant": participant,
            "action_path": reverse("programs:participation", args=[slug]),
        }
    )


def joined(message: Message) -> Content | None:
    """A confirmation, with what happens next."""
    participant = _participant(message)
    return _to_participation(participant) if participant else None


def guidelines_changed(message: Message) -> Content | None:
    """There is a new version to accept; nothing once this or a newer one was."""
    participant = _participant(message)
    if participant is None:
        return None
    version = int(message.occasion.removeprefix("version-"))
    seen = participant.acceptances.filter(guideline__version__gte=version)
    if seen.exists():
        return None
    return _to_participation(participant)


def application_waiting(message: Message) -> Content | None:
    """People ask to take part; nothing once all of them are answered."""
    program = Program.objects.filter(pk=message.about_id).first()
    if program is None or not (count := program.applications.waiting().count()):
        return None
    return Content(
        {
            "program": program,
            "count": count,
            "action_path": reverse("programs:application_list", args=[program.slug]),
        }
    )


def application_declined(message: Message) -> Content | None:
    """The coordinator's no, with the reason; replies go to who wrote it."""
    found = (
        Application.objects.filter(
            pk=message.about_id, state=Application.State.DECLINED
        )
        .select_related("program", "decided_by")
        .first()
    )
    if found is None:
        return None
    return Content(
        {
            "program": found.program,
            "application": found,
            "action_path": reverse("programs:program_list"),
        },
        reply_to=found.decided_by.email if found.decided_by else "",
    )


register(Kind("invitation", _("Invitations"), invitation, may_switch_off=False))
register(
    Kind(
        "invitation_reminder",
        _("Reminders of an invitation"),
        invitation,
        is_reminder=True,
    )
)
register(Kind("joined", _("That I take part"), joined, may_switch_off=False))
register(
    Kind(
        "guidelines_changed",
        _("New guidelines to accept"),
        guidelines_changed,
        may_switch_off=False,
    )
)
register(
    Kind("application_waiting", _("That people ask to take part"), application_waiting)
)
register(
    Kind(
        "application_declined",
        _("The answer to my application"),
        application_declined,
        may_switch_off=False,
    )
)
