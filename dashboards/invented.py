"""Invented people in a programme, to show messages to: two who work together, and who
runs it or has a role in the organisation. They are made in a transaction that is always
rolled back.
"""

from copy import copy
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from mentorships.models import Goal, Member, MentoringSession, Mentorship
from outbox.actions import compose
from outbox.models import Message
from people.models import User
from programs.models import Participant, Program, Role

STARTED = timedelta(days=100)
# The links in an example are signed for numbers that no row ever has.
NOBODYS = 2**62


@dataclass
class World:
    """Two invented people in a programme, and who reads the mail."""

    program: Program
    reader: User
    pair: list[User]
    taking_part: list[Participant]  # the pair
    role: Role

    def message(
        self,
        kind: str,
        about: models.Model | None,
        *,
        occasion: str = "",
        facts: dict[str, Any] | None = None,
    ) -> Message:
        message = compose(
            kind,
            self.reader,
            about=about,
            occasion=occasion,
            program_id=self.program.pk,
            facts=facts,
        )
        message.dated_at = timezone.now()
        return message

    def participant(self, **fields: object) -> Participant:
        found = Participant.objects.filter(program=self.program, user=self.reader)
        found.update(**fields)
        return found.get()

    def mentorship(self, *, met: bool) -> Mentorship:
        """The two together for a hundred days; ``met`` a hundred but five days ago."""
        now = timezone.now()
        mentorship = Mentorship.objects.create(
            program=self.program,
            rhythm_days=self.program.rhythm_days,
            started_at=now - STARTED,
        )
        Member.objects.bulk_create(
            Member(mentorship=mentorship, participant=each, role=each.role)
            for each in self.taking_part
        )
        if met:
            MentoringSession.objects.create(
                mentorship=mentorship,
                starts_at=now - STARTED + timedelta(days=5),
                state=MentoringSession.State.HELD,
            )
        return mentorship

    def mine(self, mentorship: Mentorship) -> Member:
        """The reader's membership; of a coordinator, the first of the pair's."""
        found = mentorship.members.filter(participant__user=self.reader).first()
        return found or mentorship.members.get(participant__user=self.pair[0])

    def other(self, mentorship: Mentorship) -> Member:
        return mentorship.members.get(participant__user=self.pair[1])

    def goal(self, mentorship: Mentorship) -> Goal:
        return Goal.objects.create(
            mentorship=mentorship,
            owner=self.mine(mentorship),
            specific=_("I lead the weekly meeting on my own"),
            measure=_("meetings led"),
            by_on=timezone.localdate() + timedelta(days=40),
        )

    def session(self, days: int = 7) -> MentoringSession:
        """One that is planned, so many days from now."""
        session = MentoringSession(
            pk=NOBODYS,
            mentorship=self.mentorship(met=False),
            subject=_("Getting to know each other"),
        )
        wall = timezone.localtime() + timedelta(days=days)
        session.set_wall(
            wall.replace(hour=10, minute=0, second=0, microsecond=0, tzinfo=None),
            "Europe/Amsterdam",
        )
        session.save(force_insert=True)
        return session


def people_of(program: Program, *, role: str, language: str) -> World:
    as_is = (program.state, program.starts_on, program.ends_on)
    running = (
        Program.State.RUNNING,
        program.starts_on or timezone.localdate(),
        program.ends_on or timezone.localdate() + timedelta(weeks=26),
    )
    if as_is != running:
        fields = dict(zip(("state", "starts_on", "ends_on"), running, strict=True))
        Program.objects.filter(pk=program.pk).update(**fields)
        program = copy(program)
        for name, value in fields.items():
            setattr(program, name, value)
    roles = program.joining_roles
    theirs = Role(role) if role in roles else roles[0]
    across = next((each for each in roles if each != theirs), theirs)
    somebody = [
        ("Sam de Boer", theirs),
        ("Robin Visser", across),
        ("Kim Bakker", Role.COORDINATOR),
    ]
    users = User.objects.bulk_create(
        User(
            pk=NOBODYS + number,
            # Of nobody, and gone with the transaction.
            email=f"{name.lower().replace(' ', '.')}@example.invalid",
            name=name,
            language=language,
        )
        for number, (name, _role) in enumerate(somebody)
    )
    taking_part = Participant.objects.bulk_create(
        Participant(
            program=program, user=user, role=its_role, state=Participant.State.READY
        )
        for user, (_name, its_role) in zip(users, somebody, strict=True)
    )
    *pair, kim = users
    reader = pair[0] if role in roles else kim
    if role in User.OrgRole.values:
        reader.org_role = role
    return World(program, reader, pair, taking_part[:2], theirs)
