"""When somebody is away: nobody reminds them, and no mentorship begins meanwhile."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def ahead(self, day: date | None = None) -> "AbsenceQuerySet":
        """Those that are not over: of now, and those to come."""
        return self.filter(ends_on__gte=day or timezone.localdate())

    def on(self, day: date) -> "AbsenceQuerySet":
        """Those in which a day lies."""
        return self.filter(starts_on__lte=day, ends_on__gte=day)

    def between(self, first: date, last: date) -> "AbsenceQuerySet":
        """Those of which at least one day lies between two, both included."""
        return self.filter(starts_on__lte=last, ends_on__gte=first)

    def by_user(self, users: Iterable[int] | None = None) -> "dict[int, list[Absence]]":
        """Of each person who has any, in order; ``users`` names whom."""
        found: dict[int, list[Absence]] = {}
        for each in self if users is None else self.filter(user__in=set(users)):
            found.setdefault(each.user_id, []).append(each)
        return found


class Absence(models.Model):
    """A time in which somebody is away. Why is nobody's business, and not asked."""

    user = models.ForeignKey("people.User", models.CASCADE, related_name="absences")
    starts_on = models.DateField(_("first day away"))
    ends_on = models.DateField(_("last day away"))

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="absence_ends_after_it_starts",
                violation_error_message=_("The last day is not before the first."),
            ),
            # A second click on the button adds nothing twice.
            models.UniqueConstraint(
                fields=["user", "starts_on"],
                name="one_absence_from_a_day",
                violation_error_message=_("You are away from that day already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} – {self.ends_on}"

    @property
    def is_now(self) -> bool:
        return self.starts_on <= timezone.localdate() <= self.ends_on


def last_day_away(day: date, absences: Iterable[Absence]) -> date | None:
    """The last day of the time away in which a day lies; one may follow another at
    once. ``None`` when they are here.
    """
    last = None
    for each in sorted(absences, key=lambda each: each.starts_on):
        if each.starts_on <= day <= each.ends_on:
            last, day = each.ends_on, each.ends_on + timedelta(days=1)
    return last
