"""What a file from HR is made of: columns, rows, and what they come to."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext_lazy

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
    # The address until now.
    email: str

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
    columns: list[str] = field(default_factory=list)
    # Of ours, those that the file does not have: what is known of them stays.
    absent: list[str] = field(default_factory=list)
    share: float = LEAVERS_SHARE

    @property
    def removes_too_many(self) -> bool:
        """More would leave than a mistake in the file should be able to remove."""
        return len(self.leavers) > self.share * self.people_before

    @property
    def moved(self) -> list[Change]:
        """Who gets another address: with it they sign in from then on."""
        return [change for change in self.changes if "email" in change.fields]

    @property
    def absent_words(self) -> list[str]:
        """What the file says nothing of, in words."""
        return [str(LABELS[name]) for name in self.absent]

    @property
    def rows(self) -> int:
        """How many people there is something to do for."""
        return len(self.additions) + len(self.changes)

    @property
    def needs_columns(self) -> bool:
        """It is a file of columns, of which one that is needed is not recognised."""
        return bool(self.problem and self.columns)

    @property
    def does_something(self) -> bool:
        """There is something to say yes to."""
        leaving = self.leavers and not self.removes_too_many
        return bool(self.additions or self.changes or leaving)
