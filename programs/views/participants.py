"""Who takes part, and who is asked to."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from mentoring.http import Request, posted, render_page
from outbox.models import Message
from programs import actions
from programs.forms import (
    InviteForm,
)
from programs.models import Invite, Participant, Program, Role, hashed
from programs.permissions import managed
from programs.tabs import tabs

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PAGE = 50
SHOWN_INVITES = 50


@require_safe
def participant_list(request: Request, program_slug: str) -> HttpResponse:
    """Who takes part, as what, and how far they are."""
    program = managed(request, program_slug)
    found = program.participants.active().select_related("user__employment")
    role, state = request.GET.get("role", ""), request.GET.get("state", "")
    words = request.GET.get("q", "").strip()
    if role in Role.values:
        found = found.filter(role=role)
    if state in Participant.State.values:
        found = found.filter(state=state)
    for word in words.split():
        found = found.filter(
            Q(user__name__icontains=word) | Q(user__email__icontains=word)
        )
    invites = program.invites.unanswered()
    by_role = (
        program.participants.active()
        .order_by("role")
        .values("role")
        .annotate(all=Count("pk"), ready=Count("pk", Q(state="ready")))
    )
    counts = {row["role"]: row for row in by_role}
    return render_page(
        request,
        "programs/participant_list.html",
        {
            "program": program,
            "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
            "role": role,
            "state": state,
            "q": words,
            "is_filtered": bool(role or state or words),
            "roles": [*program.joining_roles, Role.COORDINATOR],
            "counts": [
                {"role": each, **counts.get(each.value, {"all": 0, "ready": 0})}
                for each in program.joining_roles
            ],
            "states": Participant.State.choices,
            "invites": _with_delivery(list(invites[:SHOWN_INVITES])),
            "invite_count": invites.count(),
            "tabs": tabs(program, "programs:participant_list"),
        },
    )


def _with_delivery(invites: list[Invite]) -> list[dict[str, Any]]:
    """Each invitation with what became of its mails: the last of them."""
    mails: dict[int, Message] = {}
    for mail in Message.objects.filter(
        about_type=Invite._meta.label_lower, about_id__in=[each.pk for each in invites]
    ).exclude(state__in=[Message.State.PLANNED, Message.State.DROPPED]):
        last = mails.get(mail.about_id)
        if last is None or mail.pk > last.pk:
            mails[mail.about_id] = mail
    return [{"invite": each, "mail": mails.get(each.pk)} for each in invites]


@require_http_methods(["GET", "HEAD", "POST"])
def invite_create(request: Request, program_slug: str) -> HttpResponse:
    """Ask people by e-mail."""
    program = managed(request, program_slug)
    form = InviteForm(posted(request), request.FILES or None, program=program)
    if request.method == "POST" and form.is_valid():
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
            % {"emails": ", ".join(outcome.new[:10])},
        )
    if outcome.left_out:
        messages.warning(
            request,
            _(
                "Left in peace, because they take part, were asked already or no longer"
                " work here: %(emails)s."
            )
            % {"emails": ", ".join(outcome.left_out[:10])},
        )


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


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def invite_accept(request: HttpRequest, token: str) -> HttpResponse:
    """The link in an invitation: opening it shows a button, pressing it signs in."""
    invitation = actions.find_invite(token)
    if invitation is None:
        used = Invite.objects.working().filter(token_hash=hashed(token)).first()
        if used and _is_for(request, used):
            # Back at one's own link, to read on.
            return redirect("programs:program_join", used.program.slug, used.role)
        return render_page(request, "programs/invite_gone.html", status=410)
    if request.method == "POST":
        try:
            user = actions.use_invite(invitation)
        except ValidationError:
            return render_page(request, "programs/invite_gone.html", status=410)
        # A link that is good for weeks does not open the account of who runs things.
        runs = user.org_role or Program.objects.managed_by(user).exists()
        if not runs and not _is_for(request, invitation):
            login(request, user, backend=BACKEND)
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
