"""How far groups of people come in a programme, without telling of anybody.

Background is sealed; it is opened here, by the clock, to be counted. What is kept is a
table of counts that may be seen: of five and more, whatever is subtracted from what.
Nothing else of the application reads somebody's background.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.cells import REST, folded, remembered, renewed, tells_of_few
from feedback.models import AccessTable
from mentorships.reach import FINISHED, JOINED, MATCHED, MET, reached
from people.models import Background, BackgroundQuestion, User
from programs.models import Program

STAGES = (_("invited"), _("joined"), _("matched"), _("met"), _("finished"))

People = dict[str, list[frozenset[int]]]


def stages_of(program: Program) -> list[frozenset[int]]:
    """Who came at least to each of the stages; who joined by themselves was asked."""
    far = reached(program)
    invited = frozenset(
        User.objects.filter(
            email__in=program.invites.values("email"), is_active=True
        ).values_list("pk", flat=True)
    )
    found = [invited | frozenset(far)]
    found += [
        frozenset(user for user, stage in far.items() if stage >= least)
        for least in (JOINED, MATCHED, MET, FINISHED)
    ]
    return found


def _groups(people: Collection[int]) -> dict[int, dict[str, frozenset[int]]]:
    """Of these people, who chose what, by question and choice."""
    said: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for each in Background.objects.filter(user__in=people):
        for asked, choice in each.read().items():
            said[asked][str(choice)].add(each.user_id)
    return {
        question.pk: {
            str(choice.pk): frozenset(said[question.pk][str(choice.pk)])
            for choice in question.choices.all()
            if said[question.pk][str(choice.pk)]
        }
        for question in BackgroundQuestion.objects.prefetch_related("choices")
    }


def cells_of(program: Program) -> list[frozenset[int]]:
    """Who is in each cell of the tables that a programme shows."""
    known = list(program.access_tables.all())
    if not known:
        return []
    stages = stages_of(program)
    groups = _groups(stages[0])
    found = []
    for table in known:
        of_them = groups.get(table.question_id, {})
        kept = {name: of_them.get(name, frozenset()) for name in table.counts}
        kept[REST] = stages[0] - frozenset().union(
            *(people for name, people in kept.items() if name != REST)
        )
        found += [
            kept[name] & stage
            for name, row in table.counts.items()
            for count, stage in zip(row, stages, strict=True)
            if count is not None
        ]
    return found


def tables(
    program: Program, elsewhere: Sequence[frozenset[int]] = ()
) -> dict[int, dict[str, list[int | None]]]:
    """By question: how many of each group came to each stage, as far as it may be seen.

    Those who did not say are with the groups that are too small. Where groups, held
    against those of the questions before or against the cells ``elsewhere``, those of
    other programmes, would tell of a few, the smallest joins them.
    """
    floor = settings.ANONYMITY_FLOOR
    stages = stages_of(program)
    found: dict[int, dict[str, list[int | None]]] = {}
    shown = list(elsewhere)
    for question, of_them in _groups(stages[0]).items():
        groups = dict(of_them)
        while groups:
            people = _split(groups, stages, floor)
            rows = [[len(each) for each in row] for row in people.values()]
            safe = folded(rows, floor)
            cells = [
                each
                for row in people.values()
                for each, is_safe in zip(row, safe, strict=True)
                if is_safe
            ]
            if len(people) > 1 and not tells_of_few([*shown, *cells], floor):
                shown += cells
                found[question] = {
                    name: [
                        len(each) if is_safe else None
                        for each, is_safe in zip(row, safe, strict=True)
                    ]
                    for name, row in people.items()
                }
                break
            # With its smallest group among the rest it may be safe.
            groups.pop(min(groups, key=lambda name: (len(groups[name]), name)))
    return found


def _split(
    groups: dict[str, frozenset[int]], stages: list[frozenset[int]], floor: int
) -> People:
    """Each group large enough and the rest, at each stage."""
    kept = {name: people for name, people in groups.items() if len(people) >= floor}
    rest = stages[0] - frozenset().union(*kept.values())
    while 0 < len(rest) < floor and kept:
        smallest = min(kept, key=lambda name: (len(kept[name]), name))
        rest |= kept.pop(smallest)
    if rest:
        kept[REST] = rest
    return {name: [people & stage for stage in stages] for name, people in kept.items()}


@transaction.atomic
def renew_access(
    program: Program, elsewhere: Sequence[frozenset[int]] | None = None
) -> int:
    """Put new tables in the place of those that were shown, where that tells of nobody;
    how many were put there. Twice changes nothing.

    ``elsewhere`` are the cells of the other programmes, in which the same people may
    take part; they are looked up when they are not given.
    """
    if elsewhere is None:
        elsewhere = [
            cell
            for other in Program.objects.exclude(pk=program.pk)
            for cell in cells_of(other)
        ]
    floor = settings.ANONYMITY_FLOOR
    known = {each.question_id: each for each in program.access_tables.all()}
    changed = 0
    for question, counts in tables(program, elsewhere).items():
        table = known.get(question)
        if table is None:
            AccessTable.objects.create(
                program=program,
                question_id=question,
                counts=counts,
                seen=remembered([], counts),
            )
            changed += 1
            continue
        following = renewed(table.counts, counts, table.seen, floor)
        if following and following != table.counts and _adds_up(following, floor):
            table.counts, table.at = following, timezone.now()
            table.seen = remembered(table.seen, following)
            table.save()
            changed += 1
    return changed


def _adds_up(counts: dict[str, list[int | None]], floor: int) -> bool:
    """Whether stages of several days, side by side, still tell of nobody."""
    rows = [[each for each in row if each is not None] for row in counts.values()]
    return all(folded(rows, floor))


def access_gap(program: Program) -> Decimal | None:
    """The largest difference between two groups in the share of those who joined that
    was matched, in points; too early to say while no two groups can be seen.
    """
    gaps = []
    for table in program.access_tables.all():
        shares = [
            100 * row[2] / row[1]
            for name, row in table.counts.items()
            if name != REST and row[1] and row[2] is not None
        ]
        if len(shares) > 1:
            gaps.append(max(shares) - min(shares))
    return Decimal(str(max(gaps))).quantize(Decimal("0.1")) if gaps else None
