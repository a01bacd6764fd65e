"""A form that makes something makes it once, however often it is sent."""

import functools
import uuid
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect

from history.models import Press

View = Callable[..., HttpResponse]


def once(view: View) -> View:
    """Let the same form, sent again as it was, lead where it led before, and change
    nothing.

    The form says which it is with ``{% once %}``. What the view changes and that it was
    pressed are one transaction, so that of two at the same moment the second waits for
    the first. A form that was wrong was not pressed: it can be sent again.
    """

    @functools.wraps(view)
    def pressed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        mark = _mark(request)
        if mark is None:
            return view(request, *args, **kwargs)
        with transaction.atomic():
            try:
                with transaction.atomic():
                    press = Press.objects.create(mark=mark)
            except IntegrityError:
                return redirect(Press.objects.get(mark=mark).led_to)
            response = view(request, *args, **kwargs)
            if isinstance(response, HttpResponseRedirect):
                press.lead_to(response.url)
            else:
                press.delete()
        return response

    return pressed


def _mark(request: HttpRequest) -> uuid.UUID | None:
    """Which form it is, and what was filled in: whoever goes back and fills in
    something else makes something else.
    """
    if request.method != "POST":
        return None
    try:
        form = uuid.UUID(request.POST.get("once", ""))
    except ValueError:
        return None
    filled = request.POST.copy()
    filled.pop("csrfmiddlewaretoken", None)
    return uuid.uuid5(form, filled.urlencode())
