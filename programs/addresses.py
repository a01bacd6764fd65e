"""What follows another address: it is told on both, and invitations go along."""

from collections.abc import Sequence

from django.utils import timezone

from outbox.actions import compose, plan_all
from outbox.models import Message
from people.addresses import Moved, follows
from people.models import User
from programs.models import Invite, hashed, new_nonce, token_of


@follows
def tell_of_address(moved: Sequence[Moved], by: User | None) -> None:
    """A mail to the earlier address and to the one of now: it may be no correction."""
    people = _people(moved)
    at = f"{timezone.now():%Y-%m-%dT%H:%M:%S.%f}"
    plan_all(
        compose(
            "address_changed",
            people[each.user_id],
            occasion=f"{at} {which}",
            facts={
                "before": each.before,
                "now": each.now,
                "on": which,
                "by": by.pk if by else None,
            },
        )
        for each in moved
        for which in ("before", "now")
    )


@follows
def take_invites_along(moved: Sequence[Moved], by: User | None) -> None:
    """Who was asked to take part stays so. A link that went to the earlier one opens
    nothing any more; one that still worked is mailed anew.
    """
    by_address = {each.before.lower(): each for each in moved}
    invites = list(Invite.objects.filter(email__in=by_address))
    nonces = {}
    whose = {}
    for each in invites:
        person = by_address[each.email]
        each.email, whose[each.pk] = person.now, person.user_id
        if each.used_at is None:
            nonces[each.pk] = new_nonce()
            each.token_hash = hashed(token_of(nonces[each.pk]))
    Invite.objects.bulk_update(invites, ["email", "token_hash"], batch_size=500)
    unsent = list(
        Message.objects.filter(
            kind__in=["invitation", "invitation_reminder"],
            about_id__in=nonces,
            # What came back may be sent again.
            state__in=[Message.State.PLANNED, Message.State.FAILED],
        )
    )
    for message in unsent:
        message.facts = {"nonce": nonces[message.about_id]}
    Message.objects.bulk_update(unsent, ["facts"], batch_size=500)
    waiting = {
        each.about_id
        for each in unsent
        if each.kind == "invitation" and each.state == Message.State.PLANNED
    }
    people = _people(moved)
    plan_all(
        compose(
            "invitation",
            people[whose[each.pk]],
            about=each,
            occasion=f"address {timezone.now():%Y-%m-%dT%H:%M:%S.%f}",
            program_id=each.program_id,
            facts={"nonce": nonces[each.pk]},
        )
        for each in invites
        if each.pk in nonces and each.pk not in waiting and not each.has_expired
    )


def _people(moved: Sequence[Moved]) -> dict[int, User]:
    return User.objects.in_bulk([each.user_id for each in moved])
