"""Files that people download: known by what is in them, whatever they are called."""

import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

LARGEST = 5 * 1024 * 1024
OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN = "application/vnd.oasis.opendocument."
# A file that lists more parts than any document has is no document.
MOST_PARTS = 5000


@dataclass(frozen=True)
class Paper:
    """A kind of file that is taken: its ending, and how browsers are told."""

    ending: str
    content_type: str


PDF = Paper("pdf", "application/pdf")
PNG = Paper("png", "image/png")
JPEG = Paper("jpg", "image/jpeg")
BY_FOLDER = {
    "word/": Paper("docx", f"{OFFICE}wordprocessingml.document"),
    "ppt/": Paper("pptx", f"{OFFICE}presentationml.presentation"),
    "xl/": Paper("xlsx", f"{OFFICE}spreadsheetml.sheet"),
}
BY_MIMETYPE = {
    f"{OPEN}text": Paper("odt", f"{OPEN}text"),
    f"{OPEN}presentation": Paper("odp", f"{OPEN}presentation"),
    f"{OPEN}spreadsheet": Paper("ods", f"{OPEN}spreadsheet"),
}
KINDS = {
    paper.ending: paper
    for paper in (PDF, PNG, JPEG, *BY_FOLDER.values(), *BY_MIMETYPE.values())
}


def paper_of(content: bytes) -> Paper:
    """What kind of file this is; ``ValidationError`` for what is not taken."""
    if len(content) > LARGEST:
        raise ValidationError(_("The file is larger than 5 MB."))
    if content.startswith(b"%PDF-"):
        return PDF
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    found = _document(content) if content.startswith(b"PK\x03\x04") else None
    if found is None:
        raise ValidationError(
            _(
                "This kind of file is not taken. Give a PDF, a PNG or JPEG picture, or"
                " a document, presentation or spreadsheet of Office or LibreOffice."
            )
        )
    return found


def _document(content: bytes) -> Paper | None:
    """A document in a zip; none that brings a program along."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            if len(names) > MOST_PARTS:
                return None
            if any(PurePath(name).name == "vbaProject.bin" for name in names):
                raise ValidationError(
                    _("There are macros in this file. Save it without them first.")
                )
            if "mimetype" in names:
                with archive.open("mimetype") as file:
                    return BY_MIMETYPE.get(file.read(200).decode("ascii", "replace"))
    except (
        zipfile.BadZipFile,
        zlib.error,
        UnicodeError,
        NotImplementedError,
        RuntimeError,
        OSError,
        EOFError,
    ):
        return None
    if "[Content_Types].xml" not in names:
        return None
    return next(
        (
            paper
            for folder, paper in BY_FOLDER.items()
            if any(name.startswith(folder) for name in names)
        ),
        None,
    )


def download_name(called: str, paper: Paper) -> str:
    """What a browser saves it as: the name it had, and the ending of what it is."""
    return f"{slugify(PurePath(called).stem)[:80] or 'file'}.{paper.ending}"
