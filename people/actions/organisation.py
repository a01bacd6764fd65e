"""What the organisation looks like and how it says things."""

from hashlib import sha256

from django.db import transaction

from history.models import record
from people.models import Organisation, User
from people.models.organisation import logo_now


@transaction.atomic
def save_organisation(
    organisation: Organisation,
    *,
    logo: bytes | None = None,
    without_logo: bool = False,
    by: User,
) -> None:
    """Keep what was chosen; every page, mail and paper shows it from now on.

    Without ``logo`` the one that is there stays, unless it is to go.
    """
    values = {
        "name": organisation.name,
        "accent": organisation.accent,
        "words": organisation.words,
        "logo": logo if logo or without_logo else logo_now(),
    }
    values["version"] = sha256(repr(values).encode()).hexdigest()[:12]
    Organisation.objects.update_or_create(pk=1, defaults=values)
    record(Organisation(pk=1), "organisation changed", by=by)
