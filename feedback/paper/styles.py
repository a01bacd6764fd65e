"""How text stands on the report of results, and how wide it may be."""

from xml.sax.saxutils import escape

from django.utils.formats import number_format
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph

from mentoring.paper import BOLD, INK, PLAIN, QUIET, drawable

MARGIN = 22 * mm
WIDTH = A4[0] - 2 * MARGIN
BODY = ParagraphStyle("body", fontName=PLAIN, fontSize=9.5, leading=14, textColor=INK)
SMALL = ParagraphStyle("small", BODY, fontSize=8.5, leading=12, textColor=QUIET)
HEAD = ParagraphStyle("head", BODY, fontName=BOLD, fontSize=12, leading=16)
PART = ParagraphStyle("part", HEAD, fontSize=9.5, leading=13, spaceBefore=6)
TITLE = ParagraphStyle("title", HEAD, fontSize=21, leading=27, spaceAfter=4)
QUOTE = ParagraphStyle("quote", BODY, leftIndent=12, spaceAfter=5, bulletFontName=PLAIN)


def paragraph(
    said: str, style: ParagraphStyle = BODY, *, bullet: str | None = None
) -> Paragraph:
    marked = "<br/>".join(escape(drawable(line)) for line in said.splitlines())
    return Paragraph(marked, style, bulletText=bullet)


def number(value: float, places: int) -> str:
    return number_format(f"{value:.{places}f}").replace("-", "−")
