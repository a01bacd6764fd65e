"""What the pair that one can sign in as gave each other, in the demo company."""

from datetime import datetime, timedelta

from django.utils import timezone

from mentorships import actions
from mentorships.models import (
    Agreement,
    Concern,
    FitCheck,
    GoalComment,
    Member,
    MentoringSession,
    Mentorship,
    PeerFeedback,
    Preparation,
    Reflection,
    SelfRating,
    SessionOffer,
    ThankYou,
)
from outbox.actions import plan
from people.models import Topic
from programs.models import Role

RATED = {"start": (2, 1, 3), "half_way": (3, 2, 3)}


def make_growth(mentorship: Mentorship) -> None:
    """An agreement that both signed, feedback, thanks, a journal, and moments to pick.

    One session of last week still waits to be logged, as after a busy day.
    """
    members = {each.role: each for each in mentorship.members.all()}
    mentor, mentee = members[Role.MENTOR], members[Role.MENTEE]
    its_mentor, its_mentee = mentor.participant.user, mentee.participant.user
    actions.agree(
        Agreement(
            mentorship=mentorship,
            minutes=60,
            channel="Om en om via video en bij de koffie op kantoor.",
            confidentiality="Wat we bespreken blijft tussen ons, ook na afloop.",
            expectations="De mentee plant en bereidt een vraag voor. De mentor luistert"
            " eerst en geeft dan pas een voorbeeld.",
            first_goal="Zelf een overleg leiden.",
        ),
        seen=0,
        by=its_mentee,
    )
    actions.sign(mentorship.agreement, 1, by=its_mentor)
    for member in (mentor, mentee):
        fit = FitCheck(member=member, author=member.participant.user)
        fit.write("yes")
        fit.save()
    _say(mentorship, mentor, mentee)
    page = Reflection(
        mentorship=mentorship, author=its_mentee, prompt_key="tried", at=_ago(12)
    )
    page.write(
        "Ik liet na mijn vraag een stilte vallen. Dat voelde lang, maar er kwam meer"
        " uit dan anders."
    )
    page.save()
    worry = Concern(member=mentor, author=its_mentor, at=_ago(30))
    worry.write("time\nHet was een tijd te druk; we hebben het weer opgepakt.")
    worry.save()
    for moment, values in RATED.items():
        for topic, value in zip(_topics(its_mentee.pk), values, strict=False):
            SelfRating.objects.create(
                member=mentee, topic=topic, moment=moment, value=value
            )
    _sessions(mentorship, mentor, mentee)


def _ago(days: int) -> datetime:
    return timezone.now() - timedelta(days=days)


def _topics(user: int) -> list[Topic]:
    return list(Topic.objects.filter(wanted_by__user=user).order_by("pk")[:3])


def _say(mentorship: Mentorship, mentor: Member, mentee: Member) -> None:
    PeerFeedback.objects.create(
        by=mentor,
        to=mentee,
        situation="In het projectoverleg van vorige week, toen de planning schoof.",
        behavior="Je vatte samen wat iedereen zei en vroeg wie wat zou doen.",
        impact="Het werd rustig en na vijf minuten was er een besluit.",
        next_step="Doe dit ook als de directie erbij zit.",
        at=_ago(16),
    )
    ThankYou.objects.create(
        by=mentee,
        to=mentor,
        body="Dank dat je vertelde wat er bij jou misging. Daardoor durfde ik het ook.",
        at=_ago(9),
        offered_at=_ago(9),
    )
    for goal in mentorship.goals.all():
        GoalComment.objects.create(
            goal=goal,
            by=mentor,
            body="Wat maakte dat het de tweede keer makkelijker ging?",
            at=_ago(15),
        )


def _sessions(mentorship: Mentorship, mentor: Member, mentee: Member) -> None:
    """One to log, one to prepare, and moments for the one after it."""
    coming = mentorship.sessions.planned().filter(starts_at__gt=timezone.now()).first()
    if coming:
        Preparation.objects.create(
            session=coming,
            member=mentor,
            body="Hoe ging het gesprek met je leidinggevende?",
        )
    late = MentoringSession(mentorship=mentorship, minutes=45)
    late.set_wall(
        timezone.localtime(_ago(1)).replace(
            hour=16, minute=0, second=0, microsecond=0, tzinfo=None
        ),
        mentee.participant.user.time_zone,
    )
    late.save()
    for member in (mentor, mentee):
        plan(
            "session_log",
            member.participant.user,
            about=late,
            occasion="0",
            program_id=mentorship.program_id,
        )
    offer = SessionOffer(
        mentorship=mentorship, by=mentor, minutes=60, mode=MentoringSession.Mode.OFFICE
    )
    noon = timezone.localtime().replace(
        hour=13, minute=0, second=0, microsecond=0, tzinfo=None
    )
    actions.offer_times(
        offer,
        walls=[noon + timedelta(days=days) for days in (20, 21, 23)],
        by=mentor.participant.user,
    )
