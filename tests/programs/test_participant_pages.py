"""Who takes part, and who runs it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from programs import actions
from programs.models import Invite, Participant, Program, Role, token_of
from tests import factories
from tests.programs.pages import queries_of, text, url

# --- who takes part


def test_participant_list_filters_and_searches(
    as_user, coordinator, program, mentor, mentee
):
    client = as_user(coordinator)
    path = url("participant_list", program.slug)

    assert mentor.name not in text(client.get(path + "?role=mentee"))
    assert mentee.name in text(client.get(path + "?role=mentee&state=ready"))
    assert "Nobody found" in text(client.get(path + "?q=nobody+of+this+name"))
    assert mentee.name in text(client.get(path + "?q=MIA&role=odd&page=99"))


def test_participant_list_by_how_far_somebody_is(as_user, coordinator, program):
    today = timezone.localdate()

    def take_part(name, role="mentee", **fields):
        factories.ParticipantFactory(
            program=program, user__name=name, role=role, **fields
        )

    take_part("Joining Jo", state="joining")
    take_part("Waiting Wim", state="ready")
    take_part("Matched Mia", state="ready", places_taken=1)
    take_part("Pausing Pia", state="ready", paused_until=today + timedelta(days=9))
    take_part("Full Mentor", "mentor", state="ready", capacity=1, places_taken=1)
    take_part("Free Mentor", "mentor", state="ready", capacity=2, places_taken=1)
    actions.invite(program, ["asked@example.org"], "mentee", by=coordinator)
    client = as_user(coordinator)

    def shown(**query):
        response = client.get(url("participant_list", program.slug), query)
        found = {each.user.name for each in response.context["page"]}
        return found, "asked@example.org" in text(response)

    mentors = {"Full Mentor", "Free Mentor"}
    assert shown(state="joining") == ({"Joining Jo"}, False)
    assert shown(state="waiting") == ({"Waiting Wim"}, False)
    assert shown(state="matched") == ({"Matched Mia", *mentors}, False)
    assert shown(state="matched", role="mentee") == ({"Matched Mia"}, False)
    assert shown(state="pausing") == ({"Pausing Pia"}, False)
    take_part("New Mentor", "mentor", state="ready")
    assert shown(state="free") == ({"New Mentor"}, False)
    assert shown(state="waiting") == ({"Waiting Wim"}, False)
    assert shown(state="ready", role="mentor") == ({"New Mentor", *mentors}, False)
    Participant.objects.filter(user__name="New Mentor").delete()
    assert shown(state="room") == ({"Free Mentor"}, False)
    assert shown(state="invited") == (set(), True)
    assert shown(state="invited", role="mentor") == (set(), False)
    assert len(shown()[0]) == 7
    assert shown()[1]
    lead = text(client.get(url("participant_list", program.slug)))
    assert "Mentees: 4 (1 pausing, 1 matched, 1 waiting for a match, 1 still" in lead


def test_the_tile_of_who_waits_opens_exactly_those(
    as_user, coordinator, program, mentee
):
    factories.ParticipantFactory(program=program, state="ready", places_taken=1)
    client = as_user(coordinator)
    overview = client.get(url("program_detail", program.slug))
    href = url("participant_list", program.slug) + "?state=waiting&role=mentee"

    assert href in text(overview).replace("&amp;", "&")
    assert (
        len(client.get(href).context["page"])
        == overview.context["program"].waiting
        == 1
    )


@pytest.mark.parametrize("state", ["closing", "archived"])
def test_nobody_waits_for_a_match_where_none_are_made(
    as_user, coordinator, program, mentorship, mentor, state
):
    mentorship.end()
    Participant.objects.update(places_taken=0)
    for name, how in (("Ready Rik", "ready"), ("Joining Jo", "joining")):
        factories.ParticipantFactory(program=program, user__name=name, state=how)
    factories.ParticipantFactory(
        program=program, user__name="Free Mentor", role="mentor", state="ready"
    )
    Program.objects.filter(pk=program.pk).update(state=state)
    client = as_user(coordinator)
    people, overview = (
        text(client.get(url(name, program.slug)))
        for name in ("participant_list", "program_detail")
    )

    def shown(state):
        page = client.get(url("participant_list", program.slug), {"state": state})
        return {each.user.name for each in page.context["page"]}

    assert "Mentees: 3 (1 finished, 2 never matched)" in people
    assert "Mentors: 2 (1 finished, 1 never matched)" in people
    assert "for a match" not in people
    assert "still to complete" not in people
    assert shown("unmatched") == {"Ready Rik", "Joining Jo", "Free Mentor"}
    assert mentor.name in shown("finished")
    assert not shown("waiting") | shown("free") | shown("joining")
    assert "Wait for a match" not in overview
    assert "Free places" not in overview
    counts = Program.objects.with_counts().get(pk=program.pk)
    assert (counts.waiting, counts.free_places) == (0, 0)


def test_participant_list_takes_a_thousand_words(as_user, coordinator, program):
    path = url("participant_list", program.slug)

    response = as_user(coordinator).get(path, {"q": "a " * 1000})

    assert response.status_code == 200
    assert len(response.context["q"]) <= 80


def test_participant_list_finds_a_name_without_its_accents(
    as_user, coordinator, program
):
    factories.ParticipantFactory(program=program, user__name="Aïsha Ünlü")
    path = url("participant_list", program.slug)

    assert "Aïsha" in text(as_user(coordinator).get(path, {"q": "aisha unlu"}))


def test_participant_list_shows_who_was_asked(as_user, coordinator, program):
    actions.invite(
        program,
        ["a@example.org", "b@example.org", "c@example.org"],
        "mentee",
        by=coordinator,
    )
    Invite.objects.filter(email="b@example.org").update(expires_at=timezone.now())
    Invite.objects.filter(email="c@example.org").update(used_at=timezone.now())

    page = text(as_user(coordinator).get(url("participant_list", program.slug)))

    for words in ("not opened", "expired", "read, not decided"):
        assert words in page


@pytest.mark.parametrize(
    "name", ["participant_list", "program_detail", "guideline_list", "program_goals"]
)
def test_queries_do_not_grow_with_people(as_user, coordinator, program, name):
    client = as_user(coordinator)
    path = url(name, program.slug)

    def more(count):
        for _number in range(count):
            participant = factories.ParticipantFactory(program=program)
            factories.EmploymentFactory(user=participant.user)
            Invite.objects.create(
                program=program,
                email=f"{participant.user.pk}@example.org",
                role="mentee",
                token_hash=token_of(str(participant.pk)),
                expires_at=timezone.now() + timedelta(days=1),
            )

    more(2)
    few = queries_of(client, path)
    more(10)

    assert queries_of(client, path) == few


def test_queries_do_not_grow_with_programs(as_user, hr_admin, mentee, program):
    admin, participant = as_user(hr_admin), as_user(mentee)
    path = url("program_list")

    def more(count):
        for _number in range(count):
            factories.ParticipantFactory(
                program=factories.ProgramFactory(running=True), user=mentee
            )
            factories.ProgramFactory(open=True)

    more(2)
    few = queries_of(admin, path), queries_of(participant, path)
    more(8)

    assert (queries_of(admin, path), queries_of(participant, path)) == few


# --- coordinators


def test_coordinator_is_added_by_address(as_user, coordinator, program, outsider):
    as_user(coordinator).post(
        url("coordinator_add", program.slug), {"email": outsider.email.upper()}
    )

    assert (
        as_user(outsider).get(url("participant_list", program.slug)).status_code == 200
    )


@pytest.mark.parametrize("who", ["nobody@example.org", "it_admin", "leaver", ""])
def test_coordinator_is_somebody_who_works_here_and_may_see_people(
    as_user, coordinator, program, it_admin, leaver, who
):
    email = {"it_admin": it_admin.email, "leaver": leaver.email}.get(who, who)

    response = as_user(coordinator).post(
        url("coordinator_add", program.slug), {"email": email}
    )

    assert response.status_code == 422
    assert program.participants.coordinators().count() == 1


def test_coordinator_can_be_removed(as_user, hr_admin, coordinator, program):
    participant = program.participants.coordinators().get()

    as_user(hr_admin).post(url("coordinator_remove", program.slug, participant.pk))

    path = url("participant_list", program.slug)
    assert as_user(coordinator).get(path).status_code == 404


def test_who_runs_it_and_takes_part_finds_both(as_user, coordinator, program):
    actions.join_program(program, coordinator, Role.MENTOR)

    page = text(as_user(coordinator).get(program.get_absolute_url()))

    assert url("participation", program.slug) in page
