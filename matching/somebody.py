"""One person out of thousands, found by a part of the name.

One types it and gets a short list; without JavaScript the button brings the list. What
was typed is enough where only one person has it.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mentoring.words import folded
from programs.models import Participant

SHOWN = 8
LONGEST = 80
NOBODY = "-"  # chosen where nobody need be


def _label(name: str, job: str | None) -> str:
    return f"{name} – {job}" if job else name


class Finder(forms.Widget):
    """The field to type in, and who was found to choose from."""

    template_name = "django/forms/widgets/finder.html"
    people: QuerySet[Participant]
    find_at = ""  # the page that shows who was found

    def value_from_datadict(
        self, data: Mapping[str, Any], files: Any, name: str
    ) -> tuple[str, str]:
        """Who was chosen, by number, and what was typed."""
        return data.get(name, ""), data.get(f"{name}_name", "").strip()[:LONGEST]

    def found(self, value: Any) -> tuple[str, str, list[tuple[int, str, str]]]:
        """What was typed, who is chosen, and who there is to choose from: number, name
        and label. What was typed counts more than who was chosen before.
        """
        chosen, words = value or ("", "")
        number = int(chosen) if chosen.isdecimal() and len(chosen) < 16 else 0
        if not (words or number):
            return "", "", []
        wanted = Q(user__name_folded__contains=folded(words)) if words else Q(pk=number)
        rows = self.people.filter(wanted).values_list(
            "pk", "user__name", "user__employment__job"
        )
        people = [(pk, name, _label(name, job)) for pk, name, job in rows[: SHOWN + 1]]
        same = [each for each in people if folded(each[1]) == folded(words)]
        if number not in [pk for pk, _name, _label in people]:
            only = people if len(people) == 1 else same
            number = only[0][0] if len(only) == 1 else 0
        if people and not words:
            words = people[0][1]
        return words, str(number or ""), people

    def get_context(
        self, name: str, value: Any, attrs: dict[str, Any] | None
    ) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        words, chosen, people = self.found(value)
        context["widget"] |= {
            "words": words,
            "chosen": chosen,
            "people": [(str(pk), label) for pk, _name, label in people[:SHOWN]],
            "is_more": len(people) > SHOWN,
            "nobody": NOBODY,
            "find_at": self.find_at,
        }
        return context


class SomebodyField(forms.Field):
    """A participant; among whom and where to find them is said by ``among``."""

    widget = Finder
    default_error_messages = {
        "required": _("Type a name."),
        "nobody": _("Nobody here has this name. Try a part of it."),
        "several": _("Choose who you mean."),
    }

    def among(self, people: QuerySet[Participant], *, find_at: str) -> None:
        """Search among these people, on this page."""
        self.finder.people, self.finder.find_at = people, find_at

    @property
    def finder(self) -> Finder:
        assert isinstance(self.widget, Finder)
        return self.widget

    def clean(self, value: Any) -> Participant | None:
        if not any(value or ()) or (not self.required and value[0] == NOBODY):
            if self.required:
                raise forms.ValidationError(self.error_messages["required"], "required")
            return None
        _words, chosen, people = self.finder.found(value)
        if not people:
            raise forms.ValidationError(self.error_messages["nobody"], "nobody")
        if not chosen:
            raise forms.ValidationError(self.error_messages["several"], "several")
        return self.finder.people.select_related("user").get(pk=chosen)


class FindingForm(forms.Form):
    """A form that asks for people; what was typed so far stands in the address."""

    def __init__(self, data: Any, *, asked: Mapping[str, Any]) -> None:
        super().__init__(data)
        for name in self.fields:
            self.look_for(name, asked)

    def look_for(self, name: str, asked: Mapping[str, Any]) -> None:
        """Show who is found by what was typed in this field so far."""
        field = self.fields[name]
        if isinstance(field, SomebodyField) and {name, f"{name}_name"} & asked.keys():
            self.initial[name] = field.finder.value_from_datadict(asked, {}, name)
