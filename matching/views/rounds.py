"""One round: how far it is, what it proposes, who is left over, publishing."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Exists, Min, OuterRef, Prefetch, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from matching import actions
from matching.forms import PublishForm
from matching.models import (
    LeftOver,
    PlaceRequest,
    Proposal,
    ProposalMember,
    Round,
)
from matching.obstacles import problem_of
from matching.words import Labels
from mentoring.branding import worded
from mentoring.http import Request, posted, render_page
from mentoring.words import folded
from programs.models import Participant, Role
from programs.tabs import tabs

PAGE = 25
# Of those who could not begin so many are named.
MENTIONED = 3
MEMBERS = Prefetch(
    "members",
    ProposalMember.objects.select_related(
        "participant__user__employment"
    ).prefetch_related("participant__user__absences"),
)
SORTS = {
    "": gettext_lazy("best fit first"),
    "weakest": gettext_lazy("weakest fit first"),
    "mentee": worded(gettext_lazy("by %(mentee_word)s")),
    "mentor": worded(gettext_lazy("by %(mentor_word)s")),
}


def round_of(request: Request, round_id: int) -> Round:
    """A round of a programme that one runs."""
    return get_object_or_404(
        Round.objects.visible_to(request.user).light().select_related("program", "by"),
        pk=round_id,
    )


def _name_of(*roles: str) -> Subquery:
    return Subquery(
        ProposalMember.objects.filter(proposal=OuterRef("pk"), role__in=roles)
        .order_by("pk")
        .values("participant__user__name_folded")[:1]
    )


def _shown(found: Round, show: str, name: str, sort: str) -> QuerySet[Proposal]:
    """The proposals that a coordinator asks for, in the order they ask for."""
    proposals = found.proposals.defer("parts", "lines")
    if show == "stuck":
        proposals = proposals.stuck()
    elif show == "by_hand":
        proposals = proposals.filter(is_by_hand=True)
    elif show in Proposal.State.values:
        proposals = proposals.filter(state=show)
    if name:
        proposals = proposals.filter(
            Exists(
                ProposalMember.objects.filter(
                    proposal=OuterRef("pk"),
                    participant__user__name_folded__contains=folded(name),
                )
            )
        )
    if sort == "weakest":
        return proposals.order_by("score", "pk")
    if sort == "mentee":
        by = _name_of(Role.MENTEE, Role.PEER)
        return proposals.annotate(by_name=by).order_by("by_name", "pk")
    if sort == "mentor":
        return proposals.annotate(by_name=_name_of(Role.MENTOR)).order_by(
            "by_name", "-score", "pk"
        )
    return proposals.order_by("-score", "pk")


def _sorts(found: Round) -> list[tuple[str, Any]]:
    """The orders that mean something: of a group the mentor's name, of peers none."""
    unused: set[str] = set()
    if found.program.model in actions.TOGETHER:
        unused = {"mentee", "mentor"} if found.program.is_for_peers else {"mentee"}
    return [(key, label) for key, label in SORTS.items() if key not in unused]


@require_safe
def round_detail(request: Request, round_id: int) -> HttpResponse:
    """What a round proposes: found, filtered, in order, a page at a time."""
    found = round_of(request, round_id)
    context: dict[str, Any] = {
        "round": found,
        "program": found.program,
        "is_together": found.program.model in actions.TOGETHER,
        "problem": problem_of(found),
        "tabs": tabs(found.program, "matching:round_list"),
    }
    if found.is_done:
        show = request.GET.get("show", "")
        name = request.GET.get("q", "").strip()
        sort = request.GET.get("sort", "")
        proposals = _shown(found, show, name, sort)
        by_state = (
            found.proposals.order_by()
            .values_list("state")
            .annotate(Count("pk"), Min("score"))
        )
        counts = {state: number for state, number, _least in by_state}
        stuck = dict(
            found.proposals.stuck()
            .order_by()
            .values_list("state")
            .annotate(Count("pk"))
            if found.state == Round.State.READY
            else ()
        )
        for state, number in stuck.items():
            counts[state] -= number
        context |= {
            "page": Paginator(proposals.prefetch_related(MEMBERS), PAGE).get_page(
                request.GET.get("page")
            ),
            "show": show,
            "q": name,
            "sort": sort if sort in SORTS else "",
            "sorts": _sorts(found),
            "states": [
                *Proposal.State.choices,
                ("by_hand", _("made by hand")),
                ("stuck", _("no longer possible")),
            ],
            "to_decide": counts.get(Proposal.State.PROPOSED, 0),
            "approved": counts.get(Proposal.State.APPROVED, 0),
            "published": counts.get(Proposal.State.PUBLISHED, 0),
            "rejected": counts.get(Proposal.State.REJECTED, 0),
            "stuck": sum(stuck.values()),
            "is_any_lower": any(
                least < (found.floor or 0)
                for state, _number, least in by_state
                if state != Proposal.State.REJECTED
            ),
            "left_over": found.left_over.count(),
            "undo_until": actions.undo_until(found),
        }
    response = render_page(
        request, "matching/round_detail.html", context, parts={"progress"}
    )
    if request.htmx and found.state != Round.State.RUNNING:
        # Who watched the progress sees the whole page now.
        response["HX-Refresh"] = "true"
    return response


@require_POST
def round_stop(request: Request, round_id: int) -> HttpResponse:
    """Stop a round that runs; nothing of it stays."""
    found = round_of(request, round_id)
    if actions.stop_round(found, by=request.user):
        messages.success(request, _("The round is stopped. Nothing was proposed."))
        return redirect("matching:round_list", found.program.slug)
    messages.info(request, _("The round was no longer running."))
    return redirect(found)


@require_POST
def approve_all(request: Request, round_id: int) -> HttpResponse:
    """Approve everything that is still to decide, or what fits well enough."""
    found = round_of(request, round_id)
    wanted = request.POST.get("at_least", "")
    least = int(wanted) if wanted.isdecimal() and len(wanted) < 5 else 0
    try:
        number = actions.approve_rest(found, at_least=least)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(found)
    messages.success(
        request,
        ngettext(
            "%(count)s proposal is approved.",
            "%(count)s proposals are approved.",
            number,
        )
        % {"count": number},
    )
    return redirect(found)


@require_safe
def left_over_list(request: Request, round_id: int) -> HttpResponse:
    """Everybody without a match: the limit that keeps them out, what lifting brings."""
    found = round_of(request, round_id)
    left = found.left_over.select_related("participant__user__employment")
    limit = request.GET.get("limit", "")
    if limit in LeftOver.Limit.values:
        left = left.filter(limit=limit)
    page = Paginator(left, PAGE).get_page(request.GET.get("page"))
    mentors = Participant.objects.select_related("user").in_bulk(
        [each.facts["mentor"] for each in page if "mentor" in each.facts]
    )
    places = _places(found)
    labels = Labels(
        key
        for each in page
        for key in [*each.facts.get("blocked", {}), each.facts.get("lift", "")]
    )
    asked = _asked_for_a_place([*mentors, *(each["mentor"].pk for each in places)])
    return render_page(
        request,
        "matching/left_over_list.html",
        {
            "round": found,
            "program": found.program,
            "page": page,
            "rows": [
                _row(
                    found,
                    each,
                    mentors.get(each.facts.get("mentor", 0)),
                    asked=asked,
                    labels=labels,
                )
                for each in page
            ],
            "is_together": found.program.model in actions.TOGETHER,
            "limit": limit,
            "limits": LeftOver.Limit.choices,
            "counts": found.left_over.order_by()
            .values_list("limit")
            .annotate(Count("pk")),
            "places": [
                {
                    **each,
                    "asked": asked.get(each["mentor"].pk),
                    "may_ask": _may_ask(found, each["mentor"], asked),
                }
                for each in places
            ],
            "has_more_room": any(
                each.state == PlaceRequest.State.ACCEPTED
                and each.answered_at
                and each.answered_at > found.at
                for each in asked.values()
            ),
            "tabs": tabs(found.program, "matching:round_list"),
        },
    )


def _row(
    found: Round,
    left: LeftOver,
    mentor: Participant | None,
    *,
    asked: dict[int, PlaceRequest],
    labels: Labels,
) -> dict[str, Any]:
    """Somebody who is left over, as the list says it."""
    facts = left.facts
    would_help = bool(facts.get("more_people") or facts.get("more_points"))
    return {
        "left": left,
        "is_taken_out": left.limit == LeftOver.Limit.TAKEN_OUT,
        "mentor": mentor,
        "asked": asked.get(mentor.pk) if mentor and would_help else None,
        "may_ask": mentor is not None and would_help and _may_ask(found, mentor, asked),
        "blocked": [
            {"label": labels.of(key), "count": count}
            for key, count in facts.get("blocked", {}).items()
        ],
        "until": date.fromisoformat(facts["until"]) if "until" in facts else None,
        "lift_is_absence": facts.get("lift") == "absence",
        "lift": labels.of(facts["lift"]) if "lift" in facts else "",
    }


def _places(found: Round) -> list[dict[str, Any]]:
    """With which mentors one more place brings most, by the prices of the result."""
    row = Round.objects.filter(pk=found.pk).values_list("prices", flat=True).first()
    prices = row or {}
    bonus = prices.get("bonus", 0)
    best = sorted(
        ((int(price), int(pk)) for pk, price in prices.get("mentors", {}).items()),
        reverse=True,
    )[:5]
    people = Participant.objects.select_related("user").in_bulk(
        [pk for price, pk in best if price > 0]
    )
    found_places = []
    for price, pk in best:
        if pk in people:
            matched = (price + bonus // 2) // bonus if bonus else 0
            found_places.append(
                {
                    "mentor": people[pk],
                    "people": matched,
                    "points": price - matched * bonus,
                }
            )
    return found_places


def _asked_for_a_place(mentors: list[int]) -> dict[int, PlaceRequest]:
    """The last question for one more place to each of these mentors."""
    questions = PlaceRequest.objects.filter(mentor__in=mentors)
    return {each.mentor_id: each for each in questions.order_by("at", "pk")}


def _may_ask(found: Round, mentor: Participant, asked: dict[int, PlaceRequest]) -> bool:
    """Whether to ask: not again who has not answered, said no, or yes since."""
    mentor.program = found.program
    last = asked.get(mentor.pk)
    is_news = last is None or (
        last.state == PlaceRequest.State.ACCEPTED
        and last.answered_at is not None
        and last.answered_at < found.at
    )
    return is_news and actions.may_give_a_place(mentor)


@require_POST
def place_ask(request: Request, round_id: int, participant_id: int) -> HttpResponse:
    """Ask a mentor for one more place, by a message with a yes and a no."""
    found = round_of(request, round_id)
    mentor = get_object_or_404(
        found.program.participants.filter(role=Role.MENTOR).select_related(
            "user", "program"
        ),
        pk=participant_id,
    )
    try:
        actions.ask_for_place(mentor, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        said = _("%(name)s gets the question. You see the answer here.")
        messages.success(request, said % {"name": mentor.user.name})
    return redirect("matching:left_over_list", found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def round_publish(request: Request, round_id: int) -> HttpResponse:
    """Publish what is approved, after saying what that does."""
    found = round_of(request, round_id)
    counts = dict(found.proposals.order_by().values_list("state").annotate(Count("pk")))
    can_begin = found.proposals.to_publish().count()
    undecided = counts.get(Proposal.State.PROPOSED, 0) + counts.get(
        Proposal.State.HELD, 0
    )
    left = found.left_over.count()
    form = PublishForm(
        posted(request), program=found.program, is_left=bool(undecided or left)
    )
    if request.method == "POST" and form.is_valid():
        close = form.cleaned_data.get("joining") == PublishForm.CLOSE
        try:
            started, skipped = actions.publish_round(
                found, close_joining=close, by=request.user
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(found)
        _say_published(request, started, skipped)
        return redirect(found)
    return render_page(
        request,
        "matching/round_publish.html",
        {
            "round": found,
            "program": found.program,
            "form": form,
            "approved": can_begin,
            "stuck": counts.get(Proposal.State.APPROVED, 0) - can_begin,
            "requests": actions.requests_to_settle(found),
            "undecided": undecided,
            "waiting": 0 if can_begin else found.proposals.to_decide().count(),
            "left": left,
            "minutes": int(actions.UNDO_FOR.total_seconds() // 60),
        },
        status=422 if form.errors else 200,
    )


def _say_published(request: Request, started: int, skipped: list[str]) -> None:
    if started:
        messages.success(
            request,
            ngettext(
                "%(count)s mentorship has started. Everybody in it gets a mail in a few"
                " minutes.",
                "%(count)s mentorships have started. Everybody in them gets a mail in a"
                " few minutes.",
                started,
            )
            % {"count": started},
        )
    if skipped:
        messages.warning(
            request,
            ngettext(
                "%(count)s proposal did not start and is on hold. %(why)s",
                "%(count)s proposals did not start and are on hold. %(why)s",
                len(skipped),
            )
            % {"count": len(skipped), "why": " ".join(skipped[:MENTIONED])},
        )


@require_POST
def round_undo(request: Request, round_id: int) -> HttpResponse:
    """Take back what was published last, while no mail has gone."""
    found = round_of(request, round_id)
    try:
        number = actions.undo_publication(found, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(
            request,
            ngettext(
                "%(count)s proposal is taken back. Nobody has heard of it.",
                "%(count)s proposals are taken back. Nobody has heard of it.",
                number,
            )
            % {"count": number},
        )
    return redirect(found)


@require_POST
def round_send(request: Request, round_id: int) -> HttpResponse:
    """Do not wait any longer: the mails of what was published last go now."""
    found = round_of(request, round_id)
    number = actions.send_now(found, by=request.user)
    messages.success(
        request,
        ngettext("%(count)s mail leaves now.", "%(count)s mails leave now.", number)
        % {"count": number},
    )
    return redirect(found)


@require_POST
def round_close(request: Request, round_id: int) -> HttpResponse:
    """Nothing more comes of it; who is left over comes first next time."""
    found = round_of(request, round_id)
    if actions.close_round(found, by=request.user):
        messages.success(
            request, _("The round is closed. Who is left over comes first next time.")
        )
    return redirect(found)
