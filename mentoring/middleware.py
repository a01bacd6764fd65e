"""Login by default, the person's language and time, and messages beside parts."""

import time
import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import (
    LoginRequiredMiddleware as DjangoLoginRequiredMiddleware,
)
from django.core.exceptions import BadRequest
from django.db import DataError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.views.defaults import bad_request
from django_htmx.http import HttpResponseClientRefresh

from mentoring import branding

GetResponse = Callable[[HttpRequest], HttpResponse]

# A session is touched at most this often, so that reading pages writes nothing.
TOUCH_EVERY_SECONDS = 600
# What is said of a whole number that the database, or Python, does not take.
TOO_LARGE = (
    "too large to convert to SQLite INTEGER",
    "integer out of range",
    "bigint out of range",
    "out of range for type",
    "integer string conversion",
)


class LoginRequiredMiddleware(DjangoLoginRequiredMiddleware):
    """Everything asks for sign-in unless its view says ``login_not_required``."""

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        """Send to the sign-in page; never let it land inside a part of a page."""
        if getattr(request, "htmx", False):
            return HttpResponseClientRefresh()
        return super().handle_no_permission(request, view_func)


class IdleSessionMiddleware:
    """Sign out whoever has not been here for eight hours, and all after two weeks."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(time.time())
            seen = request.session.get("seen_at", now)
            since = request.session.get("signed_in_at", now)
            if (
                now - seen > settings.SESSION_IDLE_SECONDS
                or now - since > settings.SESSION_COOKIE_AGE
            ):
                logout(request)
            elif "seen_at" not in request.session or now - seen > TOUCH_EVERY_SECONDS:
                # Being touched keeps a session alive; since when stays as it was.
                request.session["seen_at"] = now
                request.session["signed_in_at"] = since
        return self.get_response(request)


class OddInputMiddleware:
    """Refuse what no page of ours sends, and what no database could look up: an address
    with a NUL in it, and numbers of rows of more digits than a row has.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = [value for _name, values in request.GET.lists() for value in values]
        if any("\0" in text for text in (request.path_info, *asked)):
            raise BadRequest("NUL in an address")
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, error: Exception
    ) -> HttpResponse | None:
        """SQLite says it in one way, Postgres in another, and Python for itself."""
        kinds = (OverflowError, DataError, ValueError)
        if isinstance(error, kinds) and any(said in str(error) for said in TOO_LARGE):
            return bad_request(request, error)
        return None


class PersonMiddleware:
    """Speak the person's language in the person's time; keep their pages private."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        zone = settings.TIME_ZONE
        if user.is_authenticated:
            zone = user.time_zone or zone
            if user.language:
                translation.activate(user.language)
                request.LANGUAGE_CODE = user.language
        with timezone.override(zoneinfo.ZoneInfo(zone)):
            response = self.get_response(request)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=()"
        )
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class BrandMiddleware:
    """Read what the organisation looks like once for a page, if at all."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with branding.kept():
            return self.get_response(request)


class PartMessagesMiddleware:
    """Send waiting messages along with a part, to be shown where messages are."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if (
            getattr(request, "htmx", False)
            and response.status_code in {200, 422}
            and response.get("Content-Type", "").startswith("text/html")
            and b"<html" not in response.content[:200]
        ):
            waiting = list(messages.get_messages(request))
            if waiting:
                response.write(
                    render_to_string(
                        "components/messages.html", {"messages": waiting, "oob": True}
                    )
                )
        return response
