"""Which mails I get, the link that switches one off, and what could not be sent."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from mentoring.http import Request, render_page
from outbox.actions import let_be, send_again
from outbox.delivery import read_unsubscribe
from outbox.kinds import KINDS, Phase, roles_of
from outbox.models import Message, MessageQuerySet, Preference

FAILED_SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: Request) -> HttpResponse:
    """A switch for each kind of mail that one can get and may switch off."""
    roles = roles_of(request.user)
    mine = [kind for kind in KINDS.values() if kind.is_for(roles)]
    kinds = [kind for kind in mine if kind.may_switch_off]
    if request.method == "POST":
        for kind in kinds:
            Preference.objects.update_or_create(
                user=request.user,
                kind=kind.key,
                defaults={
                    "wanted": kind.key in request.POST and "none" not in request.POST
                },
            )
        messages.success(request, _("Your choice is saved."))
        return redirect("outbox:preferences")
    unwanted = set(
        Preference.objects.filter(user=request.user, wanted=False).values_list(
            "kind", flat=True
        )
    )
    return render_page(
        request,
        "outbox/preferences.html",
        {
            "phases": [
                {
                    "label": phase.label,
                    "kinds": [
                        (kind, kind.key not in unwanted)
                        for kind in kinds
                        if kind.phase == phase
                    ],
                }
                for phase in Phase
                if any(kind.phase == phase for kind in kinds)
            ],
            "always": [kind for kind in mine if not kind.may_switch_off],
        },
    )


@csrf_exempt  # a mail program presses it, without our cookies (RFC 8058)
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Opening shows one button; pressing switches the kind off."""
    found = read_unsubscribe(token)
    kinds = [KINDS[key] for key in found[1] if key in KINDS] if found else []
    if found is None or not kinds:
        return render_page(request, "people/link_expired.html", status=410)
    if request.method == "POST":
        for kind in kinds:
            Preference.objects.update_or_create(
                user=found[0], kind=kind.key, defaults={"wanted": False}
            )
    return render_page(
        request,
        "outbox/unsubscribe.html",
        {"kinds": kinds, "done": request.method == "POST"},
    )


@require_safe
def message_list(request: Request) -> HttpResponse:
    """What could not be sent. Kind and error, never what it says; of what tells
    something about a person the error alone, below the rest, which has its days.
    """
    if not (request.user.is_hr_admin or request.user.is_it_admin):
        raise Http404
    failed = Message.objects.gave_up()
    newest = failed.order_by("-pk")[:FAILED_SHOWN]
    rows = [
        {"message": each, "kind": KINDS[each.kind]}
        for each in sorted(newest, key=_tells)
        if each.kind in KINDS
    ]
    return render_page(
        request,
        "outbox/message_list.html",
        {
            "failed": rows,
            "number": failed.count(),
            "shown": FAILED_SHOWN,
            "waiting": Message.objects.filter(state=Message.State.PLANNED).count(),
        },
    )


def _tells(message: Message) -> bool:
    return message.kind in KINDS and KINDS[message.kind].tells


@require_POST
def message_settle(request: Request) -> HttpResponse:
    """Try once more what was given up, or let it be."""
    if not (request.user.is_hr_admin or request.user.is_it_admin):
        raise Http404
    settle(request, Message.objects.all())
    return redirect("outbox:message_list")


def settle(request: Request, found: MessageQuerySet) -> None:
    """What was given up is sent once more, or nobody needs it: one message of those, or
    all of them.
    """
    if one := request.POST.get("message", ""):
        found = found.filter(pk=one if one.isdecimal() else 0)
    if request.POST.get("what") == "let_be":
        if number := let_be(found, by=request.user):
            said = _("Not needed any more: %(number)s.") % {"number": number}
            messages.success(request, said)
    elif number := send_again(found, by=request.user):
        said = _("Sent once more: %(number)s.") % {"number": number}
        messages.success(request, said)
