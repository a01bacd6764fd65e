"""Fields that several forms share."""

from typing import Any

from django import forms


class RangeInput(forms.NumberInput):
    """A slider with what its two ends mean."""

    input_type = "range"
    template_name = "people/range.html"

    def __init__(self, ends: tuple[Any, Any]) -> None:
        super().__init__(attrs={"min": 1, "max": 5, "step": 1})
        self.ends = ends

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        return {**super().get_context(name, value, attrs), "ends": self.ends}

    def format_value(self, value: Any) -> str:
        return super().format_value(value) or "3"


class DateInput(forms.DateInput):
    """A date picker of the browser's own."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")
