"""What the clock does for surveys."""

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException

from celery import shared_task
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from feedback.access import cells_of, renew_access
from feedback.actions import (
    invite,
    open_wave,
    pulse_of,
    review_program,
    settle,
    write_to,
)
from feedback.models import (
    WAVE_LENGTH,
    CareSettings,
    Confidant,
    Draft,
    Invitation,
    Question,
    Report,
    Survey,
    Wave,
)
from feedback.schedule import GRACE_DAYS, due, occasion_of
from mentoring.mail import compose as mail_of
from mentorships.models import Member
from outbox.actions import compose, plan_all
from people.models import BackgroundQuestion, User
from programs.models import Program

logger = logging.getLogger(__name__)

QUESTIONS = Question.objects.filter(survey=OuterRef("pk"))
REMIND_AFTER = timedelta(days=5)
HALF_WAY_WITHOUT_END = timedelta(days=90)


@shared_task
def plan_waves() -> int:
    """Hourly: open what is due, and remind whoever has not answered.

    Twice changes nothing: the occasion is the day of the programme, the date or the
    quarter. When some version of a survey was asked on it, no other is.
    """
    now = timezone.now()
    opened = 0
    running = Program.objects.filter(state=Program.State.RUNNING)
    for program in running.exclude(starts_on=None):
        pulse_of(program)
    asking = Q(program__state=Program.State.RUNNING)
    # Where a programme closes, its pairs end one after the other.
    asking |= Q(program__state=Program.State.CLOSING, asks=Survey.Asks.AT_END)
    surveys = Survey.objects.in_use().filter(asking, Exists(QUESTIONS))
    # What somebody sends has no day: nothing needs to be looked up for it.
    surveys = surveys.exclude(asks=Survey.Asks.BY_HAND)
    for survey in surveys.select_related("program"):
        if survey.is_rolling:
            ask_in_turn(survey, now)
            continue
        found = due(
            survey,
            timezone.localdate(now),
            waves=list(Wave.objects.of(survey.program)),
            rest=CareSettings.of(survey.program).rest_days,
        )
        if found is None:
            continue
        day, _until = found
        try:
            open_wave(survey, occasion=occasion_of(survey, day), by=None)
        except ValidationError:
            logger.info("survey %s: too few for an anonymous survey", survey.pk)
        else:
            opened += 1
    remind(now)
    return opened


def quarter(now: datetime) -> tuple[str, datetime, datetime]:
    """The name of the quarter, its first moment, and the first of the next."""
    local = timezone.localtime(now)
    number = (local.month - 1) // 3
    start = local.replace(
        month=3 * number + 1, day=1, hour=0, minute=0, second=0, microsecond=0
    )
    year, following = divmod(number + 1, 4)
    end = start.replace(year=local.year + year, month=3 * following + 1)
    return f"{local.year}-Q{number + 1}", start, end


def _reached(
    survey: Survey, now: datetime, since: datetime
) -> list[tuple[Member, datetime]]:
    """Members whose mentorship came to the stage of the survey, and when."""
    members = Member.objects.filter(
        mentorship__program=survey.program,
        participant__user__is_active=True,
        role__in=survey.roles,
    ).select_related("participant__user", "mentorship")
    if survey.asks == Survey.Asks.AT_END:
        ended = members.filter(mentorship__ended_at__range=(since, now))
        return [
            (each, each.mentorship.ended_at)
            for each in ended
            if each.mentorship.ended_at
        ]
    half = (survey.program.length or 2 * HALF_WAY_WITHOUT_END) / 2
    active = members.filter(
        mentorship__ended_at=None,
        mentorship__started_at__range=(since - half, now - half),
    )
    return [(each, each.mentorship.started_at + half) for each in active]


@transaction.atomic
def ask_in_turn(survey: Survey, now: datetime) -> int:
    """Ask those whose mentorship has come to its stage; how many.

    Whoever was asked something lately has their turn after their days of rest. Nobody
    is asked twice about one stage. Answers go into the results of the quarter, so that
    no single pair can be seen.
    """
    rest = timedelta(days=CareSettings.of(survey.program).rest_days)
    reached = {
        member.participant.user_id: (member, at)
        for member, at in _reached(survey, now, now - rest - timedelta(GRACE_DAYS))
    }
    for user, key, asked_at in Invitation.objects.filter(
        wave__survey__program=survey.program_id, to__in=list(reached)
    ).values_list("to", "wave__survey__key", "asked_at"):
        _member, at = reached.get(user, (None, now))
        if asked_at > now - rest or (key == survey.key and asked_at >= at):
            reached.pop(user, None)
    if not reached:
        return 0
    name, start, end = quarter(now)
    wave, _made = Wave.objects.get_or_create(
        survey=survey,
        occasion=name,
        defaults={"opens_at": start, "closes_at": end + WAVE_LENGTH},
    )
    return invite(wave, [member for member, _at in reached.values()], now=now)


def remind(now: datetime) -> None:
    """Once, some days later, whoever has not answered."""
    for wave in Wave.objects.open_at(now).select_related("survey"):
        late = wave.invitations.unanswered().filter(asked_at__lte=now - REMIND_AFTER)
        late = late.select_related("to")
        write_to(wave, late, occasion="reminder")


@shared_task
def settle_answers() -> int:
    """Let answers out where enough wait, and drop drafts that nobody can send."""
    closed = Q(invitation__wave__closes_at__lte=timezone.now())
    Draft.objects.filter(closed | Q(invitation__answered=True)).delete()
    waves = Wave.objects.filter(fresh__isnull=False).select_related("survey").distinct()
    return sum(settle(wave) for wave in waves)


@shared_task
def review_mentorships() -> int:
    """Daily: which pairs ask for a person; how many are new. Twice changes nothing."""
    now = timezone.now()
    states = [Program.State.RUNNING, Program.State.CLOSING]
    programs = Program.objects.filter(state__in=states)
    return sum(review_program(program, now) for program in programs)


@shared_task
def warn_of_confidants() -> None:
    """Hourly: HR hears that somebody who reads serious reports has left, or has to do
    with what is reported now, so that nobody can read it. Once for each day on which
    somebody left; once for a programme and whom it stands on.
    """
    gone = Q(pk__in=Confidant.objects.values("user"))
    gone |= Q(pk__in=Report.objects.open().values("to"))
    admins = list(User.objects.hr_admins())
    plan_all(
        compose("confidant_left", admin, about=each, occasion=f"{each.left_on}")
        for each in User.objects.filter(gone).exclude(left_on=None)
        for admin in admins
    )
    named = {each.program_id: each.user_id for each in Confidant.named_now()}
    lacking = Program.objects.filter(
        pk__in=Confidant.without_reader().values("program")
    )
    plan_all(
        compose(
            "without_reader",
            admin,
            about=program,
            occasion=f"{named.get(program.pk)}-{named.get(None)}",
        )
        for program in (lacking if named else ())
        for admin in admins
    )


@shared_task
def tell_of_handing_over() -> int:
    """Whoever wrote a report hears that another reads it now; how many did.

    Not by a row that waits to be sent: that would say who reported. Who is not reached
    is tried again; killed in between, somebody hears nothing rather than twice.
    """
    told = 0
    for report in Report.objects.to_tell().select_related("to"):
        if (
            not Report.objects.to_tell()
            .filter(pk=report.pk)
            .update(told_at=timezone.now())
        ):
            continue
        writer = report.read().by
        if writer is None or not writer.is_active:
            continue
        mail = mail_of(
            "report_handed_over",
            writer,
            {"reader": report.to},
            reply_to=report.to.email,
        )
        try:
            mail.send()
        except (OSError, SMTPException):
            Report.objects.filter(pk=report.pk).update(told_at=None)
            logger.warning("a mail about a report could not be sent")
        else:
            told += 1
    return told


@shared_task
def renew_access_tables() -> int:
    """Daily: count how far groups come, where that tells of nobody. Twice changes
    nothing.
    """
    if not BackgroundQuestion.objects.exists():
        return 0
    # The same people may take part in several, and whoever sees both can subtract.
    cells = {program.pk: cells_of(program) for program in Program.objects.all()}
    changed = 0
    for program in Program.objects.live():
        others = [
            cell for pk, each in cells.items() if pk != program.pk for cell in each
        ]
        if renewed := renew_access(program, others):
            cells[program.pk] = cells_of(program)
            changed += renewed
    return changed
