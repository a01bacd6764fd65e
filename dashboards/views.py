"""Pages that look across apps."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from dashboards import next_steps
from dashboards.figures import totals
from dashboards.health import health
from dashboards.navigation import roles_of
from feedback.needs import quiet_in
from history.kept import kept
from mentoring.http import Request, render_page
from mentorships.models import MentoringSession, Mentorship
from mentorships.views.oversight import with_care
from mentorships.views.pairs import MEMBERS
from people.models import User
from programs.models import Application, Program, Role
from programs.needs import needs_of

PAGE = 50
# The first step and those after it; what comes then opens with a press.
SHOWN = 8
COUNTED = {
    "active": _("Active mentorships"),
    "held": _("Sessions held"),
    "quiet": _("Quiet for too long"),
    "waiting": _("Who waits for a match"),
}


@require_safe
def home(request: Request) -> HttpResponse:
    """What is next for me, in order; then the rest."""
    user = request.user
    if user.is_it_admin:
        return health(request)
    if user.is_sponsor:
        return _sponsor_home(request)
    roles = roles_of(user)
    takes_part = bool(roles - {Role.COORDINATOR})
    parts = next_steps.my_parts(user) if takes_part else []
    mentorships = next_steps.my_mentorships(user) if takes_part else []
    runs = user.is_hr_admin or Role.COORDINATOR in roles
    run = next_steps.run_by(user) if runs else []
    has_report, manages = next_steps.to_read_and_manages(user)
    steps = next_steps.for_confidant() if has_report else []
    steps += next_steps.for_invited(user)
    if takes_part:
        steps += next_steps.for_participant(user, parts, mentorships)
        if not mentorships:
            steps += next_steps.rounded_off(user)
    if user.is_hr_admin:
        running = any(each.state == Program.State.RUNNING for each in run)
        steps += next_steps.for_hr_admin(has_running=running)
    figures = None
    if run:
        needs = needs_of(run, user)
        steps += next_steps.for_coordinator(user, needs)
        figures = _figures(user, run)
    return render_page(
        request,
        "dashboards/home.html",
        {
            "step": steps[0] if steps else None,
            "more": steps[1:SHOWN],
            "rest": steps[SHOWN:],
            "mentorships": mentorships,
            "actions": next_steps.open_actions(user) if takes_part else [],
            "goals": next_steps.my_goals(user) if takes_part else [],
            "run": run,
            "waiting": next_steps.waits(parts),
            # For who is in a mentorship it stands with the programmes.
            "applied": []
            if mentorships
            else list(Application.objects.waiting_of(user)),
            "figures": figures,
            # HR knows what it wrote; for them it stands with the programmes.
            "manages": not user.is_hr_admin and manages,
            "can_join": not steps
            and not mentorships
            and Program.objects.visible_to(user)
            .filter(state=Program.State.OPEN)
            .exclude(participants__user=user)
            .exists(),
        },
    )


@require_safe
def counted(request: Request, what: str) -> HttpResponse:
    """Behind a figure of the home page: each pair, session or person that it counts."""
    user = request.user
    programs = Program.objects.managed_by(user).exclude(state=Program.State.ARCHIVED)
    if what not in COUNTED or user.is_it_admin or not programs.exists():
        raise Http404
    pairs = Mentorship.objects.overseen_by(user)
    shown = pairs.with_last_held().select_related("program").prefetch_related(MEMBERS)
    quiet = Mentorship.objects.quiet_at(timezone.now())
    rows: dict[str, QuerySet[Any]] = {
        "active": shown.active(),
        "quiet": shown.filter(pk__in=quiet.values("pk")),
        "held": MentoringSession.objects.held()
        .filter(mentorship__in=pairs)
        .select_related("mentorship__program")
        .prefetch_related("mentorship__members__participant__user"),
        "waiting": next_steps.who_waits(user).select_related("user", "program"),
    }
    order = {"held": "-starts_at", "waiting": "ready_at"}.get(what, "started_at")
    page = Paginator(rows[what].order_by(order, "pk"), PAGE).get_page(
        request.GET.get("page")
    )
    if what == "quiet":
        with_care(list(page))
    return render_page(
        request,
        "dashboards/counted.html",
        {
            "what": what,
            "title": COUNTED[what],
            "page": page,
        },
    )


def _figures(user: User, run: list[Program]) -> dict[str, int]:
    """What whoever runs programmes counts."""
    overseen = Mentorship.objects.overseen_by(user)
    return {
        "active": overseen.active().count(),
        "quiet": sum(each.pairs for each in quiet_in(run).values()),
        "held": MentoringSession.objects.held().filter(mentorship__in=overseen).count(),
        "waiting": sum(each.waiting for each in run),  # type: ignore[attr-defined]
    }


def _sponsor_home(request: Request) -> HttpResponse:
    """Aggregates only: how far the programmes reach, never a person."""
    live = Program.objects.exclude(
        state__in=[Program.State.DRAFT, Program.State.ARCHIVED]
    )
    floor = settings.ANONYMITY_FLOOR
    return render_page(
        request,
        "dashboards/sponsor_home.html",
        {
            "rows": kept(
                "totals",
                lambda: render_to_string(
                    "dashboards/sponsor_rows.html", {"rows": totals(live, floor)}
                ),
                reader=request.user,
            ),
            "floor": floor,
        },
    )
