"""A group with one mentor and a circle of peers, as they are after three months."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from dashboards.demo.company import Company
from dashboards.demo.matching import groups_to_review
from mentorships import actions
from mentorships.models import (
    Action,
    Agreement,
    Attendance,
    Goal,
    Member,
    MentoringSession,
    Mentorship,
    Progress,
    SharedNote,
    ThankYou,
)
from people.models import User
from programs.models import Program, Role

# They began before the pairs did, so that a pair stands on top of the list.
GROUP_SINCE, CIRCLE_SINCE = 100, 110
HELD = 4
GROUP_NOTES = (
    "Kennisgemaakt. Ieder bracht één vraag mee; we begonnen met die van de jongste.",
    "Over zichtbaar zijn zonder te overdrijven. Iedereen oefende één minuut.",
    "Wie durft nee te zeggen? Drie voorbeelden uit eigen werk, één uit de praktijk.",
    "Halverwege: wat vroegen we vaker dan vorige maand? Antwoord: om hulp.",
)
CIRCLE_NOTES = (
    "Regels afgesproken: één inbrenger, vier vragenstellers, geen advies in ronde één.",
    "Casus over een vastgelopen planning. De vraag achter de vraag: wie beslist?",
    "Casus over een collega die zich terugtrekt. We bleven lang bij wat we zagen.",
    "Terugblik op drie casussen. Twee zijn opgelost, één is kleiner geworden.",
)
WILL_DO = (
    "De samenvatting rondsturen",
    "Een casus voorbereiden voor de volgende keer",
    "Iemand van buiten het team om feedback vragen",
)


def make_groups(company: Company) -> None:
    """Both, each in a programme of its own, with the demo's own people in them."""
    free = sorted(company.free, key=lambda user: (company.level[user.pk], user.pk))
    group = _running(company, "group-mentoring", GROUP_SINCE)
    _together(
        company,
        group,
        "Vooruit met vijf",
        [
            (company.user["mentor"], Role.MENTOR),
            *((user, Role.MENTEE) for user in free[:4]),
        ],
        GROUP_NOTES,
        hour=11,
    )
    groups_to_review(company, group, free[-5:-1], free[8:25])
    circle = _running(company, "peer-circle", CIRCLE_SINCE)
    _together(
        company,
        circle,
        "Intervisiekring Noord",
        [
            (company.user["mentee"], Role.PEER),
            *((user, Role.PEER) for user in free[4:8]),
        ],
        CIRCLE_NOTES,
        hour=15,
    )
    groups_to_review(company, circle, [], free[25:35])


def _running(company: Company, key: str, days: int) -> Program:
    program = company.make_program(key, -days)
    program.move("open")
    program.move("run")
    return program


def _together(
    company: Company,
    program: Program,
    name: str,
    people: Sequence[tuple[User, str]],
    notes: Sequence[str],
    *,
    hour: int,
) -> None:
    """A mentorship of five: who came when, what was said and will be done."""
    for user, role in people:
        company.join(program, user, Role(role))
    joined = {each.user_id: each for each in program.participants.all()}
    assert program.starts_on
    mentorship = actions.start_mentorship(
        program=program,
        people=[(joined[user.pk], role) for user, role in people],
        by=company.user["coordinator"],
        started_at=company.moment(program.starts_on, 9),
    )
    actions.name_group(mentorship, name)
    members = list(mentorship.members.select_related("participant__user"))
    held = _sessions(company, mentorship, members, hour)
    SharedNote.objects.bulk_create(
        SharedNote(
            session=session,
            body=body,
            by=members[place % len(members)].participant.user,
            at=session.starts_at,
        )
        for place, (session, body) in enumerate(zip(held, notes, strict=True))
    )
    today = timezone.localdate()
    Action.objects.bulk_create(
        Action(
            mentorship=mentorship,
            owner=members[place],
            text=text,
            due_on=today + timedelta(days=6 + place),
            done_at=company.now - timedelta(days=12) if place == 2 else None,
        )
        for place, text in enumerate(WILL_DO)
    )
    _goal(company, mentorship, members[0])
    ThankYou.objects.create(
        by=members[1],
        to=members[-1],
        body="Dank voor je vraag van vorige keer. Ik heb hem de hele week meegenomen.",
        at=company.now - timedelta(days=20),
        offered_at=company.now - timedelta(days=20),
        accepted_at=company.now - timedelta(days=19),
    )
    _agreement(mentorship, members)


def _sessions(
    company: Company, mentorship: Mentorship, members: Sequence[Member], hour: int
) -> list[MentoringSession]:
    """Those that were held, somebody missing at each but the first, and one to come."""
    days = [12 + place * mentorship.rhythm_days for place in range(HELD)]
    held = [
        _session(mentorship, _at(company, mentorship, day, hour), 90, held=True)
        for day in days
    ]
    ahead = company.moment(timezone.localdate() + timedelta(days=8), hour)
    coming = _session(mentorship, ahead, 90, held=False)
    coming.place = "Zaal De Sluis"
    coming.subject = "Ieder één stap verder"
    MentoringSession.objects.bulk_create([*held, coming])
    Attendance.objects.bulk_create(
        Attendance(session=session, member=member)
        for place, session in enumerate(held)
        for number, member in enumerate(members)
        if not place or number != place + 1
    )
    return held


def _at(company: Company, mentorship: Mentorship, day: int, hour: int) -> datetime:
    return company.moment((mentorship.started_at + timedelta(days=day)).date(), hour)


def _session(
    mentorship: Mentorship, starts: datetime, minutes: int, *, held: bool
) -> MentoringSession:
    return MentoringSession(
        mentorship=mentorship,
        starts_at=starts,
        wall_time=f"{starts:%Y-%m-%dT%H:%M}",
        minutes=minutes,
        mode=MentoringSession.Mode.OFFICE,
        state=MentoringSession.State.HELD if held else MentoringSession.State.PLANNED,
        logged_at=starts + timedelta(hours=2) if held else None,
    )


def _goal(company: Company, mentorship: Mentorship, owner: Member) -> None:
    goal = Goal.objects.create(
        mentorship=mentorship,
        owner=owner,
        specific="Ik breng elke maand één eigen vraag in",
        measure="vragen ingebracht",
        start=0,
        target=6,
        relevance="Wie vraagt, leert; en de anderen leren mee.",
        by_on=timezone.localdate() + timedelta(days=70),
        created_at=company.now - timedelta(days=80),
    )
    for days, value in ((60, 1), (30, 3)):
        Progress.objects.create(
            goal=goal, value=value, at=company.now - timedelta(days=days)
        )


def _agreement(mentorship: Mentorship, members: Sequence[Member]) -> None:
    """One of the five still has to sign."""
    actions.agree(
        Agreement(
            mentorship=mentorship,
            minutes=90,
            channel="Op kantoor, om de beurt bij een ander team.",
            confidentiality="Wat we zeggen blijft hier. Wat je leert, mag mee.",
            expectations="Ieder brengt om de beurt iets in. Wie niet kan, zegt het een"
            " dag van tevoren.",
            first_goal="Van elkaar weten waar ieder naartoe wil.",
        ),
        seen=0,
        by=members[0].participant.user,
    )
    for member in members[1:-1]:
        actions.sign(mentorship.agreement, 1, by=member.participant.user)
