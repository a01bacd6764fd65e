"""Addresses of the pages of a pair, and what their forms send."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone


def at(name, *args):
    return reverse(f"mentorships:{name}", args=args)


def text(response):
    return response.content.decode()


def tomorrow():
    return timezone.now() + timedelta(days=1)


def when(days=1, hour="10:00", **fields):
    day = timezone.localdate() + timedelta(days=days)
    return {
        "on": f"{day:%Y-%m-%d}",
        "at": hour,
        "minutes": 60,
        "mode": "video",
        "place": "",
        "subject": "",
        **fields,
    }


def log(mentorship, days=0, **fields):
    day = timezone.localdate() - timedelta(days=days)
    return {
        "on": f"{day:%Y-%m-%d}",
        "minutes": 60,
        "came": [member.pk for member in mentorship.members.all()],
        "shared": "",
        "base": "",
        "private": "",
        "action": "",
        "owner": "",
        "due_on": "",
        **fields,
    }
