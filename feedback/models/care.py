"""Which relationships ask for a person, why, and what was done."""

from collections.abc import Iterable
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, Max, OuterRef, Q, Subquery, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentorships.models import Concern, Mentorship
from people.models import User
from programs.models import Program


def _days(label: Any, days: int, most: int) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(
        label, default=days, validators=[MinValueValidator(0), MaxValueValidator(most)]
    )


def _weight(label: Any, weight: int) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(
        label, default=weight, validators=[MaxValueValidator(10)]
    )


class CareSettings(models.Model):
    """How a programme listens: how often it asks, and when a pair asks for a person."""

    program = models.OneToOneField(Program, models.CASCADE, related_name="care")
    rest_days = _days(_("days of rest between two surveys for one person"), 14, 180)
    grace_days = _days(_("days in which a new mentorship is left alone"), 14, 120)
    threshold = models.PositiveSmallIntegerField(
        _("below this figure a pair comes into the care queue"),
        default=50,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
    )
    weight_rhythm = _weight(_("sessions against their own rhythm"), 4)
    weight_contact = _weight(_("last contact"), 3)
    weight_planned = _weight(_("a session on the calendar"), 2)
    weight_goals = _weight(_("goals"), 2)
    weight_agreement = _weight(_("the agreement is signed"), 1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(threshold__range=(1, 90)), name="care_threshold_1_to_90"
            )
        ]

    @property
    def weights(self) -> dict[str, int]:
        """How much each part of the figure weighs."""
        return {
            "rhythm": self.weight_rhythm,
            "contact": self.weight_contact,
            "planned": self.weight_planned,
            "goals": self.weight_goals,
            "agreement": self.weight_agreement,
        }

    @classmethod
    def name_of(cls, part: str) -> str:
        """What a part of the figure is called."""
        field = cls._meta.get_field(f"weight_{part}")
        assert isinstance(field, models.Field)
        return str(field.verbose_name)

    @classmethod
    def of(cls, program: Program) -> "CareSettings":
        """Those of a programme; what is usual while nobody changed them."""
        found: CareSettings | None = cls.objects.filter(program=program).first()
        return found or cls(program=program)


# Nobody took it, or who did no longer works here.
NOBODYS = Q(owner=None) | Q(owner__is_active=False) | Q(owner__left_on__isnull=False)


def due() -> Q:
    """Open today, and not put off until a later day."""
    later = Q(snoozed_until__gt=timezone.localdate())
    return Q(closed_at=None) & (Q(snoozed_until=None) | ~later)


class CareItemQuerySet(models.QuerySet["CareItem"]):
    def visible_to(self, user: User) -> "CareItemQuerySet":
        """For those who run the programme; no manager and no sponsor."""
        return self.filter(mentorship__program__in=Program.objects.managed_by(user))

    def open(self) -> "CareItemQuerySet":
        return self.filter(closed_at=None)

    def due(self) -> "CareItemQuerySet":
        """Open, and not put off until a later day."""
        return self.filter(due())

    def to_do(self) -> "CareItemQuerySet":
        """Due, and nobody's: nobody took it, or who did no longer works here."""
        return self.due().filter(NOBODYS)

    def due_for(self, user: User) -> "CareItemQuerySet":
        """Due, and not a colleague's."""
        return self.due().filter(Q(owner=user) | NOBODYS)

    def in_order(self) -> "CareItemQuerySet":
        """Who asked to be called first, then the lowest figure; who waits longest.
        What was put off comes after what is due.
        """
        later = Case(When(due(), then=0), default=1)
        asked = Case(When(reason_key="asked", then=0), default=1)
        return self.order_by(later, asked, "score", "since", "pk")


# What the people in it do themselves: with a coordinator they agreed on it.
AGREED: dict[str, Any] = {
    "paused": _("agreed: they take a break"),
    "ended": _("agreed: they end the mentorship"),
    "new_match": _("agreed: they look for a new match"),
}


class CareItem(models.Model):
    """One time that a mentorship asked for a person: the facts, and how it went on.

    The figure is of the relationship, never of one of the people in it.
    """

    class Outcome(models.TextChoices):
        BACK = "back", _("back on track")
        HELPED = "helped", _("spoke with them; they go on")
        PAUSED = "paused", _("they take a break")
        ENDED = "ended", _("the mentorship ended")
        NEW_MATCH = "new_match", _("a new match is looked for")
        DISMISSED = "dismissed", _("nothing needed")

    mentorship = models.ForeignKey(
        Mentorship, models.CASCADE, related_name="care_items"
    )
    since = models.DateTimeField(default=timezone.now)
    score = models.PositiveSmallIntegerField()
    # Which suggestion fits.
    reason_key = models.SlugField(max_length=20)
    # Keys and figures, not words: they are read in the reader's language.
    facts = models.JSONField(default=list)
    owner = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="care_items"
    )
    snoozed_until = models.DateField(_("until"), null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, blank=True)
    reason = models.CharField(_("why, in a few words"), max_length=300, blank=True)

    objects = CareItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mentorship"],
                condition=Q(closed_at=None),
                name="one_open_care_item_per_mentorship",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="")
                | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="care_item_closes_with_an_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="dismissed", reason=""),
                name="care_item_dismissed_for_a_reason",
                violation_error_message=_("Say in a few words why nothing is needed."),
            ),
        ]
        indexes = [models.Index(fields=["closed_at", "score"])]

    def get_absolute_url(self) -> str:
        return reverse("feedback:care_detail", args=[self.pk])

    @property
    def program_id(self) -> int:
        return self.mentorship.program_id

    @property
    def parts(self) -> list[tuple[str, int, int]]:
        """What the figure is the mean of: each part by its name, from 0 to 100, and how
        much it weighed.
        """
        return [
            (CareSettings.name_of(fact["part"]), fact["score"], fact["weight"])
            for fact in self.facts
            if "weight" in fact
        ]

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def is_agreed(self) -> bool:
        """Whether it closed with something that they now do themselves."""
        return self.closed_by_id is not None and self.outcome in AGREED

    @property
    def outcome_words(self) -> str:
        """What came of it; what the clock saw, or what was agreed with them."""
        agreed = AGREED[self.outcome] if self.is_agreed else None
        return str(agreed or self.get_outcome_display())

    @property
    def look(self) -> str:
        """How the figure is marked: who only asked to be called may be doing well, and
        what is closed was looked after.
        """
        return "risk" if self.is_open and self.reason_key != "asked" else "info"

    @property
    def is_snoozed(self) -> bool:
        return bool(self.snoozed_until and self.snoozed_until > timezone.localdate())


def callers(items: Iterable[CareItem]) -> dict[int, list[User]]:
    """Who asked to be called and was not since, for each item that is open; never what
    about.
    """
    asked = {
        each.mentorship_id: each.pk
        for each in items
        if each.is_open and each.reason_key == "asked"
    }
    if not asked:
        return {}
    looked_at = (
        CareItem.objects.filter(mentorship=OuterRef("member__mentorship"))
        .exclude(closed_by=None)
        .order_by()
        .values("mentorship")
        .annotate(last=Max("closed_at"))
        .values("last")
    )
    found: dict[int, list[User]] = {}
    for concern in (
        Concern.objects.filter(member__mentorship__in=asked, asked_at__isnull=False)
        .annotate(looked_at=Subquery(looked_at))
        .filter(Q(looked_at=None) | Q(asked_at__gt=F("looked_at")))
        .select_related("author", "member")
        .order_by("asked_at", "pk")
    ):
        people = found.setdefault(asked[concern.member.mentorship_id], [])
        if concern.author not in people:
            people.append(concern.author)
    return found


class CareMessage(models.Model):
    """What somebody who cares for a pair wrote to one of them."""

    item = models.ForeignKey(CareItem, models.CASCADE, related_name="messages")
    to = models.ForeignKey(User, models.CASCADE, related_name="+")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    body = models.TextField(_("message"), max_length=2000)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
