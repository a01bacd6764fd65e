"""Who sees what in a programme: made from the rules, with the programme's questions."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from people.visibility import SIGHTS, Circle, show
from programs.models import JoinQuestion, Program

show(
    _("Taking part"),
    Circle.TEAM,
    [
        _("that you take part, in which role, and since when"),
        _("what you hope for"),
        _("which training you did"),
        _("that you pause, and until when; never why"),
    ],
)


# You; who you are matched with; the programme team; colleagues.
OF_THE_TEAM_ONLY = (True, False, True, False)


@dataclass(frozen=True)
class Row:
    """One thing, and for each kind of reader whether they see it."""

    thing: Any
    marks: tuple[bool, ...]


def readers(circle: Circle) -> tuple[bool, ...]:
    """Who is in a circle: each is in every larger one."""
    return tuple(circle >= each for each in Circle)


def row_of(question: JoinQuestion) -> Row:
    """Who reads the answer to a question of a programme."""
    if question.seen_by == JoinQuestion.Circle.TEAM:
        return Row(question.text, OF_THE_TEAM_ONLY)
    return Row(question.text, readers(Circle.TEAM))


def circles(program: Program) -> list[tuple[Any, list[Row]]]:
    """The rows by subject, the most private first."""
    found: dict[str, list[Row]] = {}
    for sight in sorted(SIGHTS, key=lambda sight: sight.circle):
        row = Row(sight.thing, readers(sight.circle))
        found.setdefault(str(sight.subject), []).append(row)
    asked = [row_of(question) for question in program.join_questions.all()]
    if asked:
        found[str(_("Questions of this programme"))] = asked
    return list(found.items())
