"""Taking part, and asking people to."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from programs.forms.questions import field_for, value_of
from programs.models import Program, Role

MOST_AT_ONCE = 500


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
        kwargs["initial"] = {"version": version, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.current_version = version
        self.questions = {
            f"question_{question.pk}": question
            for question in program.join_questions.asked_of(role)
        }
        if role == Role.MENTOR:
            self.fields["capacity"] = forms.IntegerField(
                label=_("For how many mentees do you have room?"),
                help_text=_("At most %(most)s. You can change this later.")
                % {"most": program.capacity_max},
                min_value=1,
                max_value=program.capacity_max,
                initial=program.capacity_default,
            )
        for name, question in self.questions.items():
            self.fields[name] = field_for(question)
        self.order_fields(["capacity", "motivation", *self.questions, "accepted"])

    @property
    def asked(self) -> list[forms.BoundField]:
        """The programme's own questions, for the page."""
        return [self[name] for name in self.questions]

    @property
    def answers(self) -> dict[int, Any]:
        """What was answered, by question."""
        return {
            question.pk: value_of(question, self.cleaned_data.get(name))
            for name, question in self.questions.items()
        }

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
