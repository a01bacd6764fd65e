"""Forms of sessions: plan, offer, log, tap."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentorships.forms.fields import (
    LENGTHS,
    RATINGS,
    DateInput,
    SeenField,
    TimeInput,
    as_lines,
    guide_choices,
    not_passed,
    offer_length,
)
from mentorships.models import (
    Action,
    Member,
    MentoringSession,
    Mentorship,
    SessionOffer,
)
from mentorships.models.notes import LONGEST, LONGEST_TOGETHER

TIMES = [
    (1, _("Once")),
    (2, _("Twice, at your rhythm")),
    (3, _("Three times, at your rhythm")),
    (4, _("Four times, at your rhythm")),
    (6, _("Six times, at your rhythm")),
]
OFFERED = 3
# What marks the fields of each action that one can write down with a session.
NEXT = ("", "2", "3")


class SessionForm(forms.ModelForm):
    """When, how and where."""

    seen = SeenField()
    on = forms.DateField(label=_("Date"), widget=DateInput())
    at = forms.TimeField(label=_("Time"), widget=TimeInput())
    minutes = forms.TypedChoiceField(
        label=_("How long"), choices=LENGTHS, coerce=int, initial=60
    )

    guide_key = forms.ChoiceField(
        label=_("Agenda"),
        choices=guide_choices,
        required=False,
        help_text=_("A session guide that everybody finds with the session."),
    )
    times = forms.TypedChoiceField(
        label=_("How often"),
        choices=TIMES,
        coerce=int,
        initial=1,
        required=False,
        empty_value=None,
    )

    class Meta:
        model = MentoringSession
        fields = ["minutes", "mode", "place", "subject", "guide_key"]
        labels = {
            "mode": _("How"),
            "place": _("Place or link"),
            "subject": _("Subject"),
        }
        help_texts = {
            "place": _("A room, or the link of the video call."),
            "subject": _(
                "Optional. Everybody in this mentorship sees it, nobody else."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["times"]
            self.initial["seen"] = self.instance.ics_sequence
        else:
            del self.fields["seen"]
        offer_length(self, self.initial.get("minutes"))

    def clean_times(self) -> int:
        return self.cleaned_data["times"] or 1

    def wall(self) -> datetime:
        """The time on the clock."""
        return datetime.combine(self.cleaned_data["on"], self.cleaned_data["at"])

    def details(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class OfferForm(forms.ModelForm):
    """Up to three moments for the others to pick from."""

    minutes = forms.TypedChoiceField(
        label=_("How long"), choices=LENGTHS, coerce=int, initial=60
    )
    guide_key = forms.ChoiceField(
        label=_("Agenda"), choices=guide_choices, required=False
    )

    class Meta:
        model = SessionOffer
        fields = ["minutes", "mode", "place", "subject", "guide_key"]
        labels = SessionForm.Meta.labels
        help_texts = SessionForm.Meta.help_texts

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].label = _("Place or link")
        self.fields["mode"].label = _("How")
        self.fields["subject"].label = _("Subject")
        for number in range(1, OFFERED + 1):
            needed = number == 1
            self.fields[f"on{number}"] = forms.DateField(
                label=_("Date %(number)s") % {"number": number},
                widget=DateInput(),
                required=needed,
            )
            self.fields[f"at{number}"] = forms.TimeField(
                label=_("Time %(number)s") % {"number": number},
                widget=TimeInput(),
                required=needed,
            )

    def moments(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Date and time of each moment, to be shown side by side."""
        return [
            (self[f"on{number}"], self[f"at{number}"])
            for number in range(1, OFFERED + 1)
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for number in range(2, OFFERED + 1):
            on, at = data.get(f"on{number}"), data.get(f"at{number}")
            if on and not at:
                self.add_error(f"at{number}", _("Say at what time."))
            if at and not on:
                self.add_error(f"on{number}", _("Say on which day."))
        return data

    def walls(self) -> list[datetime]:
        """The moments on the clock, each once."""
        data = self.cleaned_data
        found = [
            datetime.combine(data[f"on{number}"], data[f"at{number}"])
            for number in range(1, OFFERED + 1)
            if data[f"on{number}"]
        ]
        return sorted(set(found))


class PreparationForm(forms.Form):
    """What I want to talk about."""

    body = forms.CharField(
        label=_("What I want to talk about"),
        help_text=_("Everybody in this mentorship sees it before you meet."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
    )


class NoteForm(forms.Form):
    """The shared notes as somebody types them, and the text they began with."""

    # As it was kept while it was typed: a space less would be another text.
    shared = forms.CharField(required=False, strip=False)
    base = forms.CharField(
        widget=forms.HiddenInput,
        max_length=LONGEST_TOGETHER,
        required=False,
        strip=False,
    )

    def clean_shared(self) -> str:
        return as_lines(self.cleaned_data["shared"])

    def clean_base(self) -> str:
        return as_lines(self.cleaned_data["base"])

    def clean(self) -> dict[str, Any]:
        """Refuse notes that became too long, and not what two of them wrote together:
        that may be longer, and stays as long as it is.
        """
        data = super().clean() or {}
        most = max(LONGEST, len(data.get("base", "")))
        if len(data.get("shared", "")) > most:
            self.add_error(
                "shared",
                _("Write at most %(most)s characters here.") % {"most": f"{most:,}"},
            )
        return data


class LogForm(NoteForm):
    """What is written down after a session."""

    field_order = ["on", "minutes", "came"]

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
        required=False,
        strip=False,
    )
    private = forms.CharField(
        label=_("Private note"),
        help_text=_("Only you can read this. It is kept encrypted."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=20_000,
        required=False,
    )
    rating = forms.TypedChoiceField(
        label=_("How useful was it?"),
        help_text=_("1 is not, 5 is very. Only you see this."),
        choices=RATINGS,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    done = forms.ModelMultipleChoiceField(
        label=_("What was done since last time?"),
        help_text=_("The rest stays open."),
        queryset=Action.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, mentorship: Mentorship, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = mentorship.members.select_related("participant__user")
        self.fields["came"].queryset = members  # type: ignore[attr-defined]
        actions = mentorship.actions.open().select_related("owner__participant__user")
        if actions:
            done = self.fields["done"]
            done.queryset = actions  # type: ignore[attr-defined]
            done.label_from_instance = "{0.text} ({0.owner})".format  # type: ignore[attr-defined]
        else:
            del self.fields["done"]
        labels = [_("Action"), _("Who"), _("By")]
        for mark in NEXT:
            action, owner, due_on = (f"{label} {mark}".strip() for label in labels)
            self.fields[f"action{mark}"] = forms.CharField(
                label=action, max_length=300, required=False
            )
            self.fields[f"owner{mark}"] = forms.ModelChoiceField(
                label=owner,
                queryset=members,
                required=False,
                initial=self.initial.get("owner"),
            )
            self.fields[f"due_on{mark}"] = forms.DateField(
                label=due_on, widget=DateInput(), required=False
            )
        offer_length(self, self.initial.get("minutes"))

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
        data = super().clean()
        for mark in NEXT:
            if not data.get(f"action{mark}"):
                continue
            if not data.get(f"owner{mark}"):
                self.add_error(f"owner{mark}", _("Say who does it."))
            try:
                not_passed(data.get(f"due_on{mark}"))
            except ValidationError as error:
                self.add_error(f"due_on{mark}", error)
        return data

    def one_more(self) -> list[tuple[forms.BoundField, ...]]:
        """The second action and those after it, each with its owner and its day."""
        return [
            tuple(self[f"{name}{mark}"] for name in ("action", "owner", "due_on"))
            for mark in NEXT[1:]
        ]

    def is_more(self) -> bool:
        """Whether there is something in them to look at."""
        return any(
            field.errors or (field is row[0] and field.value())
            for row in self.one_more()
            for field in row
        )

    def next_actions(self) -> list[tuple[Member, str, Any]]:
        data = self.cleaned_data
        return [
            (data[f"owner{mark}"], data[f"action{mark}"], data[f"due_on{mark}"])
            for mark in NEXT
            if data[f"action{mark}"]
        ]


class TapForm(forms.Form):
    """We met, it was moved, or it did not happen: from the mail, in one tap."""

    MET, MOVED, MISSED = "met", "moved", "missed"

    seen = SeenField()
    outcome = forms.ChoiceField(
        choices=[(MET, MET), (MOVED, MOVED), (MISSED, MISSED)],
        widget=forms.HiddenInput,
    )
    minutes = forms.TypedChoiceField(
        label=_("How long"),
        choices=LENGTHS,
        coerce=int,
        widget=forms.RadioSelect,
        required=False,
        empty_value=None,
    )
    rating = forms.TypedChoiceField(
        label=_("How useful was it?"),
        help_text=_("1 is not, 5 is very. Only you see this."),
        choices=RATINGS,
        coerce=int,
        widget=forms.RadioSelect,
        required=False,
        empty_value=None,
    )
    on = forms.DateField(label=_("Date"), widget=DateInput(), required=False)
    at = forms.TimeField(label=_("Time"), widget=TimeInput(), required=False)

    def __init__(self, *args: Any, session: MentoringSession, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lengths = sorted({*dict(LENGTHS), session.minutes})
        self.fields["minutes"].choices = [  # type: ignore[attr-defined]
            (minutes, _("%(minutes)s min") % {"minutes": minutes})
            for minutes in lengths
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("outcome") == self.MOVED:
            for name, words in (
                ("on", _("Say on which day.")),
                ("at", _("Say at what time.")),
            ):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, words)
        return data

    def wall(self) -> datetime:
        return datetime.combine(self.cleaned_data["on"], self.cleaned_data["at"])


class CallOffForm(forms.Form):
    """This session, or also those of its series that come after it."""

    ONE, SERIES = "one", "series"

    seen = SeenField()
    which = forms.ChoiceField(choices=[(ONE, ONE), (SERIES, SERIES)], required=False)


class VouchForm(forms.Form):
    """That they met: when, and how long."""

    on = forms.DateField(label=_("Date"), widget=DateInput())
    minutes = forms.TypedChoiceField(
        label=_("How long"), choices=LENGTHS, coerce=int, initial=60
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_length(self, self.initial.get("minutes"))

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise ValidationError(
                _("A session that is still to come cannot be logged.")
            )
        return day
