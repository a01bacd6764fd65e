"""Holding the rows of a file against the people who are here."""

from dataclasses import replace
from typing import Any

from django.db.models import Case, When
from django.utils.translation import gettext as _

from mentoring.words import folded
from people.hrfeed.rows import BATCH, Change, Known, Preview, Row
from people.models import User


def _people_here() -> dict[str, Known]:
    """Everybody that we know, by address. What was filled in by hand counts as nothing:
    who has only that was never in a file.
    """
    fed = Case(When(employment__is_by_hand=False, then="employment__pk"))
    found = (
        User.objects.annotate(fed=fed)
        .order_by("pk")
        .values_list(
            "pk",
            "email",
            "name",
            "is_active",
            "fed",
            "employment__employee_number",
            "employment__department",
            "employment__job",
            "employment__level",
            "employment__location",
            "employment__manager__email",
            "employment__started_on",
        )
    )
    return {values[1].lower(): Known(*values) for values in found.iterator(BATCH)}


def _somebody_else(row: Row, known: Known) -> str:
    """Why a row is not about the person who has its address, if so.

    An address may be given to another person later, and the account with all that is in
    it must not go along. The same number is the same person, and so is the same name:
    numbers change, and who works here again may get another one. With another name two
    numbers decide; without them it is the same person who works here and is called
    otherwise, but not one who has left.
    """
    if folded(row.name) == folded(known.name):
        return ""
    if row.employee_number and known.employee_number:
        if row.employee_number == known.employee_number:
            return ""
        reason = _(
            "This address is that of %(name)s, with another employee number. Is it the"
            " same person? Then give the name or the number from before once more. Is"
            " it somebody else? Then give them another address, or erase what is known"
            " of %(name)s first, on that person’s page."
        )
    elif known.is_active:
        return ""
    else:
        reason = _(
            "This address was that of %(name)s, who has left. Is it the same person?"
            " Then say first that they work here again, on that person’s page. Is it"
            " somebody else? Then give them another address, or erase what is known of"
            " %(name)s first."
        )
    return reason % {"name": known.name}


def _may_be_a_namesake(row: Row, known: Known) -> bool:
    """Whether the name alone says that who left is who comes back."""
    numbers = {row.employee_number, known.employee_number or ""}
    return not known.is_active and len(numbers) == 2 and "" not in numbers


def compare(rows: dict[str, Row], bad: set[str], result: Preview) -> None:
    """Hold the rows against who is here: new, changed, the same, gone."""
    here = _people_here()
    numbers = {
        known.employee_number: email
        for email, known in here.items()
        if known.employee_number
    }
    seen = set(rows) | bad
    people: dict[str, Known] = {}  # whom a row is about, by the address in the file
    strangers: set[str] = set()  # whose address is somebody else's here

    def refuse(email: str, reason: str) -> None:
        result.errors.append((rows.pop(email).line, reason))
        bad.add(email)

    for email in [*rows]:
        row = rows[email]
        owner = numbers.get(row.employee_number, email)
        if owner == email:
            if email not in here:
                continue
            if reason := _somebody_else(row, here[email]):
                refuse(email, reason)
                strangers.add(email)
            else:
                people[email] = here[email]
        elif email in here or owner in seen or here[owner].name != row.name:
            refuse(
                email,
                _("This employee number belongs to %(email)s.") % {"email": owner},
            )
        else:
            # The same number and the same name: the address has changed.
            people[email] = here[owner]
            seen.add(owner)
    for email, known in people.items():
        if known.employment and result.absent:
            rows[email] = replace(
                rows[email], **{name: _as_known(name, known) for name in result.absent}
            )
    moved = {known.email.lower(): email for email, known in people.items()}
    for email in [*rows]:
        manager = rows[email].manager_email
        if manager in moved:
            rows[email] = replace(rows[email], manager_email=moved[manager])
        elif manager and not any(manager in each for each in (rows, here, bad)):
            refuse(
                email,
                _("The manager %(email)s is not in the file and not known.")
                % {"email": manager},
            )
    while looped := _in_a_loop(rows, here, moved):
        for email in looped:
            refuse(email, _("This person would be their own manager, at some depth."))
    for email, row in rows.items():
        if email in people and _may_be_a_namesake(row, people[email]):
            result.warnings.append(
                (
                    row.line,
                    _(
                        "%(name)s left with another employee number and works here"
                        " again by this row, with all that is in the account. Is this"
                        " somebody else by the same name? Then give them another"
                        " address."
                    )
                    % {"name": row.name},
                )
            )
        manager = row.manager_email
        is_known = manager in rows or (manager in here and manager not in strangers)
        if manager and not is_known:
            result.warnings.append(
                (
                    row.line,
                    _(
                        "The row of the manager %(email)s has a mistake: this person is"
                        " read without a manager."
                    )
                    % {"email": manager},
                )
            )
            row = rows[email] = replace(row, manager_email="")
        if email not in people:
            result.additions.append(row)
        elif changed := _differences(row, people[email], moved):
            result.changes.append(
                Change(row, people[email].pk, changed, people[email].email)
            )
        else:
            result.same += 1
    fed = [
        (email, known)
        for email, known in here.items()
        if known.employment and known.is_active
    ]
    result.people_before = len(fed)
    result.leavers = [
        known
        for email, known in fed
        if email not in seen
        and not bad & {(known.employee_number or "").lower(), known.name.lower()}
    ]


def _as_known(name: str, known: Known) -> Any:
    """What we know already, as a row says it."""
    value = getattr(known, name)
    if name in {"level", "started_on"}:
        return value
    return value.lower() if name == "manager_email" and value else value or ""


def _in_a_loop(
    rows: dict[str, Row], here: dict[str, Known], moved: dict[str, str]
) -> list[str]:
    """Those who come back to themselves when one goes up from manager to manager,
    through the file and, where it is silent, through what we know.
    """

    def above(email: str) -> str:
        if email in rows:
            return rows[email].manager_email
        manager = (here[email].manager_email or "") if email in here else ""
        return moved.get(manager.lower(), manager.lower())

    safe: set[str] = {""}
    looped: list[str] = []
    for start in rows:
        path: dict[str, None] = {}
        email = start
        while email not in safe and email not in path:
            path[email] = None
            email = above(email)
        if email in path:
            steps = list(path)
            looped += [each for each in steps[steps.index(email) :] if each in rows]
        safe.update(path)
    return looped


def _differences(row: Row, known: Known, moved: dict[str, str]) -> list[str]:
    changed = [
        name
        for name, now in (("email", known.email.lower()), ("name", known.name))
        if getattr(row, name) != now
    ]
    if not known.is_active:
        changed.append("returned")
    if known.employment is None:
        return [*changed, "employment"]
    changed += [
        name
        for name in ("department", "job", "level", "location", "started_on")
        if getattr(row, name) != getattr(known, name)
    ]
    if row.employee_number != (known.employee_number or ""):
        changed.append("employee_number")
    manager = (known.manager_email or "").lower()
    if row.manager_email != moved.get(manager, manager):
        changed.append("manager_email")
    return changed
