"""What every page is made of: components, icons, drawings and a few filters."""

import uuid
from datetime import date
from functools import lru_cache
from typing import Any

import nh3
from django import template
from django.forms.utils import flatatt
from django.template import Context
from django.template.loader import render_to_string
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from heroicons.templatetags.heroicons import heroicon_outline
from markdown_it import MarkdownIt

from mentoring import sealing
from mentoring.branding import role_word
from mentoring.charts import Bars, Line
from mentoring.words import day_words

register = template.Library()

TAGS = {"p", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "a", "br", "hr"}
TAGS |= {"blockquote", "code"}


@register.simple_block_tag(takes_context=True)
def component(context: Context, content: str, name: str, **props: Any) -> SafeString:
    """Render ``components/<name>.html`` around a block, which is all it knows: what
    every page knows is not worked out again for each of its parts.

    {% component "card" title=program.name %} … {% endcomponent %}
    """
    assert context.template is not None
    found = context.template.engine.get_template(f"components/{name}.html")
    inside = Context({"content": content, **props}, autoescape=context.autoescape)
    return found.render(inside)


@lru_cache(maxsize=256)
def _svg(name: str) -> SafeString:
    """Rendered once for each name: parsing it again costs more than the page."""
    found: SafeString = heroicon_outline(name, size=20, aria_hidden="true")
    return found


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon beside a word. It is never the only thing that says something."""
    return _svg(name + "")


@lru_cache(maxsize=1024)
def _drawn(name: str, chart: Bars | Line, _language: str | None) -> SafeString:
    return mark_safe(render_to_string(f"components/{name}.html", {"chart": chart}))  # noqa: S308


@register.simple_tag
def draw(name: str, chart: Bars | Line) -> SafeString:
    """A chart, drawn once for the same figures in the same language: they change once
    in a while, and drawing them is most of the work of a page of charts.
    """
    return _drawn(name, chart, get_language())


@register.simple_tag
def once() -> SafeString:
    """The mark of a form that makes something; its view is ``history.once``."""
    return format_html('<input type="hidden" name="once" value="{}">', uuid.uuid4())


@register.simple_tag(takes_context=True)
def draft_key(context: Context) -> str:
    """The key with which the reader's browser seals what they type."""
    user = context["user"]
    return sealing.draft_key(user.pk) if user.is_authenticated else ""


@register.filter
def grouped(value: object) -> str:
    """A whole number with its thousands apart, as the reader's language has them; all
    else as it is.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return number_format(value, force_grouping=True)
    return str(value)


@register.filter
def attributes(attrs: dict[str, Any]) -> SafeString:
    """The attributes of a field: Django's own template asks three questions of each,
    and that is most of the work of a form.
    """
    return flatatt(attrs)


@register.filter
def markdown(text: str) -> SafeString:
    """Markdown as HTML that can do no harm. Headings begin under the page's own."""
    html = MarkdownIt("commonmark", {"html": False, "breaks": True}).render(text or "")
    html = html.replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    return mark_safe(nh3.clean(html, tags=TAGS, link_rel="noopener"))  # noqa: S308


@register.filter
def role_one(role: str) -> str:
    """What the organisation calls somebody in a role: ``{{ "mentor"|role_one }}``."""
    return role_word(role)


@register.filter
def role_many(role: str) -> str:
    """What it calls several of them."""
    return role_word(role, many=True)


@register.filter
def leading(label: str) -> str:
    """A label before what is said of it: with a colon, unless it is a sentence."""
    return label if str(label).endswith((".", "?", "!", ":")) else f"{label}:"


@register.filter
def day(value: date) -> str:
    """A day in a list: ``{{ action.due_on|day }}``, with the year if it is another."""
    return day_words(value)


@register.filter
def initials(name: str) -> str:
    """Two letters for a person: of the first and the last word of the name."""
    words = str(name).split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


@register.simple_tag
@lru_cache
def drawing(name: str) -> SafeString:
    """One of our own line drawings."""
    return mark_safe(render_to_string(f"drawings/{name}.svg"))  # noqa: S308
