"""A serious report, and who reads it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
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


class ConfidantForm(forms.Form):
    """Who reads the reports of one programme, or of all that name nobody."""

    program = forms.ModelChoiceField(
        Program.objects.none(),
        label=_("For"),
        required=False,
        empty_label=_("the whole organisation"),
    )
    email = forms.EmailField(label=_("E-mail address"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        program = self.fields["program"]
        assert isinstance(program, forms.ModelChoiceField)
        program.queryset = Program.objects.exclude(state=Program.State.ARCHIVED)

    def clean_email(self) -> User:
        """Somebody who works here."""
        email = self.cleaned_data["email"]
        found = User.objects.working_here().filter(email__iexact=email).first()
        if found is None:
            raise ValidationError(_("Nobody with this address works here."))
        return found

    def clean(self) -> dict[str, Any]:
        """Somebody outside of those who run it."""
        found = super().clean() or {}
        user, program = found.get("email"), found.get("program")
        if user:
            runs = Program.objects.managed_by(user)
            if user.is_hr_admin or (program and runs.filter(pk=program.pk).exists()):
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
