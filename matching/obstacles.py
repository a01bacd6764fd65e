"""Why a round cannot begin, or comes to nothing: each in a sentence that says what to
change.
"""

from datetime import timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from matching.pool import BEGIN_WITHIN, begins_on
from matching.results import Result
from matching.scoring import Pool
from matching.words import Labels
from mentoring.branding import role_words, worded
from programs.models import Program, Role


def obstacle(program: Program, pool: Pool, least: int) -> str:
    """Why matching cannot begin, and what to change; empty when it can."""
    people = program.participants.ready()
    if not any(each.weight for each in pool.criteria):
        return _("No criterion counts. Give at least one a weight above 0.")
    mentees = [person for person in pool.mentees if not person.is_away]
    mentors = [person for person in pool.mentors if not person.is_away]
    if (pool.mentees and not mentees) or (pool.mentors and not mentors):
        return nobody_here(program, who_learns=not mentees)
    if program.is_for_peers:
        if len(mentees) < least:
            return _(
                "Only %(count)s %(peers_word)s are ready with a free place; a circle"
                " needs %(least)s. Invite more of them, or allow smaller circles."
            ) % {"count": len(mentees), "least": least, **role_words()}
        return ""
    if not pool.mentees:
        if people.filter(role=Role.MENTEE).exists():
            return worded(
                _(
                    "All %(mentees_word)s who are ready have a match. There is nobody"
                    " to match."
                )
            )
        return worded(
            _(
                "Nobody waits for a match. Ask %(mentees_word)s to complete their"
                " profile."
            )
        )
    if not pool.mentors:
        if people.filter(role=Role.MENTOR, capacity__gt=0).exists():
            return worded(
                _(
                    "All %(mentors_word)s are full. Ask them for more room, or invite"
                    " more of them."
                )
            )
        return worded(
            _(
                "No %(mentor_word)s has a free place. Invite more of them or ask for"
                " more room."
            )
        )
    if program.model == Program.Model.GROUP and len(mentees) < least:
        return _(
            "Only %(count)s %(mentees_word)s are ready; a group needs %(least)s. Wait"
            " for more, or allow smaller groups."
        ) % {"count": len(mentees), "least": least, **role_words()}
    return ""


def nobody_here(program: Program, *, who_learns: bool) -> str:
    """That everybody of one side is away while mentorships would begin."""
    first = begins_on(program)
    last = first + BEGIN_WITHIN - timedelta(days=1)
    if who_learns:
        text = _(
            "Everybody who waits is away from %(first)s to %(last)s, when mentorships"
            " would begin. Run the round later, or put off the first day of the"
            " programme."
        )
    else:
        text = _(
            "All %(mentors_word)s with a free place are away from %(first)s to"
            " %(last)s, when mentorships would begin. Run the round later, put off the"
            " first day of the programme, or invite other %(mentors_word)s."
        )
    return text % {
        "first": date_format(first, "j F"),
        "last": date_format(last, "j F"),
        **role_words(),
    }


def nobody_fits(program: Program, pool: Pool, result: Result) -> str:
    """Why a round found no pair at all, and what to change."""
    lifts = {
        limits.facts["lift"]
        for limits in result.left_over.values()
        if "lift" in limits.facts
    }
    if all(
        limits.facts.get("lift") == "absence" for limits in result.left_over.values()
    ):
        return nobody_here(program, who_learns=False)
    lifts.discard("absence")
    if lifts:
        labels = Labels(lifts)
        names = ", ".join(labels.of(key) for key in sorted(lifts))
        return _(
            "This must rules out every pair: %(names)s. Give it a weight instead of"
            " making it a must."
        ) % {"names": names}
    keys = [each.key for each in pool.criteria if each.must]
    musts = list(map(Labels(keys).of, keys))
    if len(musts) > 1:
        return _(
            "The musts together rule out every pair: %(names)s. Let go of one of them."
        ) % {"names": ", ".join(musts)}
    return worded(
        _(
            "Every pair is ruled out: by exclusions, reporting lines, or because they"
            " were a match before. Take exclusions away, or invite other"
            " %(mentors_word)s."
        )
    )
