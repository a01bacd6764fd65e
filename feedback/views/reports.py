"""Serious reports: writing one, and reading those that were written to oneself."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Min
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from feedback import actions
from feedback.forms import (
    ConfidantForm,
    HandOverForm,
    ReportAddForm,
    ReportCloseForm,
    ReportForm,
)
from feedback.models import Confidant, Report
from history.once import once
from mentoring.http import Request, posted, render_page
from mentorships.models import Mentorship
from people.models import User
from people.permissions import hr_admin_only
from programs.models import Program


@require_http_methods(["GET", "HEAD", "POST"])
@once
def report_create(request: Request, mentorship_id: int) -> HttpResponse:
    """Tell the named person what happened; nobody else reads it."""
    mentorship = get_object_or_404(
        Mentorship.objects.visible_to(request.user)
        .select_related("program")
        .prefetch_related("members__participant__user"),
        pk=mentorship_id,
    )
    confidant = Confidant.of(mentorship)
    form = ReportForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.send_report(mentorship, **form.cleaned_data, by=request.user)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            assert confidant
            messages.success(
                request,
                _(
                    "Sent. Only %(name)s can read it, and gets in touch with you within"
                    " %(days)s working days."
                )
                % {"name": confidant.name, "days": settings.REPORT_ANSWER_DAYS},
            )
            return redirect("feedback:report_mine")
    return render_page(
        request,
        "feedback/report_create.html",
        {
            "mentorship": mentorship,
            "confidant": confidant,
            "form": form,
            "days": settings.REPORT_ANSWER_DAYS,
        },
        status=422 if form.errors else 200,
    )


@require_safe
def report_mine(request: Request) -> HttpResponse:
    """What I reported myself: to whom, when, and what became of it."""
    return _my_reports_page(request)


def _my_reports_page(
    request: Request, wrong: ReportAddForm | None = None
) -> HttpResponse:
    found = []
    for report in Report.objects.written_by(request.user).select_related("to"):
        form = ReportAddForm(prefix=f"to{report.pk}")
        if wrong and wrong.prefix == form.prefix:
            form = wrong
        found.append((report, report.read(), form))
    return render_page(
        request,
        "feedback/report_mine.html",
        {
            "reports": found,
            "mentorships": Mentorship.objects.visible_to(request.user)
            .active()
            .prefetch_related("members__participant__user"),
            "confidant": Confidant.for_somebody(request.user),
            "days": settings.REPORT_ANSWER_DAYS,
            "form": wrong,
        },
        status=422 if wrong else 200,
    )


@require_POST
@once
def report_add(request: Request, report_id: int) -> HttpResponse:
    """Something more, under what I reported."""
    report = get_object_or_404(
        Report.objects.written_by(request.user).select_related("to"), pk=report_id
    )
    form = ReportAddForm(request.POST, prefix=f"to{report.pk}")
    if not form.is_valid():
        return _my_reports_page(request, form)
    actions.add_to_report(report, **form.cleaned_data, by=request.user)
    messages.success(
        request, _("Sent. Only %(name)s can read it.") % {"name": report.to.name}
    )
    return redirect("feedback:report_mine")


@require_safe
def report_list(request: Request) -> HttpResponse:
    """What was reported to me; for others there is no such page."""
    reports = Report.objects.visible_to(request.user)
    if not reports and not Confidant.objects.filter(user=request.user).exists():
        raise Http404
    return render_page(
        request,
        "feedback/report_list.html",
        {"reports": reports, "days": settings.REPORT_ANSWER_DAYS},
    )


def _mine(request: Request, report_id: int) -> Report:
    return get_object_or_404(Report.objects.visible_to(request.user), pk=report_id)


@require_safe
def report_detail(request: Request, report_id: int) -> HttpResponse:
    """One report, opened for whom it was written to."""
    return _report_page(request, _mine(request, report_id), ReportCloseForm())


def _report_page(
    request: Request, report: Report, form: ReportCloseForm
) -> HttpResponse:
    return render_page(
        request,
        "feedback/report_detail.html",
        {"report": report, "reported": report.read(), "form": form},
        status=422 if form.errors else 200,
    )


@require_POST
def report_begin(request: Request, report_id: int) -> HttpResponse:
    """I am looking at it."""
    report = _mine(request, report_id)
    actions.begin_report(report, by=request.user)
    messages.success(request, _("Whoever wrote it sees that you are looking at it."))
    return redirect(report)


@require_POST
def report_close(request: Request, report_id: int) -> HttpResponse:
    """It has been looked after."""
    report = _mine(request, report_id)
    form = ReportCloseForm(request.POST)
    if not form.is_valid():
        return _report_page(request, report, form)
    actions.close_report(report, **form.cleaned_data, by=request.user)
    messages.success(request, _("Closed. It stays here to be read again."))
    return redirect("feedback:report_list")


@require_http_methods(["GET", "HEAD", "POST"])
def confidant_list(request: Request) -> HttpResponse:
    """Who reads serious reports; for HR admins, who do not read them."""
    hr_admin_only(request)
    form = ConfidantForm(posted(request))
    if request.method == "POST" and form.is_valid():
        user = form.cleaned_data["email"]
        before = actions.name_confidant(
            form.cleaned_data["program"], user, by=request.user
        )
        messages.success(request, _named(user, before))
        _warn_without_reader(request)
        return redirect("feedback:confidant_list")
    return _confidants_page(request, form)


def _named(user: User, before: User | None) -> str:
    """Who reads from now on, and who does not any more."""
    if before is None:
        return _("Saved. Reports go to %(name)s from now on.") % {"name": user.name}
    return _(
        "Saved. Reports go to %(name)s from now on. %(before)s no longer gets them."
    ) % {"name": user.name, "before": before.name}


def _warn_without_reader(request: Request) -> None:
    """Say at once where nobody is left."""
    if number := Confidant.without_reader().count():
        messages.warning(
            request,
            ngettext(
                "In %(number)s mentorship nobody can report anything now. See below.",
                "In %(number)s mentorships nobody can report anything now. See below.",
                number,
            )
            % {"number": number},
        )


def _without_reader() -> list[tuple[Program, int]]:
    """The programmes in which somebody cannot report, and of how many mentorships."""
    numbers = dict(
        Confidant.without_reader()
        .order_by()
        .values_list("program")
        .annotate(number=Count("pk"))
    )
    programs = Program.objects.filter(pk__in=numbers)
    return [(program, numbers[program.pk]) for program in programs]


def _confidants_page(request: Request, form: ConfidantForm) -> HttpResponse:
    waiting = (
        Report.objects.left_behind()
        .order_by()
        .values("to", "to__name", "to__left_on")
        .annotate(number=Count("pk"), since=Min("at"))
        .order_by("since")
    )
    return render_page(
        request,
        "feedback/confidant_list.html",
        {
            "confidants": Confidant.objects.select_related("program", "user").order_by(
                "program__pk"
            ),
            "waiting": waiting,
            "without_reader": _without_reader(),
            "form": form,
        },
        status=422 if form.errors else 200,
    )


@require_POST
def confidant_remove(request: Request, confidant_id: int) -> HttpResponse:
    """Name nobody here."""
    hr_admin_only(request)
    found = get_object_or_404(Confidant, pk=confidant_id)
    try:
        actions.remove_confidant(found, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("Removed."))
        _warn_without_reader(request)
    return redirect("feedback:confidant_list")


@require_http_methods(["GET", "HEAD", "POST"])
def report_hand_over(request: Request, user_id: int) -> HttpResponse:
    """What waits with somebody who left or is not named any more, to another."""
    hr_admin_only(request)
    waiting = Report.objects.left_behind().filter(to=user_id)
    former = get_object_or_404(User.objects.filter(pk__in=waiting.values("to")))
    form = HandOverForm(posted(request), former=former)
    if request.method == "POST" and form.is_valid():
        successor = form.cleaned_data["to"]
        moved, kept = actions.hand_over_reports(former, successor, by=request.user)
        if moved:
            messages.success(
                request,
                ngettext(
                    "%(number)s report is with %(name)s now. Whoever wrote it is told.",
                    "%(number)s reports are with %(name)s now. Whoever wrote them is"
                    " told.",
                    moved,
                )
                % {"number": moved, "name": successor.name},
            )
        if kept:
            messages.warning(
                request,
                ngettext(
                    "%(number)s report cannot go to %(name)s. Choose somebody else.",
                    "%(number)s reports cannot go to %(name)s. Choose somebody else.",
                    kept,
                )
                % {"number": kept, "name": successor.name},
            )
        return redirect("feedback:confidant_list")
    return render_page(
        request,
        "feedback/report_hand_over.html",
        {
            "former": former,
            "number": waiting.count(),
            "form": form,
            "has_others": Confidant.named_now().exclude(user=former).exists(),
        },
        status=422 if form.errors else 200,
    )
