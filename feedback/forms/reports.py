"""A serious report, and who reads it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from feedback.models import Confidant
from people.models import User
from programs.models import Program


class ReportForm(forms.Form):
    """What happened, in somebody's own words."""

    text = forms.CharField(
        label=_("What happened?"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("In your own words. When, where and who, as far as you want."),
    )


class ReportAddForm(forms.Form):
    """Something more, under what was reported before."""

    text = forms.CharField(
        label=_("What do you want to add?"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ReportCloseForm(forms.Form):
    """What came of it, for whoever wrote it."""

    answer = forms.CharField(
        label=_("What they read about it"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "On their own page under “What you reported”; nobody else sees it, and no"
            " mail says so."
        ),
    )


class ProgramAndReaderField(forms.ModelChoiceField):
    """Programmes, each with who reads for it now and is replaced."""

    readers: Mapping[int | None, str] = {}

    def label_from_instance(self, obj: Model) -> str:
        return with_reader(str(obj), self.readers.get(obj.pk))


def with_reader(place: str, name: str | None) -> str:
    """Of what, and who reads there now."""
    if name is None:
        return place
    return gettext("%(place)s (now %(name)s)") % {"place": place, "name": name}


class ConfidantForm(forms.Form):
    """Who reads the reports of one programme, or of all that name nobody."""

    program = ProgramAndReaderField(
        Program.objects.none(), label=_("For"), required=False
    )
    email = forms.EmailField(label=_("E-mail address"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        program = self.fields["program"]
        assert isinstance(program, ProgramAndReaderField)
        readers = {
            each.program_id: each.user.name
            for each in Confidant.objects.select_related("user")
        }
        program.readers = readers
        program.empty_label = with_reader(
            gettext("the whole organisation"), readers.get(None)
        )
        program.queryset = Program.objects.exclude(state=Program.State.ARCHIVED)

    def clean_email(self) -> User:
        """Somebody who works here."""
        email = self.cleaned_data["email"]
        found = User.objects.working_here().filter(email__iexact=email).first()
        if found is None:
            raise ValidationError(_("Nobody with this address works here."))
        return found

    def clean(self) -> dict[str, Any]:
        """Somebody outside of those who run it; for all, of those who run any."""
        found = super().clean() or {}
        user, program = found.get("email"), found.get("program")
        if user and "program" in found:
            runs = Program.objects.managed_by(user).exclude(
                state=Program.State.ARCHIVED
            )
            if program:
                runs = runs.filter(pk=program.pk)
            if user.is_hr_admin or runs.exists():
                self.add_error(
                    "email",
                    _(
                        "This person runs programmes. Choose somebody outside of them,"
                        " whom people can go to about anybody."
                    ),
                )
        return found


class HandOverForm(forms.Form):
    """Who reads from now on what waits with somebody else."""

    to = forms.ModelChoiceField(
        User.objects.none(), label=_("From now on read by"), empty_label=_("Choose")
    )

    def __init__(self, *args: Any, former: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to = self.fields["to"]
        assert isinstance(to, forms.ModelChoiceField)
        to.queryset = (
            User.objects.filter(pk__in=Confidant.named_now().values("user"))
            .exclude(pk=former.pk)
            .order_by("name")
        )
