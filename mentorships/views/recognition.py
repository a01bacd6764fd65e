"""What a programme is proud of: stories and thanks, and a mentor's own year."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from mentoring.http import Request, render_page
from mentorships import year as years
from mentorships.models import Story, ThankYou
from mentorships.papers import hours_words
from programs.models import Participant, Program, Role

PAGE = 20  # stories, which are long
SHOWN = 50


@require_safe
def recognition(request: Request, program_slug: str) -> HttpResponse:
    """Stories for whoever sees the programme; thanks for whoever is in it.

    Who runs it finds here what waits to be read.
    """
    program = get_object_or_404(
        Program.objects.visible_to(request.user), slug=program_slug
    )
    takes_part = (
        Participant.objects.active()
        .exclude(role=Role.COORDINATOR)
        .filter(program=program, user=request.user)
        .exists()
    )
    runs_it = Program.objects.managed_by(request.user).filter(pk=program.pk).exists()
    stories = Story.objects.filter(author__program=program).select_related(
        "author__user"
    )
    decides = stories.managed_by(request.user)
    thanks = (
        ThankYou.objects.public()
        .filter(to__participant__program=program)
        .select_related("by__participant__user", "to__participant__user")[:SHOWN]
        if takes_part or runs_it
        else []
    )
    return render_page(
        request,
        "mentorships/recognition.html",
        {
            "program": program,
            "page": Paginator(stories.shown(), PAGE).get_page(request.GET.get("page")),
            "mine": stories.written_by(request.user),
            "offered": decides.offered()[:SHOWN] if runs_it else [],
            "may_give_back": set(decides.shown().values_list("pk", flat=True))
            if runs_it
            else set(),
            "thanks": thanks,
            "takes_part": takes_part,
        },
    )


@require_safe
def year(request: Request) -> HttpResponse:
    """What I gave as a mentor in a year. Nobody else can ask for it."""
    there_are = years.years_of(request.user)
    if not there_are:
        raise Http404
    asked = request.GET.get("year", "")
    chosen = int(asked) if asked in map(str, there_are) else there_are[0]
    overview = years.year_of(request.user, chosen)
    return render_page(
        request,
        "mentorships/year.html",
        {
            "overview": overview,
            "hours": hours_words(overview.minutes),
            "years": there_are,
        },
    )
