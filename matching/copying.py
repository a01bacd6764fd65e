"""What a new programme gets of matching: from its template, or from an earlier one."""

from matching.models import Criterion, Manner, mode_of
from matching.pool import counting_questions, key_of
from programs.actions import COPIERS, FILLERS
from programs.blueprints import Blueprint
from programs.models import Program


def fill_manner(program: Program, blueprint: Blueprint) -> None:
    """Who does the choosing in programmes of this kind."""
    Manner.objects.create(program=program, mode=blueprint.match_mode)


def copy_matching(earlier: Program, program: Program) -> None:
    """Who chooses, and the same criteria with the same weights: those of a question
    are about the question as it was copied.
    """
    Manner.objects.create(program=program, mode=mode_of(earlier))
    copied = {
        (each.position, each.kind, each.text_nl, each.text_en): key_of(each)
        for each in counting_questions(program)
    }
    keys = {key: key for key in Criterion.Key.values} | {
        key_of(each): copied[same]
        for each in counting_questions(earlier)
        if (same := (each.position, each.kind, each.text_nl, each.text_en)) in copied
    }
    rows = list(earlier.criteria.filter(key__in=keys))
    for row in rows:
        row.pk, row.program, row.key = None, program, keys[row.key]
    Criterion.objects.bulk_create(rows)


FILLERS.append(fill_manner)
COPIERS.append(copy_matching)
