"""A believable Dutch company, the same each time, with dates that count from today."""

import random
import unicodedata
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from faker import Faker

from dashboards import demo_matching
from dashboards import demo_texts as texts
from dashboards.demo_growth import make_growth
from dashboards.demo_setup import make_setup
from dashboards.tasks import monday_nine
from feedback.actions import answer, open_wave, pulse_of, settle
from feedback.models import Invitation, Wave
from feedback.tasks import review_mentorships
from matching.actions import begin_round, publish_round, run_round
from matching.models import Round
from mentorships.models import (
    Action,
    Attendance,
    Goal,
    Member,
    MentoringSession,
    Mentorship,
    Milestone,
    Progress,
    SharedNote,
)
from mentorships.tasks import plan_check_ins
from outbox.actions import plan
from outbox.delivery import deliver
from outbox.models import Message
from people.catalogue import load_catalogue
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
PAIRS, OPEN_MENTEES, OPEN_MENTORS = 40, 60, 35
RUNNING_FOR = timedelta(days=95)
HOURS = [9, 10, 11, 13, 14, 15, 16]


class Demo:
    """One company, from one seed."""

    def __init__(self, people: int, seed: int) -> None:
        self.count, self.seed = people, seed
        self.random = random.Random(seed)  # noqa: S311 - a story, not a secret
        self.faker = Faker("nl_NL")
        self.faker.seed_instance(seed)
        self.now = timezone.now()

    def pick(self, things: list, number: int) -> list:
        return self.random.sample(things, min(number, len(things)))

    # --- people

    def make_people(self) -> None:
        """The company from the top down: everybody's manager is a level higher."""
        named = [
            ("hr", "Hanneke de Wit", User.OrgRole.HR_ADMIN, 5),
            ("it", "Imran Yildiz", User.OrgRole.IT_ADMIN, 3),
            ("sponsor", "Saskia van Beek", User.OrgRole.SPONSOR, 7),
            ("coordinator", "Chantal Koning", "", 4),
            ("mentor", "Marcel Verhoeven", "", 5),
            ("mentee", "Aïsha El Amrani", "", 2),
        ]
        seen = {f"{key}@{DOMAIN}" for key, *_rest in named}
        rows: list[tuple[str, str, str, int]] = [
            (f"{key}@{DOMAIN}", name, role, level) for key, name, role, level in named
        ]
        while len(rows) < self.count:
            name = f"{self.faker.first_name()} {self.faker.last_name()}"
            plain = unicodedata.normalize("NFKD", name.lower()).replace(" ", ".")
            plain = plain.encode("ascii", "ignore").decode().replace("'", "")
            email = f"{plain}@{DOMAIN}"
            if email not in seen:
                seen.add(email)
                level = self.random.choices(range(1, 8), [14, 22, 24, 18, 12, 7, 3])[0]
                rows.append((email, name, "", level))
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
        levels = {user.pk: row[3] for user, row in zip(self.users, rows, strict=True)}
        jobs = []
        department_of: dict[int, int] = {}
        for user in self.users:
            department_of[user.pk] = self.random.randrange(len(texts.DEPARTMENTS))
        for number, user in enumerate(self.users):
            department = department_of[user.pk]
            above = [
                each
                for each in self.users
                if levels[each.pk] > levels[user.pk]
                and (department_of[each.pk] == department or levels[each.pk] == 7)
            ]
            name, titles = texts.DEPARTMENTS[department]
            jobs.append(
                Employment(
                    user=user,
                    employee_number=f"W{number + 1:04}",
                    department=name,
                    job=titles[min(3, (levels[user.pk] - 1) // 2)],
                    level=levels[user.pk],
                    location=self.random.choice(texts.LOCATIONS),
                    manager=min(above, key=lambda each: (levels[each.pk], each.pk))
                    if above
                    else None,
                    started_on=date(2008, 1, 1)
                    + timedelta(days=self.random.randrange(6000)),
                )
            )
        Employment.objects.bulk_create(jobs)
        self.level = levels

    def make_profiles(self) -> None:
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
        likes = Profile.interests.through
        likes.objects.bulk_create(
            likes(profile=profile, interest=interest)
            for profile in profiles
            for interest in self.pick(interests, self.random.randint(1, 5))
        )
        for profile in profiles:
            profile.directions_been.set(
                self.pick(directions, self.random.randint(1, 3))
            )
            profile.directions_going.set(
                self.pick(directions, self.random.randint(1, 3))
            )

    # --- programmes

    def make_program(self, key: str, starts_in: int, **changes: object) -> Program:
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
        accept_guideline(participant)

    def make_running(self) -> None:
        """Half-way: forty pairs, sessions, goals, and two waves of the pulse."""
        program = self.make_program("leadership-pipeline", -RUNNING_FOR.days)
        program.move("open")
        special = {"hr", "it", "sponsor", "coordinator", "mentor", "mentee"}
        others = [
            user for user in self.users if user.email.split("@")[0] not in special
        ]
        seniors = [user for user in others if self.level[user.pk] >= 4]
        juniors = [user for user in others if self.level[user.pk] <= 3]
        self.join(program, self.user["mentor"], Role.MENTOR, capacity=2)
        self.join(program, self.user["mentee"], Role.MENTEE)
        mentors = seniors[: min(27, len(seniors) // 2)]
        mentees = juniors[: min(PAIRS - 1, len(juniors) // 2)]
        for user in mentors:
            self.join(program, user, Role.MENTOR, capacity=2)
        for user in mentees:
            self.join(program, user, Role.MENTEE)
        self.used = {user.pk for user in [*mentors, *mentees]}
        found = begin_round(
            program,
            objective="most_matched",
            protect_weakest=True,
            by=self.user["coordinator"],
        )
        run_round(found)
        found.proposals.update(state="approved")
        publish_round(found, by=self.user["coordinator"])
        started = self.now - RUNNING_FOR
        Round.objects.filter(pk=found.pk).update(at=started, published_at=started)
        Mentorship.objects.filter(program=program).update(started_at=started)
        for number, mentorship in enumerate(
            program.mentorships.prefetch_related("members__participant__user").order_by(
                "pk"
            )
        ):
            self.make_history(mentorship, number)
        theirs = [self.user["mentee"], self.user["mentor"]]
        for pair in (
            program.mentorships.filter(members__participant__user__in=theirs)
            .distinct()
            .order_by("pk")
        ):
            make_growth(pair)
        self.make_waves(program)

    def moment(self, day: date, hour: int) -> datetime:
        while day.weekday() >= 5:
            day += timedelta(days=1)
        return datetime.combine(day, time(hour), tzinfo=ZONE)

    def make_history(self, mentorship: Mentorship, number: int) -> None:
        """Most pairs keep their rhythm; a few went quiet, a few have not met."""
        members = list(mentorship.members.all())
        mentee = next(each for each in members if each.role == Role.MENTEE)
        is_demo_pair = any(
            each.participant.user_id in {self.user["mentee"].pk, self.user["mentor"].pk}
            for each in members
        )
        kind = 0 if is_demo_pair else number % 10
        held = {8: 2, 9: 0}.get(kind, 6)
        first = timezone.localdate() - RUNNING_FOR + timedelta(days=6)
        sessions = []
        for place in range(held):
            jitter = self.random.randint(-1, 2)
            starts = self.moment(
                first + timedelta(days=14 * place + jitter),
                self.random.choice([9, 10, 13, 15]),
            )
            sessions.append(
                MentoringSession(
                    mentorship=mentorship,
                    starts_at=starts,
                    wall_time=f"{starts:%Y-%m-%dT%H:%M}",
                    minutes=self.random.choice([45, 60, 60, 90]),
                    mode=self.random.choice(["video", "office"]),
                    state=MentoringSession.State.HELD,
                    logged_at=starts + timedelta(hours=2),
                )
            )
        if kind < 6:
            starts = self.moment(
                timezone.localdate() + timedelta(days=self.random.randint(2, 9)),
                # Nobody is in two sessions at once.
                HOURS[number % len(HOURS)],
            )
            sessions.append(
                MentoringSession(
                    mentorship=mentorship,
                    starts_at=starts,
                    wall_time=f"{starts:%Y-%m-%dT%H:%M}",
                    place="https://video.example/wegwijs",
                    subject="Voortgang en volgende stap",
                )
            )
        MentoringSession.objects.bulk_create(sessions)
        past = [each for each in sessions if each.state == "held"]
        Attendance.objects.bulk_create(
            Attendance(session=session, member=member)
            for session in past
            for member in members
        )
        SharedNote.objects.bulk_create(
            SharedNote(
                session=session,
                body=texts.NOTES[place % len(texts.NOTES)],
                by=members[0].participant.user,
                at=session.starts_at,
            )
            for place, session in enumerate(past)
        )
        if past:
            text = self.pick(texts.ACTIONS, 2)
            Action.objects.bulk_create(
                [
                    Action(
                        mentorship=mentorship,
                        owner=mentee,
                        text=text[0],
                        due_on=timezone.localdate() + timedelta(days=5),
                    ),
                    Action(
                        mentorship=mentorship,
                        owner=members[0],
                        text=text[1],
                        done_at=self.now - timedelta(days=20),
                    ),
                ]
            )
            self.make_goal(mentorship, mentee, number)

    def make_goal(self, mentorship: Mentorship, owner: Member, number: int) -> None:
        specific, measure, start, target, why, steps = texts.GOALS[
            number % len(texts.GOALS)
        ]
        reached = number % 4 == 3
        goal = Goal.objects.create(
            mentorship=mentorship,
            owner=owner,
            specific=specific,
            measure=measure,
            start=start,
            target=target,
            relevance=why,
            by_on=timezone.localdate() + timedelta(days=-10 if reached else 30),
            state=Goal.State.REACHED if reached else Goal.State.ACTIVE,
            closed_at=self.now - timedelta(days=9) if reached else None,
            created_at=self.now - timedelta(days=70),
        )
        Milestone.objects.bulk_create(
            Milestone(goal=goal, text=step, done_at=self.now if place == 0 else None)
            for place, step in enumerate(steps)
        )
        last = target if reached else max(1, target // 2)
        Progress.objects.bulk_create(
            Progress(
                goal=goal,
                value=round(last * share, 1),
                at=self.now - timedelta(days=60 - 20 * place),
            )
            for place, share in enumerate((0.3, 0.6, 1))
        )

    def make_waves(self, program: Program) -> None:
        survey = pulse_of(program)
        questions = list(survey.questions.all())
        for day, answering, good in ((30, 0.7, 3.7), (90, 0.6, 4.1)):
            moment = self.now - RUNNING_FOR + timedelta(days=day)
            wave = open_wave(survey, occasion=f"day-{day}", by=None, now=moment)
            Wave.objects.filter(pk=wave.pk).update(
                closes_at=self.now + timedelta(days=9)
            )
            asked = list(wave.invitations.select_related("wave", "to").order_by("pk"))
            for invitation in asked:
                # The demo's own people have something left to do.
                own = invitation.to_id in {
                    self.user["mentor"].pk,
                    self.user["mentee"].pk,
                }
                if self.random.random() > answering or (own and day == 90):
                    continue
                invitation.wave.closes_at = self.now + timedelta(days=9)
                answer(invitation, self.answers(questions, good))
            settle(wave)
            if day == 30:
                Wave.objects.filter(pk=wave.pk).update(
                    closes_at=moment + timedelta(days=14)
                )

    def answers(self, questions: list, good: float) -> dict[int, Any]:
        found: dict[int, Any] = {}
        for question in questions:
            if question.kind == "scale":
                found[question.pk] = str(
                    max(1, min(5, round(self.random.gauss(good, 0.9))))
                )
            elif question.kind == "nps":
                found[question.pk] = str(
                    max(0, min(10, round(self.random.gauss(2 * good, 1.6))))
                )
            elif question.kind == "many":
                if question.is_asked_after(found):
                    found[question.pk] = [str(self.random.randrange(4))]
            elif self.random.random() < 0.5:
                found[question.pk] = self.random.choice(texts.COMMENTS)
        return found

    def make_open(self) -> None:
        """Sixty mentees and thirty-five mentors who wait to be matched."""
        program = self.make_program("women-in-tech", 21)
        program.move("open")
        special = {"hr", "it", "sponsor", "coordinator", "mentor", "mentee"}
        free = [
            user
            for user in self.users
            if user.pk not in self.used and user.email.split("@")[0] not in special
        ]
        free.sort(key=lambda user: (-self.level[user.pk], user.pk))
        mentors = free[: min(OPEN_MENTORS, len(free) // 3)]
        mentees = free[-min(OPEN_MENTEES, len(free) // 2) :]
        for user in mentors:
            self.join(program, user, Role.MENTOR, capacity=2)
        for user in mentees:
            self.join(program, user, Role.MENTEE)
        demo_matching.round_to_review(self, program)
        demo_matching.choosing(self, mentors[:6], mentees[:8])

    def make(self) -> None:
        """All of it, in one transaction; no mail of the past is sent."""
        with transaction.atomic():
            load_catalogue()
            self.make_people()
            self.make_profiles()
            self.make_running()
            self.make_open()
            draft = self.make_program("onboarding-buddy", 45)
            make_setup(
                Program.objects.get(template_key="leadership-pipeline"),
                Program.objects.get(template_key="women-in-tech"),
                draft,
                self.seed,
            )
            plan_check_ins()
            review_mentorships()
            monday = monday_nine(self.now, str(ZONE))
            monday -= timedelta(days=7 if monday > self.now else 0)
            year, week, _day = monday.isocalendar()
            for key in ("mentee", "mentor", "coordinator"):
                plan("digest", self.user[key], occasion=f"{year}-W{week:02}")
            Message.objects.filter(kind="digest").update(dated_at=monday)
            letters = self.letters()
        for message in letters:
            deliver(message, alone=True)

    def letters(self) -> list[Message]:
        """The mail to read in a trial, oldest first; the rest counts as sent."""
        own = [self.user[key].pk for key in ("mentee", "mentor", "coordinator")]
        messages = Message.objects.select_related("to").order_by("pk")
        found = list(messages.filter(Q(to__in=own) | Q(kind="check_in")))
        opened = dict(Invitation.objects.values_list("pk", "wave__opens_at"))
        for message in found:
            message.dated_at = message.dated_at or self.now
            if message.kind == "introduction":
                message.dated_at = self.now - RUNNING_FOR
            elif message.kind == "pulse":
                message.dated_at = opened[message.about_id]
        Message.objects.bulk_update(found, ["dated_at"])
        messages.exclude(pk__in=[each.pk for each in found]).update(
            state=Message.State.SENT, sent_at=self.now, facts={}
        )
        return sorted(found, key=lambda each: each.dated_at or self.now)
