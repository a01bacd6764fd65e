"""What people say of themselves, and when they are away."""

import zoneinfo
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Field
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from mentoring.widgets import LongSelect
from people.forms.fields import DateInput, RangeInput
from people.models import (
    SPOKEN,
    STYLES,
    Absence,
    Profile,
    User,
)
from people.visibility import Circle, show

STYLE_ENDS = {
    "structure": (_("go with the flow"), _("clear agenda")),
    "talk": (_("listen first"), _("think aloud")),
    "pace": (_("take time"), _("keep moving")),
    "challenge": (_("encourage"), _("challenge")),
    "focus": (_("the person"), _("the task")),
}
SEEN_BY = {
    "offers": Circle.ORGANISATION,
    "wishes": Circle.TEAM,
    "absences": Circle.TEAM,
    "about": Circle.ORGANISATION,
    "pronouns": Circle.ORGANISATION,
    "languages": Circle.ORGANISATION,
    "meeting": Circle.ORGANISATION,
    "availability": Circle.ORGANISATION,
    "interests": Circle.ORGANISATION,
    "directions_been": Circle.TEAM,
    "directions_going": Circle.TEAM,
    **{f"style_{name}": Circle.TEAM for name in STYLES},
}
AWAY_AT_MOST = timedelta(days=2 * 366)


class ProfileForm(forms.ModelForm):
    """Everything on the profile but the topics, which are added one by one."""

    languages = forms.MultipleChoiceField(
        label=_("Languages I speak"),
        choices=SPOKEN,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    class Meta:
        model = Profile
        fields = [
            "about",
            "pronouns",
            "languages",
            "meeting",
            "availability",
            "directions_been",
            "directions_going",
            "interests",
            *[f"style_{name}" for name in STYLES],
        ]
        labels = {
            "directions_been": _("Where I have been"),
            "directions_going": _("Where I want to go"),
            "interests": _("Interests"),
        }
        help_texts = {
            "about": _("What you do, what drives you, what colleagues ask you for."),
            "pronouns": _("Optional, for example she/her."),
            "availability": _("For example: Tuesday and Thursday afternoon."),
        }
        widgets = {
            "about": forms.Textarea(attrs={"rows": 5}),
            "directions_been": forms.CheckboxSelectMultiple,
            "directions_going": forms.CheckboxSelectMultiple,
            "interests": forms.CheckboxSelectMultiple,
            **{f"style_{name}": RangeInput(STYLE_ENDS[name]) for name in STYLES},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("directions_been", "directions_going", "interests"):
            field = self.fields[name]
            field.queryset = field.queryset.by_name()  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            field.template_name = "people/field.html"  # type: ignore[attr-defined]
            field.seen_by = SEEN_BY[name].label  # type: ignore[attr-defined]

    def keep_what_is_right(self) -> None:
        """Save the fields that are valid, whatever is wrong with others."""
        plain, lists = {"saved_at": timezone.now()}, {}
        for name, value in self.cleaned_data.items():
            if self._meta.model._meta.get_field(name).many_to_many:
                lists[name] = value
            else:
                plain[name] = value
        Profile.objects.filter(pk=self.instance.pk).update(**plain)
        for name, value in lists.items():
            getattr(self.instance, name).set(value)


class AbsenceForm(forms.ModelForm):
    """From when until when somebody is away."""

    class Meta:
        model = Absence
        fields = ["starts_on", "ends_on"]
        widgets = {"starts_on": DateInput(), "ends_on": DateInput()}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        today, last = timezone.localdate(), data.get("ends_on")
        if last and last < today:
            self.add_error("ends_on", _("These days are over."))
        elif last and last > today + AWAY_AT_MOST:
            self.add_error("ends_on", _("Choose a day within two years."))
        return data


class SettingsForm(forms.ModelForm):
    """Language and time zone."""

    time_zone = forms.ChoiceField(label=_("Time zone"), widget=LongSelect)

    class Meta:
        model = User
        fields = ["language", "time_zone"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = sorted(
            name
            for name in zoneinfo.available_timezones()
            if "/" in name and not name.startswith(("Etc/", "SystemV/"))
        )
        if self.instance.time_zone not in zones:
            zones.insert(0, self.instance.time_zone)
        self.fields["time_zone"].choices = [  # type: ignore[attr-defined]
            (name, name.replace("_", " ")) for name in zones
        ]
        self.fields["language"].choices = [  # type: ignore[attr-defined]
            ("", _("what my browser asks for")),
            *settings.LANGUAGES,
        ]


def _named(name: str) -> Any:
    """How a part of the profile is called where it is not a field of the form."""
    outside = {
        "offers": _("topics I can help with"),
        "wishes": _("topics I want to learn"),
        "absences": _("when I am away"),
    }
    if name in outside:
        return outside[name]
    if name.startswith("style_"):
        part = Profile._meta.get_field(name)
        assert isinstance(part, Field)
        return format_lazy("{}: {}", _("working style"), part.verbose_name)
    return ProfileForm.base_fields[name].label


for circle in Circle:
    show(
        _("Your profile"),
        circle,
        [_named(name) for name, seen_by in SEEN_BY.items() if seen_by == circle],
    )
