"""What a programme is, and who runs it."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from mentoring.branding import worded
from people.forms import DateInput
from people.models import User
from programs.models import NAME_TAKEN, Program, ProgramQuerySet


def refuse_taken_names(form: forms.BaseForm, others: ProgramQuerySet) -> None:
    """By their names people tell programmes apart."""
    taken = others.names()
    for field in ("name_nl", "name_en"):
        if str(form.cleaned_data.get(field) or "").casefold() in taken:
            form.add_error(field, NAME_TAKEN)


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
            "matching_on",
            "starts_on",
            "ends_on",
            "rhythm_days",
            "hours_a_month",
            "capacity_default",
            "capacity_max",
            "most_people",
        ]
        widgets = {
            "purpose_nl": forms.Textarea(attrs={"rows": 4}),
            "purpose_en": forms.Textarea(attrs={"rows": 4}),
            "starts_on": DateInput(),
            "ends_on": DateInput(),
            "matching_on": DateInput(),
        }

        help_texts = {
            "most_people": _(
                "Optional. Whoever comes after that reads that it is full; the team"
                " does not count."
            ),
        }

    def __init__(
        self, *args: Any, only: Collection[str] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if only is not None:
            for name in [name for name in self.fields if name not in only]:
                del self.fields[name]
            # A step that is done has what opening the programme asks for.
            for name in {"starts_on", "ends_on"} & set(self.fields):
                self.fields[name].required = True
        for field in self.fields.values():
            # What stood there when the page was opened: a page that has been open for
            # long takes nothing back that a colleague changed since.
            field.show_hidden_initial = True
        if not self.instance._state.adding and not self.instance.is_draft:
            # People read it, joined it, and may be in a mentorship by it.
            self.fields.pop("model", None)
            for name in {"starts_on", "ends_on"} & set(self.fields):
                self.fields[name].required = True

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name in data.keys() - set(self.changed_data):
            # As it stands now, whatever the page showed.
            data[name] = getattr(self.instance, name)
        names = {"name_nl", "name_en"} & set(self.fields)
        if names and not any(data.get(name) for name in names):
            self.add_error("name_nl", _("Give the programme a name."))
        if names & set(self.changed_data):
            refuse_taken_names(self, Program.objects.exclude(pk=self.instance.pk))
        starts, ends = data.get("starts_on"), data.get("ends_on")
        if starts and ends and ends <= starts:
            self.add_error("ends_on", _("A programme ends after it starts."))
        matching = data.get("matching_on")
        if matching and ends and matching >= ends:
            self.add_error("matching_on", _("Matches are announced before the end."))
        places = data.get("most_people")
        if places is not None and places < self.instance.places_taken:
            self.add_error(
                "most_people",
                _("%(number)s people take part already; nobody is sent away.")
                % {"number": self.instance.places_taken},
            )
        least, most = data.get("capacity_default"), data.get("capacity_max")
        if least is not None and least < 1:
            self.add_error("capacity_default", _("At least one."))
        elif least and most is not None and most < least:
            self.add_error(
                "capacity_max",
                worded(
                    _(
                        "The most that %(mentors_word)s may have is at least what they"
                        " begin with."
                    )
                ),
            )
        return data

    def save_changed(self) -> bool:
        """Save only what was changed here: a colleague may be at it just now. Whether
        it is saved: what they saved meanwhile may forbid it.
        """
        try:
            with transaction.atomic():
                self.instance.save(update_fields=self.changed_data)
        except IntegrityError:
            self.add_error(
                None,
                _("A colleague saved something else just now. Look again, and save."),
            )
            return False
        return True


class KeepingForm(forms.ModelForm):
    """Who else hears who takes part, and how long what people wrote is kept."""

    class Meta:
        model = Program
        fields = ["managers_may_know", "kept_days"]
        help_texts = {
            "managers_may_know": _(
                "Only that, and only of those who say yes to it themselves."
            ),
            "kept_days": _(
                "After that notes, goals, feedback and answers go; figures stay."
                " People are told thirty days before."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.is_archived:
            # Nobody takes part any more; only the clock still runs.
            del self.fields["managers_may_know"]


class NameForm(forms.Form):
    """What a new programme is called."""

    name_nl = forms.CharField(label=_("Dutch name"), max_length=120, required=False)
    name_en = forms.CharField(label=_("English name"), max_length=120, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("name_nl") and not data.get("name_en"):
            self.add_error("name_nl", _("Give the programme a name."))
        refuse_taken_names(self, Program.objects.all())
        return data

    @property
    def names(self) -> tuple[str, str]:
        return self.cleaned_data["name_nl"], self.cleaned_data["name_en"]


class CoordinatorForm(forms.Form):
    """Who runs the programme."""

    email = forms.EmailField(
        label=worded(_("E-mail address of the new %(coordinator_word)s")),
    )

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
                worded(
                    _(
                        "An IT admin does not see who takes part, so cannot be"
                        " %(coordinator_word)s."
                    )
                )
            )
        return user
