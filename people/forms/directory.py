"""People as an HR admin sees to them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from people.models import (
    User,
)


def _with(field: str) -> forms.TextInput:
    """An input that offers what is in use."""
    return forms.TextInput(attrs={"list": f"{field}-list", "autocomplete": "off"})


class EmploymentForm(forms.Form):
    """What the HR file says of others, of somebody who is not in it."""

    department = forms.CharField(
        label=_("Department"),
        max_length=120,
        required=False,
        widget=_with("department"),
    )
    job = forms.CharField(
        label=_("Job"), max_length=120, required=False, widget=_with("job")
    )
    level = forms.IntegerField(
        label=_("Level"), min_value=0, max_value=99, required=False
    )
    location = forms.CharField(
        label=_("Location"), max_length=120, required=False, widget=_with("location")
    )
    manager = forms.EmailField(
        label=_("Manager"),
        help_text=_("The e-mail address of a colleague who is here already."),
        required=False,
    )

    def clean_manager(self) -> User | None:
        """The colleague with that address."""
        email = self.cleaned_data["manager"]
        if not email:
            return None
        found = User.objects.working_here().filter(email__iexact=email).first()
        if found is None:
            raise forms.ValidationError(_("Nobody here has this e-mail address."))
        return found


class NameForm(forms.Form):
    """Who somebody is."""

    name = forms.CharField(label=_("Name"), max_length=150)
    email = forms.EmailField(label=_("E-mail address"))


class PersonForm(EmploymentForm, NameForm):
    """Somebody who is not in the HR feed."""

    field_order = ("name", "email")


class EraseForm(forms.Form):
    """The name of who is erased, typed: nobody does that by a slip of the hand."""

    name = forms.CharField(
        label=_("Type the name to confirm"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_name(self) -> str:
        typed = " ".join(str(self.cleaned_data["name"]).split())
        if typed.casefold() != " ".join(self.person.name.split()).casefold():
            raise forms.ValidationError(
                _("This is not the name. Type “%(name)s”.") % {"name": self.person.name}
            )
        return typed


class RoleForm(forms.Form):
    """A role in the organisation."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=[("", _("no role")), *User.OrgRole.choices],
        required=False,
    )
