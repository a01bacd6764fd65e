"""Pages of a mentorship as a whole: the list, the page of the pair, what we will do."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Count, IntegerField, OuterRef, Prefetch, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_POST,
    require_safe,
)

from mentoring.http import Request, render_page
from mentorships import actions
from mentorships.forms.pairs import ActionForm
from mentorships.guides import guide_for, guides
from mentorships.landmarks import landmarks
from mentorships.models import (
    Action,
    Agreement,
    Goal,
    Member,
    MentoringSession,
    Mentorship,
    MentorshipQuerySet,
    OfferedTime,
    ThankYou,
    to_log_and_coming,
)
from mentorships.stages import LABELS, Facts, Stage, stage_of, way
from programs.models import Role

MEMBERS = Prefetch(
    "members",
    Member.objects.select_related("participant__user").prefetch_related(
        "participant__user__absences"
    ),
)
# Of somebody's next absence one hears so long before.
SAID_BEFORE = timedelta(days=42)
# So many rows of what was stand on the page of a pair.
HISTORY = 50
LANDMARKS = 5


def mine(request: Request, mentorship_id: int) -> Mentorship:
    """A mentorship I am a member of; for others it is not there."""
    return get_object_or_404(
        Mentorship.objects.visible_to(request.user)
        .with_last_held()
        .select_related("program")
        .prefetch_related(MEMBERS),
        pk=mentorship_id,
    )


def own_membership(request: Request, mentorship: Mentorship) -> Member:
    """My part in it."""
    return next(
        member
        for member in mentorship.members.all()
        if member.participant.user_id == request.user.pk
    )


def ways_to_stop(mentorship: Mentorship, me: Member) -> dict[str, bool]:
    """Whether one may leave a group that goes on; and whether one may end it for all,
    as whoever leads it may, and each of a pair.
    """
    may_leave = mentorship.may_be_left_by(me.participant)
    return {"may_leave": may_leave, "may_end": not may_leave or me.role == Role.MENTOR}


def refuse_ended(request: Request, mentorship: Mentorship) -> HttpResponse | None:
    """Nothing new is begun in a mentorship that has ended."""
    if mentorship.is_active:
        return None
    messages.error(request, _("This mentorship has ended."))
    return redirect(mentorship)


def number_of(rows: Any) -> Coalesce:
    """How many rows a mentorship has of something, without joining them."""
    counted = rows.filter(mentorship=OuterRef("pk")).order_by().values("mentorship")
    return Coalesce(
        Subquery(counted.annotate(n=Count("pk")).values("n")),
        0,
        output_field=IntegerField(),
    )


def _with_what_is_next(mentorships: MentorshipQuerySet) -> MentorshipQuerySet:
    """Adds what is planned, and how many sessions, goals and actions there are."""
    return (
        mentorships.with_last_held()
        .annotate(
            held=number_of(MentoringSession.objects.held()),
            open_actions=number_of(Action.objects.open()),
            open_goals=number_of(Goal.objects.active()),
            goals_set=number_of(Goal.objects.all()),
        )
        .select_related("program")
        .prefetch_related(
            MEMBERS,
            "agreement__signatures",
            Prefetch(
                "sessions", MentoringSession.objects.planned(), to_attr="on_calendar"
            ),
        )
    )


def stage_now(
    mentorship: Mentorship, agreement: Agreement | None, *, held: int, has_goal: bool
) -> Stage:
    """Where it stands today: with so many sessions held, and a goal or none."""
    facts = Facts(
        held=held,
        is_signed=bool(agreement and agreement.is_signed),
        has_goal=has_goal,
        last_day=mentorship.last_day,
        is_ended=not mentorship.is_active,
    )
    return stage_of(facts, timezone.localdate())


def _away(mentorship: Mentorship, within: timedelta = timedelta()) -> list[Any]:
    """Who is away, or will be within some time, and their first absence."""
    today = timezone.localdate()
    found = []
    for member in mentorship.members.all():
        ahead = [
            each
            for each in member.participant.times_away
            if each.ends_on >= today and each.starts_on <= today + within
        ]
        if ahead:
            found.append({"member": member, "absence": ahead[0]})
    return found


@require_safe
def mentorship_list(request: Request) -> HttpResponse:
    """All my mentorships, each with what is next; those that ended stand below."""
    active: list[dict[str, Any]] = []
    ended: list[dict[str, Any]] = []
    now = timezone.now()
    found: Any = _with_what_is_next(Mentorship.objects.visible_to(request.user))
    for mentorship in found:
        to_log, coming = to_log_and_coming(mentorship.on_calendar, now)
        stage = stage_now(
            mentorship,
            getattr(mentorship, "agreement", None),
            held=mentorship.held,
            has_goal=mentorship.goals_set > 0,
        )
        row = {
            "mentorship": mentorship,
            "me": own_membership(request, mentorship),
            "stage": LABELS[stage],
            "to_log": to_log,
            "coming": coming,
            "away": _away(mentorship),
            "others": [
                member
                for member in mentorship.members.all()
                if member.participant.user_id != request.user.pk
            ],
        }
        (active if mentorship.is_active else ended).append(row)
    return render_page(
        request,
        "mentorships/mentorship_list.html",
        {
            "active": active,
            "ended": ended,
            "is_mentor": any(row["me"].role == Role.MENTOR for row in active + ended),
        },
    )


@require_safe
def mentorship_detail(request: Request, mentorship_id: int) -> HttpResponse:
    """One page for the pair: next session, actions, goals, history."""
    return _mentorship_page(request, mine(request, mentorship_id))


def agreement_of(mentorship: Mentorship) -> Agreement | None:
    """What they agreed on, with its signatures, if they did."""
    found = (
        Agreement.objects.filter(mentorship=mentorship)
        .prefetch_related("signatures")
        .first()
    )
    if found:
        # The members are known already.
        found.mentorship = mentorship
    return found


def _mentorship_page(
    request: Request,
    mentorship: Mentorship,
    *,
    action_form: ActionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    me = own_membership(request, mentorship)
    sessions = list(mentorship.sessions.all())
    planned = [session for session in sessions if session.is_planned]
    agreement = agreement_of(mentorship)
    # What was called off and whose day is still to come: neither.
    past = [
        session
        for session in reversed(sessions)
        if session.is_held or (not session.is_planned and session.starts_at < now)
    ]
    to_log, coming = to_log_and_coming(planned, now)
    held = sum(session.is_held for session in sessions)
    goals = list(
        mentorship.goals.select_related("owner__participant__user").prefetch_related(
            "progress"
        )
    )
    stage = stage_now(mentorship, agreement, held=held, has_goal=bool(goals))
    return render_page(
        request,
        "mentorships/mentorship_detail.html",
        {
            "mentorship": mentorship,
            "me": me,
            "coming": coming[0] if coming else None,
            # The first of them stands above, unless something else comes before it.
            "later": coming if to_log or mentorship.is_paused else coming[1:],
            "away": [
                {**each, "is_me": each["member"] == me}
                for each in _away(mentorship, SAID_BEFORE)
                if mentorship.is_active
            ],
            "to_log": to_log,
            "past": past[:HISTORY],
            "held": held,
            "actions": mentorship.actions.select_related("owner__participant__user")[
                :HISTORY
            ],
            "action_form": action_form
            or ActionForm(mentorship=mentorship, initial={"owner": me}),
            "goals": goals,
            "guide": guides()["closing"]
            if stage == Stage.CLOSING
            else guide_for(held=held, has_goals=bool(goals)),
            "way": way(stage),
            "stage": LABELS[stage],
            "is_closing": stage == Stage.CLOSING,
            "agreement": agreement,
            "is_signed": bool(agreement and agreement.is_signed),
            "i_signed": bool(agreement and me.pk in agreement.signed_by()),
            "offers": mentorship.offers.open(now)
            .select_related("by__participant__user")
            .prefetch_related(
                Prefetch("times", OfferedTime.objects.filter(starts_at__gt=now))
            ),
            "landmarks": landmarks(
                held=[each.starts_at for each in sessions if each.is_held],
                signed_at=agreement.signed_at if agreement else None,
                goals=[
                    (goal.specific, goal.closed_at)
                    for goal in goals
                    if goal.state == Goal.State.REACHED and goal.closed_at
                ],
            )[:LANDMARKS],
            **ways_to_stop(mentorship, me),
            "asks_fit": held > 0 and not hasattr(me, "fit_check"),
            "thanks": ThankYou.objects.filter(to=me)
            .select_related("by__participant__user")
            .first(),
            "form": action_form,
        },
        parts={"actions", "todo"},
        status=status,
    )


@require_POST
def action_add(request: Request, mentorship_id: int) -> HttpResponse:
    """Note something that one of us will do."""
    mentorship = mine(request, mentorship_id)
    if refused := refuse_ended(request, mentorship):
        return refused
    form = ActionForm(request.POST, mentorship=mentorship)
    if form.is_valid():
        try:
            actions.add_action(form.save(commit=False))
        except ValidationError as error:
            form.add_error("text", error.messages)
        else:
            return redirect(mentorship)
    return _mentorship_page(request, mentorship, action_form=form, status=422)


@require_POST
def action_toggle(request: Request, mentorship_id: int, action_id: int) -> HttpResponse:
    """Done, or not done after all."""
    mentorship = mine(request, mentorship_id)
    found = get_object_or_404(mentorship.actions, pk=action_id)
    done = request.POST.get("done") == "yes"
    try:
        with transaction.atomic():
            Action.objects.filter(pk=found.pk).update(
                done_at=timezone.now() if done else None
            )
    except IntegrityError:
        messages.error(request, _("This stands on the list already."))
    return redirect(mentorship)
