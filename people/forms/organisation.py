"""What the organisation is called and looks like."""

from collections.abc import Iterator
from typing import Any, cast

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from mentoring import colors
from mentoring.branding import STANDARD, WORDS
from people.models import (
    Organisation,
)
from people.models.organisation import LARGEST_LOGO, drawn_anew


class OrganisationForm(forms.ModelForm):
    """What the organisation is called, what it looks like, and its words."""

    logo = forms.FileField(
        label=_("Logo"),
        help_text=_("PNG, JPEG, WebP or GIF, at most 5 MB. It is made to fit."),
        required=False,
    )
    picked = forms.CharField(
        label=_("Or pick it"),
        widget=forms.TextInput(attrs={"type": "color"}),
        required=False,
    )
    without_logo = forms.BooleanField(label=_("Without a logo"), required=False)

    class Meta:
        model = Organisation
        fields = ["name", "accent"]
        help_texts = {
            "name": _("Shown beside the name Wegwijs: on pages, mails and papers."),
            "accent": _(
                "For buttons and links, such as #7a1f5c. Leave it empty for the colour"
                " of Wegwijs. Where it would be hard to read, the nearest shade that"
                " can be read takes its place."
            ),
        }
        widgets = {
            "accent": forms.TextInput(
                attrs={"maxlength": 7, "placeholder": STANDARD, "spellcheck": "false"}
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A browser always sends this one; it counts when somebody moved it.
        self.fields["picked"].initial = self.instance.accent or STANDARD
        for role, language, many in self._each_word():
            name = self.word_name(role, language, many=many)
            with translation.override(language):
                standard = str(WORDS[role][many])
            own = self.instance.words.get(role, {}).get(language, ("", ""))
            self.fields[name] = forms.CharField(
                label=_("%(word)s, in %(language)s")
                % {"word": standard, "language": _language(language)},
                max_length=30,
                required=False,
                initial=own[many],
                widget=forms.TextInput(
                    attrs={"placeholder": standard, "lang": language}
                ),
            )

    @staticmethod
    def word_name(role: str, language: str, *, many: bool) -> str:
        return f"{role}_{language}_{'many' if many else 'one'}"

    @staticmethod
    def _each_word() -> Iterator[tuple[str, str, bool]]:
        for role in WORDS:
            for language, _name in settings.LANGUAGES:
                for many in (False, True):
                    yield role, language, many

    @property
    def words(self) -> list[dict[str, Any]]:
        """The fields of the words, as a table: a row for each role and number."""
        return [
            {
                "standard": WORDS[role][many],
                "fields": [
                    self[self.word_name(role, language, many=many)]
                    for language, _name in settings.LANGUAGES
                ],
            }
            for role in WORDS
            for many in (False, True)
        ]

    def clean_accent(self) -> str:
        accent: str = self.cleaned_data["accent"].strip().lower()
        if accent and not accent.startswith("#"):
            accent = f"#{accent}"
        if accent and not colors.is_color(accent):
            raise forms.ValidationError(
                _("Write a colour as # and six digits or letters a to f.")
            )
        return accent

    def clean_logo(self) -> bytes | None:
        file = self.cleaned_data["logo"]
        if file is None:
            return None
        if file.size > LARGEST_LOGO:
            raise forms.ValidationError(_("The file is larger than 5 MB."))
        return drawn_anew(file.read())

    def clean_picked(self) -> str:
        """The colour that was picked, unless another one was typed."""
        changed = set(self.changed_data)
        picked: str = self.cleaned_data["picked"].strip().lower()
        if "picked" in changed and "accent" not in changed and colors.is_color(picked):
            self.cleaned_data["accent"] = self.instance.accent = picked
            sent = cast(QueryDict, self.data).copy()
            sent["accent"] = picked
            self.data = sent
        return picked

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        words: dict[str, dict[str, list[str]]] = {}
        for role in WORDS:
            for language, _name in settings.LANGUAGES:
                one, many = (
                    " ".join(
                        data.get(self.word_name(role, language, many=each), "").split()
                    )
                    for each in (False, True)
                )
                if bool(one) != bool(many):
                    self.add_error(
                        self.word_name(role, language, many=bool(one)),
                        _("Enter both the singular and the plural."),
                    )
                elif one:
                    words.setdefault(role, {})[language] = [one, many]
        self.instance.words = words
        return data


def _language(code: str) -> str:
    """What a language is called in the reader's."""
    return str(dict(settings.LANGUAGES)[code])
