"""Pairs that ask for a person, as whoever runs programmes is told of them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.actions.caring import REST
from feedback.models import CareItem
from feedback.models.care import NOBODYS, due
from mentorships.models import Mentorship
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
    # What one took counts when something of it is due: then all of it, as under "Mine".
    asks: set[int] = set()
    today = timezone.localdate()
    for program_id, owner, snoozed_until in (
        CareItem.objects.open()
        .filter(
            Q(owner=user) | (due() & NOBODYS),
            mentorship__program__in=[each for each in programs if not each.is_archived],
        )
        .values_list("mentorship__program", "owner", "snoozed_until")
    ):
        if owner != user.pk:
            nobodys[program_id] += 1
            continue
        mine[program_id] += 1
        if snoozed_until is None or snoozed_until <= today:
            asks.add(program_id)
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
        if program.pk in asks and (number := mine[program.pk])
    ]


def attended(now: datetime) -> Q:
    """Items of pairs in the care queue, or that somebody looked after lately."""
    return Q(closed_at=None) | Q(closed_by__isnull=False, closed_at__gt=now - REST)


@dataclass(frozen=True)
class Quiet:
    """How many pairs are off their rhythm, and how many of them nobody attends to."""

    pairs: int
    alone: int


def quiet_in(programs: Sequence[Program]) -> dict[int, Quiet]:
    """Of those that run, by key. These rows keep it: whoever asks of them again has it
    already.
    """
    if not all(hasattr(each, "quiet") for each in programs):
        now = timezone.now()
        cared_for = CareItem.objects.filter(attended(now), mentorship=OuterRef("pk"))
        found = Counter(
            Mentorship.objects.quiet_at(now)
            .filter(program__in=programs)
            .order_by()
            .values_list("program", Exists(cared_for))
        )
        for each in programs:
            alone = found[each.pk, False]
            each.quiet = Quiet(alone + found[each.pk, True], alone)  # type: ignore[attr-defined]
    return {each.pk: each.quiet for each in programs}  # type: ignore[attr-defined]


def quiet(programs: Sequence[Program], _user: User) -> list[Need]:
    """Off their rhythm, in programmes that run, and not in the care queue: of those in
    it one is told once.
    """
    found = quiet_in(programs)
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
            _(
                "Nobody looks after them yet. Ask how it goes, or write down that they"
                " met."
            ),
            reverse("mentorships:program_mentorships", args=[program.slug])
            + "?show=quiet",
            _("See which"),
            "cups",
        )
        for program in programs
        if (number := found[program.pk].alone)
    ]


def care_words(mentorships: Sequence[Mentorship]) -> dict[int, str]:
    """What is done about each of these pairs, in a few words; the last time counts."""
    items = (
        CareItem.objects.filter(mentorship__in=mentorships)
        .select_related("owner")
        .order_by("since", "pk")
    )
    return {item.mentorship_id: _state_of(item) for item in items}


def _state_of(item: CareItem) -> str:
    if item.closed_at:
        day = date_format(timezone.localtime(item.closed_at), "j F")
        return _("looked at on %(day)s") % {"day": day}
    if item.snoozed_until and item.is_snoozed:
        day = date_format(item.snoozed_until, "j F")
        return _("put off: back on %(day)s") % {"day": day}
    if item.owner and item.owner.is_active:
        return _("%(name)s looks after them") % {"name": item.owner.name}
    return _("in the care queue")
