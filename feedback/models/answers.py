"""Answers: on their way, sealed; then as counts that belong to nobody."""

import json
import uuid
from typing import Any, NamedTuple

from django.db import models
from django.db.models import F, Q

from feedback.models.surveys import Invitation, Question, Wave
from mentoring.sealing import seal, unseal

# A sealed text is a multiple of this, so that its length does not tell how much was
# written.
PAGE = 12_000

Given = dict[int, Any]


def _padded(found: dict[str, Any]) -> str:
    text = json.dumps(found)
    return text.ljust(-(-len(text) // PAGE) * PAGE)


class Draft(models.Model):
    """What somebody filled in and did not send yet. Sealed; gone once it is sent."""

    invitation = models.OneToOneField(
        Invitation, models.CASCADE, primary_key=True, related_name="draft"
    )
    sealed = models.BinaryField()

    @property
    def _bound_to(self) -> str:
        return f"draft:{self.invitation_id}"

    def write(self, answers: Given) -> None:
        """Seal the answers into this row; save it afterwards."""
        text = _padded({"answers": list(answers.items())})
        self.sealed = seal(text, bound_to=self._bound_to)

    def read(self) -> Given:
        """The answers by question."""
        found = json.loads(unseal(bytes(self.sealed), bound_to=self._bound_to))
        return dict(found["answers"])


class Sheet(NamedTuple):
    """What is sealed in one: whether it counts towards the floor as well."""

    role: str
    department: str
    answers: Given
    counts: bool


class FreshSheet(models.Model):
    """Answers that wait until enough have come in. Sealed; no person, no time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wave = models.ForeignKey(Wave, models.CASCADE, related_name="fresh")
    sealed = models.BinaryField()

    @property
    def _bound_to(self) -> str:
        return f"sheet:{self.pk}"

    @classmethod
    def of(
        cls,
        wave: Wave,
        role: str,
        answers: Given,
        *,
        department: str = "",
        counts: bool = True,
    ) -> "FreshSheet":
        """A sheet with its answers sealed into it."""
        sheet = cls(wave=wave)
        text = _padded(
            {
                "role": role,
                "department": department,
                "counts": counts,
                "answers": list(answers.items()),
            }
        )
        sheet.sealed = seal(text, bound_to=sheet._bound_to)
        return sheet

    def open(self) -> Sheet:
        """The role, the department, and the answers by question."""
        found = json.loads(unseal(bytes(self.sealed), bound_to=self._bound_to))
        answers = dict(found["answers"])
        return Sheet(found["role"], found["department"], answers, found["counts"])


class Batch(models.Model):
    """Five sheets or more that left the pool together, with what they have in common.

    Role and department are empty where the batch is of several.
    """

    wave = models.ForeignKey(Wave, models.CASCADE, related_name="batches")
    number = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=12, blank=True)
    department = models.CharField(max_length=120, blank=True)
    size = models.PositiveIntegerField()
    # How many of these count towards the floor.
    counting = models.PositiveIntegerField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["wave", "number"], name="batch_number_once_per_wave"
            ),
            models.CheckConstraint(
                condition=Q(size__gte=5), name="batch_is_five_or_more"
            ),
            models.CheckConstraint(
                condition=Q(counting__lte=F("size")), name="batch_counts_of_its_own"
            ),
        ]


class Tally(models.Model):
    """How many in a batch gave one answer; no value counts who answered at all, and how
    many of these count towards the floor.
    """

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="tallies")
    question = models.ForeignKey(Question, models.PROTECT, related_name="tallies")
    value = models.CharField(max_length=10, blank=True)
    count = models.PositiveIntegerField()
    counting = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "question", "value"], name="tally_once_per_value"
            ),
            models.CheckConstraint(
                condition=Q(count__gte=1), name="tally_counts_somebody"
            ),
        ]


class Remark(models.Model):
    """What somebody in a batch wrote. Nothing else of what they answered is with it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    batch = models.ForeignKey(Batch, models.CASCADE, related_name="remarks")
    question = models.ForeignKey(Question, models.PROTECT, related_name="remarks")
    text = models.TextField()

    class Meta:
        # A page of them is read in this order, which tells nothing.
        indexes = [models.Index(fields=["question", "id"])]


class NamedAnswer(models.Model):
    """One answer of one person to a survey that says on top that it is named."""

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="named_answers")
    value = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["invitation", "question"], name="named_answer_once_per_question"
            )
        ]

    @property
    def words(self) -> str:
        """The answer as it is called, in the reader's language."""
        if self.question.kind == Question.Kind.TEXT:
            return str(self.value)
        names = dict(self.question.choices)
        values = self.value if isinstance(self.value, list) else [self.value]
        return ", ".join(names.get(str(value), "") for value in values)
