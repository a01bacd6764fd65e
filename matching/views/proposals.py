"""One proposal side by side, and any two people of a round."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet
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
from matching.actions.rounds import line_as_row
from matching.forms import PairForm
from matching.models import Proposal, ProposalMember, Round
from matching.scoring import Explanation
from matching.together import mean_of
from matching.views.rounds import MEMBERS, round_of
from matching.words import Words, blocked_words
from mentoring.http import Request, posted, render_page
from mentoring.words import folded
from people.models import Profile
from programs.models import Role
from programs.tabs import tabs

COSTED = 100  # proposals for which a swap is priced before one is chosen
SWAPS = 20

CHANGED_MEANWHILE = gettext_lazy(
    "Somebody else published this in the meantime. This is how it is now."
)


def proposal_of(request: Request, proposal_id: int) -> Proposal:
    """A proposal of a programme that one runs."""
    return get_object_or_404(
        Proposal.objects.filter(round__in=Round.objects.visible_to(request.user))
        .select_related("round__program")
        .defer("round__prices")
        .prefetch_related(MEMBERS),
        pk=proposal_id,
    )


@require_safe
def proposal_detail(request: Request, proposal_id: int) -> HttpResponse:
    """The people side by side, and the sum that can be redone on paper."""
    proposal = proposal_of(request, proposal_id)
    # Who leads stands first, but for a pair, where the mentee does.
    is_pair = proposal.round.program.model not in actions.TOGETHER
    members = sorted(
        proposal.members.all(),
        key=lambda each: (each.role == Role.MENTOR) == is_pair,
    )
    profiles = {
        each.user_id: each
        for each in Profile.objects.filter(
            user__in=[member.participant.user_id for member in members]
        )
    }
    words = Words([proposal.lines, *(part["lines"] for part in proposal.parts)])
    names = {member.participant_id: member.participant.user for member in members}
    walk = _neighbours(proposal)
    return render_page(
        request,
        "matching/proposal_detail.html",
        {
            "proposal": proposal,
            "round": proposal.round,
            "program": proposal.round.program,
            "people": [
                {
                    "member": each,
                    "profile": profiles.get(each.participant.user_id),
                    "fit": _fit_of(proposal, each.participant_id),
                }
                for each in members
            ],
            "names": _named(proposal),
            "leader": proposal.mentor,
            "lines": words.lines(proposal.lines),
            "sums": sums_of(
                [
                    {
                        "one": names[part["one"]].name,
                        "other": names[part["other"]].name,
                        "score": part["score"],
                        "lines": words.lines(part["lines"]),
                    }
                    for part in proposal.parts
                    if part["one"] in names and part["other"] in names
                ],
                both_ways=proposal.mentor is None,
            ),
            "overruled": blocked_words(proposal.overruled),
            "is_pair": is_pair,
            "may_change": proposal.round.state == Round.State.READY
            and proposal.state in Proposal.OPEN,
            **walk,
            "tabs": tabs(proposal.round.program, "matching:round_list"),
        },
    )


def _named(proposal: Proposal) -> str:
    """Who it is about: of a group whoever leads and how many more, else the names."""
    first, *others = [
        each.participant.user.name for each in [proposal.first, *proposal.others]
    ]
    if len(others) == 1:
        return _("%(one)s and %(other)s") % {"one": first, "other": others[0]}
    led_by = proposal.mentor.participant.user.name if proposal.mentor else first
    return ngettext(
        "%(name)s and %(count)s other",
        "%(name)s and %(count)s others",
        len(others),
    ) % {"name": led_by, "count": len(others)}


def sums_of(parts: list[dict[str, Any]], *, both_ways: bool) -> list[dict[str, Any]]:
    """What every two in a group have; of two peers the mean of the sums both ways."""
    step = 2 if both_ways else 1
    return [
        {
            **parts[n],
            "parts": (two := parts[n : n + step]),
            "score": mean_of([part["score"] for part in two]),
        }
        for n in range(0, len(parts), step)
    ]


def _fit_of(proposal: Proposal, participant: int) -> int | None:
    """How well somebody fits the others of a group: the mean of their own sums."""
    points = [part["score"] for part in proposal.parts if part["one"] == participant]
    return mean_of(points) if points else None


def _neighbours(proposal: Proposal) -> dict[str, Any]:
    """The next one to decide, so that one can walk through them."""
    waiting = (
        proposal.round.proposals.filter(state=Proposal.State.PROPOSED)
        .exclude(pk=proposal.pk)
        .order_by("-score", "pk")
        .only("pk", "score")
    )
    following = waiting.filter(score__lte=proposal.score).exclude(
        score=proposal.score, pk__lt=proposal.pk
    )
    return {"next_one": following.first() or waiting.first()}


@require_POST
def proposal_decide(request: Request, proposal_id: int) -> HttpResponse:
    """Approve, hold, reject, never, or take that back."""
    proposal = proposal_of(request, proposal_id)
    decision = request.POST.get("decision", "")
    known = decision == "never" or decision in Proposal.DECISIONS
    try:
        if not known or not actions.decide(proposal, decision, by=request.user):
            messages.error(request, CHANGED_MEANWHILE)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    back = request.POST.get("then", "")
    if back == "next":
        following = _neighbours(proposal)["next_one"]
        return redirect(following or proposal.round)
    if back == "stay":
        return redirect(proposal)
    return redirect(f"{proposal.round.get_absolute_url()}#proposal-{proposal.pk}")


@require_POST
def proposal_publish(request: Request, proposal_id: int) -> HttpResponse:
    """Publish this one only; the rest stays as it is."""
    proposal = proposal_of(request, proposal_id)
    try:
        if not actions.decide(proposal, Proposal.State.APPROVED, by=request.user):
            messages.error(request, CHANGED_MEANWHILE)
            return redirect(proposal)
        _started, skipped = actions.publish_round(
            proposal.round, only=[proposal.pk], by=request.user
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(proposal)
    for sentence in skipped:
        messages.warning(request, sentence)
    if not skipped:
        messages.success(request, _("This one is published; the mails leave soon."))
    return redirect(proposal)


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_swap(request: Request, proposal_id: int) -> HttpResponse:
    """Let two mentees exchange mentors: what it costs is shown before it is done."""
    one = proposal_of(request, proposal_id)
    source = request.POST if request.method == "POST" else request.GET
    wanted = source.get("other", "")
    candidates = (
        one.round.proposals.exclude(pk=one.pk)
        .exclude(state__in=[Proposal.State.PUBLISHED, Proposal.State.REJECTED])
        .order_by("-score", "pk")
    )
    other = None
    if _is_number(wanted):
        mates = candidates.defer("parts", "lines").prefetch_related(MEMBERS)
        other = mates.filter(pk=int(wanted)).first()
    planned, problem = None, ""
    if other is not None:
        other.round = one.round
        try:
            if request.method == "POST":
                actions.swap(
                    one,
                    other,
                    overrule=source.get("overrule") == "yes",
                    by=request.user,
                )
                messages.success(request, _("They are swapped."))
                return redirect(one.round)
            planned = actions.plan_swap(one, other)
        except ValidationError as error:
            problem = " ".join(error.messages)
    elif request.method == "POST":
        problem = _("Choose with whom to swap.")
    name = request.GET.get("q", "").strip()
    if name:
        candidates = candidates.filter(
            Exists(
                ProposalMember.objects.filter(
                    proposal=OuterRef("pk"),
                    participant__user__name_folded__contains=folded(name),
                )
            )
        )
    return render_page(
        request,
        "matching/proposal_swap.html",
        {
            "proposal": one,
            "other": other,
            "planned": planned,
            "broken": blocked_words(planned.broken) if planned else [],
            "problem": problem,
            "candidates": [] if other is not None else _cheapest(one, candidates),
            "costed": COSTED,
            "is_more": candidates.count() > COSTED,
            "q": name,
            "round": one.round,
            "program": one.round.program,
            "tabs": tabs(one.round.program, "matching:round_list"),
        },
        status=422 if problem and request.method == "POST" else 200,
    )


def _cheapest(one: Proposal, candidates: QuerySet[Proposal]) -> list[actions.Swappable]:
    """With whom a swap costs least, among the best that were asked for."""
    if one.mentor is None or one.round.program.model in actions.TOGETHER:
        return []
    priced = actions.swap_costs(one, candidates[:COSTED])
    dearest = 1 + max(
        (each.cost for each in priced if each.cost is not None), default=0
    )
    return sorted(
        priced,
        key=lambda each: (dearest if each.cost is None else each.cost, each.proposal),
    )[:SWAPS]


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) < 16


def _rows(explanation: Explanation | None) -> list[dict[str, Any]]:
    return [line_as_row(line) for line in explanation.lines] if explanation else []


@require_http_methods(["GET", "HEAD", "POST"])
def pair_check(request: Request, round_id: int) -> HttpResponse:
    """Why not these two? Their sum, what blocks them, the cost; and do it by hand."""
    found = round_of(request, round_id)
    program = found.program
    roles = (
        (Role.PEER, Role.PEER) if program.is_for_peers else (Role.MENTEE, Role.MENTOR)
    )
    asked = posted(request)
    both = all(
        request.GET.get(name) or request.GET.get(f"{name}_name")
        for name in ("mentee", "mentor")
    )
    if asked is None and both:
        asked = request.GET
    form = PairForm(
        asked, program=program, roles=roles, asked=request.GET, find_at=request.path
    )
    context: dict[str, Any] = {}
    status = 200
    if asked is not None and form.is_valid():
        mentee, mentor = form.cleaned_data["mentee"], form.cleaned_data["mentor"]
        if request.method == "POST":
            try:
                proposal = actions.fix_pair(
                    found,
                    mentee,
                    mentor,
                    overrule=request.POST.get("overrule") == "yes",
                    by=request.user,
                )
            except ValidationError as error:
                form.add_error(None, error.messages)
            else:
                messages.success(request, _("They are together, by your hand."))
                return redirect(proposal)
        check = actions.check_pair(found, mentee, mentor)
        words = Words([_rows(check.explanation), _rows(check.back)])
        context = {
            "check": check,
            "lines": words.lines(_rows(check.explanation)),
            "back": words.lines(_rows(check.back)),
            "blocked": blocked_words(check.blocked),
            "may_fix": found.state == Round.State.READY
            and not check.hard
            and not check.full
            and not check.has_match
            and not check.is_together
            and mentor.role == Role.MENTOR
            and program.model != program.Model.GROUP,
        }
    if request.method == "POST" and form.errors:
        status = 422
    return render_page(
        request,
        "matching/pair_check.html",
        {
            "round": found,
            "program": program,
            "form": form,
            **context,
            "tabs": tabs(program, "matching:round_list"),
        },
        status=status,
    )
