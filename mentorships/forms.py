"""Forms of a mentorship."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentorships.models import Action, Goal, Member, MentoringSession, Mentorship
from programs.forms import DateInput

LENGTHS = [
    (30, _("half an hour")),
    (45, _("three quarters of an hour")),
    (60, _("an hour")),
    (90, _("an hour and a half")),
    (120, _("two hours")),
]


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


def offer_length(form: forms.BaseForm, minutes: Any) -> None:
    """Let a length that is not one of the usual ones be chosen too."""
    if minutes and minutes not in dict(LENGTHS):
        form.fields["minutes"].choices = [  # type: ignore[attr-defined]
            *LENGTHS,
            (minutes, _("%(minutes)s minutes") % {"minutes": minutes}),
        ]


class SessionForm(forms.ModelForm):
    """When, how and where."""

    on = forms.DateField(label=_("Date"), widget=DateInput())
    at = forms.TimeField(label=_("Time"), widget=TimeInput())
    minutes = forms.TypedChoiceField(
        label=_("How long"), choices=LENGTHS, coerce=int, initial=60
    )

    class Meta:
        model = MentoringSession
        fields = ["minutes", "mode", "place", "subject"]
        labels = {
            "mode": _("How"),
            "place": _("Place or link"),
            "subject": _("Subject"),
        }
        help_texts = {
            "place": _("A room, or the link of the video call."),
            "subject": _("Optional. Both of you see it, nobody else."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_length(self, self.initial.get("minutes"))

    def wall(self) -> datetime:
        """The time on the clock."""
        return datetime.combine(self.cleaned_data["on"], self.cleaned_data["at"])

    def details(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


def as_lines(text: str) -> str:
    """Browsers end lines in their own way; the same words are the same text."""
    return text.replace("\r\n", "\n")


class LogForm(forms.Form):
    """What is written down after a session."""

    on = forms.DateField(label=_("Date"), widget=DateInput())
    minutes = forms.TypedChoiceField(label=_("How long"), choices=LENGTHS, coerce=int)
    came = forms.ModelMultipleChoiceField(
        label=_("Who was there"),
        queryset=Member.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    shared = forms.CharField(
        label=_("Shared notes"),
        help_text=_("Everybody in this mentorship sees these, nobody else."),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=20_000,
        required=False,
    )
    seen_version = forms.IntegerField(
        widget=forms.HiddenInput, initial=0, min_value=0, max_value=100_000
    )
    private = forms.CharField(
        label=_("Private note"),
        help_text=_("Only you can read this. It is kept encrypted."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=20_000,
        required=False,
    )
    action = forms.CharField(label=_("Action"), max_length=300, required=False)
    owner = forms.ModelChoiceField(
        label=_("Who"), queryset=Member.objects.none(), required=False
    )
    due_on = forms.DateField(label=_("By"), widget=DateInput(), required=False)

    def __init__(self, *args: Any, mentorship: Mentorship, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = mentorship.members.select_related("participant__user")
        for name in ("came", "owner"):
            self.fields[name].queryset = members  # type: ignore[attr-defined]
        offer_length(self, self.initial.get("minutes"))

    def have_seen(self, version: int) -> None:
        """Shown again, the form knows of this version of the shared notes."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["seen_version"] = str(version)
        self.data = data

    def clean_shared(self) -> str:
        return as_lines(self.cleaned_data["shared"])

    def clean_private(self) -> str:
        return as_lines(self.cleaned_data["private"])

    def clean_on(self) -> Any:
        day = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise ValidationError(
                _("A session that is still to come cannot be logged.")
            )
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("action") and not data.get("owner"):
            self.add_error("owner", _("Say who does it."))
        return data

    def next_actions(self) -> list[tuple[Member, str, Any]]:
        data = self.cleaned_data
        if not data["action"]:
            return []
        return [(data["owner"], data["action"], data["due_on"])]


class ActionForm(forms.ModelForm):
    """Something one of them will do."""

    class Meta:
        model = Action
        fields = ["text", "owner", "due_on"]
        labels = {"owner": _("Who")}
        widgets = {"due_on": DateInput()}

    def __init__(self, *args: Any, mentorship: Mentorship, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.mentorship = mentorship
        self.fields["owner"].queryset = (  # type: ignore[attr-defined]
            mentorship.members.select_related("participant__user")
        )


class RhythmForm(forms.ModelForm):
    """How often they meet."""

    class Meta:
        model = Mentorship
        fields = ["rhythm_days"]
        labels = {"rhythm_days": _("Rhythm")}


class GoalForm(forms.ModelForm):
    """The five parts of a SMART goal."""

    steps = forms.CharField(
        label=_("Steps on the way"),
        help_text=_("One on each line."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )

    class Meta:
        model = Goal
        fields = ["specific", "measure", "start", "target", "relevance", "by_on"]
        help_texts = {
            "specific": _("For example: I chair the weekly meeting by myself."),
            "measure": _("What you count. For example: meetings chaired."),
        }
        widgets = {"by_on": DateInput()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["steps"]

    def step_texts(self) -> list[str]:
        """The steps, one for each line that says something."""
        lines = self.cleaned_data["steps"].splitlines()
        return [line.strip()[:200] for line in lines if line.strip()]

    def clean_by_on(self) -> Any:
        day = self.cleaned_data["by_on"]
        if day <= timezone.localdate() and not self.instance.pk:
            raise ValidationError(_("Choose a day that is still to come."))
        return day


class MilestoneForm(forms.Form):
    """One more step on the way."""

    text = forms.CharField(label=_("Another step"), max_length=200)


class ProgressForm(forms.Form):
    """Where the goal stands now."""

    value = forms.DecimalField(
        label=_("Where do you stand now?"), max_digits=9, decimal_places=1
    )


class CloseGoalForm(forms.Form):
    """Reached or let go, with a look back."""

    state = forms.ChoiceField(
        label=_("How did it end?"),
        choices=[c for c in Goal.State.choices if c[0] != "active"],
        widget=forms.RadioSelect,
    )
    reflection = forms.CharField(
        label=_("Looking back"),
        help_text=_("What helped? What would you do differently?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        required=False,
    )
