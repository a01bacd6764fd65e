"""What is expected of a role."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class GuidelineForm(forms.Form):
    """What is expected of a role, in Markdown, in both languages."""

    body_nl = forms.CharField(
        label=_("In Dutch"),
        widget=forms.Textarea(attrs={"rows": 14}),
        max_length=20_000,
        required=False,
    )
    body_en = forms.CharField(
        label=_("In English"),
        widget=forms.Textarea(attrs={"rows": 14}),
        max_length=20_000,
        required=False,
    )

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("body_nl") and not data.get("body_en"):
            raise ValidationError(_("Write the guidelines in at least one language."))
        return data
