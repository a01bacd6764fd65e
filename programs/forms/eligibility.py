"""Who may join: how, and which colleagues."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from people.models import Employment
from programs.models import EligibilityRule, Program

LISTS = ("department", "location", "job")
RANGES = ("level", "months")
MOST_VALUES = 400


def values_in_use(field: str) -> list[str]:
    """What the HR system calls the departments, locations or jobs there are."""
    return list(
        Employment.objects.filter(user__is_active=True, user__left_on=None)
        .exclude(**{field: ""})
        .order_by(field)
        .values_list(field, flat=True)
        .distinct()[:MOST_VALUES]
    )


class JoinModeForm(forms.ModelForm):
    """How one comes to take part."""

    class Meta:
        model = Program
        fields = ["join_mode"]
        widgets = {"join_mode": forms.RadioSelect}


class EligibilityForm(forms.Form):
    """The rules of one role. An empty field lets everybody in."""

    department = forms.MultipleChoiceField(
        label=_("Departments"), widget=forms.CheckboxSelectMultiple, required=False
    )
    location = forms.MultipleChoiceField(
        label=_("Locations"), widget=forms.CheckboxSelectMultiple, required=False
    )
    job = forms.MultipleChoiceField(
        label=_("Jobs"), widget=forms.CheckboxSelectMultiple, required=False
    )
    level_least = forms.IntegerField(
        label=_("Level, at least"), min_value=0, max_value=99, required=False
    )
    level_most = forms.IntegerField(
        label=_("Level, at most"), min_value=0, max_value=99, required=False
    )
    months_least = forms.IntegerField(
        label=_("Months of service, at least"),
        min_value=0,
        max_value=720,
        required=False,
    )
    months_most = forms.IntegerField(
        label=_("Months of service, at most"),
        min_value=0,
        max_value=720,
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        rules: list[EligibilityRule],
        values: dict[str, list[str]],
        **kwargs: Any,
    ) -> None:
        initial: dict[str, Any] = {}
        for rule in rules:
            if rule.field in LISTS:
                initial.setdefault(rule.field, []).append(rule.value)
            else:
                initial[f"{rule.field}_least"] = rule.least
                initial[f"{rule.field}_most"] = rule.most
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        for name in LISTS:
            # A department that was renamed stays to be seen, and to be taken away.
            known = dict.fromkeys([*values[name], *initial.get(name, [])])
            self.fields[name].choices = [  # type: ignore[attr-defined]
                (value, value) for value in known
            ]
            self.fields[name].widget.attrs["size"] = min(6, max(3, len(known)))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in RANGES:
            least, most = data.get(f"{name}_least"), data.get(f"{name}_most")
            if least is not None and most is not None and most < least:
                self.add_error(
                    f"{name}_most", _("The most is at least as much as the least.")
                )
        return data

    def rules(self, program: Program, role: str) -> list[EligibilityRule]:
        """What was chosen, as rows that are not saved yet."""
        data = self.cleaned_data
        found = [
            EligibilityRule(program=program, role=role, field=name, value=value)
            for name in LISTS
            for value in data.get(name, [])
        ]
        for name in RANGES:
            least, most = data.get(f"{name}_least"), data.get(f"{name}_most")
            if least is not None or most is not None:
                found.append(
                    EligibilityRule(
                        program=program, role=role, field=name, least=least, most=most
                    )
                )
        return found
