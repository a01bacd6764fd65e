"""The programmes, one programme, its settings and its life cycle."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_safe,
)

from history.models import record
from mentoring.http import Request, posted, render_page
from programs import actions, setup
from programs.forms import ProgramForm
from programs.measures import goal_rows
from programs.models import Application, Participant, Program, Role
from programs.needs import needs_of, now_of, with_needs
from programs.permissions import is_over, managed
from programs.tabs import tabs


@require_safe
def program_list(request: Request) -> HttpResponse:
    """The programmes I run, those I take part in, and those I can join."""
    mine = (
        Participant.objects.active()
        .filter(user=request.user)
        .exclude(role=Role.COORDINATOR)
        .with_stage()
        .select_related("program")
        .order_by("-program__created_at")
    )
    applied = Application.objects.waiting_of(request.user)
    run = Program.objects.managed_by(request.user)
    show_all = "all" in request.GET
    shown = list(
        with_needs(run if show_all else run.exclude(state=Program.State.ARCHIVED))
    )
    needs = needs_of(shown, request.user)
    return render_page(
        request,
        "programs/program_list.html",
        {
            "run": [{"program": each, "needs": needs[each.pk]} for each in shown],
            "has_archived": not show_all
            and run.filter(state=Program.State.ARCHIVED).exists(),
            "mine": [each for each in mine if show_all or not each.program.is_archived],
            "applied": applied,
            "can_join": Program.objects.may_be_joined_by(request.user)
            .exclude(pk__in=mine.values("program"))
            .exclude(pk__in=applied.values("program"))
            .exclude(pk__in=run.values("pk")),
            "may_create": request.user.is_hr_admin,
        },
    )


@require_safe
def program_detail(request: Request, program_slug: str) -> HttpResponse:
    """A programme: for who runs it what now, for others what it asks and gives."""
    program = get_object_or_404(
        Program.objects.visible_to(request.user), slug=program_slug
    )
    me = (
        program.participants.active()
        .filter(user=request.user)
        .exclude(role=Role.COORDINATOR)
        .first()
    )
    mine = Program.objects.managed_by(request.user).filter(pk=program.pk)
    if run := with_needs(mine).first():
        return _overview(request, run, me)
    return render_page(
        request,
        "programs/program_detail.html",
        {
            "program": program,
            "me": me,
            "lacks": actions.lacking(me) if me and not me.is_ready else [],
            "now": now_of(request, me) if me else None,
            "answer_on": actions.answer_on(program),
            "roles": [] if me else actions.roles_open_to(program, request.user),
            "application": program.applications.waiting()
            .filter(user=request.user)
            .first(),
            "coordinators": program.participants.coordinators().select_related("user"),
        },
    )


def _overview(
    request: Request,
    program: Program,
    me: Participant | None,
) -> HttpResponse:
    needs = needs_of([program], request.user)[program.pk]
    return render_page(
        request,
        "programs/program_overview.html",
        {
            "program": program,
            # What is being rounded off says so first.
            "need": None if program.is_closing or not needs else needs[0],
            "learning": Role.PEER if program.is_for_peers else Role.MENTEE,
            "more": needs if program.is_closing else needs[1:],
            "me": me,
            "tabs": tabs(program, "programs:program_detail"),
            "obstacles": actions.obstacles(program, "open") if program.is_draft else [],
            "undone": setup.next_undone(program) if program.is_draft else None,
            "unanswered": program.invites.unused().unanswered().count(),
            "goals": goal_rows(program, as_read=True),
            "moves": [name for name in Program.TRANSITIONS if program.can(name)],
            "roles": program.joining_roles if program.takes_joiners else [],
            "coordinators": program.participants.coordinators().select_related("user"),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def program_edit(request: Request, program_slug: str) -> HttpResponse:
    """Change what a programme is."""
    program = managed(request, program_slug)
    if is_over(request, program):
        return redirect(program)
    form = ProgramForm(posted(request), instance=program)
    if request.method == "POST" and form.is_valid() and form.save_changed():
        record(program, "changed", by=request.user)
        messages.success(request, _("The programme is saved."))
        return redirect(program)
    if form.errors:
        # What was typed stays in the form; the page around it shows what is saved.
        program.refresh_from_db()
    return render_page(
        request,
        "programs/program_edit.html",
        {
            "program": program,
            "form": form,
            "tabs": tabs(program, "programs:program_edit"),
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def program_move(request: Request, program_slug: str, action: str) -> HttpResponse:
    """Open, run, close, archive: what it will do is said before it is done."""
    program = managed(request, program_slug)
    if action not in Program.TRANSITIONS:
        raise Http404
    if not program.can(action):
        problems = [
            _(
                "That cannot be done now: the programme is “%(state)s”. Perhaps a"
                " colleague was first."
            )
            % {"state": program.get_state_display()}
        ]
    else:
        problems = actions.obstacles(program, action)
    if request.method == "POST" and not problems:
        try:
            actions.move_program(program, action, by=request.user)
        except ValidationError as error:
            problems = error.messages
        else:
            messages.success(
                request,
                _("The programme is now: %(state)s.")
                % {"state": program.get_state_display()},
            )
            return redirect(program)
    return render_page(
        request,
        "programs/program_move.html",
        {
            "program": Program.objects.with_counts().get(pk=program.pk),
            "action": action,
            "problems": problems,
            "has_rules": program.eligibility.exists(),
        },
        status=422 if request.method == "POST" else 200,
    )
