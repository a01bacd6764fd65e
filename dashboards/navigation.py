"""What every page knows: where one can go, and whose house it is."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from people.models import User
from programs.models import Role


def site(request: HttpRequest) -> dict[str, Any]:
    """The organisation, whether this is a trial, and the navigation for the role."""
    return {
        "organisation_name": settings.ORGANISATION_NAME,
        "demo_mode": settings.DEMO_MODE,
        "navigation": SimpleLazyObject(lambda: navigation(request)),
    }


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """One entry for each place that the person can go to."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    assert isinstance(user, User)
    entries = [("dashboards:home", _("Home"), "home")]
    if user.participations.exclude(role=Role.COORDINATOR).exists():
        entries.append(("mentorships:mentorship_list", _("My mentorships"), "users"))
    if not user.is_it_admin:
        entries.append(("programs:program_list", _("Programmes"), "map"))
    if user.is_hr_admin or user.participations.filter(role=Role.COORDINATOR).exists():
        entries.append(("feedback:care_queue", _("Care"), "lifebuoy"))
    if user.is_hr_admin:
        entries.append(("people:person_list", _("People"), "identification"))
    if user.is_hr_admin or user.is_it_admin:
        entries.append(("outbox:message_list", _("Mail"), "envelope"))
        entries.append(("dashboards:health", _("Health"), "heart"))
    here = place(request.path)
    found = []
    for name, label, icon in entries:
        url = reverse(name)
        current = name == here
        found.append({"url": url, "label": label, "icon": icon, "current": current})
    return found


def place(path: str) -> str:
    """Which entry a page belongs to; what one runs belongs to the programmes."""
    if path == "/":
        return "dashboards:home"
    starts = {
        "/mentorships/of/": "programs:program_list",
        "/mentorships/": "mentorships:mentorship_list",
        "/programs/": "programs:program_list",
        "/matching/": "programs:program_list",
        "/overview/": "programs:program_list",
        "/surveys/care/of/": "programs:program_list",
        "/surveys/care/": "feedback:care_queue",
        "/surveys/": "programs:program_list",
        "/people/me/": "",
        "/people/settings/": "",
        "/people/": "people:person_list",
        "/messages/failed/": "outbox:message_list",
        "/health/": "dashboards:health",
    }
    return next((name for start, name in starts.items() if path.startswith(start)), "")
