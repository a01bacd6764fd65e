"""What of matching goes when a person is erased."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from matching.models import (
    Exclusion,
    LeftOver,
    PlaceRequest,
    Proposal,
    Request,
    WishFor,
)
from people.erasing import scrub
from people.models import User

BATCH = 200
# Names of things, not words of somebody.
KEPT = {"key"}


@scrub(
    goes=[
        _("whom they wished for, asked or should never be matched with"),
        _("what they said, in the sums of matching rounds"),
        _("that they were asked for one more place, and the answer"),
    ],
    stays=[_("which rounds there were, with the points of each proposal")],
)
def scrub_matching(user: User) -> None:
    of_them = Q(participant__user=user)
    WishFor.objects.filter(of_them | Q(wanted__user=user)).delete()
    Exclusion.objects.filter(Q(a=user) | Q(b=user)).delete()
    Request.objects.alive().filter(Q(mentee__user=user) | Q(mentor__user=user)).update(
        state=Request.State.WITHDRAWN
    )
    Request.objects.filter(mentee__user=user).update(goals="")
    Request.objects.filter(mentor__user=user).update(reason="")
    PlaceRequest.objects.filter(mentor__user=user).delete()
    LeftOver.objects.filter(of_them).update(facts={})
    theirs = Proposal.objects.filter(members__participant__user=user)
    empty_sums(theirs)


def empty_sums(proposals: QuerySet[Proposal]) -> None:
    """What people said goes out of the sums, the points stay."""
    for proposal in proposals.iterator(chunk_size=BATCH):
        Proposal.objects.filter(pk=proposal.pk).update(
            lines=without_words(proposal.lines), parts=without_words(proposal.parts)
        )


def without_words(value: Any, key: str = "") -> Any:
    """The figures of a sum, with every text in it emptied."""
    if isinstance(value, dict):
        return {name: without_words(each, name) for name, each in value.items()}
    if isinstance(value, list):
        return [without_words(each, key) for each in value]
    if isinstance(value, str) and key not in KEPT:
        return ""
    return value
