"""Pages of a goal: set it, see where it stands, close it."""

from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from history.once import once
from mentoring.http import Request, posted, render_page
from mentorships import actions, smart
from mentorships.forms.goals import (
    CloseGoalForm,
    CommentForm,
    GoalForm,
    MilestoneForm,
    ProgressForm,
)
from mentorships.models import Goal, GoalComment, Milestone, Progress
from mentorships.views.pairs import mine, own_membership, refuse_ended

# The box that the line of a goal is drawn in.
WIDTH, HEIGHT = 400, 150
RIGHT, TOP, BOTTOM = 386, 12, 120
# So wide is a digit at the side of it.
DIGIT = 7
# A first goal that is reached in six weeks gives the most.
SIX_WEEKS = timedelta(days=42)


def my_goal(request: Request, goal_id: int) -> Goal:
    """A goal of a mentorship I am a member of."""
    return get_object_or_404(
        Goal.objects.visible_to(request.user)
        .select_related("mentorship__program", "owner__participant__user")
        .prefetch_related("progress", "milestones"),
        pk=goal_id,
    )


def own_goal(request: Request, goal_id: int) -> Goal:
    """A goal that is mine to change; somebody else's is only to be looked at."""
    goal = my_goal(request, goal_id)
    if goal.owner.participant.user_id != request.user.pk:
        raise PermissionDenied
    return goal


def refuse_closed(request: Request, goal: Goal) -> HttpResponse | None:
    """A goal that was closed stays as it was."""
    if goal.is_active:
        return None
    messages.error(request, _("This goal has been closed."))
    return redirect(goal)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def goal_add(request: Request, mentorship_id: int) -> HttpResponse:
    """A SMART goal of my own."""
    mentorship = mine(request, mentorship_id)
    if refused := refuse_ended(request, mentorship):
        return refused
    form = GoalForm(
        posted(request),
        instance=Goal(mentorship=mentorship, owner=own_membership(request, mentorship)),
        initial={"start": 0, "target": "", "by_on": timezone.localdate() + SIX_WEEKS},
    )
    if request.method == "POST" and form.is_valid():
        goal = form.save(commit=False)
        try:
            actions.set_goal(goal, steps=form.step_texts(), by=request.user)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Your goal is set."))
            return redirect(goal)
    return render_page(
        request,
        "mentorships/goal_add.html",
        {"mentorship": mentorship, "form": form, "hints": _hints(request)},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@once
def goal_edit(request: Request, goal_id: int) -> HttpResponse:
    """Say it better. Where it stands stays as it was."""
    goal = own_goal(request, goal_id)
    if refused := refuse_closed(request, goal):
        return refused
    form = GoalForm(posted(request), instance=goal)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_goal(form.save(commit=False), by=request.user)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Your goal is changed."))
            return redirect(goal)
    return render_page(
        request,
        "mentorships/goal_add.html",
        {
            "mentorship": goal.mentorship,
            "goal": goal,
            "form": form,
            "hints": _hints(request) or _review(goal),
        },
        status=422 if form.errors else 200,
    )


@require_POST
def goal_review(request: Request, mentorship_id: int) -> HttpResponse:
    """The SMART helper, as one types. It keeps nothing."""
    mine(request, mentorship_id)
    return render_page(
        request, "mentorships/goal_add.html#hints", {"hints": _hints(request)}
    )


def _review(goal: Goal) -> list[smart.Hint]:
    """What the helper says of a goal as it stands."""
    return smart.review(
        specific=goal.specific,
        measure=goal.measure,
        start=goal.start,
        target=goal.target,
        relevance=goal.relevance,
        by_on=goal.by_on,
        today=timezone.localdate(),
        language=(get_language() or "nl")[:2],
    )


def _hints(request: Request) -> list[smart.Hint]:
    data = request.POST
    if "specific" not in data:
        return []

    def number(name: str) -> Decimal | None:
        try:
            found = Decimal(data.get(name, "").replace(",", "."))
        except InvalidOperation:
            return None
        # What a goal can hold; a number of a million digits stops every sum.
        return found if found.is_finite() and found.adjusted() < 9 else None

    try:
        by_on = parse_date(data.get("by_on", ""))
    except ValueError:
        by_on = None
    return smart.review(
        specific=data.get("specific", ""),
        measure=data.get("measure", ""),
        start=number("start"),
        target=number("target"),
        relevance=data.get("relevance", ""),
        by_on=by_on,
        today=timezone.localdate(),
        language=(get_language() or "nl")[:2],
    )


@require_safe
def goal_detail(request: Request, goal_id: int) -> HttpResponse:
    """A goal: where it stands, its steps, its course."""
    return _goal_page(request, my_goal(request, goal_id))


def _goal_page(
    request: Request, goal: Goal, status: int = 200, **forms: Any
) -> HttpResponse:
    entries = list(goal.progress.all())
    return render_page(
        request,
        "mentorships/goal_detail.html",
        {
            "goal": goal,
            "mentorship": goal.mentorship,
            "is_mine": goal.owner.participant.user_id == request.user.pk,
            "entries": entries,
            "chart": _course(goal, entries),
            "progress_form": ProgressForm(goal=goal),
            "milestone_form": MilestoneForm(),
            "close_form": CloseGoalForm(),
            "comment_form": CommentForm(),
            "comments": goal.comments.select_related("by__participant__user"),
            "form": next(iter(forms.values()), None),
            **forms,
        },
        parts={"steps", "taken"},
        status=status,
    )


def _course(goal: Goal, entries: list[Progress]) -> dict[str, Any]:
    """The line from the start of the goal on, with the values and days at its ends.

    The target is at the top.
    """
    first = goal.created_at
    moments = [first, *(max(first, entry.at) for entry in entries)]
    values = [goal.start, *(entry.value for entry in entries)]
    span = max((moments[-1] - first).total_seconds(), 1.0)
    low, high = float(goal.start), float(goal.target)
    ticks = [
        (number_format(value.normalize()), y)
        for value, y in ((goal.target, TOP), (goal.start, BOTTOM))
    ]
    left = 12 + DIGIT * max(len(label) for label, _y in ticks)
    dots = []
    for moment, value in zip(moments, values, strict=True):
        along = (moment - first).total_seconds() / span
        up = max(0.0, min(1.0, (float(value) - low) / (high - low)))
        x = left + 6 + along * (RIGHT - left - 12)
        y = BOTTOM - up * (BOTTOM - TOP)
        dots.append((f"{x:.1f}", f"{y:.1f}"))
    return {
        "dots": dots,
        "ticks": ticks,
        "left": left,
        "right": RIGHT,
        "width": WIDTH,
        "height": HEIGHT,
        "first": timezone.localtime(first).date(),
        "last": timezone.localtime(moments[-1]).date(),
    }


@require_POST
@once
def goal_progress(request: Request, goal_id: int) -> HttpResponse:
    """Note where I stand."""
    goal = own_goal(request, goal_id)
    if refused := refuse_closed(request, goal):
        return refused
    form = ProgressForm(request.POST, goal=goal)
    if not form.is_valid():
        return _goal_page(request, goal, 422, progress_form=form)
    value = form.cleaned_data["value"]
    Progress.objects.create(goal=goal, value=value)
    if goal.is_past_target(value):
        messages.info(
            request,
            _(
                "Noted. That is further than your target of %(target)s. If it was a"
                " slip, note the right value now."
            )
            % {"target": number_format(goal.target.normalize())},
        )
    else:
        messages.success(request, _("Noted."))
    return redirect(goal)


@require_POST
def milestone_add(request: Request, goal_id: int) -> HttpResponse:
    """One more step on the way."""
    goal = own_goal(request, goal_id)
    if refused := refuse_closed(request, goal):
        return refused
    form = MilestoneForm(request.POST)
    if not form.is_valid():
        return _goal_page(request, goal, 422, milestone_form=form)
    actions.add_milestone(goal, form.cleaned_data["text"])
    return redirect(goal)


@require_POST
def milestone_toggle(request: Request, goal_id: int, milestone_id: int) -> HttpResponse:
    """A step is done, or not after all."""
    goal = own_goal(request, goal_id)
    if refused := refuse_closed(request, goal):
        return refused
    found = get_object_or_404(goal.milestones, pk=milestone_id)
    done = request.POST.get("done") == "yes"
    Milestone.objects.filter(pk=found.pk).update(
        done_at=timezone.now() if done else None
    )
    return redirect(goal)


@require_POST
def goal_close(request: Request, goal_id: int) -> HttpResponse:
    """Reached, or let go."""
    goal = own_goal(request, goal_id)
    form = CloseGoalForm(request.POST)
    if form.is_valid():
        try:
            actions.close_goal(
                goal,
                form.cleaned_data["state"],
                reflection=form.cleaned_data["reflection"],
                by=request.user,
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return redirect(goal)
    return _goal_page(request, goal, 422, close_form=form)


@require_POST
@once
def goal_comment(request: Request, goal_id: int) -> HttpResponse:
    """Say something of a goal, of one's own or of another's."""
    goal = my_goal(request, goal_id)
    me = goal.mentorship.members.get(participant__user=request.user)
    form = CommentForm(request.POST, instance=GoalComment(goal=goal, by=me))
    if not form.is_valid():
        return _goal_page(request, goal, 422, comment_form=form)
    actions.comment_on_goal(form.save(commit=False), by=request.user)
    messages.success(request, _("Noted."))
    return redirect(goal)
