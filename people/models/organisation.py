"""What the organisation is called, what it looks like, and its words for the roles."""

from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from PIL import Image, UnidentifiedImageError

from mentoring import colors
from mentoring.branding import Brand

LARGEST_LOGO = 5 * 1024 * 1024
# By content, whatever the name of the file says.
LOGO_KINDS = ("PNG", "JPEG", "WEBP", "GIF")
LOGO_BOX = (480, 160)
MOST_PIXELS = 40_000_000


class Organisation(models.Model):
    """Whose site this is; there is one row, once somebody has chosen."""

    name = models.CharField(_("name of the organisation"), max_length=80, blank=True)
    accent = models.CharField(_("accent colour"), max_length=7, blank=True)
    # Drawn anew from what was uploaded, so that nothing else is in it.
    logo = models.BinaryField(null=True, editable=False)
    # By role and language: the word for one and for many.
    words = models.JSONField(default=dict, blank=True)
    # Made of all that is shown, so that it changes when that does.
    version = models.CharField(max_length=12, blank=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="one_organisation")
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def current(cls) -> "Organisation":
        """What was chosen, else what one begins with."""
        found = cls.objects.defer("logo").filter(pk=1).first()
        return found or cls(pk=1, name=settings.ORGANISATION_NAME)


def read_brand() -> Brand:
    """What pages, mails and papers show of it."""
    fields = ("name", "accent", "words", "version", "has_logo")
    row: Any = (
        Organisation.objects.filter(pk=1)
        .annotate(
            has_logo=models.Case(
                models.When(logo=None, then=False),
                default=True,
                output_field=models.BooleanField(),
            )
        )
        .values_list(*fields)
        .first()
    )
    if row is None:
        return Brand(name=settings.ORGANISATION_NAME)
    name, accent, words, version, has_logo = row
    colored = (
        {"light": colors.for_light(accent), "dark": colors.for_dark(accent)}
        if accent
        else {}
    )
    return Brand(
        name=name,
        version=version,
        has_logo=has_logo,
        has_accent=bool(accent),
        words=words,
        **colored,
    )


def logo_now() -> bytes | None:
    """The logo as PNG, if there is one."""
    found = Organisation.objects.filter(pk=1).values_list("logo", flat=True).first()
    return bytes(found) if found else None


def drawn_anew(content: bytes) -> bytes:
    """A picture of a fitting size, as PNG, with nothing in it but what one sees.

    Raises ``ValidationError`` when it is no picture that we know.
    """
    if len(content) > LARGEST_LOGO:
        raise ValidationError(_("The file is larger than 5 MB."))
    start = content[:1000].lstrip().lower()
    if start.startswith((b"<svg", b"<?xml", b"<!doctype svg")):
        raise ValidationError(
            _(
                "An SVG can carry more than a picture, so it is not taken. Save the"
                " logo as PNG."
            )
        )
    try:
        picture = Image.open(BytesIO(content), formats=LOGO_KINDS)
        if picture.width * picture.height > MOST_PIXELS:
            raise ValidationError(_("The picture is too large. Make it smaller first."))
        drawn = picture.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise ValidationError(
            _("This is no picture that we can read. Save it as PNG or JPEG.")
        ) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValidationError(
            _("The picture is too large. Make it smaller first.")
        ) from error
    drawn.thumbnail(LOGO_BOX)
    out = BytesIO()
    drawn.save(out, "PNG", optimize=True)
    return out.getvalue()
