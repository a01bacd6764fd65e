"""Figures on paper: bars, a table of groups, and a line over time."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from reportlab.graphics.shapes import Circle, Drawing, Line, PolyLine, Rect, String
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Table, TableStyle

from feedback.models import Question
from feedback.paper.styles import BODY, SMALL, WIDTH, number, paragraph
from feedback.results import Cut, Result
from mentoring import charts
from mentoring.paper import INK, LINE, PLAIN, QUIET, TRACK, accent, drawable

ROW, LABEL = 15, 62 * mm
# A line says enough at this width, and more of them fit on a page.
LINE_WIDTH = 0.66 * WIDTH
ON_ONE_PAGE = 30


def share_bar(share: int) -> Drawing:
    """How many of all answered."""
    drawing = Drawing(WIDTH, 9)
    color = accent()
    drawing.add(Rect(0, 0, WIDTH, 9, 4, 4, fillColor=TRACK, strokeColor=None))
    if share:
        drawing.add(
            Rect(0, 0, WIDTH * share / 100, 9, 4, 4, fillColor=color, strokeColor=None)
        )
    return drawing


def bars(chart: charts.Bars) -> list[Drawing]:
    """A row for each answer: what it is called, how many as a bar, and in figures. So
    many of them that a page can be turned in between.
    """
    return [
        _bars(chart, chart.rows[place : place + ON_ONE_PAGE])
        for place in range(0, len(chart.rows), ON_ONE_PAGE)
    ]


def _bars(chart: charts.Bars, rows: Sequence[charts.Bar]) -> Drawing:
    longest = max(stringWidth(drawable(bar.label), PLAIN, 9) for bar in chart.rows)
    label = min(LABEL, longest + 10)
    room = WIDTH - label - 78
    drawing = Drawing(WIDTH, ROW * len(rows))
    for place, bar in enumerate(rows):
        y = drawing.height - ROW * (place + 1)
        text = drawable(bar.label)
        while stringWidth(text, PLAIN, 9) > label - 8:
            text = text[:-2].rstrip() + "…"
        drawing.add(String(0, y + 4, text, fontName=PLAIN, fontSize=9, fillColor=INK))
        drawing.add(Rect(label, y + 2, room, 10, fillColor=TRACK, strokeColor=None))
        if bar.count:
            drawing.add(
                Rect(
                    label,
                    y + 2,
                    max(1, room * bar.share / 100),
                    10,
                    fillColor=accent(),
                    strokeColor=None,
                )
            )
        for x, figure in ((WIDTH - 38, f"{bar.count}"), (WIDTH, f"{bar.share}%")):
            drawing.add(
                String(
                    x,
                    y + 4,
                    figure,
                    fontName=PLAIN,
                    fontSize=9,
                    fillColor=INK,
                    textAnchor="end",
                )
            )
    return drawing


def cut_table(result: Result, cuts: list[Cut]) -> Table:
    kind = result.question.kind
    head = [_("Group"), _("Answers")]
    if kind in {Question.Kind.SCALE, Question.Kind.NPS}:
        head += ["NPS" if kind == Question.Kind.NPS else _("Mean")]
        head += [_("Probably between")]
    else:
        head += [name for name, _share in cuts[0].shares]
    rows = [[paragraph(each, SMALL) for each in head]]
    for cut in cuts:
        cells = [cut.label[:1].upper() + cut.label[1:], str(cut.answered)]
        figure, places = (cut.mean, 1) if cut.mean else (cut.nps, 0)
        if figure:
            cells.append(number(figure.value, places))
            low, high = number(figure.low, places), number(figure.high, places)
            cells.append(f"{low} – {high}")
        else:
            cells += [f"{share}%" for _name, share in cut.shares]
        rows.append([paragraph(each, BODY) for each in cells])
    first = 45 * mm
    rest = (WIDTH - first) / (len(head) - 1)
    return Table(
        rows,
        colWidths=[first, *[rest] * (len(head) - 1)],
        style=TableStyle(
            [
                ("LINEBELOW", (0, 0), (-1, -2), 0.5, LINE),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("LEFTPADDING", (0, 0), (0, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
            ]
        ),
    )


def line(chart: charts.Line) -> Drawing:
    """The line of the page, on paper: the same places, counted from below."""
    scale = LINE_WIDTH / chart.width
    drawing = Drawing(LINE_WIDTH, chart.height * scale)

    def at(x: float, y: float) -> tuple[float, float]:
        return x * scale, (chart.height - y) * scale

    for tick, y in chart.ticks:
        left, height = at(chart.left, y)
        right, _same = at(chart.right, y)
        drawing.add(Line(left, height, right, height, strokeColor=LINE))
        drawing.add(_mark(left - 6, height - 3, f"{tick:.0f}", "end"))
    for x in chart.breaks:
        across, low = at(x, chart.bottom)
        drawing.add(
            Line(
                across,
                low,
                across,
                at(x, chart.top)[1],
                strokeColor=QUIET,
                strokeDashArray=[3, 3],
            )
        )
    points = [at(point.x, point.y) for point in chart.points]
    color = accent()
    for point in chart.points:
        if point.low == point.high:
            continue
        x, low = at(point.x, point.y_low)
        _same, high = at(point.x, point.y_high)
        for ends in (
            (x, low, x, high),
            (x - 5, low, x + 5, low),
            (x - 5, high, x + 5, high),
        ):
            drawing.add(Line(*ends, strokeColor=QUIET, strokeWidth=1.6))
    drawing.add(
        PolyLine(
            [c for each in points for c in each], strokeColor=accent(), strokeWidth=2
        )
    )
    for x, y in points:
        drawing.add(Circle(x, y, 2.8, fillColor=color, strokeColor=None))
    for point in chart.points:
        x, high = at(point.x, point.y_high)
        if point.value_at:
            figure = number(point.value, chart.places)
            drawing.add(_mark(x, high + 6, figure, point.value_at))
        if point.label_at:
            drawing.add(_mark(x, 4, point.label, point.label_at))
    return drawing


def _mark(x: float, y: float, text: str, anchor: str) -> String:
    return String(
        x,
        y,
        drawable(text),
        fontName=PLAIN,
        fontSize=8.5,
        fillColor=INK,
        textAnchor=anchor,
    )
