"""The file from HR: uploaded, looked at, applied."""

from datetime import timedelta
from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from history.models import record
from mentoring.http import Request, posted, render_page
from people import hrfeed
from people.forms import ColumnsForm, FeedSettingsForm, UploadForm
from people.models import FeedSettings, HrImport, HrUpload
from people.permissions import hr_admin_only
from people.tasks import apply_upload

# From how many people on a worker applies the file.
LARGE = 2000
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
        if not found.problem or found.needs_columns:
            # A file that nobody confirms is not kept: it is full of people.
            HrUpload.objects.exclude(state=HrUpload.State.APPLYING).filter(
                Q(by=request.user) | Q(at__lt=timezone.now() - UPLOAD_WAITS)
            ).delete()
            upload = HrUpload.objects.create(by=request.user, content=content)
            page = "import_columns" if found.needs_columns else "import_preview"
            return redirect(f"people:{page}", upload_id=upload.pk)
        form.add_error("file", found.problem)
    return render_page(
        request,
        "people/people_import.html",
        {
            "form": form,
            "imports": HrImport.objects.select_related("by")[:20],
            "columns": {
                name: [word for word, means in hrfeed.ALIASES.items() if means == name]
                for name in hrfeed.KNOWN
            },
            "feed": FeedSettings.current(),
            "feed_form": FeedSettingsForm(instance=FeedSettings.current()),
            "busy": HrUpload.objects.filter(
                by=request.user, state=HrUpload.State.APPLYING
            ).first(),
        },
        status=422 if form.errors else 200,
    )


@require_POST
def feed_settings(request: Request) -> HttpResponse:
    """From which share of leavers on a file is refused."""
    hr_admin_only(request)
    form = FeedSettingsForm(request.POST, instance=FeedSettings.current())
    if form.is_valid():
        form.save()
        record(form.instance, "feed settings changed", by=request.user)
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("Enter a percentage from 1 to 100."))
    return redirect("people:people_import")


@require_http_methods(["GET", "HEAD", "POST"])
def import_columns(request: Request, upload_id: int) -> HttpResponse:
    """Which column of the file is which of ours; kept for the next file."""
    hr_admin_only(request)
    upload = get_object_or_404(HrUpload, pk=upload_id, by=request.user)
    found = hrfeed.preview(bytes(upload.content))
    form = ColumnsForm(
        posted(request), columns=found.columns, chosen=FeedSettings.current().mapping
    )
    if request.method == "POST" and form.is_valid():
        feed = FeedSettings.current()
        feed.mapping = {**feed.mapping, **form.mapping}
        feed.save()
        record(feed, "feed columns changed", by=request.user)
        return redirect("people:import_preview", upload_id=upload.pk)
    return render_page(
        request,
        "people/import_columns.html",
        {"form": form, "upload": upload, "problem": found.problem},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def import_preview(request: Request, upload_id: int) -> HttpResponse:
    """What the file would do: who comes, changes, leaves; and which rows are bad.

    A large file is applied by a worker, and this page shows how far it is.
    """
    hr_admin_only(request)
    upload = HrUpload.objects.filter(pk=upload_id, by=request.user).first()
    if upload is None:
        # It has been applied, or withdrawn: the history says what became of it.
        if request.htmx:
            return HttpResponse(
                headers={"HX-Redirect": reverse("people:people_import")}
            )
        raise Http404
    if request.method == "POST":
        return _apply(request, upload)
    if upload.state == HrUpload.State.APPLYING:
        return render_page(
            request,
            "people/import_progress.html",
            {"upload": upload},
            parts={"progress"},
        )
    return _preview_page(request, upload, upload.problem)


def _apply(request: Request, upload: HrUpload) -> HttpResponse:
    chosen = {
        "with_leavers": "leavers" in request.POST,
        "good_rows": "good_rows" in request.POST,
    }
    found = hrfeed.preview(bytes(upload.content))
    if found.rows > LARGE or upload.state != HrUpload.State.WAITING:
        if hrfeed.begin_upload(upload, total=found.rows, **chosen):
            transaction.on_commit(partial(_start, upload.pk))
        return redirect("people:import_preview", upload_id=upload.pk)
    try:
        done = hrfeed.apply_upload(upload, by=request.user, **chosen)
    except ValidationError as error:
        return _preview_page(request, upload, " ".join(error.messages))
    if done:
        messages.success(
            request,
            _("Done: %(added)s new, %(changed)s changed, %(left)s left.")
            % {"added": done.added, "changed": done.changed, "left": done.left},
        )
    return redirect("people:person_list")


def _start(upload_id: int) -> None:
    """Hand the file to a worker; without a broker it is applied here and now."""
    try:
        apply_upload.delay(upload_id)
    except Exception:  # noqa: BLE001 - whatever a broker throws, the file is applied
        apply_upload(upload_id)


def _preview_page(request: Request, upload: HrUpload, problem: str) -> HttpResponse:
    found = hrfeed.preview(bytes(upload.content))
    if found.needs_columns:
        return redirect("people:import_columns", upload_id=upload.pk)
    return render_page(
        request,
        "people/import_preview.html",
        {
            "found": found,
            "upload": upload,
            "problem": problem,
            "errors": found.errors[:500],
            "warnings": found.warnings[:500],
            "moved": found.moved[:500],
            "additions": found.additions[:20],
            "changes": found.changes[:20],
            "leavers": found.leavers[:20],
        },
        status=422 if request.method == "POST" else 200,
    )
