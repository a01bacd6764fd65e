"""What HR uploads."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from people import hrfeed
from people.models import (
    FeedSettings,
)

MAX_UPLOAD = 15 * 1024 * 1024


class UploadForm(forms.Form):
    """The file from HR."""

    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("At least the columns email and name; comma, semicolon or tab."),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_UPLOAD:
            raise forms.ValidationError(_("The file is larger than 15 MB."))
        return file


class ColumnsForm(forms.Form):
    """For each column of a file, which of ours it is."""

    def __init__(
        self, *args: Any, columns: list[str], chosen: dict[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.columns = list(dict.fromkeys(columns))
        ours = (
            [("", _("not used"))]
            + [
                (name, capfirst(label))
                for name, label in hrfeed.LABELS.items()
                if name in hrfeed.KNOWN
            ]
            + [("language", _("Language"))]
        )
        for number, name in enumerate(self.columns):
            known = hrfeed.column_of(name, chosen)
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=name,
                choices=ours,
                required=False,
                initial=known if known in hrfeed.KNOWN else "",
            )

    @property
    def mapping(self) -> dict[str, str]:
        """What was chosen, by the name in the file."""
        return {
            name: self.cleaned_data.get(f"column_{number}", "")
            for number, name in enumerate(self.columns)
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        used = [value for value in data.values() if value]
        if len(set(used)) < len(used):
            raise forms.ValidationError(_("Choose each of our columns once."))
        if missing := hrfeed.NEEDED - set(used):
            labels = ", ".join(str(hrfeed.LABELS[name]) for name in sorted(missing))
            raise forms.ValidationError(
                _("Choose a column for: %(labels)s.") % {"labels": labels}
            )
        return data


class FeedSettingsForm(forms.ModelForm):
    """When a file is refused."""

    class Meta:
        model = FeedSettings
        fields = ["leavers_percent"]
