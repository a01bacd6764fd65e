"""Who takes part, and who is asked to."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from mentoring.http import Request, posted, render_page
from mentoring.words import folded
from outbox.models import Bounce, Message
from programs import actions
from programs.forms import (
    InviteForm,
)
from programs.models import STAGES, Invite, Participant, Program, Role, hashed
from programs.permissions import managed
from programs.tabs import tabs

PAGE = 25
SHOWN_INVITES = 25
NAMED = 10
INVITED = "invited"
STATES = {
    **STAGES,
    "ready": gettext_lazy("ready, with or without a match"),
    "room": gettext_lazy("has a free place"),
}
# What nobody is once no more matches are made, and until then.
WHILE_MATCHING = {"free", "waiting", "joining", "ready", "room"}
AFTERWARDS = {"finished", "unmatched"}


@require_safe
def participant_list(request: Request, program_slug: str) -> HttpResponse:
    """Who takes part, as what, and how far they are."""
    program = managed(request, program_slug)
    found = (
        program.participants.active()
        .with_stage()
        .select_related("user__employment")
        .prefetch_related("user__absences")
    )
    role, state = request.GET.get("role", ""), request.GET.get("state", "")
    words = request.GET.get("q", "").strip()[:80]
    invites = program.invites.unanswered()
    if role in Role.values:
        found = found.filter(role=role)
        invites = invites.filter(role=role)
    if state in STATES:
        found = found.in_stage(state)
    for word in words.split():
        found = found.filter(
            Q(user__name_folded__contains=folded(word)) | Q(user__email__icontains=word)
        )
        invites = invites.filter(email__icontains=word)
    never = WHILE_MATCHING if program.has_done_matching else AFTERWARDS
    shows_people, shows_invites = state != INVITED, state in {"", INVITED}
    # Below the people stand the newest; by themselves all of them, page by page.
    asked = Paginator(invites, SHOWN_INVITES).get_page(
        1 if shows_people else request.GET.get("page")
    )
    return render_page(
        request,
        "programs/participant_list.html",
        {
            "program": program,
            "page": Paginator(found if shows_people else found.none(), PAGE).get_page(
                request.GET.get("page")
            ),
            "shows_people": shows_people,
            "role": role,
            "state": state,
            "q": words,
            "is_filtered": bool(role or state or words),
            "roles": [*program.joining_roles, Role.COORDINATOR],
            "counts": _counts(program),
            "states": [
                *((key, label) for key, label in STATES.items() if key not in never),
                (INVITED, _("asked, no answer yet")),
            ],
            "invites": _with_delivery(list(asked)) if shows_invites else [],
            "invite_page": asked,
            "invite_count": asked.paginator.count,
            "tabs": tabs(program, "programs:participant_list"),
        },
    )


def _counts(program: Program) -> list[dict[str, Any]]:
    """For each role how many there are, and how far they are: each is in one stage."""
    stages = dict.fromkeys(STAGES, 0)
    counts = {each.value: stages.copy() for each in program.joining_roles}
    rows = (
        program.participants.active()
        .exclude(role=Role.COORDINATOR)
        .with_stage()
        .order_by()
        .values_list("role", "stage")
        .annotate(number=Count("pk"))
    )
    for role, stage, number in rows:
        counts.setdefault(role, stages.copy())[stage] = number
    return [
        {
            "role": Role(role),
            "all": sum(found.values()),
            "stages": [
                {"label": STAGES[stage], "number": number}
                for stage, number in found.items()
                if number
            ],
        }
        for role, found in counts.items()
    ]


def _with_delivery(invites: list[Invite]) -> list[dict[str, Any]]:
    """Each invitation with what became of its mails: the last of them; and whether the
    address exists.
    """
    mails: dict[int, Message] = {}
    for mail in Message.objects.filter(
        about_type=Invite._meta.label_lower, about_id__in=[each.pk for each in invites]
    ).exclude(state__in=[Message.State.PLANNED, Message.State.DROPPED]):
        last = mails.get(mail.about_id)
        if last is None or mail.pk > last.pk:
            mails[mail.about_id] = mail
    bounced = set(
        Bounce.objects.filter(email__in=[each.email for each in invites]).values_list(
            "email", flat=True
        )
    )
    return [
        {"invite": each, "mail": mails.get(each.pk), "bounced": each.email in bounced}
        for each in invites
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def invite_create(request: Request, program_slug: str) -> HttpResponse:
    """Ask people by e-mail."""
    program = managed(request, program_slug)
    form = InviteForm(posted(request), request.FILES or None, program=program)
    if request.method == "POST" and form.is_valid():
        if form.is_by_group and program.takes_joiners:
            return _invite_check(request, program, form)
        try:
            outcome = actions.invite(
                program,
                form.cleaned_data["emails"],
                form.cleaned_data["role"],
                by=request.user,
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            _say_outcome(request, outcome)
            return redirect("programs:participant_list", program.slug)
    return render_page(
        request,
        "programs/invite_create.html",
        {
            "program": program,
            "form": form,
            "link": settings.SITE_URL + program.get_absolute_url(),
            "days": actions.INVITE_FOR.days,
            "tabs": tabs(program, "programs:participant_list"),
        },
        status=422 if form.errors else 200,
    )


def _invite_check(request: Request, program: Program, form: InviteForm) -> HttpResponse:
    """Of a whole department one reads first who gets it, and who does not."""
    found = actions.sort_out(program, form.cleaned_data["emails"])
    left_out = [
        (found.known[email].name if email in found.known else email, why)
        for email, why in found.left_out.items()
    ]
    left_out += [(user.name, why) for user, why in form.not_asked()]
    return render_page(
        request,
        "programs/invite_check.html",
        {
            "program": program,
            "role": Role(form.cleaned_data["role"]),
            "emails": "\n".join(found.asked),
            "asked": sorted(
                (
                    (found.known[email].name if email in found.known else "", email)
                    for email in found.asked
                ),
                key=lambda each: (folded(each[0]), each[1]),
            ),
            "left_out": sorted(left_out, key=lambda each: folded(each[0])),
            "tabs": tabs(program, "programs:participant_list"),
        },
    )


def _say_outcome(request: Request, outcome: actions.Asked) -> None:
    if outcome.asked:
        messages.success(
            request,
            ngettext(
                "%(number)s person gets an invitation by mail.",
                "%(number)s people get an invitation by mail.",
                len(outcome.asked),
            )
            % {"number": len(outcome.asked)},
        )
    if outcome.new:
        messages.info(
            request,
            ngettext(
                "Not known here before, so an account was made: %(emails)s.",
                "Not known here before, so accounts were made: %(emails)s.",
                len(outcome.new),
            )
            % {"emails": _some(outcome.new)},
        )
    if outcome.left_out:
        messages.warning(
            request,
            _(
                "Left in peace, because they take part, were asked already or no longer"
                " work here: %(emails)s."
            )
            % {"emails": _some(outcome.left_out)},
        )


def _some(emails: tuple[str, ...]) -> str:
    """The first of them, and how many there are more."""
    shown = ", ".join(emails[:NAMED])
    if len(emails) <= NAMED:
        return shown
    more = len(emails) - NAMED
    return _("%(emails)s and %(more)s more") % {"emails": shown, "more": more}


@require_POST
def invite_withdraw(
    request: Request, program_slug: str, invite_id: int
) -> HttpResponse:
    """Take an invitation back: its link stops working."""
    program = managed(request, program_slug)
    invitation = get_object_or_404(program.invites.unanswered(), pk=invite_id)
    actions.withdraw_invite(invitation, by=request.user)
    messages.success(
        request,
        _("The invitation of %(email)s is withdrawn.") % {"email": invitation.email},
    )
    return redirect("programs:participant_list", program.slug)


@require_http_methods(["GET", "HEAD", "POST"])
def participant_return(
    request: Request, program_slug: str, participant_id: int
) -> HttpResponse:
    """Take up again what ended because somebody was taken for a leaver."""
    program = managed(request, program_slug)
    participant = get_object_or_404(
        actions.taken_for_leavers().filter(program=program), pk=participant_id
    )
    if request.method == "POST":
        try:
            problems = actions.take_back(participant, by=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            name = participant.user.name
            messages.success(request, _("%(name)s takes part again.") % {"name": name})
            for problem in problems:
                text = _("A mentorship could not be taken up again: %(why)s")
                messages.warning(request, text % {"why": problem})
        return redirect("programs:participant_list", program.slug)
    return render_page(
        request,
        "programs/participant_return.html",
        {"program": program, "participant": participant},
    )


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def invite_accept(request: HttpRequest, token: str) -> HttpResponse:
    """The link in an invitation: opening it shows a button, pressing it signs in who is
    new here; whoever was here before signs in as always, and comes back.
    """
    invitation = actions.find_invite(token)
    if invitation is None:
        used = Invite.objects.working().filter(token_hash=hashed(token)).first()
        if used and _is_for(request, used):
            # Back at one's own link, to read on.
            return redirect("programs:program_join", used.program.slug, used.role)
        return render_page(
            request, "programs/invite_gone.html", {"used": used}, status=410
        )
    if request.method == "POST":
        is_in = _is_for(request, invitation)
        if not is_in and actions.has_to_sign_in(invitation):
            logout(request)
            return redirect_to_login(request.path)
        try:
            user = actions.use_invite(invitation)
        except ValidationError:
            return render_page(request, "programs/invite_gone.html", status=410)
        if not is_in:
            login(request, user)
        return redirect(
            "programs:program_join", invitation.program.slug, invitation.role
        )
    return render_page(
        request,
        "programs/invite_accept.html",
        {
            "invite": invitation,
            "program": invitation.program,
            "somebody_else": request.user.is_authenticated
            and not _is_for(request, invitation),
        },
    )


def _is_for(request: HttpRequest, invitation: Invite) -> bool:
    return (
        request.user.is_authenticated and request.user.email.lower() == invitation.email
    )


@require_safe
def manager_guide(request: Request) -> HttpResponse:
    """What a line manager may expect; and who of their people let them know."""
    return render_page(
        request,
        "programs/manager_guide.html",
        {
            "reports": Participant.objects.shown_to_manager(request.user)
            .select_related("user", "program")
            .order_by("user__name_folded", "program"),
            "manages": request.user.manages,
        },
    )
