"""The demo mailbox: every mail as its receiver sees it, so that a trial needs none."""

from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from mentoring import mailbox
from mentoring.http import render_page

LIMIT = 100


def _one(name: str) -> mailbox.Mail:
    """A mail of the trial; elsewhere there is no mailbox."""
    found = mailbox.read(name) if settings.DEMO_MODE else None
    if found is None:
        raise Http404
    return found


@login_not_required
@require_safe
def demo_mailbox(request: HttpRequest) -> HttpResponse:
    """The newest mails, of everybody or of one receiver."""
    if not settings.DEMO_MODE:
        raise Http404
    to = request.GET.get("to", "").strip()
    return render_page(
        request,
        "outbox/demo_mailbox.html",
        {"mails": mailbox.newest(LIMIT, to), "to": to},
    )


@login_not_required
@csp_update({"frame-src": "'self'"})  # type: ignore[untyped-decorator]
@require_safe
def demo_mail(request: HttpRequest, name: str) -> HttpResponse:
    """One mail: as it looks, as text, and what goes with it."""
    return render_page(request, "outbox/demo_mail.html", {"mail": _one(name)})


@login_not_required
@require_safe
def demo_attachment(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """What goes with a mail, as a file to keep: a calendar opens an invitation."""
    found = _one(name).attachment(number)
    if found is None:
        raise Http404
    filename, kind, content = found
    return HttpResponse(
        content,
        content_type=kind,
        headers={
            "Content-Disposition": content_disposition_header(True, filename) or ""
        },
    )


@login_not_required
@xframe_options_sameorigin
@csp_replace(  # type: ignore[untyped-decorator]
    {
        # Mails carry their own styles; this answer holds nothing else.
        "style-src": "'unsafe-inline'",
        "script-src": "'none'",
        "frame-ancestors": "'self'",
    }
)
@require_safe
def demo_mail_html(request: HttpRequest, name: str) -> HttpResponse:
    """The mail's own HTML, for the frame; its links open in the whole window."""
    html = _one(name).html.replace("<head>", '<head><base target="_top">', 1)
    return HttpResponse(html)
