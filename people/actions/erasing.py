"""Erasing a person: statistics stay, the person goes, and does not come back."""

import re
from collections.abc import Collection
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from history.models import record
from people.actions.people import leave_all
from people.erasing import SCRUBS
from people.models import Erasure, User

MARK = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")


def stone_file() -> Path:
    """The marks of who was erased, beside the database: it outlives a lost one."""
    return Path(settings.DATA_DIR) / "erased"


@transaction.atomic
def erase_person(user: User, *, by: User | None) -> None:
    """Remove what is known of a person, for good. What they took part in stays as
    figures. Twice changes nothing.
    """
    if by == user:
        raise ValidationError(_("You cannot erase yourself; a colleague can."))
    if Erasure.objects.filter(user=user).exists():
        return
    leave_all([user.pk], by=by)
    user.refresh_from_db()
    for each in SCRUBS:
        each.do(user)
    Erasure.objects.create(user=user, by=by)
    record(user, "erased", by=by)
    transaction.on_commit(lambda: note_mark(str(user.mark)))


def note_mark(mark: str) -> None:
    """Write a mark to the file, unless it is there."""
    if mark not in marks_in(stone_file()):
        with stone_file().open("a") as file:
            file.write(f"{mark}\n")


def marks_in(path: Path) -> set[str]:
    """The marks in a file, if there is one."""
    return set(MARK.findall(path.read_text())) if path.is_file() else set()


def marks() -> set[str]:
    """Whom nothing may bring back: by the table and by the file."""
    known = Erasure.objects.values_list("user__mark", flat=True)
    return {str(mark) for mark in known} | marks_in(stone_file())


def erase_again(known: Collection[str]) -> int:
    """Erase whom a restored backup brought back; how many. A backup that was made
    after the erasing holds nothing to erase.
    """
    returned = User.objects.filter(mark__in=known, erasure=None)
    count = 0
    for user in returned:
        # Of an HR admin too: whether there is another is no question here.
        User.objects.filter(pk=user.pk).update(org_role="")
        erase_person(user, by=None)
        count += 1
    return count
