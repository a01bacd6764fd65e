"""Papers to take along: a certificate that can be checked, a statement of hours."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from mentoring.branding import brand
from mentoring.http import Request, render_page
from mentorships import actions, papers
from mentorships.models import Certificate, Member
from mentorships.views.pairs import mine, own_membership
from people.models.organisation import logo_now
from programs.models import Role


@require_POST
def certificate_get(request: Request, mentorship_id: int) -> HttpResponse:
    """Make my certificate, once; from then on it can be checked."""
    mentorship = mine(request, mentorship_id)
    me = own_membership(request, mentorship)
    try:
        actions.certificate_of(me)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(mentorship)
    return redirect("mentorships:certificate", mentorship.pk)


@require_safe
def certificate(request: Request, mentorship_id: int) -> HttpResponse:
    """My certificate as a PDF, in my language first."""
    mentorship = mine(request, mentorship_id)
    me = own_membership(request, mentorship)
    found = Certificate.objects.filter(member=me).first()
    if found is None:
        raise Http404
    facts = _facts(me)
    first = (get_language() or "nl")[:2]
    languages = sorted(dict(settings.LANGUAGES), key=lambda each: each != first)
    program = mentorship.program
    made = papers.certificate(
        papers.Award(
            name=request.user.name,
            role=me.get_role_display,
            program=lambda: program.name,
            organisation=brand().name,
            first=facts["first"],
            last=facts["last"],
            sessions=facts["sessions"],
            minutes=facts["minutes"],
            code=found.code,
            link=settings.SITE_URL + found.get_absolute_url(),
            color=brand().light,
            logo=logo_now(),
        ),
        languages,
    )
    return _file(made, f"wegwijs-{found.code.lower()}.pdf")


def _file(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _facts(member: Member) -> dict[str, Any]:
    """When it began and ended, and the sessions that this member came to."""
    mentorship = member.mentorship
    came = mentorship.sessions.held().filter(attendances__member=member)
    end = mentorship.ended_at or timezone.now()
    return {
        "first": timezone.localtime(mentorship.started_at).date(),
        "last": timezone.localtime(end).date(),
        "sessions": came.count(),
        "minutes": came.aggregate(n=Sum("minutes"))["n"] or 0,
    }


@login_not_required
@require_safe
def certificate_check(request: HttpRequest, code: str) -> HttpResponse:
    """Whoever has the code sees that it is real, and what it says."""
    found = (
        Certificate.objects.select_related(
            "member__participant__user", "member__mentorship__program"
        )
        .filter(code=code.upper())
        .first()
    )
    facts = _facts(found.member) if found else None
    return render_page(
        request,
        "mentorships/certificate_check.html",
        {
            "certificate": found,
            "code": code,
            "facts": facts,
            "hours": papers.hours_words(facts["minutes"]) if facts else "",
        },
        status=200 if found else 404,
    )


@require_safe
def hours_statement(request: Request, mentorship_id: int) -> HttpResponse:
    """The hours I gave as a mentor. Nobody else can ask for it."""
    mentorship = mine(request, mentorship_id)
    me = own_membership(request, mentorship)
    if me.role != Role.MENTOR:
        raise Http404
    sessions = mentorship.sessions.held().filter(attendances__member=me)
    made = papers.statement(
        papers.Hours(
            name=request.user.name,
            program=mentorship.program.name,
            organisation=brand().name,
            sessions=[
                (timezone.localtime(each.starts_at).date(), each.minutes)
                for each in sessions
            ],
            made_on=timezone.localdate(),
            color=brand().light,
        )
    )
    return _file(made, "wegwijs-hours.pdf")
