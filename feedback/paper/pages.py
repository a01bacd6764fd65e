"""Results on paper, in one language: what is on the page of results, and no more.

Every figure comes from ``results``, so that the floors are the same.
"""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    Image,
    KeepTogether,
    PageTemplate,
    Spacer,
)

from feedback.models import Question, Wave
from feedback.paper.drawings import bars, cut_table, line, share_bar
from feedback.paper.styles import (
    HEAD,
    MARGIN,
    PART,
    QUOTE,
    SMALL,
    TITLE,
    WIDTH,
    number,
    paragraph,
)
from feedback.results import TEXT_FLOOR, Result, Trend, results, trends
from feedback.wordings import Rewording
from mentoring.branding import brand
from mentoring.paper import LINE, LOGO_BOX, PLAIN, QUIET, accent, drawable, fonts
from people.models.organisation import logo_now

FIRST_TEXTS = 100


@dataclass(frozen=True)
class Response:
    """How many were asked, how many answered, and how many answers count."""

    asked: int
    answered: int
    sheets: int

    @property
    def rate(self) -> int:
        return round(100 * self.answered / self.asked) if self.asked else 0


def as_pdf(wave: Wave, language: str) -> bytes:
    """The report of one wave in this language."""
    with translation.override(language):
        return _report(wave, language)


def _report(wave: Wave, language: str) -> bytes:
    fonts()
    survey = wave.survey
    sheets, found = results(wave, texts=FIRST_TEXTS)
    asked = wave.invitations.count()
    answered = wave.invitations.filter(answered=True).count()
    story: list[Flowable] = [
        *_top(wave, Response(asked, answered, sheets)),
        *_each(found),
    ]
    if sheets and not survey.is_named:
        story += _over_time(trends(survey))
    # Never alone on the last page.
    story[-2:] = [KeepTogether([*story[-2:], *_method(wave)])]
    buffer = io.BytesIO()
    document = BaseDocTemplate(
        buffer,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=20 * mm,
        bottomMargin=22 * mm,
        title=f"{survey.name} – {survey.program.name}",
        author="Wegwijs",
        lang=language,
    )
    frame = Frame(
        MARGIN,
        document.bottomMargin,
        WIDTH,
        A4[1] - document.topMargin - document.bottomMargin,
        0,
        0,
        0,
        0,
    )
    foot = f"{survey.program.name} · {survey.name}"
    document.addPageTemplates(
        PageTemplate(frames=[frame], onPage=partial(_foot, text=foot))
    )
    document.build(story)
    return buffer.getvalue()


def _foot(canvas: Canvas, document: Any, *, text: str) -> None:
    canvas.saveState()
    canvas.setStrokeColor(LINE)
    canvas.line(MARGIN, 16 * mm, A4[0] - MARGIN, 16 * mm)
    canvas.setFont(PLAIN, 8)
    canvas.setFillColor(QUIET)
    canvas.drawString(MARGIN, 11.5 * mm, drawable(Truncator(text).chars(80)))
    canvas.drawRightString(A4[0] - MARGIN, 11.5 * mm, str(document.page))
    canvas.restoreState()


def _top(wave: Wave, response: Response) -> list[Flowable]:
    survey = wave.survey
    over = " · ".join(filter(None, ["Wegwijs", brand().name, survey.program.name]))
    until = _("%(first)s to %(last)s") % {
        "first": date_format(timezone.localdate(wave.opens_at), "DATE_FORMAT"),
        "last": date_format(timezone.localdate(wave.closes_at), "DATE_FORMAT"),
    }
    said = _("%(answered)s of %(asked)s people answered (%(rate)s%%).") % {
        "answered": response.answered,
        "asked": response.asked,
        "rate": response.rate,
    }
    found: list[Flowable] = [
        *_logo(),
        paragraph(over, SMALL),
        paragraph(survey.name, ParagraphStyle("title", TITLE, textColor=accent())),
        paragraph(until, SMALL),
        Spacer(1, 10),
        paragraph(said),
        Spacer(1, 4),
        share_bar(response.rate),
        Spacer(1, 8),
    ]
    if survey.is_named:
        found.append(
            paragraph(_("This survey is named; people read that before they answered."))
        )
    elif response.sheets:
        found.append(
            paragraph(
                ngettext(
                    "The figures count %(number)s answer.",
                    "The figures count %(number)s answers.",
                    response.sheets,
                )
                % {"number": response.sheets}
            )
        )
    else:
        found.append(paragraph(_("Too few to show.")))
    return [*found, Spacer(1, 12)]


def _logo() -> list[Flowable]:
    """The logo of the organisation, as large as its box allows."""
    logo = logo_now()
    if logo is None:
        return []
    image = Image(io.BytesIO(logo), *LOGO_BOX, kind="proportional", mask="auto")
    image.hAlign = "LEFT"
    return [image, Spacer(1, 8)]


def _each(found: Iterable[Result]) -> list[Flowable]:
    story: list[Flowable] = []
    for result in found:
        top: list[Flowable] = [paragraph(result.question.text, HEAD)]
        if summary := _summary(result):
            top.append(paragraph(summary, SMALL))
        if result.sides:
            sides = [f"{side.label}: {side.share}%" for side in result.sides]
            top.append(paragraph(" · ".join(sides), SMALL))
        top.append(Spacer(1, 5))
        if result.is_hidden:
            story += [KeepTogether([*top, paragraph(_("Too few to show."))])]
        elif result.question.kind == Question.Kind.TEXT:
            quotes = [paragraph(text, QUOTE, bullet="–") for text in result.texts]
            story += [KeepTogether([*top, *quotes[:2]]), *quotes[2:]]
            if result.has_more:
                story.append(paragraph(_more(result), SMALL))
        else:
            assert result.chart
            first, *more = bars(result.chart)
            top.append(first)
            if more:
                # Longer than a page holds together.
                story += [KeepTogether(top), *more]
                top = []
            if result.roles:
                top += [paragraph(_("By role"), PART), cut_table(result, result.roles)]
            story.append(KeepTogether(top))
            if result.departments:
                story += [
                    paragraph(_("By department"), PART),
                    cut_table(result, result.departments),
                ]
            if result.has_rest:
                rest = _(
                    "The last row is everybody else, people of these departments in"
                    " another role among them."
                )
                story.append(paragraph(rest, SMALL))
        story.append(Spacer(1, 16))
    return story


def _more(result: Result) -> str:
    return _(
        "These are %(shown)s of %(number)s remarks; all of them stand on the page and"
        " in the spreadsheet."
    ) % {"shown": len(result.texts), "number": result.answered}


def _summary(result: Result) -> str:
    answers = ngettext("%(number)s answer", "%(number)s answers", result.answered) % {
        "number": result.answered
    }
    if result.is_hidden:
        return ""
    if mean := result.interval:
        said = _("mean %(mean)s of 5, probably between %(low)s and %(high)s") % {
            "mean": number(mean.value, 1),
            "low": number(mean.low, 1),
            "high": number(mean.high, 1),
        }
        return f"{said} · {answers}"
    if nps := result.nps_interval:
        said = _("NPS %(nps)s, probably between %(low)s and %(high)s") % {
            "nps": number(nps.value, 0),
            "low": number(nps.low, 0),
            "high": number(nps.high, 0),
        }
        return f"{said} · {answers}"
    return answers


def _over_time(found: Iterable[Trend]) -> list[Flowable]:
    story: list[Flowable] = []
    for trend in found:
        block = [
            paragraph(trend.chart.title, HEAD),
            *(paragraph(_reworded(each), SMALL) for each in trend.rewordings),
            Spacer(1, 5),
            line(trend.chart),
        ]
        story += [KeepTogether(block), Spacer(1, 14)]
    return story


def _reworded(each: Rewording) -> str:
    return _("Before %(day)s it was asked in other words: “%(words)s”") % {
        "day": each.label,
        "words": each.before,
    }


def _method(wave: Wave) -> list[Flowable]:
    lines = [
        _(
            "“Probably between” is the interval in which the mean of everybody like"
            " those who answered lies with a certainty of 95%."
        ),
    ]
    if not wave.survey.is_named:
        lines.append(
            _(
                "Answers are kept without a name, order or time. Figures are sums of"
                " groups of at least %(floor)s people; what is smaller is left out,"
                " with whatever would give it away by subtraction. Remarks are shown"
                " from %(texts)s up, in an order that says nothing."
            )
            % {"floor": wave.survey.floor, "texts": TEXT_FLOOR}
        )
        lines.append(
            _(
                "A chart is of what a group of %(floor)s or more answered, so a 1 in it"
                " is an answer and not a person. Where all of a group answered alike,"
                " you know what each of them answered."
            )
            % {"floor": wave.survey.floor}
        )
    made = _("Made on %(day)s") % {
        "day": date_format(timezone.localdate(), "DATE_FORMAT")
    }
    return [
        paragraph(_("How to read this"), PART),
        *(paragraph(each, SMALL) for each in lines),
        Spacer(1, 4),
        paragraph(made, SMALL),
    ]
