"""Results as a file: what is on the page, and nothing that is not."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.models import Question, Wave
from feedback.results import Cut, Result, named_answers, results, trends
from mentoring.branding import role_word
from mentoring.spreadsheets import Share, csv_of, xlsx_of

Row = list[Any]


def as_csv(wave: Wave) -> str:
    """One table: a row for each question, group and answer, then each remark; what is
    true of the whole survey stands in every row.
    """
    sheets, found = results(wave, texts=None)
    facts = _facts(wave, sheets)
    blank = [""] * 6
    rows = [
        *_figures(wave, found),
        *(
            [question, _("remark"), "", "", remark, *blank]
            for question, remark in _remarks(found)
        ),
        *(
            [question, _("person"), who, "", words, *blank]
            for who, _role, question, words in _named(wave)
        ),
    ]
    head = [*(name for name, _value in facts), *_head()]
    return csv_of([head, *([*(value for _name, value in facts), *row] for row in rows)])


def as_xlsx(wave: Wave) -> bytes:
    """A sheet of what it is about, of figures, of remarks; of a named survey one of who
    answered what.
    """
    sheets, found = results(wave, texts=None)
    book: dict[str, Iterable[Sequence[Any]]] = {
        _("About"): [
            [_("Results"), ""],
            *([name, fact] for name, fact in _facts(wave, sheets)),
        ],
        _("Figures"): [_head(), *_figures(wave, found)],
        _("Remarks"): [[_("Question"), _("Remark")], *_remarks(found)],
    }
    if wave.survey.is_named:
        head = [_("Who"), _("Role"), _("Question"), _("Answer")]
        book[_("Who answered what")] = [head, *_named(wave)]
    return xlsx_of(book)


def _facts(wave: Wave, sheets: int) -> list[tuple[str, Any]]:
    survey = wave.survey
    asked, answered, *_counting = wave.invitations.counted()
    return [
        (_("Programme"), survey.program.name),
        (_("Survey"), survey.name),
        (_("Opened"), timezone.localdate(wave.opens_at)),
        (_("Closes"), timezone.localdate(wave.closes_at)),
        (_("Asked"), asked),
        (_("Answered"), answered),
        (_("Counted here"), sheets),
    ]


def _head() -> Row:
    return [
        _("Question"),
        _("Grouped by"),
        _("Group"),
        _("Answers"),
        _("Answer"),
        _("How many"),
        _("Share"),
        _("Mean"),
        _("NPS"),
        _("from"),
        _("to"),
    ]


def _figures(wave: Wave, found: Iterable[Result]) -> list[Row]:
    rows: list[Row] = []
    for result in found:
        question = result.question.text
        if result.is_hidden:
            few = [question, _("all"), _("all"), "", _("too few to show")]
            rows.append([*few, "", "", "", "", "", ""])
        elif result.question.kind != Question.Kind.TEXT:
            whole = Cut(
                _("all"),
                result.answered,
                mean=result.interval,
                nps=result.nps_interval,
                counts=[(bar.label, bar.count) for bar in result.bars],
            )
            rows += _of_group(question, _("all"), whole)
            for side in result.sides:
                share = Share(side.count / result.answered)
                row = [question, _("all"), _("all"), result.answered, side.label]
                rows.append([*row, side.count, share, "", "", "", ""])
            for by, cuts in (
                (_("role"), result.roles),
                (_("department"), result.departments),
            ):
                for cut in cuts:
                    rows += _of_group(question, by, cut)
    return rows + _over_time(wave)


def _of_group(question: str, by: str, cut: Cut) -> list[Row]:
    """First its mean, then how many gave each answer."""
    mean, nps = cut.mean, cut.nps
    figure = mean or nps
    start = [question, by, cut.label, cut.answered]
    return [
        [
            *start,
            "",
            "",
            "",
            round(mean.value, 2) if mean else "",
            round(nps.value) if nps else "",
            round(figure.low, 2) if figure else "",
            round(figure.high, 2) if figure else "",
        ],
        *(
            [*start, label, count, Share(count / cut.answered), "", "", "", ""]
            for label, count in cut.counts
            if cut.answered
        ),
    ]


def _over_time(wave: Wave) -> list[Row]:
    """How it went over the times that the survey was asked."""
    return [
        [
            trend.question.text,
            _("over time"),
            point.label,
            point.number,
            "",
            "",
            "",
            "" if trend.is_nps else round(point.value, 2),
            round(point.value) if trend.is_nps else "",
            round(point.low, 2),
            round(point.high, 2),
        ]
        for trend in ([] if wave.survey.is_named else trends(wave.survey))
        for point in trend.chart.points
    ]


def _remarks(found: Iterable[Result]) -> list[Row]:
    return [[result.question.text, text] for result in found for text in result.texts]


def _named(wave: Wave) -> list[Row]:
    """Of a named survey, which says so on top, who answered what."""
    return [
        [
            answer.invitation.to.name,
            role_word(answer.invitation.role),
            answer.question.text,
            answer.words,
        ]
        for answer in named_answers(wave)
    ]
