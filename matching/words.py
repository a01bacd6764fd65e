"""A sum in words: what each side said, as its reader would say it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from babel import Locale
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from matching.models import Criterion
from people.forms import STYLE_ENDS
from people.models import STYLES, CareerDirection, Interest, Offer, Topic, Wish
from programs.models import JoinQuestion, Participant

HALF = Decimal("0.5")
MIDDLE = 3  # of a slider from 1 to 5
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Said:
    """One line of a sum, for reading."""

    label: str
    mentee: str
    mentor: str
    percent: Decimal
    weight: int
    at_most: int
    points: int
    is_known: bool


class Labels:
    """What criteria, and what blocks a pair, are called; looked up once for many."""

    def __init__(self, keys: Iterable[str]) -> None:
        wanted = {pk for key in keys if (pk := _question_in(key))}
        self.questions = JoinQuestion.objects.in_bulk(wanted)

    def question(self, key: str) -> JoinQuestion | None:
        """The question that a criterion is about, if it is about one."""
        return self.questions.get(_question_in(key))

    def of(self, key: str) -> str:
        blocks = {
            "self": _("the same person"),
            "reporting_line": _("one is above the other in the line"),
            "excluded": _("excluded, or they were a match before"),
            "declined": _("one of them said no before, or you said not this time"),
            "capacity": _("no free place"),
            "absence": _("away while a mentorship would begin"),
            "always": _("a reporting line, an exclusion or an earlier match"),
            "priority": _("first in line"),
        }
        if key in blocks:
            return blocks[key]
        key = key.removeprefix("must:")
        if (question := self.question(key)) is not None:
            return question.text
        return str(dict(Criterion.Key.choices).get(key, key))

    def blocked(self, keys: Iterable[str]) -> list[str]:
        """What stands between two people, one sentence each."""
        return [
            _("Must: %(name)s") % {"name": self.of(key)}
            if key.startswith("must:")
            else self.of(key)
            for key in keys
        ]


def label_of(key: str) -> str:
    """The name of a criterion, or of what blocks a pair."""
    return Labels([key]).of(key)


def blocked_words(keys: Iterable[str]) -> list[str]:
    """What stands between two people, one sentence each."""
    keys = list(keys)
    return Labels(keys).blocked(keys)


def _question_in(key: str) -> int:
    """By number the question that a criterion is about; 0 when it is about none."""
    kind, _colon, pk = key.removeprefix("must:").partition(":")
    return int(pk) if kind in {"answer", "answers"} and pk.isdecimal() else 0


def listed(names: Sequence[str]) -> str:
    """Several names as one says them, the last behind an "and"."""
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s and %(last)s") % {
        "names": ", ".join(names[:-1]),
        "last": names[-1],
    }


class Words:
    """Names for what sums refer to, looked up once for many of them."""

    def __init__(self, sums: Iterable[Iterable[Row]]) -> None:
        wanted: dict[str, set[int]] = {"topics": set(), "interests": set()}
        wanted |= {"direction": set(), "wishes": set()}
        keys = set()
        for lines in sums:
            for line in lines:
                keys.add(line["key"])
                for side in ("mentee", "mentor"):
                    _collect(wanted, line["key"], line.get(side))
        self.names: dict[str, dict[int, str]] = {
            key: {each.pk: each.name for each in model.objects.filter(pk__in=found)}
            for key, model, found in (
                ("topics", Topic, wanted["topics"]),
                ("interests", Interest, wanted["interests"]),
                ("direction", CareerDirection, wanted["direction"]),
            )
            if found
        }
        if wanted["wishes"]:
            self.names["wishes"] = {
                each.pk: each.user.name
                for each in Participant.objects.filter(
                    pk__in=wanted["wishes"]
                ).select_related("user")
            }
        self.labels = Labels(keys)
        self.languages = Locale.parse(get_language() or "en", sep="-").languages

    def lines(self, rows: Iterable[Row]) -> list[Said]:
        return [
            Said(
                label=self.labels.of(row["key"]),
                mentee=self._said(row["key"], row.get("mentee")),
                mentor=self._said(row["key"], row.get("mentor"), offers=True),
                percent=_percent(row),
                weight=row.get("weight", 0),
                at_most=row.get("at_most", 0),
                points=row.get("points", 0),
                is_known=row.get("is_known", True),
            )
            for row in rows
        ]

    def reason(self, row: Row) -> str:
        """What speaks for somebody, said to the one who would learn from them."""
        key, mine, theirs = row["key"], row.get("mentee"), row.get("mentor")
        if key == "topics":
            wanted = {topic for topic, _priority in mine or ()}
            names = self.names.get("topics", {})
            both = [names.get(t, "") for t, _level in theirs or () if t in wanted]
            if both:
                return _("Can help you with %(names)s") % {"names": listed(both)}
            return _("Knows subjects that are near to what you want to learn")
        if key in {"interests", "direction", "languages"}:
            known = self.languages if key == "languages" else self.names.get(key, {})
            both = [
                str(known.get(each, each))
                for each in mine or ()
                if each in (theirs or ())
            ]
            words = {
                "interests": _("Shares your interest in %(names)s"),
                "direction": _("Has been where you want to go: %(names)s"),
                "languages": _("Speaks %(names)s with you"),
            }
            return words[key] % {"names": listed(both)}
        if key == "location":
            if mine and theirs and mine[0] == theirs[0]:
                return _("Works at %(place)s, as you do") % {"place": mine[0]}
            return _("Works at about the same hours as you")
        if key == "department":
            return _("Works in %(name)s") % {"name": theirs}
        if key == "level":
            return _("Is further on in their career, at a level that suits yours")
        if key == "style":
            return _("Works in a way that goes well with yours")
        return self.labels.of(key).capitalize()

    def reason_to_mentor(self, row: Row) -> str:
        """What speaks for somebody, said to the one whom they would learn from."""
        key, theirs, mine = row["key"], row.get("mentee"), row.get("mentor")
        if key == "topics":
            offered = {topic for topic, _level in mine or ()}
            names = self.names.get("topics", {})
            both = [names.get(t, "") for t, _much in theirs or () if t in offered]
            if both:
                return _("Wants to learn what you can teach: %(names)s") % {
                    "names": ", ".join(both)
                }
            return _("Wants to learn something near to what you can teach")
        if key == "direction":
            known = self.names.get(key, {})
            both = [
                known.get(each, "") for each in theirs or () if each in (mine or ())
            ]
            return _("Wants to go where you have been: %(names)s") % {
                "names": ", ".join(both)
            }
        if key == "department":
            return _("Works in %(name)s") % {"name": theirs}
        if key == "level":
            return _("Is less far on in their career, at a level that suits yours")
        return self.reason(row)

    def _said(self, key: str, value: Any, *, offers: bool = False) -> str:
        if key == "wishes":
            value = value[1] if value else ()
        if value in (None, "", [], (), ["", ""]):
            return "–"
        names = self.names.get(key, {})
        if key == "topics":
            grades = dict(Offer.Level.choices if offers else Wish.Priority.choices)
            return ", ".join(
                f"{names.get(topic, '–')} ({grades.get(level, level)})"
                for topic, level in value
            )
        if key in {"interests", "direction", "wishes"}:
            return ", ".join(names.get(each, "–") for each in value)
        if key == "languages":
            return ", ".join(self.languages.get(each, each) for each in value)
        if key == "style":
            return ", ".join(
                _between(*STYLE_ENDS[name], place)
                for name, place in zip(STYLES, value, strict=False)
            )
        if key == "location":
            return ", ".join(each for each in value if each)
        if key == "level":
            return _("level %(number)s") % {"number": value}
        if key == "priority":
            return ngettext("%(number)s point", "%(number)s points", value) % {
                "number": value
            }
        if (question := self.labels.question(key)) is not None:
            return question.words_of(_as_answered(question, value)) or "–"
        return str(value)


def _percent(row: Row) -> Decimal:
    """How well one criterion fits, in as few digits as give the points on paper."""
    exact = Decimal(row.get("millionths", 0)) / 10_000
    for digits in range(3):
        percent = round(exact, digits)
        if int(percent * row.get("at_most", 0) / 100 + HALF) == row.get("points", 0):
            return percent
    return exact


def _between(left: Any, right: Any, place: int) -> str:
    """Where somebody stands between the two ends of a slider, from 1 to 5."""
    if place == MIDDLE:
        return _("between %(left)s and %(right)s") % {"left": left, "right": right}
    return str(left if place < MIDDLE else right)


def _as_answered(question: JoinQuestion, value: Any) -> Any:
    """An answer as the form keeps it: the arithmetic has it as text."""
    if question.kind == question.Kind.YES_NO:
        return value == "True"
    return value


def _collect(wanted: dict[str, set[int]], key: str, value: Any) -> None:
    if not value:
        return
    if key == "topics":
        wanted["topics"].update(topic for topic, _level in value)
    elif key in {"interests", "direction"}:
        wanted[key].update(value)
    elif key == "wishes":
        wanted["wishes"].update(value[1])
