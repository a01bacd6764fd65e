"""Tables for spreadsheets, in which no cell becomes a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

# What XML, and so a spreadsheet, cannot hold.
ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")

# How wide a column is at least and at most, in letters.
NARROW, BROAD = 10, 60

Row = Sequence[Any]


class Share(float):
    """A part of a whole from 0 to 1: a spreadsheet shows it in per cents."""

    def __str__(self) -> str:
        return f"{float(self):.4g}"


def defused(value: Any) -> Any:
    """A text that a spreadsheet would run is put behind an apostrophe; what no cell can
    hold becomes a space.
    """
    if not isinstance(value, str):
        return value
    text = ILLEGAL.sub(" ", value)
    return f"'{text}" if text.lstrip(" \n").startswith(DANGEROUS) else text


def csv_of(rows: Iterable[Row]) -> str:
    """With a byte order mark, so that Excel reads the accents."""
    out = io.StringIO()
    csv.writer(out).writerows([defused(cell) for cell in row] for row in rows)
    return f"\ufeff{out.getvalue()}"


def xlsx_of(sheets: dict[str, Iterable[Row]]) -> bytes:
    """One sheet for each name, its first row a head in bold."""
    # Not at the start of every process: only a download waits for it.
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    assert book.active
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name[:31])
        for row in rows:
            sheet.append([defused(cell) for cell in row])
        sheet.freeze_panes = "A2"
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        for column in sheet.columns:
            longest = max(len(str(cell.value or "")) for cell in column)
            width = min(BROAD, max(NARROW, longest + 2))
            sheet.column_dimensions[column[0].column_letter].width = width
            for cell in column:
                if isinstance(cell.value, Share):
                    cell.number_format = "0%"
                elif longest > BROAD:
                    cell.alignment = Alignment(wrap_text=True, vertical="top")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
