"""A programme from idea to archive, and who runs it."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from history.models import record
from outbox.actions import copy_words
from people.models import User
from programs.blueprints import Blueprint, shipped_modules
from programs.models import (
    Guideline,
    JoinQuestion,
    Module,
    Participant,
    Program,
    ProgramGoal,
    Role,
)


def next_start() -> date:
    """The Monday some four weeks from now: time to invite people and to match them."""
    day = timezone.localdate() + timedelta(days=28)
    return day - timedelta(days=day.weekday())


def defaults(blueprint: Blueprint) -> dict[str, Any]:
    """What the form of a new programme begins with; dates count from today."""
    monday = next_start()
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
                "join_mode",
            )
        },
        "starts_on": monday,
        "ends_on": monday + timedelta(weeks=blueprint.length_weeks),
        "matching_on": monday - timedelta(days=7),
    }


def free_names(name_nl: str, name_en: str) -> tuple[str, str]:
    """The names themselves where no programme has them; else with the year in which a
    new one would start, and with a number as well where that is taken too.
    """
    year = next_start().year
    ends = ["", f" {year}", *(f" {year} ({number})" for number in range(2, 100))]
    taken = Program.objects.names()
    found = (_ending(name_nl, name_en, end) for end in ends)
    return next(
        (names for names in found if not taken & {each.casefold() for each in names}),
        (name_nl, name_en),
    )


def _ending(name_nl: str, name_en: str, end: str) -> tuple[str, str]:
    """With this at the end, in the place of the year that may stand there."""

    def ended(name: str) -> str:
        if not name or not end:
            return name
        return re.sub(r" (19|20)\d\d( \(\d+\))?$", "", name)[: 120 - len(end)] + end

    return ended(name_nl), ended(name_en)


# What stands in an address where the name of a programme could stand.
TAKEN = {"new", "copy", "invitation", "for-managers"}


def _free_slug(name: str) -> str:
    base = slugify(name)[:60] or "programme"
    slug, number = base, 1
    while slug in TAKEN or Program.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{base}-{number}"
    return slug


def _save_under_a_free_slug(program: Program) -> None:
    """Save a new programme; of two whose names make one slug at the same moment the
    second gets another.
    """
    while True:
        program.slug = _free_slug(program.name_nl or program.name_en)
        program.full_clean(exclude=["slug"])
        try:
            with transaction.atomic():
                program.save()
        except IntegrityError:
            # The name of somebody who was quicker is refused, and not made another.
            program.full_clean(exclude=["slug"])
            if not Program.objects.filter(slug=program.slug).exists():
                raise
        else:
            return


# What apps above add to a new programme, from its template; they say so when they
# start.
FILLERS: list[Callable[[Program, Blueprint], None]] = []


@transaction.atomic
def create_program(program: Program, *, blueprint: Blueprint, by: User) -> Program:
    """Save a new draft, with the goals and guidelines of its blueprint."""
    program.template_key = blueprint.key
    program.created_by = by
    _save_under_a_free_slug(program)
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
    JoinQuestion.objects.bulk_create(
        JoinQuestion(program=program, position=number, **question)
        for number, question in enumerate(blueprint.questions)
        if question.get("role", "") in {"", *roles}
    )
    Module.objects.bulk_create(
        Module(
            program=program,
            position=number,
            role=module.role if module.role in roles else "",
            need=Module.Need.REQUIRED
            if module.key in blueprint.required
            else Module.Need.ADVISED,
            **module.texts,
        )
        for number, module in enumerate(
            shipped_modules()[key] for key in blueprint.training
        )
    )
    for fill in FILLERS:
        fill(program, blueprint)
    record(program, "created", by=by)
    return program


# What apps above copy of a programme: from, to. They add theirs when they start.
COPIERS: list[Callable[[Program, Program], None]] = []
OF_THE_COPY = {
    "id",
    "slug",
    "state",
    "steps_done",
    "places_taken",
    # Its own time in the archive is still to come.
    "archived_at",
    "clearing_told_at",
    "cleared_at",
    "created_at",
    "created_by",
}


@transaction.atomic
def copy_program(earlier: Program, *, name_nl: str, name_en: str, by: User) -> Program:
    """A new draft with all that was set up for an earlier programme, and nobody in it.

    The dates move on together: the first day is the Monday some four weeks from now.
    """
    program = Program(
        **{
            field.attname: getattr(earlier, field.attname)
            for field in Program._meta.concrete_fields
            if field.name not in OF_THE_COPY
        },
    )
    program.name_nl, program.name_en = name_nl, name_en
    program.created_by = by
    later = (next_start() - earlier.starts_on) if earlier.starts_on else timedelta()
    for name in ("starts_on", "ends_on", "matching_on"):
        if day := getattr(earlier, name):
            setattr(program, name, day + later)
    _save_under_a_free_slug(program)
    goals = list(earlier.goals.all())
    for goal in goals:
        goal.by_on = goal.by_on + later if goal.by_on else None
    _copy_rows(goals, program)
    guidelines = list(earlier.guidelines.current())
    for guideline in guidelines:
        guideline.version = 1
    _copy_rows(guidelines, program)
    modules = list(earlier.modules.all())
    for module in modules:
        module.opens_on = module.opens_on + later if module.opens_on else None
    _copy_rows(modules, program)
    _copy_rows(list(earlier.join_questions.all()), program)
    _copy_rows(list(earlier.eligibility.all()), program)
    copy_words(earlier, program)
    for copy in COPIERS:
        copy(earlier, program)
    record(program, "copied from an earlier programme", by=by)
    return program


def _copy_rows(rows: list[Any], program: Program) -> None:
    """Write the same rows once more, for another programme."""
    for row in rows:
        row.pk, row.program = None, program
    if rows:
        type(rows[0])._default_manager.bulk_create(rows)


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


@transaction.atomic
def finish_step(program: Program, key: str) -> None:
    """Note that a step of the setting-up was seen and found right. Twice is once."""
    # One at a time, so that of two tabs neither forgets what the other noted.
    locked = Program.objects.select_for_update().get(pk=program.pk)
    if key not in locked.steps_done:
        locked.steps_done = [*locked.steps_done, key]
        locked.save(update_fields=["steps_done"])
    program.steps_done = locked.steps_done


@transaction.atomic
def move_row(
    rows: QuerySet[JoinQuestion] | QuerySet[Module], pk: int, *, up: bool
) -> None:
    """Change places with the one before or after it; at the end nothing happens."""
    order = list(rows.values_list("pk", flat=True))
    here = order.index(pk)
    there = here - 1 if up else here + 1
    if 0 <= there < len(order):
        order[here], order[there] = order[there], order[here]
    for position, each in enumerate(order):
        rows.filter(pk=each).update(position=position)
