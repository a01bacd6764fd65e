"""Results as a file: the figures of the page and nothing that is not on it."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from feedback.models import Question, Wave
from feedback.results import Cut, Result, results
from mentoring.spreadsheets import csv_of, xlsx_of

Row = list[Any]


def as_csv(wave: Wave) -> str:
    """Figures first, then the remarks."""
    _sheets, found = results(wave, texts=None)
    return csv_of([*_figures(found), [], *_remarks(found)])


def as_xlsx(wave: Wave) -> bytes:
    """A sheet of figures and a sheet of remarks."""
    _sheets, found = results(wave, texts=None)
    return xlsx_of({_("Figures"): _figures(found), _("Remarks"): _remarks(found)})


def _figures(found: Iterable[Result]) -> list[Row]:
    rows: list[Row] = [
        [
            _("Question"),
            _("Group"),
            _("Answer"),
            _("How many"),
            _("Share"),
            _("Mean"),
            _("NPS"),
            _("from"),
            _("to"),
        ]
    ]
    for result in found:
        if result.question.kind == Question.Kind.TEXT or result.is_hidden:
            continue
        rows.append(
            _summary(
                result.question.text,
                _("all"),
                Cut(
                    "",
                    result.answered,
                    mean=result.interval,
                    nps=result.nps_interval,
                ),
            )
        )
        rows += [
            [result.question.text, _("all"), bar.label, bar.count, bar.share]
            for bar in result.bars
        ]
        for cut in (*result.roles, *result.departments):
            rows.append(_summary(result.question.text, cut.label, cut))
            if not result.question.is_figure:
                rows += [
                    [result.question.text, cut.label, label, "", share]
                    for label, share in cut.shares
                ]
    return rows


def _summary(question: str, group: str, cut: Cut) -> Row:
    mean, nps = cut.mean, cut.nps
    figure = mean or nps
    return [
        question,
        group,
        "",
        cut.answered,
        "",
        round(mean.value, 2) if mean else "",
        round(nps.value) if nps else "",
        round(figure.low, 2) if figure else "",
        round(figure.high, 2) if figure else "",
    ]


def _remarks(found: Iterable[Result]) -> list[Row]:
    rows: list[Row] = [[_("Question"), _("Remark")]]
    for result in found:
        rows += [[result.question.text, text] for text in result.texts]
    return rows
