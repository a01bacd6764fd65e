"""The HR feed: a CSV file read into a preview, and applied whole or not at all."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from history.models import record
from people.actions import leave_all
from people.models import Employment, HrImport, HrUpload, Profile, User

NEEDED = {"email", "name"}
# The columns, and how long their values may be.
KNOWN = {
    "email": 254,
    "name": 150,
    "employee_number": 40,
    "department": 120,
    "job": 120,
    "level": 10,
    "location": 120,
    "manager_email": 254,
    "started_on": 10,
    "language": 10,
}
# What Dutch HR systems call them.
ALIASES = {
    "e-mail": "email",
    "e-mailadres": "email",
    "naam": "name",
    "personeelsnummer": "employee_number",
    "afdeling": "department",
    "functie": "job",
    "niveau": "level",
    "schaal": "level",
    "locatie": "location",
    "leidinggevende": "manager_email",
    "manager": "manager_email",
    "in dienst": "started_on",
    "taal": "language",
}
LABELS = {
    "email": gettext_lazy("e-mail address"),
    "name": gettext_lazy("name"),
    "employee_number": gettext_lazy("employee number"),
    "department": gettext_lazy("department"),
    "job": gettext_lazy("job"),
    "level": gettext_lazy("level"),
    "location": gettext_lazy("location"),
    "manager_email": gettext_lazy("manager"),
    "started_on": gettext_lazy("started on"),
    "employment": gettext_lazy("first data from HR"),
    "returned": gettext_lazy("works here again"),
}
LEAVERS_SHARE = 0.2
BATCH = 1000


@dataclass(frozen=True, slots=True)
class Row:
    """One person as the file has it; ``line`` is where it stands."""

    line: int
    email: str
    name: str
    employee_number: str
    department: str
    job: str
    level: int | None
    location: str
    manager_email: str
    started_on: date | None
    language: str


class Known(NamedTuple):
    """One person as they are here; ``employment`` is ``None`` outside of the feed."""

    pk: int
    email: str
    name: str
    is_active: bool
    employment: int | None
    employee_number: str | None
    department: str | None
    job: str | None
    level: int | None
    location: str | None
    manager_email: str | None
    started_on: date | None


class Change(NamedTuple):
    """What the file changes of somebody who is here."""

    row: Row
    user_id: int
    fields: list[str]

    @property
    def labels(self) -> str:
        return ", ".join(str(LABELS[name]) for name in self.fields)


@dataclass
class Preview:
    """What the file would do. ``problem`` is set when it cannot be read at all."""

    additions: list[Row] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    same: int = 0
    leavers: list[Known] = field(default_factory=list)
    errors: list[tuple[int, str]] = field(default_factory=list)
    warnings: list[tuple[int, str]] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    problem: str = ""
    people_before: int = 0

    @property
    def removes_too_many(self) -> bool:
        """More would leave than a mistake in the file should be able to remove."""
        return len(self.leavers) > LEAVERS_SHARE * self.people_before

    @property
    def does_something(self) -> bool:
        """There is something to say yes to."""
        leaving = self.leavers and not self.removes_too_many
        return bool(self.additions or self.changes or leaving)


def decode(content: bytes) -> str:
    """The text, as UTF-8 (with or without a byte order mark) or Windows-1252."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def preview(content: bytes) -> Preview:
    """Read a file and say what it would do, with line and reason for each bad row."""
    result = Preview()
    text = decode(content)
    first = text.partition("\n")[0]
    if "\0" in text or not first.strip():
        result.problem = _("This is not a CSV file.")
        return result
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        names = [name.strip().lower() for name in next(reader)]
        columns = [ALIASES.get(name, name) for name in names]
        result.problem = _wrong_columns(columns)
        if not result.problem:
            result.unused = [name for name in columns if name and name not in KNOWN]
            _compare(*_read_all(reader, columns, result), result)
            result.errors.sort()
            result.warnings.sort()
    except csv.Error as error:
        result.problem = _("This is not a CSV file.") + f" ({error})"
    return result


def _wrong_columns(columns: list[str]) -> str:
    """Why the first line will not do, if so."""
    if missing := NEEDED - set(columns):
        return _(
            "These columns are missing: %(columns)s. The first line must have the names"
            " of the columns."
        ) % {"columns": ", ".join(sorted(missing))}
    known = [name for name in columns if name in KNOWN]
    if len(set(known)) < len(known):
        return _("A column stands twice in the first line.")
    return ""


def _read_all(
    reader: Any, columns: list[str], result: Preview
) -> tuple[dict[str, Row], set[str]]:
    """The good rows by address, and who the bad ones are about as far as one can tell:
    a mistake in a row must not make its person a leaver.
    """
    rows: dict[str, Row] = {}
    numbers: dict[str, int] = {}
    bad: set[str] = set()
    line = reader.line_num + 1
    for values in reader:
        start, line = line, reader.line_num + 1
        if not any(value.strip() for value in values):
            continue
        try:
            row = _read(start, columns, values)
            if row.email in rows:
                raise ValidationError(
                    _("This e-mail address stands on line %(line)s too.")
                    % {"line": rows[row.email].line}
                )
            if row.employee_number and row.employee_number in numbers:
                raise ValidationError(
                    _("This employee number stands on line %(line)s too.")
                    % {"line": numbers[row.employee_number]}
                )
        except ValidationError as error:
            result.errors.append((start, " ".join(error.messages)))
            bad.update(value.strip().lower() for value in values if value.strip())
            continue
        rows[row.email] = row
        numbers[row.employee_number] = start
    return rows, bad


def _read(line: int, columns: list[str], values: list[str]) -> Row:
    if len(values) != len(columns):
        raise ValidationError(
            _("There are %(found)s values where %(needed)s are expected.")
            % {"found": len(values), "needed": len(columns)}
        )
    cells = {
        column: " ".join(value.split())
        for column, value in zip(columns, values, strict=True)
        if column in KNOWN
    }
    for column, value in cells.items():
        if value[:1] in {"=", "+", "-", "@"}:
            raise ValidationError(
                _("“%(column)s” looks like a formula.") % {"column": column}
            )
        if len(value) > KNOWN[column]:
            raise ValidationError(
                _("“%(column)s” is longer than %(limit)s characters.")
                % {"column": column, "limit": KNOWN[column]}
            )
        if not value.isprintable() or "\ufffd" in value:
            raise ValidationError(
                _("“%(column)s” has a character that cannot be read.")
                % {"column": column}
            )
    email = cells["email"].lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise ValidationError(
            _("“%(value)s” is not an e-mail address.") % {"value": cells["email"]}
        ) from error
    if not cells["name"]:
        raise ValidationError(_("There is no name."))
    level = cells.get("level", "")
    if level and not (level.isdecimal() and int(level) <= 99):
        raise ValidationError(
            _("“%(value)s” is not a level; use a whole number from 0 to 99.")
            % {"value": level}
        )
    language = cells.get("language", "").lower()
    if language not in {"", "nl", "en"}:
        raise ValidationError(
            _("“%(value)s” is not a language we have; use nl or en.")
            % {"value": language}
        )
    return Row(
        line=line,
        email=email,
        name=cells["name"],
        employee_number=cells.get("employee_number", ""),
        department=cells.get("department", ""),
        job=cells.get("job", ""),
        level=int(level) if level else None,
        location=cells.get("location", ""),
        manager_email=cells.get("manager_email", "").lower(),
        started_on=_day(cells.get("started_on", "")),
        language=language,
    )


def _day(value: str) -> date | None:
    """A date as 2024-01-31 or 31-01-2024, of somebody who can be at work."""
    if not value:
        return None
    parts = value.replace("/", "-").split("-")
    try:
        numbers = [int(part) for part in parts]
        if len(parts[0]) != 4:
            numbers.reverse()
        year, month, day = numbers
        found = date(year, month, day)
    except ValueError as error:
        raise ValidationError(
            _("“%(value)s” is not a date; write it as 2024-01-31.") % {"value": value}
        ) from error
    if not date(1940, 1, 1) <= found <= timezone.localdate() + timedelta(days=730):
        raise ValidationError(
            _("“%(value)s” cannot be the day somebody started.") % {"value": value}
        )
    return found


def _people_here() -> dict[str, Known]:
    """Everybody that we know, by address."""
    found = User.objects.order_by("pk").values_list(
        "pk",
        "email",
        "name",
        "is_active",
        "employment__pk",
        "employment__employee_number",
        "employment__department",
        "employment__job",
        "employment__level",
        "employment__location",
        "employment__manager__email",
        "employment__started_on",
    )
    return {values[1].lower(): Known(*values) for values in found.iterator(BATCH)}


def _compare(rows: dict[str, Row], bad: set[str], result: Preview) -> None:
    """Hold the rows against who is here: new, changed, the same, gone."""
    here = _people_here()
    numbers = {
        known.employee_number: email
        for email, known in here.items()
        if known.employee_number
    }
    seen = set(rows) | bad
    people: dict[str, Known] = {}  # whom a row is about, by the address in the file

    def refuse(email: str, reason: str) -> None:
        result.errors.append((rows.pop(email).line, reason))
        bad.add(email)

    for email in [*rows]:
        row = rows[email]
        owner = numbers.get(row.employee_number, email)
        if owner == email:
            if email in here:
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
        manager = row.manager_email
        if manager and manager not in rows and manager not in here:
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
            result.changes.append(Change(row, people[email].pk, changed))
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


def apply(
    found: Preview,
    *,
    by: User | None,
    with_leavers: bool = False,
    good_rows: bool = True,
) -> HrImport:
    """Do what the preview says, all of it or nothing.

    Raises ``ValidationError`` when the file cannot be read, when it has bad rows and
    the ``good_rows`` are not wanted without them, or when more people would leave than
    a mistake should be able to remove.
    """
    if found.problem:
        raise ValidationError(found.problem)
    if found.errors and not good_rows:
        raise ValidationError(
            _("The file has rows with a mistake. Say that you want the good rows only.")
        )
    if with_leavers and found.removes_too_many:
        raise ValidationError(
            _(
                "%(count)s of %(total)s people would leave. That looks like a mistake"
                " in the file, so nothing was done."
            )
            % {"count": len(found.leavers), "total": found.people_before}
        )
    try:
        with transaction.atomic():
            return _apply(found, by, with_leavers)
    except IntegrityError as error:
        raise ValidationError(
            _(
                "Somebody changed people at the same time. Look at the preview once"
                " more."
            )
        ) from error


def apply_upload(
    upload: HrUpload, *, by: User, with_leavers: bool, good_rows: bool
) -> HrImport | None:
    """Apply a file that waits; ``None`` when it was applied or withdrawn before."""
    found = preview(bytes(upload.content))
    with transaction.atomic():
        claimed, _rows = HrUpload.objects.filter(pk=upload.pk).delete()
        if not claimed:
            return None
        return apply(found, by=by, with_leavers=with_leavers, good_rows=good_rows)


def _batches(rows: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]


def _apply(found: Preview, by: User | None, with_leavers: bool) -> HrImport:
    for batch in _batches(found.additions):
        User.objects.bulk_create(
            User(
                email=row.email,
                name=row.name,
                language=row.language,
                password=UNUSABLE_PASSWORD_PREFIX,
            )
            for row in batch
        )
    of_the_person = {"email", "name", "returned"}
    for batch in _batches(
        [change for change in found.changes if of_the_person & set(change.fields)]
    ):
        # All of these rows are there, so each is a conflict: ten times as quick as a
        # bulk_update.
        User.objects.bulk_create(
            [
                User(
                    pk=change.user_id,
                    email=change.row.email,
                    name=change.row.name,
                    is_active=True,
                    left_on=None,
                )
                for change in batch
            ],
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=["email", "name", "is_active", "left_on"],
        )
    ids = {
        email.lower(): pk
        for email, pk in User.objects.order_by()
        .values_list("email", "pk")
        .iterator(BATCH)
    }
    for batch in _batches([*found.additions, *(each.row for each in found.changes)]):
        Employment.objects.bulk_create(
            [
                Employment(
                    user_id=ids[row.email],
                    employee_number=row.employee_number or None,
                    department=row.department,
                    job=row.job,
                    level=row.level,
                    location=row.location,
                    manager_id=ids[row.manager_email] if row.manager_email else None,
                    started_on=row.started_on,
                )
                for row in batch
            ],
            update_conflicts=True,
            unique_fields=["user"],
            update_fields=[
                "employee_number",
                "department",
                "job",
                "level",
                "location",
                "manager",
                "started_on",
            ],
        )
        Profile.objects.bulk_create(
            [Profile(user_id=ids[row.email]) for row in batch], ignore_conflicts=True
        )
    left = 0
    if with_leavers:
        left = leave_all([known.pk for known in found.leavers], by=by)
    done = HrImport.objects.create(
        by=by,
        added=len(found.additions),
        changed=len(found.changes),
        left=left,
        refused=len(found.errors),
    )
    record(done, "imported", by=by)
    return done
