"""An example of each kind of message, for a preview: invented people, made in a
transaction that is always rolled back, and written to as real ones would be.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.core.mail import EmailMultiAlternatives
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.actions import pulse_of
from feedback.models import Invitation, Wave
from matching.models import Request
from mentoring.mail import spoken_to
from mentorships.models import Action, Goal, Member, MentoringSession, Mentorship
from outbox.delivery import letter
from outbox.kinds import KINDS, Kind
from outbox.models import Message, new_message_id
from people.models import Profile, User
from programs.models import Invite, Participant, Program, Role, hashed

STARTED = timedelta(days=100)


@dataclass
class World:
    """Two invented people in a programme, and who reads the mail."""

    program: Program
    reader: User
    pair: list[User]
    role: Role

    def message(
        self,
        kind: str,
        about: models.Model | None,
        *,
        occasion: str = "",
        facts: dict[str, str] | None = None,
    ) -> Message:
        return Message(
            kind=kind,
            to=self.reader,
            about_type=about._meta.label_lower if about else "",
            about_id=about.pk if about else 0,
            occasion=occasion,
            program_id=self.program.pk,
            facts=facts or {},
            message_id=new_message_id(),
            dated_at=timezone.now(),
        )

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
        for user in self.pair:
            each = Participant.objects.get(program=self.program, user=user)
            Member.objects.create(
                mentorship=mentorship, participant=each, role=each.role
            )
        if met:
            MentoringSession.objects.create(
                mentorship=mentorship,
                starts_at=now - STARTED + timedelta(days=5),
                state=MentoringSession.State.HELD,
            )
        return mentorship

    def session(self) -> MentoringSession:
        session = MentoringSession(
            mentorship=self.mentorship(met=False),
            subject=_("Getting to know each other"),
        )
        wall = timezone.localtime() + timedelta(days=7)
        session.set_wall(
            wall.replace(hour=10, minute=0, second=0, microsecond=0, tzinfo=None),
            "Europe/Amsterdam",
        )
        session.save()
        return session


def _participant(kind: str, occasion: str = "", **fields: object) -> "Example":
    return lambda world: world.message(
        kind, world.participant(**fields), occasion=occasion
    )


def _mentorship(kind: str, *, met: bool = False, silent: bool = False) -> "Example":
    def make(world: World) -> Message:
        found = world.mentorship(met=met or silent)
        since = Mentorship.objects.with_last_held().get(pk=found.pk).quiet_from
        occasion = f"{since:%Y-%m-%d}" if silent else ""
        return world.message(kind, found, occasion=occasion)

    return make


def _session(kind: str) -> "Example":
    return lambda world: world.message(kind, world.session(), occasion="0")


def _invite(kind: str) -> "Example":
    def make(world: World) -> Message:
        Participant.objects.filter(user=world.reader).delete()
        invite = Invite.objects.create(
            program=world.program,
            email=world.reader.email,
            role=world.role,
            token_hash=hashed(uuid.uuid4().hex),
            by=world.pair[1],
            expires_at=timezone.now() + timedelta(days=30),
        )
        return world.message(kind, invite, facts={"nonce": "example"})

    return make


def _request(kind: str, state: str = Request.State.OPEN) -> "Example":
    def make(world: World) -> Message:
        """The reader is the one who hears of it: asked, or not accepted."""
        mine = Participant.objects.get(program=world.program, user=world.reader)
        theirs = Participant.objects.get(program=world.program, user=world.pair[1])
        mentor, mentee = (
            (mine, theirs) if state == Request.State.OPEN else (theirs, mine)
        )
        found = Request.objects.create(
            mentor=mentor,
            mentee=mentee,
            goals=_("I lead the weekly meeting on my own"),
            rhythm_days=world.program.rhythm_days,
            state=state,
            expires_at=timezone.now() + timedelta(days=7),
        )
        Participant.objects.filter(pk=mentee.pk).update(places_taken=0)
        return world.message(kind, found)

    return make


def _unanswered(world: World) -> Message:
    Participant.objects.filter(user=world.reader).update(role=Role.COORDINATOR)
    Invite.objects.create(
        program=world.program,
        email="robin@example.invalid",
        role=Role.MENTEE,
        token_hash=hashed(uuid.uuid4().hex),
        at=timezone.now() - timedelta(days=15),
        expires_at=timezone.now() + timedelta(days=15),
    )
    return world.message("invitations_unanswered", world.program)


def _pulse(world: World) -> Message:
    wave = Wave.objects.create(
        survey=pulse_of(world.program),
        occasion="example",
        opens_at=timezone.now() - timedelta(hours=1),
        closes_at=timezone.now() + timedelta(days=14),
    )
    invitation = Invitation.objects.create(wave=wave, to=world.reader, role=world.role)
    return world.message("pulse", invitation)


def _digest(world: World) -> Message:
    mentorship = world.session().mentorship
    mine = mentorship.members.filter(participant__user=world.reader).first()
    if mine:
        Action.objects.create(
            mentorship=mentorship,
            owner=mine,
            text=_("Ask three colleagues for feedback"),
        )
        Goal.objects.create(
            mentorship=mentorship,
            owner=mine,
            specific=_("I lead the weekly meeting on my own"),
            measure=_("meetings led"),
            by_on=timezone.localdate() + timedelta(days=40),
        )
    return world.message("digest", None)


Example = Callable[[World], Message]
EXAMPLES: dict[str, Example] = {
    "invitation": _invite("invitation"),
    "invitation_reminder": _invite("invitation_reminder"),
    "invitations_unanswered": _unanswered,
    "joined": _participant("joined"),
    "profile_unfinished": _participant("profile_unfinished", state="joining"),
    "waiting_status": _participant("waiting_status", places_taken=0),
    "request": _request("request"),
    "request_reminder": _request("request_reminder"),
    "request_unmet": _request("request_unmet", Request.State.DECLINED),
    "guidelines_changed": _participant("guidelines_changed", "version-1"),
    "introduction": _mentorship("introduction"),
    "first_step": _mentorship("first_step"),
    "check_in": _mentorship("check_in", silent=True),
    "half_way": _mentorship("half_way", met=True),
    "silence_nudge": _mentorship("silence_nudge", silent=True),
    "silence_ask": _mentorship("silence_ask", silent=True),
    "silence_told": _mentorship("silence_told", silent=True),
    "session_planned": _session("session_planned"),
    "session_moved": _session("session_moved"),
    "session_cancelled": _session("session_cancelled"),
    "ending": _mentorship("ending", met=True),
    "ended": _mentorship("ended", met=True),
    "pulse": _pulse,
    "digest": _digest,
}


def preview(
    program: Program, kind: Kind, *, role: str, language: str
) -> EmailMultiAlternatives | None:
    """The mail as an invented person in a role would read it; ``None`` when there is no
    example of the kind. Changes no row.
    """
    example = EXAMPLES.get(kind.key)
    if example is None:
        return None
    with transaction.atomic():
        world = _people(program, role=role, language=language)
        with spoken_to(world.reader):
            message = example(world)
            content = KINDS[kind.key].content(message)
            mail = letter(message, kind, content) if content else None
        transaction.set_rollback(True)
    return mail


def _people(program: Program, *, role: str, language: str) -> World:
    Program.objects.filter(pk=program.pk).update(
        state=Program.State.RUNNING,
        starts_on=program.starts_on or timezone.localdate(),
        ends_on=program.ends_on or timezone.localdate() + timedelta(weeks=26),
    )
    program = Program.objects.get(pk=program.pk)
    roles = program.joining_roles
    theirs = Role(role) if role in roles else roles[0]
    across = next((each for each in roles if each != theirs), theirs)
    pair = [
        _somebody(program, name, its_role, language)
        for name, its_role in (("Sam de Boer", theirs), ("Robin Visser", across))
    ]
    reader = pair[0]
    if role == Role.COORDINATOR:
        reader = _somebody(program, "Kim Bakker", Role.COORDINATOR, language)
    return World(program, reader, pair, theirs)


def _somebody(program: Program, name: str, role: Role, language: str) -> User:
    user = User.objects.create(
        email=f"{uuid.uuid4().hex}@example.invalid", name=name, language=language
    )
    Profile.objects.create(user=user)
    Participant.objects.create(
        program=program, user=user, role=role, state=Participant.State.READY
    )
    return user
