"""A typed request, and a page or the part of it that htmx asked for."""

import functools
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails

if TYPE_CHECKING:
    from people.models import User


class Request(HttpRequest):
    """A request of somebody who has signed in."""

    user: "User"
    htmx: HtmxDetails


def posted(request: HttpRequest) -> QueryDict | None:
    """The form that was sent, also when it is empty; None if none was."""
    return request.POST if request.method == "POST" else None


def render_page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    parts: Collection[str] = (),
    status: int = 200,
) -> HttpResponse:
    """Render a page, or only the part of it that htmx is about to replace.

    A part is a ``{% partialdef %}`` whose name is also the id of its element.
    ``parts`` lists those a client may ask for: the header is the client's word.
    """
    target = getattr(request, "htmx", None) and request.htmx.target  # type: ignore[attr-defined]
    if target and target in parts:
        template = f"{template}#{target}"
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def wrong_is_422(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let a view of somebody else's answer a wrong form as ours do: with 422."""

    @functools.wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        response = view(request, *args, **kwargs)
        if (
            request.method == "POST"
            and response.status_code == 200
            and isinstance(response, TemplateResponse)
        ):
            forms = (response.context_data or {}).values()
            if any(isinstance(each, BaseForm) and each.errors for each in forms):
                response.status_code = 422
        return response

    return answered
