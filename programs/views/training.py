"""Training and library: set up by who runs the programme, done by who takes part."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from history.once import once
from mentoring.http import Request, posted, render_page
from programs import actions
from programs.forms import ModuleForm
from programs.models import Completion, Module, Participant, Program, Role
from programs.models.training import ModuleQuerySet
from programs.papers import KINDS
from programs.permissions import is_over, managed
from programs.tabs import tabs


@require_safe
def module_list(request: Request, program_slug: str) -> HttpResponse:
    """What people can learn from here, and how many did."""
    program = managed(request, program_slug)
    people = dict(
        program.participants.active()
        .exclude(role=Role.COORDINATOR)
        .order_by()
        .values_list("role")
        .annotate(number=Count("pk"))
    )
    modules = program.modules.annotate(
        done=Count("completions", Q(completions__participant__left_at=None))
    )
    return render_page(
        request,
        "programs/module_list.html",
        {
            "program": program,
            "rows": [
                {
                    "module": module,
                    "people": people.get(module.role, 0)
                    if module.role
                    else sum(people.values()),
                }
                for module in modules
            ],
            "tabs": tabs(program, "programs:module_list"),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@once
def module_add(request: Request, program_slug: str) -> HttpResponse:
    """One more training, or something for the library."""
    program = managed(request, program_slug)
    module = Module(program=program, position=program.modules.count())
    return _module_page(request, program, module)


@require_http_methods(["GET", "HEAD", "POST"])
def module_edit(request: Request, program_slug: str, module_id: int) -> HttpResponse:
    """Change what is there; who did it before has still done it."""
    program = managed(request, program_slug)
    module = get_object_or_404(program.modules, pk=module_id)
    return _module_page(request, program, module)


def _module_page(request: Request, program: Program, module: Module) -> HttpResponse:
    if is_over(request, program):
        return redirect(program)
    before = module.file.name or ""
    form = ModuleForm(
        posted(request), request.FILES or None, instance=module, program=program
    )
    if request.method == "POST" and form.is_valid():
        actions.save_module(form.instance, before=before, by=request.user)
        messages.success(request, _("It is saved."))
        return redirect("programs:module_list", program.slug)
    return render_page(
        request,
        "programs/module_edit.html",
        {
            "program": program,
            "form": form,
            "module": module,
            "tabs": tabs(program, "programs:module_list"),
        },
        status=422 if form.errors else 200,
    )


@require_POST
def module_move(request: Request, program_slug: str, module_id: int) -> HttpResponse:
    """One place up or down."""
    program = managed(request, program_slug)
    module = get_object_or_404(program.modules, pk=module_id)
    if not is_over(request, program):
        actions.move_row(program.modules.all(), module.pk, up="up" in request.POST)
    return redirect("programs:module_list", program.slug)


@require_POST
def module_remove(request: Request, program_slug: str, module_id: int) -> HttpResponse:
    """Take it away."""
    program = managed(request, program_slug)
    if is_over(request, program):
        return redirect(program)
    module = get_object_or_404(program.modules, pk=module_id)
    actions.remove_module(module, by=request.user)
    messages.success(request, _("It is removed."))
    return redirect("programs:module_list", program.slug)


# --- for who takes part


def _readable(request: Request, program_slug: str) -> tuple[Program, ModuleQuerySet]:
    """What somebody may read in a programme: all of it for who runs it, else what is
    out, for one's own role.
    """
    program = get_object_or_404(
        Program.objects.visible_to(request.user), slug=program_slug
    )
    if Program.objects.managed_by(request.user).filter(pk=program.pk).exists():
        return program, program.modules.all()
    me = _me(request, program)
    if me is None:
        raise Http404
    return program, program.modules.out().meant_for(me.role)


def _me(request: Request, program: Program) -> Participant | None:
    return (
        program.participants.active()
        .select_related("user", "program")
        .filter(user=request.user)
        .exclude(role=Role.COORDINATOR)
        .first()
    )


@require_safe
def library(request: Request, program_slug: str) -> HttpResponse:
    """Training and everything to look up, by stage, to search."""
    program, modules = _readable(request, program_slug)
    me = _me(request, program)
    words = request.GET.get("q", "").strip()[:80]
    for word in words.split():
        modules = modules.filter(
            Q(title_nl__icontains=word)
            | Q(title_en__icontains=word)
            | Q(body_nl__icontains=word)
            | Q(body_en__icontains=word)
        )
    done = Completion.objects.filter(module=OuterRef("pk"), participant=me)
    by_stage: dict[str, list[Module]] = {}
    for module in modules.annotate(is_done=Exists(done)):
        by_stage.setdefault(module.stage, []).append(module)
    return render_page(
        request,
        "programs/library.html",
        {
            "program": program,
            "me": me,
            "q": words,
            "stages": [
                {"label": stage.label, "modules": by_stage[stage]}
                for stage in Module.Stage
                if stage in by_stage
            ],
        },
        parts={"found"},
    )


@require_safe
def module_detail(request: Request, program_slug: str, module_id: int) -> HttpResponse:
    """Read a training, and say that it is done."""
    program, modules = _readable(request, program_slug)
    module = get_object_or_404(modules, pk=module_id)
    me = _me(request, program)
    context: dict[str, Any] = {"program": program, "module": module, "me": me}
    if me:
        context["is_done"] = me.completions.filter(module=module).exists()
    return render_page(request, "programs/module_detail.html", context)


@require_safe
def module_file(request: Request, program_slug: str, module_id: int) -> HttpResponse:
    """The file of a training, to keep. Only who may read the training gets it."""
    _program, modules = _readable(request, program_slug)
    module = get_object_or_404(modules, pk=module_id)
    paper = KINDS.get(module.file_name.rpartition(".")[2])
    if not module.is_file or paper is None:
        raise Http404
    try:
        with module.file.open() as file:
            content = file.read()
    except FileNotFoundError:
        raise Http404 from None
    return HttpResponse(
        content,
        content_type=paper.content_type,
        headers={"Content-Disposition": f'attachment; filename="{module.file_name}"'},
    )


@require_POST
def module_done(request: Request, program_slug: str, module_id: int) -> HttpResponse:
    """I did this one; or I want to do it again."""
    program, modules = _readable(request, program_slug)
    module = get_object_or_404(modules.training(), pk=module_id)
    me = _me(request, program)
    if me is None:
        raise Http404
    if "again" in request.POST:
        actions.reopen_module(module, me)
        return redirect("programs:module_detail", program.slug, module.pk)
    actions.finish_module(module, me)
    messages.success(request, _("Done. It stays in the library to read again."))
    waiting = actions.training_to_do(me)
    if waiting:
        return redirect("programs:module_detail", program.slug, waiting[0].pk)
    return redirect("programs:participation", program.slug)
