"""Forms of a programme."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from people.models import User
from programs.models import Program, ProgramGoal, Role

MOST_AT_ONCE = 500
# A share ends at a hundred, an answer at five.
MOST = {
    "match_rate": 100,
    "on_rhythm": 100,
    "goals_reached": 100,
    "response_rate": 100,
    "satisfaction": 5,
}


class DateInput(forms.DateInput):
    """A date picker of the browser's own."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ProgramForm(forms.ModelForm):
    """What a programme is."""

    class Meta:
        model = Program
        fields = [
            "name_nl",
            "name_en",
            "purpose_nl",
            "purpose_en",
            "theme_nl",
            "theme_en",
            "model",
            "join_mode",
            "starts_on",
            "ends_on",
            "matching_on",
            "rhythm_days",
            "hours_a_month",
            "capacity_default",
            "capacity_max",
        ]
        widgets = {
            "purpose_nl": forms.Textarea(attrs={"rows": 4}),
            "purpose_en": forms.Textarea(attrs={"rows": 4}),
            "starts_on": DateInput(),
            "ends_on": DateInput(),
            "matching_on": DateInput(),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What rounds can match so far: a mentor and a mentee, either way round.
        self.fields["model"].choices = [  # type: ignore[attr-defined]
            (model.value, model.label)
            for model in (Program.Model.ONE_TO_ONE, Program.Model.REVERSE)
        ]
        if not self.instance._state.adding and not self.instance.is_draft:
            # People read it, joined it, and may be in a mentorship by it.
            del self.fields["model"]
            self.fields["starts_on"].required = True
            self.fields["ends_on"].required = True

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not data.get("name_nl") and not data.get("name_en"):
            self.add_error("name_nl", _("Give the programme a name."))
        starts, ends = data.get("starts_on"), data.get("ends_on")
        if starts and ends and ends <= starts:
            self.add_error("ends_on", _("A programme ends after it starts."))
        matching = data.get("matching_on")
        if matching and ends and matching >= ends:
            self.add_error("matching_on", _("Matches are announced before the end."))
        least, most = data.get("capacity_default"), data.get("capacity_max")
        if least is not None and least < 1:
            self.add_error("capacity_default", _("At least one."))
        elif least and most is not None and most < least:
            self.add_error(
                "capacity_max",
                _("The most a mentor may have is at least what they begin with."),
            )
        return data


class ProgramGoalForm(forms.ModelForm):
    """A measurable goal, with a measure that the programme has no goal for yet."""

    class Meta:
        model = ProgramGoal
        fields = ["measure", "target", "baseline", "by_on"]
        widgets = {"by_on": DateInput()}
        help_texts = {
            "target": _("The figure you want to reach."),
            "baseline": _("Optional. What it was before the programme."),
            "by_on": _("Optional. Otherwise the last day of the programme."),
        }

    def __init__(self, *args: Any, program: Program, **kwargs: Any) -> None:
        kwargs["instance"] = ProgramGoal(program=program)
        super().__init__(*args, **kwargs)
        taken = set(program.goals.values_list("measure", flat=True))
        self.fields["measure"].choices = [  # type: ignore[attr-defined]
            (value, label)
            for value, label in ProgramGoal.Measure.choices
            if value not in taken
        ]
        self.fields["target"].min_value = 0  # type: ignore[attr-defined]

    def clean_target(self) -> Decimal:
        target: Decimal = self.cleaned_data["target"]
        if target < 0:
            raise ValidationError(_("Give a figure of zero or more."))
        return target

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        most = MOST.get(data.get("measure", ""))
        target = data.get("target")
        if most is not None and target is not None and target > most:
            self.add_error(
                "target", _("This measure goes up to %(most)s.") % {"most": most}
            )
        return data


class GuidelineForm(forms.Form):
    """What is expected of a role, in Markdown, in both languages."""

    body_nl = forms.CharField(
        label=_("In Dutch"), widget=forms.Textarea(attrs={"rows": 14}), required=False
    )
    body_en = forms.CharField(
        label=_("In English"), widget=forms.Textarea(attrs={"rows": 14}), required=False
    )

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("body_nl") and not data.get("body_en"):
            raise ValidationError(_("Write the guidelines in at least one language."))
        return data


class JoinForm(forms.Form):
    """Taking part: for how many, what one hopes for, and the guidelines accepted."""

    motivation = forms.CharField(
        label=_("What do you hope for?"),
        help_text=_("Optional. Seen by the programme team and by your match."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        required=False,
    )
    accepted = forms.BooleanField(
        label=_("I have read the guidelines and I accept them"),
        error_messages={"required": _("Accept the guidelines to take part.")},
    )
    # Which guidelines stood on the page.
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, program: Program, role: str, version: int, **kwargs: Any
    ) -> None:
        kwargs["initial"] = {"version": version}
        super().__init__(*args, **kwargs)
        self.current_version = version
        if role == Role.MENTOR:
            self.fields["capacity"] = forms.IntegerField(
                label=_("For how many mentees do you have room?"),
                help_text=_("At most %(most)s. You can change this later.")
                % {"most": program.capacity_max},
                min_value=1,
                max_value=program.capacity_max,
                initial=program.capacity_default,
            )
            self.order_fields(["capacity", "motivation", "accepted"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        read = data.get("version")
        if read is not None and read != self.current_version:
            # Shown again with the version that is on the page now.
            now = str(self.current_version)
            self.data = {**dict(self.data.items()), "version": now}
            self.add_error(
                "accepted",
                _(
                    "The guidelines changed while you were reading. Please read them"
                    " again."
                ),
            )
        return data


class CapacityForm(forms.Form):
    """For how many people a mentor has room."""

    capacity = forms.IntegerField(label=_("Room for how many mentees"), min_value=1)

    def __init__(self, *args: Any, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["capacity"].widget.attrs["max"] = most


class InviteForm(forms.Form):
    """Addresses to ask, pasted as they come."""

    role = forms.ChoiceField(label=_("As"))
    emails = forms.CharField(
        label=_("E-mail addresses"),
        help_text=_(
            "One on each line, or with commas between them. Pasting from your"
            " mail program works too."
        ),
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    def __init__(self, *args: Any, program: Program, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (role.value, capfirst(role.label)) for role in program.joining_roles
        ]

    def clean_emails(self) -> list[str]:
        """The addresses, also out of ``Name <address>``."""
        emails, bad = [], []
        for piece in re.split(r"[,;\n]", self.cleaned_data["emails"]):
            inside = re.search(r"<([^>]*)>", piece)
            for word in [inside[1]] if inside else piece.split():
                try:
                    validate_email(word)
                except ValidationError:
                    bad.append(word)
                else:
                    emails.append(word)
        if bad:
            raise ValidationError(
                _("Not an e-mail address: %(words)s") % {"words": ", ".join(bad[:5])}
            )
        if len(emails) > MOST_AT_ONCE:
            raise ValidationError(
                _("At most %(most)s addresses at once.") % {"most": MOST_AT_ONCE}
            )
        if not emails:
            raise ValidationError(_("Give at least one e-mail address."))
        return emails


class CoordinatorForm(forms.Form):
    """Who runs the programme."""

    email = forms.EmailField(label=_("E-mail address of the new coordinator"))

    def clean_email(self) -> User:
        user = (
            User.objects.working_here()
            .filter(email__iexact=self.cleaned_data["email"])
            .first()
        )
        if user is None:
            raise ValidationError(_("Nobody here has this e-mail address."))
        if user.is_it_admin:
            raise ValidationError(
                _("An IT admin does not see who takes part, so cannot be coordinator.")
            )
        return user
