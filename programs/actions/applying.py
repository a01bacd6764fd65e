"""Asking to take part, and the coordinator's answer."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from history.models import record
from outbox.actions import plan
from people.models import User
from programs.actions.joining import join_program, save_answers
from programs.models import Application, Program, Role


@transaction.atomic
def apply_to_program(
    program: Program,
    user: User,
    role: str,
    *,
    capacity: int = 1,
    motivation: str = "",
    accepted_version: int = 0,
    answers: dict[int, Any] | None = None,
) -> Application:
    """Ask to take part. The coordinators hear of it, at most once a day."""
    program.refresh_from_db(fields=["state", "join_mode"])
    if not program.takes_joiners or role not in program.joining_roles:
        raise ValidationError(_("This programme is not open for joining now."))
    here = program.participants.active().filter(user=user)
    if here.exclude(role=Role.COORDINATOR).exists():
        raise ValidationError(_("You already take part in this programme."))
    try:
        with transaction.atomic():
            application = Application.objects.create(
                program=program,
                user=user,
                role=role,
                capacity=max(1, min(capacity, program.capacity_max)),
                motivation=motivation,
                accepted_version=accepted_version,
            )
    except IntegrityError as error:
        raise ValidationError(_("You have asked already; the answer comes.")) from error
    save_answers(user, answers or {})
    record(application, "applied", by=user)
    for coordinator in program.participants.coordinators().select_related("user"):
        plan(
            "application_waiting",
            coordinator.user,
            about=program,
            occasion=f"{timezone.localdate():%Y-%m-%d}",
            program_id=program.pk,
        )
    return application


@transaction.atomic
def approve_application(application: Application, *, by: User) -> None:
    """Let somebody in; they are told that they take part."""
    application.decide(Application.State.APPROVED, by=by)
    join_program(
        application.program,
        application.user,
        application.role,
        capacity=application.capacity,
        motivation=application.motivation,
        accepted_version=application.accepted_version,
    )
    record(application, "approved", by=by)


@transaction.atomic
def decline_application(application: Application, *, reason: str, by: User) -> None:
    """Say no, with a reason that the applicant reads."""
    if not reason.strip():
        raise ValidationError(_("Write why: the applicant reads it."))
    application.decide(Application.State.DECLINED, by=by, reason=reason.strip())
    record(application, "declined", by=by)
    plan(
        "application_declined",
        application.user,
        about=application,
        program_id=application.program_id,
    )


def withdraw_application(application: Application) -> None:
    """Take one's own question back."""
    application.decide(Application.State.WITHDRAWN, by=application.user)
    record(application, "withdrawn", by=application.user)
