"""Thirty minutes of care a week: which pairs ask for a person, and what to do."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, F, Prefetch, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from feedback import actions
from feedback.forms import CareMessageForm, CareSettingsForm, CloseForm, SnoozeForm
from feedback.history import lines
from feedback.models import CareItem, CareSettings
from feedback.models.care import (
    AGREED,
    NOBODYS,
    CareItemQuerySet,
    callers,
    due,
)
from feedback.suggestions import suggestion_for, text_for
from history.once import once
from mentoring.http import Request, posted, render_page
from mentorships.models import Member, Mentorship
from people.models import User
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
    headings = _headings(request.user)
    show = request.GET.get("show", "")
    show = show if show in headings else ""
    found = items.filter(headings[show])
    ordered = found.order_by("-closed_at") if show == "done" else found.in_order()
    page = Paginator(
        ordered.select_related(
            "mentorship__program", "owner", "closed_by"
        ).prefetch_related(MEMBERS),
        PAGE,
    ).get_page(request.GET.get("page"))
    _with_words(page)
    return render_page(
        request,
        "feedback/care_queue.html",
        {
            "page": page,
            "show": show,
            "tabs_of_queue": _counted(items, headings),
            "programs": programs,
            "slug": slug,
        },
    )


def _headings(user: User) -> dict[str, Q]:
    """What stands under which heading: what is open, under one alone."""
    is_open = Q(closed_at=None)
    return {
        "": due() & NOBODYS,
        "mine": is_open & Q(owner=user),
        "taken": is_open & ~NOBODYS & ~Q(owner=user),
        "later": is_open & NOBODYS & ~due(),
        "done": Q(closed_at__isnull=False),
    }


def _counted(
    items: CareItemQuerySet, headings: dict[str, Q]
) -> list[tuple[str, str, int]]:
    """The headings with their names, and how many stand under each."""
    names = {
        "": _("To do"),
        "mine": _("Mine"),
        "taken": _("With colleagues"),
        "later": _("Later"),
        "done": _("Done"),
    }
    counts = items.aggregate(
        **{f"under_{key}": Count("pk", which) for key, which in headings.items()}
    )
    return [(key, name, counts[f"under_{key}"]) for key, name in names.items()]


def _with_words(items: Iterable[CareItem]) -> None:
    """Who asked to be called, and what one can do about each."""
    asked = callers(items)
    for item in items:
        item.callers = asked.get(item.pk, [])  # type: ignore[attr-defined]
        item.suggestion = suggestion_for(item)  # type: ignore[attr-defined]


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
    _with_words([item])
    asked: list[User] = item.callers  # type: ignore[attr-defined]
    people = [each.participant.user for each in item.mentorship.members.all()]
    letters: list[dict[str, Any]] = []
    # Where one asked to be called, the other is not spoken to first.
    for user in people if item.reason_key != "asked" else asked:
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
            "elsewhere": CareItem.objects.visible_to(request.user)
            .open()
            .filter(mentorship__members__participant__user__in=people)
            .exclude(pk=item.pk)
            .select_related("mentorship__program")
            .prefetch_related(MEMBERS)
            .distinct(),
            "letters": letters,
            "form": wrong,
            "close_form": close_form or CloseForm(),
            "snooze_form": snooze_form or SnoozeForm(),
            "lines": lines(item, asked),
        },
        status=422 if wrong else 200,
    )


@require_safe
def care_detail(request: Request, care_item_id: int) -> HttpResponse:
    """One pair: the facts, what to do, words to begin with, and what was done."""
    return _item_page(request, _mine(request, care_item_id))


@require_safe
def care_of(request: Request, mentorship_id: int) -> HttpResponse:
    """To the item of a pair, open or the last; or why it has none."""
    mentorship = get_object_or_404(
        Mentorship.objects.overseen_by(request.user).select_related("program"),
        pk=mentorship_id,
    )
    last = (
        CareItem.objects.filter(mentorship=mentorship)
        .order_by(F("closed_at").desc(nulls_first=True), "-pk")
        .first()
    )
    if last:
        return redirect(last)
    messages.info(
        request,
        _(
            "%(pair)s: not in the care queue. A pair comes into it after the first"
            " %(grace)s days, when it has not met for twice its own rhythm or when its"
            " figure is low."
        )
        % {
            "pair": mentorship,
            "grace": CareSettings.of(mentorship.program).grace_days,
        },
    )
    return redirect("mentorships:program_mentorships", mentorship.program.slug)


def _refused(
    request: Request, item: CareItem, change: Callable[[], object]
) -> HttpResponse | None:
    """Make a change; who finds the item closed meanwhile hears by whom. Any other
    ``ValidationError`` is for the form.
    """
    try:
        if not item.is_open:
            raise actions.closed_already(item, by=request.user)
        change()
    except ValidationError as error:
        if getattr(error, "code", "") != "closed":
            raise
        messages.error(request, " ".join(error.messages))
        return redirect(item)
    return None


@require_POST
def care_take(request: Request, care_item_id: int) -> HttpResponse:
    """It is mine."""
    item = _mine(request, care_item_id)
    if refused := _refused(
        request, item, lambda: actions.take_care(item, by=request.user)
    ):
        return refused
    messages.success(request, _("It is yours; your colleagues see that."))
    return redirect(item)


@require_POST
def care_let_go(request: Request, care_item_id: int) -> HttpResponse:
    """It is nobody's again."""
    item = _mine(request, care_item_id)
    if actions.let_care_go(item, by=request.user):
        messages.success(request, _("It is nobody’s again; a colleague can take it."))
    return redirect(item)


@require_POST
def care_snooze(request: Request, care_item_id: int) -> HttpResponse:
    """Look at it again later."""
    item = _mine(request, care_item_id)
    form = SnoozeForm(request.POST)
    if form.is_valid():
        until = form.cleaned_data["until"]
        try:
            if refused := _refused(
                request, item, lambda: actions.snooze_care(item, until, by=request.user)
            ):
                return refused
        except ValidationError as error:
            form.add_error("until", error.messages)
        else:
            messages.success(
                request,
                _("It is back on %(day)s.") % {"day": date_format(until, "j F")},
            )
            return redirect("feedback:care_queue")
    return _item_page(request, item, snooze_form=form)


@require_POST
def care_close(request: Request, care_item_id: int) -> HttpResponse:
    """It has been looked after."""
    item = _mine(request, care_item_id)
    form = CloseForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            if refused := _refused(
                request, item, lambda: actions.close_care(item, **data, by=request.user)
            ):
                return refused
        except ValidationError as error:
            form.add_error("reason", error.messages)
        else:
            messages.success(request, _("Closed. Thank you for looking after them."))
            # What was agreed goes on somewhere: the page says where.
            if data["outcome"] in AGREED:
                return redirect(item)
            return redirect("feedback:care_queue")
    return _item_page(request, item, close_form=form)


@require_POST
@once
def care_write(request: Request, care_item_id: int, user_id: int) -> HttpResponse:
    """Send a message to one of the pair, with their answer to oneself."""
    item = _mine(request, care_item_id)
    form = CareMessageForm(request.POST, item=item, prefix=f"to{user_id}")
    if form.is_valid():
        data = form.cleaned_data
        try:
            if refused := _refused(
                request, item, lambda: actions.write_care(item, **data, by=request.user)
            ):
                return refused
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            _say_what_follows(request, item)
            return redirect(item)
    return _item_page(request, item, message_form=form)


def _say_what_follows(request: Request, item: CareItem) -> None:
    """Who was written to has time to answer; meanwhile the pair is somebody's."""
    item.refresh_from_db()
    assert item.owner is not None
    assert item.snoozed_until is not None
    day = {"day": date_format(item.snoozed_until, "j F"), "name": item.owner.name}
    messages.success(
        request,
        _(
            "The message is on its way; the answer comes to you. You look after this"
            " pair; it is back on %(day)s."
        )
        % day
        if item.owner == request.user
        else _(
            "The message is on its way; the answer comes to you. %(name)s looks after"
            " this pair; it is back on %(day)s."
        )
        % day,
    )


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
