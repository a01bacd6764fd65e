"""What we tell people about programmes."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from outbox.clocks import after, every
from outbox.kinds import Content, Kind, Phase, Story, register
from outbox.models import Message
from people.completeness import missing
from people.models import Profile
from programs.models import Application, Invite, Participant, Program, Role, token_of

# In days.
PROFILE_STEPS = (3, 10)
TELL_COORDINATOR_AFTER = 14
WAITING_DAYS = 14


def takes_part(story: Story) -> bool:
    """Whether an invented person is matched, and does not run the programme."""
    return story.role != Role.COORDINATOR


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
    if participant is None or participant.is_ready:
        return None
    if not participant.program.takes_joiners:
        return None
    content = _to_participation(participant)
    profile = Profile.objects.filter(user=participant.user_id).first()
    content.context["lacking"] = missing(profile, participant.role) if profile else []
    return content


def waiting_status(message: Message) -> Content | None:
    """Whoever waits for a match hears how it stands."""
    participant = _participant(message)
    if participant is None or not participant.is_ready or participant.places_taken:
        return None
    if not participant.program.takes_joiners:
        return None
    content = _to_participation(participant)
    content.context["action_path"] = reverse(
        "matching:waiting", args=[participant.program.slug]
    )
    day = participant.program.matching_on or participant.program.starts_on
    if day and day >= timezone.localdate():
        content.context["answer_on"] = day
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


register(
    Kind(
        "invitation",
        _("Invitations"),
        invitation,
        may_switch_off=False,
        trigger=_("At once, when a coordinator invites somebody"),
        audience=_("who is invited"),
        phase=Phase.JOINING,
        days=lambda story: [story.invited_on],
    )
)
register(
    Kind(
        "invitation_reminder",
        _("Reminders of an invitation"),
        invitation,
        is_reminder=True,
        trigger=_("4 and 11 days after an invitation without an answer"),
        audience=_("who is invited"),
        phase=Phase.JOINING,
        days=lambda story: [
            day for day in after(story.invited_on, (4, 11)) if day < story.joined_on
        ],
    )
)
register(
    Kind(
        "invitations_unanswered",
        _("Invitations without an answer"),
        invitations_unanswered,
        is_reminder=True,
        trigger=_("14 days after invitations without an answer"),
        audience=_("coordinators"),
        phase=Phase.JOINING,
        days=lambda story: (
            after(story.invited_on, [TELL_COORDINATOR_AFTER])
            if story.role == Role.COORDINATOR
            else []
        ),
    )
)
register(
    Kind(
        "joined",
        _("That I take part"),
        joined,
        may_switch_off=False,
        trigger=_("At once, when somebody joins"),
        audience=_("who joins"),
        phase=Phase.JOINING,
        days=lambda story: [story.joined_on] if takes_part(story) else [],
    )
)
register(
    Kind(
        "profile_unfinished",
        _("What is still missing for a match"),
        profile_unfinished,
        is_reminder=True,
        trigger=_("3 and 10 days after joining with something missing"),
        audience=_("who is not ready to be matched"),
        phase=Phase.JOINING,
        days=lambda story: [
            day
            for day in after(story.joined_on, PROFILE_STEPS)
            if day < story.ready_on and takes_part(story)
        ],
    )
)
register(
    Kind(
        "waiting_status",
        _("How it stands while I wait"),
        waiting_status,
        is_reminder=True,
        trigger=_("Every 14 days of waiting for a match"),
        audience=_("who waits"),
        phase=Phase.WAITING,
        days=lambda story: (
            every(story.ready_on, WAITING_DAYS, story.matched_on)
            if takes_part(story)
            else []
        ),
    )
)
register(
    Kind(
        "guidelines_changed",
        _("New guidelines to accept"),
        guidelines_changed,
        may_switch_off=False,
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
        trigger=_("At once, when somebody applies"),
        audience=_("coordinators"),
        phase=Phase.JOINING,
    )
)
register(
    Kind(
        "application_declined",
        _("The answer to my application"),
        application_declined,
        may_switch_off=False,
        trigger=_("At once, when an application is declined"),
        audience=_("whoever applied"),
        phase=Phase.JOINING,
    )
)
