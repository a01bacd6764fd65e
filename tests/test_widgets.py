from django import forms
from pytest_django.asserts import assertHTMLEqual

from mentoring.widgets import LongSelect

PEOPLE = [("", "---"), (1, "Anna <3"), (12, "Bo & Co")]


class PickForm(forms.Form):
    who = forms.ChoiceField(choices=PEOPLE, widget=LongSelect)
    other = forms.ChoiceField(choices=PEOPLE)


def test_a_long_choice_looks_as_any_other():
    form = PickForm({"who": "12", "other": "12"})

    assertHTMLEqual(str(form["who"]), str(form["other"]).replace("other", "who"))


def test_a_long_choice_of_which_nothing_was_chosen_begins_at_the_top():
    html = str(PickForm()["who"])

    assert html.count("selected") == 1
    assert '<option value="" selected>---</option>' in html
    assert "Anna &lt;3" in html
