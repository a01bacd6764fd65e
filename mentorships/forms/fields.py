"""Fields that several forms share."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentorships.guides import guides
from people.forms import DateInput

LENGTHS = [
    (30, _("half an hour")),
    (45, _("three quarters of an hour")),
    (60, _("an hour")),
    (90, _("an hour and a half")),
    (120, _("two hours")),
]
RATINGS = [(number, str(number)) for number in range(1, 6)]

__all__ = ["LENGTHS", "RATINGS", "DateInput", "TimeInput"]


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class SeenField(forms.IntegerField):
    """Which state of a thing a form was filled in from: it changes that, and no later
    one.
    """

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(min_value=0, required=False)


def look_again(form: forms.BaseForm, seen: int) -> None:
    """Show a form with what was typed, to be sent once more about what is there now."""
    form.data = form.data.copy()  # type: ignore[attr-defined]
    form.data["seen"] = str(seen)  # type: ignore[index]


def offer_length(form: forms.BaseForm, minutes: Any) -> None:
    """Let a length that is not one of the usual ones be chosen too."""
    if minutes and minutes not in dict(LENGTHS):
        form.fields["minutes"].choices = [  # type: ignore[attr-defined]
            *LENGTHS,
            (minutes, _("%(minutes)s minutes") % {"minutes": minutes}),
        ]


def not_passed(day: date | None) -> None:
    """What somebody will do is done today or later."""
    if day and day < timezone.localdate():
        raise ValidationError(_("Choose today or a day that is still to come."))


def guide_choices() -> list[tuple[str, Any]]:
    """The session guides as agendas to choose from."""
    return [
        ("", _("No guide")),
        *((key, guide.title) for key, guide in guides().items()),
    ]


def as_lines(text: str) -> str:
    """Browsers end lines in their own way; the same words are the same text.

    Nothing but spaces is no text.
    """
    return text.replace("\r\n", "\n") if text.strip() else ""
