"""What is done for people away from the web process."""

from celery import shared_task

from people import hrfeed
from people.models import HrUpload


@shared_task
def apply_upload(upload_id: int) -> None:
    """Apply a large file from HR. Killed half-way, handing it over again ends the same;
    a second call finds it done and changes nothing.
    """
    upload = (
        HrUpload.objects.filter(pk=upload_id, state=HrUpload.State.APPLYING)
        .select_related("by")
        .first()
    )
    if upload is not None:
        hrfeed.run_upload(upload)
