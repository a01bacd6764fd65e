"""The workbench of matching: criteria, rounds, proposals with their sum."""

from functools import partial

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Prefetch, Q, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from matching import actions
from matching.forms import RoundForm, criterion_forms
from matching.models import Criterion, LeftOver, Proposal, ProposalMember, Round
from matching.pool import criteria_of, criteria_to_come
from matching.tasks import solve_round
from mentoring.http import Request, posted, render_page
from programs.models import Participant, Program, Role
from programs.tabs import tabs

PAGE = 50
# Of those who could not begin so many are named.
MENTIONED = 3
MEMBERS = Prefetch(
    "members",
    ProposalMember.objects.select_related("participant__user__employment"),
)


def managed(request: Request, program_slug: str) -> Program:
    """A programme that one runs."""
    return get_object_or_404(
        Program.objects.managed_by(request.user), slug=program_slug
    )


@require_http_methods(["GET", "HEAD", "POST"])
def round_list(request: Request, program_slug: str) -> HttpResponse:
    """Is the pool ready? Run a round; look at earlier ones."""
    program = managed(request, program_slug)
    form = RoundForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            found = actions.begin_round(
                program,
                objective=form.cleaned_data["objective"],
                protect_weakest=form.cleaned_data["protect_weakest"],
                by=request.user,
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            transaction.on_commit(partial(_start, found.pk))
            return redirect(found)
    ready = program.participants.ready().filter(user__is_active=True)
    counts = ready.aggregate(
        mentees=Count("pk", Q(role=Role.MENTEE, places_taken=0)),
        mentors=Count("pk", Q(role=Role.MENTOR)),
        places=Sum("capacity", filter=Q(role=Role.MENTOR), default=0),
        taken=Sum("places_taken", filter=Q(role=Role.MENTOR), default=0),
    )
    return render_page(
        request,
        "matching/round_list.html",
        {
            "program": program,
            "form": form,
            "counts": counts,
            "free": counts["places"] - counts["taken"],
            "rounds": program.rounds.select_related("by").annotate(
                pairs=Count("proposals")
            )[:20],
            "criteria": program.criteria.filter(Q(weight__gt=0) | Q(must=True)),
            "tabs": tabs(program, "matching:round_list"),
        },
        status=422 if form.errors else 200,
    )


def _start(round_id: int) -> None:
    """Hand the round to a worker; without a broker it is solved here and now."""
    try:
        solve_round.delay(round_id)
    except Exception:  # noqa: BLE001 - whatever a broker throws, the round is solved
        solve_round(round_id)


@require_http_methods(["GET", "HEAD", "POST"])
def criteria_edit(request: Request, program_slug: str) -> HttpResponse:
    """What counts, and how much."""
    program = managed(request, program_slug)
    criteria = (
        criteria_of(program)
        if request.method == "POST"
        else [*program.criteria.all(), *criteria_to_come(program)]
    )
    forms = criterion_forms(posted(request), criteria)
    if request.method == "POST" and all(form.is_valid() for form in forms):
        with transaction.atomic():
            for form in forms:
                form.save()
        messages.success(
            request, _("The criteria are saved. They count from the next round.")
        )
        return redirect("matching:round_list", program.slug)
    bad = request.method == "POST"
    return render_page(
        request,
        "matching/criteria_edit.html",
        {
            "program": program,
            "forms": forms,
            "tabs": tabs(program, "matching:round_list"),
        },
        status=422 if bad else 200,
    )


@require_safe
def round_detail(request: Request, round_id: int) -> HttpResponse:
    """What a round proposes, each with the sum that says why."""
    found = get_object_or_404(
        Round.objects.visible_to(request.user).select_related("program", "by"),
        pk=round_id,
    )
    proposals = found.proposals.prefetch_related(MEMBERS)
    show = request.GET.get("show", "")
    if show in Proposal.State.values:
        proposals = proposals.filter(state=show)
    left = found.left_over.select_related("participant__user")
    mentors = Participant.objects.select_related("user").in_bulk(
        [each.facts["mentor"] for each in left if "mentor" in each.facts]
    )
    return render_page(
        request,
        "matching/round_detail.html",
        {
            "round": found,
            "program": found.program,
            "page": Paginator(proposals, PAGE).get_page(request.GET.get("page")),
            "show": show,
            "states": Proposal.State.choices,
            "counts": dict(
                found.proposals.order_by().values_list("state").annotate(Count("pk"))
            ),
            "left_over": [
                {
                    "participant": each.participant,
                    "limit": each.get_limit_display(),
                    "mentor": mentors.get(each.facts.get("mentor", 0)),
                }
                for each in left
            ],
            "labels": dict(Criterion.Key.choices),
            "tabs": tabs(found.program, "matching:round_list"),
        },
        parts={"progress"},
    )


def _ready_round(request: Request, round_id: int) -> Round:
    return get_object_or_404(
        Round.objects.visible_to(request.user).select_related("program"), pk=round_id
    )


@require_POST
def proposal_decide(request: Request, proposal_id: int) -> HttpResponse:
    """Approve, reject, never, or take that back."""
    proposal = get_object_or_404(
        Proposal.objects.filter(round__in=Round.objects.visible_to(request.user))
        .select_related("round__program")
        .prefetch_related(MEMBERS),
        pk=proposal_id,
    )
    decision = request.POST.get("decision", "")
    state = {"never": "rejected"}.get(decision, decision)
    if state not in {"approved", "rejected", "proposed"} or not proposal.decide(state):
        messages.error(
            request,
            _(
                "Somebody else published this round in the meantime."
                " This is how it is now."
            ),
        )
    elif decision == "never":
        one, other = (member.participant.user for member in proposal.members.all())
        actions.exclude(proposal.round.program, one, other, by=request.user)
    return redirect(f"{proposal.round.get_absolute_url()}#proposal-{proposal.pk}")


@require_POST
def approve_all(request: Request, round_id: int) -> HttpResponse:
    """Approve everything that is still to decide."""
    found = _ready_round(request, round_id)
    if found.state == Round.State.READY:
        found.proposals.filter(state=Proposal.State.PROPOSED).update(
            state=Proposal.State.APPROVED
        )
    return redirect(found)


def _say_published(request: Request, started: int, skipped: list[str]) -> None:
    """How many began; and, when others were first, what became of the rest."""
    if started:
        messages.success(
            request,
            ngettext(
                "%(count)s mentorship has started. Both sides get their mail.",
                "%(count)s mentorships have started. Both sides get their mail.",
                started,
            )
            % {"count": started},
        )
    if skipped:
        sentences = " ".join(skipped[:MENTIONED])
        messages.warning(
            request,
            ngettext(
                "%(count)s pair did not start; somebody was matched elsewhere in the"
                " meantime. %(why)s",
                "%(count)s pairs did not start; people were matched elsewhere in the"
                " meantime. %(why)s",
                len(skipped),
            )
            % {"count": len(skipped), "why": sentences},
        )


@require_http_methods(["GET", "HEAD", "POST"])
def round_publish(request: Request, round_id: int) -> HttpResponse:
    """Publish in one go, after saying what that does."""
    found = _ready_round(request, round_id)
    if request.method == "POST":
        try:
            started, skipped = actions.publish_round(found, by=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(found)
        _say_published(request, started, skipped)
        return redirect("mentorships:program_mentorships", found.program.slug)
    approved = found.proposals.filter(state=Proposal.State.APPROVED).count()
    return render_page(
        request,
        "matching/round_publish.html",
        {
            "round": found,
            "program": found.program,
            "approved": approved,
            "left": LeftOver.objects.filter(round=found).count(),
            "sender": settings.DEFAULT_FROM_EMAIL,
        },
    )
