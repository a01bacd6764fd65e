"""For those who run the programme: that they met and when, never what was said."""

from collections.abc import Callable, Sequence

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from history.once import once
from mentoring.http import Request, posted, render_page
from mentorships import actions
from mentorships.forms.sessions import VouchForm
from mentorships.models import MentoringSession, Mentorship
from mentorships.views.pairs import MEMBERS, number_of
from programs.models import Program
from programs.tabs import tabs

PAGE = 25
# From an app above: what is done about each of some pairs, in a few words.
CARED_FOR: list[Callable[[Sequence[Mentorship]], dict[int, str]]] = []


def with_care(mentorships: Sequence[Mentorship]) -> None:
    """Give each ``care``: what is done about it, in a few words; nothing is ""."""
    words = {pk: said for find in CARED_FOR for pk, said in find(mentorships).items()}
    for each in mentorships:
        each.care = words.get(each.pk, "")  # type: ignore[attr-defined]


@require_safe
def program_mentorships(request: Request, program_slug: str) -> HttpResponse:
    """All mentorships of a programme: who, how often, how long ago. Or one of them."""
    program = get_object_or_404(
        Program.objects.managed_by(request.user), slug=program_slug
    )
    ours = Mentorship.objects.filter(program=program)
    off_rhythm = Mentorship.objects.off_rhythm_at(timezone.now())
    quiet = set(off_rhythm.filter(program=program).values_list("pk", flat=True))
    found = {
        "quiet": ours.filter(pk__in=quiet),
        "active": ours.active(),
        "ended": ours.exclude(ended_at=None),
    }.get(request.GET.get("show", ""), ours)
    if one := request.GET.get("of"):
        found = ours.filter(pk=one if one.isdecimal() else 0)
    pages = Paginator(
        found.with_last_held()
        .annotate(held=number_of(MentoringSession.objects.held()))
        .order_by("-started_at", "-pk")
        .prefetch_related(MEMBERS),
        PAGE,
    )
    # Counted without what is asked only of those on the page.
    pages.count = found.count()
    page = pages.get_page(request.GET.get("page"))
    with_care([each for each in page if each.pk in quiet])
    return render_page(
        request,
        "mentorships/program_mentorships.html",
        {
            "program": program,
            "page": page,
            "quiet": quiet,
            "show": request.GET.get("show", ""),
            "one": one,
            "tabs": tabs(program, "mentorships:program_mentorships"),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@once
def session_vouch(
    request: Request, program_slug: str, mentorship_id: int
) -> HttpResponse:
    """Write down for a pair that they met: when and how long, and no more."""
    program = get_object_or_404(
        Program.objects.managed_by(request.user), slug=program_slug
    )
    mentorship = get_object_or_404(
        Mentorship.objects.active().filter(program=program).prefetch_related(MEMBERS),
        pk=mentorship_id,
    )
    form = VouchForm(
        posted(request),
        # What they agreed on is theirs alone.
        initial={"on": timezone.localdate(), "minutes": mentorship.last_minutes or 60},
    )
    if request.method == "POST" and form.is_valid():
        try:
            session = mentorship.session_on(
                form.cleaned_data["on"], request.user.time_zone
            )
            session.minutes = form.cleaned_data["minutes"]
            actions.vouch_for_session(session, by=request.user)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Written down that they met."))
            return redirect("mentorships:program_mentorships", program.slug)
    return render_page(
        request,
        "mentorships/session_vouch.html",
        {
            "program": program,
            "mentorship": mentorship,
            "form": form,
            "tabs": tabs(program, "mentorships:program_mentorships"),
        },
        status=422 if form.errors else 200,
    )
