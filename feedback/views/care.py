"""Thirty minutes of care a week: which pairs ask for a person, and what to do."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from feedback import actions
from feedback.forms import CareMessageForm, CareSettingsForm, CloseForm, SnoozeForm
from feedback.models import CareItem, CareSettings
from feedback.suggestions import suggestion_for, text_for
from history.models import Event
from history.once import once
from mentoring.http import Request, posted, render_page
from mentorships.models import Member
from programs.models import Program
from programs.permissions import is_over, managed
from programs.tabs import tabs

PAGE = 25
MEMBERS = Prefetch(
    "mentorship__members", Member.objects.select_related("participant__user")
)


@require_safe
def care_queue(request: Request) -> HttpResponse:
    """The pairs that ask for a person, in order, each with its facts."""
    programs = Program.objects.managed_by(request.user).exclude(state="archived")
    if not programs.exists():
        raise Http404
    items = CareItem.objects.visible_to(request.user)
    slug = request.GET.get("program", "")
    if slug:
        items = items.filter(mentorship__program__slug=slug)
    show = request.GET.get("show", "")
    found = {
        "mine": items.due().filter(owner=request.user),
        "taken": items.taken().due().exclude(owner=request.user),
        "later": items.open().exclude(pk__in=items.due()),
        "done": items.exclude(closed_at=None),
    }.get(show, items.to_do())
    ordered = found.order_by("-closed_at") if show == "done" else found.in_order()
    page = Paginator(
        ordered.select_related(
            "mentorship__program", "owner", "closed_by"
        ).prefetch_related(MEMBERS),
        PAGE,
    ).get_page(request.GET.get("page"))
    for item in page:
        item.suggestion = suggestion_for(item)  # type: ignore[attr-defined]
    return render_page(
        request,
        "feedback/care_queue.html",
        {
            "page": page,
            "show": show,
            "programs": programs,
            "slug": slug,
        },
    )


def _mine(request: Request, care_item_id: int) -> CareItem:
    return get_object_or_404(
        CareItem.objects.visible_to(request.user)
        .select_related("mentorship__program", "owner", "closed_by")
        .prefetch_related(MEMBERS),
        pk=care_item_id,
    )


def _item_page(
    request: Request,
    item: CareItem,
    *,
    close_form: CloseForm | None = None,
    snooze_form: SnoozeForm | None = None,
    message_form: CareMessageForm | None = None,
) -> HttpResponse:
    people = [each.participant.user for each in item.mentorship.members.all()]
    letters: list[dict[str, Any]] = []
    for user in people:
        others = ", ".join(each.first_name for each in people if each != user)
        form = CareMessageForm(
            item=item,
            prefix=f"to{user.pk}",
            initial={"to": user, "body": text_for(item, user, others, request.user)},
        )
        if message_form and message_form.prefix == form.prefix:
            form = message_form
        letters.append({"user": user, "form": form})
    forms = (close_form, snooze_form, message_form)
    wrong = next((each for each in forms if each and each.errors), None)
    return render_page(
        request,
        "feedback/care_detail.html",
        {
            "item": item,
            "program": item.mentorship.program,
            "people": people,
            "suggestion": suggestion_for(item),
            "letters": letters,
            "form": wrong,
            "close_form": close_form or CloseForm(),
            "snooze_form": snooze_form or SnoozeForm(),
            "events": Event.objects.filter(
                about_type=item._meta.label_lower, about_id=item.pk
            )
            .select_related("by")
            .order_by("at"),
            "sent": item.messages.select_related("to", "by"),
            "earlier": CareItem.objects.filter(mentorship=item.mentorship_id)
            .exclude(pk=item.pk)
            .order_by("-since")[:10],
        },
        status=422 if wrong else 200,
    )


@require_safe
def care_detail(request: Request, care_item_id: int) -> HttpResponse:
    """One pair: the facts, what to do, words to begin with, and what was done."""
    return _item_page(request, _mine(request, care_item_id))


@require_POST
def care_take(request: Request, care_item_id: int) -> HttpResponse:
    """It is mine."""
    item = _mine(request, care_item_id)
    try:
        actions.take_care(item, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("It is yours; your colleagues see that."))
    return redirect(item)


@require_POST
def care_snooze(request: Request, care_item_id: int) -> HttpResponse:
    """Look at it again later."""
    item = _mine(request, care_item_id)
    form = SnoozeForm(request.POST)
    if form.is_valid():
        try:
            actions.snooze_care(item, form.cleaned_data["until"], by=request.user)
        except ValidationError as error:
            form.add_error("until", error.messages)
        else:
            messages.success(request, _("It comes back on that day."))
            return redirect("feedback:care_queue")
    return _item_page(request, item, snooze_form=form)


@require_POST
def care_close(request: Request, care_item_id: int) -> HttpResponse:
    """It has been looked after."""
    item = _mine(request, care_item_id)
    form = CloseForm(request.POST)
    if form.is_valid():
        try:
            actions.close_care(item, **form.cleaned_data, by=request.user)
        except ValidationError as error:
            form.add_error("reason", error.messages)
        else:
            messages.success(request, _("Closed. Thank you for looking after them."))
            return redirect("feedback:care_queue")
    return _item_page(request, item, close_form=form)


@require_POST
@once
def care_write(request: Request, care_item_id: int, user_id: int) -> HttpResponse:
    """Send a message to one of the pair, with their answer to oneself."""
    item = _mine(request, care_item_id)
    form = CareMessageForm(request.POST, item=item, prefix=f"to{user_id}")
    if form.is_valid():
        try:
            actions.write_care(item, **form.cleaned_data, by=request.user)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(
                request,
                _(
                    "The message is on its way; the answer comes to you. The pair waits"
                    " under “Later” for a week."
                ),
            )
            return redirect(item)
    return _item_page(request, item, message_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def care_settings(request: Request, program_slug: str) -> HttpResponse:
    """When a pair comes into the queue, and how often people are asked something."""
    program = managed(request, program_slug)
    if is_over(request, program):
        return redirect("feedback:care_settings", program.slug)
    form = CareSettingsForm(posted(request), instance=CareSettings.of(program))
    if request.method == "POST" and form.is_valid():
        actions.save_care_settings(form.instance, by=request.user)
        messages.success(request, _("Saved."))
        return redirect("feedback:care_settings", program.slug)
    return render_page(
        request,
        "feedback/care_settings.html",
        {
            "program": program,
            "form": form,
            "tabs": tabs(program, "feedback:survey_list"),
        },
        status=422 if form.errors else 200,
    )
