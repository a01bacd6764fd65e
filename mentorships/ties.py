"""The mentorships of somebody who leaves a programme, or pauses."""

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q

from mentorships import actions
from mentorships.models import Member, Mentorship, MentorshipQuerySet
from people.models import User
from programs.models import Participant
from programs.models.participants import ParticipantQuerySet
from programs.ties import Tie, Ties


def _living(participant: Participant) -> MentorshipQuerySet:
    """The active mentorships that somebody is in, with everybody in them."""
    return (
        Mentorship.objects.active()
        .filter(members__participant=participant, members__left_at=None)
        .select_related("program")
        .prefetch_related("members__participant__user")
    )


def ties(participant: Participant) -> list[Tie]:
    """With whom, and whether they go on without this one."""
    return [
        Tie(
            names=mentorship.name
            or ", ".join(
                each.participant.user.name
                for each in mentorship.members.all()
                if each.participant_id != participant.pk
            ),
            url=mentorship.get_absolute_url(),
            goes_on=mentorship.goes_on_without(participant),
            rests=mentorship.is_paused,
        )
        for mentorship in _living(participant)
    ]


def people(participant: Participant) -> ParticipantQuerySet:
    """Everybody in those mentorships."""
    members = Member.objects.filter(mentorship__in=_living(participant).values("pk"))
    return Participant.objects.filter(pk__in=members.values("participant"))


def ever_matched() -> Exists:
    """That a participant was in a mentorship, or in a group they stepped out of."""
    return Exists(Member.ever.filter(participant=OuterRef("pk")))


def loosen(participant: Participant, by: User | None) -> None:
    """A pair ends; a group that can goes on. All of them hear it."""
    for mentorship in _living(participant):
        actions.step_out(mentorship, participant, by=by)


def rest(participant: Participant, until: date, by: User) -> None:
    """Those that would stand still without this one; the others hear it."""
    for mentorship in _living(participant):
        if not mentorship.goes_on_without(participant):
            actions.rest_without(mentorship, participant, until, by=by)


def mend(participant: Participant, since: datetime, by: User) -> list[str]:
    """Take up again what ended, or was left, when the clock let this one go; what
    cannot be, and why.
    """
    moment = (since, since + timedelta(minutes=1))
    problems = []
    for member in Member.ever.filter(
        Q(left_at=None, mentorship__ended_at__range=moment)
        | Q(left_at__range=moment, mentorship__ended_at=None),
        participant=participant,
    ).select_related("mentorship", "participant__user"):
        try:
            actions.take_up_again(member, by=by)
        except ValidationError as error:
            problems += error.messages
    return problems


MENTORSHIPS = Ties(of=ties, people=people, loosen=loosen, rest=rest, mend=mend)
