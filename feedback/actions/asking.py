"""Asking, answering, and letting answers out of the pool."""

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.anonymity import release
from feedback.models import (
    WAVE_LENGTH,
    Batch,
    CareSettings,
    Draft,
    FreshSheet,
    Invitation,
    NamedAnswer,
    Question,
    Remark,
    Sheet,
    Survey,
    Tally,
    Wave,
    counting,
)
from history.models import record
from mentorships.models import Member
from outbox.actions import compose, plan_all
from people.models import User


def _audience(survey: Survey) -> QuerySet[Member]:
    """The memberships of everybody whom the survey is for."""
    return Member.objects.filter(
        mentorship__program=survey.program,
        mentorship__ended_at=None,
        participant__user__is_active=True,
        role__in=survey.roles,
    )


def _asked_lately(survey: Survey, now: datetime) -> QuerySet[Invitation]:
    """Who was asked something not long ago, this survey or another, and is left in
    peace.
    """
    rest = timedelta(days=CareSettings.of(survey.program).rest_days)
    return Invitation.objects.filter(
        wave__survey__program=survey.program, asked_at__gt=now - rest
    )


def to_ask(survey: Survey, now: datetime) -> tuple[list[Member], int]:
    """Who would be asked, one membership for each person; and how many are left in
    peace because they were asked something not long ago.
    """
    tired = set(_asked_lately(survey, now).values_list("to", flat=True))
    members = (
        _audience(survey)
        .order_by("participant__user", "role")
        .select_related("participant__user")
    )
    people = {each.participant.user_id: each for each in members}
    found = [each for key, each in people.items() if key not in tired]
    return found, len(people) - len(found)


def number_to_ask(survey: Survey, now: datetime) -> tuple[int, int, int]:
    """How many ``to_ask`` finds of each, without fetching them; and how many of those
    asked could be shown together.
    """
    people = _audience(survey).order_by().values("participant__user").distinct()
    lately = Q(participant__user__in=_asked_lately(survey, now).values("to"))
    asked = people.exclude(lately)
    number = asked.count()
    colleagues = asked.filter(counting("participant__user")).count()
    together = max(colleagues, number - colleagues)
    return number, people.filter(lately).count(), together


def rested_until(survey: Survey, now: datetime) -> date | None:
    """After which day everybody who is left in peace now can be asked again: by who was
    asked last in the roles that it is for. Whether each is still in a mentorship takes
    half a second with thousands, and hardly ever makes it another day.
    """
    lately = _asked_lately(survey, now).filter(role__in=survey.roles)
    asked_at = lately.aggregate(last=Max("asked_at"))["last"]
    rest = timedelta(days=CareSettings.of(survey.program).rest_days)
    return timezone.localdate(asked_at + rest) if asked_at else None


def check_number(survey: Survey, number: int, rested: int, together: int) -> None:
    """Raises ``ValidationError`` when fewer would be asked than could ever be shown."""
    if number and (survey.is_named or together >= survey.floor):
        return
    if rested:
        raise ValidationError(
            ngettext(
                "Too few can be asked now: %(rested)s person was asked something not"
                " long ago and is left in peace.",
                "Too few can be asked now: %(rested)s people were asked something not"
                " long ago and are left in peace.",
                rested,
            )
            % {"rested": rested}
        )
    if number >= survey.floor:
        raise ValidationError(
            _(
                "At least %(floor)s of them must be in the HR data: whoever is not is"
                " counted along with them."
            )
            % {"floor": survey.floor}
        )
    if survey.is_named:
        raise ValidationError(_("Nobody whom it is for is in a mentorship."))
    raise ValidationError(
        _(
            "At least %(floor)s people must be in a mentorship: with fewer, answers"
            " would not be anonymous."
        )
        % {"floor": survey.floor}
    )


@transaction.atomic
def open_wave(
    survey: Survey, *, occasion: str, by: User | None, now: datetime | None = None
) -> Wave:
    """Ask everybody whom the survey is for, once.

    Opening the same occasion twice gives the same wave and asks nobody again. Raises
    ``ValidationError`` when fewer would be asked than could ever be shown.
    """
    now = now or timezone.now()
    wave = Wave.objects.filter(survey=survey, occasion=occasion).first()
    if wave:
        return wave
    check_number(survey, *number_to_ask(survey, now))
    members, _rested = to_ask(survey, now)
    wave, _made = Wave.objects.get_or_create(
        survey=survey,
        occasion=occasion,
        defaults={"opens_at": now, "closes_at": now + WAVE_LENGTH},
    )
    invite(wave, members, now=now)
    record(wave, "opened", by=by)
    return wave


def invite(wave: Wave, members: Iterable[Member], *, now: datetime) -> int:
    """Ask these people in a wave, with a mail for each; who was asked stays asked."""
    known = set(wave.invitations.values_list("to", flat=True))
    fresh = [each for each in members if each.participant.user_id not in known]
    Invitation.objects.bulk_create(
        [
            Invitation(
                wave=wave, to=each.participant.user, role=each.role, asked_at=now
            )
            for each in fresh
        ],
        ignore_conflicts=True,
    )
    asked = wave.invitations.filter(
        to__in=[each.participant.user_id for each in fresh]
    ).select_related("to")
    write_to(wave, asked)
    return len(fresh)


def write_to(
    wave: Wave, invitations: Iterable[Invitation], *, occasion: str = ""
) -> None:
    """A mail for each; asking twice for the same occasion changes nothing."""
    plan_all(
        [
            compose(
                "pulse",
                each.to,
                about=each,
                occasion=occasion,
                program_id=wave.survey.program_id,
            )
            for each in invitations
        ]
    )


@transaction.atomic
def answer(invitation: Invitation, answers: dict[int, Any]) -> None:
    """Take the answers of one person, once. A second time is refused.

    In one transaction: that somebody answered, and a sealed sheet that says what. To a
    named survey the answers are kept with the name, as it says on top.
    """
    if not invitation.wave.is_open:
        raise ValidationError(_("This survey is closed."), code="closed")
    answered = (
        Invitation.objects.unanswered().filter(pk=invitation.pk).update(answered=True)
    )
    if not answered:
        raise ValidationError(_("You have answered already. Thank you."), code="again")
    Draft.objects.filter(invitation=invitation).delete()
    survey = invitation.wave.survey
    if survey.is_named:
        NamedAnswer.objects.bulk_create(
            NamedAnswer(invitation=invitation, question_id=key, value=value)
            for key, value in answers.items()
        )
        return
    department = ""
    if survey.by_department:
        employment = getattr(invitation.to, "employment", None)
        department = employment.department if employment else ""
    FreshSheet.of(
        invitation.wave,
        invitation.role,
        answers,
        department=department,
        counts=Invitation.objects.counting().filter(pk=invitation.pk).exists(),
    ).save(force_insert=True)


@transaction.atomic
def save_draft(invitation: Invitation, answers: dict[int, Any]) -> None:
    """Keep what was filled in so far, sealed, until it is sent; never beside answers
    that were.
    """
    if not invitation.wave.is_open:
        return
    # Whoever sends meanwhile waits, and then drops what is kept here.
    waiting = Invitation.objects.unanswered().select_for_update()
    if not waiting.filter(pk=invitation.pk).exists():
        return
    draft = Draft(invitation=invitation)
    draft.write(answers)
    Draft.objects.bulk_create(
        [draft],
        update_conflicts=True,
        update_fields=["sealed"],
        unique_fields=["invitation"],
    )


@transaction.atomic
def close_wave(wave: Wave, *, by: User) -> None:
    """Close it now: nobody can answer any more, and what can be shown is shown."""
    now = timezone.now()
    changed = Wave.objects.open_at(now).filter(pk=wave.pk).update(closes_at=now)
    if not changed:
        raise ValidationError(_("This survey is closed."))
    wave.closes_at = now
    record(wave, "closed", by=by)
    settle(wave)


@transaction.atomic
def settle(wave: Wave) -> int:
    """Let sheets out of the pool, as batches of counts; how many sheets came out.

    Fewer than the floor stay: one new answer must not be seen by comparing yesterday's
    result with today's. Who is not in the HR data does not count towards it, and goes
    along. Roles of which fewer were asked are put together. Results by
    department come at the end, all at once. When a wave has closed, a rest with nothing
    to join stays in the pool for good.
    """
    survey = wave.survey
    is_final = wave.has_closed
    if survey.by_department and not is_final:
        return 0
    # One at a time: the number of a batch follows from those before.
    Wave.objects.select_for_update().get(pk=wave.pk)
    fresh = list(wave.fresh.select_for_update())
    if len(fresh) < survey.floor:
        return 0
    random.SystemRandom().shuffle(fresh)
    opened = [each.open() for each in fresh]
    few = _small_roles(wave)
    cells = [
        ("" if each.role in few else each.role, each.department) for each in opened
    ]
    beside = {place for place, each in enumerate(opened) if not each.counts}
    groups = release(cells, survey.floor, is_final=is_final, beside=beside)
    questions = {each.pk: each for each in survey.questions.all()}
    number = wave.batches.aggregate(last=Max("number"))["last"] or 0
    # Where nobody counts, nobody is to be told apart from them.
    is_all = not number and all(beside.issuperset(each.sheets) for each in groups)
    for step, group in enumerate(groups, start=1):
        sheets = [opened[place] for place in group.sheets]
        batch = Batch.objects.create(
            wave=wave,
            number=number + step,
            role=group.role,
            department=group.department,
            size=len(sheets),
            counting=sum(is_all or each.counts for each in sheets),
        )
        _count_in(batch, sheets, questions, is_all=is_all)
    gone = [fresh[place].pk for group in groups for place in group.sheets]
    wave.fresh.filter(pk__in=gone).delete()
    return len(gone)


def _small_roles(wave: Wave) -> set[str]:
    """Roles of which too few were asked to be shown apart, ever: what they answer comes
    out together with each other's, and need not wait for more of its own kind.
    """
    invitations = wave.invitations.order_by()
    asked = Counter(invitations.counting().values_list("role", flat=True))
    roles = invitations.values_list("role", flat=True).distinct()
    return {role for role in roles if asked[role] < wave.survey.floor}


def _count_in(
    batch: Batch,
    sheets: Sequence[Sheet],
    questions: dict[int, Question],
    *,
    is_all: bool,
) -> None:
    """Write the counts of a batch, and its remarks in no order; ``is_all`` is when all
    sheets count towards the floor.
    """
    counts: Counter[tuple[int, str]] = Counter()
    towards: Counter[tuple[int, str]] = Counter()
    remarks: list[Remark] = []
    for sheet in sheets:
        for key, value in sheet.answers.items():
            question = questions.get(key)
            values = value if isinstance(value, list) else [str(value).strip()]
            values = [each for each in values if each]
            if question is None or not values:
                continue
            counts[key, ""] += 1
            towards[key, ""] += is_all or sheet.counts
            if question.kind == Question.Kind.TEXT:
                remarks += [
                    Remark(batch=batch, question=question, text=each) for each in values
                ]
            else:
                counts.update((key, each) for each in set(values))
    Tally.objects.bulk_create(
        [
            Tally(
                batch=batch,
                question_id=key,
                value=value,
                count=count,
                counting=towards[key, value],
            )
            for (key, value), count in sorted(counts.items())
        ],
        batch_size=500,
    )
    random.SystemRandom().shuffle(remarks)
    Remark.objects.bulk_create(remarks, batch_size=500)
