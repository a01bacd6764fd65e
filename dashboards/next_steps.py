"""What is next for somebody, in the order in which it matters."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from feedback.models import Confidant, Invitation, Report
from feedback.needs import care_title, mine_title
from matching.models import Manner, Request
from matching.needs import choosing_now
from mentoring.branding import role_words
from mentoring.words import day_words
from mentorships.models import (
    Action,
    Goal,
    Member,
    MentoringSession,
    Mentorship,
    SessionOffer,
    Story,
    to_log_and_coming,
)
from people.models import Employment, User
from programs.actions import answer_on
from programs.models import Application, Invite, Participant, Program, Role
from programs.models.participants import ParticipantQuerySet
from programs.needs import Need, with_needs

SOON = timedelta(days=7)
LATELY = timedelta(days=30)


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
        .with_rests(timezone.now())
        .select_related("program")
        .prefetch_related(
            Prefetch("members", Member.objects.select_related("participant__user")),
            Prefetch(
                "sessions", MentoringSession.objects.planned(), to_attr="on_calendar"
            ),
        )
    )


def my_parts(user: User) -> list[Participant]:
    """What somebody takes part in, but for where they pause."""
    return list(
        Participant.objects.active()
        .not_pausing()
        .filter(user=user)
        .exclude(role=Role.COORDINATOR)
        .select_related("program")
        .with_must_accept()
    )


def waits(parts: list[Participant]) -> list[tuple[Program, date | None]]:
    """Where one is ready and waits for a match, and the day of the answer while it is
    to come. Where mentees choose nobody waits for that.
    """
    found = [
        me
        for me in parts
        if me.is_ready and not me.places_taken and me.program.takes_joiners
    ]
    if not found:
        return []
    chosen = set(
        Manner.objects.filter(
            mode=Manner.Mode.CHOOSE, program__in=[me.program for me in found]
        ).values_list("program", flat=True)
    )
    return [
        (me.program, answer_on(me.program))
        for me in found
        if me.program_id not in chosen
    ]


def _requests(user: User, parts: list[Participant]) -> list[Step]:
    """What mentees who choose ask of mentors; and choosing, for a mentee."""
    asked = Request.objects.none()
    if any(me.role == Role.MENTOR for me in parts):
        asked = Request.objects.open().filter(mentor__user=user)
    steps = [
        Step(
            _("%(name)s asks you to be their %(mentor_word)s")
            % {"name": found.mentee.user.name, **role_words()},
            _("Yes or no takes two taps. No is fine too: you need not say why."),
            found.get_absolute_url(),
            _("Read and answer"),
            "cups",
        )
        for found in asked.select_related("mentee__user")
    ]
    names = {me.pk: me.program.name for me in parts}
    return steps + [
        Step(now.title, f"{names[pk]}: {now.detail}", now.url, now.button)
        for pk, now in choosing_now(parts).items()
    ]


def for_invited(user: User) -> list[Step]:
    """Where somebody was asked to take part and has not decided."""
    asked = (
        Invite.objects.working()
        .unanswered()
        .filter(
            email=user.email.lower(),
            program__state__in=[Program.State.OPEN, Program.State.RUNNING],
        )
        .exclude(
            program__in=Application.objects.filter(
                user=user, state=Application.State.WAITING
            ).values("program")
        )
        .select_related("program")
    )
    # Asked again it is still one question.
    return [
        Step(
            _("You are asked for %(name)s") % {"name": invite.program.name},
            _("As %(role)s. Read what it asks of you, then decide.")
            % {"role": invite.get_role_display()},
            reverse("programs:program_join", args=[invite.program.slug, invite.role]),
            _("Read and decide"),
            "mailbox",
        )
        for invite in {each.program_id: each for each in asked}.values()
    ]


def pauses_in(user: User) -> set[int]:
    """The programmes in which somebody is away for a while."""
    mine = Participant.objects.pausing().filter(user=user)
    return set(mine.values_list("program", flat=True))


def _offers(mentorships: list[Mentorship]) -> dict[int, SessionOffer]:
    """The moments that wait to be picked, by mentorship; the newest of several."""
    found = (
        SessionOffer.objects.open(timezone.now())
        .filter(mentorship__in=mentorships)
        .select_related("by__participant__user")
    )
    return {each.mentorship_id: each for each in reversed(found)}


def rounded_off(user: User) -> list[Step]:
    """What ended not long ago, for who has no certificate of it yet. It stands on the
    home page; no digest asks for it.
    """
    met = Member.objects.filter(
        participant__user=user,
        certificate=None,
        mentorship__ended_at__gt=timezone.now() - LATELY,
        mentorship__sessions__state=MentoringSession.State.HELD,
    )
    ended = Mentorship.objects.filter(members__in=met).distinct()
    return [
        Step(
            _("Rounded off with %(names)s") % {"names": _names(each, user)},
            _("Your certificate is ready, and there is room for a thank-you."),
            each.get_absolute_url(),
            _("To your mentorship"),
            "walking",
        )
        for each in ended.prefetch_related(
            Prefetch("members", Member.objects.select_related("participant__user"))
        )
    ]


@dataclass(frozen=True)
class Coming:
    """The next planned session of a mentorship: with whom, when and where."""

    names: str
    moment: str
    where: str
    url: str


def next_sessions(user: User, mentorships: list[Mentorship]) -> list[Coming]:
    """The first to come of each mentorship, in the order of time; no query."""
    now = timezone.now()
    found = []
    for mentorship in mentorships:
        _past, coming = to_log_and_coming(mentorship.on_calendar, now)  # type: ignore[attr-defined]
        if coming:
            found.append((coming[0], _names(mentorship, user)))
    return [
        Coming(
            names,
            moment_words(session.starts_at),
            ", ".join(filter(None, [session.get_mode_display(), session.place])),
            session.get_absolute_url(),
        )
        for session, names in sorted(found, key=lambda each: each[0].starts_at)
    ]


def for_participant(
    user: User,
    parts: list[Participant],
    mentorships: list[Mentorship],
    without: Collection[int] = (),
) -> list[Step]:
    """For a mentor or a mentee; nothing of the programmes that are left out."""
    now = timezone.now()
    steps = [
        Step(
            _("Complete your profile"),
            _("Then we can look for your match in %(name)s.")
            % {"name": me.program.name},
            me.program.get_absolute_url(),
            _("See what is missing"),
        )
        for me in parts
        if me.state == Participant.State.JOINING and me.program.takes_joiners
    ]
    steps += [
        Step(
            _("The guidelines have changed"),
            _("In %(name)s. Read what is new, and say whether you accept it.")
            % {"name": me.program.name},
            f"{reverse('programs:participation', args=[me.program.slug])}#guidelines",
            _("Read what changed"),
        )
        for me in parts
        if me.must_accept  # type: ignore[attr-defined]
        and me.is_ready
        and not me.program.is_archived
    ]
    steps += _requests(user, parts)
    offers = _offers(mentorships)
    for mentorship in mentorships:
        offer = offers.get(mentorship.pk)
        names = _names(mentorship, user)
        past, coming = to_log_and_coming(mentorship.on_calendar, now)  # type: ignore[attr-defined]
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
        if offer and offer.by.participant.user_id != user.pk:
            steps.append(
                Step(
                    _("%(name)s offers moments to meet")
                    % {"name": offer.by.participant.user.name},
                    _("Pick one and it is planned."),
                    mentorship.get_absolute_url(),
                    _("Pick a moment"),
                    "cups",
                )
            )
        elif past:
            continue
        elif coming and coming[0].starts_at - now < SOON:
            steps.append(
                Step(
                    _("Session with %(names)s") % {"names": names},
                    moment_words(coming[0].starts_at),
                    coming[0].get_absolute_url(),
                    _("Prepare"),
                    "cups",
                )
            )
        elif not (coming or offer or mentorship.rests):  # type: ignore[attr-defined]
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
            survey.name,
            f"{survey.program.name}: "
            + (
                _("Open until %(day)s. Your answers are seen with your name.")
                if survey.is_named
                else _("Anonymous, and open until %(day)s.")
            )
            % {"day": day_words(timezone.localdate(invitation.wave.closes_at))},
            invitation.get_absolute_url(),
            _("Answer the questions"),
        )
        for invitation in Invitation.objects.open_for(user)
        if (survey := invitation.wave.survey).program_id not in without
    ]
    return steps


def to_read_and_manages(user: User) -> tuple[bool, bool]:
    """Whether a report waits for somebody, and whether they manage people."""
    found: tuple[bool, bool] = (
        User.objects.filter(pk=user.pk)
        .values_list(Exists(Report.objects.visible_to(user).open()), Exists(user.team))
        .get()
    )
    return found


def for_confidant() -> list[Step]:
    """For somebody who was named to read reports, where there is one."""
    return [
        Step(
            _("There is something for you to read"),
            _("Somebody reports something to you, and to nobody else."),
            reverse("feedback:report_list"),
            _("Read it"),
            "mailbox",
        )
    ]


def _name_a_confidant() -> Step:
    return Step(
        _("Name a person for serious reports"),
        _("Whoever meets with something that should not happen, has to go somewhere."),
        reverse("feedback:confidant_list"),
        _("Name somebody"),
    )


def _name_another() -> Step:
    return Step(
        _("Somewhere nobody can report anything"),
        _(
            "Whoever is named to read it is in the mentorship or runs the programme."
            " Name somebody outside of it."
        ),
        reverse("feedback:confidant_list"),
        _("Choose who reads them"),
    )


def _hand_over() -> Step:
    return Step(
        _("Somebody else has to read reports"),
        _(
            "They wait with somebody who left or is not named any more. You hand them"
            " over without reading them."
        ),
        reverse("feedback:confidant_list"),
        _("Choose who reads them"),
    )


def for_hr_admin(*, has_running: bool | None = None) -> list[Step]:
    """Where the house is still empty: people first, then a programme, then somebody
    whom one can go to.
    """
    if has_running is None:
        has_running = Program.objects.filter(state=Program.State.RUNNING).exists()
    # All in one query, on whichever row: this is asked with every home page of HR.
    reports_wait, is_named, is_lacking = User.objects.values_list(
        Exists(Report.objects.left_behind()),
        Exists(Confidant.named_now()),
        Exists(Confidant.without_reader()),
    ).first() or (False, False, False)
    if reports_wait:
        return [_hand_over()]
    if has_running and not is_named:
        return [_name_a_confidant()]
    if is_named and is_lacking:
        return [_name_another()]
    if has_running:
        return []
    steps = []
    if not Employment.objects.filter(is_by_hand=False).exists():
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


def run_by(user: User) -> list[Program]:
    """The programmes that somebody runs, with their counts; not the archive."""
    return list(
        with_needs(
            Program.objects.managed_by(user).exclude(state=Program.State.ARCHIVED)
        )
    )


def who_waits(user: User) -> ParticipantQuerySet:
    """Who is ready and has no match, in the programmes that somebody runs."""
    return Participant.objects.ready().filter(
        program__in=Program.objects.managed_by(user).matching(),
        role__in=[Role.MENTEE, Role.PEER],
        places_taken=0,
    )


def for_coordinator(user: User, needs: dict[int, list[Need]]) -> list[Step]:
    """For whoever runs programmes: what asks for a person there."""
    steps = _care([each for found in needs.values() for each in found])
    steps += [
        Step(
            _("%(name)s tells a story") % {"name": story.author.user.name},
            _("Read it before others do: “%(title)s”") % {"title": story.title},
            reverse("mentorships:recognition", args=[story.author.program.slug]),
            _("Read the story"),
        )
        for story in Story.objects.managed_by(user)
        .offered()
        .select_related("author__user", "author__program")[:3]
    ]
    return steps + [
        Step(
            need.title,
            f"{need.program.name}. {need.detail}",
            need.url,
            need.button,
            need.picture,
        )
        for found in needs.values()
        for need in found
        if need.key not in {"care", "mine"}
    ]


def _care(needs: list[Need]) -> list[Step]:
    """The care queue is one, of all programmes; and there is what one took from it."""
    queue = reverse("feedback:care_queue")
    steps = []
    for key, title, url in (
        ("care", care_title, queue),
        ("mine", mine_title, f"{queue}?show=mine"),
    ):
        if found := [need for need in needs if need.key == key]:
            one, number = found[0], sum(need.number for need in found)
            steps.append(Step(title(number), one.detail, url, one.button, one.picture))
    return steps


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
        .select_related("mentorship")
        .prefetch_related("progress")[:10]
    )
