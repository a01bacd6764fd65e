"""What is expected of each role, in versions."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_safe,
)

from mentoring.http import Request, posted, render_page
from programs import actions
from programs.forms import (
    GuidelineForm,
)
from programs.models import Guideline, Program, Role
from programs.permissions import is_over, managed
from programs.tabs import tabs


@require_safe
def guideline_list(request: Request, program_slug: str) -> HttpResponse:
    """The guidelines of each role, as they are now."""
    program = managed(request, program_slug)
    current = {
        each.role: each
        for each in program.guidelines.current().annotate(
            accepted=Count("acceptances", Q(acceptances__participant__left_at=None))
        )
    }
    counts = dict(
        program.participants.active()
        .order_by()
        .values_list("role")
        .annotate(number=Count("pk"))
    )
    return render_page(
        request,
        "programs/guideline_list.html",
        {
            "program": program,
            "rows": [
                {
                    "role": role,
                    "guideline": current.get(role),
                    "people": counts.get(role, 0),
                }
                for role in program.joining_roles
            ],
            "tabs": tabs(program, "programs:guideline_list"),
        },
    )


@require_safe
def guideline_detail(request: Request, program_slug: str, role: str) -> HttpResponse:
    """Read what is expected of a role."""
    program = get_object_or_404(
        Program.objects.visible_to(request.user), slug=program_slug
    )
    return render_page(
        request,
        "programs/guideline_detail.html",
        {
            "program": program,
            "guideline": get_object_or_404(program.guidelines.current(), role=role),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def guideline_edit(request: Request, program_slug: str, role: str) -> HttpResponse:
    """Write what is expected of a role, and see what it will look like."""
    program = managed(request, program_slug)
    if role not in program.joining_roles:
        raise Http404
    if is_over(request, program):
        return redirect(program)
    last = program.guidelines.current().filter(role=role).first()
    last = last or Guideline(version=0)
    form = GuidelineForm(
        posted(request),
        initial={
            "body_nl": last.body_nl,
            "body_en": last.body_en,
            "version": last.version,
        },
    )
    is_preview = "preview" in request.POST
    if request.method == "POST" and not is_preview and form.is_valid():
        try:
            guideline = actions.revise_guideline(
                program,
                role,
                body_nl=form.cleaned_data["body_nl"],
                body_en=form.cleaned_data["body_en"],
                base=form.cleaned_data["version"] or None,
                by=request.user,
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            if guideline.version > last.version > 0:
                messages.success(
                    request,
                    _(
                        "Version %(version)s is saved. Whoever takes part is asked to"
                        " accept it."
                    )
                    % {"version": guideline.version},
                )
            else:
                messages.success(request, _("The guidelines are saved."))
            return redirect("programs:guideline_list", program.slug)
    shown = request.POST if is_preview else form.initial
    has_errors = bool(form.is_bound and not is_preview and form.errors)
    return render_page(
        request,
        "programs/guideline_edit.html",
        {
            "program": program,
            "form": form,
            "last": last,
            "role": Role(role),
            "preview_nl": shown.get("body_nl", ""),
            "preview_en": shown.get("body_en", ""),
            "asked": program.participants.active().filter(role=role).count(),
            "tabs": tabs(program, "programs:guideline_list"),
        },
        parts={"preview"},
        status=422 if has_errors else 200,
    )
