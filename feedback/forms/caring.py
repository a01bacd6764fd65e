"""Forms with which a coordinator looks after pairs."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.models import CareItem, CareSettings
from feedback.models.care import AGREED
from people.models import User

A_WEEK = timedelta(days=7)


class CareSettingsForm(forms.ModelForm):
    """How a programme listens."""

    class Meta:
        model = CareSettings
        fields = [
            "rest_days",
            "grace_days",
            "threshold",
            "weight_rhythm",
            "weight_contact",
            "weight_planned",
            "weight_goals",
            "weight_agreement",
        ]
        help_texts = {
            "threshold": _(
                "A pair also comes into it when it has not met for twice its own rhythm"
                " with nothing on the calendar, whatever its figure, and at once when"
                " somebody asks to be called."
            )
        }


class SnoozeForm(forms.Form):
    """On which day a pair is looked at again."""

    until = forms.DateField(
        label=_("Back on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=lambda: timezone.localdate() + A_WEEK,
        error_messages={"required": _("Choose a day.")},
    )


class CloseForm(forms.Form):
    """How it went on."""

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        # Closing an item ends nothing and pauses nothing: they do so themselves.
        choices=[
            (value, AGREED.get(value, label))
            for value, label in CareItem.Outcome.choices
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("In a few words"),
        max_length=300,
        required=False,
        help_text=_(
            "Say why when you choose “nothing needed”. Write nothing about a person."
        ),
    )


class CareMessageForm(forms.Form):
    """A message to one of the pair."""

    to = forms.ModelChoiceField(queryset=User.objects.none(), widget=forms.HiddenInput)
    body = forms.CharField(
        label=_("Message"), max_length=2000, widget=forms.Textarea(attrs={"rows": 10})
    )

    def __init__(self, *args: Any, item: CareItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to = self.fields["to"]
        assert isinstance(to, forms.ModelChoiceField)
        to.queryset = User.objects.working_here().filter(
            participations__memberships__mentorship=item.mentorship_id
        )
