"""What was done about a pair that asks for a person: one list, first to last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from feedback.actions.caring import PUT_OFF
from feedback.models import CareItem
from history.models import Event
from people.models import User


@dataclass(frozen=True)
class Line:
    """One thing that was done: in a sentence, and what was said or where it stands."""

    at: datetime
    words: str
    more: str = ""
    body: str = ""
    url: str = ""


def lines(item: CareItem, callers: Sequence[User]) -> list[Line]:
    """The earlier times, how it came into the queue, and what was done since."""
    found = [*_earlier(item), Line(item.since, _("It came into the queue"))]
    found += [
        Line(item.since, _("%(name)s asked to be called") % {"name": user.name})
        for user in callers
    ]
    found += [
        Line(
            message.at,
            _("%(by)s wrote to %(to)s")
            % {"by": _name(message.by), "to": message.to.name},
            body=message.body,
        )
        for message in item.messages.select_related("to", "by")
    ]
    events = Event.objects.filter(
        about_type=item._meta.label_lower, about_id=item.pk
    ).select_related("by")
    found += [_did(item, event) for event in events if event.verb != "wrote"]
    if item.closed_at and item.closed_by_id is None:
        words = _("It left the queue by itself")
        found.append(Line(item.closed_at, words, item.outcome_words))
    return sorted(found, key=lambda line: line.at)


def _earlier(item: CareItem) -> list[Line]:
    """How it went the times before; the newest of many."""
    before = CareItem.objects.filter(
        mentorship=item.mentorship_id, closed_at__lte=item.since
    ).exclude(pk=item.pk)
    return [
        Line(
            each.closed_at or each.since,
            _("Earlier: %(outcome)s") % {"outcome": each.outcome_words},
            each.reason,
            url=each.get_absolute_url(),
        )
        for each in before.order_by("-closed_at")[:10]
    ]


def _did(item: CareItem, event: Event) -> Line:
    name = {"name": _name(event.by)}
    if event.verb == "taken":
        return Line(event.at, _("%(name)s took it on") % name)
    if event.verb == "let go":
        return Line(event.at, _("%(name)s let it go") % name)
    if event.verb.startswith(PUT_OFF):
        return Line(event.at, _put_off(event))
    more = ": ".join(filter(None, [item.outcome_words, item.reason]))
    return Line(event.at, _("%(name)s closed it") % name, more)


def _put_off(event: Event) -> str:
    name = _name(event.by)
    day = event.verb.removeprefix(PUT_OFF).strip()
    if not day:
        return _("%(name)s put it off") % {"name": name}
    said = date_format(date.fromisoformat(day), "j F Y")
    return _("%(name)s put it off: back on %(day)s") % {"name": name, "day": said}


def _name(user: User | None) -> str:
    return user.name if user else _("Somebody")
