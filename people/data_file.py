"""What a person gets of all that is kept about them: each app says what of its rows.

As with who sees what and with erasing, apps above add what is theirs when they start. A
row that is about a person is told here, column by column with the circle that it lies
in, or its model is left out, with the reason. Somebody who asks for their own file gets
all of it; who gives it to them gets no more than they may read anyhow.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q, prefetch_related_objects
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mentoring.sealing import CannotOpen
from people.models import (
    User,
)
from people.visibility import Circle

Model = type[models.Model]


class Part(models.IntegerChoices):
    """The parts of the file, in the order in which one reads it."""

    PERSON = 1, _("The person")
    TAKING_PART = 2, _("Taking part")
    MATCHING = 3, _("Matching")
    TOGETHER = 4, _("Mentorships")
    ALONE = 5, _("Private")
    ASKED = 6, _("Surveys and care")
    MAIL = 7, _("Mails")
    DONE = 8, _("What was done")


# What HR reads without being in the pair: the file that they give holds no more.
FOR_HR = Circle.TEAM
# What fields are called that no form asks for.
LABELS: dict[str, Any] = {
    "about_id": _("number of what it is about"),
    "about_type": _("what it is about"),
    "accepted_version": _("version of the guidelines"),
    "accepted_at": _("accepted on"),
    "after": _("level after"),
    "answered": _("answered"),
    "answered_at": _("answered on"),
    "asked_at": _("asked on"),
    "at": _("when"),
    "back_at": _("pauses until"),
    "before": _("level before"),
    "begun_at": _("looked at since"),
    "by": _("by whom"),
    "capacity": _("how many people"),
    "changed_at": _("changed on"),
    "changed_by": _("changed by"),
    "closed_at": _("closed on"),
    "code": _("code"),
    "consented_at": _("agreed to be shown on"),
    "created_at": _("made on"),
    "decided_at": _("decided on"),
    "decided_by": _("decided by"),
    "directions_been": _("career: been there"),
    "directions_going": _("career: going there"),
    "done_at": _("done on"),
    "ended_at": _("ended on"),
    "expires_at": _("until when it can be answered"),
    "goal": _("goal"),
    "handed_at": _("handed over on"),
    "interests": _("interests"),
    "is_active": _("works here"),
    "is_by_hand": _("entered by hand"),
    "issued_at": _("issued on"),
    "joined_at": _("joined on"),
    "kind": _("kind"),
    "last_used_at": _("last used on"),
    "left_at": _("left on"),
    "level": _("level"),
    "limit": _("what stood in the way"),
    "logged_at": _("logged on"),
    "logged_by": _("logged by"),
    "manager": _("manager"),
    "mentee": _("who asks"),
    "mentor": _("who was asked"),
    "mentorship": _("mentorship"),
    "minutes": _("minutes"),
    "mode": _("how"),
    "module": _("training"),
    "moment": _("moment"),
    "motivation": _("why I want to take part"),
    "not_before": _("planned for"),
    "offered_at": _("offered to be shown on"),
    "on": _("day"),
    "place": _("place or link"),
    "priority": _("how much I want it"),
    "program": _("programme"),
    "published_at": _("announced on"),
    "question": _("question"),
    "rank": _("choice"),
    "ready_at": _("ready on"),
    "role": _("role"),
    "saved_at": _("saved on"),
    "score": _("score"),
    "sent_at": _("sent on"),
    "session": _("session"),
    "settled_at": _("settled on"),
    "shared_at": _("shared on"),
    "shown_at": _("shown on"),
    "shown_to": _("manager who may know"),
    "started_at": _("began on"),
    "state": _("state"),
    "subject": _("what about"),
    "survey": _("survey"),
    "to": _("to whom"),
    "topic": _("topic"),
    "type": _("kind"),
    "used_at": _("used on"),
    "value": _("value"),
    "verb": _("what was done"),
    "version": _("version"),
    "wanted": _("wanted"),
    "words": _("answer"),
    "written_at": _("written on"),
}


@dataclass(frozen=True)
class Column:
    """One thing of a row: how it is called, who may read it, and what it is."""

    key: str
    label: Any
    circle: Circle
    read: Callable[[Any, User], Any]
    # The field of the row that it tells.
    covers: str
    show: Callable[[Any], Any] = lambda value: value
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """The rows of one model that are a person's, and what is told of each."""

    key: str
    part: Part
    model: Model
    title: Any
    rows: Callable[[User], Iterable[Any]]
    columns: tuple[Column, ...]
    # Fields that say nothing of a person, or that are a secret.
    untold: frozenset[str]

    def columns_for(self, least: Circle) -> list[Column]:
        return [each for each in self.columns if each.circle >= least]


SECTIONS: list[Section] = []
# What is in nobody's file, and why, in words for whoever reads it; and which rows.
LEFT_OUT: list[tuple[Any, tuple[Model, ...]]] = []
# Those that are about nobody, or that are told with another: why, for who reads us.
NOBODYS: dict[Model, str] = {}
# How a row is called where another one points at it, and what has to be read for it.
NAMES: dict[Model, tuple[Callable[[Any], str], tuple[str, ...]]] = {}


def leave_out(reason: Any, *left: Model) -> None:
    """Say what is in nobody's file, and why: all rows of these models, or with none of
    them named, rows of others that are told only in the file of somebody else.
    """
    LEFT_OUT.append((reason, left))


def of_nobody(reason: str, *left: Model) -> None:
    """Say of models that nothing of them is a person's."""
    NOBODYS.update(dict.fromkeys(left, reason))


def call(model: Model, name: Callable[[Any], str], *needs: str) -> None:
    """Say how a row is called where another one points at it."""
    NAMES[model] = (name, needs)


def name_of(row: models.Model) -> str:
    """How a row is called where another one points at it."""
    name, _needs = NAMES.get(type(row), (str, ()))
    return name(row)


def field_of(model: Model, path: str) -> Any:
    """The field at the end of a path, and of whatever lies between."""
    field: Any = None
    for part in path.split("__"):
        field = model._meta.get_field(part)
        model = field.related_model or model
    return field


def column(model: Model, path: str, circle: Circle) -> Column:
    """A field of a row, or of what the row belongs to, as it is."""
    field = field_of(model, path)
    parts = path.split("__")
    key = parts[-1]
    label = field.verbose_name
    if not isinstance(label, Promise) or field.model.__module__.startswith("allauth"):
        label = LABELS[key]

    def read(row: Any, _user: User) -> Any:
        for part in parts:
            if row is not None:
                row = getattr(row, part)
        return list(row.all()) if field.many_to_many else row

    needs: tuple[str, ...] = ("__".join(parts[:-1]),) if len(parts) > 1 else ()
    if field.is_relation:
        _name, further = NAMES.get(field.related_model, (str, ()))
        needs = (path, *(f"{path}__{each}" for each in further))
    names = dict(field.flatchoices or ())

    def show(value: Any) -> Any:
        return names.get(value, value) if names else value

    return Column(key, label, circle, read, parts[0], show, needs)


def made(
    key: str,
    circle: Circle,
    read: Callable[[Any], Any],
    *,
    covers: str = "",
    label: Any = None,
    needs: Sequence[str] = (),
    show: Callable[[Any], Any] = lambda value: value,
) -> Column:
    """Something that is made of a row."""
    return Column(
        key,
        label or LABELS[key],
        circle,
        lambda row, _user: read(row),
        covers or key,
        show,
        tuple(needs),
    )


def unsealed(
    label: Any,
    read: Callable[[Any], Any] = lambda row: row.read(),
    show: Callable[[Any], Any] = lambda value: value,
) -> Column:
    """What somebody wrote for themselves alone; nothing when the key of it is lost."""

    def opened(row: Any) -> Any:
        try:
            return read(row)
        except CannotOpen:
            return None

    return made("text", Circle.ME, opened, covers="sealed", label=label, show=show)


def tell(
    part: Part,
    model: Model,
    title: Any,
    of: Sequence[str] | Callable[[User], Iterable[Any]],
    told: Mapping[Circle, Sequence[str]],
    *,
    more: Sequence[Column] = (),
    untold: Sequence[str] = (),
    key: str = "",
) -> None:
    """Say what of a model is somebody's: the rows by their ways to the person, and the
    fields by who may read them. The key is that of the section in the file.
    """

    def by_ways(user: User) -> Iterable[Any]:
        found = Q()
        for way in of if not callable(of) else ():
            found |= Q(**{way: user})
        return mine(model, found)

    columns = [
        column(model, path, circle) for circle, paths in told.items() for path in paths
    ]
    SECTIONS.append(
        Section(
            key or model._meta.label_lower,
            part,
            model,
            title,
            of if callable(of) else by_ways,
            (*columns, *more),
            frozenset(untold),
        )
    )


def mine(model: Model, found: Q) -> models.QuerySet[Any]:
    """Each of these rows once, in the order in which they came."""
    every = model._base_manager.order_by()
    return every.filter(pk__in=every.filter(found).values("pk")).order_by("pk")


@dataclass(frozen=True)
class Told:
    """A section with the rows of one person."""

    section: Section
    columns: list[Column]
    rows: list[tuple[Any, list[Any]]]

    @property
    def title(self) -> str:
        return capfirst(str(self.section.title))

    def data(self) -> list[dict[str, Any]]:
        """The rows for a machine: the keys stay what they are, whatever language."""
        keys = [each.key for each in self.columns]
        return [
            {"id": pk, **dict(zip(keys, map(plain, values), strict=True))}
            for pk, values in self.rows
        ]

    def entries(self) -> Iterator[list[tuple[str, str]]]:
        """The rows to read: of each what there is, with what it is called."""
        for _pk, values in self.rows:
            pairs = [
                (capfirst(str(each.label)), in_words(each.show(value)))
                for each, value in zip(self.columns, values, strict=True)
            ]
            yield [(label, words) for label, words in pairs if words]


def gather(user: User, least: Circle = Circle.ME) -> Iterator[Told]:
    """Everything that is told of a person, as far as who gets it may read it."""
    for section in sorted(SECTIONS, key=lambda each: each.part):
        columns = section.columns_for(least)
        if not columns:
            continue
        rows = list(section.rows(user))
        needs = dict.fromkeys(need for each in columns for need in each.needs)
        prefetch_related_objects(rows, *needs)
        yield Told(
            section,
            columns,
            [(row.pk, [each.read(row, user) for each in columns]) for row in rows],
        )


def kept_from_hr() -> list[str]:
    """What only the person's own file holds, a line for each part."""
    found: dict[Part, list[str]] = {}
    for section in SECTIONS:
        given = section.columns_for(FOR_HR)
        kept = [each for each in section.columns if each not in given]
        if kept:
            labels = f" ({', '.join(str(each.label) for each in kept)})"
            title = f"{section.title}{labels if given else ''}"
            found.setdefault(section.part, []).append(title)
    return [f"{part.label}: {' · '.join(found[part])}" for part in sorted(found)]


def reasons() -> list[str]:
    """What is in nobody's file, and why."""
    return [capfirst(str(reason)) for reason, _models in LEFT_OUT]


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, models.Model):
        return {"id": value.pk, "name": name_of(value)}
    if isinstance(value, datetime):
        return value.astimezone(timezone.get_fixed_timezone(0)).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value)


def in_words(value: Any) -> str:
    """A value as one reads it; nothing when there is none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, models.Model):
        return name_of(value)
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    if isinstance(value, dict):
        return "\n".join(f"{key}: {in_words(each)}" for key, each in value.items())
    if isinstance(value, list):
        return ", ".join(in_words(each) for each in value)
    return str(value)
