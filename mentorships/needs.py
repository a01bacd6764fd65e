"""Pairs that are quiet for too long, as whoever runs programmes is told of them."""

from collections import Counter
from collections.abc import Sequence

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentorships.models import Mentorship
from people.models import User
from programs.models import Program
from programs.needs import Need


def quiet(programs: Sequence[Program], _user: User) -> list[Need]:
    """Off their rhythm, in programmes that run."""
    found = Counter(
        Mentorship.objects.quiet_at(timezone.now())
        .filter(program__in=programs)
        .order_by()
        .values_list("program", flat=True)
    )
    return [
        Need(
            "quiet",
            5,
            program,
            number,
            ngettext(
                "%(number)s pair is quiet for too long",
                "%(number)s pairs are quiet for too long",
                number,
            )
            % {"number": number},
            _("Ask how it goes, or write down that they met."),
            reverse("mentorships:program_mentorships", args=[program.slug])
            + "?show=quiet",
            _("See which"),
            "cups",
        )
        for program in programs
        if (number := found[program.pk])
    ]
