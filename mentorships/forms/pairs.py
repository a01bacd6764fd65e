"""Forms of a mentorship as a whole."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mentoring.branding import worded
from mentorships.forms.fields import (
    LENGTHS,
    DateInput,
    not_passed,
    offer_length,
)
from mentorships.models import Action, Agreement, Member, Mentorship
from programs.models import Program


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
            Member.objects.filter(mentorship=mentorship).select_related(
                "participant__user"
            )
        )

    def clean_due_on(self) -> Any:
        day = self.cleaned_data["due_on"]
        not_passed(day)
        return day


class RhythmForm(forms.ModelForm):
    """How often they meet."""

    class Meta:
        model = Mentorship
        fields = ["rhythm_days"]
        labels = {"rhythm_days": _("Rhythm")}


class GroupNameForm(forms.ModelForm):
    """What the group calls itself."""

    class Meta:
        model = Mentorship
        fields = ["name"]


class UntilForm(forms.Form):
    """A day that is still to come."""

    until = forms.DateField(widget=DateInput())

    def __init__(self, *args: Any, label: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].label = label


class AgreementForm(forms.ModelForm):
    """How we want to work together."""

    field_order = ["rhythm_days"]

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)
    # Kept with the mentorship, which has a rhythm before anything was agreed.
    rhythm_days = forms.TypedChoiceField(
        label=_("How often"),
        choices=Program.Rhythm.choices,
        coerce=int,
        required=False,
        empty_value=None,
    )
    minutes = forms.TypedChoiceField(
        label=_("How long we meet"), choices=LENGTHS, coerce=int
    )

    class Meta:
        model = Agreement
        fields = ["minutes", "channel", "confidentiality", "expectations", "first_goal"]
        widgets = {
            "confidentiality": forms.Textarea(attrs={"rows": 3}),
            "expectations": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "channel": _("For example: by video, and once a month over lunch."),
            "confidentiality": _(
                "For example: all that we say, unless we both agree to tell it."
            ),
            "expectations": _(
                "For example: whoever came to learn plans; who cannot come says so a"
                " day ahead."
            ),
            "first_goal": _("One sentence. You can make it a goal afterwards."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_length(self, self.instance.minutes)


class FitForm(forms.Form):
    """Does it click? For oneself."""

    ANSWERS = [
        ("yes", _("Yes, I look forward to going on")),
        ("doubt", _("I am not sure yet")),
        ("no", _("No, I would rather have another match")),
    ]

    answer = forms.ChoiceField(
        label=_("Does it click?"), choices=ANSWERS, widget=forms.RadioSelect
    )


class ConcernForm(forms.Form):
    """Something is off: what, and whether somebody should call."""

    MATTERS = [
        ("time", _("We hardly find the time")),
        ("click", _("It does not click")),
        ("use", _("I get too little out of it")),
        ("silence", _("I hear nothing from the other")),
        ("trust", _("I do not feel safe to speak freely")),
        ("other", _("Something else")),
    ]

    matter = forms.ChoiceField(
        label=_("What is it?"), choices=MATTERS, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("In your own words"),
        help_text=_("Optional. Only you can read this. It is kept encrypted."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        required=False,
    )
    ask = forms.BooleanField(
        label=worded(_("Ask the %(coordinator_word)s to call me")),
        help_text=_("They hear that you want to talk about this mentorship, not why."),
        required=False,
    )


class LeaveForm(forms.Form):
    """Why one leaves a group, for oneself; and when one wants another."""

    SOON, LATER = "soon", "later"

    again = forms.ChoiceField(
        label=_("A new match for you"),
        choices=[
            (SOON, _("Yes, in the next round")),
            (LATER, _("Yes, but later: I pause first")),
        ],
        initial=SOON,
        widget=forms.RadioSelect,
    )
    again_on = forms.DateField(
        label=_("I am back on"),
        help_text=_("Only when you pause first. Until then nobody matches you."),
        required=False,
        widget=DateInput(),
    )
    reason = forms.CharField(
        label=_("Why you leave"),
        help_text=_("Optional. Only you can read this. It is kept encrypted."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """A day is asked of who pauses, and of nobody else."""
        data = super().clean() or {}
        if data.get("again") != self.LATER:
            data["again_on"] = None
        elif "again_on" not in self.errors and not data.get("again_on"):
            self.add_error("again_on", _("Say when you are back."))
        return data


class EndForm(forms.Form):
    """Why one ends it, for oneself."""

    reason = forms.CharField(
        label=_("Why you end it"),
        help_text=_("Optional. Only you can read this. It is kept encrypted."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
    )
