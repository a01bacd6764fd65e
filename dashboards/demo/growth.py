"""What the pair that one can sign in as gave each other, in the demo company."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from dashboards.demo import texts
from dashboards.demo.company import Company
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
    Story,
    ThankYou,
)
from mentorships.wallclock import workdays_from
from outbox.actions import plan
from people.models import Topic, User, Wish
from programs.models import Program, Role

RATES = 0.75
RATED = {"start": (2, 1, 3), "half_way": (3, 2, 3)}


def make_growth(mentorship: Mentorship, *, hour: int) -> None:
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
    mentorship.agreement.signatures.update(at=_ago(80))
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
                member=mentee,
                topic=topic,
                moment=moment,
                value=value,
                at=_ago(85 if moment == SelfRating.Moment.START else 6),
            )
    _sessions(mentorship, mentor, mentee, hour)


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


def make_stories(company: Company, program: Program) -> None:
    """One that is shown, one that waits to be read, and thanks that both share."""
    members = list(
        Member.objects.filter(mentorship__program=program, mentorship__ended_at=None)
        .order_by("mentorship", "pk")
        .select_related("participant__user", "mentorship")[10:]
    )
    for place, (role, title, body) in enumerate(texts.STORIES[:2]):
        writer = [each for each in members if each.role == role][place]
        is_shown = role == Role.MENTEE
        tell(writer, title, body, by=company.user["coordinator"] if is_shown else None)
    make_thanks(members, texts.THANKS[:4], days=8)


def tell(writer: Member, title: str, body: str, *, by: User | None) -> None:
    """A story that may be shown, and is by this person if there is one."""
    story = Story(author=writer.participant, title=title, body=body, language="nl")
    actions.write_story(story, consent=True, by=writer.participant.user)
    if by:
        actions.show_story(story, seen=story.version, by=by)
    Story.objects.filter(pk=story.pk).update(consented_at=_ago(6), written_at=_ago(6))


def make_thanks(members: Sequence[Member], said: Sequence[str], *, days: int) -> None:
    """Thanks of mentees to their mentors that all may read, so many days apart."""
    mentors = {each.mentorship_id: each for each in members if each.role == Role.MENTOR}
    mentees = [each for each in members if each.role == Role.MENTEE]
    ThankYou.objects.bulk_create(
        ThankYou(
            by=mentee,
            to=mentors[mentee.mentorship_id],
            body=body,
            at=_ago(days * place),
            offered_at=_ago(days * place),
            accepted_at=_ago(days * place - 1),
        )
        for place, (mentee, body) in enumerate(
            zip(mentees, said, strict=False), start=1
        )
    )


def make_ratings(company: Company, program: Program, days: dict[str, int]) -> None:
    """Three in four mentees who met their mentor rated their topics, at each of these
    moments, so many days ago; what they can grows a little from one to the next.
    """
    chance, rows = company.random, []
    met = Mentorship.objects.filter(
        program=program, sessions__in=MentoringSession.objects.held()
    )
    members = Member.objects.filter(
        mentorship__in=met, role=Role.MENTEE, self_ratings=None
    ).select_related("participant")
    wanted: dict[int, list[Topic]] = {}
    for wish in Wish.objects.select_related("topic", "profile").order_by("topic"):
        wanted.setdefault(wish.profile.user_id, []).append(wish.topic)
    for member in members.order_by("pk"):
        if chance.random() > RATES:
            continue
        for topic in wanted[member.participant.user_id][:3]:
            value = chance.choice([1, 2, 2, 3])
            for moment, ago in days.items():
                rows.append(
                    SelfRating(
                        member=member,
                        topic=topic,
                        moment=moment,
                        value=value,
                        at=_ago(ago),
                    )
                )
                value = min(5, value + chance.choice([0, 0, 1, 1, 2]))
    SelfRating.objects.bulk_create(rows)


def _sessions(
    mentorship: Mentorship, mentor: Member, mentee: Member, hour: int
) -> None:
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
            hour=hour, minute=0, second=0, microsecond=0, tzinfo=None
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
        walls=workdays_from(noon + timedelta(days=20), 3),
        by=mentor.participant.user,
    )
