"""What every page knows: where one can go, and whose house it is."""

from typing import Any

from django.conf import settings
from django.db.models import Exists, Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from feedback.models import Confidant, Report
from mentoring import branding
from people.models import User
from programs.models import Program, Role
from programs.viewing import Viewing


def site(request: HttpRequest) -> dict[str, Any]:
    """The organisation, whether this is a trial, and the navigation for the role."""
    return {
        "brand": SimpleLazyObject(branding.brand),
        "viewing": getattr(request, "viewing", None),
        "demo_mode": settings.DEMO_MODE,
        "navigation": SimpleLazyObject(lambda: navigation(request)),
    }


def roles_of(user: User) -> set[str]:
    """What somebody is or was in programmes; asked once for a page."""
    if user.known_roles is None:
        kept = Program.objects.exclude(state=Program.State.ARCHIVED)
        # Every page asks this, so it is a plain question: the rest is worked out here.
        found = list(
            User.objects.filter(pk=user.pk).values_list(
                "participations__role",
                "participations__left_at",
                "participations__program__state",
                Exists(kept) if user.is_hr_admin else Value(False),
                # Of no row of the outer query: asked once, by index.
                Exists(Confidant.objects.filter(user=user.pk)),
                Exists(Report.objects.visible_to(user)),
            )
        )
        user.known_roles = {role for role, *_rest in found if role}
        user.is_known_to_read = any(
            is_named or has_some for *_rest, is_named, has_some in found
        )
        user.is_known_to_run = any(
            runs_all
            or (
                role == Role.COORDINATOR
                and left_at is None
                and state != Program.State.ARCHIVED
            )
            for role, left_at, state, runs_all, *_rest in found
        )
    return user.known_roles


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """One entry for each place that the person can go to."""
    if viewing := getattr(request, "viewing", None):
        return _along(viewing, request.path)
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    assert isinstance(user, User)
    entries = [("dashboards:home", _("Home"), "home")]
    roles = roles_of(user)
    if roles - {Role.COORDINATOR}:
        entries.append(("mentorships:mentorship_list", _("My mentorships"), "users"))
    if not user.is_it_admin:
        entries.append(("programs:program_list", _("Programmes"), "map"))
    if user.is_known_to_run:
        entries.append(("feedback:care_queue", _("Care"), "lifebuoy"))
    if user.is_known_to_read:
        entries.append(("feedback:report_list", _("Reports"), "lock-closed"))
    if user.is_hr_admin:
        entries.append(("people:person_list", _("People"), "identification"))
        entries.append(
            ("people:organisation_edit", _("Organisation"), "building-office-2")
        )
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


def _along(viewing: Viewing, path: str) -> list[dict[str, Any]]:
    """The pages that somebody may look at who looks along."""
    slug = viewing.participant.program.slug
    entries = [
        ("programs:participation", [slug], _("How I take part"), "user"),
        ("programs:program_detail", [slug], _("The programme"), "map"),
        ("programs:library", [slug], _("Training and library"), "academic-cap"),
        ("matching:waiting", [slug], _("Where I stand"), "clock"),
        ("mentorships:mentorship_list", [], _("My mentorships"), "users"),
        ("programs:visibility", [slug], _("Who sees what"), "eye"),
    ]
    return [
        {"url": url, "label": label, "icon": icon, "current": url == path}
        for name, arguments, label, icon in entries
        if (url := reverse(name, args=arguments))
    ]


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
        "/surveys/highlights/": "mentorships:mentorship_list",
        "/surveys/year/": "mentorships:mentorship_list",
        "/surveys/reports/of/": "mentorships:mentorship_list",
        "/surveys/reports/read-by/": "people:person_list",
        "/surveys/reports/mine/": "",
        "/surveys/reports/": "feedback:report_list",
        "/surveys/": "programs:program_list",
        "/people/me/": "",
        "/people/settings/": "",
        "/people/organisation/": "people:organisation_edit",
        "/people/": "people:person_list",
        "/messages/failed/": "outbox:message_list",
        "/health/": "dashboards:health",
    }
    return next((name for start, name in starts.items() if path.startswith(start)), "")
