"""Serious reports: to one named person, and to nobody else."""

import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from typing import Any

from django.db import models
from django.db.models import Exists, ExpressionWrapper, OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring.sealing import seal, traced, unseal
from mentorships.models import Member, Mentorship
from people.models import User
from programs.models import Participant, Program, Role

# Who runs a programme now.
RUNS = Participant.objects.active().filter(role=Role.COORDINATOR)


class Confidant(models.Model):
    """Who reads serious reports: of one programme, or of all that name nobody."""

    program = models.OneToOneField(
        Program, models.CASCADE, null=True, blank=True, related_name="confidant"
    )
    user = models.ForeignKey(User, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Coalesce("program", 0), name="one_confidant_for_each_and_for_all"
            )
        ]

    @classmethod
    def of(cls, mentorship: Mentorship) -> User | None:
        """Who reads what is reported of a mentorship: the person of its programme, else
        that of the organisation; one who works here, is not in it and does not run it.
        """
        rows = cls._outside(mentorship.pk, mentorship.program_id).select_related("user")
        own = rows.filter(program=mentorship.program_id).first()
        found = own or rows.filter(program=None).first()
        return found.user if found else None

    @classmethod
    def stands_apart(cls, user: User, mentorship: Mentorship) -> bool:
        """Whether somebody who is named is not in a mentorship and does not run it."""
        rows = cls._outside(mentorship.pk, mentorship.program_id)
        return rows.filter(user=user).exists()

    @classmethod
    def _outside(cls, mentorship: Any, program: Any) -> models.QuerySet["Confidant"]:
        """Those who may read of a mentorship, for whatever they are named: they are not
        in it and do not run its programme. Given its numbers, or where they stand in
        an outer query.
        """
        members = Member.objects.filter(
            participant__user=OuterRef("user"), mentorship=OuterRef("of_mentorship")
        )
        runs = RUNS.filter(user=OuterRef("user"), program=OuterRef("of_program"))
        return (
            cls._outside_hr()
            .alias(
                of_mentorship=_number(mentorship),
                of_program=_number(program),
            )
            .exclude(Exists(members))
            .exclude(Exists(runs))
        )

    @classmethod
    def for_somebody(cls, user: User) -> User | None:
        """Whom somebody can write to who is in no mentorship yet: it is another, who
        runs no programme in which they take part.
        """
        theirs = Participant.objects.active().filter(user=user).values("program")
        runs = RUNS.filter(user=OuterRef("user"), program__in=theirs)
        found = (
            cls._outside_hr()
            .filter(program=None)
            .exclude(user=user)
            .exclude(Exists(runs))
            .select_related("user")
            .first()
        )
        return found.user if found else None

    @classmethod
    def named_now(cls) -> models.QuerySet["Confidant"]:
        """Those who can read what is sent to them: they work here."""
        return cls.objects.filter(user__in=User.objects.working_here())

    @classmethod
    def _outside_hr(cls) -> models.QuerySet["Confidant"]:
        return cls.named_now().exclude(user__org_role=User.OrgRole.HR_ADMIN)

    @classmethod
    def without_reader(cls) -> models.QuerySet[Mentorship]:
        """Mentorships of which nobody who is named can read: whoever is, is in it, runs
        its programme or left.

        Where somebody is named for all, only mentorships with which a named person has
        to do are looked at closely.
        """
        named = cls.objects.values("user")
        tied = Q(
            pk__in=Member.objects.filter(participant__user__in=named).values(
                "mentorship"
            )
        ) | Q(program__in=RUNS.filter(user__in=named).values("program"))
        readers = cls._outside(OuterRef("pk"), OuterRef("program")).filter(
            Q(program=None) | Q(program=OuterRef("program"))
        )
        for_all = cls._outside_hr().filter(program=None)
        return (
            Mentorship.objects.active()
            .filter(program__in=Program.objects.live())
            .filter(tied | ~Exists(for_all))
            .exclude(Exists(readers))
        )


def _number(value: Any) -> ExpressionWrapper:
    """A number, or where it stands in an outer query, as something to compare with."""
    known = Value(value) if isinstance(value, int) else value
    return ExpressionWrapper(known, output_field=models.BigIntegerField())


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: User) -> "ReportQuerySet":
        """Whom it was written to; no admin and no coordinator."""
        return self.filter(to=user)

    def written_by(self, user: User) -> "ReportQuerySet":
        """Those that somebody wrote themselves, found by their traces; none is opened
        for it.
        """
        own = [
            pk
            for pk, mark, trace in self.values_list("pk", "mark", "trace")
            if compare_digest(trace, _trace(mark, user))
        ]
        return self.filter(pk__in=own)

    def open(self) -> "ReportQuerySet":
        return self.filter(closed_at=None)

    def left_behind(self) -> "ReportQuerySet":
        """Open ones, to somebody who left or is not named any more."""
        return self.open().exclude(to__in=Confidant.named_now().values("user"))

    def to_tell(self) -> "ReportQuerySet":
        """Those handed over, of which whoever wrote them has not heard it yet."""
        return self.filter(handed_at__isnull=False, told_at=None)


def _trace(mark: uuid.UUID, user: User) -> str:
    """By which somebody finds a report of theirs again: another for each report, so
    that two of one person have nothing in common.
    """
    return traced(f"report:{mark}:{user.pk}")


@dataclass(frozen=True)
class Said:
    """What was added to a report later, by whoever wrote it or reads it."""

    by: User | None
    at: datetime
    text: str


@dataclass(frozen=True)
class Reported:
    """What a report says when it is opened."""

    by: User | None
    where: str
    text: str
    mentorship: int
    later: list[Said]


class Report(models.Model):
    """What somebody reports to the named person. Who wrote it is sealed as well."""

    to = models.ForeignKey(User, models.CASCADE, related_name="+")
    sealed = models.BinaryField()
    trace = models.CharField(max_length=64, editable=False)
    at = models.DateTimeField(_("when"), default=timezone.now)
    # When whoever reads it said that they look at it.
    begun_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    # When it went to somebody else to read, and when whoever wrote it heard of that.
    handed_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    # What its text is bound to: it is sealed before it has a number.
    mark = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]

    def get_absolute_url(self) -> str:
        return reverse("feedback:report_detail", args=[self.pk])

    @property
    def _bound_to(self) -> str:
        return f"report:{self.mark}:{self.to_id}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    def write(self, text: str, *, by: User, mentorship: Mentorship) -> None:
        """Seal what is reported into this row; save it afterwards."""
        self.trace = _trace(self.mark, by)
        self._keep(
            {
                "by": by.pk,
                "where": f"{mentorship} · {mentorship.program.name}",
                "text": text,
                "mentorship": mentorship.pk,
                "later": [],
            }
        )

    def add(self, text: str, *, by: User) -> None:
        """Seal more under it; save it afterwards."""
        told = self._told()
        now = timezone.now().isoformat()
        told["later"].append({"by": by.pk, "at": now, "text": text})
        self._keep(told)

    def read(self) -> Reported:
        """Who reports, of which mentorship, and what; and what was added."""
        told = self._told()
        ids = {told["by"], *(each["by"] for each in told["later"])}
        people = User.objects.in_bulk(ids)
        return Reported(
            people.get(told["by"]),
            told["where"],
            told["text"],
            told["mentorship"],
            [
                Said(
                    people.get(each["by"]),
                    datetime.fromisoformat(each["at"]),
                    each["text"],
                )
                for each in told["later"]
            ],
        )

    def _told(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(
            unseal(bytes(self.sealed), bound_to=self._bound_to)
        )
        return told

    def _keep(self, told: dict[str, Any]) -> None:
        self.sealed = seal(json.dumps(told), bound_to=self._bound_to)

    def may_go_to(self, user: User) -> bool:
        """Whether this person stands outside of what is reported."""
        told = self.read()
        mentorship = Mentorship.objects.filter(pk=told.mentorship).first()
        return user != told.by and (
            mentorship is None or Confidant.stands_apart(user, mentorship)
        )

    def bind_to(self, user: User) -> None:
        """Seal it anew, for another to read; save it afterwards."""
        told = self._told()
        self.to = user
        self._keep(told)


def reads_reports() -> Q:
    """Of people: those who are named to read reports, or once were and have some."""
    return Q(pk__in=Confidant.objects.values("user")) | Q(
        pk__in=Report.objects.values("to")
    )
