"""For those who run the programme: that they met and when, never what was said."""

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from mentoring.http import Request, render_page
from mentorships.models import MentoringSession, Mentorship
from mentorships.views.pairs import MEMBERS
from programs.models import Program
from programs.tabs import tabs

PAGE = 50


@require_safe
def program_mentorships(request: Request, program_slug: str) -> HttpResponse:
    """All mentorships of a programme: who, how often, how long ago."""
    program = get_object_or_404(
        Program.objects.managed_by(request.user), slug=program_slug
    )
    ours = Mentorship.objects.filter(program=program)
    quiet = Mentorship.objects.off_rhythm_at(timezone.now()).filter(program=program)
    found = {
        "quiet": ours.filter(pk__in=quiet.values("pk")),
        "active": ours.active(),
        "ended": ours.exclude(ended_at=None),
    }.get(request.GET.get("show", ""), ours)
    held = Q(sessions__state=MentoringSession.State.HELD)
    page = Paginator(
        found.with_last_held()
        .order_by("-started_at", "-pk")
        .annotate(held=Count("sessions", filter=held))
        .prefetch_related(MEMBERS),
        PAGE,
    ).get_page(request.GET.get("page"))
    return render_page(
        request,
        "mentorships/program_mentorships.html",
        {
            "program": program,
            "page": page,
            "quiet": set(quiet.values_list("pk", flat=True)),
            "show": request.GET.get("show", ""),
            "tabs": tabs(program, "mentorships:program_mentorships"),
        },
    )
