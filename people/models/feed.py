"""What came in from the HR system, and when."""

from django.db import models
from django.utils import timezone

from people.models.users import User


class HrImport(models.Model):
    """One time that the HR feed was read in: when, by whom, and what it did."""

    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-at"]


class HrUpload(models.Model):
    """A file from HR that waits for its preview to be confirmed."""

    by = models.ForeignKey(User, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    content = models.BinaryField()
