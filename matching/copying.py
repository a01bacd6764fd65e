"""What a copy of a programme takes along of its matching."""

from matching.models import Criterion
from programs.actions import COPIERS
from programs.models import Program


def copy_criteria(earlier: Program, program: Program) -> None:
    """The same criteria, with the same weights."""
    rows = list(earlier.criteria.all())
    for row in rows:
        row.pk, row.program = None, program
    Criterion.objects.bulk_create(rows)


COPIERS.append(copy_criteria)
