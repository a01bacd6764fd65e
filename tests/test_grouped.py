"""Large numbers as the reader's language has them."""

import pytest
from django.template import Context, Template
from django.utils.translation import override


@pytest.mark.parametrize(
    ("language", "value", "words"),
    [
        ("nl", 1005, "1.005"),
        ("en", 1005, "1,005"),
        ("en", 42, "42"),
        ("nl", "75%", "75%"),
        ("nl", "–", "–"),
    ],
)
def test_a_figure_has_its_thousands_apart(language: str, value: object, words: str):
    page = Template(
        "{% load ui %}{% component 'figure' href='/' label='Sessions' value=n %}"
        "{% endcomponent %}"
    )
    with override(language):
        assert f"<b>{words}</b>" in page.render(Context({"n": value}))
