"""The HR feed: a CSV file read into a preview, and applied."""

from people.hrfeed.applying import apply, apply_upload, begin_upload, run_upload
from people.hrfeed.reading import column_of, decode, preview
from people.hrfeed.rows import ALIASES, KNOWN, LABELS, NEEDED, Preview, Row

__all__ = [
    "ALIASES",
    "KNOWN",
    "LABELS",
    "NEEDED",
    "Preview",
    "Row",
    "apply",
    "apply_upload",
    "begin_upload",
    "column_of",
    "decode",
    "preview",
    "run_upload",
]
