"""Papers to keep: a certificate in both languages, and a statement of hours.

Drawn from facts alone: who, which programme, when and how often. What they spoke about
is on no paper.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import formats, translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from mentoring.branding import STANDARD, role_word
from mentoring.paper import BOLD, INK, LOGO_BOX, PLAIN, QUIET, canvas_of, drawable

LINES_A_PAGE = 30


@dataclass(frozen=True)
class Award:
    """What a certificate says."""

    name: str
    role: Callable[[], str]
    program: Callable[[], str]
    organisation: str
    first: date
    last: date
    sessions: int
    minutes: int
    code: str
    link: str
    # The accent of the organisation, and its logo as PNG.
    color: str = STANDARD
    logo: bytes | None = None


@dataclass(frozen=True)
class Hours:
    """What a statement of hours says: each session by day and length."""

    name: str
    program: str
    organisation: str
    sessions: Sequence[tuple[date, int]]
    made_on: date
    color: str = STANDARD

    @property
    def minutes(self) -> int:
        return sum(minutes for _day, minutes in self.sessions)


def in_hours(minutes: int) -> str:
    """Hours and minutes, as one writes them on a form."""
    return f"{minutes // 60}:{minutes % 60:02}"


def hours_words(minutes: int) -> str:
    """Hours and minutes in words: with a colon it would be a time of day."""
    hours, rest = divmod(minutes, 60)
    words = ngettext("%(number)s hour", "%(number)s hours", hours) % {"number": hours}
    if not rest:
        return words
    more = _("%(number)s min") % {"number": rest}
    return f"{words} {more}" if hours else more


def _centred(
    canvas: Canvas, y: float, text: str, font: str, size: float, color: HexColor = INK
) -> None:
    """A line in the middle of the page, smaller when it would not fit."""
    text = drawable(text)
    width = canvas._pagesize[0]
    while size > 8 and pdfmetrics.stringWidth(text, font, size) > width - 50 * mm:
        size -= 1
    canvas.setFillColor(color)
    canvas.setFont(font, size)
    canvas.drawCentredString(width / 2, y, text)


def _logo(canvas: Canvas, logo: bytes, y: float) -> None:
    """The logo in the middle, as large as its box allows."""
    width, height = LOGO_BOX
    canvas.drawImage(
        ImageReader(io.BytesIO(logo)),
        (canvas._pagesize[0] - width) / 2,
        y,
        width,
        height,
        mask="auto",
        preserveAspectRatio=True,
    )


def certificate(award: Award, languages: Sequence[str]) -> bytes:
    """A page in each language, with a link and a square that lead to its proof."""
    canvas, buffer = canvas_of(landscape(A4), f"Wegwijs {award.code}")
    for language in languages:
        with translation.override(language):
            _certificate_page(canvas, award)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _certificate_page(canvas: Canvas, award: Award) -> None:
    width, height = canvas._pagesize
    color = HexColor(award.color)
    canvas.setStrokeColor(color)
    canvas.setLineWidth(1.2)
    canvas.roundRect(12 * mm, 12 * mm, width - 24 * mm, height - 24 * mm, 5 * mm)
    if award.logo:
        _logo(canvas, award.logo, height - 31 * mm)
    over = " · ".join(filter(None, ["Wegwijs", award.organisation]))
    _centred(canvas, height - 38 * mm, over, PLAIN, 11, QUIET)
    _centred(canvas, height - 54 * mm, _("Certificate"), BOLD, 30, color)
    _centred(canvas, height - 70 * mm, _("This is to say that"), PLAIN, 12)
    _centred(canvas, height - 86 * mm, award.name, BOLD, 24)
    said = _("took part as %(role)s in %(program)s") % {
        "role": award.role(),
        "program": award.program(),
    }
    _centred(canvas, height - 100 * mm, said, PLAIN, 14)
    when = _("from %(first)s to %(last)s") % {
        "first": formats.date_format(award.first, "j F Y"),
        "last": formats.date_format(award.last, "j F Y"),
    }
    _centred(canvas, height - 110 * mm, when, PLAIN, 12)
    count = _("Sessions: %(sessions)s · together %(hours)s") % {
        "sessions": award.sessions,
        "hours": hours_words(award.minutes),
    }
    _centred(canvas, height - 122 * mm, count, PLAIN, 12)
    check = _("Check this certificate: %(code)s") % {"code": award.code}
    _centred(canvas, 31 * mm, check, PLAIN, 10, QUIET)
    _centred(canvas, 24 * mm, award.link, PLAIN, 10, color)
    canvas.linkURL(award.link, (40 * mm, 20 * mm, width - 60 * mm, 30 * mm))
    square = QrCodeWidget(award.link)
    left, bottom, right, top = square.getBounds()
    side = 26 * mm
    drawing = Drawing(
        side, side, transform=[side / (right - left), 0, 0, side / (top - bottom), 0, 0]
    )
    drawing.add(square)
    renderPDF.draw(drawing, canvas, width - 46 * mm, 18 * mm)


def statement(hours: Hours) -> bytes:
    """Day and length of each session, and what they come to."""
    canvas, buffer = canvas_of(A4, _("Statement of hours"))
    rows = list(hours.sessions)
    pages = [
        rows[start : start + LINES_A_PAGE]
        for start in range(0, max(1, len(rows)), LINES_A_PAGE)
    ]
    for number, page in enumerate(pages, 1):
        y = _statement_head(canvas, hours)
        for day, minutes in page:
            canvas.setFont(PLAIN, 10.5)
            canvas.setFillColor(INK)
            canvas.drawString(25 * mm, y, formats.date_format(day, "j F Y"))
            canvas.drawRightString(120 * mm, y, in_hours(minutes))
            y -= 6 * mm
        if number == len(pages):
            canvas.setStrokeColor(QUIET)
            canvas.line(25 * mm, y + 2 * mm, 120 * mm, y + 2 * mm)
            canvas.setFont(BOLD, 10.5)
            canvas.drawString(25 * mm, y - 3 * mm, _("Total"))
            canvas.drawRightString(120 * mm, y - 3 * mm, in_hours(hours.minutes))
        canvas.setFont(PLAIN, 9)
        canvas.setFillColor(QUIET)
        foot = _("Page %(number)s of %(total)s") % {
            "number": number,
            "total": len(pages),
        }
        canvas.drawString(25 * mm, 15 * mm, foot)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _statement_head(canvas: Canvas, hours: Hours) -> float:
    """The head of a page; gives back where the lines begin."""
    top = canvas._pagesize[1] - 30 * mm
    canvas.setFillColor(HexColor(hours.color))
    canvas.setFont(BOLD, 18)
    canvas.drawString(25 * mm, top, _("Statement of hours"))
    canvas.setFillColor(INK)
    canvas.setFont(PLAIN, 11)
    lines = [
        hours.name,
        _("%(role)s in %(program)s")
        % {"role": capfirst(role_word("mentor")), "program": hours.program},
        hours.organisation,
        _("Made on %(day)s") % {"day": formats.date_format(hours.made_on, "j F Y")},
    ]
    y = top - 10 * mm
    for line in filter(None, lines):
        canvas.drawString(25 * mm, y, drawable(line))
        y -= 6 * mm
    y -= 4 * mm
    canvas.setFillColor(QUIET)
    canvas.setFont(PLAIN, 9)
    canvas.drawString(25 * mm, y, _("Date"))
    canvas.drawRightString(120 * mm, y, _("Hours"))
    return float(y - 7 * mm)
