"""Every message that a programme can send: which, what became of it, and an example."""

from collections.abc import Collection
from typing import Any
from urllib.parse import urlencode

from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Max, Q
from django.db.models.functions import Coalesce, TruncDate
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from dashboards import dry_run
from dashboards.examples import preview, readers
from mentoring.http import Request, posted, render_page
from outbox.actions import switch, word
from outbox.forms import WordingForm
from outbox.kinds import KINDS, Kind, Phase
from outbox.models import Message, SwitchedOff, Wording
from outbox.views import settle
from outbox.wording import PLACEHOLDERS
from programs.models import Role
from programs.permissions import is_over, managed
from programs.tabs import tabs

FAILED_SHOWN = 50
LAST_SHOWN = 10


def _kind(key: str) -> Kind:
    if key not in KINDS:
        raise Http404
    return KINDS[key]


@require_safe
def timeline(request: Request, program_slug: str) -> HttpResponse:
    """All kinds on the line of time of the programme, and what could not be sent."""
    program = managed(request, program_slug)
    ours = Message.objects.filter(program_id=program.pk)
    sent = {
        row["kind"]: row
        for row in ours.order_by()
        .values("kind")
        .annotate(
            number=Count("pk", Q(state=Message.State.SENT)),
            last=Max("sent_at"),
            waiting=Count("pk", Q(state=Message.State.PLANNED)),
        )
    }
    off = set(_keys(SwitchedOff.objects.filter(program_id=program.pk)))
    worded = set(_keys(Wording.objects.filter(program_id=program.pk)))
    order = dry_run.order(program)
    phases = [
        {
            "label": phase.label,
            "kinds": [
                {
                    "kind": kind,
                    "sent": sent.get(kind.key),
                    "is_off": kind.key in off,
                    "is_worded": kind.key in worded,
                }
                for kind in sorted(KINDS.values(), key=lambda kind: order[kind.key])
                if kind.phase == phase
            ],
        }
        for phase in Phase
    ]
    failed = ours.gave_up().select_related("to").order_by("-pk")
    return render_page(
        request,
        "dashboards/timeline.html",
        {
            "program": program,
            "phases": [each for each in phases if each["kinds"]],
            "failed": [
                {"message": each, "kind": KINDS[each.kind]}
                for each in failed[:FAILED_SHOWN]
                if each.kind in KINDS
            ],
            "number": failed.count(),
            "shown": FAILED_SHOWN,
            "tabs": tabs(program, "dashboards:timeline"),
        },
    )


def _keys(rows: Any) -> Any:
    return rows.values_list("kind", flat=True)


@require_http_methods(["GET", "HEAD", "POST"])
@csp_update({"frame-src": "'self'"})  # type: ignore[untyped-decorator]
def timeline_kind(request: Request, program_slug: str, kind: str) -> HttpResponse:
    """One kind: what it says to whom, in words of one's own, and when it went last."""
    program, found = managed(request, program_slug), _kind(kind)
    if is_over(request, program):
        return redirect("dashboards:timeline_kind", program.slug, kind)
    roles = readers(program, found)
    role, language = _reader(request, roles)
    form = WordingForm(posted(request), program_id=program.pk, kind=kind)
    if request.method == "POST" and not found.is_overview and form.is_valid():
        word(program, kind, form.texts, by=request.user)
        messages.success(request, _("Your words are saved."))
        if form.languages:
            language = form.languages[0]
        query = urlencode({"role": role, "language": language})
        path = reverse("dashboards:timeline_kind", args=[program.slug, kind])
        return redirect(f"{path}?{query}")
    mail = preview(program, found, role=role, language=language, own=form.own(language))
    may_switch = found.may_switch_off and not found.is_overview
    return render_page(
        request,
        "dashboards/timeline_kind.html",
        {
            "program": program,
            "kind": found,
            "form": form,
            "mail": mail,
            "role": role,
            "language": language,
            "roles": roles.items(),
            "languages": settings.LANGUAGES,
            "placeholders": ["{" + each + "}" for each in PLACEHOLDERS],
            "may_switch": may_switch,
            "is_off": may_switch
            and SwitchedOff.objects.filter(program_id=program.pk, kind=kind).exists(),
            # By day, and not to whom: a reminder tells who has not answered.
            "last": Message.objects.filter(program_id=program.pk, kind=kind)
            .exclude(state=Message.State.PLANNED)
            .annotate(day=TruncDate(Coalesce("sent_at", "not_before")))
            .values("day")
            .annotate(
                sent=Count("pk", Q(state=Message.State.SENT)),
                dropped=Count("pk", Q(state=Message.State.DROPPED)),
                failed=Count("pk", Q(state=Message.State.FAILED)),
            )
            .order_by("-day")[:LAST_SHOWN],
            "tabs": tabs(program, "dashboards:timeline"),
        },
        status=422 if form.errors else 200,
    )


def _reader(request: Request, roles: Collection[str]) -> tuple[str, str]:
    """For whom the example is: a role and a language of those there are."""
    role = request.GET.get("role", "")
    language = request.GET.get("language", "")
    return (
        role if role in roles else next(iter(roles)),
        language
        if language in dict(settings.LANGUAGES)
        else (request.user.language or settings.LANGUAGE_CODE),
    )


@xframe_options_sameorigin
@csp_replace(  # type: ignore[untyped-decorator]
    {
        # Mails carry their own styles; this answer holds nothing else.
        "style-src": "'unsafe-inline'",
        "script-src": "'none'",
        "frame-ancestors": "'self'",
    }
)
@require_safe
def timeline_preview(request: Request, program_slug: str, kind: str) -> HttpResponse:
    """The example's own HTML, for the frame."""
    program, found = managed(request, program_slug), _kind(kind)
    role, language = _reader(request, readers(program, found))
    mail = preview(program, found, role=role, language=language)
    if mail is None:
        raise Http404
    return HttpResponse(str(mail.alternatives[0][0]))


@require_POST
def timeline_switch(request: Request, program_slug: str, kind: str) -> HttpResponse:
    """Let the programme send it, or not."""
    program, found = managed(request, program_slug), _kind(kind)
    if not is_over(request, program):
        on = request.POST.get("on") == "yes"
        try:
            switch(program, found.key, on=on, by=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(
                request, _("It is sent again.") if on else _("It is not sent any more.")
            )
    return redirect("dashboards:timeline_kind", program.slug, kind)


@require_POST
def timeline_settle(request: Request, program_slug: str) -> HttpResponse:
    """Send once more what was given up, or let it be: one, or all of the programme."""
    program = managed(request, program_slug)
    settle(request, Message.objects.filter(program_id=program.pk))
    return redirect("dashboards:timeline", program.slug)


@require_safe
def timeline_dry_run(request: Request, program_slug: str) -> HttpResponse:
    """What an invented person would get over the whole programme, day by day."""
    program = managed(request, program_slug)
    role, _language = _reader(request, dry_run.roles_of(program))
    course = request.GET.get("course", "")
    if course not in dry_run.COURSES:
        course = dry_run.KEEPS_RHYTHM
    found = dry_run.mails(program, dry_run.walk_of(program, role, course))
    return render_page(
        request,
        "dashboards/timeline_dry_run.html",
        {
            "program": program,
            "role": role,
            "role_label": Role(role).label,
            "course": course,
            "roles": dry_run.roles_of(program),
            "courses": dry_run.COURSES.items(),
            "mails": found,
            "reminders": sum(mail.is_reminder for mail in found),
            "tabs": tabs(program, "dashboards:timeline"),
        },
    )
