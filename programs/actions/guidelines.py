"""What is expected of a role: written, revised, accepted."""

import difflib

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from history.models import record
from outbox.actions import plan
from people.models import User
from programs.lacking import guideline_of
from programs.models import Acceptance, Guideline, Participant, Program


@transaction.atomic
def revise_guideline(
    program: Program,
    role: str,
    *,
    body_nl: str,
    body_en: str,
    by: User,
    base: int | None = None,
) -> Guideline:
    """Write a new version; whoever takes part in the role is asked to accept it.

    A draft is changed in place: nobody has read it. ``base`` is the version that the
    writer began with; ``ValidationError`` when a colleague wrote another one since.
    """
    last = program.guidelines.current().filter(role=role).first()
    if last and base is not None and base != last.version:
        raise ValidationError(
            _(
                "A colleague saved version %(version)s while you were writing."
                " Look at it before you save yours."
            )
            % {"version": last.version}
        )
    if last and (last.body_nl, last.body_en) == (body_nl, body_en):
        return last
    if last and program.is_draft:
        last.body_nl, last.body_en, last.at = body_nl, body_en, timezone.now()
        last.save(update_fields=["body_nl", "body_en", "at"])
        return last
    try:
        with transaction.atomic():
            guideline = Guideline.objects.create(
                program=program,
                role=role,
                version=last.version + 1 if last else 1,
                body_nl=body_nl,
                body_en=body_en,
            )
    except IntegrityError as error:
        raise ValidationError(
            _("A colleague saved these guidelines at the same moment.")
        ) from error
    record(program, f"guidelines for {role} revised", by=by)
    asked = program.participants.active().filter(role=role)
    # Who is in a mentorship goes on with it; who still waits accepts first.
    asked.filter(places_taken=0).update(state=Participant.State.JOINING, ready_at=None)
    for participant in asked.select_related("user"):
        plan(
            "guidelines_changed",
            participant.user,
            about=participant,
            occasion=f"version-{guideline.version}",
            program_id=program.pk,
        )
    return guideline


def accept_guideline(participant: Participant, *, version: int | None = None) -> None:
    """Note that the current guidelines of the role are accepted.

    ``version`` is the one that was read; ``ValidationError`` when there is a newer one.
    """
    guideline = guideline_of(participant)
    if guideline is None:
        return
    if version is not None and version != guideline.version:
        raise ValidationError(
            _("The guidelines changed while you were reading. Please read them again.")
        )
    Acceptance.objects.get_or_create(participant=participant, guideline=guideline)


def changes(participant: Participant, guideline: Guideline) -> list[tuple[str, str]]:
    """What is new since the version last accepted: ``+`` or ``-``, and the line."""
    accepted = (
        Acceptance.objects.filter(participant=participant)
        .select_related("guideline")
        .order_by("-guideline__version")
        .first()
    )
    if accepted is None:
        return []
    # By whole lines: what is alike within lines takes minutes to find in long texts.
    lines = difflib.unified_diff(
        accepted.guideline.body.splitlines(),
        guideline.body.splitlines(),
        n=0,
        lineterm="",
    )
    return [
        (line[0], line[1:].strip("#*- ").replace("**", ""))
        for line in list(lines)[2:]
        if line[0] in "+-" and line[1:].strip()
    ]
