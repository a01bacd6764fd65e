"""Figures of programmes: for those who run them, and for a sponsor."""

from django.conf import settings
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboards import figures
from dashboards.cells import folded, merged
from feedback.models import Survey
from feedback.results import trends
from mentoring import charts
from mentoring.http import Request, render_page
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
    return render_page(
        request, "dashboards/overview.html", {"rows": figures.rows(live)}
    )


@require_safe
def program_dashboard(request: Request, program_slug: str) -> HttpResponse:
    """One programme: how far people got, goals, rhythm, pulse, topics, who waits."""
    program = managed(request, program_slug)
    today = timezone.localdate()
    pulse = Survey.objects.current().filter(program=program, key="pulse").first()
    return render_page(
        request,
        "dashboards/program_dashboard.html",
        {
            "program": program,
            "funnel": figures.funnel(program),
            "weeks": figures.weeks(program, today),
            "topics": figures.topics(program),
            "waiting": figures.waiting(program, today),
            "care": figures.care(program),
            "goals": goal_rows(program),
            "trends": trends(pulse) if pulse else [],
            "retention": figures.retention(program),
            "tabs": tabs(program, "dashboards:program_dashboard"),
        },
    )


@require_safe
def sponsor_program(request: Request, program_slug: str) -> HttpResponse:
    """One programme for a sponsor: counts of five and more, never a person."""
    if not (request.user.is_sponsor or request.user.is_hr_admin):
        raise Http404
    program = get_object_or_404(
        Program.objects.exclude(state=Program.State.DRAFT), slug=program_slug
    )
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
    pulse = Survey.objects.current().filter(program=program, key="pulse").first()
    [row] = figures.rows(Program.objects.filter(pk=program.pk))
    return render_page(
        request,
        "dashboards/sponsor_program.html",
        {
            "program": program,
            "row": row,
            "floor": floor,
            "funnel": charts.bars(
                _("How far people got"),
                [each for each, is_safe in zip(stages, safe, strict=True) if is_safe],
                whole=stages[0][1],
            ),
            "departments": charts.bars(_("By department"), names, whole=whole),
            "goals": goal_rows(program) if row.pairs >= floor else [],
            "trends": trends(pulse) if pulse else [],
            "retention": figures.retention(program),
        },
    )
