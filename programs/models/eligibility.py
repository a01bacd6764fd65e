"""Who may take part, by what the HR system says of people."""

import math
from datetime import date, timedelta

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.models import Employment, User
from programs.models.roles import Role

DAYS_A_MONTH = 365.25 / 12


def months_ago(months: int) -> date:
    """The day on which somebody started who has been here for that many months."""
    return timezone.localdate() - timedelta(days=math.ceil(months * DAYS_A_MONTH))


class EligibilityRuleQuerySet(models.QuerySet["EligibilityRule"]):
    def kept_by(self, employment: Employment | None) -> "EligibilityRuleQuerySet":
        """Those that somebody with this job keeps."""
        if employment is None:
            return self.none()
        kept = Q(pk__in=[])
        for field in (
            EligibilityRule.Field.DEPARTMENT,
            EligibilityRule.Field.LOCATION,
            EligibilityRule.Field.JOB,
        ):
            kept |= Q(field=field, value=getattr(employment, field.value))
        if employment.level is not None:
            level = employment.level
            kept |= (
                Q(field=EligibilityRule.Field.LEVEL)
                & (Q(least=None) | Q(least__lte=level))
                & (Q(most=None) | Q(most__gte=level))
            )
        if employment.started_on is not None:
            days = (timezone.localdate() - employment.started_on).days
            months = math.floor(days / DAYS_A_MONTH)
            kept |= (
                Q(field=EligibilityRule.Field.MONTHS)
                & (Q(least=None) | Q(least__lte=months))
                & (Q(most=None) | Q(most__gte=months))
            )
        return self.filter(kept)


class EligibilityRule(models.Model):
    """One value, or one range, that is let in. Of each field that a role has rules for,
    somebody has to keep one; a field without rules lets everybody in.
    """

    class Field(models.TextChoices):
        DEPARTMENT = "department", _("department")
        LOCATION = "location", _("location")
        JOB = "job", _("job")
        LEVEL = "level", _("level")
        MONTHS = "months", _("months of service")

    program = models.ForeignKey(
        "programs.Program", models.CASCADE, related_name="eligibility"
    )
    role = models.CharField(max_length=12, choices=Role)
    field = models.CharField(max_length=12, choices=Field)
    value = models.CharField(max_length=120, blank=True)
    least = models.PositiveSmallIntegerField(null=True, blank=True)
    most = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = EligibilityRuleQuerySet.as_manager()

    class Meta:
        ordering = ["field", "value", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["program", "role", "field", "value"],
                name="eligibility_value_once",
            ),
            models.CheckConstraint(
                condition=Q(least=None) | Q(most=None) | Q(most__gte=F("least")),
                name="eligibility_most_is_not_below_least",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.value or (self.least, self.most)}"


def people_let_in(rules: list[EligibilityRule]) -> Q:
    """The condition on a ``User`` that these rules, all of one role, come to."""
    found = Q()
    for field in {rule.field for rule in rules}:
        of_field = [rule for rule in rules if rule.field == field]
        if field == EligibilityRule.Field.LEVEL:
            for rule in of_field:
                found &= _range("employment__level", rule.least, rule.most)
        elif field == EligibilityRule.Field.MONTHS:
            for rule in of_field:
                # Long service is an early day: the range turns round.
                found &= _days(rule.least, rule.most)
        else:
            values = [rule.value for rule in of_field]
            found &= Q(**{f"employment__{field}__in": values})
    return found


def _range(path: str, least: int | None, most: int | None) -> Q:
    found = Q(**{f"{path}__isnull": False})
    if least is not None:
        found &= Q(**{f"{path}__gte": least})
    if most is not None:
        found &= Q(**{f"{path}__lte": most})
    return found


def _days(least: int | None, most: int | None) -> Q:
    found = Q(employment__started_on__isnull=False)
    if least is not None:
        found &= Q(employment__started_on__lte=months_ago(least))
    if most is not None:
        found &= Q(employment__started_on__gt=months_ago(most + 1))
    return found


def open_to(user: User) -> Q:
    """The condition on a ``Program`` that it lets somebody in, in one of its roles."""
    employment = Employment.objects.filter(user=user).first()

    def broken(role: Role) -> Exists:
        rules = EligibilityRule.objects.filter(role=role)
        kept = rules.filter(
            program=OuterRef("program"), field=OuterRef("field")
        ).kept_by(employment)
        return Exists(rules.filter(~Exists(kept), program=OuterRef("pk")))

    return Q(~broken(Role.PEER), model="peer") | (
        ~Q(model="peer") & (Q(~broken(Role.MENTOR)) | Q(~broken(Role.MENTEE)))
    )
