"""The project: what is true of every page."""

from mentoring.celery import app as celery_app

__all__ = ["celery_app"]
