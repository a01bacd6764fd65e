"""Looking along as a participant: in the open, for a while, and without changing."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from history.models import Event
from programs.models import Participant, Role
from programs.viewing import ALWAYS, INSTEAD, SHOWN
from tests import factories
from tests.cast import OURS, PRIVATE, THEIRS, World, make_world
from tests.test_access import OUTSIDE, arguments_for
from tests.test_every_page import WRITES
from tests.urls_of_the_site import URLS

# What the pair writes, and what each writes alone; ``cast`` marks all of it.
OF_THE_PAIR = [
    f"{OURS} {thing}"
    for thing in (
        "shared note",
        "action",
        "goal",
        "step",
        "subject",
        "plan",
        "moments",
        "expectation",
        "preparation",
        "comment",
        "situation",
        "behaviour",
        "impact",
        "gratitude",
        "hopes",
    )
]


def start(world: World, role: str = "coordinator"):
    client = world.client(role)
    arguments = world.arguments
    path = reverse(
        "programs:viewing_start",
        args=[arguments["program_slug"], arguments["participant_id"]],
    )
    return client, client.post(path)


def of_ours(world: World):
    """Each page of the first programme, by name and path."""
    for name in URLS:
        if name not in OUTSIDE and name != "people:demo_sign_in":
            yield name, reverse(name, kwargs=arguments_for(name, world.arguments))


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.mark.parametrize("role", ["coordinator", "hr_admin"])
def test_every_page_is_shown_replaced_or_hidden(world, role):
    client, _response = start(world, role)
    found = {}

    for name, path in of_ours(world):
        response = client.get(path)
        expected = 200 if name in SHOWN or name in INSTEAD or name in ALWAYS else 403
        if name == "programs:viewing_stop":
            expected = 405
        found[name] = (response.status_code, expected)

    assert {name: codes for name, codes in found.items() if codes[0] != codes[1]} == {}


def test_what_is_private_stays_private(world):
    client, _response = start(world)
    leaks = []

    for name, path in of_ours(world):
        content = client.get(path).content.decode(errors="replace")
        leaks += [
            (name, mark)
            for mark in (PRIVATE, THEIRS, *OF_THE_PAIR)
            if mark in content and name not in ALWAYS
        ]

    assert leaks == []


def test_nothing_can_be_changed(world):
    client, _response = start(world)
    found = []

    for name, path in of_ours(world):
        if name in ALWAYS:
            continue
        with transaction.atomic(), CaptureQueriesContext(connection) as queries:
            status = client.post(path, {"sent": "yes"}).status_code
            transaction.set_rollback(True)
        wrote = [query for query in queries if WRITES.match(query["sql"])]
        if status != 403 or wrote:
            found.append((name, status, wrote))

    assert found == []


def test_a_page_of_another_programme_is_hidden_whatever_they_take_part_in(world):
    theirs = Participant.objects.get(pk=world.theirs["participant_id"]).program
    mentee = world.people["mentee"]
    factories.ParticipantFactory(program=theirs, user=mentee, role=Role.MENTEE)
    client, _response = start(world)

    for name in ("programs:participation", "programs:program_detail"):
        assert client.get(reverse(name, args=[theirs.slug])).status_code == 403


def test_the_pages_are_as_they_see_them(world):
    client, response = start(world)

    page = client.get(response["Location"]).content.decode()

    assert "How I take part" in page
    assert "You view the programme as" in page
    assert "My profile" not in page


def test_it_is_written_down_and_they_can_read_who(world):
    start(world)

    event = Event.objects.get(verb="looked along")
    assert event.by == world.people["coordinator"]
    assert event.about_id == world.arguments["participant_id"]
    slug = world.arguments["program_slug"]
    for name in ("programs:participation", "programs:visibility"):
        page = world.client("mentee").get(reverse(name, args=[slug]))
        assert world.people["coordinator"].name in page.content.decode()


def test_it_stops_when_asked(world):
    client, _response = start(world)
    slug = world.arguments["program_slug"]

    client.post(reverse("programs:viewing_stop", args=[slug]))

    assert client.get(reverse("programs:participation", args=[slug])).status_code == 404
    assert client.get(reverse("programs:program_edit", args=[slug])).status_code == 200


def test_it_ends_by_itself_after_a_quarter_of_an_hour(world):
    client, response = start(world)
    later = timezone.now() + timedelta(minutes=15, seconds=5)

    with time_machine.travel(later):
        ended = client.get(response["Location"], follow=True)

    assert (
        "You no longer view the programme as somebody else." in ended.content.decode()
    )
    assert ended.wsgi_request.user == world.people["coordinator"]


def test_it_ends_with_signing_out(world):
    client, _response = start(world)

    client.post(reverse("account_logout"))
    client.force_login(world.people["coordinator"])

    assert client.get("/").status_code == 200


def test_it_ends_with_the_right_to(world):
    client, response = start(world)
    Participant.objects.filter(
        user=world.people["coordinator"], role=Role.COORDINATOR
    ).update(left_at=timezone.now())

    ended = client.get(response["Location"])

    assert ended.status_code == 302
    assert ended["Location"] == "/"


@pytest.mark.parametrize("org_role", ["hr_admin", "it_admin", "sponsor"])
def test_nobody_with_a_role_in_the_organisation_is_looked_along_with(
    as_user, coordinator, program, mentee, org_role
):
    type(mentee).objects.get_queryset().filter(pk=mentee.pk).update(org_role=org_role)
    path = reverse(
        "programs:viewing_start",
        args=[program.slug, mentee.participations.get().pk],
    )

    assert as_user(coordinator).get(path).status_code == 404
    assert as_user(coordinator).post(path).status_code == 404


def test_nor_oneself_nor_a_colleague_who_runs_it(
    as_user, coordinator, program, outsider
):
    for user in (coordinator, outsider):
        factories.ParticipantFactory(program=program, user=user, role=Role.MENTOR)
    factories.ParticipantFactory(program=program, user=outsider, role=Role.COORDINATOR)

    for user in (coordinator, outsider):
        participant = user.participations.get(role=Role.MENTOR)
        path = reverse("programs:viewing_start", args=[program.slug, participant.pk])
        assert as_user(coordinator).post(path).status_code == 404
