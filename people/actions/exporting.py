"""All that is kept about one person in one file: to read, and for a machine."""

import io
import json
import zipfile
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from history.models import Event, record
from mentoring.branding import brand
from mentoring.mail import spoken_to
from people.data_file import FOR_HR, gather, kept_from_hr, reasons
from people.models import User
from people.visibility import Circle

FORMAT = 1
TAKEN = "data taken"
# So many files an hour: of oneself, and of others.
MOST_OWN, MOST_OF_OTHERS = 5, 20


@dataclass(frozen=True)
class DataFile:
    name: str
    content: bytes


def files_taken(user: User, *, seen_by: User) -> QuerySet[Event]:
    """Each time that somebody took what is kept about a person, the last one first.
    That they took it themselves is nobody else's business.
    """
    taken = Event.objects.filter(verb=TAKEN, about_type="people.user", about_id=user.pk)
    if seen_by != user:
        taken = taken.exclude(by=user)
    return taken.select_related("by").order_by("-at", "-pk")


def take_data(user: User, *, by: User) -> DataFile:
    """What is kept about a person. Their own file holds everything; that which an HR
    admin makes for them holds what HR may read. It is written down who took it.
    """
    _refuse_too_many(user, by)
    record(user, TAKEN, by=by)
    with spoken_to(user):
        return _written(user, by)


def _refuse_too_many(user: User, by: User) -> None:
    """Whoever got hold of a session does not take file after file."""
    lately = Event.objects.filter(
        verb=TAKEN, by=by, at__gt=timezone.now() - timedelta(hours=1)
    )
    if user == by:
        taken, most = lately.filter(about_id=user.pk).count(), MOST_OWN
    else:
        taken, most = lately.exclude(about_id=by.pk).count(), MOST_OF_OTHERS
    if taken >= most:
        raise ValidationError(_("That was often enough for now. Try again in an hour."))


def _written(user: User, by: User) -> DataFile:
    is_own = user == by
    told = list(gather(user, Circle.ME if is_own else FOR_HR))
    now = timezone.localtime()
    left_out = reasons()
    kept = [] if is_own else kept_from_hr()
    data: dict[str, Any] = {
        "format": FORMAT,
        "person": user.name,
        "made_at": now.isoformat(timespec="seconds"),
        "made_by": by.name,
        "complete": is_own,
        "only_in_own_file": kept,
        "left_out": left_out,
        "data": {each.section.key: each.data() for each in told},
    }
    page = render_to_string(
        "people/data_file.html",
        {
            "person": user,
            "brand": brand(),
            "made_at": now,
            "made_by": by,
            "is_own": is_own,
            "subjects": [
                (subject, list(sections))
                for subject, sections in groupby(
                    (each for each in told if each.rows),
                    key=lambda each: str(each.section.part.label),
                )
            ],
            "empty": [each.title for each in told if not each.rows],
            "left_out": left_out,
            "kept": kept,
        },
    )
    # The name of the two files, in the language of whoever reads them.
    name = pgettext("name of a file", "data")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{name}.html", page)
        archive.writestr(f"{name}.json", json.dumps(data, ensure_ascii=False, indent=2))
    whose = slugify(user.name) or "wegwijs"
    return DataFile(f"{whose}-{now:%Y-%m-%d}.zip", buffer.getvalue())
