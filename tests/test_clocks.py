"""Every clock there is: what falls due on which day, with all tasks of the clock at
work every day. The days count from what the clock counts from.
"""

from collections import Counter, defaultdict
from datetime import datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.utils.module_loading import import_string

from feedback.actions import pulse_of
from feedback.models import CareItem, Survey
from matching.actions import ask_mentor
from matching.models import Manner, Round
from mentorships.actions import log_session, plan_session
from mentorships.models import Mentorship
from outbox.kinds import KINDS
from outbox.models import Message
from outbox.tasks import send_due
from programs.actions import invite
from programs.models import Participant, Program, Role
from tests import factories

# A Monday, with no holiday of ours in the three weeks after it.
START = datetime.fromisoformat("2027-01-11T10:00:00+01:00")
# What it is, where it begins, what is sent (or, with =, what becomes of the pair) to
# whom, and on which days.
CLOCKS = """
invitation not answered  invited   invitation_reminder     invited      4 11
                         invited   invitations_unanswered  coordinator  14
profile not finished     joined    profile_unfinished      mentee       3 10
nobody asked yet         choosing  not_asked               mentee       3 10
a request                asked     request_reminder        mentor       3
                         asked     request_unmet           mentee       7
proposals not decided    proposed  proposals_waiting       coordinator  4 9
matched, nothing planned matched   first_step              mentee       3 7
                         matched   first_step              mentor       7
                         matched   =flagged                pair         14
around a session         planned   session_prepare         mentee       9
                         planned   session_log             mentor       10
                         planned   session_log_again       mentor       12
after the first session  met       fit_check               mentee       1
stuck in one stage       met       stuck                   mentor       21
a rhythm that is missed  met       check_in                mentor       22
                         met       =flagged                pair         28
silence                  met       silence_nudge           mentee       60
                         met       silence_ask             mentor       90
                         met       silence_told            coordinator  90
                         met       =ended                  pair         97
short surveys            steady    pulse                   mentee       30 35 90 95
half-way                 steady    half_way                mentor       50
towards the end          steady    ending                  mentee       79 100 107 114
                         steady    =ended                  pair         121
waiting for a match      waiting   waiting_status          mentee       14 28
"""
ROWS = [line[25:].split(maxsplit=3) for line in CLOCKS.strip("\n").splitlines()]
CLOSELY = 35
EVERY_DAY = sorted(
    {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    - {"outbox.tasks.send_due", "outbox.tasks.beat"}
)


@pytest.fixture
def people(program, coordinator, mentor, mentee):
    """A programme of a hundred days with one of each."""
    Program.objects.update(
        starts_on=START.date(), ends_on=START.date() + timedelta(days=100)
    )
    program.refresh_from_db()
    return {"coordinator": coordinator, "mentor": mentor, "mentee": mentee}


def pair(program, people):
    mentorship = factories.MentorshipFactory(program=program, started_at=START)
    for role in (Role.MENTOR, Role.MENTEE):
        participant = Participant.objects.get(program=program, user=people[role])
        participant.claim_place()
        mentorship.members.create(participant=participant, role=role)
    return mentorship


def invited(program, people):
    Program.objects.update(state="open")
    program.refresh_from_db()
    invite(program, ["new@example.org"], Role.MENTEE, by=people["coordinator"])


def joined(program, people):
    Participant.objects.filter(user=people["mentee"]).update(
        state="joining", joined_at=START
    )
    people["mentee"].profile.delete()


def choosing(program, people):
    Manner.objects.create(program=program, mode=Manner.Mode.CHOOSE)
    Participant.objects.filter(user=people["mentee"]).update(ready_at=START)


def asked(program, people):
    choosing(program, people)
    ask_mentor(
        Participant.objects.get(user=people["mentee"]),
        Participant.objects.get(user=people["mentor"]),
        goals="I lead the meeting",
        rhythm_days=14,
        months=6,
        by=people["mentee"],
    )


def proposed(program, people):
    Round.objects.create(program=program, state=Round.State.READY, at=START)


def matched(program, people):
    pair(program, people)


def planned(program, people):
    plan_session(
        pair(program, people),
        wall=datetime(2027, 1, 21, 6, 30),
        by=people["mentee"],
    )


def met(program, people):
    Program.objects.update(ends_on=START.date() + timedelta(days=400))
    mentorship = pair(program, people)
    log_session(
        factories.MentoringSessionFactory(mentorship=mentorship, starts_at=START),
        by=people["mentor"],
        came=mentorship.members.all(),
        minutes=60,
        shared="",
        base="",
        private=None,
    )


def steady(program, people):
    """They meet as they should, to the end."""
    mentorship = pair(program, people)
    pulse_of(program)
    # Anonymous it is asked of five and more.
    Survey.objects.update(is_named=True)
    factories.GoalFactory(mentorship=mentorship, owner=mentorship.members.first())
    for day in range(1, 100, 14):
        factories.MentoringSessionFactory(
            mentorship=mentorship,
            held=True,
            starts_at=START + timedelta(days=day),
        )


def waiting(program, people):
    Participant.objects.filter(user=people["mentee"]).update(ready_at=START)


def days_of(program, people, begin, expected):
    """On which days what was sent to whom, while the clock runs day after day; later
    on, around the days on which something is expected.
    """
    found = defaultdict(list)
    names = {user.pk: name for name, user in people.items()}
    around = {day + near for day in expected for near in (-1, 0, 1)}
    with time_machine.travel(START, tick=False) as clock:
        begin(program, people)
        for day in sorted({*range(min(max(expected), CLOSELY) + 2), *around}):
            clock.move_to(START + timedelta(days=day))
            for task in EVERY_DAY:
                import_string(task)()
            send_due()
    for message in Message.objects.filter(state="sent").order_by("sent_at"):
        who = names.get(message.to_id, "invited")
        found[message.kind, who].append(since(message.sent_at))
    for item in CareItem.objects.all():
        found["=flagged", "pair"].append(since(item.since))
    for mentorship in Mentorship.objects.exclude(ended_at=None):
        found["=ended", "pair"].append(since(mentorship.ended_at))
    return found


def since(moment):
    return (moment - START).days


BEGIN = {
    name: globals()[name] for name in dict.fromkeys(begin for begin, *_rest in ROWS)
}


@pytest.mark.parametrize("name", BEGIN)
def test_what_falls_due_falls_due_on_its_day(program, people, name):
    expected = {
        (kind, who): [int(day) for day in days.split()]
        for begin, kind, who, days in ROWS
        if begin == name
    }
    days = {day for each in expected.values() for day in each}

    found = days_of(program, people, BEGIN[name], days)

    assert {key: found[key] for key in expected} == expected
    # Clocks of several kinds that fall on one day are one mail.
    mails = Counter(
        (each.to_id, since(each.sent_at))
        for each in Message.objects.filter(state="sent", sent_with=None)
        if KINDS[each.kind].is_reminder
    )
    assert max(mails.values()) == 1


def test_every_reminder_there_is_has_a_clock_here():
    """But for the overviews, and for the agreement, which have tests of their own."""
    overviews = {kind.key for kind in KINDS.values() if kind.is_overview}
    in_table = {kind for _begin, kind, _who, _days in ROWS}
    reminders = {kind.key for kind in KINDS.values() if kind.is_reminder}

    assert reminders - overviews - in_table == {"agreement_open"}
    assert {key for key in in_table if not key.startswith("=")} <= KINDS.keys()
