"""The assistant around the pages of a draft."""

from django import template
from django.template import Context

from programs.models import Program
from programs.setup import Progress, progress_at

register = template.Library()


@register.simple_tag(takes_context=True)
def setup_progress(context: Context) -> Progress | None:
    """Where in the setting-up this page is; ``None`` on any other page."""
    program, request = context.get("program"), context.get("request")
    if not isinstance(program, Program) or not context.get("tabs") or not request:
        return None
    match = request.resolver_match
    return progress_at(program, match.view_name, match.kwargs.get("step", ""))
