"""Why a round cannot begin, or comes to nothing: kept as a key with what is known, and
said to each reader in a sentence that says what to change.
"""

from datetime import date, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from matching.models import Round
from matching.pool import BEGIN_WITHIN, begins_on
from matching.results import Result
from matching.scoring import Pool
from matching.words import Labels
from mentoring.branding import role_words
from programs.models import Program, Role

# {"key"} and what its sentence names: "count", "least", "first", "last", "criteria".
Problem = dict[str, Any]

SENTENCES = {
    "nothing_counts": _("No criterion counts. Give at least one a weight above 0."),
    "few_peers": _(
        "Only %(count)s %(peers_word)s are ready with a free place; a circle"
        " needs %(least)s. Invite more of them, or allow smaller circles."
    ),
    "few_for_groups": _(
        "Only %(count)s %(mentees_word)s are ready; a group needs %(least)s. Wait"
        " for more, or allow smaller groups."
    ),
    "all_matched": _(
        "All %(mentees_word)s who are ready have a match. There is nobody to match."
    ),
    "nobody_waits": _(
        "Nobody waits for a match. Ask %(mentees_word)s to complete their profile."
    ),
    "mentors_full": _(
        "All %(mentors_word)s are full. Ask them for more room, or invite more of them."
    ),
    "no_mentors": _(
        "No %(mentor_word)s has a free place. Invite more of them or ask for more room."
    ),
    "learners_away": _(
        "Everybody who waits is away from %(first)s to %(last)s, when mentorships"
        " would begin. Run the round later, or put off the first day of the"
        " programme."
    ),
    "mentors_away": _(
        "All %(mentors_word)s with a free place are away from %(first)s to"
        " %(last)s, when mentorships would begin. Run the round later, put off the"
        " first day of the programme, or invite other %(mentors_word)s."
    ),
    "a_must": _(
        "This must rules out every pair: %(names)s. Give it a weight instead of"
        " making it a must."
    ),
    "musts": _(
        "The musts together rule out every pair: %(names)s. Let go of one of them."
    ),
    "ruled_out": _(
        "Every pair is ruled out: by exclusions, reporting lines, or because they"
        " were a match before. Take exclusions away, or invite other"
        " %(mentors_word)s."
    ),
    "not_proven": _(
        "The check of the result did not agree, so it is not shown. Run again."
    ),
    "crashed": _(
        "Something went wrong on the server. Run again; if it stays, tell the IT admin."
    ),
    "broken_off": _("It was broken off before it was done. Run again."),
}


def problem_of(found: Round) -> str:
    """Why a round came to nothing, in the language and the words of who reads it."""
    problem = found.problem
    if not problem:
        return ""
    said = {
        name: date_format(date.fromisoformat(problem[name]), "j F")
        for name in ("first", "last")
        if name in problem
    }
    criteria = problem.get("criteria", [])
    names = ", ".join(map(Labels(criteria).of, criteria))
    words = {**role_words(), **problem, **said, "names": names}
    return str(SENTENCES[problem["key"]]) % words


def obstacle(program: Program, pool: Pool, least: int) -> Problem:
    """Why matching cannot begin; empty when it can."""
    people = program.participants.ready()
    if not any(each.weight for each in pool.criteria):
        return {"key": "nothing_counts"}
    mentees = [person for person in pool.mentees if not person.is_away]
    mentors = [person for person in pool.mentors if not person.is_away]
    if (pool.mentees and not mentees) or (pool.mentors and not mentors):
        return _nobody_here(program, who_learns=not mentees)
    if program.is_for_peers:
        if len(mentees) < least:
            return {"key": "few_peers", "count": len(mentees), "least": least}
        return {}
    if not pool.mentees:
        some = people.filter(role=Role.MENTEE).exists()
        return {"key": "all_matched" if some else "nobody_waits"}
    if not pool.mentors:
        some = people.filter(role=Role.MENTOR, capacity__gt=0).exists()
        return {"key": "mentors_full" if some else "no_mentors"}
    if program.model == Program.Model.GROUP and len(mentees) < least:
        return {"key": "few_for_groups", "count": len(mentees), "least": least}
    return {}


def _nobody_here(program: Program, *, who_learns: bool) -> Problem:
    """That everybody of one side is away while mentorships would begin."""
    first = begins_on(program)
    return {
        "key": "learners_away" if who_learns else "mentors_away",
        "first": first.isoformat(),
        "last": (first + BEGIN_WITHIN - timedelta(days=1)).isoformat(),
    }


def nobody_fits(program: Program, pool: Pool, result: Result) -> Problem:
    """Why a round found no pair at all."""
    lifts = {
        limits.facts["lift"]
        for limits in result.left_over.values()
        if "lift" in limits.facts
    }
    if all(
        limits.facts.get("lift") == "absence" for limits in result.left_over.values()
    ):
        return _nobody_here(program, who_learns=False)
    lifts.discard("absence")
    if lifts:
        return {"key": "a_must", "criteria": sorted(lifts)}
    musts = [each.key for each in pool.criteria if each.must]
    if len(musts) > 1:
        return {"key": "musts", "criteria": musts}
    return {"key": "ruled_out"}
