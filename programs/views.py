"""Pages of a programme: from the chooser of templates to taking part."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from history.models import record
from mentoring.http import Request, posted, render_page
from programs import actions
from programs.blueprints import blueprints
from programs.forms import (
    CapacityForm,
    CoordinatorForm,
    GuidelineForm,
    InviteForm,
    JoinForm,
    ProgramForm,
    ProgramGoalForm,
)
from programs.measures import is_met, measure
from programs.models import Guideline, Invite, Participant, Program, Role, hashed
from programs.tabs import tabs

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PAGE = 50
SHOWN_INVITES = 50


def managed(request: Request, program_slug: str) -> Program:
    """A programme that one runs; for everybody else it is not there."""
    return get_object_or_404(
        Program.objects.managed_by(request.user), slug=program_slug
    )


def goal_rows(program: Program) -> list[dict[str, Any]]:
    """Each goal with what it is now; ``None`` is too early to say."""
    rows = []
    for goal in program.goals.all():
        now = measure(program, goal.measure)
        met = is_met(goal.measure, now, goal.target)
        rows.append({"goal": goal, "now": now, "met": met})
    return rows


def is_over(request: Request, program: Program) -> bool:
    """Say so when a form of an archived programme is sent; nothing changes any more."""
    if request.method == "POST" and program.is_archived:
        messages.error(
            request, _("This programme is in the archive; nothing can change.")
        )
        return True
    return False


@require_safe
def program_list(request: Request) -> HttpResponse:
    """The programmes I run, those I take part in, and those I can join."""
    mine = (
        Participant.objects.active()
        .filter(user=request.user)
        .exclude(role=Role.COORDINATOR)
        .select_related("program")
        .order_by("-program__created_at")
    )
    run = Program.objects.managed_by(request.user).with_counts()
    show_all = "all" in request.GET
    return render_page(
        request,
        "programs/program_list.html",
        {
            "run": run if show_all else run.exclude(state=Program.State.ARCHIVED),
            "has_archived": not show_all
            and run.filter(state=Program.State.ARCHIVED).exists(),
            "mine": [each for each in mine if show_all or not each.program.is_archived],
            "can_join": Program.objects.may_be_joined_by(request.user)
            .exclude(pk__in=mine.values("program"))
            .exclude(pk__in=run.values("pk")),
            "may_create": request.user.is_hr_admin,
        },
    )


@require_safe
def template_list(request: Request) -> HttpResponse:
    """Choose what a new programme begins as."""
    if not request.user.is_hr_admin:
        raise Http404
    return render_page(
        request,
        "programs/template_list.html",
        {"blueprints": list(blueprints().values())},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def program_create(request: Request, template_key: str) -> HttpResponse:
    """A new programme, filled in from its template."""
    blueprint = blueprints().get(template_key)
    if not request.user.is_hr_admin or blueprint is None:
        raise Http404
    form = ProgramForm(posted(request), initial=actions.defaults(blueprint))
    if request.method == "POST" and form.is_valid():
        program = form.save(commit=False)
        try:
            actions.create_program(program, blueprint=blueprint, by=request.user)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(
                request, _("The draft is saved. Nobody sees it until you open it.")
            )
            return redirect(program)
    return render_page(
        request,
        "programs/program_create.html",
        {"form": form, "blueprint": blueprint},
        status=422 if form.errors else 200,
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
    if Program.objects.managed_by(request.user).filter(pk=program.pk).exists():
        return _overview(request, program, me)
    return render_page(
        request,
        "programs/program_detail.html",
        {
            "program": program,
            "me": me,
            "lacks": actions.lacking(me) if me and not me.is_ready else [],
            "answer_on": actions.answer_on(program),
            "roles": program.joining_roles if program.takes_joiners else [],
            "coordinators": program.participants.coordinators().select_related("user"),
        },
    )


def _overview(
    request: Request,
    program: Program,
    me: Participant | None,
    coordinator_form: CoordinatorForm | None = None,
) -> HttpResponse:
    form = coordinator_form or CoordinatorForm()
    return render_page(
        request,
        "programs/program_overview.html",
        {
            "program": Program.objects.with_counts().get(pk=program.pk),
            "me": me,
            "tabs": tabs(program, "programs:program_detail"),
            "obstacles": actions.obstacles(program, "open") if program.is_draft else [],
            "unanswered": program.invites.unused().unanswered().count(),
            "goals": goal_rows(program),
            "moves": [name for name in Program.TRANSITIONS if program.can(name)],
            "roles": program.joining_roles if program.takes_joiners else [],
            "coordinators": program.participants.coordinators().select_related("user"),
            "form": form,
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def program_edit(request: Request, program_slug: str) -> HttpResponse:
    """Change what a programme is."""
    program = managed(request, program_slug)
    if is_over(request, program):
        return redirect(program)
    form = ProgramForm(posted(request), instance=program)
    if request.method == "POST" and form.is_valid():
        # Only what is on the form: a colleague may be opening the programme just now.
        form.instance.save(update_fields=list(form.fields))
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
        },
        status=422 if request.method == "POST" else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def program_goals(request: Request, program_slug: str) -> HttpResponse:
    """The goals of a programme, and where they stand."""
    program = managed(request, program_slug)
    if is_over(request, program):
        return redirect(program)
    form = ProgramGoalForm(
        posted(request), program=program, initial={"by_on": program.ends_on}
    )
    if request.method == "POST" and form.is_valid():
        form.save()
        record(program, "goal added", by=request.user)
        messages.success(request, _("The goal is added."))
        return redirect("programs:program_goals", program.slug)
    return render_page(
        request,
        "programs/program_goals.html",
        {
            "program": program,
            "form": form,
            "goals": goal_rows(program),
            "tabs": tabs(program, "programs:program_goals"),
        },
        status=422 if form.errors else 200,
    )


@require_POST
def goal_remove(request: Request, program_slug: str, goal_id: int) -> HttpResponse:
    """Take a goal away."""
    program = managed(request, program_slug)
    if is_over(request, program):
        return redirect(program)
    goal = get_object_or_404(program.goals, pk=goal_id)
    try:
        actions.remove_goal(program, goal, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The goal is removed."))
    return redirect("programs:program_goals", program.slug)


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


# --- taking part


@require_http_methods(["GET", "HEAD", "POST"])
def program_join(request: Request, program_slug: str, role: str) -> HttpResponse:
    """What it asks of you comes first; then the guidelines; then yes."""
    program = get_object_or_404(
        Program.objects.visible_to(request.user), slug=program_slug
    )
    if role not in program.joining_roles:
        raise Http404
    here = program.participants.active().filter(user=request.user)
    if here.exclude(role=Role.COORDINATOR).exists():
        messages.info(request, _("You already take part in this programme."))
        return redirect("programs:participation", program.slug)
    if not program.takes_joiners:
        messages.info(request, _("This programme is not open for joining now."))
        return redirect(program)
    guideline = program.guidelines.current().filter(role=role).first()
    form = JoinForm(
        posted(request),
        program=program,
        role=role,
        version=guideline.version if guideline else 0,
    )
    if request.method == "POST" and form.is_valid():
        try:
            participant = actions.join_program(
                program,
                request.user,
                role,
                capacity=form.cleaned_data.get("capacity", 1),
                motivation=form.cleaned_data["motivation"],
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            to_me = reverse("programs:participation", args=[program.slug])
            if participant.is_ready:
                messages.success(request, _("You take part. Your profile is complete."))
                return redirect(to_me)
            messages.success(
                request, _("You take part. One thing is left: your profile.")
            )
            return redirect(f"{reverse('people:profile_edit')}?next={to_me}")
    return render_page(
        request,
        "programs/program_join.html",
        {
            "program": program,
            "role": Role(role),
            "form": form,
            "guideline": guideline,
            "answer_on": actions.answer_on(program),
        },
        status=422 if form.errors else 200,
    )


def _mine(request: Request, program_slug: str) -> Participant:
    return get_object_or_404(
        Participant.objects.active()
        .select_related("program", "user")
        .exclude(role=Role.COORDINATOR),
        program__slug=program_slug,
        user=request.user,
    )


@require_safe
def participation(request: Request, program_slug: str) -> HttpResponse:
    """How I take part: what is left to do, when I hear, and how to change it."""
    me = _mine(request, program_slug)
    return _participation_page(
        request,
        me,
        CapacityForm(initial={"capacity": me.capacity}, most=me.program.capacity_max),
    )


def _participation_page(
    request: Request, me: Participant, form: CapacityForm
) -> HttpResponse:
    guideline = actions.guideline_to_accept(me)
    return render_page(
        request,
        "programs/participation.html",
        {
            "program": me.program,
            "me": me,
            "form": form if me.role == Role.MENTOR else None,
            "lacks": [] if me.is_ready else actions.lacking(me),
            "to_accept": guideline,
            "changes": actions.changes(me, guideline) if guideline else [],
            "answer_on": actions.answer_on(me.program),
        },
        status=422 if form.errors else 200,
    )


@require_POST
def participation_complete(request: Request, program_slug: str) -> HttpResponse:
    """Accept new guidelines; and look again whether anything is left to do."""
    me = _mine(request, program_slug)
    was_ready = me.is_ready
    if "accepted" in request.POST:
        try:
            version = int(request.POST.get("version", ""))
            actions.accept_guideline(me, version=version)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("programs:participation", program_slug)
        except ValueError:
            raise Http404 from None
    if was_ready:
        messages.success(request, _("Thank you. You accepted the guidelines."))
    elif actions.complete(me):
        messages.success(request, _("You are ready. We will look for your match."))
    else:
        messages.warning(
            request,
            _("Still to do: %(things)s.") % {"things": ", ".join(actions.lacking(me))},
        )
    return redirect("programs:participation", program_slug)


@require_POST
def participation_capacity(request: Request, program_slug: str) -> HttpResponse:
    """For how many mentees I have room."""
    me = _mine(request, program_slug)
    form = CapacityForm(request.POST, most=me.program.capacity_max)
    if me.role != Role.MENTOR:
        raise Http404
    if form.is_valid():
        try:
            actions.change_capacity(me, form.cleaned_data["capacity"])
        except ValidationError as error:
            form.add_error("capacity", error.messages)
        else:
            messages.success(request, _("Your room is changed."))
            return redirect("programs:participation", program_slug)
    return _participation_page(request, me, form)


@require_http_methods(["GET", "HEAD", "POST"])
def participation_leave(request: Request, program_slug: str) -> HttpResponse:
    """Stop taking part, after saying what that means."""
    participant = _mine(request, program_slug)
    problem = ""
    if request.method == "POST":
        try:
            actions.leave_program(participant, by=request.user)
        except ValidationError as error:
            problem = " ".join(error.messages)
        else:
            messages.success(
                request, _("You no longer take part. Thank you for trying.")
            )
            return redirect("dashboards:home")
    return render_page(
        request,
        "programs/participation_leave.html",
        {"program": participant.program, "me": participant, "problem": problem},
        status=422 if problem else 200,
    )


# --- for those who run it


@require_safe
def participant_list(request: Request, program_slug: str) -> HttpResponse:
    """Who takes part, as what, and how far they are."""
    program = managed(request, program_slug)
    found = program.participants.active().select_related("user__employment")
    role, state = request.GET.get("role", ""), request.GET.get("state", "")
    words = request.GET.get("q", "").strip()
    if role in Role.values:
        found = found.filter(role=role)
    if state in Participant.State.values:
        found = found.filter(state=state)
    for word in words.split():
        found = found.filter(
            Q(user__name__icontains=word) | Q(user__email__icontains=word)
        )
    invites = program.invites.unanswered()
    by_role = (
        program.participants.active()
        .order_by("role")
        .values("role")
        .annotate(all=Count("pk"), ready=Count("pk", Q(state="ready")))
    )
    counts = {row["role"]: row for row in by_role}
    return render_page(
        request,
        "programs/participant_list.html",
        {
            "program": program,
            "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
            "role": role,
            "state": state,
            "q": words,
            "is_filtered": bool(role or state or words),
            "roles": [*program.joining_roles, Role.COORDINATOR],
            "counts": [
                {"role": each, **counts.get(each.value, {"all": 0, "ready": 0})}
                for each in program.joining_roles
            ],
            "states": Participant.State.choices,
            "invites": invites[:SHOWN_INVITES],
            "invite_count": invites.count(),
            "tabs": tabs(program, "programs:participant_list"),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def invite_create(request: Request, program_slug: str) -> HttpResponse:
    """Ask people by e-mail."""
    program = managed(request, program_slug)
    form = InviteForm(posted(request), program=program)
    if request.method == "POST" and form.is_valid():
        try:
            outcome = actions.invite(program, **form.cleaned_data, by=request.user)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            _say_outcome(request, outcome)
            return redirect("programs:participant_list", program.slug)
    return render_page(
        request,
        "programs/invite_create.html",
        {
            "program": program,
            "form": form,
            "link": settings.SITE_URL + program.get_absolute_url(),
            "days": actions.INVITE_FOR.days,
            "tabs": tabs(program, "programs:participant_list"),
        },
        status=422 if form.errors else 200,
    )


def _say_outcome(request: Request, outcome: actions.Asked) -> None:
    if outcome.asked:
        messages.success(
            request,
            ngettext(
                "%(number)s person gets an invitation by mail.",
                "%(number)s people get an invitation by mail.",
                len(outcome.asked),
            )
            % {"number": len(outcome.asked)},
        )
    if outcome.new:
        messages.info(
            request,
            ngettext(
                "Not known here before, so an account was made: %(emails)s.",
                "Not known here before, so accounts were made: %(emails)s.",
                len(outcome.new),
            )
            % {"emails": ", ".join(outcome.new[:10])},
        )
    if outcome.left_out:
        messages.warning(
            request,
            _(
                "Left in peace, because they take part, were asked already or no longer"
                " work here: %(emails)s."
            )
            % {"emails": ", ".join(outcome.left_out[:10])},
        )


@require_POST
def invite_withdraw(
    request: Request, program_slug: str, invite_id: int
) -> HttpResponse:
    """Take an invitation back: its link stops working."""
    program = managed(request, program_slug)
    invitation = get_object_or_404(program.invites.unanswered(), pk=invite_id)
    actions.withdraw_invite(invitation, by=request.user)
    messages.success(
        request,
        _("The invitation of %(email)s is withdrawn.") % {"email": invitation.email},
    )
    return redirect("programs:participant_list", program.slug)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def invite_accept(request: HttpRequest, token: str) -> HttpResponse:
    """The link in an invitation: opening it shows a button, pressing it signs in."""
    invitation = actions.find_invite(token)
    if invitation is None:
        used = Invite.objects.working().filter(token_hash=hashed(token)).first()
        if used and _is_for(request, used):
            # Back at one's own link, to read on.
            return redirect("programs:program_join", used.program.slug, used.role)
        return render_page(request, "programs/invite_gone.html", status=410)
    if request.method == "POST":
        try:
            user = actions.use_invite(invitation)
        except ValidationError:
            return render_page(request, "programs/invite_gone.html", status=410)
        # A link that is good for weeks does not open the account of an admin.
        if not user.org_role and not _is_for(request, invitation):
            login(request, user, backend=BACKEND)
        return redirect(
            "programs:program_join", invitation.program.slug, invitation.role
        )
    return render_page(
        request,
        "programs/invite_accept.html",
        {
            "invite": invitation,
            "program": invitation.program,
            "somebody_else": request.user.is_authenticated
            and not _is_for(request, invitation),
        },
    )


def _is_for(request: HttpRequest, invitation: Invite) -> bool:
    return (
        request.user.is_authenticated and request.user.email.lower() == invitation.email
    )


@require_POST
def coordinator_add(request: Request, program_slug: str) -> HttpResponse:
    """Let a colleague run this programme too."""
    program = managed(request, program_slug)
    if is_over(request, program):
        return redirect(program)
    form = CoordinatorForm(request.POST)
    if not form.is_valid():
        return _overview(request, program, None, form)
    user = form.cleaned_data["email"]
    actions.add_coordinator(program, user, by=request.user)
    messages.success(request, _("%(name)s is coordinator now.") % {"name": user})
    return redirect(program)


@require_POST
def coordinator_remove(
    request: Request, program_slug: str, participant_id: int
) -> HttpResponse:
    """A colleague no longer runs this programme."""
    program = managed(request, program_slug)
    coordinator = get_object_or_404(
        program.participants.coordinators().select_related("user"), pk=participant_id
    )
    actions.remove_coordinator(coordinator, by=request.user)
    messages.success(
        request,
        _("%(name)s is no longer coordinator.") % {"name": coordinator.user},
    )
    return redirect("programs:program_list")
