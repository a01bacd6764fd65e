"""What is next for somebody, in the order in which it matters."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.models import CareItem, Invitation
from matching.models import Manner, Request
from mentorships.models import Action, Goal, Member, MentoringSession, Mentorship
from people.models import Employment, User
from programs.models import Participant, Program, Role

SOON = timedelta(days=7)


@dataclass(frozen=True)
class Step:
    """One thing to do: what, why, and the button that begins it."""

    title: str
    detail: str
    url: str
    button: str
    picture: str = "signpost"


def _names(mentorship: Mentorship, user: User) -> str:
    return ", ".join(
        member.participant.user.name
        for member in mentorship.members.all()
        if member.participant.user_id != user.pk
    )


def moment_words(moment: datetime) -> str:
    """A moment as one says it, in the person's own time."""
    return date_format(timezone.localtime(moment), "l j F, H:i")


def my_mentorships(user: User) -> list[Mentorship]:
    """The active ones with their people and what is planned."""
    return list(
        Mentorship.objects.visible_to(user)
        .active()
        .with_last_held()
        .select_related("program")
        .prefetch_related(
            Prefetch("members", Member.objects.select_related("participant__user")),
            Prefetch(
                "sessions", MentoringSession.objects.planned(), to_attr="on_calendar"
            ),
        )
    )


def _requests(user: User) -> list[Step]:
    """What mentees who choose ask of mentors; and choosing, for a mentee."""
    steps = [
        Step(
            _("%(name)s asks you to be their mentor")
            % {"name": found.mentee.user.name},
            _("Yes or no takes two taps. No is fine too: you need not say why."),
            found.get_absolute_url(),
            _("Read and answer"),
            "cups",
        )
        for found in Request.objects.open()
        .filter(mentor__user=user)
        .select_related("mentee__user")
    ]
    choosing = (
        Participant.objects.ready()
        .filter(
            user=user,
            role=Role.MENTEE,
            places_taken=0,
            program__manner__mode=Manner.Mode.CHOOSE,
            program__state__in=[Program.State.OPEN, Program.State.RUNNING],
        )
        .exclude(requests_sent__state=Request.State.OPEN)
        .select_related("program")
    )
    return steps + [
        Step(
            _("Choose a mentor"),
            _("Three mentors who fit you, each with the reasons why."),
            reverse("matching:choose", args=[me.program.slug]),
            _("See who fits me"),
        )
        for me in choosing
    ]


def for_participant(user: User, mentorships: list[Mentorship]) -> list[Step]:
    """For a mentor or a mentee."""
    now = timezone.now()
    joining = (
        Participant.objects.active()
        .filter(user=user, state=Participant.State.JOINING)
        .exclude(role=Role.COORDINATOR)
        .select_related("program")
    )
    steps = [
        Step(
            _("Complete your profile"),
            _("Then we can look for your match in %(name)s.")
            % {"name": me.program.name},
            me.program.get_absolute_url(),
            _("See what is missing"),
        )
        for me in joining
    ]
    steps += _requests(user)
    for mentorship in mentorships:
        names = _names(mentorship, user)
        past = [each for each in mentorship.on_calendar if each.ends_at < now]  # type: ignore[attr-defined]
        coming = [each for each in mentorship.on_calendar if each.ends_at >= now]  # type: ignore[attr-defined]
        if past:
            steps.append(
                Step(
                    _("Did you meet %(names)s?") % {"names": names},
                    moment_words(past[0].starts_at),
                    reverse("mentorships:session_log", args=[past[0].pk]),
                    _("Write it down"),
                    "cups",
                )
            )
        elif coming and coming[0].starts_at - now < SOON:
            steps.append(
                Step(
                    _("Session with %(names)s") % {"names": names},
                    moment_words(coming[0].starts_at),
                    mentorship.get_absolute_url(),
                    _("Prepare"),
                    "cups",
                )
            )
        elif not coming:
            first = mentorship.last_held_at is None
            steps.append(
                Step(
                    _("Plan your first session with %(names)s") % {"names": names}
                    if first
                    else _("Plan the next session with %(names)s") % {"names": names},
                    _("An hour to get to know each other is enough.")
                    if first
                    else _("Nothing is on the calendar."),
                    reverse("mentorships:session_plan", args=[mentorship.pk]),
                    _("Plan a session"),
                    "walking",
                )
            )
    steps += [
        Step(
            invitation.wave.survey.name,
            _("Done in two minutes. Your answers are seen with your name.")
            if invitation.wave.survey.is_named
            else _("Anonymous, and done in two minutes."),
            invitation.get_absolute_url(),
            _("Answer the questions"),
        )
        for invitation in Invitation.objects.open_for(user)
    ]
    return steps


def for_hr_admin() -> list[Step]:
    """Where the house is still empty: people first, then a programme."""
    steps = []
    if not Employment.objects.exists():
        steps.append(
            Step(
                _("Bring in your colleagues"),
                _("Read a file from HR. You see what it would do before it does it."),
                reverse("people:people_import"),
                _("Read HR file"),
            )
        )
    if not Program.objects.exists():
        steps.append(
            Step(
                _("Set up your first programme"),
                _("Begin with a template; a quarter of an hour is enough."),
                reverse("programs:template_list"),
                _("Choose a template"),
            )
        )
    return steps


def for_coordinator(user: User) -> list[Step]:
    """For whoever runs programmes: what asks for a person."""
    steps = []
    now = timezone.now()
    waiting = waiting_by_program(user)
    quiet: dict[int, int] = {}
    for program_id in (
        Mentorship.objects.quiet_at(now)
        .overseen_by(user)
        .values_list("program", flat=True)
    ):
        quiet[program_id] = quiet.get(program_id, 0) + 1
    if asking := CareItem.objects.visible_to(user).to_do().count():
        steps.append(
            Step(
                ngettext(
                    "%(number)s pair asks for a person",
                    "%(number)s pairs ask for a person",
                    asking,
                )
                % {"number": asking},
                _("In order, with the facts and words to begin with."),
                reverse("feedback:care_queue"),
                _("To the care queue"),
                "cups",
            )
        )
    for program in Program.objects.managed_by(user).exclude(state="archived"):
        if program.state == Program.State.DRAFT:
            steps.append(
                Step(
                    _("Finish the draft of %(name)s") % {"name": program.name},
                    _("Nobody sees it until you open it."),
                    program.get_absolute_url(),
                    _("Go on"),
                )
            )
        if number := waiting.get(program.pk):
            steps.append(
                Step(
                    _("Match people in %(name)s") % {"name": program.name},
                    ngettext(
                        "%(number)s mentee waits for a mentor.",
                        "%(number)s mentees wait for a mentor.",
                        number,
                    )
                    % {"number": number},
                    reverse("matching:round_list", args=[program.slug]),
                    _("To matching"),
                    "walking",
                )
            )
        if number := quiet.get(program.pk):
            steps.append(
                Step(
                    ngettext(
                        "%(number)s pair is quiet for too long",
                        "%(number)s pairs are quiet for too long",
                        number,
                    )
                    % {"number": number},
                    program.name,
                    reverse("mentorships:program_mentorships", args=[program.slug])
                    + "?show=quiet",
                    _("See which"),
                    "cups",
                )
            )
    return steps


def waiting_by_program(user: User) -> dict[int, int]:
    """How many ready mentees wait, for each programme that one runs."""
    found: dict[int, int] = {}
    for program_id in (
        Participant.objects.ready()
        .filter(
            program__in=Program.objects.managed_by(user).live(),
            role=Role.MENTEE,
            places_taken=0,
        )
        .values_list("program", flat=True)
    ):
        found[program_id] = found.get(program_id, 0) + 1
    return found


def open_actions(user: User) -> list[Action]:
    """What I said I would do."""
    return list(
        Action.objects.open()
        .filter(owner__participant__user=user, mentorship__ended_at=None)
        .select_related("mentorship")[:10]
    )


def my_goals(user: User) -> list[Goal]:
    """What I work on."""
    return list(
        Goal.objects.active()
        .filter(owner__participant__user=user, mentorship__ended_at=None)
        .prefetch_related("progress")[:10]
    )
