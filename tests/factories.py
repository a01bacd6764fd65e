"""One factory for each model; what a test leaves out is of no matter to it."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from mentoring.words import folded
from mentorships.models import Goal, Member, MentoringSession, Mentorship
from people.models import Employment, Profile, Topic, TopicFamily, User
from programs.models import (
    Guideline,
    JoinQuestion,
    Module,
    Participant,
    Program,
    ProgramGoal,
    Role,
)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.Sequence(lambda n: f"person{n}@example.org")
    language = "en"
    password = "!"


class ProfileFactory(DjangoModelFactory):
    class Meta:
        model = Profile

    user = factory.SubFactory(UserFactory)
    about = "I like to help."
    languages = ["nl", "en"]
    style_structure = 3
    style_talk = 3
    style_pace = 3
    style_challenge = 3
    style_focus = 3


class EmploymentFactory(DjangoModelFactory):
    class Meta:
        model = Employment

    user = factory.SubFactory(UserFactory)
    employee_number = factory.Sequence(lambda n: f"E{n:05}")
    department = "Operations"
    job = "Planner"
    level = 3
    location = "Utrecht"


class TopicFamilyFactory(DjangoModelFactory):
    class Meta:
        model = TopicFamily

    key = factory.Sequence(lambda n: f"family-{n}")
    name_nl = factory.Sequence(lambda n: f"Familie {n}")
    name_en = factory.Sequence(lambda n: f"Family {n}")


class TopicFactory(DjangoModelFactory):
    class Meta:
        model = Topic

    family = factory.SubFactory(TopicFamilyFactory)
    key = factory.Sequence(lambda n: f"topic-{n}")
    name_nl = factory.Sequence(lambda n: f"Onderwerp {n}")
    name_en = factory.Sequence(lambda n: f"Topic {n}")
    synonyms = factory.LazyFunction(list)
    search = factory.LazyAttribute(
        lambda it: folded(" ".join([it.name_nl, it.name_en, *it.synonyms]))
    )


class ProgramFactory(DjangoModelFactory):
    class Meta:
        model = Program

    class Params:
        running = factory.Trait(state="running")
        open = factory.Trait(state="open")

    slug = factory.Sequence(lambda n: f"program-{n}")
    name_nl = factory.Sequence(lambda n: f"Programma {n}")
    name_en = factory.Sequence(lambda n: f"Programme {n}")
    purpose_nl = "Groeien."
    purpose_en = "Grow."
    starts_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=40))
    ends_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=140))


class ProgramGoalFactory(DjangoModelFactory):
    class Meta:
        model = ProgramGoal

    program = factory.SubFactory(ProgramFactory)
    measure = "match_rate"
    target = 90


class GuidelineFactory(DjangoModelFactory):
    class Meta:
        model = Guideline

    program = factory.SubFactory(ProgramFactory)
    role = Role.MENTEE
    body_nl = "Kom je afspraken na."
    body_en = "Keep your word."


class JoinQuestionFactory(DjangoModelFactory):
    class Meta:
        model = JoinQuestion

    program = factory.SubFactory(ProgramFactory)
    text_nl = "Wat wil je leren?"
    text_en = "What do you want to learn?"
    use_nl = "Je mentor leest dit."
    use_en = "Your mentor reads this."
    position = factory.Sequence(lambda n: n)


class ModuleFactory(DjangoModelFactory):
    class Meta:
        model = Module

    class Params:
        required = factory.Trait(need="required")

    program = factory.SubFactory(ProgramFactory)
    title_nl = factory.Sequence(lambda n: f"Training {n}")
    title_en = factory.Sequence(lambda n: f"Lesson {n}")
    body_nl = "Luister."
    body_en = "Listen."
    position = factory.Sequence(lambda n: n)


class ParticipantFactory(DjangoModelFactory):
    class Meta:
        model = Participant

    program = factory.SubFactory(ProgramFactory)
    user = factory.SubFactory(UserFactory)
    role = Role.MENTEE
    state = Participant.State.READY
    capacity = 1


class MentorshipFactory(DjangoModelFactory):
    class Meta:
        model = Mentorship

    program = factory.SubFactory(ProgramFactory, running=True)
    started_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=40))


class MemberFactory(DjangoModelFactory):
    class Meta:
        model = Member

    mentorship = factory.SubFactory(MentorshipFactory)
    participant = factory.SubFactory(
        ParticipantFactory,
        program=factory.SelfAttribute("..mentorship.program"),
        places_taken=1,
    )
    role = factory.SelfAttribute("participant.role")


class MentoringSessionFactory(DjangoModelFactory):
    class Meta:
        model = MentoringSession

    class Params:
        held = factory.Trait(state=MentoringSession.State.HELD)

    mentorship = factory.SubFactory(MentorshipFactory)
    starts_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=3))


class GoalFactory(DjangoModelFactory):
    class Meta:
        model = Goal

    mentorship = factory.SubFactory(MentorshipFactory)
    owner = factory.SubFactory(
        MemberFactory, mentorship=factory.SelfAttribute("..mentorship")
    )
    specific = "Chair the weekly stand-up"
    measure = "stand-ups chaired"
    by_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=40))
