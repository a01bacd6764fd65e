"""What a programme wants to reach, and how far it is."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
)

from history.models import record
from history.once import once
from mentoring.http import Request, posted, render_page
from programs import actions
from programs.forms import (
    GoalReadingForm,
    ProgramGoalForm,
)
from programs.measures import goal_rows
from programs.permissions import is_over, managed
from programs.tabs import tabs


@require_http_methods(["GET", "HEAD", "POST"])
@once
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
        # Pages show what the clock noted last; it need not be waited for.
        actions.take_readings(program)
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


@require_http_methods(["GET", "HEAD", "POST"])
def goal_detail(request: Request, program_slug: str, goal_id: int) -> HttpResponse:
    """The course of a goal; for one measured by hand, a new figure with its source."""
    program = managed(request, program_slug)
    goal = get_object_or_404(program.goals, pk=goal_id)
    if is_over(request, program):
        return redirect(program)
    if request.method == "POST" and not goal.is_by_hand:
        messages.info(request, _("Wegwijs measures this one by itself."))
        return redirect("programs:goal_detail", program.slug, goal.pk)
    form = GoalReadingForm(posted(request), goal=goal)
    if request.method == "POST" and form.is_valid():
        form.instance.by = request.user
        form.save()
        record(program, "goal measured", by=request.user)
        messages.success(request, _("The figure is added."))
        return redirect("programs:goal_detail", program.slug, goal.pk)
    readings = list(goal.readings.select_related("by"))
    row = next(row for row in goal_rows(program) if row["goal"].pk == goal.pk)
    return render_page(
        request,
        "programs/goal_detail.html",
        {
            "program": program,
            "goal": goal,
            "row": row,
            "readings": readings[::-1],
            "form": form,
            "tabs": tabs(program, "programs:program_goals"),
        },
        status=422 if form.errors else 200,
    )
