"""Who works at the demo company, and how one of its programmes begins."""

import random
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from dashboards.demo import texts
from dashboards.demo.names import FAMILIES, MEN, WOMEN
from people.models import (
    CareerDirection,
    Employment,
    Interest,
    Offer,
    Profile,
    Topic,
    User,
    Wish,
)
from programs.actions import accept_guideline, add_coordinator, create_program, defaults
from programs.blueprints import blueprints
from programs.models import Participant, Program, Role

DOMAIN = "waterlinie.example"
ZONE = ZoneInfo("Europe/Amsterdam")
# Whom one can sign in as: the name of the address, their own, and on which level.
OWN = (
    ("hr", "Hanneke de Wit", User.OrgRole.HR_ADMIN, 5),
    ("it", "Imran Yildiz", User.OrgRole.IT_ADMIN, 3),
    ("sponsor", "Saskia van Beek", User.OrgRole.SPONSOR, 7),
    ("coordinator", "Chantal Koning", "", 4),
    ("mentor", "Marcel Verhoeven", "", 5),
    ("mentee", "Aïsha El Amrani", "", 2),
)
OWN_WOMEN = ("hr", "sponsor", "coordinator", "mentee")
# How many of a hundred work on each of the levels, from the first.
LEVELS = (14, 22, 24, 18, 12, 7, 3)
TOP = len(LEVELS)
# How long ago people came to work here, in days.
CAME = (40, 6600)


class Company:
    """One company, from one seed."""

    def __init__(self, people: int, seed: int) -> None:
        self.count, self.seed = people, seed
        self.random = random.Random(seed)  # noqa: S311 - a story, not a secret
        self.now = timezone.now()
        self.users: list[User] = []
        # By the name of their address, and on which level by key.
        self.user: dict[str, User] = {}
        self.level: dict[int, int] = {}
        self.women: set[int] = set()
        # What they say of their gender, as far as they say it.
        self.said: dict[int, str] = {}
        # Who takes part in the programme that runs.
        self.used: set[int] = set()
        # Who left, and when.
        self.gone: dict[int, date] = {}

    def pick(self, things: Sequence, number: int) -> list:
        return self.random.sample(things, min(number, len(things)))

    def ago(self, days: float) -> datetime:
        return self.now - timedelta(days=days)

    def moment(self, day: date, hour: int) -> datetime:
        """An hour of a working day, this one or the next."""
        while day.weekday() >= 5:
            day += timedelta(days=1)
        return datetime.combine(day, time(hour), tzinfo=ZONE)

    @property
    def others(self) -> list[User]:
        """Whoever works here, without those whom one can sign in as."""
        own = {key for key, *_rest in OWN}
        return [
            user
            for user in self.users
            if user.email.split("@")[0] not in own and user.pk not in self.gone
        ]

    @property
    def free(self) -> list[User]:
        """Those of them who do not take part in the programme that runs."""
        return [user for user in self.others if user.pk not in self.used]

    # --- people

    def make_people(self) -> None:
        """The company from the top down: everybody's manager is a level higher."""
        rows: list[tuple[str, str, str, int]] = [
            (f"{key}@{DOMAIN}", name, role, level) for key, name, role, level in OWN
        ]
        women = {f"{key}@{DOMAIN}" for key in OWN_WOMEN}
        seen = {email for email, *_rest in rows}
        while len(rows) < self.count:
            names = self.random.choice([WOMEN, MEN])
            first, last = self.random.choice(names), self.random.choice(FAMILIES)
            email = _address(f"{first} {last}")
            if email not in seen:
                seen.add(email)
                if names is WOMEN:
                    women.add(email)
                [level] = self.random.choices(range(1, TOP + 1), LEVELS)
                rows.append((email, f"{first} {last}", "", level))
        self.users = User.objects.bulk_create(
            User(
                email=email,
                name=name,
                org_role=role,
                password="!",  # noqa: S106 - nobody signs in with it
                language=""
                if email.split("@")[0] in {"hr", "mentor", "mentee", "coordinator"}
                else self.random.choice(["nl", "nl", "nl", "en"]),
            )
            for email, name, role, _level in rows
        )
        self.user = {user.email.split("@")[0]: user for user in self.users}
        self.women = {user.pk for user in self.users if user.email in women}
        self.level = {
            user.pk: row[3] for user, row in zip(self.users, rows, strict=True)
        }
        self._employ()

    def _employ(self) -> None:
        today = timezone.localdate()
        department_of = {
            user.pk: self.random.randrange(len(texts.DEPARTMENTS))
            for user in self.users
        }
        jobs = []
        for number, user in enumerate(self.users):
            level, department = self.level[user.pk], department_of[user.pk]
            above = [
                each
                for each in self.users
                if self.level[each.pk] > level
                and (department_of[each.pk] == department or self.level[each.pk] == TOP)
            ]
            name, titles = texts.DEPARTMENTS[department]
            jobs.append(
                Employment(
                    user=user,
                    employee_number=f"W{number + 1:04}",
                    department=name,
                    job=titles[min(3, (level - 1) // 2)],
                    level=level,
                    location=self.random.choice(texts.LOCATIONS),
                    manager=min(above, key=lambda each: (self.level[each.pk], each.pk))
                    if above
                    else None,
                    started_on=today - timedelta(days=self.random.randrange(*CAME)),
                )
            )
        Employment.objects.bulk_create(jobs)

    def make_profiles(self) -> None:
        """What everybody says of themselves, offers and wants to learn."""
        topics = list(Topic.objects.order_by("pk"))
        interests = list(Interest.objects.order_by("pk"))
        directions = list(CareerDirection.objects.order_by("pk"))
        profiles = Profile.objects.bulk_create(
            Profile(
                user=user,
                about=self.random.choice(texts.ABOUT),
                languages=self.random.choice(
                    [["nl"], ["nl", "en"], ["nl", "en"], ["en"]]
                ),
                meeting=self.random.choice(["any", "online", "office"]),
                availability=self.random.choice(
                    ["", "di en do", "vrijdag", "’s ochtends"]
                ),
                saved_at=self.now,
                **{
                    f"style_{name}": self.random.randint(1, 5)
                    for name in ("structure", "talk", "pace", "challenge", "focus")
                },
            )
            for user in self.users
        )
        Offer.objects.bulk_create(
            Offer(profile=profile, topic=topic, level=self.random.randint(1, 3))
            for profile in profiles
            for topic in self.pick(topics, 3 + self.level[profile.user_id])
        )
        Wish.objects.bulk_create(
            Wish(profile=profile, topic=topic, priority=self.random.randint(1, 3))
            for profile in profiles
            for topic in self.pick(topics, self.random.randint(2, 5))
        )
        many: Any
        for many, things, most in (
            (Profile.interests, interests, 5),
            (Profile.directions_been, directions, 3),
            (Profile.directions_going, directions, 3),
        ):
            name = many.field.m2m_reverse_field_name()
            many.through.objects.bulk_create(
                many.through(**{"profile": profile, name: thing})
                for profile in profiles
                for thing in self.pick(things, self.random.randint(1, most))
            )

    # --- programmes

    def make_program(self, key: str, starts_in: int, **changes: object) -> Program:
        """A draft after a template, that begins so many days from now."""
        blueprint = blueprints()[key]
        program = Program(**defaults(blueprint))
        start = timezone.localdate() + timedelta(days=starts_in)
        program.starts_on = start
        program.ends_on = start + timedelta(weeks=blueprint.length_weeks)
        program.matching_on = start - timedelta(days=7)
        for name, value in changes.items():
            setattr(program, name, value)
        create_program(program, blueprint=blueprint, by=self.user["hr"])
        add_coordinator(program, self.user["coordinator"], by=self.user["hr"])
        return program

    def join(self, program: Program, user: User, role: Role, capacity: int = 1) -> None:
        """Somebody joins, some weeks before the programme begins."""
        start = self.moment(program.starts_on or timezone.localdate(), 9)
        joined = min(start, self.now) - timedelta(days=self.random.randint(12, 35))
        participant = Participant.objects.create(
            program=program,
            user=user,
            role=role,
            capacity=capacity,
            state=Participant.State.READY,
            joined_at=joined,
            ready_at=joined + timedelta(hours=2),
        )
        program.claim_room()
        accept_guideline(participant)


def _address(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower().replace("ı", "i"))
    plain = plain.encode("ascii", "ignore").decode().replace(" ", ".")
    return f"{plain}@{DOMAIN}"
