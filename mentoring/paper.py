"""What every paper of ours looks like: its letters and its colours."""

import io
import unicodedata
from functools import cache

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from mentoring.branding import brand

PLAIN, BOLD = "Vera", "VeraBd"
INK, QUIET = HexColor("#1f2a2e"), HexColor("#57656c")
LOGO_BOX = (60 * mm, 14 * mm)
LINE, TRACK = HexColor("#c9d1d4"), HexColor("#eef1f1")


def accent() -> HexColor:
    """The colour of the organisation, as it is on light ground."""
    return HexColor(brand().light)


@cache
def fonts() -> TTFont:
    """Letters for most of Europe, which come with the library that draws."""
    plain = TTFont(PLAIN, "Vera.ttf")
    pdfmetrics.registerFont(plain)
    pdfmetrics.registerFont(TTFont(BOLD, "VeraBd.ttf"))
    pdfmetrics.registerFontFamily(PLAIN, normal=PLAIN, bold=BOLD)
    return plain


def drawable(text: str) -> str:
    """The text in signs that the letters have; a mark they lack is left off."""
    known = fonts().face.charToGlyph
    out = []
    for sign in text:
        if ord(sign) in known:
            out.append(sign)
            continue
        bare = unicodedata.normalize("NFKD", sign)[0]
        out.append(bare if ord(bare) in known else "·")
    return "".join(out)


def canvas_of(
    pagesize: tuple[float, float], title: str, *, language: str = "nl"
) -> tuple[Canvas, io.BytesIO]:
    """An empty paper, and where it is written."""
    fonts()
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=pagesize, invariant=1, lang=language)
    canvas.setTitle(title)
    canvas.setAuthor("Wegwijs")
    return canvas, buffer
