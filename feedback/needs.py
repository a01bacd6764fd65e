"""Pairs that ask for a person, as whoever runs programmes is told of them."""

from collections import Counter
from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.models import CareItem
from people.models import User
from programs.models import Program
from programs.needs import Need


def care_title(number: int) -> str:
    """How many pairs nobody looks after yet, in words."""
    return ngettext(
        "%(number)s pair asks for a person",
        "%(number)s pairs ask for a person",
        number,
    ) % {"number": number}


def mine_title(number: int) -> str:
    """How many pairs one took on oneself, in words."""
    return ngettext(
        "You look after %(number)s pair",
        "You look after %(number)s pairs",
        number,
    ) % {"number": number}


def care(programs: Sequence[Program], user: User) -> list[Need]:
    """In the care queue and nobody's yet; and what one took on oneself."""
    nobodys: Counter[int] = Counter()
    mine: Counter[int] = Counter()
    for program, owner in (
        CareItem.objects.due_for(user)
        .filter(
            mentorship__program__in=[each for each in programs if not each.is_archived]
        )
        .values_list("mentorship__program", "owner")
    ):
        (mine if owner == user.pk else nobodys)[program] += 1
    url = reverse("feedback:care_queue")
    needs = [
        Need(
            "care",
            3,
            program,
            number,
            care_title(number),
            _("In order, with the facts and words to begin with."),
            f"{url}?program={program.slug}",
            _("To the care queue"),
            "cups",
        )
        for program in programs
        if (number := nobodys[program.pk])
    ]
    return needs + [
        Need(
            "mine",
            4,
            program,
            number,
            mine_title(number),
            _("You took it on; write, call or close it."),
            f"{url}?show=mine&program={program.slug}",
            _("See which"),
            "cups",
        )
        for program in programs
        if (number := mine[program.pk])
    ]
