"""Figures of programmes: for those who run them, and for a sponsor."""

from typing import Any

from django.conf import settings
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboards import effects, figures
from dashboards.outcomes import Comparison
from feedback.access import STAGES
from feedback.cells import folded, merged
from feedback.results import pulse_trends
from history.kept import kept
from mentoring import charts
from mentoring.http import Request, render_page
from mentoring.statistics import down_to, fewest_for
from mentorships.reach import MATCHED
from people.models import BackgroundQuestion
from programs.measures import goal_rows
from programs.models import Program, Role
from programs.permissions import managed
from programs.tabs import tabs


@require_safe
def overview(request: Request) -> HttpResponse:
    """All programmes that one runs, side by side."""
    programs = Program.objects.managed_by(request.user)
    if not programs.exists():
        raise Http404
    live = programs.exclude(state__in=[Program.State.DRAFT, Program.State.ARCHIVED])
    ours = sorted(live.order_by().values_list("pk", flat=True))
    return render_page(
        request,
        "dashboards/overview.html",
        {
            "rows": kept(
                f"overview.{ours}",
                lambda: render_to_string(
                    "dashboards/overview_rows.html", {"rows": figures.rows(live)}
                ),
                reader=request.user,
            )
        },
    )


@require_safe
def program_dashboard(request: Request, program_slug: str) -> HttpResponse:
    """One programme: how far people got, goals, rhythm, pulse, topics, who waits."""
    program = managed(request, program_slug)
    return render_page(
        request,
        "dashboards/program_dashboard.html",
        {
            "program": program,
            "figures": kept(
                f"figures.{program.pk}",
                lambda: _figures(program),
                reader=request.user,
            ),
            "tabs": tabs(program, "dashboards:program_dashboard"),
        },
    )


def _figures(program: Program) -> str:
    today = timezone.localdate()
    last = min(today, program.ends_on or today)
    weeks = figures.weeks(program, last)
    return render_to_string(
        "dashboards/program_figures.html",
        {
            "program": program,
            "funnel": figures.funnel(program),
            "weeks": weeks,
            "has_met": any(bar.count for bar in weeks.rows),
            "topics": figures.topics(program),
            "waiting": figures.waiting(program, today),
            "care": figures.care(program),
            "goals": goal_rows(program, as_read=True),
            "trends": pulse_trends(program),
        },
    )


@require_safe
def sponsor_program(request: Request, program_slug: str) -> HttpResponse:
    """One programme for a sponsor: counts in whole steps of five, never a person."""
    if not (request.user.is_sponsor or request.user.is_hr_admin):
        raise Http404
    program = get_object_or_404(
        Program.objects.exclude(state=Program.State.DRAFT), slug=program_slug
    )
    return render_page(
        request,
        "dashboards/sponsor_program.html",
        {
            "program": program,
            "floor": settings.ANONYMITY_FLOOR,
            "figures": kept(
                f"totals.{program.pk}",
                lambda: _totals(program),
                reader=request.user,
            ),
        },
    )


def _totals(program: Program) -> str:
    floor = settings.ANONYMITY_FLOOR
    stages = figures.funnel_counts(program)
    safe = folded([[number for _label, number in stages]], floor)
    departments = dict(
        program.participants.active()
        .exclude(role=Role.COORDINATOR)
        .order_by()
        .values_list("user__employment__department")
        .annotate(number=Count("user", distinct=True))
    )
    shown, rest = merged(
        {name or "": number for name, number in departments.items()}, floor
    )
    whole = sum(number for _name, number in shown) + rest
    names = [(name or _("not known"), number) for name, number in shown]
    if rest:
        names.append((_("other departments"), rest))
    pairs = figures.rhythm(program)
    goals = effects.goals_reached(program, floor)
    # What is left out as a stage or as a figure is no goal either.
    withheld = {"match_rate"} if not safe[MATCHED] else set()
    if goals is None:
        withheld.add("goals_reached")
    # Of a programme that is over it is what was read last: of those there were.
    if (pairs.under_way or pairs.started) < fewest_for(floor):
        withheld.add("on_rhythm")
    return render_to_string(
        "dashboards/sponsor_figures.html",
        {
            "program": program,
            "people": stages[0][1],
            "on_rhythm": figures.rhythm_in_steps(pairs, floor),
            "goals_reached": goals.value if goals else None,
            "floor": floor,
            "funnel": charts.bars(
                _("How far people got"),
                [
                    (label, down_to(number, floor))
                    for (label, number), is_safe in zip(stages, safe, strict=True)
                    if is_safe
                ],
                whole=down_to(stages[0][1], floor),
                of=_("Stage"),
            ),
            "departments": charts.bars(
                _("By department"),
                [(name, down_to(number, floor)) for name, number in names],
                whole=down_to(whole, floor),
                of=_("Department"),
            ),
            "goals": goal_rows(program, as_read=True, step=floor, withheld=withheld)
            if pairs.started >= floor
            else [],
            "trends": pulse_trends(program),
        },
    )


def _for_sponsors_too(request: Request, program_slug: str) -> Program:
    """A programme that one runs, or any but a draft for a sponsor."""
    if request.user.is_sponsor:
        programs = Program.objects.exclude(state=Program.State.DRAFT)
    else:
        programs = Program.objects.managed_by(request.user)
    return get_object_or_404(programs, slug=program_slug)


@require_safe
def outcomes(request: Request, program_slug: str) -> HttpResponse:
    """What it brought, with its uncertainty: for who runs it, and for a sponsor, to
    whom it is told in whole steps.
    """
    program = _for_sponsors_too(request, program_slug)
    floor = settings.ANONYMITY_FLOOR
    step = floor if request.user.is_sponsor else 1
    retention, promotion = effects.retention(program), effects.promotion(program)
    return render_page(
        request,
        "dashboards/outcomes.html",
        {
            "program": program,
            "ratings": effects.self_ratings(program),
            "goals": effects.goals_reached(program, step),
            "retention": retention and _told(retention, step),
            "promotion": promotion and _told(promotion, step),
            "joined": down_to(effects.joined(program), step),
            "fewest_goals": effects.fewest_goals(step),
            "floor": floor,
            "tabs": _tabs(request, program),
        },
    )


def _told(found: Comparison, step: int) -> dict[str, Any]:
    """A comparison as it is read; a share that the step swallows is said in words."""

    def share(value: float) -> str:
        if value or step == 1:
            return f"{value:.0f}%"
        return _("less than %(step)s%%") % {"step": step}

    shown = found.in_steps(step)
    return {
        "mine": share(shown.stayed),
        "theirs": share(shown.stayed_colleagues),
        "shown": shown,
        "is_clear": found.is_clear,
    }


def _tabs(request: Request, program: Program) -> list[dict[str, Any]]:
    if request.user.is_sponsor:
        return []
    return tabs(program, "dashboards:program_dashboard")


@require_safe
def access(request: Request, program_slug: str) -> HttpResponse:
    """How far groups come: for who runs the programme, and for a sponsor."""
    program = _for_sponsors_too(request, program_slug)
    floor = settings.ANONYMITY_FLOOR
    step = floor if request.user.is_sponsor else 1
    found = figures.access(program, step)
    return render_page(
        request,
        "dashboards/access.html",
        {
            "program": program,
            "tables": found,
            "widest": figures.widest(found),
            "step": step,
            "floor": floor,
            "stages": STAGES,
            "has_questions": bool(found) or BackgroundQuestion.objects.exists(),
            "tabs": _tabs(request, program),
        },
    )
