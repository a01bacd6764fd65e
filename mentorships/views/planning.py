"""Pages on the way to a session: moments to pick from, and one's own calendar."""

import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from history.once import once
from mentoring.http import Request, posted, render_page
from mentorships import actions
from mentorships.forms.sessions import OfferForm
from mentorships.invitations import feed
from mentorships.links import feed_path, read_feed
from mentorships.models import (
    CalendarFeed,
    MentoringSession,
    Mentorship,
    OfferedTime,
    SessionOffer,
)
from mentorships.views.pairs import MEMBERS, mine, own_membership, refuse_ended
from mentorships.views.sessions import ask_again, suggested

BACK = timedelta(days=90)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def session_offer(request: Request, mentorship_id: int) -> HttpResponse:
    """Put up to three moments to the others; who picks one plans the session."""
    mentorship = mine(request, mentorship_id)
    if refused := refuse_ended(request, mentorship):
        return refused
    start = suggested(mentorship, request.user)
    form = OfferForm(
        posted(request),
        instance=SessionOffer(
            mentorship=mentorship, by=own_membership(request, mentorship)
        ),
        initial={**start, "on1": start["on"], "at1": start["at"]},
    )
    again: dict[str, Any] = {}
    is_sent = request.method == "POST" and form.is_valid()
    if is_sent:
        again = ask_again(request, mentorship, form.walls())
    if is_sent and not again:
        try:
            actions.offer_times(
                form.save(commit=False), walls=form.walls(), by=request.user
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Sent. You hear when somebody picks one."))
            return redirect(mentorship)
    return render_page(
        request,
        "mentorships/session_offer.html",
        {"mentorship": mentorship, "form": form, **again},
        status=422 if form.errors or again else 200,
    )


def _my_offer(request: Request, offer_id: int) -> SessionOffer:
    return get_object_or_404(
        SessionOffer.objects.filter(
            mentorship__in=Mentorship.objects.visible_to(request.user)
        ).select_related("mentorship__program", "by__participant__user"),
        pk=offer_id,
    )


@require_POST
def offer_pick(request: Request, offer_id: int) -> HttpResponse:
    """This one suits: it is planned, and everybody gets the invitation."""
    offer = _my_offer(request, offer_id)
    if offer.by.participant.user_id == request.user.pk:
        messages.error(request, _("The other picks one of your moments."))
        return redirect(offer.mentorship)
    chosen = request.POST.get("time", "")
    time = get_object_or_404(
        OfferedTime.objects.select_related("offer__mentorship"),
        offer=offer,
        pk=chosen if chosen.isdecimal() else 0,
    )
    try:
        session = actions.pick_time(time, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(offer.mentorship)
    messages.success(
        request, _("Planned. You all get an invitation for your calendar.")
    )
    return redirect(session)


@require_POST
def offer_withdraw(request: Request, offer_id: int) -> HttpResponse:
    """None of them, after all. Whoever wants to offers others."""
    offer = _my_offer(request, offer_id)
    try:
        actions.withdraw_offer(offer, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(offer.mentorship)
    if offer.by.participant.user_id == request.user.pk:
        return redirect(offer.mentorship)
    messages.info(request, _("Then offer moments that suit you."))
    return redirect("mentorships:session_offer", offer.mentorship_id)


@require_safe
def calendar(request: Request) -> HttpResponse:
    """The link with which a calendar shows my sessions by itself."""
    found = CalendarFeed.objects.filter(user=request.user).first()
    return render_page(
        request,
        "mentorships/calendar.html",
        {"link": settings.SITE_URL + feed_path(found) if found else ""},
    )


@require_POST
def calendar_renew(request: Request) -> HttpResponse:
    """Make the link, or another one; the old one ends."""
    CalendarFeed.objects.update_or_create(
        user=request.user, defaults={"mark": uuid.uuid4(), "created_at": timezone.now()}
    )
    messages.success(request, _("Your link is ready. An earlier one no longer works."))
    return redirect("mentorships:calendar")


@require_POST
def calendar_stop(request: Request) -> HttpResponse:
    """Take the link back."""
    CalendarFeed.objects.filter(user=request.user).delete()
    messages.success(request, _("The link no longer works."))
    return redirect("mentorships:calendar")


@login_not_required
@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """For a calendar: when and with whom, never what about."""
    found = read_feed(token)
    if found is None:
        return HttpResponse(status=410)
    sessions = (
        MentoringSession.objects.visible_to(found.user)
        .exclude(state=MentoringSession.State.MISSED)
        .filter(starts_at__gte=timezone.now() - BACK)
        .select_related("mentorship")
        .prefetch_related(Prefetch("mentorship__members", MEMBERS.queryset))
    )
    return HttpResponse(
        feed(found.user, sessions), content_type="text/calendar; charset=utf-8"
    )
