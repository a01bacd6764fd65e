"""What happens to a programme and to who takes part in it."""

import difflib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from history.models import record
from outbox.actions import plan
from people.completeness import missing
from people.models import Profile, User
from programs.blueprints import Blueprint
from programs.models import (
    Acceptance,
    Guideline,
    Invite,
    Participant,
    Program,
    ProgramGoal,
    Role,
    hashed,
    new_nonce,
    token_of,
)

INVITE_FOR = timedelta(days=30)
REMIND_AFTER = (timedelta(days=4), timedelta(days=11))


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


def _free_slug(name: str) -> str:
    base = slugify(name)[:60] or "programme"
    slug, number = base, 1
    while Program.objects.filter(slug=slug).exists():
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


@transaction.atomic
def join_program(
    program: Program, user: User, role: str, *, capacity: int = 1, motivation: str = ""
) -> Participant:
    """Take part. The guidelines of the role are accepted by this.

    Raises ``ValidationError`` when the programme does not take anybody now, or when the
    person takes part in it already. A coordinator may be mentor or mentee as well.
    """
    # One at a time for each person, so that nobody becomes mentor and mentee at once.
    User.objects.select_for_update().get(pk=user.pk)
    program.refresh_from_db(fields=["state"])
    if not program.takes_joiners or role not in program.joining_roles:
        raise ValidationError(_("This programme is not open for joining now."))
    here = Participant.objects.filter(program=program, user=user)
    if here.active().exclude(role=Role.COORDINATOR).exists():
        raise ValidationError(_("You already take part in this programme."))
    capacity = max(1, min(capacity, program.capacity_max))
    participant, _made = Participant.objects.update_or_create(
        program=program,
        user=user,
        role=role,
        defaults={
            "capacity": capacity if role == Role.MENTOR else 1,
            "motivation": motivation,
            "left_at": None,
            "joined_at": timezone.now(),
            "ready_at": None,
            "state": Participant.State.JOINING,
        },
    )
    accept_guideline(participant)
    record(participant, "joined", by=user)
    plan(
        "joined",
        user,
        about=participant,
        # Whoever comes back is told again.
        occasion=f"{participant.joined_at:%Y-%m-%dT%H:%M:%S}",
        program_id=program.pk,
    )
    complete(participant)
    return participant


def guideline_of(participant: Participant) -> Guideline | None:
    """The guidelines of the role as they are now."""
    return (
        participant.program.guidelines.current().filter(role=participant.role).first()
    )


def guideline_to_accept(participant: Participant) -> Guideline | None:
    """The guidelines of the role, while this participant has not accepted them."""
    current = guideline_of(participant)
    if current and not participant.acceptances.filter(guideline=current).exists():
        return current
    return None


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
    lines = difflib.ndiff(
        accepted.guideline.body.splitlines(), guideline.body.splitlines()
    )
    return [
        (line[0], line[2:].strip("#*- "))
        for line in lines
        if line[0] in "+-" and line[2:].strip()
    ]


def lacking(participant: Participant) -> list[str]:
    """What somebody still has to do before a round can match them."""
    profile = Profile.objects.filter(user=participant.user_id).first()
    lacks = missing(profile, participant.role) if profile else [_("your profile")]
    if guideline_to_accept(participant):
        lacks.append(_("your yes to the guidelines"))
    return lacks


def complete(participant: Participant) -> bool:
    """Make somebody ready when nothing is lacking; whether they are now."""
    if participant.is_ready or lacking(participant):
        return participant.is_ready
    changed = Participant.objects.filter(
        pk=participant.pk, state=Participant.State.JOINING, left_at=None
    ).update(state=Participant.State.READY, ready_at=timezone.now())
    if changed:
        participant.state = Participant.State.READY
        record(participant, "ready", by=participant.user)
    return bool(changed)


@transaction.atomic
def change_capacity(participant: Participant, capacity: int) -> None:
    """For how many people a mentor has room. Never fewer than there are already."""
    most = participant.program.capacity_max
    if not 1 <= capacity <= most:
        raise ValidationError(_("Choose a number from 1 to %(most)s.") % {"most": most})
    changed = Participant.objects.filter(
        pk=participant.pk, left_at=None, places_taken__lte=capacity
    ).update(capacity=capacity)
    if not changed:
        raise ValidationError(
            _(
                "You have more people than this already; a place comes free when a"
                " mentorship ends."
            )
        )


@transaction.atomic
def leave_program(participant: Participant, *, by: User) -> None:
    """Stop taking part. Whoever is still in a mentorship ends that first."""
    left = Participant.objects.filter(
        pk=participant.pk, left_at=None, places_taken=0
    ).update(left_at=timezone.now())
    if not left:
        raise ValidationError(
            _("You are still in a mentorship. End that first; the other then hears it.")
        )
    record(participant, "left", by=by)


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


@dataclass(frozen=True)
class Asked:
    """Who was asked, for whom an account was made, and who was left in peace."""

    asked: tuple[str, ...]
    new: tuple[str, ...]
    left_out: tuple[str, ...]


@transaction.atomic
def invite(program: Program, emails: list[str], role: str, *, by: User) -> Asked:
    """Ask people by e-mail.

    Who is not known yet gets an account: it is of use only to whoever reads the mail.
    Who takes part, was asked before or no longer works here is left in peace.
    """
    if not program.takes_joiners:
        raise ValidationError(_("Open the programme first; then people can join."))
    now = timezone.now()
    asked, new, left_out = [], [], []
    wanted = list(dict.fromkeys(email.strip().lower() for email in emails))
    taking_part = set(
        program.participants.active()
        .exclude(role=Role.COORDINATOR)
        .values_list(Lower("user__email"), flat=True)
    )
    pending = set(program.invites.unused().values_list("email", flat=True))
    ids = dict(
        User.objects.annotate(address=Lower("email"))
        .filter(address__in=wanted)
        .values_list("address", "pk")
    )
    known = User.objects.in_bulk(ids.values())
    for email in wanted:
        user = known.get(ids.get(email, 0))
        gone = user is not None and (user.left_on or not user.is_active)
        if email in taking_part or email in pending or gone:
            left_out.append(email)
            continue
        if user is None:
            name = email.split("@")[0].replace(".", " ").replace("_", " ").title()
            user = User.objects.create_user(email, name=name)
            record(user, "created by invitation", by=by)
            new.append(email)
        nonce = new_nonce()
        invitation = Invite.objects.create(
            program=program,
            email=email,
            role=role,
            token_hash=hashed(token_of(nonce)),
            by=by,
            expires_at=now + INVITE_FOR,
        )
        tell = partial(
            plan,
            to=user,
            about=invitation,
            program_id=program.pk,
            facts={"nonce": nonce},
        )
        tell("invitation")
        for delay in REMIND_AFTER:
            tell(
                "invitation_reminder",
                occasion=f"day-{delay.days}",
                not_before=now + delay,
            )
        asked.append(email)
    record(program, f"invited {len(asked)}", by=by)
    return Asked(tuple(asked), tuple(new), tuple(left_out))


@transaction.atomic
def withdraw_invite(invitation: Invite, *, by: User) -> None:
    """The link stops working, and no reminder goes out."""
    invitation.delete()
    record(invitation.program, "invitation withdrawn", by=by)


def find_invite(token: str) -> Invite | None:
    """The invitation if its link still works."""
    return (
        Invite.objects.unused()
        .select_related("program")
        .filter(token_hash=hashed(token))
        .first()
    )


@transaction.atomic
def use_invite(invitation: Invite) -> User:
    """Sign-in by invitation works once; of two who press at once, one gets in."""
    used = (
        Invite.objects.unused().filter(pk=invitation.pk).update(used_at=timezone.now())
    )
    user = User.objects.working_here().filter(email__iexact=invitation.email).first()
    if not used or user is None:
        raise ValidationError(_("This link has been used."))
    record(invitation, "used", by=user)
    return user


def answer_on(program: Program) -> date | None:
    """When those who wait hear of a match; ``None`` once that day has passed."""
    day = program.matching_on or program.starts_on
    return day if day and day >= timezone.localdate() else None
