"""Who may join: the rules of each role, and whom they come to."""

from django.db import transaction

from history.models import record
from people.models import User, UserQuerySet
from programs.models import EligibilityRule, Program, people_let_in


def people_for(rules: list[EligibilityRule]) -> UserQuerySet:
    """The colleagues whom these rules, of one role, let in."""
    return User.objects.working_here().filter(people_let_in(rules))


@transaction.atomic
def set_eligibility(
    program: Program, rules: dict[str, list[EligibilityRule]], *, by: User
) -> None:
    """Replace the rules of these roles. Whoever takes part already goes on."""
    program.eligibility.filter(role__in=rules).delete()
    EligibilityRule.objects.bulk_create(
        rule for of_role in rules.values() for rule in of_role
    )
    record(program, "eligibility changed", by=by)
