"""What we tell people about programmes."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring.branding import lazy_role_word
from outbox.clocks import after
from outbox.kinds import (
    ANSWERS,
    AWAY,
    KINDS,
    ROLES,
    Content,
    Kind,
    Phase,
    Walk,
    register,
)
from outbox.models import Message
from people.models import Absence, User
from programs.lacking import lacking
from programs.models import Application, Invite, Participant, Program, Role, token_of

# In days.
PROFILE_STEPS = (3, 10)
TELL_COORDINATOR_AFTER = 14
WAITING_DAYS = 14


def who_runs_it(message: Message) -> str:
    """Replies go to who runs the programme, else to an HR admin; never to oneself."""
    here = User.objects.working_here().exclude(pk=message.to_id).order_by("pk")
    running = Participant.objects.coordinators().filter(program=message.program_id)
    found = (
        here.filter(pk__in=running.values("user")).first()
        or here.filter(org_role=User.OrgRole.HR_ADMIN).first()
    )
    return found.email if found else ""


ANSWERS.append(who_runs_it)


def roles_held(user: User) -> set[str]:
    """Roles in programmes, and that in the organisation; HR admins run every one."""
    roles = set(user.participations.active().values_list("role", flat=True))
    if user.is_hr_admin:
        roles.add(Role.COORDINATOR)
    return roles | {user.org_role}


ROLES.append(roles_held)


def pause_in(message: Message) -> list[Absence]:
    """Whoever pauses in a programme is away from it, unless they hear of it because
    they run it.
    """
    if message.program_id is None or KINDS[message.kind].to_team:
        return []
    found = (
        Participant.objects.pausing()
        .filter(program=message.program_id, user=message.to_id)
        .first()
    )
    return [found.pause] if found and found.pause else []


AWAY.append(pause_in)


def takes_part(walk: Walk) -> bool:
    """Whether an invented person is matched, and does not run the programme."""
    return not runs_it(walk)


def runs_it(walk: Walk) -> bool:
    """Whether the invented person is who runs the programme."""
    return walk.role == Role.COORDINATOR


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


def profile_unfinished(message: Message) -> Content | None:
    """What is still lacking before somebody can be matched."""
    participant = _participant(message)
    if participant is None or participant.is_ready or participant.is_pausing:
        return None
    if not participant.program.takes_joiners:
        return None
    content = _to_participation(participant)
    content.context["lacking"] = lacking(participant)
    return content


def invitations_unanswered(message: Message) -> Content | None:
    """To whoever runs the programme: who has not answered after two weeks."""
    program = (
        Program.objects.managed_by(message.to)
        .live()
        .filter(pk=message.about_id)
        .first()
    )
    if program is None:
        return None
    before = timezone.now() - timedelta(days=TELL_COORDINATOR_AFTER)
    emails = list(
        program.invites.unused()
        .unanswered()
        .filter(at__lte=before)
        .values_list("email", flat=True)
    )
    if not emails:
        return None
    return Content(
        {
            "program": program,
            "number": len(emails),
            "emails": emails[:10],
            "more": len(emails[10:]),
            "action_path": reverse("programs:participant_list", args=[program.slug]),
        }
    )


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


def program_clearing(message: Message) -> Content | None:
    """What people wrote will be removed on a day; nothing once it is."""
    program = (
        Program.objects.to_clear()
        .filter(pk=message.about_id)
        .exclude(clearing_told_at=None)
        .first()
    )
    if program is None:
        return None
    seen = Program.objects.visible_to(message.to).filter(pk=program.pk).exists()
    return Content(
        {
            "program": program,
            "clears_on": program.clears_on,
            "action_path": reverse("programs:visibility", args=[program.slug])
            if seen
            else reverse("programs:program_list"),
        }
    )


# What somebody can change about the second step, by allauth's name for it.
CHANGES = {
    "totp_activated": _("An authenticator app was added to your account."),
    "totp_deactivated": _("The authenticator app was taken away from your account."),
    "webauthn_added": _("A passkey or security key was added to your account."),
    "webauthn_removed": _(
        "A passkey or security key was taken away from your account."
    ),
    "recovery_codes_generated": _(
        "New recovery codes were made for your account; the old ones no longer work."
    ),
}


def second_step_changed(message: Message) -> Content | None:
    """Whoever changed it reads it; so does the owner, if that was somebody else."""
    said = CHANGES.get(message.facts.get("change", ""))
    if said is None:
        return None
    return Content(
        {
            "said": said,
            "at": message.not_before,
            "action_path": reverse("mfa_index"),
        }
    )


def second_step_reset(message: Message) -> Content | None:
    """Somebody else took it away; who, or nobody for who keeps the server."""
    by = message.person("by")
    return Content(
        {
            "by": by.name if by else "",
            "at": message.not_before,
            "action_path": reverse("mfa_index"),
        }
    )


def address_changed(message: Message) -> Content | None:
    """On the earlier address and on the one of now. A reply does not go to whoever
    changed it, where there is another HR admin.
    """
    facts = message.facts
    by = message.person("by")
    others = User.objects.hr_admins().exclude(pk__in=[message.to_id, facts["by"]])
    other = others.order_by("pk").first()
    return Content(
        {
            "before": facts["before"],
            "now": facts["now"],
            "by": by.name if by else "",
            "at": message.not_before,
            "action_path": reverse("account_login"),
        },
        reply_to=other.email if other else "",
        address=facts["before"] if facts["on"] == "before" else "",
    )


register(
    Kind(
        "invitation",
        _("Invitations"),
        invitation,
        may_switch_off=False,
        tells=False,
        trigger=_("At once, when somebody is invited"),
        audience=_("who is invited"),
        phase=Phase.JOINING,
        days=lambda walk: [walk.invited_on],
    )
)
register(
    Kind(
        "invitation_reminder",
        _("Reminders of an invitation"),
        invitation,
        is_reminder=True,
        tells=False,
        trigger=_("4 and 11 days after an invitation without an answer"),
        audience=_("who is invited"),
        phase=Phase.JOINING,
        days=lambda walk: [
            day for day in after(walk.invited_on, (4, 11)) if day < walk.joined_on
        ],
    )
)
register(
    Kind(
        "invitations_unanswered",
        _("Invitations without an answer"),
        invitations_unanswered,
        is_reminder=True,
        tells=False,
        trigger=_("14 days after invitations without an answer"),
        audience=lazy_role_word("coordinator", many=True),
        phase=Phase.JOINING,
        days=lambda walk: (
            after(walk.invited_on, [TELL_COORDINATOR_AFTER]) if runs_it(walk) else []
        ),
        only=(Role.COORDINATOR,),
    )
)
register(
    Kind(
        "joined",
        _("That I take part"),
        joined,
        may_switch_off=False,
        tells=False,
        trigger=_("At once, when somebody joins"),
        audience=_("who joins"),
        phase=Phase.JOINING,
        days=lambda walk: [walk.joined_on] if takes_part(walk) else [],
    )
)
register(
    Kind(
        "profile_unfinished",
        _("What is still missing for a match"),
        profile_unfinished,
        is_reminder=True,
        tells=False,
        trigger=_("3 and 10 days after joining with something missing"),
        audience=_("who is not ready to be matched"),
        phase=Phase.JOINING,
        days=lambda walk: [
            day
            for day in after(walk.joined_on, PROFILE_STEPS)
            if day < walk.ready_on and takes_part(walk)
        ],
    )
)
register(
    Kind(
        "guidelines_changed",
        _("New guidelines to accept"),
        guidelines_changed,
        may_switch_off=False,
        tells=False,
        trigger=_("At once, when the guidelines of a role change"),
        audience=_("everybody in the role"),
        phase=Phase.JOINING,
    )
)
register(
    Kind(
        "application_waiting",
        _("That people ask to take part"),
        application_waiting,
        tells=False,
        trigger=_("At once, when somebody applies"),
        audience=lazy_role_word("coordinator", many=True),
        phase=Phase.JOINING,
        only=(Role.COORDINATOR,),
    )
)
register(
    Kind(
        "application_declined",
        _("The answer to my application"),
        application_declined,
        may_switch_off=False,
        tells=False,
        trigger=_("At once, when an application is declined"),
        audience=_("whoever applied"),
        phase=Phase.JOINING,
    )
)
register(
    Kind(
        "program_clearing",
        _("That what I wrote will be removed"),
        program_clearing,
        may_switch_off=False,
        tells=False,
        trigger=_("30 days before what people wrote in an archived programme goes"),
        audience=_("everybody who took part"),
        phase=Phase.ENDING,
    )
)
register(
    Kind(
        "address_changed",
        _("That the e-mail address of my account was changed"),
        address_changed,
        may_switch_off=False,
        is_overview=True,
        tells=True,
        trigger=_("At once, when HR changes it; to the earlier address as well"),
        audience=_("whose account it is"),
        phase=Phase.ACCOUNT,
    )
)
register(
    Kind(
        "second_step_changed",
        _("What changed about how I sign in"),
        second_step_changed,
        may_switch_off=False,
        is_overview=True,
        tells=True,
        trigger=_("At once, when somebody changes their second step"),
        audience=_("whose account it is"),
        phase=Phase.ACCOUNT,
    )
)
register(
    Kind(
        "second_step_reset",
        _("That my second step was taken away"),
        second_step_reset,
        may_switch_off=False,
        is_overview=True,
        tells=True,
        trigger=_("At once, when an HR admin takes it away for who lost it"),
        audience=_("whose account it is"),
        phase=Phase.ACCOUNT,
    )
)
