"""The settings of the site that is broken: open all hours, and in a hurry."""

import os

from mentoring.settings import *  # noqa: F403

REMINDERS_WAIT = False
# At full length as patient as in production: a lease goes by it.
EMAIL_TIMEOUT = 20 if os.environ.get("CHAOS") else 3
DEBUG = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_BEAT_SCHEDULE = {
    "send": {"task": "outbox.tasks.send_due", "schedule": 2.0},
    "heartbeat": {"task": "outbox.tasks.beat", "schedule": 2.0},
}
if os.environ.get("CHAOS_PLANS"):
    CELERY_BEAT_SCHEDULE = {
        task: {"task": task, "schedule": 1.0}
        for task in (
            "mentorships.tasks.plan_first_steps",
            "mentorships.tasks.plan_check_ins",
        )
    }
