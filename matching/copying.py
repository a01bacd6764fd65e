"""What a copy of a programme takes along of its matching."""

from matching.models import Criterion
from programs.actions import COPIERS
from programs.models import Program


def copy_criteria(earlier: Program, program: Program) -> None:
    """The same criteria, with the same weights.

    Those of questions are about the earlier programme's, and stay there.
    """
    rows = list(earlier.criteria.filter(key__in=Criterion.Key.values))
    for row in rows:
        row.pk, row.program = None, program
    Criterion.objects.bulk_create(rows)


COPIERS.append(copy_criteria)
