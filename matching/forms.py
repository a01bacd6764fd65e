"""Forms of matching."""

from typing import Any

from django import forms

from matching.models import Criterion, Round


class RoundForm(forms.ModelForm):
    """What a new round puts first."""

    class Meta:
        model = Round
        fields = ["objective", "protect_weakest"]
        widgets = {"objective": forms.RadioSelect}


class CriterionForm(forms.ModelForm):
    """How much a criterion counts."""

    class Meta:
        model = Criterion
        fields = ["weight", "must"]
        widgets = {"weight": forms.NumberInput(attrs={"min": 0, "max": 10})}


def criterion_forms(data: Any, criteria: list[Criterion]) -> list[CriterionForm]:
    """One small form for each criterion."""
    return [CriterionForm(data, instance=each, prefix=each.key) for each in criteria]
