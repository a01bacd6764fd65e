"""Which pages people look at, in which role: by name, with the paths of that person."""

from django.urls import reverse

from feedback.models import CareItem, Invitation, Wave
from matching.models import Round
from mentorships.models import Goal, MentoringSession, Mentorship
from people.models import Topic, User
from programs.models import Participant, Program

Paths = dict[str, str]


def people(number: int) -> dict[str, User]:
    """So many at work, by a name that begins with their role: of twenty, twelve take
    part, four run the programme, two are HR admins and two sponsors.
    """
    pairs = list(Mentorship.objects.order_by("pk")[:number])
    found = {}
    for place in range(number):
        role = ROLES[place % len(ROLES)]
        if role in {"mentor", "mentee"}:
            user = User.objects.get(
                participations__memberships__mentorship=pairs[place // 2],
                participations__role=role,
            )
        else:
            user = User.objects.get(email=f"{role}@bench.example")
        found[f"{role} {place}"] = user
    return found


def of_participant(user: User) -> Paths:
    me = Participant.objects.get(user=user)
    mentorship = Mentorship.objects.visible_to(user).get()
    one = [mentorship.pk]
    coming = MentoringSession.objects.planned().get(mentorship=mentorship)
    past = MentoringSession.objects.held().filter(mentorship=mentorship).latest("pk")
    goal = Goal.objects.active().filter(owner__participant=me).latest("pk")
    return {
        "home of a participant": "/",
        "my mentorships": "/mentorships/",
        "page of a pair": mentorship.get_absolute_url(),
        "agreement": reverse("mentorships:agreement", args=one),
        "course": reverse("mentorships:course", args=one),
        "journal": reverse("mentorships:journal", args=one),
        "session to come": coming.get_absolute_url(),
        "logging a session": reverse("mentorships:session_log", args=[past.pk]),
        "planning a session": reverse("mentorships:session_plan", args=one),
        "goal": goal.get_absolute_url(),
        "new goal": reverse("mentorships:goal_add", args=one),
        "answering a survey": Invitation.objects.open_for(user)[0].get_absolute_url(),
        "my profile": "/people/me/",
        "settings": "/people/settings/",
        "programmes": "/programs/",
        "one programme": "/programs/bench/",
        "how I take part": "/programs/bench/me/",
        "library": "/programs/bench/library/",
        "stories": "/mentorships/of/bench/stories/",
        "guides": "/mentorships/guides/",
        "preferences for mail": "/messages/preferences/",
    }


def of_coordinator(_user: User) -> Paths:
    program = Program.objects.get(slug="bench")
    wave = Wave.objects.filter(occasion__startswith="bench-").exclude(
        occasion="bench-now"
    )
    last = wave.latest("opens_at")
    words = last.survey.questions.get(kind="text")
    care = CareItem.objects.order_by("pk")[0]
    found = Round.objects.get()
    proposal = found.proposals.order_by("pk")[0]
    pair = proposal.members.order_by("pk")[0]
    return {
        "home of who runs it": "/",
        "all programmes": "/overview/",
        "programme to run": program.get_absolute_url(),
        "figures of the programme": "/overview/bench/",
        "what it brings": "/overview/bench/outcomes/",
        "who comes how far": "/overview/bench/access/",
        "participants": "/programs/bench/participants/",
        "participants by name": "/programs/bench/participants/?q=person+12",
        "invitations": "/programs/bench/participants/invite/",
        "who may join": "/programs/bench/who-may-join/",
        "applications": "/programs/bench/applications/",
        "goals of the programme": "/programs/bench/goals/",
        "mentorships": "/mentorships/of/bench/",
        "quiet mentorships": "/mentorships/of/bench/?show=quiet",
        "stories to decide on": "/mentorships/of/bench/stories/",
        "matching": "/matching/of/bench/",
        "who can be matched": "/matching/of/bench/readiness/",
        "workbench": found.get_absolute_url(),
        "workbench by mentor": f"{found.get_absolute_url()}?sort=mentor&q=person+1",
        "one proposal": proposal.get_absolute_url(),
        "swapping": reverse("matching:proposal_swap", args=[proposal.pk]),
        "left over": reverse("matching:left_over_list", args=[found.pk]),
        "two by hand": reverse("matching:pair_check", args=[found.pk])
        + f"?mentee={pair.participant_id}",
        "publishing": reverse("matching:round_publish", args=[found.pk]),
        "comparing rounds": "/matching/of/bench/compare/",
        "criteria": "/matching/of/bench/criteria/",
        "never together": "/matching/of/bench/never/",
        "timeline": "/programs/bench/messages/",
        "one kind of message": "/programs/bench/messages/of/introduction/",
        "care queue": "/surveys/care/",
        "one pair that asks": care.get_absolute_url(),
        "surveys": "/surveys/of/bench/",
        "one survey": last.survey.get_absolute_url(),
        "before sending": f"/surveys/{last.survey_id}/send/",
        "results of a wave": last.get_absolute_url(),
        "all remarks": f"/surveys/waves/{last.pk}/remarks/{words.pk}/?page=9",
    }


def of_hr(_user: User) -> Paths:
    person = User.objects.get(email="p7@bench.example")
    topic = Topic.objects.order_by("pk")[0]
    return {
        "home of HR": "/",
        "people": "/people/",
        "people by name": "/people/?q=person+12",
        "a page of people": "/people/?page=60",
        "one person": f"/people/{person.pk}/",
        "topics": "/people/topics/",
        "topics by name": "/people/topics/?q=lead",
        "one topic": f"/people/topics/{topic.pk}/",
        "fields of topics": "/people/topics/families/",
        "background questions": "/people/background/",
        "reading an HR file": "/people/import/",
        "organisation": "/people/organisation/",
        "mail": "/messages/failed/",
        "health": "/health/",
        "programmes, for HR": "/programs/",
        "all programmes, for HR": "/overview/",
        "who may read reports": "/surveys/reports/read-by/",
    }


def of_sponsor(_user: User) -> Paths:
    return {
        "home of a sponsor": "/",
        "totals for a sponsor": "/overview/bench/totals/",
        "what it brings, for a sponsor": "/overview/bench/outcomes/",
        "who comes how far, for a sponsor": "/overview/bench/access/",
    }


SIGHTS = {
    "mentor": of_participant,
    "mentee": of_participant,
    "coordinator": of_coordinator,
    "hr": of_hr,
    "sponsor": of_sponsor,
}
ROLES = [
    *("mentor", "mentee", "coordinator", "mentor", "mentee", "hr", "mentor", "mentee"),
    *("coordinator", "sponsor"),
]


def paths_of(name: str, user: User) -> Paths:
    """What somebody looks at, by a name that ``people`` gave."""
    return SIGHTS[name.partition(" ")[0]](user)
