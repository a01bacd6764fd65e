"""What people say of themselves, and what HR uploads."""

import zoneinfo
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from people import hrfeed
from people.models import STYLES, FeedSettings, Profile, Topic, TopicFamily, User
from people.visibility import Circle, show

SPOKEN = [
    ("nl", _("Dutch")),
    ("en", _("English")),
    ("de", _("German")),
    ("fr", _("French")),
    ("es", _("Spanish")),
    ("pl", _("Polish")),
    ("tr", _("Turkish")),
    ("ar", _("Arabic")),
]
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
MAX_UPLOAD = 15 * 1024 * 1024


class RangeInput(forms.NumberInput):
    """A slider with what its two ends mean."""

    input_type = "range"
    template_name = "people/range.html"

    def __init__(self, ends: tuple[Any, Any]) -> None:
        super().__init__(attrs={"min": 1, "max": 5, "step": 1})
        self.ends = ends

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        return {**super().get_context(name, value, attrs), "ends": self.ends}

    def format_value(self, value: Any) -> str:
        return super().format_value(value) or "3"


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


class SettingsForm(forms.ModelForm):
    """Language and time zone."""

    time_zone = forms.ChoiceField(label=_("Time zone"))

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


class TopicForm(forms.ModelForm):
    """A topic, with its synonyms as lines of text."""

    words = forms.CharField(
        label=_("Other words for it, in either language"),
        help_text=_("One on each line. People find the topic by these as well."),
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
    )

    class Meta:
        model = Topic
        fields = ["name_nl", "name_en", "family"]
        labels = {"family": _("Family")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["family"].queryset = TopicFamily.objects.by_name()  # type: ignore[attr-defined]
        self.fields["words"].initial = "\n".join(self.instance.synonyms)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        lines = [line.strip() for line in data.get("words", "").splitlines()]
        self.instance.synonyms = [line[:120] for line in lines if line][:40]
        return data


class FamilyForm(forms.ModelForm):
    """A family of topics."""

    class Meta:
        model = TopicFamily
        fields = ["name_nl", "name_en", "parent", "is_soft"]
        help_texts = {
            "parent": _("Optional. Families stand in a tree of two levels."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        larger = TopicFamily.objects.filter(parent=None).exclude(pk=self.instance.pk)
        self.fields["parent"].queryset = larger.by_name()  # type: ignore[attr-defined]


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


class PersonForm(forms.Form):
    """Somebody who is not in the HR feed."""

    name = forms.CharField(label=_("Name"), max_length=150)
    email = forms.EmailField(label=_("E-mail address"))


class RoleForm(forms.Form):
    """A role in the organisation."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=[("", _("no role")), *User.OrgRole.choices],
        required=False,
    )


def _named(name: str) -> Any:
    """How a part of the profile is called where it is not a field of the form."""
    outside = {
        "offers": _("topics I can help with"),
        "wishes": _("topics I want to learn"),
    }
    if name in outside:
        return outside[name]
    return ProfileForm.base_fields[name].label


for circle in Circle:
    show(
        _("Your profile"),
        circle,
        [_named(name) for name, seen_by in SEEN_BY.items() if seen_by == circle],
    )
