"""Setting a programme up: from a template or an earlier one, step by step."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from history.once import once
from mentoring.branding import role_words
from mentoring.http import Request, posted, render_page
from programs import actions, setup
from programs.blueprints import blueprints, shipped_modules
from programs.clearing import CLEARANCES
from programs.forms import CoordinatorForm, KeepingForm, NameForm, ProgramForm
from programs.models import Guideline, JoinQuestion, Program, ProgramGoal, Role
from programs.permissions import is_over, managed
from programs.tabs import tabs
from programs.visibility import circles


def hr_admin_only(request: Request) -> None:
    """For others there is nothing to begin."""
    if not request.user.is_hr_admin:
        raise Http404


@require_safe
def template_list(request: Request) -> HttpResponse:
    """Choose what a new programme begins as."""
    hr_admin_only(request)
    return render_page(
        request,
        "programs/template_list.html",
        {
            "blueprints": list(blueprints().values()),
            "earlier": Program.objects.order_by("-created_at")[:20],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@once
def program_create(request: Request, template_key: str) -> HttpResponse:
    """What a template brings; and a draft made of it."""
    hr_admin_only(request)
    blueprint = blueprints().get(template_key)
    if blueprint is None:
        raise Http404
    begun = Program(template_key=blueprint.key, **actions.defaults(blueprint))
    form = _name_form(request, blueprint.name_nl, blueprint.name_en)
    if request.method == "POST" and form.is_valid():
        begun.name_nl, begun.name_en = form.names
        try:
            actions.create_program(begun, blueprint=blueprint, by=request.user)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(
                request, _("The draft is saved. Nobody sees it until you open it.")
            )
            return redirect("programs:program_setup", begun.slug)
    return render_page(
        request,
        "programs/program_create.html",
        {
            "form": form,
            "blueprint": blueprint,
            "begun": begun,
            "goals": [ProgramGoal(**goal) for goal in blueprint.goals],
            "guidelines": [Guideline(**each) for each in blueprint.guidelines],
            "questions": [JoinQuestion(**each) for each in blueprint.questions],
            "modules": [shipped_modules()[key] for key in blueprint.training],
        },
        status=422 if form.errors else 200,
    )


def _name_form(request: Request, name_nl: str, name_en: str) -> NameForm:
    """Begins with these names, or what comes near them and is free."""
    name_nl, name_en = actions.free_names(name_nl, name_en)
    return NameForm(posted(request), initial={"name_nl": name_nl, "name_en": name_en})


@require_http_methods(["GET", "HEAD", "POST"])
@once
def program_copy(request: Request, program_slug: str) -> HttpResponse:
    """A new draft like an earlier programme, with its dates moved on."""
    hr_admin_only(request)
    earlier = get_object_or_404(Program, slug=program_slug)
    form = _name_form(request, earlier.name_nl, earlier.name_en)
    if request.method == "POST" and form.is_valid():
        name_nl, name_en = form.names
        try:
            program = actions.copy_program(
                earlier, name_nl=name_nl, name_en=name_en, by=request.user
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(
                request, _("The draft is saved. Nobody sees it until you open it.")
            )
            return redirect("programs:program_setup", program.slug)
    return render_page(
        request,
        "programs/program_copy.html",
        {"form": form, "earlier": earlier},
        status=422 if form.errors else 200,
    )


@require_safe
def program_setup(request: Request, program_slug: str) -> HttpResponse:
    """Go on where one stopped."""
    program = managed(request, program_slug)
    if not program.is_draft:
        return redirect("programs:program_edit", program.slug)
    return redirect(setup.first_undone(program).url)


@require_http_methods(["GET", "HEAD", "POST"])
def setup_step(request: Request, program_slug: str, step: str) -> HttpResponse:
    """One thing about the programme, asked by itself."""
    program = managed(request, program_slug)
    found = setup.BY_KEY.get(step)
    if found is None or not found.fields:
        raise Http404
    if not program.is_draft:
        return redirect("programs:program_edit", program.slug)
    form = ProgramForm(posted(request), instance=program, only=found.fields)
    if request.method == "POST" and form.is_valid() and form.save_changed():
        actions.finish_step(program, step)
        return redirect(setup.following(program, step).url)
    if form.errors:
        # What was typed stays in the form; the page around it shows what is saved.
        program.refresh_from_db()
    return render_page(
        request,
        "programs/setup_step.html",
        {
            "program": program,
            "form": form,
            "step": found,
            "tabs": tabs(program, "programs:program_edit"),
        },
        status=422 if form.errors else 200,
    )


@require_POST
def setup_done(request: Request, program_slug: str, step: str) -> HttpResponse:
    """This step is right as it stands: on to the next."""
    program = managed(request, program_slug)
    if step not in setup.BY_KEY:
        raise Http404
    if program.is_draft:
        actions.finish_step(program, step)
    return redirect(setup.following(program, step).url)


@require_http_methods(["GET", "HEAD", "POST"])
def visibility(request: Request, program_slug: str) -> HttpResponse:
    """Who sees what in this programme: the whole matrix, made from the rules. Who runs
    it decides here what managers hear and how long words are kept.
    """
    program = get_object_or_404(
        Program.objects.visible_to(request.user), slug=program_slug
    )
    runs = Program.objects.managed_by(request.user).filter(pk=program.pk).exists()
    me = (
        program.participants.active()
        .filter(user=request.user)
        .exclude(role=Role.COORDINATOR)
        .first()
    )
    form = KeepingForm(posted(request), instance=program) if runs else None
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid():
            actions.save_keeping(form.save(commit=False), by=request.user)
            messages.success(request, _("Saved. Participants read it on this page."))
            return redirect("programs:visibility", program.slug)
    return render_page(
        request,
        "programs/visibility.html",
        {
            "program": program,
            "form": form,
            "clearances": CLEARANCES,
            "me": me,
            "lookers": actions.lookers(me) if me else [],
            "circles": circles(program),
            "tabs": tabs(program, "programs:program_edit") if runs else None,
        },
        status=422 if form and form.errors else 200,
    )


@require_safe
def program_preview(request: Request, program_slug: str) -> HttpResponse:
    """Joining, as somebody in a role will see it; nothing here can be sent."""
    program = managed(request, program_slug)
    wanted = request.GET.get("role", "")
    role = Role(wanted) if wanted in program.joining_roles else program.joining_roles[0]
    return render_page(
        request,
        "programs/program_preview.html",
        {
            "program": program,
            "role": role,
            "roles": program.joining_roles,
            "tabs": tabs(program, "programs:program_edit"),
            **preview_of(program, role),
        },
    )


def preview_of(program: Program, role: Role) -> dict[str, Any]:
    """What the page of joining shows, with a form that is not for sending."""
    guideline = program.guidelines.current().filter(role=role).first()
    return {
        "guideline": guideline,
        "questions": program.join_questions.asked_of(role),
        "modules": program.modules.training().meant_for(role),
        "answer_on": actions.answer_on(program),
    }


@require_safe
def coordinator_list(request: Request, program_slug: str) -> HttpResponse:
    """Who runs the programme from day to day."""
    program = managed(request, program_slug)
    return coordinator_page(request, program, CoordinatorForm())


def coordinator_page(
    request: Request, program: Program, form: CoordinatorForm
) -> HttpResponse:
    return render_page(
        request,
        "programs/coordinator_list.html",
        {
            "program": program,
            "form": form,
            "coordinators": program.participants.coordinators().select_related("user"),
            "tabs": tabs(program, "programs:program_edit"),
        },
        status=422 if form.errors else 200,
    )


@require_POST
def coordinator_add(request: Request, program_slug: str) -> HttpResponse:
    """Let a colleague run this programme too."""
    program = managed(request, program_slug)
    if is_over(request, program):
        return redirect(program)
    form = CoordinatorForm(request.POST)
    if not form.is_valid():
        return coordinator_page(request, program, form)
    user = form.cleaned_data["email"]
    actions.add_coordinator(program, user, by=request.user)
    messages.success(
        request,
        _("%(name)s is %(coordinator_word)s now.") % {"name": user, **role_words()},
    )
    return redirect("programs:coordinator_list", program.slug)


@require_POST
def coordinator_remove(
    request: Request, program_slug: str, participant_id: int
) -> HttpResponse:
    """Somebody no longer runs this programme."""
    program = managed(request, program_slug)
    coordinator = get_object_or_404(
        program.participants.coordinators(), pk=participant_id
    )
    actions.remove_coordinator(coordinator, by=request.user)
    messages.success(
        request,
        _("%(name)s is no longer %(coordinator_word)s.")
        % {"name": coordinator.user, **role_words()},
    )
    if not Program.objects.managed_by(request.user).filter(pk=program.pk).exists():
        return redirect("programs:program_list")
    return redirect("programs:coordinator_list", program.slug)
