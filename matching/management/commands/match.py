"""A round from the command line."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from matching.actions import begin_round, run_round
from matching.models import Round
from matching.obstacles import problem_of
from programs.models import Program


class Command(BaseCommand):
    """Match a programme's pool, and print what came of it.

    The round is kept and waits for the coordinator's review; nothing is published.
    """

    help = "match everybody who waits in a programme; nothing is published"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("program", help="the programme's name in its address")
        parser.add_argument(
            "--json", action="store_true", help="everything, for other programs"
        )
        parser.add_argument(
            "--objective",
            choices=Round.Objective.values,
            default=Round.Objective.MOST_MATCHED.value,
            help="what comes first (default: %(default)s)",
        )
        parser.add_argument(
            "--no-protect",
            action="store_true",
            help="do not raise the weakest match first",
        )
        parser.add_argument(
            "--least", type=int, default=3, help="the fewest in a group or circle"
        )
        parser.add_argument(
            "--most", type=int, default=8, help="the most in a group or circle"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        program = Program.objects.filter(slug=options["program"]).first()
        if program is None:
            known = ", ".join(Program.objects.values_list("slug", flat=True))
            raise CommandError(
                f"There is no programme {options['program']!r}. There are: {known}"
            )
        if not 2 <= options["least"] <= options["most"]:
            raise CommandError("--least is 2 or more, and --most is not below it.")
        try:
            found = begin_round(
                program,
                objective=options["objective"],
                protect_weakest=not options["no_protect"],
                least=options["least"],
                most=options["most"],
                by=None,
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        try:
            run_round(found)
        except BaseException:
            # The place for a running round comes free, whatever happened.
            Round.objects.filter(pk=found.pk, state=Round.State.RUNNING).update(
                state=Round.State.FAILED, problem={"key": "broken_off"}
            )
            raise
        if found.state != Round.State.READY:
            raise CommandError(problem_of(found) or "The round was stopped.")
        if options["json"]:
            self.stdout.write(json.dumps(as_data(found), ensure_ascii=False, indent=2))
        else:
            self.stdout.write(
                f"{found.matched} matched, {found.total} points, at most"
                f" {found.upper_bound}; {found.left_over.count()} left over;"
                f" {found.seconds:.2f} s. {found.verdict}"
            )


def as_data(found: Round) -> dict[str, Any]:
    """A round with everything that it knows, by the people's e-mail addresses."""
    return {
        "program": found.program.slug,
        "round": found.pk,
        "objective": found.objective,
        "protect_weakest": found.protect_weakest,
        "total": found.total,
        "upper_bound": found.upper_bound,
        "gap": found.gap,
        "proven": found.is_proven,
        "matched": found.matched,
        "matched_bound": found.matched_bound,
        "floor": found.floor,
        "seconds": found.seconds,
        "memory_mb": found.memory_mb,
        "proposals": [
            {
                "people": [
                    {"role": member.role, "email": member.participant.user.email}
                    for member in proposal.members.all()
                ],
                "score": proposal.score,
                "explanation": proposal.lines or proposal.parts,
            }
            for proposal in found.proposals.prefetch_related(
                "members__participant__user"
            )
        ],
        "left_over": [
            {
                "email": each.participant.user.email,
                "limit": each.limit,
                "facts": each.facts,
            }
            for each in found.left_over.select_related("participant__user")
        ],
    }
