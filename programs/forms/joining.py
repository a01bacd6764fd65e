"""Taking part, and asking people to."""

import re
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from mentoring.branding import role_word
from people.forms import DateInput
from people.hrfeed import decode
from people.models import User, UserQuerySet
from programs.forms.eligibility import values_in_use
from programs.forms.questions import field_for, value_of
from programs.models import Program, Role, people_let_in

MOST_AT_ONCE = 500
LARGEST_FILE = 1024 * 1024


def manager_field(manager: User) -> forms.BooleanField:
    """Whether one's manager, by name, may see that one takes part."""
    return forms.BooleanField(
        label=_("%(name)s, my manager, may see that I take part")
        % {"name": manager.name},
        help_text=_("Only that. You can take it back at any time."),
        required=False,
    )


class ManagerForm(forms.Form):
    """Whether one's manager may see that one takes part."""

    def __init__(self, *args: Any, manager: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["manager_may_know"] = manager_field(manager)


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
        self,
        *args: Any,
        program: Program,
        role: str,
        version: int,
        manager: User | None = None,
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = {"version": version, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.current_version = version
        self.manager = manager
        self.questions = {
            f"question_{question.pk}": question
            for question in program.join_questions.asked_of(role)
        }
        if role == Role.MENTOR:
            self.fields["capacity"] = forms.IntegerField(
                label=_("For how many %(mentees_word)s do you have room?")
                % {"mentees_word": role_word("mentee", many=True)},
                help_text=_("At most %(most)s. You can change this later.")
                % {"most": program.capacity_max},
                min_value=1,
                max_value=program.capacity_max,
                initial=program.capacity_default,
            )
        for name, question in self.questions.items():
            self.fields[name] = field_for(question)
        if manager:
            self.fields["manager_may_know"] = manager_field(manager)
        self.order_fields(
            ["capacity", "motivation", *self.questions, "manager_may_know", "accepted"]
        )

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
            shown = cast(QueryDict, self.data).copy()
            shown["version"] = str(self.current_version)
            self.data = shown
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

    capacity = forms.IntegerField(min_value=1)

    def __init__(self, *args: Any, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["capacity"]
        field.label = _("Room for how many %(mentees_word)s") % {
            "mentees_word": role_word("mentee", many=True)
        }
        field.widget.attrs["max"] = most


class PauseForm(forms.Form):
    """Until when one pauses."""

    until = forms.DateField(label=_("I am back on"), widget=DateInput())


class InviteForm(forms.Form):
    """Whom to ask: addresses pasted as they come, out of a file, or by HR fields."""

    HR_FIELDS = ("department", "location", "job")

    role = forms.ChoiceField(label=_("As"))
    emails = forms.CharField(
        label=_("E-mail addresses"),
        help_text=_(
            "One on each line, or with commas between them. Pasting from your"
            " mail program works too."
        ),
        widget=forms.Textarea(attrs={"rows": 6}),
        required=False,
    )
    file = forms.FileField(
        label=_("Or a CSV file"),
        help_text=_("Every e-mail address in it is asked; other columns are not kept."),
        required=False,
    )
    department = forms.MultipleChoiceField(
        label=_("Or everybody of these departments"),
        help_text=_("Only who may join in this role and does not take part yet."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    location = forms.MultipleChoiceField(
        label=_("At these locations"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    job = forms.MultipleChoiceField(
        label=_("With these jobs"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, program: Program, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.program = program
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (role.value, capfirst(role.label)) for role in program.joining_roles
        ]
        for name in self.HR_FIELDS:
            self.fields[name].choices = [  # type: ignore[attr-defined]
                (value, value) for value in values_in_use(name)
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
                _("Not an e-mail address: %(words)s. Correct it or take it out.")
                % {"words": ", ".join(bad[:5])}
            )
        return emails

    def clean_file(self) -> list[str]:
        """The addresses in a file, in whichever column they stand."""
        file = self.cleaned_data["file"]
        if file is None:
            return []
        if file.size > LARGEST_FILE:
            raise ValidationError(_("The file is larger than 1 MB."))
        found = []
        for word in re.split(r"[\s,;\t\"<>]+", decode(file.read())):
            try:
                validate_email(word)
            except ValidationError:
                continue
            found.append(word)
        if not found:
            raise ValidationError(_("There is no e-mail address in this file."))
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        emails = [*data["emails"], *data["file"], *self._by_hr_fields(data)]
        data["emails"] = list(dict.fromkeys(email.lower() for email in emails))
        if not data["emails"] and self._chosen(data):
            self.add_error("department", _("Nobody there may join and does not yet."))
        elif not data["emails"]:
            self.add_error(
                "emails",
                _("Give an e-mail address, a file, or a department, location or job."),
            )
        elif len(data["emails"]) > MOST_AT_ONCE:
            raise ValidationError(
                _("At most %(most)s addresses at once; this is %(number)s.")
                % {"most": MOST_AT_ONCE, "number": len(data["emails"])}
            )
        return data

    @property
    def is_by_group(self) -> bool:
        """Whether it names people whom nobody typed: that is looked at first."""
        data = self.cleaned_data
        return bool(self._chosen(data) or data["file"])

    def _chosen(self, data: dict[str, Any]) -> bool:
        return any(data[name] for name in self.HR_FIELDS)

    def _by_hr_fields(self, data: dict[str, Any]) -> list[str]:
        """Who works there, may join in the role, and does not take part."""
        people = self._there(data)
        taking_part = self.program.participants.active().values("user")
        return list(
            people.filter(self._let_in(data))
            .exclude(pk__in=taking_part)
            .values_list("email", flat=True)
        )

    def _there(self, data: dict[str, Any]) -> UserQuerySet:
        """Who works in what was chosen."""
        people = User.objects.working_here()
        if not self._chosen(data):
            return people.none()
        for name in self.HR_FIELDS:
            if data[name]:
                people = people.filter(**{f"employment__{name}__in": data[name]})
        return people

    def _let_in(self, data: dict[str, Any]) -> Q:
        return people_let_in(list(self.program.eligibility.filter(role=data["role"])))

    def not_asked(self) -> list[tuple[User, str]]:
        """Who works there and is not asked, and why."""
        there = self._there(self.cleaned_data)
        taking_part = set(
            self.program.participants.active().values_list("user", flat=True)
        )
        let_in = set(
            there.filter(self._let_in(self.cleaned_data)).values_list("pk", flat=True)
        )
        return [
            (
                user,
                str(
                    _("takes part already")
                    if user.pk in taking_part
                    else _("may not join in this role")
                ),
            )
            for user in there
            if user.pk in taking_part or user.pk not in let_in
        ]
