"""What the clock does with what is remembered."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from history.models import Press

KEPT = timedelta(days=2)


@shared_task
def forget_presses() -> None:
    """Nobody sends a form again after days: forget it. Twice is once."""
    Press.objects.filter(at__lt=timezone.now() - KEPT).delete()
