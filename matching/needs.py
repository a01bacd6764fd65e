"""Who waits for a match, as whoever runs programmes is told of them.

Where people choose for themselves there is nobody to match: there it helps to speak to
those who have asked nobody, and to those who owe an answer.
"""

from collections import Counter
from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching.models import CHOOSING_MODELS, Manner, Request, Round
from mentoring.branding import role_words, worded
from people.models import User
from programs.models import Participant, Program, Role
from programs.needs import Need, Now

RANK = 2


def waiting(programs: Sequence[Program], _user: User) -> list[Need]:
    """Ready, and without a match."""
    ours = [
        each
        for each in programs
        if each.waiting  # type: ignore[attr-defined]
    ]
    if not ours:
        return []
    chosen = Manner.objects.filter(program=OuterRef("pk"), mode=Manner.Mode.CHOOSE)
    ready = Round.objects.filter(program=OuterRef("pk"), state=Round.State.READY)
    found = {
        pk: (is_chosen, round_id)
        for pk, is_chosen, round_id in Program.objects.filter(
            pk__in=[each.pk for each in ours]
        )
        .order_by()
        .values_list(
            "pk", Exists(chosen), Subquery(ready.order_by("-pk").values("pk")[:1])
        )
    }
    choosing = [each for each in ours if _may_choose(each) and found[each.pk][0]]
    needs = [
        _to_match(each, each.waiting, found[each.pk][1])  # type: ignore[attr-defined]
        for each in ours
        if each not in choosing
    ]
    return needs + (_choosing(choosing) if choosing else [])


def _may_choose(program: Program) -> bool:
    """Whether people can choose for themselves in such a programme, as it is now."""
    return program.takes_joiners and program.model in CHOOSING_MODELS


def _choosing_programs(programs: Sequence[Program]) -> set[int]:
    """Those in which people choose for themselves, by key."""
    return set(
        Manner.objects.filter(
            program__in=[each for each in programs if _may_choose(each)],
            mode=Manner.Mode.CHOOSE,
        ).values_list("program", flat=True)
    )


def choosing_now(
    participants: Sequence[Participant], *, private: bool = True
) -> dict[int, Now]:
    """For those who may choose: whom they asked and until when, or that they choose.

    Not ``private`` is for others, who do not see whom somebody asked.
    """
    free = [
        each
        for each in participants
        if each.role == Role.MENTEE
        and each.is_ready
        and not each.places_taken
        and not each.is_pausing
    ]
    programs = _choosing_programs([each.program for each in free])
    mine = {each.pk: each for each in free if each.program_id in programs}
    asked = {
        each.mentee_id: each
        for each in Request.objects.open()
        .filter(mentee__in=mine if private else [])
        .select_related("mentor__user")
    }
    return {
        pk: _asked(asked[pk], me) if pk in asked else _choose(me)
        for pk, me in mine.items()
    }


def _choose(me: Participant) -> Now:
    return Now(
        worded(_("Choose your %(mentor_word)s")),
        worded(_("Three %(mentors_word)s who fit you, each with the reasons why.")),
        reverse("matching:choose", args=[me.program.slug]),
        _("See who fits me"),
    )


def _asked(found: Request, me: Participant) -> Now:
    assert found.expires_at is not None
    return Now(
        _("%(name)s answers before %(day)s")
        % {
            "name": found.mentor.user.first_name,
            "day": date_format(timezone.localtime(found.expires_at), "j F"),
        },
        _("You get a mail with the answer. Meanwhile you can name your next choice."),
        reverse("matching:choose", args=[me.program.slug]),
        _("See what I asked"),
    )


def _to_match(program: Program, number: int, round_id: int | None) -> Need:
    """Somebody waits; where a round is ready it is to be looked at first."""
    title = (
        ngettext(
            "%(number)s %(peer_word)s waits for a circle",
            "%(number)s %(peers_word)s wait for a circle",
            number,
        )
        if program.is_for_peers
        else ngettext(
            "%(number)s %(mentee_word)s waits for a match",
            "%(number)s %(mentees_word)s wait for a match",
            number,
        )
    ) % {"number": number, **role_words()}
    places: int = program.free_places  # type: ignore[attr-defined]
    if round_id:
        return Need(
            "waiting",
            RANK,
            program,
            number,
            title,
            _("A round is ready: look at its proposals and publish it."),
            reverse("matching:round_detail", args=[round_id]),
            _("See the proposals"),
            "walking",
        )
    if program.is_for_peers or places:
        detail = (
            _("Circles are made of those who are ready.")
            if program.is_for_peers
            else ngettext(
                "There is %(places)s free place.",
                "There are %(places)s free places.",
                places,
            )
            % {"places": places}
        )
        url, button = "matching:round_list", _("To matching")
    else:
        detail = worded(_("There is no free place with the %(mentors_word)s."))
        url = "programs:invite_create"
        button = worded(_("Invite %(mentors_word)s"))
    return Need(
        "waiting",
        RANK,
        program,
        number,
        title,
        str(detail),
        reverse(url, args=[program.slug]),
        str(button),
        "walking",
    )


def _choosing(programs: Sequence[Program]) -> list[Need]:
    """Who has asked nobody yet, and which questions wait for an answer."""
    asked = Counter(
        Request.objects.open()
        .filter(mentee__program__in=programs, mentee__left_at=None)
        .values_list("mentee__program", flat=True)
    )
    silent = Counter(
        Participant.objects.ready()
        .filter(program__in=programs, role=Role.MENTEE, places_taken=0)
        .exclude(requests_sent__in=Request.objects.alive())
        .order_by()
        .values_list("program", flat=True)
    )
    needs = []
    for program in programs:
        people = reverse("programs:participant_list", args=[program.slug])
        if number := silent[program.pk]:
            needs.append(
                Need(
                    "silent",
                    RANK,
                    program,
                    number,
                    ngettext(
                        "%(number)s %(mentee_word)s has asked nobody yet",
                        "%(number)s %(mentees_word)s have asked nobody yet",
                        number,
                    )
                    % {"number": number, **role_words()},
                    _("They choose for themselves; a word from you helps."),
                    f"{people}?role=mentee&state=waiting",
                    _("See who waits"),
                    "walking",
                )
            )
        if number := asked[program.pk]:
            needs.append(
                Need(
                    "requests",
                    RANK + 2,
                    program,
                    number,
                    ngettext(
                        "%(number)s request waits for an answer",
                        "%(number)s requests wait for an answer",
                        number,
                    )
                    % {"number": number},
                    _(
                        "An answer comes within seven days; after three a reminder goes"
                        " out."
                    ),
                    reverse("matching:round_list", args=[program.slug]),
                    _("See how it goes"),
                    "mailbox",
                )
            )
    return needs
