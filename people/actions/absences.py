"""When somebody is away: said by themselves, and by nobody else."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from people.models import Absence, User

# So long the clocks of a mentorship look back at who was away; then it is forgotten.
REMEMBERED = timedelta(days=100)


@transaction.atomic
def add_absence(user: User, *, starts_on: date, ends_on: date) -> Absence:
    """Note that somebody is away; two of these times do not overlap."""
    # Of two tabs at once the second one sees what the first has added.
    User.objects.get_queryset().select_for_update().get(pk=user.pk)
    theirs = Absence.objects.filter(user=user)
    theirs.filter(ends_on__lt=timezone.localdate() - REMEMBERED).delete()
    found = Absence(user=user, starts_on=starts_on, ends_on=ends_on)
    if other := theirs.between(starts_on, ends_on).first():
        raise ValidationError(
            _(
                "You are away from %(first)s to %(last)s already. Take that away first,"
                " or choose other days."
            )
            % {
                "first": date_format(other.starts_on, "j F Y"),
                "last": date_format(other.ends_on, "j F Y"),
            }
        )
    found.full_clean()
    found.save()
    return found
