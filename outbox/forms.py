"""A programme's own words for a kind of message."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from outbox.models import Wording
from outbox.wording import check

PARTS = ("subject", "body")
SUBJECT, BODY = _("Subject of the mail"), _("Text")


def one_line(text: str) -> None:
    """Refuse a subject of several lines: no mail can have one."""
    if len(text.splitlines()) > 1:
        raise ValidationError(_("A subject is one line."))


class WordingForm(forms.Form):
    """A subject and a text in each language; what is left empty is as shipped."""

    def __init__(self, *args: Any, program_id: int, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = {
            each.language: each
            for each in Wording.objects.filter(program_id=program_id, kind=kind)
        }
        for language, name in settings.LANGUAGES:
            found = own.get(language)
            self.fields[f"subject_{language}"] = forms.CharField(
                label=f"{SUBJECT} ({name})",
                max_length=150,
                required=False,
                validators=[check, one_line],
                initial=found.subject if found else "",
            )
            self.fields[f"body_{language}"] = forms.CharField(
                label=f"{BODY} ({name})",
                max_length=5000,
                required=False,
                validators=[check],
                initial=found.body if found else "",
                widget=forms.Textarea(attrs={"rows": 7}),
            )

    def own(self, language: str) -> tuple[str, str]:
        """Subject and text as they are kept."""
        subject, body = (
            str(self.fields[f"{part}_{language}"].initial) for part in PARTS
        )
        return subject, body

    @property
    def languages(self) -> list[str]:
        """Those in which something changed."""
        changed = {name.rpartition("_")[2] for name in self.changed_data}
        return [
            language for language, _name in settings.LANGUAGES if language in changed
        ]

    @property
    def texts(self) -> dict[str, tuple[str, str]]:
        """Subject and text for each language."""
        return {
            language: (
                self.cleaned_data[f"subject_{language}"].strip(),
                self.cleaned_data[f"body_{language}"].strip(),
            )
            for language, _name in settings.LANGUAGES
        }
