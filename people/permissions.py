"""Who may see the pages of the HR admins, and where one may be sent on to."""

from django.http import Http404, HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from mentoring.http import Request


def hr_admin_only(request: Request) -> None:
    """For others these pages do not exist."""
    if not request.user.is_hr_admin:
        raise Http404


def safe_next(request: HttpRequest, otherwise: str) -> str:
    """Where to go on to: what was asked for, if it is on this site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    # A word without a slash would be looked up as the name of a page.
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}
    ):
        return wanted
    return otherwise
