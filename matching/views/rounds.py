"""One round: how far it is, what it proposes, who is left over, publishing."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet, Subquery
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
from matching.models import LeftOver, Proposal, ProposalMember, Round
from matching.words import label_of
from mentoring.http import Request, render_page
from programs.models import Participant, Role
from programs.tabs import tabs

PAGE = 50
# Of those who could not begin so many are named.
MENTIONED = 3
MEMBERS = Prefetch(
    "members",
    ProposalMember.objects.select_related("participant__user__employment"),
)
SORTS = {
    "": gettext_lazy("best fit first"),
    "weakest": gettext_lazy("weakest fit first"),
    "mentee": gettext_lazy("by mentee"),
    "mentor": gettext_lazy("by mentor"),
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
        .values("participant__user__name")[:1]
    )


def _shown(found: Round, show: str, name: str, sort: str) -> QuerySet[Proposal]:
    """The proposals that a coordinator asks for, in the order they ask for."""
    proposals = found.proposals.defer("parts", "lines")
    if show == "by_hand":
        proposals = proposals.filter(is_by_hand=True)
    elif show in Proposal.State.values:
        proposals = proposals.filter(state=show)
    if name:
        proposals = proposals.filter(
            Exists(
                ProposalMember.objects.filter(
                    proposal=OuterRef("pk"), participant__user__name__icontains=name
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


@require_safe
def round_detail(request: Request, round_id: int) -> HttpResponse:
    """What a round proposes: found, filtered, in order, a page at a time."""
    found = round_of(request, round_id)
    context: dict[str, Any] = {
        "round": found,
        "program": found.program,
        "tabs": tabs(found.program, "matching:round_list"),
    }
    if found.is_done:
        show = request.GET.get("show", "")
        name = request.GET.get("q", "").strip()
        sort = request.GET.get("sort", "")
        proposals = _shown(found, show, name, sort)
        counts = dict(
            found.proposals.order_by().values_list("state").annotate(Count("pk"))
        )
        context |= {
            "page": Paginator(proposals.prefetch_related(MEMBERS), PAGE).get_page(
                request.GET.get("page")
            ),
            "show": show,
            "q": name,
            "sort": sort if sort in SORTS else "",
            "sorts": SORTS.items(),
            "states": [*Proposal.State.choices, ("by_hand", _("made by hand"))],
            "counts": counts,
            "pairs": sum(counts.values()),
            "to_decide": counts.get(Proposal.State.PROPOSED, 0),
            "approved": counts.get(Proposal.State.APPROVED, 0),
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
    number = actions.approve_rest(
        found, at_least=int(wanted) if wanted.isdecimal() and len(wanted) < 5 else 0
    )
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
    return render_page(
        request,
        "matching/left_over_list.html",
        {
            "round": found,
            "program": found.program,
            "page": page,
            "rows": [
                {
                    "left": each,
                    "mentor": mentors.get(each.facts.get("mentor", 0)),
                    "blocked": [
                        {"label": label_of(key), "count": count}
                        for key, count in each.facts.get("blocked", {}).items()
                    ],
                    "lift": label_of(each.facts["lift"])
                    if "lift" in each.facts
                    else "",
                }
                for each in page
            ],
            "limit": limit,
            "limits": LeftOver.Limit.choices,
            "counts": found.left_over.order_by()
            .values_list("limit")
            .annotate(Count("pk")),
            "places": _places(found),
            "tabs": tabs(found.program, "matching:round_list"),
        },
    )


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


@require_http_methods(["GET", "HEAD", "POST"])
def round_publish(request: Request, round_id: int) -> HttpResponse:
    """Publish what is approved, after saying what that does."""
    found = round_of(request, round_id)
    if request.method == "POST":
        try:
            started, skipped = actions.publish_round(found, by=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(found)
        _say_published(request, started, skipped)
        return redirect(found)
    counts = dict(found.proposals.order_by().values_list("state").annotate(Count("pk")))
    return render_page(
        request,
        "matching/round_publish.html",
        {
            "round": found,
            "program": found.program,
            "approved": counts.get(Proposal.State.APPROVED, 0),
            "undecided": counts.get(Proposal.State.PROPOSED, 0)
            + counts.get(Proposal.State.HELD, 0),
            "left": found.left_over.count(),
            "minutes": int(actions.UNDO_FOR.total_seconds() // 60),
        },
    )


def _say_published(request: Request, started: int, skipped: list[str]) -> None:
    if started:
        messages.success(
            request,
            ngettext(
                "%(count)s mentorship has started. Both sides get their mail in a few"
                " minutes.",
                "%(count)s mentorships have started. Both sides get their mail in a few"
                " minutes.",
                started,
            )
            % {"count": started},
        )
    if skipped:
        messages.warning(
            request,
            ngettext(
                "%(count)s pair did not start; the proposal is on hold. %(why)s",
                "%(count)s pairs did not start; the proposals are on hold. %(why)s",
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
                "%(count)s pair is taken back. Nobody has heard of it.",
                "%(count)s pairs are taken back. Nobody has heard of it.",
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
