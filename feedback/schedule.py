"""When a survey is asked: what is due, which day comes next, or why none does."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _

from feedback.models import Invitation, Outlook, Survey, Wave
from mentoring.words import day_words
from programs.models import Program

# Asked only within this many days of its day, so that a long sleep makes no flood.
GRACE_DAYS = 7


def last_day(survey: Survey, today: date) -> date | None:
    """The last day, today included, on which it was due; ``None`` where none was."""
    if survey.asks == Survey.Asks.ON_DATE:
        return survey.ask_on if survey.ask_on and survey.ask_on <= today else None
    first = _first_day(survey)
    if first is None or first > today:
        return None
    if not survey.every_days:
        return first
    late = (today - first).days % survey.every_days
    return today - timedelta(days=late)


def next_day(survey: Survey, today: date) -> date | None:
    """The next day, today included, on which it is due; ``None`` where none comes."""
    if survey.asks == Survey.Asks.ON_DATE:
        return survey.ask_on if survey.ask_on and survey.ask_on >= today else None
    first = _first_day(survey)
    if first is None or first >= today:
        return first
    if not survey.every_days:
        return None
    return today + timedelta(days=(first - today).days % survey.every_days)


def _first_day(survey: Survey) -> date | None:
    start = survey.program.starts_on
    if survey.asks != Survey.Asks.BY_DAY or start is None or survey.first_day is None:
        return None
    return start + timedelta(days=survey.first_day)


def occasion_of(survey: Survey, day: date) -> str:
    """What a wave of that day is called: the same day makes no second one."""
    start = survey.program.starts_on
    if survey.asks == Survey.Asks.ON_DATE or start is None:
        return f"{day:%Y-%m-%d}"
    return f"day-{(day - start).days}"


def was_asked(survey: Survey, day: date, waves: Iterable[Wave]) -> bool:
    """Whether a version of it was asked on that day, by the waves of its programme."""
    occasion = occasion_of(survey, day)
    return any(
        each.occasion == occasion and each.survey.key == survey.key for each in waves
    )


def due(
    survey: Survey, today: date, *, waves: Sequence[Wave], rest: int
) -> tuple[date, date] | None:
    """The day of a survey that is still to be asked, and the last on which it is.

    Where another survey was asked not long before, it has its turn when the days of
    rest are over; otherwise a few days after its own it is too late.
    """
    day = last_day(survey, today)
    if day is None or was_asked(survey, day, waves):
        return None
    until, days = day + timedelta(days=GRACE_DAYS), timedelta(days=rest)
    if today <= until + days and _was_held_back(survey, day - days, until):
        until += days
    return (day, until) if today <= until else None


def _was_held_back(survey: Survey, since: date, until: date) -> bool:
    """Whether another survey of the programme was asked of anybody in these days. A
    wave does not say when: that of a stage goes on for a quarter.
    """
    return (
        Invitation.objects.filter(
            wave__survey__program=survey.program_id,
            asked_at__date__range=(since, until),
        )
        .exclude(wave__survey__key=survey.key)
        .exists()
    )


def outlook(
    survey: Survey,
    today: date,
    *,
    questions: int,
    waves: Sequence[Wave],
    rest: int,
) -> Outlook:
    """What becomes of a survey with so many questions, by the waves of its programme
    and the days of rest there.
    """
    if survey.retired_at:
        return Outlook(why_not=_("It is not asked any more."))
    if survey.program.state == Program.State.ARCHIVED:
        return Outlook(why_not=_("The programme is in the archive."))
    if not questions:
        return Outlook(why_not=_("It has no question yet."))
    if survey.asks in {Survey.Asks.BY_HAND, Survey.Asks.AT_END}:
        return Outlook()
    if survey.program.state == Program.State.CLOSING:
        return Outlook(why_not=_("Not by itself: the programme is closing."))
    if survey.is_rolling:
        return Outlook()
    if survey.asks == Survey.Asks.BY_DAY and survey.program.starts_on is None:
        return Outlook(why_not=_("The programme has no first day yet."))
    is_running = survey.program.state == Program.State.RUNNING
    if is_running and (found := due(survey, today, waves=waves, rest=rest)):
        day, until = found
        return Outlook(
            why_not=_(
                "Its day was %(day)s. It is asked as soon as enough people may be"
                " asked, until %(until)s at the latest."
            )
            % {"day": day_words(day), "until": day_words(until)}
        )
    return _by_day(survey, today, waves)


def _by_day(survey: Survey, today: date, waves: Sequence[Wave]) -> Outlook:
    last, following = last_day(survey, today), next_day(survey, today)
    is_done = last is not None and was_asked(survey, last, waves)
    if following == today and is_done:
        following = next_day(survey, today + timedelta(days=1))
    if following is None:
        return Outlook(
            why_not=_("It was asked on %(day)s.") % {"day": day_words(last)}
            if last and is_done
            else _("Its day has passed.")
        )
    end = survey.program.ends_on
    if end and following > end:
        return Outlook(
            why_not=_("Its next day would be %(day)s, after the end of the programme.")
            % {"day": day_words(following)}
        )
    return Outlook(following)
