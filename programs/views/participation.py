"""Taking part: joining, completing, leaving."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from mentoring.http import Request, posted, render_page
from people.completeness import is_complete
from programs import actions
from programs.forms import (
    CapacityForm,
    JoinForm,
    ManagerForm,
    PauseForm,
)
from programs.models import JoinAnswer, Module, Participant, Program, Role
from programs.needs import now_of
from programs.ties import ties_of


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
    if program.applications.waiting().filter(user=request.user).exists():
        messages.info(request, _("You have asked already; the answer comes."))
        return redirect(program)
    if role not in actions.roles_open_to(program, request.user):
        messages.info(request, _("This programme is not open for joining now."))
        return redirect(program)
    if program.is_full:
        messages.info(request, _("This programme is full now."))
        return redirect(program)
    must_ask = program.takes_applications and not actions.is_asked(
        program, request.user
    )
    guideline = program.guidelines.current().filter(role=role).first()
    manager = actions.manager_of(program, request.user)
    form = JoinForm(
        posted(request),
        program=program,
        role=role,
        version=guideline.version if guideline else 0,
        # Who applies is asked when they are in.
        manager=None if must_ask else manager,
        initial={
            f"question_{answer.question_id}": answer.value
            for answer in JoinAnswer.objects.filter(
                user=request.user, question__program=program
            )
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            return _join(request, program, role, form, must_ask=must_ask)
        except ValidationError as error:
            form.add_error(None, error.messages)
    return render_page(
        request,
        "programs/program_join.html",
        {
            "program": program,
            "role": Role(role),
            "form": form,
            "guideline": guideline,
            "answer_on": actions.answer_on(program),
            "must_ask": must_ask,
            "modules": program.modules.needed_first().meant_for(role),
        },
        status=422 if form.errors else 200,
    )


def _join(
    request: Request, program: Program, role: str, form: JoinForm, *, must_ask: bool
) -> HttpResponse:
    """Take part, or ask to; then on to what is left to do."""
    said = {
        "capacity": form.cleaned_data.get("capacity", 1),
        "motivation": form.cleaned_data["motivation"],
        "answers": form.answers,
    }
    if must_ask:
        actions.apply_to_program(
            program,
            request.user,
            role,
            accepted_version=form.current_version,
            **said,
        )
        messages.success(
            request, _("Your question is sent. You get an answer by mail.")
        )
        return redirect(program)
    participant = actions.join_program(
        program,
        request.user,
        role,
        shown_to=form.manager if form.cleaned_data.get("manager_may_know") else None,
        **said,
    )
    to_me = reverse("programs:participation", args=[program.slug])
    if participant.is_ready:
        messages.success(request, _("You take part. Your profile is complete."))
        return redirect(to_me)
    if is_complete(request.user, role):
        messages.success(request, _("You take part. See below what is left to do."))
        return redirect(to_me)
    messages.success(request, _("You take part. Next comes your profile."))
    return redirect(f"{reverse('people:profile_edit')}?next={to_me}")


def _mine(request: Request, program_slug: str) -> Participant:
    me: Participant = get_object_or_404(
        Participant.objects.active()
        .with_stage()
        .select_related("program", "user")
        .exclude(role=Role.COORDINATOR),
        program__slug=program_slug,
        user=request.user,
    )
    return me


@require_safe
def participation(request: Request, program_slug: str) -> HttpResponse:
    """How I take part: what is left to do, when I hear, and how to change it."""
    return _participation_page(request, _mine(request, program_slug))


def _participation_page(
    request: Request,
    me: Participant,
    *,
    form: CapacityForm | None = None,
    pause_form: PauseForm | None = None,
) -> HttpResponse:
    most = me.program.capacity_max
    form = form or CapacityForm(initial={"capacity": me.capacity}, most=most)
    pause_form = pause_form or PauseForm()
    guideline = actions.guideline_to_accept(me)
    manager = actions.manager_of(me.program, me.user)
    ties = ties_of(me) if me.places_taken else []
    return render_page(
        request,
        "programs/participation.html",
        {
            "program": me.program,
            "me": me,
            "form": pause_form if pause_form.errors else form,
            "capacity_form": form if me.role == Role.MENTOR else None,
            "pause_form": pause_form,
            "manager_form": ManagerForm(
                manager=manager,
                initial={"manager_may_know": me.shown_to_id == manager.pk},
            )
            if manager
            else None,
            "ties": ties,
            "something_rests": not all(tie.goes_on for tie in ties),
            "lacks": [] if me.is_ready else actions.lacking(me),
            "training": actions.training_of(me),
            "training_first": _training_first(me),
            "answers": JoinAnswer.objects.filter(
                user=me.user, question__program=me.program
            ).select_related("question"),
            "to_accept": guideline,
            "changes": actions.changes(me, guideline) if guideline else [],
            "now": now_of(request, me),
            "answer_on": actions.answer_on(me.program),
            "lookers": actions.lookers(me),
        },
        status=422 if form.errors or pause_form.errors else 200,
    )


def _training_first(me: Participant) -> Module | None:
    """The training to begin with, once the profile is complete."""
    if me.is_ready or not is_complete(me.user, me.role):
        return None
    return next(iter(actions.training_to_do(me)), None)


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
            messages.success(request, _("Your number of places is changed."))
            return redirect("programs:participation", program_slug)
    return _participation_page(request, me, form=form)


@require_POST
def participation_manager(request: Request, program_slug: str) -> HttpResponse:
    """Whether my manager may see that I take part."""
    me = _mine(request, program_slug)
    manager = actions.manager_of(me.program, me.user)
    if manager is None:
        raise Http404
    form = ManagerForm(request.POST, manager=manager)
    if form.is_valid():
        may_know = form.cleaned_data["manager_may_know"]
        actions.show_to_manager(me, manager if may_know else None)
        said = (
            _("%(name)s may see that you take part, and nothing else.")
            if may_know
            else _("%(name)s does not see that you take part.")
        )
        messages.success(request, said % {"name": manager.name})
    return redirect("programs:participation", program_slug)


@require_POST
def participation_pause(request: Request, program_slug: str) -> HttpResponse:
    """Not for a while: nobody matches or reminds me until a day."""
    me = _mine(request, program_slug)
    form = PauseForm(request.POST)
    if form.is_valid():
        until = form.cleaned_data["until"]
        try:
            actions.pause_participation(me, until, by=request.user)
        except ValidationError as error:
            form.add_error("until", error.messages)
        else:
            messages.success(
                request,
                _("You pause. From %(day)s on you take part again.")
                % {"day": date_format(until)},
            )
            return redirect("programs:participation", program_slug)
    return _participation_page(request, me, pause_form=form)


@require_POST
def participation_resume(request: Request, program_slug: str) -> HttpResponse:
    """I am back earlier."""
    me = _mine(request, program_slug)
    actions.resume_participation(me, by=request.user)
    messages.success(request, _("Good to have you back. You take part again."))
    return redirect("programs:participation", program_slug)


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
                request, _("You no longer take part. Thank you for having taken part.")
            )
            return redirect("dashboards:home")
    return render_page(
        request,
        "programs/participation_leave.html",
        {
            "program": participant.program,
            "me": participant,
            "ties": ties_of(participant),
            "problem": problem,
        },
        status=422 if problem else 200,
    )
