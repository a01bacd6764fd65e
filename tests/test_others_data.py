"""Nobody reaches what is of others: by a guessed number."""

from collections.abc import Iterator
from itertools import chain, combinations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mentorships.models import Action, Attendance, Member
from tests.cast import World
from tests.test_access import arguments_for
from tests.test_every_page import WRITES
from tests.urls_of_the_site import URLS

# What everybody in the organisation may name: people, topics, guides, a language.
EVERYBODYS = {"user_id", "topic_id", "upload_id", "guide_key", "template_key"}
EVERYBODYS |= {"role", "action", "token", "name"}
# What a sponsor sees of every programme: totals, never a person.
TOTALS = {
    "dashboards:access",
    "dashboards:outcomes",
    "dashboards:sponsor_program",
}


def addresses_with_theirs(world: World) -> Iterator[tuple[str, str]]:
    """Each URL with one or more of its arguments taken from the other programme."""
    for name in URLS:
        ours = arguments_for(name, world.arguments)
        theirs = arguments_for(name, {**world.arguments, **world.theirs})
        wanted = [
            each
            for each in ours
            if each not in EVERYBODYS and ours[each] != theirs[each]
        ]
        some = chain.from_iterable(
            combinations(wanted, size) for size in range(1, len(wanted) + 1)
        )
        for taken in some:
            kwargs = ours | {each: theirs[each] for each in taken}
            yield name, reverse(name, kwargs=kwargs)


# Whoever has a second step shows it once more before anything is looked up.
ASKS_AGAIN = {"mfa_edit_webauthn", "mfa_remove_webauthn"}


@pytest.mark.parametrize(
    "role", ["outsider", "mentee", "mentor", "coordinator", "sponsor", "it_admin"]
)
def test_what_is_of_another_programme_is_not_there(world: World, role: str):
    client = world.client(role)
    client.get(reverse("dashboards:home"))
    found = []

    for name, path in addresses_with_theirs(world):
        if role == "sponsor" and name in TOTALS:
            continue
        for send in (client.get, client.post):
            with transaction.atomic(), CaptureQueriesContext(connection) as queries:
                status = send(path).status_code
                transaction.set_rollback(True)
            if name in ASKS_AGAIN and status == 302:
                # Whichever key it is: so nothing is said of whose.
                continue
            wrote = [query for query in queries if WRITES.match(query["sql"])]
            if status not in {403, 404, 405} or wrote:
                found.append(f"{send.__name__} {name} {path}: {status}")

    assert found == []


def test_an_action_is_never_given_to_somebody_of_another_mentorship(world: World):
    theirs = Member.objects.filter(mentorship=world.theirs["mentorship_id"]).first()
    assert theirs is not None
    path = reverse("mentorships:action_add", args=[world.arguments["mentorship_id"]])

    response = world.client("mentee").post(path, {"text": "mine", "owner": theirs.pk})

    assert response.status_code == 422
    assert not Action.objects.filter(owner=theirs, text="mine").exists()


def test_nobody_of_another_mentorship_was_at_a_session(world: World):
    theirs = Member.objects.filter(mentorship=world.theirs["mentorship_id"]).first()
    assert theirs is not None
    path = reverse("mentorships:session_log", args=[world.arguments["held_id"]])
    data = {
        "on": timezone.localdate(),
        "minutes": 60,
        "came": [theirs.pk],
        "seen_version": 1,
        "action": "mine",
        "owner": theirs.pk,
    }

    response = world.client("mentor").post(path, data)

    assert response.status_code == 422
    assert not Attendance.objects.filter(member=theirs).exists()
    assert not Action.objects.filter(text="mine").exists()
