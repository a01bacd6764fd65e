"""Reading a file from HR: each bad row has a line and a reason."""

import csv
import io
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _

from people.hrfeed.comparing import compare
from people.hrfeed.rows import ALIASES, KNOWN, LABELS, NEEDED, Preview, Row
from people.models import FeedSettings

# An HR system has tens; a page with a choice for each has to stay a page.
MOST_COLUMNS = 200


def decode(content: bytes) -> str:
    """The text, as UTF-8 (with or without a byte order mark) or Windows-1252."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def column_of(name: str, mapping: dict[str, str]) -> str:
    """Which of our columns a column of the file is; as it is when it is none."""
    return mapping.get(name, ALIASES.get(name, name))


def _not_csv() -> str:
    return _(
        "This is not a CSV file. Open it in a spreadsheet, choose “Save as” and then"
        " CSV."
    )


def preview(content: bytes) -> Preview:
    """Read a file and say what it would do, with line and reason for each bad row.

    The columns are those that HR chose, kept from one file to the next.
    """
    chosen = FeedSettings.current()
    result = Preview(share=chosen.leavers_percent / 100)
    text = decode(content)
    first = text.partition("\n")[0]
    if "\0" in text or not first.strip():
        result.problem = _not_csv()
        return result
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        names = [name.strip().lower() for name in next(reader)]
        result.columns = [name for name in names if name]
        columns = [column_of(name, chosen.mapping) for name in names]
        if len(names) > MOST_COLUMNS:
            result.columns = []
            result.problem = _("This file has more than %(most)s columns.") % {
                "most": MOST_COLUMNS
            }
            return result
        result.problem = _wrong_columns(columns)
        if not result.problem:
            result.unused = [name for name in columns if name and name not in KNOWN]
            result.absent = [
                name for name in LABELS if name in KNOWN and name not in columns
            ]
            compare(*_read_all(reader, columns, result), result)
            result.errors.sort()
            result.warnings.sort()
    except csv.Error:
        result.problem = _not_csv()
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
        if "?" in row.name:
            result.warnings.append(
                (
                    start,
                    _(
                        "“%(name)s” has a question mark: a letter may have been lost."
                        " Save the file as CSV UTF-8."
                    )
                    % {"name": row.name},
                )
            )
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
