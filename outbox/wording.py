"""How a programme says something itself."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mentoring.mail import Wording as Said
from outbox.kinds import Content
from outbox.models import Message, Wording

# What may stand between braces, and what it becomes.
PLACEHOLDERS = ("name", "others", "programme")
BRACES = re.compile(r"\{([^{}]*)\}")


def wording_of(message: Message, content: Content) -> Said:
    """The programme's own subject and text in the language that is spoken now."""
    if not message.program_id:
        return "", ""
    language = (get_language() or settings.LANGUAGE_CODE)[:2]
    found = Wording.objects.filter(
        program_id=message.program_id, kind=message.kind, language=language
    ).first()
    if found is None:
        return "", ""
    return filled((found.subject, found.body), message, content)


def filled(own: Said, message: Message, content: Content) -> Said:
    """A subject and a text with what stands for the braces in this message."""
    values = {
        "name": message.to.first_name,
        "others": str(content.context.get("other_names", "")),
        "programme": str(getattr(content.context.get("program"), "name", "")),
    }
    return fill(own[0], values), fill(own[1], values)


def fill(text: str, values: dict[str, str]) -> str:
    """The text with what stands for the braces; one that is not known stays."""
    return BRACES.sub(lambda found: values.get(found[1].strip(), found[0]), text)


def check(text: str) -> None:
    """Raises ``ValidationError`` when something between braces means nothing."""
    unknown = [
        word for word in BRACES.findall(text) if word.strip() not in PLACEHOLDERS
    ]
    if unknown:
        raise ValidationError(
            _("“{%(word)s}” stands for nothing. Choose from: %(choices)s.")
            % {
                "word": unknown[0],
                "choices": ", ".join("{" + word + "}" for word in PLACEHOLDERS),
            }
        )
