"""A world with everybody in it: two programmes full of marked data.

Everything of the first programme says ``MARK_OURS``, everything of the second
``MARK_THEIRS``: a page of the one on which the mark of the other is found is a leak.
"""

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from feedback.actions import open_wave, pulse_of
from feedback.models import CareItem, Confidant, Invitation, Report
from matching.models import (
    Exclusion,
    Manner,
    PlaceRequest,
    Proposal,
    ProposalMember,
    Request,
    Round,
)
from mentoring import branding
from mentorships.actions import start_mentorship
from mentorships.links import feed_path, log_path
from mentorships.models import (
    Action,
    Agreement,
    CalendarFeed,
    Concern,
    EndReason,
    FitCheck,
    Goal,
    GoalComment,
    MentoringSession,
    Mentorship,
    Milestone,
    OfferedTime,
    PeerFeedback,
    Preparation,
    PrivateNote,
    Reflection,
    SessionOffer,
    SharedNote,
    Story,
    ThankYou,
)
from outbox.models import Message, new_message_id
from people.actions import take_background
from people.models import Absence, HrUpload, Organisation, TopicProposal, User
from programs.actions import leave_program
from programs.models import (
    Invite,
    JoinAnswer,
    Participant,
    Program,
    Role,
    hashed,
    token_of,
)
from tests import factories

ROLES = [
    "anonymous",
    "outsider",
    "mentee",
    "mentor",
    "other_mentor",
    "coordinator",
    "other_coordinator",
    "sponsor",
    "hr_admin",
    "it_admin",
    "leaver",
]
OURS, THEIRS = "MARK_OURS", "MARK_THEIRS"
PRIVATE = "MARK_PRIVATE"
REPORTED = f"{PRIVATE} report"


@dataclass
class World:
    """The people by role, and what fills the arguments of the URLs."""

    people: dict[str, User]
    arguments: dict[str, Any]
    theirs: dict[str, Any]
    cookies: dict[str, SimpleCookie] = field(default_factory=dict)

    def client(self, role: str) -> Client:
        """A browser in which somebody in this role has signed in."""
        client = Client()
        if role in self.cookies:
            client.cookies = deepcopy(self.cookies[role])
        elif role != "anonymous":
            client.force_login(self.people[role])
        return client

    def sign_in(self) -> None:
        """Everybody, for all browsers to come: a role has one session from now on."""
        self.cookies = {role: self.client(role).cookies for role in self.people}


def person(name: str, **fields: Any) -> User:
    """Somebody with a complete profile and a job."""
    email = f"{name.lower().replace(' ', '.')}@example.org"
    user = factories.UserFactory(name=name, email=email, **fields)
    factories.ProfileFactory(user=user)
    factories.EmploymentFactory(user=user)
    return user


def lesson() -> str:
    """The name of a file that is there, for every world the same."""
    name = "training/of-every-world"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(b"%PDF-1.4 of a lesson"))
    return name


def fill(program: Program, mark: str, mentor: User, mentee: User) -> dict[str, Any]:
    """A mentorship with one of everything, and what the clock and rounds bring."""
    people = []
    for user, role, capacity in ((mentor, Role.MENTOR, 3), (mentee, Role.MENTEE, 1)):
        participant = factories.ParticipantFactory(
            program=program,
            user=user,
            role=role,
            capacity=capacity,
            motivation=f"{mark} motivation",
        )
        people.append((participant, role))
        factories.GuidelineFactory(
            program=program, role=role, body_en=f"{mark} guideline"
        )
    goal_of_program = factories.ProgramGoalFactory(
        program=program, name_nl=f"{mark} doel", name_en=f"{mark} aim"
    )
    mentorship = start_mentorship(program=program, people=people, by=mentor)
    Mentorship.objects.filter(pk=mentorship.pk).update(
        started_at=timezone.now() - timedelta(days=40)
    )
    held = factories.MentoringSessionFactory(
        mentorship=mentorship,
        held=True,
        subject=f"{mark} subject",
        place=f"{mark} room",
    )
    planned = factories.MentoringSessionFactory(
        mentorship=mentorship,
        starts_at=timezone.now() + timedelta(days=3),
        subject=f"{mark} plan",
    )
    SharedNote.objects.create(session=held, body=f"{mark} shared note", by=mentor)
    note = PrivateNote(session=held, author=mentor)
    note.write(f"{PRIVATE} of the mentor")
    note.save()
    owner = mentorship.members.get(participant__user=mentee)
    action = Action.objects.create(
        mentorship=mentorship, owner=owner, text=f"{mark} action"
    )
    goal = Goal.objects.create(
        mentorship=mentorship,
        owner=owner,
        specific=f"{mark} goal",
        measure="talks",
        by_on=timezone.localdate() + timedelta(days=30),
    )
    milestone = Milestone.objects.create(goal=goal, text=f"{mark} step")
    said = say(mentorship, planned, goal, mark, mentor, mentee)
    waiting = factories.ParticipantFactory(
        program=program, user=person(f"{mark} Waiting {program.pk}"), role=Role.MENTEE
    )
    round_ = Round.objects.create(
        program=program, state=Round.State.READY, total=500, upper_bound=500, seconds=1
    )
    proposal = Proposal.objects.create(
        round=round_,
        score=500,
        lines=[
            {
                "key": "topics",
                "weight": 5,
                "millionths": 500_000,
                "at_most": 1000,
                "points": 500,
            }
        ],
    )
    for participant, role in ((waiting, Role.MENTEE), (people[0][0], Role.MENTOR)):
        ProposalMember.objects.create(
            proposal=proposal, participant=participant, role=role
        )
    Manner.objects.create(program=program, mode=Manner.Mode.CHOOSE)
    exclusion = Exclusion.objects.create(
        program=program,
        a=min(waiting.user, mentee, key=lambda user: user.pk),
        b=max(waiting.user, mentee, key=lambda user: user.pk),
    )
    request = Request.objects.create(
        mentee=people[1][0],
        mentor=people[0][0],
        goals=f"{mark} hopes",
        expires_at=timezone.now() + timedelta(days=7),
    )
    place_request = PlaceRequest.objects.create(mentor=people[0][0])
    for number in range(2):
        pair = [
            (
                factories.ParticipantFactory(
                    program=program,
                    user=person(f"{mark} Extra {role} {number} {program.pk}"),
                    role=role,
                ),
                role,
            )
            for role in (Role.MENTOR, Role.MENTEE)
        ]
        start_mentorship(program=program, people=pair, by=None)
    wave = open_wave(pulse_of(program), occasion="day-30", by=None)
    invitation = Invitation.objects.get(wave=wave, to=mentee)
    token = invitation.get_absolute_url().rstrip("/").rsplit("/", 1)[-1]
    Message.objects.create(
        kind="check_in",
        to=mentee,
        state=Message.State.FAILED,
        message_id=new_message_id(),
        occasion=f"failed {program.pk}",
    )
    invite = Invite.objects.create(
        program=program,
        email=person(f"{mark} Asked {program.pk}").email,
        role=Role.MENTEE,
        token_hash=hashed(token_of(f"nonce {program.pk}")),
        expires_at=timezone.now() + timedelta(days=7),
    )
    care_item = CareItem.objects.create(
        mentorship=mentorship,
        score=30,
        reason_key="quiet",
        reason=f"{mark} reason",
    )
    Confidant.objects.create(program=program, user=mentor)
    former = person(
        f"{mark} Former {program.pk}", is_active=False, left_on=timezone.localdate()
    )
    for reader in (former, mentor):
        report = Report(to=reader)
        report.write(REPORTED, by=mentee, mentorship=mentorship)
        report.save()
    returned = factories.ParticipantFactory(
        program=program,
        user=person(f"{mark} Returned {program.pk}"),
        role=Role.MENTEE,
    )
    leave_program(returned, by=None)
    second = Participant.objects.create(
        program=program,
        user=person(f"{mark} Second Coordinator {program.pk}"),
        role=Role.COORDINATOR,
    )
    question = factories.JoinQuestionFactory(program=program, text_en=f"{mark} ask")
    JoinAnswer.objects.create(question=question, user=mentee, value=f"{mark} answer")
    module = factories.ModuleFactory(
        program=program,
        title_en=f"{mark} lesson",
        kind="file",
        file=lesson(),
        file_name="lesson.pdf",
    )
    return {
        "key_id": second_step(mentee).pk,
        "question_id": question.pk,
        "module_id": module.pk,
        "invite_id": invite.pk,
        "invite_token": token_of(f"nonce {program.pk}"),
        "coordinator_id": second.pk,
        "returned_id": returned.pk,
        "program_slug": program.slug,
        "what": "active",
        "mentorship_id": mentorship.pk,
        "session_id": planned.pk,
        "action_id": action.pk,
        "milestone_id": milestone.pk,
        "round_id": round_.pk,
        "proposal_id": proposal.pk,
        "exclusion_id": exclusion.pk,
        "mentor_id": people[0][0].pk,
        "request_id": request.pk,
        "request_token": request.token,
        "place_token": place_request.token,
        "wave_id": wave.pk,
        "survey_id": wave.survey_id,
        "care_item_id": care_item.pk,
        "report_id": report.pk,
        "former_id": former.pk,
        "confidant_id": Confidant.objects.get(program=program).pk,
        "survey_question_id": wave.survey.questions.order_by("-place")[0].pk,
        "participant_id": people[1][0].pk,
        "goal_id": goal.pk,
        "program_goal_id": goal_of_program.pk,
        "survey_token": token,
        "held_id": held.pk,
        **said,
        "user_id": mentee.pk,
    }


# What a browser gave for a key of its own, to be kept.
KEY = {
    "type": "public-key",
    "id": "y-hReK00r-9MNfzePdWrYrba1ygYPZHaYH6q9_N5pcs",
    "rawId": "y-hReK00r-9MNfzePdWrYrba1ygYPZHaYH6q9_N5pcs",
    "authenticatorAttachment": "platform",
    "response": {
        "clientDataJSON": "eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIiwiY2hhbGxlbmdlIjoiZWFKRzhi"
        "bjNlNnE3ajBfYnJXYlZkUkdaV0JkWURqZHhwRll3ZUdkQVgtYyIsIm9yaWdpbiI6Imh0dHA6Ly9sb2N"
        "hbGhvc3Q6OTAxNSIsImNyb3NzT3JpZ2luIjpmYWxzZX0",
        "attestationObject": (
            "o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YVikSZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmV"
            "zzuoMdl2NFAAAAAQECAwQFBgcIAQIDBAUGBwgAIMvoUXitNK_vTDX83j3Vq2K22tcoGD2R2mB-"
            "qvfzeaXLpQECAyYgASFYIFYhr5KN3P5w2GXRgXWn7uXXgY5N9yeGFit8LXR_YsPlIlgg7AgE7d"
            "oufdc-5YyyrfePrzvBEEAoScVujFGZ6UsYdpc"
        ),
        "transports": ["internal"],
    },
    "clientExtensionResults": {"credProps": {"rk": True}},
}


def second_step(user: User) -> Authenticator:
    """Their key, beside an app and recovery codes."""
    TOTP.activate(user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(user)
    return WebAuthn.add(user, "Key 1", KEY).instance


def say(
    mentorship: Mentorship,
    planned: MentoringSession,
    goal: Goal,
    mark: str,
    mentor: User,
    mentee: User,
) -> dict[str, Any]:
    """One of everything that people of a mentorship say to each other or themselves."""
    giver = mentorship.members.get(participant__user=mentor)
    taker = mentorship.members.get(participant__user=mentee)
    offer = SessionOffer.objects.create(
        mentorship=mentorship, by=giver, mode="video", subject=f"{mark} moments"
    )
    time = timezone.now() + timedelta(days=9)
    OfferedTime.objects.create(
        offer=offer,
        starts_at=time,
        wall_time=f"{time:%Y-%m-%dT%H:%M}",
        zone="Europe/Amsterdam",
    )
    Agreement.objects.create(mentorship=mentorship, expectations=f"{mark} expectation")
    Preparation.objects.create(
        session=planned, member=giver, body=f"{mark} preparation"
    )
    GoalComment.objects.create(goal=goal, by=giver, body=f"{mark} comment")
    PeerFeedback.objects.create(
        by=giver,
        to=taker,
        situation=f"{mark} situation",
        behavior=f"{mark} behaviour",
        impact=f"{mark} impact",
    )
    thanks = ThankYou.objects.create(by=giver, to=taker, body=f"{mark} gratitude")
    story = Story.objects.create(
        author=taker.participant,
        title=f"{mark} story",
        body=f"{mark} told",
        state=Story.State.OFFERED,
        consented_at=timezone.now(),
    )
    reflection = Reflection(mentorship=mentorship, author=mentor)
    concern = Concern(member=giver, author=mentor, asked_at=timezone.now())
    fit = FitCheck(member=giver, author=mentor)
    reason = EndReason(member=giver, author=mentor)
    for sealed in (reflection, concern, fit, reason):
        sealed.write(f"other\n{PRIVATE} {type(sealed).__name__}")
        sealed.save()
    feed = CalendarFeed.objects.create(user=mentee)
    return {
        "offer_id": offer.pk,
        "thanks_id": thanks.pk,
        "story_id": story.pk,
        "reflection_id": reflection.pk,
        "feed_token": feed_path(feed).split("/")[-2],
        "tap_token": token_in(log_path(planned, taker)),
    }


def token_in(path: str) -> str:
    return path.rstrip("/").rsplit("/", 1)[-1]


def make_world() -> World:
    """Two programmes, everybody in every role."""
    people = {
        "outsider": person("Otto Outsider"),
        "mentee": person(f"Mia {OURS}"),
        "mentor": person(f"Mo {OURS}"),
        "coordinator": person(f"Cora {OURS}"),
        "other_mentor": person(f"Olga {THEIRS}"),
        "other_mentee": person(f"Ole {THEIRS}"),
        "other_coordinator": person(f"Cees {THEIRS}"),
        "sponsor": person("Sia Sponsor", org_role="sponsor"),
        "hr_admin": person("Hanna Hradmin", org_role="hr_admin"),
        "it_admin": person("Ivo Itadmin", org_role="it_admin"),
        "leaver": person("Lea Leaver"),
    }
    User.objects.filter(pk=people["leaver"].pk).update(
        is_active=False, left_on=timezone.localdate()
    )
    programs = {
        mark: factories.ProgramFactory(
            slug=mark.lower().replace("_", "-"),
            name_nl=f"{mark} programma",
            name_en=f"{mark} programme",
            purpose_en=f"{mark} purpose",
            join_mode=Program.JoinMode.INVITATION,
            running=True,
        )
        for mark in (OURS, THEIRS)
    }
    for mark, role in ((OURS, "coordinator"), (THEIRS, "other_coordinator")):
        Participant.objects.create(
            program=programs[mark], user=people[role], role=Role.COORDINATOR
        )
    ours = fill(programs[OURS], OURS, people["mentor"], people["mentee"])
    theirs = fill(
        programs[THEIRS], THEIRS, people["other_mentor"], people["other_mentee"]
    )
    Organisation.objects.create(pk=1, name="Waterlinie", accent="#7a1f5c", logo=b"PNG")
    branding.forget()
    topic = factories.TopicFactory()
    background = take_background("age", by=people["hr_admin"])
    upload = HrUpload.objects.create(
        by=people["hr_admin"], content=b"email,name\nnew@example.org,New\n"
    )
    absence = Absence.objects.create(
        user=people["mentor"],
        starts_on=timezone.localdate() + timedelta(days=50),
        ends_on=timezone.localdate() + timedelta(days=60),
    )
    proposal = TopicProposal.objects.create(
        words="falconry", kind="wish", by=people["outsider"]
    )
    ours |= {
        "topic_id": topic.pk,
        "absence_id": absence.pk,
        "background_id": background.pk,
        "family_id": topic.family_id,
        "missed_id": proposal.pk,
        "upload_id": upload.pk,
    }
    return World(people, ours, theirs)
