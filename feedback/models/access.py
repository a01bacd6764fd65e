"""How far groups came in a programme: counts that may be seen."""

from django.db import models
from django.utils import timezone

from people.models import BackgroundQuestion
from programs.models import Program


class AccessTable(models.Model):
    """By choice of one question, how many came to each stage. No count is of one to
    four people; what may not be seen is not in it.
    """

    program = models.ForeignKey(Program, models.CASCADE, related_name="access_tables")
    question = models.ForeignKey(
        BackgroundQuestion, models.CASCADE, related_name="access_tables"
    )
    counts = models.JSONField(default=dict)
    # The figures that were last shown of each set of groups, also when they are hidden
    # now: whoever kept them can subtract.
    seen = models.JSONField(default=list)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["question"]
        constraints = [
            models.UniqueConstraint(
                fields=["program", "question"], name="one_access_table_per_question"
            )
        ]
