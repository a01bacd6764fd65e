"""A programme from idea to archive, and who runs it."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from history.models import record
from people.models import User
from programs.blueprints import Blueprint
from programs.models import Guideline, Participant, Program, ProgramGoal, Role


def defaults(blueprint: Blueprint) -> dict[str, Any]:
    """What the form of a new programme begins with; dates count from today."""
    monday = timezone.localdate() + timedelta(days=28)
    monday -= timedelta(days=monday.weekday())
    return {
        **{
            name: getattr(blueprint, name)
            for name in (
                "name_nl",
                "name_en",
                "purpose_nl",
                "purpose_en",
                "theme_nl",
                "theme_en",
                "model",
                "rhythm_days",
                "hours_a_month",
                "capacity_default",
                "capacity_max",
            )
        },
        "starts_on": monday,
        "ends_on": monday + timedelta(weeks=blueprint.length_weeks),
        "matching_on": monday - timedelta(days=7),
    }


# What stands in an address where the name of a programme could stand.
TAKEN = {"new", "invitation"}


def _free_slug(name: str) -> str:
    base = slugify(name)[:60] or "programme"
    slug, number = base, 1
    while slug in TAKEN or Program.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{base}-{number}"
    return slug


@transaction.atomic
def create_program(program: Program, *, blueprint: Blueprint, by: User) -> Program:
    """Save a new draft, with the goals and guidelines of its blueprint."""
    program.slug = _free_slug(program.name_nl or program.name_en)
    program.template_key = blueprint.key
    program.created_by = by
    program.full_clean()
    program.save()
    ProgramGoal.objects.bulk_create(
        ProgramGoal(program=program, by_on=program.ends_on, **goal)
        for goal in blueprint.goals
    )
    roles = program.joining_roles
    shipped = {entry["role"]: entry for entry in blueprint.guidelines}
    Guideline.objects.bulk_create(
        Guideline(
            program=program,
            role=role,
            body_nl=shipped.get(role, {}).get("body_nl", ""),
            body_en=shipped.get(role, {}).get("body_en", ""),
        )
        for role in roles
    )
    record(program, "created", by=by)
    return program


def obstacles(program: Program, action: str) -> list[str]:
    """What stands in the way of an action, in words that say what to do."""
    found = []
    if action == "open":
        if not (program.purpose_nl or program.purpose_en):
            found.append(_("Say under Settings what the programme is for."))
        if not (program.starts_on and program.ends_on):
            found.append(_("Set the first and the last day under Settings."))
        elif program.ends_on <= timezone.localdate():
            found.append(_("The last day has passed. Choose a later one in Settings."))
        if not program.goals.exists():
            found.append(_("Add at least one measurable goal."))
        written = {
            guideline.role
            for guideline in program.guidelines.current()
            if guideline.body_nl or guideline.body_en
        }
        found += [
            _("Write the guidelines for the role “%(role)s”.") % {"role": role.label}
            for role in program.joining_roles
            if role not in written
        ]
    if action == "archive":
        busy = program.participants.active().filter(places_taken__gt=0).count()
        if busy:
            found.append(
                ngettext(
                    "%(busy)s person is still in a mentorship. End that first.",
                    "%(busy)s people are still in a mentorship. End those first.",
                    busy,
                )
                % {"busy": busy}
            )
    return found


@transaction.atomic
def move_program(program: Program, action: str, *, by: User) -> None:
    """Open, run, close or archive it. Raises ``ValidationError`` when it cannot be."""
    if program.can(action) and (found := obstacles(program, action)):
        raise ValidationError(found)
    program.move(action)
    record(program, action, by=by)


@transaction.atomic
def remove_goal(program: Program, goal: ProgramGoal, *, by: User) -> None:
    """Take a goal away. Once people can join, one stays to be measured."""
    if not program.is_draft and program.goals.count() == 1:
        raise ValidationError(
            _(
                "A programme that people can join keeps at least one goal. Add another"
                " one first."
            )
        )
    goal.delete()
    record(program, "goal removed", by=by)


@transaction.atomic
def add_coordinator(program: Program, user: User, *, by: User) -> Participant:
    """Let somebody run the programme."""
    participant, _made = Participant.objects.update_or_create(
        program=program,
        user=user,
        role=Role.COORDINATOR,
        defaults={"left_at": None, "state": Participant.State.READY},
    )
    record(participant, "became coordinator", by=by)
    return participant


@transaction.atomic
def remove_coordinator(coordinator: Participant, *, by: User) -> None:
    """Somebody no longer runs the programme; HR admins always do."""
    Participant.objects.coordinators().filter(pk=coordinator.pk).update(
        left_at=timezone.now()
    )
    record(coordinator, "no longer coordinator", by=by)
