"""Pages of those who choose, answer, wish and wait."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from matching.actions import ask_mentor
from matching.models import (
    Manner,
    Request,
    WishFor,
)
from matching.suggestions import suggestions_for
from matching.words import Words
from mentorships.models import Mentorship
from people.models import User
from programs.models import Participant, Program, Role
from tests import factories
from tests.matching.conftest import page


@pytest.fixture
def chooses(program, two_pairs):
    Manner.objects.create(program=program, mode=Manner.Mode.CHOOSE)
    return two_pairs


def test_a_mentee_sees_who_fits_with_reasons_and_asks(as_user, program, chooses):
    mine = as_user(chooses["ann"].user)

    text = page(mine, "choose", program.slug)

    assert "Max Mentor" in text
    assert "Can help you with Giving feedback" in text
    url = reverse("matching:mentor_choose", args=[program.slug, chooses["max"].pk])
    assert mine.post(url, {}).status_code == 422
    fields = {"goals": "Speak up", "rhythm_days": 14, "months": 3}
    assert mine.post(url, fields).status_code == 302
    text = page(mine, "choose", program.slug)
    assert "an answer until" in text
    assert "Speak up" in mine.get(url).content.decode()
    again = mine.post(url, fields)
    assert again.status_code == 422
    assert "asked this person already" in again.content.decode()
    second = reverse("matching:mentor_choose", args=[program.slug, chooses["nia"].pk])
    answer = mine.post(second, fields, follow=True)
    assert "your next choice" in answer.content.decode()


def test_who_asked_everybody_reads_so(as_user, program, chooses, joins, topic):
    mine = as_user(chooses["ann"].user)
    Participant.objects.filter(pk=chooses["nia"].pk).update(state="joining")
    for mentor in (chooses["max"], joins("Olaf", Role.MENTOR, topic)):
        assert "There is nobody else to ask" not in page(mine, "choose", program.slug)
        ask_mentor(
            chooses["ann"],
            mentor,
            goals="x",
            rhythm_days=14,
            months=6,
            by=chooses["ann"].user,
        )

    text = page(mine, "choose", program.slug)

    assert "There is nobody else to ask" in text
    assert "Nobody has room" not in text


def test_a_request_is_taken_back(as_user, program, chooses):
    mine = as_user(chooses["ann"].user)
    found = ask_mentor(
        chooses["ann"],
        chooses["max"],
        goals="x",
        rhythm_days=14,
        months=6,
        by=chooses["ann"].user,
    )
    url = reverse("matching:request_withdraw", args=[found.pk])

    assert "taken back" in mine.post(url, follow=True).content.decode()
    assert "has been answered" in mine.post(url, follow=True).content.decode()


@pytest.fixture
def asked(chooses):
    return ask_mentor(
        chooses["ann"],
        chooses["max"],
        goals="Learn to <b>listen</b>",
        rhythm_days=14,
        months=6,
        by=chooses["ann"].user,
    )


def test_opening_the_link_does_nothing_and_yes_begins(client, asked):
    url = asked.get_absolute_url()

    text = client.get(url).content.decode()

    asked.refresh_from_db()
    assert asked.state == Request.State.OPEN
    assert "would like to" in text
    assert "You begin together" in (
        client.post(url, {"answer": "yes"}, follow=True).content.decode()
    )
    assert Mentorship.objects.count() == 1
    twice = client.post(url, {"answer": "no"})
    assert twice.status_code == 409
    assert Mentorship.objects.count() == 1


def test_no_is_kind_and_the_reason_is_optional(client, asked):
    url = asked.get_absolute_url()

    assert client.post(url, {"answer": "perhaps"}).status_code == 422
    text = client.post(url, {"answer": "no"}, follow=True).content.decode()

    assert "Thank you for your answer" in text


@pytest.mark.parametrize("state", ["declined", "withdrawn"])
def test_a_link_stops_some_weeks_after_the_answer(client, asked, state):
    Request.objects.update(
        state=state, answered_at=timezone.now() if state == "declined" else None
    )
    url = asked.get_absolute_url()
    text = client.get(url).content.decode()
    assert "asks you" not in text
    assert "A question to you" in text

    with time_machine.travel(asked.expires_at + timedelta(days=27)):
        assert client.get(url).status_code == (410 if state == "declined" else 200)
    with time_machine.travel(asked.expires_at + timedelta(days=29)):
        answer = client.get(url)
        assert client.post(url, {"answer": "yes"}).status_code == 410
    assert answer.status_code == 410
    assert "does not work any more" in answer.content.decode()
    assert "Ann" not in answer.content.decode()


@pytest.mark.parametrize("goes", ["is_active", "left_on", "left_at"])
def test_a_link_stops_when_the_mentor_goes(client, asked, goes):
    now = timezone.now()
    if goes == "left_at":
        Participant.objects.filter(pk=asked.mentor_id).update(left_at=now)
    else:
        to = False if goes == "is_active" else now.date()
        User.objects.filter(pk=asked.mentor.user_id).update(**{goes: to})
    url = asked.get_absolute_url()

    assert client.get(url).status_code == 410
    assert client.post(url, {"answer": "no"}).status_code == 410
    asked.refresh_from_db()
    assert asked.state == Request.State.OPEN


def test_an_altered_or_old_link(client, asked):
    assert client.get(asked.get_absolute_url()[:-2] + "x/").status_code == 404
    Request.objects.update(state=Request.State.EXPIRED)
    assert "no longer open" in client.get(asked.get_absolute_url()).content.decode()


def test_choosing_is_for_programmes_where_mentees_choose(as_user, program, two_pairs):
    mine = as_user(two_pairs["ann"].user)

    assert mine.get(reverse("matching:choose", args=[program.slug])).status_code == 404
    assert (
        mine.get(reverse("matching:wishes_edit", args=[program.slug])).status_code
        == 404
    )


def test_without_anybody_who_has_room_the_page_says_what_now(
    as_user, program, weigh, joins, topic
):
    Manner.objects.create(program=program, mode=Manner.Mode.CHOOSE)
    alone = joins("Ann", Role.MENTEE, topic)

    text = page(as_user(alone.user), "choose", program.slug)

    assert "Nobody has room for you now" in text


def test_wishes_are_ranked_and_shown_again(as_user, program, two_pairs):
    Manner.objects.create(program=program, mode=Manner.Mode.RANK)
    mine = as_user(two_pairs["ann"].user)
    url = reverse("matching:wishes_edit", args=[program.slug])
    first, second = two_pairs["nia"].pk, two_pairs["max"].pk

    assert "My wishes" in page(mine, "waiting", program.slug)
    assert mine.post(url, {"wish_1": first, "wish_2": first}).status_code == 422
    assert mine.post(url, {"wish_1": first, "wish_3": second}).status_code == 302

    wishes = WishFor.objects.values_list("wanted", flat=True)
    assert list(wishes) == [first, second]
    assert f'value="{first}" checked' in mine.get(url).content.decode()
    assert (
        mine.post(url, {"wish_1": two_pairs["ann"].pk}).status_code == 422
    )  # only mentors


def test_whom_one_wishes_for_is_found_by_a_part_of_the_name(
    as_user, program, two_pairs
):
    Manner.objects.create(program=program, mode=Manner.Mode.RANK)
    mine = as_user(two_pairs["ann"].user)
    url = reverse("matching:wishes_edit", args=[program.slug])
    first, second = two_pairs["nia"].pk, two_pairs["max"].pk
    mine.post(url, {"wish_1": first, "wish_2": second})

    text = page(mine, "wishes_edit", program.slug, wish_1_name="max")
    emptied = page(mine, "wishes_edit", program.slug, wish_1_name="")

    assert "<option" not in text
    assert f'name="wish_1" value="{second}" checked' in text
    assert f'name="wish_1" value="{first}"' not in text
    assert 'name="wish_1" value="' not in emptied
    assert f'name="wish_2" value="{second}" checked' in emptied
    nobody = {"wish_1": "-", "wish_1_name": "Nia Mentor", "wish_2_name": "max"}
    assert mine.post(url, nobody).status_code == 302
    assert list(WishFor.objects.values_list("wanted", flat=True)) == [second]


@pytest.mark.parametrize("state", ["closing", "archived"])
def test_nothing_says_that_one_waits_where_no_matches_are_made(
    as_user, program, mentee, state
):
    Program.objects.filter(pk=program.pk).update(state=state)
    client = as_user(mentee)

    for name in ("matching:waiting", "programs:participation", "programs:program_list"):
        args = [] if name.endswith("_list") else [program.slug]
        page = client.get(reverse(name, args=args), {"all": ""}).content.decode()
        assert "waits for a match" not in page, name
        assert "as soon as there is a match" not in page, name
        assert "You are in the pool" not in page, name
        assert ("never matched" in page) is (name != "matching:waiting"), name
        assert ("No more matches are made here" in page) is bool(args), name


def test_waiting_says_where_one_stands(as_user, program, two_pairs, mentorship):
    program.matching_on = timezone.localdate() + timedelta(days=9)
    program.save()
    waits = as_user(two_pairs["ann"].user)

    assert "next matches are announced" in page(waits, "waiting", program.slug)
    matched = as_user(mentorship.members.get(role="mentee").participant.user)
    assert "You have a match" in page(matched, "waiting", program.slug)
    joining = factories.ParticipantFactory(program=program, state="joining")
    assert "One thing first" in page(as_user(joining.user), "waiting", program.slug)


def test_the_pair_page_of_peers_shows_both_directions(desk, program, weigh, joins, run):
    program.model = "peer"
    program.save()
    one, other = joins("One Peer", Role.PEER), joins("Other Peer", Role.PEER)
    weigh(style=10)
    found = run(least=2, most=2)

    text = page(desk, "pair_check", found.pk, mentee=one.pk, mentor=other.pk)

    assert "And the other way round" in text
    proposal = found.proposals.get()
    detail = page(desk, "proposal_detail", proposal.pk)
    assert "One Peer with Other Peer" in detail
    assert "is the mean of these sums" in detail


@pytest.mark.parametrize(
    ("languages", "sentence"),
    [
        (["nl"], "Speaks Dutch with you"),
        (["nl", "en"], "Speaks Dutch and English with you"),
        (["nl", "en", "fr"], "Speaks Dutch, English and French with you"),
    ],
)
def test_several_things_in_common_are_said_in_one_breath(languages, sentence):
    line = {"key": "languages", "mentee": languages, "mentor": languages}

    assert Words([[line]]).reason(line) == sentence


def test_what_makes_meeting_possible_is_the_last_reason(program, chooses, weigh):
    weigh(languages=10, topics=3)

    [shown, *_others] = suggestions_for(chooses["ann"])

    assert [line.key for line in shown.reasons] == ["topics", "languages"]
