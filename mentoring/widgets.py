"""How a field looks, where Django's own way takes too long."""

from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe


class LongSelect(forms.Select):
    """One choice out of hundreds. Django renders each option by a template of its own,
    which takes far longer.
    """

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: Any = None,
    ) -> SafeString:
        chosen = "" if value is None else str(value)
        selected = mark_safe(" selected")
        return format_html(
            "<select{}>{}</select>",
            flatatt(self.build_attrs({**self.attrs, "name": name}, attrs)),
            format_html_join(
                "\n",
                '<option value="{}"{}>{}</option>',
                (
                    (key, selected if str(key) == chosen else "", label)
                    for key, label in self.choices
                ),
            ),
        )
