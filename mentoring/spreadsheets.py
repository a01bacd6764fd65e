"""Tables for spreadsheets, in which no cell becomes a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

# What XML, and so a spreadsheet, cannot hold.
ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")

Row = Sequence[Any]


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
    """One sheet for each name."""
    # Not at the start of every process: only a download waits for it.
    from openpyxl import Workbook

    book = Workbook()
    assert book.active
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name[:31])
        for row in rows:
            sheet.append([defused(cell) for cell in row])
        sheet.freeze_panes = "A2"
        sheet.column_dimensions["A"].width = 60
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
