"""What somebody still has to do before a round can match them.

Below actions and messages, so that the page and the mail cannot say different things.
"""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from people.completeness import ROLES_OF, missing
from people.models import Offer, Profile, User, Wish
from programs.models import (
    Completion,
    Guideline,
    Module,
    Participant,
    Program,
    Role,
)
from programs.models.participants import ParticipantQuerySet


def lacking(participant: Participant) -> list[str]:
    """Each thing in words, in the reader's language; empty when nothing is."""
    profile = Profile.objects.filter(user=participant.user_id).first()
    lacks = missing(profile, {participant.role})
    if guideline_to_accept(participant):
        lacks.append(_("your yes to the guidelines"))
    lacks += [
        _("the training “%(title)s”") % {"title": module.title}
        for module in training_to_do(participant)
    ]
    return lacks


def lacking_nothing(participants: ParticipantQuerySet) -> ParticipantQuerySet:
    """Those of whom ``lacking`` says nothing, found in one query: so the clock need not
    ask it of everybody who ever began.
    """
    offers = Offer.objects.filter(profile__user=OuterRef("user"))
    wishes = Wish.objects.filter(profile__user=OuterRef("user"))
    done = Completion.objects.filter(
        module=OuterRef("pk"), participant=OuterRef(OuterRef("pk"))
    )
    to_learn = Module.objects.needed_first().filter(
        ~Exists(done),
        Q(role="") | Q(role=OuterRef("role")),
        program=OuterRef("program"),
    )
    return (
        participants.with_guidelines_accepted()
        .filter(
            ~Exists(to_learn),
            ~Q(role__in=[Role.MENTOR, Role.PEER]) | Exists(offers),
            ~Q(role__in=[Role.MENTEE, Role.PEER]) | Exists(wishes),
            user__profile__about__gt="",
        )
        .exclude(user__profile__languages=[])
    )


def training_to_do(participant: Participant) -> list[Module]:
    """What somebody has to learn before a round can match them."""
    return list(
        participant.program.modules.needed_first()
        .meant_for(participant.role)
        .undone_by(participant)
    )


def guideline_of(participant: Participant) -> Guideline | None:
    """The guidelines of the role as they are now."""
    return (
        participant.program.guidelines.current().filter(role=participant.role).first()
    )


def guideline_to_accept(participant: Participant) -> Guideline | None:
    """The guidelines of the role, while this participant has not accepted them."""
    current = guideline_of(participant)
    if current and not participant.acceptances.filter(guideline=current).exists():
        return current
    return None


def roles_to_match(user: User) -> set[str]:
    """The roles in which somebody takes part where people are still being matched."""
    return set(
        Participant.objects.active()
        .filter(user=user, program__in=Program.objects.matching())
        .values_list("role", flat=True)
    )


ROLES_OF.append(roles_to_match)
