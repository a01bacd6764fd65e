"""Doing what a file from HR says."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from history.models import record
from people.actions import follow_addresses, leave_all
from people.addresses import Moved
from people.hrfeed.reading import preview
from people.hrfeed.rows import BATCH, Preview, Row
from people.models import Employment, HrImport, HrUpload, LevelChange, Profile, User

# A worker that has said nothing for so long has stopped.
SILENT = timedelta(minutes=2)


def apply(
    found: Preview,
    *,
    by: User | None,
    with_leavers: bool = False,
    good_rows: bool = True,
    say: Callable[[int], None] | None = None,
) -> HrImport:
    """Do what the preview says, all of it or nothing.

    With ``say``, which hears how many people are done, each batch is kept by itself:
    stopped half-way, the same file again ends the same.

    Raises ``ValidationError`` when the file cannot be read, when it has bad rows and
    the ``good_rows`` are not wanted without them, or when more people would leave than
    a mistake should be able to remove.
    """
    _refuse(found, by, with_leavers=with_leavers, good_rows=good_rows)
    try:
        if say is not None:
            return _apply(found, by, with_leavers, say)
        with transaction.atomic():
            return _apply(found, by, with_leavers, lambda done: None)
    except IntegrityError as error:
        raise ValidationError(
            _(
                "Somebody changed people at the same time. Look at the preview once"
                " more."
            )
        ) from error


def _refuse(
    found: Preview, by: User | None, *, with_leavers: bool, good_rows: bool
) -> None:
    """Say why a file cannot be applied as asked; the history tells of a refusal."""
    if found.problem:
        raise ValidationError(found.problem)
    if found.errors and not good_rows:
        raise ValidationError(
            _("The file has rows with a mistake. Say that you want the good rows only.")
        )
    if with_leavers and found.removes_too_many:
        HrImport.objects.create(
            by=by,
            refused=len(found.errors),
            refused_because=HrImport.Refusal.TOO_MANY_LEAVERS,
        )
        raise ValidationError(
            _(
                "%(count)s of %(total)s people would leave. That looks like a mistake"
                " in the file, so nothing was done."
            )
            % {"count": len(found.leavers), "total": found.people_before}
        )


def apply_upload(
    upload: HrUpload, *, by: User, with_leavers: bool, good_rows: bool
) -> HrImport | None:
    """Apply a file that waits; ``None`` when it was applied or withdrawn before."""
    found = preview(bytes(upload.content))
    _refuse(found, by, with_leavers=with_leavers, good_rows=good_rows)
    with transaction.atomic():
        claimed, _rows = HrUpload.objects.filter(
            pk=upload.pk, state=HrUpload.State.WAITING
        ).delete()
        if not claimed:
            return None
        return apply(found, by=by, with_leavers=with_leavers, good_rows=good_rows)


def begin_upload(
    upload: HrUpload, *, with_leavers: bool, good_rows: bool, total: int
) -> bool:
    """Hand a large file to a worker; whether it was still there to hand over.

    One whose worker has been silent for long may be handed over once more.
    """
    now = timezone.now()
    return bool(
        HrUpload.objects.filter(pk=upload.pk)
        .filter(
            Q(state__in=[HrUpload.State.WAITING, HrUpload.State.FAILED])
            | Q(state=HrUpload.State.APPLYING, moved_at__lt=now - SILENT)
        )
        .update(
            state=HrUpload.State.APPLYING,
            with_leavers=with_leavers,
            good_rows=good_rows,
            total=total,
            done=0,
            problem="",
            moved_at=now,
        )
    )


def run_upload(upload: HrUpload) -> HrImport | None:
    """Apply a file that was handed over, batch by batch, and say how far it is."""

    def say(done: int) -> None:
        HrUpload.objects.filter(pk=upload.pk).update(done=done, moved_at=timezone.now())

    try:
        note = apply(
            preview(bytes(upload.content)),
            by=upload.by,
            with_leavers=upload.with_leavers,
            good_rows=upload.good_rows,
            say=say,
        )
    except ValidationError as error:
        HrUpload.objects.filter(pk=upload.pk).update(
            state=HrUpload.State.FAILED, problem=" ".join(error.messages)[:500]
        )
        return None
    upload.delete()
    return note


def _batches(rows: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]


def _note_levels(rows: list[Row], ids: dict[str, int]) -> None:
    """Remember who comes on another level, while what it was is still there."""
    before = dict(
        Employment.objects.filter(user__in=[ids[row.email] for row in rows])
        .exclude(level=None)
        .values_list("user", "level")
    )
    LevelChange.objects.bulk_create(
        LevelChange(user_id=ids[row.email], before=old, after=row.level)
        for row in rows
        if (old := before.get(ids[row.email])) is not None
        and row.level is not None
        and row.level != old
    )


def _apply(
    found: Preview, by: User | None, with_leavers: bool, say: Callable[[int], None]
) -> HrImport:
    done = 0
    for batch in _batches(found.additions):
        User.objects.bulk_create(
            User(
                email=row.email,
                name=row.name,
                language=row.language,
                password=UNUSABLE_PASSWORD_PREFIX,
            )
            for row in batch
        )
    of_the_person = {"email", "name", "returned"}
    for batch in _batches(
        [change for change in found.changes if of_the_person & set(change.fields)]
    ):
        # All of these rows are there, so each is a conflict: ten times as quick as a
        # bulk_update.
        with transaction.atomic():
            User.objects.bulk_create(
                [
                    User(
                        pk=change.user_id,
                        email=change.row.email,
                        name=change.row.name,
                        is_active=True,
                        left_on=None,
                    )
                    for change in batch
                ],
                update_conflicts=True,
                unique_fields=["id"],
                update_fields=["email", "name", "name_folded", "is_active", "left_on"],
            )
            follow_addresses(
                [
                    Moved(change.user_id, change.email, change.row.email)
                    for change in batch
                    if "email" in change.fields
                ],
                by=by,
            )
    ids = {
        email.lower(): pk
        for email, pk in User.objects.order_by()
        .values_list("email", "pk")
        .iterator(BATCH)
    }
    for batch in _batches([*found.additions, *(each.row for each in found.changes)]):
        say(done)
        done += len(batch)
        _note_levels(batch, ids)
        Employment.objects.bulk_create(
            [
                Employment(
                    user_id=ids[row.email],
                    employee_number=row.employee_number or None,
                    department=row.department,
                    job=row.job,
                    level=row.level,
                    location=row.location,
                    manager_id=ids[row.manager_email] if row.manager_email else None,
                    started_on=row.started_on,
                )
                for row in batch
            ],
            update_conflicts=True,
            unique_fields=["user"],
            update_fields=[
                "employee_number",
                "department",
                "job",
                "level",
                "location",
                "manager",
                "started_on",
                "is_by_hand",
            ],
        )
        Profile.objects.bulk_create(
            [Profile(user_id=ids[row.email]) for row in batch], ignore_conflicts=True
        )
    say(done)
    left = 0
    if with_leavers:
        left = leave_all([known.pk for known in found.leavers], by=by)
    note = HrImport.objects.create(
        by=by,
        added=len(found.additions),
        changed=len(found.changes),
        left=left,
        refused=len(found.errors),
    )
    record(note, "imported", by=by)
    return note
