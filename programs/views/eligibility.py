"""Who may join: how, which colleagues, and how many those are."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mentoring.http import Request, posted, render_page
from mentoring.words import folded
from people.models import User
from programs import actions, setup
from programs.forms import EligibilityForm, JoinModeForm, values_in_use
from programs.forms.eligibility import LISTS
from programs.models import EligibilityRule, Program, Role, people_let_in
from programs.permissions import is_over, managed
from programs.tabs import tabs

PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def eligibility_edit(request: Request, program_slug: str) -> HttpResponse:
    """How one joins, and which colleagues may; with the count as one chooses."""
    program = managed(request, program_slug)
    if is_over(request, program):
        return redirect(program)
    counting = "count" in request.POST or "count" in request.GET
    mode = JoinModeForm(posted(request), instance=program)
    forms = _forms(request, program)
    valid = all(form.is_valid() for form in forms.values())
    if request.method == "POST" and not counting and mode.is_valid() and valid:
        mode.instance.save(update_fields=["join_mode"])
        actions.set_eligibility(
            program,
            {role: form.rules(program, role) for role, form in forms.items()},
            by=request.user,
        )
        if program.is_draft:
            actions.finish_step(program, "people")
            return redirect(setup.following(program, "people").url)
        messages.success(request, _("Saved. Whoever takes part already goes on."))
        return redirect("programs:eligibility_edit", program.slug)
    everybody = User.objects.working_here().count()
    has_errors = bool(mode.errors) or any(form.errors for form in forms.values())
    if has_errors:
        program.refresh_from_db()
    return render_page(
        request,
        "programs/eligibility_edit.html",
        {
            "program": program,
            "mode": mode,
            "form": next((form for form in forms.values() if form.errors), mode),
            "rows": [
                {
                    "role": role,
                    "form": form,
                    "count": actions.people_for(_chosen(program, role, form)).count(),
                }
                for role, form in forms.items()
            ],
            "everybody": everybody,
            # Behind the count is the list of who may by what is saved.
            "counting": counting and request.method == "POST",
            "tabs": tabs(program, "programs:program_edit"),
        },
        parts={"counts"},
        status=422 if has_errors and not counting else 200,
    )


def _forms(request: Request, program: Program) -> dict[Role, EligibilityForm]:
    values = {name: values_in_use(name) for name in LISTS}
    saved = list(program.eligibility.all())
    return {
        role: EligibilityForm(
            posted(request),
            prefix=role.value,
            rules=[rule for rule in saved if rule.role == role],
            values=values,
        )
        for role in program.joining_roles
    }


def _chosen(
    program: Program, role: Role, form: EligibilityForm
) -> list[EligibilityRule]:
    """The rules as they stand on the page: those sent, else those saved."""
    if form.is_bound and form.is_valid():
        return form.rules(program, role)
    return list(program.eligibility.filter(role=role))


@require_safe
def eligible_list(request: Request, program_slug: str, role: str) -> HttpResponse:
    """Who may join in a role, and who may not."""
    program = managed(request, program_slug)
    if role not in program.joining_roles:
        raise Http404
    rules = list(program.eligibility.filter(role=role))
    people = User.objects.working_here().select_related("employment")
    shut_out = request.GET.get("show") == "out"
    if shut_out:
        people = people.exclude(pk__in=actions.people_for(rules).values("pk"))
    else:
        people = people.filter(people_let_in(rules))
    words = request.GET.get("q", "").strip()[:80]
    for word in words.split():
        people = people.filter(
            Q(name_folded__contains=folded(word))
            | Q(employment__department__icontains=word)
        )
    return render_page(
        request,
        "programs/eligible_list.html",
        {
            "program": program,
            "role": Role(role),
            "page": Paginator(people, PAGE).get_page(request.GET.get("page")),
            "shut_out": shut_out,
            "q": words,
            "tabs": tabs(program, "programs:program_edit"),
        },
    )
