"""Matching in one programme: is it ready, what counts, who never, which rounds."""

from datetime import timedelta
from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Min, Q, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from matching import actions
from matching.forms import (
    CriterionForm,
    ExclusionForm,
    MannerForm,
    RoundForm,
    criterion_forms,
)
from matching.models import (
    Criterion,
    Exclusion,
    Manner,
    Proposal,
    Request,
    Round,
    mode_of,
    most_together,
)
from matching.pool import (
    BEGIN_WITHIN,
    away_at_the_start,
    begins_on,
    counting,
    criteria_of,
)
from matching.readiness import asked_mentors, likely_mentors, report_on
from matching.tasks import solve_round
from matching.words import Labels
from mentoring.branding import role_words
from mentoring.http import Request as Signed
from mentoring.http import posted, render_page
from programs import setup
from programs.actions import finish_step, invite
from programs.models import Program, Role
from programs.permissions import is_over
from programs.tabs import tabs

COMPARED = 200  # changed pairs that a comparison lists


def managed(request: Signed, program_slug: str) -> Program:
    """A programme that one runs."""
    return get_object_or_404(
        Program.objects.managed_by(request.user).select_related("manner"),
        slug=program_slug,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def round_list(request: Signed, program_slug: str) -> HttpResponse:
    """Who waits; run a round; look at earlier ones."""
    program = managed(request, program_slug)
    if is_over(request, program):
        return redirect("matching:round_list", program.slug)
    last = program.rounds.light().filter(state=Round.State.READY).first()
    form = RoundForm(posted(request), program=program, last=last)
    if request.method == "POST" and form.is_valid():
        wanted = {**form.cleaned_data}
        keep = last if wanted.pop("keep", False) else None
        try:
            found = actions.begin_round(
                program,
                objective=wanted.pop("objective", Round.Objective.MOST_MATCHED),
                protect_weakest=wanted.pop("protect_weakest", True),
                keep=keep,
                by=request.user,
                **wanted,
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            transaction.on_commit(partial(_start, found.pk))
            return redirect(found)
    giving = Role.PEER if program.is_for_peers else Role.MENTOR
    ready = program.participants.ready()
    counts = ready.aggregate(
        mentees=Count("pk", Q(role=program.learning_role, places_taken=0)),
        mentors=Count("pk", Q(role=giving)),
        places=Sum("capacity", filter=Q(role=giving), default=0),
        taken=Sum("places_taken", filter=Q(role=giving), default=0),
    )
    mode = mode_of(program)
    away = ready.with_room().filter(user__in=away_at_the_start(program))
    return render_page(
        request,
        "matching/round_list.html",
        {
            "program": program,
            "giving": giving,
            "form": form,
            "counts": counts,
            "away": away.count(),
            "free": (counts["places"] - counts["taken"]) * most_together(program),
            "rounds": program.rounds.light()
            .select_related("by")
            .annotate(pairs=Count("proposals"))
            .order_by("-at", "-pk")[:20],
            "criteria": _what_counts(program),
            "mode": Manner.Mode(mode),
            "requests": Request.objects.filter(mentee__program=program)
            .order_by()
            .aggregate(
                open=Count("pk", Q(state="open")),
                accepted=Count("pk", Q(state="accepted")),
                expired=Count("pk", Q(state="expired")),
            )
            if mode == Manner.Mode.CHOOSE
            else None,
            "excluded": program.exclusions.count(),
            "tabs": tabs(program, "matching:round_list"),
        },
        status=422 if form.errors else 200,
    )


def _what_counts(program: Program) -> list[Criterion]:
    """What counts in the next round, the heaviest first; its template, if unchanged."""
    return sorted(
        (each for each in counting(program) if each.weight or each.must),
        key=lambda each: (-each.weight, each.key),
    )


def _start(round_id: int) -> None:
    """Hand the round to a worker; without a broker it is solved here and now."""
    try:
        solve_round.delay(round_id)
    except Exception:  # noqa: BLE001 - whatever a broker throws, the round is solved
        solve_round(round_id)


@require_safe
def readiness(request: Signed, program_slug: str) -> HttpResponse:
    """Before a round: is there room, what is short, who risks no match, who to ask.
    Where no round can begin any more there is nothing to be ready for.
    """
    program = managed(request, program_slug)
    if program.has_done_matching:
        return redirect("matching:round_list", program.slug)
    report = report_on(program)
    return render_page(
        request,
        "matching/readiness.html",
        {
            "program": program,
            "report": report,
            "ratio": round(report.mentees / report.mentors, 1)
            if report.mentors
            else "–",
            "silent": list(map(Labels(report.silent).of, report.silent)),
            "away_from": begins_on(program),
            "away_to": begins_on(program) + BEGIN_WITHIN - timedelta(days=1),
            "likely": likely_mentors(program, report),
            "asked": asked_mentors(program),
            "tabs": tabs(program, "matching:round_list"),
        },
    )


@require_POST
def mentors_ask(request: Signed, program_slug: str) -> HttpResponse:
    """Ask the likely mentors who are ticked, in one go."""
    program = managed(request, program_slug)
    if is_over(request, program):
        return redirect("matching:readiness", program.slug)
    to_report = redirect("matching:readiness", program.slug)
    likely = {
        str(each.user.pk): each.user.email
        for each in likely_mentors(program, report_on(program))
    }
    emails = [likely[pk] for pk in request.POST.getlist("user") if pk in likely]
    if not emails:
        messages.error(request, _("Tick the people whom you want to ask."))
        return to_report
    try:
        asked = len(invite(program, emails, Role.MENTOR, by=request.user).asked)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return to_report
    messages.success(
        request,
        ngettext(
            "%(count)s person gets a mail that asks them to take part as"
            " %(mentor_word)s.",
            "%(count)s people get a mail that asks them to take part as"
            " %(mentor_word)s.",
            asked,
        )
        % {"count": asked, **role_words()},
    )
    return to_report


def _problems(forms: list[CriterionForm]) -> list[dict[str, str]]:
    """What is wrong in any of them, with the field where it is put right."""
    return [
        {
            "field": form[name if name in form.fields else "weight"].auto_id,
            "what": f"{capfirst(str(form.instance.label))}: {error}",
        }
        for form in forms
        for name, errors in form.errors.items()
        for error in errors
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def criteria_edit(request: Signed, program_slug: str) -> HttpResponse:
    """What counts, how much and how exactly."""
    program = managed(request, program_slug)
    if is_over(request, program):
        return redirect("matching:criteria_edit", program.slug)
    criteria = (criteria_of if request.method == "POST" else counting)(program)
    forms = criterion_forms(posted(request), criteria)
    bad = request.method == "POST"
    # Every form is read, so that each can say what is wrong.
    valid = [form.is_valid() for form in forms] if bad else []
    problems = _problems(forms) if bad else []
    if bad and all(valid) and not any(form.cleaned_data["weight"] for form in forms):
        problems = [
            {
                "field": forms[0]["weight"].auto_id,
                "what": _(
                    "Give at least one criterion a weight: with all at 0 every pair"
                    " fits the same."
                ),
            }
        ]
    if bad and not problems:
        with transaction.atomic():
            for form in forms:
                form.save()
        return _saved(
            request,
            program,
            "matching",
            _("The criteria are saved. They count from the next round."),
        )
    return render_page(
        request,
        "matching/criteria_edit.html",
        {
            "program": program,
            "forms": forms,
            "problems": problems,
            "tabs": tabs(program, "matching:round_list"),
        },
        status=422 if bad else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def manner_edit(request: Signed, program_slug: str) -> HttpResponse:
    """Who does the choosing."""
    program = managed(request, program_slug)
    if is_over(request, program):
        return redirect("matching:manner_edit", program.slug)
    form = MannerForm(posted(request), program=program)
    if request.method == "POST" and form.is_valid():
        form.save()
        said = _("Saved. What people have asked or wished stays as it is.")
        return _saved(request, program, "choosing", said)
    return render_page(
        request,
        "matching/manner_edit.html",
        {
            "program": program,
            "form": form,
            "tabs": tabs(program, "matching:round_list"),
        },
        status=422 if form.errors else 200,
    )


def _saved(request: Signed, program: Program, step: str, said: str) -> HttpResponse:
    """On to the next step while the programme is set up, else back to matching."""
    if program.is_draft:
        finish_step(program, step)
        return redirect(setup.following(program, step).url)
    messages.success(request, said)
    return redirect("matching:round_list", program.slug)


@require_http_methods(["GET", "HEAD", "POST"])
def exclusion_list(request: Signed, program_slug: str) -> HttpResponse:
    """Who is never matched with whom; add two."""
    program = managed(request, program_slug)
    if is_over(request, program):
        return redirect("matching:exclusion_list", program.slug)
    form = ExclusionForm(
        posted(request), program=program, asked=request.GET, find_at=request.path
    )
    if request.method == "POST" and form.is_valid():
        actions.exclude(
            program,
            form.cleaned_data["one"].user,
            form.cleaned_data["other"].user,
            by=request.user,
        )
        messages.success(request, _("They are never matched in this programme."))
        return redirect("matching:exclusion_list", program.slug)
    return render_page(
        request,
        "matching/exclusion_list.html",
        {
            "program": program,
            "form": form,
            "exclusions": program.exclusions.select_related("a", "b", "by").order_by(
                "a__name", "b__name"
            ),
            "tabs": tabs(program, "matching:round_list"),
        },
        status=422 if form.errors else 200,
    )


@require_POST
def exclusion_remove(
    request: Signed, program_slug: str, exclusion_id: int
) -> HttpResponse:
    """They may be matched again."""
    program = managed(request, program_slug)
    if is_over(request, program):
        return redirect("matching:exclusion_list", program.slug)
    get_object_or_404(Exclusion, pk=exclusion_id, program=program).delete()
    messages.success(request, _("They may be matched again."))
    return redirect("matching:exclusion_list", program.slug)


@require_safe
def round_compare(request: Signed, program_slug: str) -> HttpResponse:
    """Two rounds side by side: the figures, and who would have somebody else."""
    program = managed(request, program_slug)
    rounds = list(
        program.rounds.light().filter(
            state__in=[Round.State.READY, Round.State.PUBLISHED]
        )[:20]
    )
    by_pk = {str(each.pk): each for each in rounds}
    one = by_pk.get(request.GET.get("one", ""), rounds[0] if rounds else None)
    other = by_pk.get(
        request.GET.get("other", ""), rounds[1] if len(rounds) > 1 else None
    )
    context = {
        "program": program,
        "rounds": rounds,
        "one": one,
        "other": other,
        "tabs": tabs(program, "matching:round_list"),
    }
    if one is not None and other is not None:
        changes, same = _differences(one, other)
        context |= {
            "same": same,
            "changes": changes[:COMPARED],
            "changed": len(changes),
            "weakest": [_weakest(one), _weakest(other)],
        }
    return render_page(request, "matching/round_compare.html", context)


def _weakest(found: Round) -> int | None:
    answer = found.proposals.exclude(state=Proposal.State.REJECTED).aggregate(
        least=Min("score")
    )
    least: int | None = answer["least"]
    return least


def _with_whom(found: Round) -> dict[int, tuple[str, str, int]]:
    """For each learner: their name, with whom they are, and the score."""
    people: dict[int, list[tuple[int, str, str]]] = {}
    scores: dict[int, int] = {}
    for proposal, score, participant, role, name in (
        found.proposals.exclude(state=Proposal.State.REJECTED)
        .order_by("pk", "members__pk")
        .values_list(
            "pk",
            "score",
            "members__participant",
            "members__role",
            "members__participant__user__name",
        )
    ):
        people.setdefault(proposal, []).append((participant, role, name))
        scores[proposal] = score
    result = {}
    for proposal, members in people.items():
        for participant, role, name in members:
            if role != Role.MENTOR:
                others = ", ".join(n for p, _r, n in members if p != participant)
                result[participant] = (name, others, scores[proposal])
    return result


def _differences(one: Round, other: Round) -> tuple[list[dict[str, object]], int]:
    first, second = _with_whom(one), _with_whom(other)
    changes: list[dict[str, object]] = []
    same = 0
    for participant in first.keys() | second.keys():
        mine, theirs = first.get(participant), second.get(participant)
        if mine and theirs and mine[1] == theirs[1]:
            same += 1
            continue
        name = (mine or theirs or ("", "", 0))[0]
        changes.append({"name": name, "one": mine, "other": theirs})
    return sorted(changes, key=lambda each: str(each["name"])), same
