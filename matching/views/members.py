"""Groups and circles: why not in that one, move, swap, fix, take out."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from matching import actions
from matching.actions.rounds import line_as_row
from matching.forms import MoveForm
from matching.models import Proposal, Round
from matching.results import Part
from matching.views.proposals import proposal_of, sums_of
from matching.views.rounds import round_of
from matching.words import Labels, Words, blocked_words
from mentoring.http import Request, posted, render_page
from programs.models import Participant
from programs.tabs import tabs


@require_http_methods(["GET", "HEAD", "POST"])
def member_move(request: Request, round_id: int) -> HttpResponse:
    """Why not in that group? And move somebody there, or swap, with the cost first."""
    found = round_of(request, round_id)
    program = found.program
    if program.model not in actions.TOGETHER:
        return redirect("matching:pair_check", found.pk)
    asked = posted(request)
    # While somebody types, the name comes alone: nothing is worked out yet.
    is_sent = request.GET.get("who") or "to" in request.GET
    if asked is None and is_sent:
        asked = request.GET
    form = MoveForm(asked, found=found, asked=request.GET, find_at=request.path)
    context: dict[str, Any] = {}
    if asked is not None and form.is_valid():
        who, to, other = (form.cleaned_data[name] for name in ("who", "to", "other"))
        if request.method == "POST" and to is not None:
            try:
                _do(request, found, who, to, other)
            except ValidationError as error:
                form.add_error(None, error.messages)
            else:
                return redirect(to)
        elif request.method == "POST":
            form.add_error("to", _("Choose a group."))
        context = _looked_at(found, who, to, other)
    return render_page(
        request,
        "matching/member_move.html",
        {
            "round": found,
            "program": program,
            "form": form,
            "may_move": found.state == Round.State.READY,
            **context,
            "tabs": tabs(program, "matching:round_list"),
        },
        status=422 if request.method == "POST" else 200,
    )


def _do(
    request: Request,
    found: Round,
    who: Participant,
    to: Proposal,
    other: Participant | None,
) -> None:
    overrule = request.POST.get("overrule") == "yes"
    if other is None:
        actions.move_member(found, who, to, overrule=overrule, by=request.user)
        said = _("%(name)s is in this group now, by your hand.")
        messages.success(request, said % {"name": who.user.name})
    else:
        actions.swap_members(found, who, other, overrule=overrule, by=request.user)
        messages.success(request, _("They are swapped."))


def _looked_at(
    found: Round,
    who: Participant,
    to: Proposal | None,
    other: Participant | None,
) -> dict[str, Any]:
    """Every group somebody could go to; or one of them with the sums and the swaps."""
    desk = actions.Desk(found, who)
    to = next((each for each in desk.groups if to and each.pk == to.pk), None)
    context: dict[str, Any] = {"who": who, "now": desk.now, "to": to}
    if to is None:
        changes = [
            (each, desk.move(each))
            for each in desk.groups
            if desk.now is None or each.pk != desk.now.pk
        ]
        labels = Labels(key for _group, change in changes for key in change.broken)
        groups = [
            {
                "group": each,
                "size": len(each.learners),
                "change": change,
                "broken": labels.blocked(change.broken),
            }
            for each, change in changes
        ]
        context["groups"] = sorted(groups, key=_best_first)
        return context
    change = desk.swap(other) if other is not None else desk.move(to)
    if desk.now is not None and other is None and desk.now.pk != to.pk:
        swaps = [
            {"person": member.participant, "change": swap}
            for member in to.learners
            for swap in [desk.swap(member.participant)]
        ]
        context["swaps"] = sorted(
            swaps,
            key=lambda each: (not each["change"].is_possible, each["change"].cost),
        )
    names = {
        member.participant_id: member.participant.user.name
        for group in desk.groups
        for member in group.members.all()
    } | {who.pk: who.user.name}
    return context | {
        "other": other,
        "change": change,
        "is_here": desk.now is not None and desk.now.pk == to.pk,
        "broken": blocked_words(change.broken),
        "sums": sums_of(
            _in_words(change.parts, names), both_ways=found.program.is_for_peers
        ),
    }


def _best_first(row: dict[str, Any]) -> tuple[bool, bool, int]:
    """What can be comes first, then what breaks no limit, then what costs least."""
    change: actions.Change = row["change"]
    return not change.is_possible, bool(change.broken), change.cost


def _in_words(parts: tuple[Part, ...], names: dict[int, str]) -> list[dict[str, Any]]:
    rows = [[line_as_row(line) for line in part.explanation.lines] for part in parts]
    words = Words(rows)
    labels = Labels(key for part in parts for key in part.explanation.blocked_by)
    return [
        {
            "one": names[part.one],
            "other": names[part.other],
            "score": part.explanation.total,
            "lines": words.lines(lines),
            "broken": labels.blocked(
                key for key in part.explanation.blocked_by if key != "capacity"
            ),
        }
        for part, lines in zip(parts, rows, strict=True)
    ]


@require_POST
def member_decide(
    request: Request, proposal_id: int, participant_id: int
) -> HttpResponse:
    """Fix somebody in a group or free them; take them out, this time or for ever."""
    group = proposal_of(request, proposal_id)
    person = get_object_or_404(
        Participant.objects.select_related("user"),
        pk=participant_id,
        proposed_in__proposal=group,
    )
    decision = request.POST.get("decision", "")
    name = {"name": person.user.name}
    try:
        if decision in {"fix", "free"}:
            actions.fix_member(group, person, fixed=decision == "fix", by=request.user)
        elif decision == "not_now":
            actions.take_out(group, person, by=request.user)
            said = _("%(name)s is taken out, and stands with those who are left over.")
            messages.success(request, said % name)
        else:
            _never(request, group, person, decision)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(group)


def _never(
    request: Request, group: Proposal, person: Participant, decision: str
) -> None:
    """Take somebody out who is never to be with one of the others: ``never-<pk>``."""
    by_pk = {
        f"never-{member.participant_id}": member.participant
        for member in group.members.all()
    }
    other = by_pk.get(decision)
    if other is None:
        raise ValidationError(_("Choose with whom never again."))
    actions.take_out(group, person, never_with=other, by=request.user)
    messages.success(
        request,
        _("%(name)s is taken out, and never matched with %(other)s.")
        % {"name": person.user.name, "other": other.user.name},
    )
