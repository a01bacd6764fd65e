"""What came of a survey: on the page, and as a file."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from feedback import actions
from feedback.exports import as_csv, as_xlsx
from feedback.models import Question, Wave
from feedback.paper import as_pdf
from feedback.results import (
    TEXT_FLOOR,
    TEXTS,
    named_answers,
    remarks,
    results,
    trends,
)
from mentoring.http import Request, render_page
from programs.tabs import tabs

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _mine(request: Request, wave_id: int) -> Wave:
    return get_object_or_404(
        Wave.objects.visible_to(request.user).select_related("survey__program"),
        pk=wave_id,
    )


@require_safe
def wave_detail(request: Request, wave_id: int) -> HttpResponse:
    """What came of it: as much as can be shown without showing anybody."""
    wave = _mine(request, wave_id)
    survey = wave.survey
    asked, answered, asked_counting, counting = wave.invitations.counted()
    sheets, found = results(wave)
    return render_page(
        request,
        "feedback/wave_detail.html",
        {
            "wave": wave,
            "survey": survey,
            "program": survey.program,
            "asked": asked,
            "answered": answered,
            "rate": round(100 * answered / asked) if asked else 0,
            "sheets": sheets,
            "waiting": answered - sheets,
            "counting": counting,
            # As many as may be shown together.
            "together": max(counting, answered - counting),
            "beside": asked - asked_counting,
            "results": found,
            "trends": [] if survey.is_named else trends(survey),
            "named": named_answers(wave) if survey.is_named else [],
            "floor": survey.floor,
            "text_floor": TEXT_FLOOR,
            "tabs": tabs(survey.program, "feedback:survey_list"),
        },
    )


@require_safe
def wave_remarks(request: Request, wave_id: int, question_id: int) -> HttpResponse:
    """All that was written in answer to one question, a page at a time."""
    wave = _mine(request, wave_id)
    question = get_object_or_404(
        wave.survey.questions.filter(kind=Question.Kind.TEXT), pk=question_id
    )
    return render_page(
        request,
        "feedback/wave_remarks.html",
        {
            "wave": wave,
            "survey": wave.survey,
            "program": wave.survey.program,
            "question": question,
            "page": Paginator(remarks(wave, question), TEXTS).get_page(
                request.GET.get("page")
            ),
            "text_floor": TEXT_FLOOR,
            "tabs": tabs(wave.survey.program, "feedback:survey_list"),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def wave_close(request: Request, wave_id: int) -> HttpResponse:
    """Close it before its day, after saying what becomes of answers that wait."""
    wave = _mine(request, wave_id)
    if request.method != "POST" and wave.is_open:
        asked, answered, *_counting = wave.invitations.counted()
        return render_page(
            request,
            "feedback/wave_close.html",
            {
                "wave": wave,
                "survey": wave.survey,
                "program": wave.survey.program,
                "open": asked - answered,
                "waiting": wave.fresh.count(),
                "floor": wave.survey.floor,
                "tabs": tabs(wave.survey.program, "feedback:survey_list"),
            },
        )
    try:
        actions.close_wave(wave, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The survey is closed."))
    return redirect(wave)


FORMS: dict[str, tuple[str, Callable[[Wave], str | bytes]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "xlsx": (XLSX, as_xlsx),
    "pdf-nl": ("application/pdf", partial(as_pdf, language="nl")),
    "pdf-en": ("application/pdf", partial(as_pdf, language="en")),
}


@require_safe
def wave_export(request: Request, wave_id: int, form: str) -> HttpResponse:
    """What is on the page, as a file: a row for a person only where that has one."""
    wave = _mine(request, wave_id)
    if form not in FORMS:
        raise Http404
    content_type, made = FORMS[form]
    response = HttpResponse(made(wave), content_type=content_type)
    ending, _dash, language = form.partition("-")
    day = timezone.localdate(wave.opens_at)
    parts = filter(None, [wave.survey.key, f"{day:%Y-%m-%d}", language])
    name = f"{'-'.join(parts)}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
