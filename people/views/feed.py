"""The file from HR: uploaded, looked at, applied."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import (
    HttpResponse,
)
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
)

from mentoring.http import Request, posted, render_page
from people import hrfeed
from people.forms import (
    UploadForm,
)
from people.models import (
    HrImport,
    HrUpload,
)
from people.permissions import hr_admin_only

# How long a file from HR waits to be confirmed.
UPLOAD_WAITS = timedelta(days=1)


@require_http_methods(["GET", "HEAD", "POST"])
def people_import(request: Request) -> HttpResponse:
    """Upload the HR feed; nothing happens before the preview is confirmed."""
    hr_admin_only(request)
    form = UploadForm(posted(request), request.FILES or None)
    if form.is_valid():
        content = form.cleaned_data["file"].read()
        found = hrfeed.preview(content)
        if not found.problem:
            # A file that nobody confirms is not kept: it is full of people.
            HrUpload.objects.filter(
                Q(by=request.user) | Q(at__lt=timezone.now() - UPLOAD_WAITS)
            ).delete()
            upload = HrUpload.objects.create(by=request.user, content=content)
            return redirect("people:import_preview", upload_id=upload.pk)
        form.add_error("file", found.problem)
    return render_page(
        request,
        "people/people_import.html",
        {
            "form": form,
            "imports": HrImport.objects.select_related("by")[:10],
            "columns": hrfeed.KNOWN,
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def import_preview(request: Request, upload_id: int) -> HttpResponse:
    """What the file would do: who comes, changes, leaves; and which rows are bad."""
    hr_admin_only(request)
    upload = get_object_or_404(HrUpload, pk=upload_id, by=request.user)
    problem = ""
    if request.method == "POST":
        try:
            done = hrfeed.apply_upload(
                upload,
                by=request.user,
                with_leavers="leavers" in request.POST,
                good_rows="good_rows" in request.POST,
            )
        except ValidationError as error:
            problem = " ".join(error.messages)
        else:
            if done:
                messages.success(
                    request,
                    _("Done: %(added)s new, %(changed)s changed, %(left)s left.")
                    % {"added": done.added, "changed": done.changed, "left": done.left},
                )
            return redirect("people:person_list")
    found = hrfeed.preview(bytes(upload.content))
    return render_page(
        request,
        "people/import_preview.html",
        {
            "found": found,
            "problem": problem,
            "errors": found.errors[:500],
            "warnings": found.warnings[:500],
            "additions": found.additions[:20],
            "changes": found.changes[:20],
            "leavers": found.leavers[:20],
        },
        status=422 if problem else 200,
    )
