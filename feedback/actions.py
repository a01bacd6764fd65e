"""Asking, answering, and letting answers out of the pool."""

import random
import tomllib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.models import (
    WAVE_LENGTH,
    Answer,
    AnswerSheet,
    FreshSheet,
    Invitation,
    Question,
    Survey,
    Wave,
)
from history.models import record
from mentorships.models import Member
from outbox.actions import plan
from people.models import User
from programs.models import Program

SHIPPED = Path(__file__).parent / "data" / "surveys.toml"


@transaction.atomic
def pulse_of(program: Program) -> Survey:
    """The programme's pulse survey; made from what is shipped the first time."""
    survey = Survey.objects.filter(program=program, key="pulse").first()
    if survey:
        return survey
    shipped = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))["survey"]
    entry = next(each for each in shipped if each["key"] == "pulse")
    survey, made = Survey.objects.get_or_create(
        program=program,
        key="pulse",
        defaults={
            name: entry[name] for name in ("name_nl", "name_en", "intro_nl", "intro_en")
        },
    )
    if made:
        Question.objects.bulk_create(
            Question(
                survey=survey,
                key=question["key"],
                kind=question["kind"],
                text_nl=question["text_nl"],
                text_en=question["text_en"],
                options=question.get("options", []),
                is_required=question.get("required", True),
            )
            for question in entry["question"]
        )
    return survey


@transaction.atomic
def open_wave(
    survey: Survey, *, occasion: str, by: User | None, now: datetime | None = None
) -> Wave:
    """Ask everybody who is in a mentorship of the programme, once.

    Opening the same occasion twice gives the same wave and asks nobody again. Raises
    ``ValidationError`` when fewer are in it than could ever be shown.
    """
    now = now or timezone.now()
    members = (
        Member.objects.filter(
            mentorship__program=survey.program,
            mentorship__ended_at=None,
            participant__user__is_active=True,
        )
        .order_by("participant__user", "role")
        .select_related("participant__user")
    )
    people = {each.participant.user_id: each for each in members}
    if len(people) < survey.floor:
        raise ValidationError(
            _(
                "At least %(floor)s people must be in a mentorship: with fewer, answers"
                " would not be anonymous."
            )
            % {"floor": survey.floor}
        )
    wave, _made = Wave.objects.get_or_create(
        survey=survey,
        occasion=occasion,
        defaults={"opens_at": now, "closes_at": now + WAVE_LENGTH},
    )
    Invitation.objects.bulk_create(
        [
            Invitation(wave=wave, to=member.participant.user, role=member.role)
            for member in people.values()
        ],
        ignore_conflicts=True,
    )
    for invitation in wave.invitations.unanswered().select_related("to"):
        plan("pulse", invitation.to, about=invitation, program_id=survey.program_id)
    record(wave, "opened", by=by)
    return wave


@transaction.atomic
def answer(invitation: Invitation, answers: dict[int, Any]) -> None:
    """Take the answers of one person, once. A second time is refused.

    In one transaction: that somebody answered, and a sealed sheet that says what.
    """
    if not invitation.wave.is_open:
        raise ValidationError(_("This survey is closed."), code="closed")
    answered = (
        Invitation.objects.unanswered().filter(pk=invitation.pk).update(answered=True)
    )
    if not answered:
        raise ValidationError(_("You have answered already. Thank you."), code="again")
    FreshSheet.of(invitation.wave, invitation.role, answers).save(force_insert=True)


@transaction.atomic
def settle(wave: Wave) -> int:
    """Let sheets out of the pool, shuffled, if enough wait; how many came out.

    Fewer than the floor stay: one new answer must not be seen by comparing yesterday's
    result with today's. When the wave has closed a rest of fewer stays for good.
    """
    fresh = list(wave.fresh.select_for_update())
    if len(fresh) < wave.survey.floor:
        return 0
    random.SystemRandom().shuffle(fresh)
    sheets, answers = [], []
    for each in fresh:
        role, pairs = each.open()
        sheet = AnswerSheet(wave=wave, role=role)
        sheets.append(sheet)
        answers += [
            Answer(sheet=sheet, question_id=question, value=str(value))
            for question, value in pairs
            if str(value).strip()
        ]
    AnswerSheet.objects.bulk_create(sheets)
    random.SystemRandom().shuffle(answers)
    Answer.objects.bulk_create(answers, batch_size=500)
    wave.fresh.filter(pk__in=[each.pk for each in fresh]).delete()
    return len(sheets)


def pulse_programs() -> Iterable[Program]:
    """Those in which the clock asks."""
    return Program.objects.filter(state=Program.State.RUNNING).exclude(starts_on=None)
