"""What in a programme asks for whoever runs it, in order: said in the same words on
their home page, in the list of programmes and on the page of the programme. And what
somebody who takes part can do now, at home and on the pages of the programme.

An app above adds its own when it starts; this one does not know what they are about.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentoring.http import Request
from people.models import User
from programs.actions.returning import taken_for_leavers
from programs.models import Application, Participant, Program, ProgramQuerySet


@dataclass(frozen=True)
class Need:
    """One thing in one programme: what, why, and the button that begins it.

    The lower the rank, the sooner it is said. ``key`` says which kind it is, and
    ``number`` of how many people or pairs.
    """

    key: str
    rank: int
    program: Program
    number: int
    title: str
    detail: str
    url: str
    button: str
    picture: str = "signpost"


@dataclass(frozen=True)
class Now:
    """What somebody who is ready and has no match does, or waits for."""

    title: str
    detail: str
    url: str
    button: str


# For participants: what each can do now. ``private`` leaves out what is theirs alone.
ACTING: list[Callable[..., dict[int, Now]]] = []
# Of programmes with their counts. Each asks the database as often for one as for many.
KNOWN: list[Callable[[Sequence[Program], User], list[Need]]] = []


def with_needs(programs: ProgramQuerySet) -> ProgramQuerySet:
    """With what ``needs_of`` reads: their counts, and how many ask to take part."""
    asking = (
        Application.objects.waiting()
        .filter(program=OuterRef("pk"))
        .order_by()
        .values("program")
        .annotate(number=Count("pk"))
    )
    return programs.with_counts().annotate(
        asking=Coalesce(Subquery(asking.values("number")), 0)
    )


def needs_of(programs: Sequence[Program], user: User) -> dict[int, list[Need]]:
    """For each programme (from ``with_needs``) what it asks of somebody, in order."""
    found = sorted(
        (need for finder in KNOWN for need in finder(programs, user)),
        key=lambda need: (need.program.pk, need.rank),
    )
    needs = {each.pk: list[Need]() for each in programs}
    for program_id, group in groupby(found, key=lambda need: need.program.pk):
        needs[program_id] = list(group)
    return needs


def now_of(request: Request, me: Participant) -> Now | None:
    """What I can do now; who looks along does not see whom I asked."""
    private = getattr(request, "viewing", None) is None
    for finder in ACTING:
        if now := finder([me], private=private).get(me.pk):
            return now
    return None


def drafts(programs: Sequence[Program], _user: User) -> list[Need]:
    """Those that nobody can see yet."""
    return [
        Need(
            "draft",
            0,
            program,
            1,
            _("Finish setting up and open it"),
            _("Nobody sees it until you open it."),
            reverse("programs:program_setup", args=[program.slug]),
            _("Go on"),
        )
        for program in programs
        if program.is_draft
    ]


def applications(programs: Sequence[Program], _user: User) -> list[Need]:
    """Those who asked to take part and have no answer yet."""
    return [
        Need(
            "applications",
            1,
            program,
            number,
            ngettext(
                "%(number)s person asks to take part",
                "%(number)s people ask to take part",
                number,
            )
            % {"number": number},
            _("They wait for your answer."),
            reverse("programs:application_list", args=[program.slug]),
            _("Read the applications"),
            "mailbox",
        )
        for program in programs
        if (number := program.asking)  # type: ignore[attr-defined]
        and not (program.is_draft or program.is_archived)
    ]


def starts(programs: Sequence[Program], _user: User) -> list[Need]:
    """Those whose first day has come while pairs meet, and that do not run yet."""
    return [
        Need(
            "start",
            2,
            program,
            1,
            _("Start %(name)s") % {"name": program.name},
            _("Its first day has come. Check-ins and surveys begin once it runs."),
            reverse("programs:program_move", args=[program.slug, "run"]),
            _("Start the programme"),
        )
        for program in programs
        if program.is_open and program.has_begun and program.matched  # type: ignore[attr-defined]
    ]


def returned(programs: Sequence[Program], _user: User) -> list[Need]:
    """Those in which somebody was taken for a leaver, and works here all the same."""
    back = {
        each.program_id: each
        for each in taken_for_leavers().filter(program__in=programs)
    }
    return [
        Need(
            "returned",
            1,
            program,
            1,
            _("%(name)s works here again") % {"name": one.user.name},
            _("HR had reported that they left. What ended can be taken up again."),
            reverse("programs:participant_return", args=[program.slug, one.pk]),
            _("Have a look"),
        )
        for program in programs
        if (one := back.get(program.pk))
    ]


KNOWN += [drafts, applications, starts, returned]
