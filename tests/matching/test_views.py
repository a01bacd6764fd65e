"""Pages of matching, through the browser's eyes."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from matching.actions import approve_rest, ask_mentor, begin_round
from matching.models import (
    Criterion,
    Exclusion,
    Manner,
    Proposal,
    ProposalMember,
    Request,
    Round,
    WishFor,
    mode_of,
)
from matching.tasks import solve_round
from mentorships.models import Mentorship
from outbox.tasks import send_due
from people.models import Offer
from programs.models import Invite, Participant, Role
from tests import factories
from tests.conftest import person


@pytest.fixture
def ready(two_pairs, run):
    return run()


@pytest.fixture
def desk(as_user, coordinator):
    """The coordinator's browser."""
    return as_user(coordinator)


def page(desk, name, *arguments, **query):
    answer = desk.get(reverse(f"matching:{name}", args=arguments), query)
    assert answer.status_code == 200
    return answer.content.decode()


# --- a round


def test_the_button_runs_a_round_and_leads_to_its_proposals(
    desk, program, two_pairs, django_capture_on_commit_callbacks, monkeypatch
):
    def no_broker(round_id):
        raise OSError

    monkeypatch.setattr(solve_round, "delay", no_broker)
    url = reverse("matching:round_list", args=[program.slug])

    with django_capture_on_commit_callbacks(execute=True):
        answer = desk.post(url, {"objective": "most_matched", "protect_weakest": "on"})

    found = Round.objects.get()
    assert answer.url == found.get_absolute_url()
    text = page(desk, "round_detail", found.pk)
    assert "Proven best possible" in text
    assert "Ann Mentee" in text


def test_a_second_round_at_once_is_refused_in_a_sentence(desk, program, two_pairs):
    begin_round(program, objective="best_total", protect_weakest=True, by=None)

    answer = desk.post(
        reverse("matching:round_list", args=[program.slug]),
        {"objective": "best_total"},
    )

    assert answer.status_code == 422
    assert "is running now" in answer.content.decode()


def test_a_running_round_shows_how_far_it_is_and_can_be_stopped(
    desk, program, two_pairs
):
    found = begin_round(program, objective="best_total", protect_weakest=True, by=None)
    Round.objects.filter(pk=found.pk).update(progress=56, stage="proving")

    text = page(desk, "round_detail", found.pk)

    assert 'value="56"' in text
    assert "Proving that there is nothing better" in text
    desk.post(reverse("matching:round_stop", args=[found.pk]))
    assert "was stopped" in page(desk, "round_detail", found.pk)
    desk.post(reverse("matching:round_stop", args=[found.pk]))
    found.refresh_from_db()
    assert found.state == Round.State.STOPPED


def test_htmx_gets_the_progress_alone_and_the_whole_page_when_it_is_done(
    desk, program, two_pairs, run
):
    running = begin_round(
        program, objective="best_total", protect_weakest=True, by=None
    )
    asks = {"HX-Request": "true", "HX-Target": "progress"}

    part = desk.get(running.get_absolute_url(), headers=asks)

    assert part.content.decode().strip().startswith('<div id="progress"')
    assert "HX-Refresh" not in part.headers
    Round.objects.update(state=Round.State.STOPPED)
    assert desk.get(running.get_absolute_url(), headers=asks)["HX-Refresh"] == "true"


def test_a_round_that_came_to_nothing_says_why(desk, program, weigh, run):
    found = run()

    assert "Nobody waits for a mentor" in page(desk, "round_detail", found.pk)


def test_proposals_are_filtered_found_and_sorted(desk, ready, two_pairs):
    first = ready.proposals.get(members__participant=two_pairs["ann"])
    Proposal.objects.filter(pk=first.pk).update(score=400)
    first.decide("approved")

    assert "Bob Mentee" not in page(desk, "round_detail", ready.pk, show="approved")
    assert "Bob Mentee" not in page(desk, "round_detail", ready.pk, q="ann")
    assert "Ann Mentee" in page(desk, "round_detail", ready.pk, q="max")
    for sort, ann_first in (
        ("", False),
        ("weakest", True),
        ("mentee", True),
        ("mentor", True),
    ):
        text = page(desk, "round_detail", ready.pk, sort=sort)
        assert (text.index("Ann Mentee") < text.index("Bob Mentee")) is ann_first
    assert "No proposal fits" in page(desk, "round_detail", ready.pk, show="by_hand")
    assert "Ann Mentee" in page(desk, "round_detail", ready.pk, show="x", page="9")


def many_proposals(found, number):
    program = found.program
    users = [person(f"Many {n}") for n in range(2 * number)]
    people = Participant.objects.bulk_create(
        Participant(
            program=program,
            user=user,
            role=Role.MENTEE if n % 2 else Role.MENTOR,
            state="ready",
        )
        for n, user in enumerate(users)
    )
    proposals = Proposal.objects.bulk_create(
        Proposal(round=found, score=n) for n in range(number)
    )
    ProposalMember.objects.bulk_create(
        ProposalMember(proposal=proposals[n // 2], participant=each, role=each.role)
        for n, each in enumerate(people)
    )


def test_the_workbench_takes_as_many_queries_for_many_as_for_few(
    desk, ready, django_assert_max_num_queries
):
    many_proposals(ready, 60)

    for query in ({}, {"sort": "mentor"}, {"q": "many"}):
        with django_assert_max_num_queries(15):
            desk.get(ready.get_absolute_url(), query)


@pytest.mark.parametrize("decision", ["approved", "held", "rejected", "proposed"])
def test_a_decision_is_kept(desk, ready, decision):
    proposal = ready.proposals.first()

    answer = desk.post(
        reverse("matching:proposal_decide", args=[proposal.pk]), {"decision": decision}
    )

    proposal.refresh_from_db()
    assert proposal.state == decision
    assert answer.url.endswith(f"#proposal-{proposal.pk}")


def test_deciding_walks_on_to_the_next_one(desk, ready):
    one, other = ready.proposals.all()

    answer = desk.post(
        reverse("matching:proposal_decide", args=[one.pk]),
        {"decision": "approved", "then": "next"},
    )

    assert answer.url == other.get_absolute_url()
    answer = desk.post(
        reverse("matching:proposal_decide", args=[other.pk]),
        {"decision": "approved", "then": "next"},
    )
    assert answer.url == ready.get_absolute_url()
    answer = desk.post(
        reverse("matching:proposal_decide", args=[other.pk]),
        {"decision": "held", "then": "stay"},
    )
    assert answer.url == other.get_absolute_url()


def test_a_decision_after_publishing_is_refused_kindly(desk, ready):
    proposal = ready.proposals.first()
    Proposal.objects.filter(pk=proposal.pk).update(state="published")

    answer = desk.post(
        reverse("matching:proposal_decide", args=[proposal.pk]),
        {"decision": "rejected"},
        follow=True,
    )

    assert "Somebody else published" in answer.content.decode()


def test_approving_the_rest_from_a_fit_up(desk, ready):
    Proposal.objects.filter(pk=ready.proposals.first().pk).update(score=100)

    desk.post(reverse("matching:approve_all", args=[ready.pk]), {"at_least": "500"})
    assert ready.proposals.filter(state="approved").count() == 1

    desk.post(reverse("matching:approve_all", args=[ready.pk]), {"at_least": "no"})
    assert ready.proposals.filter(state="approved").count() == 2


def test_side_by_side_shows_what_each_said_and_the_sum(desk, ready, two_pairs):
    proposal = ready.proposals.get(members__participant=two_pairs["ann"])

    text = page(desk, "proposal_detail", proposal.pk)

    assert text.count("Giving feedback (3)") == 2
    assert "1000 of 1000" in text


def test_every_kind_of_line_is_said_in_words(desk, two_pairs, weigh, run):
    weigh(**dict.fromkeys(Criterion.Key.values, 5))
    WishFor.objects.create(
        participant=two_pairs["ann"], wanted=two_pairs["max"], rank=1
    )
    profile = two_pairs["ann"].user.profile
    profile.interests.create(key="chess", name_en="Chess", name_nl="Schaken")
    found = run()
    proposal = found.proposals.get(members__participant=two_pairs["ann"])

    text = page(desk, "proposal_detail", proposal.pk)

    for words in ("Chess", "English", "level 2", "Utrecht", "Operations", "3 · 3"):
        assert words in text
    assert "not said: half" in text


def test_a_swap_lists_the_cheapest_and_shows_the_cost_first(desk, ready):
    one, other = ready.proposals.all()
    url = reverse("matching:proposal_swap", args=[one.pk])

    assert "costs 2000 points" in desk.get(url).content.decode()
    assert "loses 2000 points" in desk.get(url, {"other": other.pk}).content.decode()
    assert desk.post(url, {}).status_code == 422
    assert ready.proposals.filter(is_by_hand=True).count() == 0
    assert desk.post(url, {"other": other.pk}).url == ready.get_absolute_url()
    assert ready.proposals.filter(is_by_hand=True).count() == 2


def test_a_swap_of_gone_proposals_is_not_there(desk, ready):
    one, other = ready.proposals.all()
    url = reverse("matching:proposal_swap", args=[one.pk])
    other.decide("rejected")

    assert desk.post(url, {"other": other.pk}).status_code == 422
    assert desk.get(url, {"other": "9" * 30}).status_code == 200
    assert "no other pair" in desk.get(url, {"q": "nobody"}).content.decode()


def test_why_not_these_two(desk, ready, two_pairs, joins):
    olaf = joins("Olaf", Role.MENTOR)
    asked = {"mentee": two_pairs["ann"].pk, "mentor": olaf.pk}

    text = page(desk, "pair_check", ready.pk, **asked)

    assert "They may be matched, with 500 points" in text
    assert "Put them together by hand" in text
    url = reverse("matching:pair_check", args=[ready.pk])
    made = Proposal.objects.get(pk=int(desk.post(url, asked).url.split("/")[-2]))
    assert made.is_by_hand
    answer = desk.post(url, asked)
    assert answer.status_code == 422
    assert "together already" in answer.content.decode()


def test_why_not_says_which_limit_stands_between(
    desk, ready, two_pairs, program, coordinator
):
    a, b = sorted((two_pairs["ann"].user, two_pairs["nia"].user), key=lambda u: u.pk)
    Exclusion.objects.create(program=program, a=a, b=b)

    text = page(
        desk,
        "pair_check",
        ready.pk,
        mentee=two_pairs["ann"].pk,
        mentor=two_pairs["nia"].pk,
    )

    assert "excluded, or they were a match before" in text
    assert "Put them together by hand" not in text


def test_left_over_shows_the_limit_and_the_remedy(desk, joins, topic, weigh, run):
    for name in ("Ann", "Bob"):
        joins(name, Role.MENTEE, topic)
    joins("Max Mentor", Role.MENTOR, topic)
    found = run()

    text = page(desk, "left_over_list", found.pk)

    assert "One more place with Max Mentor matches 1 person more" in text
    assert "Nobody is left over" in page(
        desk, "left_over_list", found.pk, limit="forbidden"
    )


def test_publishing_says_what_it_does_and_can_be_taken_back(desk, ready):
    approve_rest(ready)
    url = reverse("matching:round_publish", args=[ready.pk])

    assert "take it back" in desk.get(url).content.decode()
    answer = desk.post(url, follow=True)

    assert "2 mentorships have started" in answer.content.decode()
    assert "Take back" in answer.content.decode()
    send_due()
    assert mail.outbox == []
    answer = desk.post(reverse("matching:round_undo", args=[ready.pk]), follow=True)
    assert "2 pairs are taken back" in answer.content.decode()
    assert Mentorship.objects.count() == 0
    answer = desk.post(reverse("matching:round_undo", args=[ready.pk]), follow=True)
    assert "nothing to take back" in answer.content.decode()


def test_the_mails_can_leave_at_once_and_then_it_stands(desk, ready):
    approve_rest(ready)
    desk.post(reverse("matching:round_publish", args=[ready.pk]))

    answer = desk.post(reverse("matching:round_send", args=[ready.pk]), follow=True)

    assert "4 mails leave now" in answer.content.decode()
    assert "Take back" not in answer.content.decode()
    send_due()
    assert len(mail.outbox) == 4
    answer = desk.post(reverse("matching:round_undo", args=[ready.pk]), follow=True)
    assert "nothing to take back" in answer.content.decode()


def test_publishing_nothing_ends_in_a_sentence(desk, ready):
    answer = desk.post(reverse("matching:round_publish", args=[ready.pk]), follow=True)

    assert "There is nothing to publish" in answer.content.decode()


def test_publishing_one_pair_only(desk, ready):
    proposal = ready.proposals.first()
    url = reverse("matching:proposal_publish", args=[proposal.pk])

    assert "is published" in desk.post(url, follow=True).content.decode()

    assert Mentorship.objects.count() == 1
    assert "Somebody else published" in desk.post(url, follow=True).content.decode()


def test_closing_a_round(desk, ready):
    desk.post(reverse("matching:round_close", args=[ready.pk]))

    ready.refresh_from_db()
    assert ready.state == Round.State.PUBLISHED


def test_two_rounds_side_by_side(desk, program, two_pairs, run, joins, topic):
    assert "not two rounds yet" in page(desk, "round_compare", program.slug)
    run()
    third = factories.TopicFactory()
    joins("Cara", Role.MENTEE, third)
    joins("Olaf", Role.MENTOR, third)
    run(objective="best_total")

    text = page(desk, "round_compare", program.slug)

    assert "2 people have the same match in both; 1 would change" in text
    assert "Cara" in text


# --- the programme


def test_readiness_says_what_is_short_and_who_could_be_asked(
    desk, program, joins, topic, weigh
):
    joins("Ann", Role.MENTEE, topic, level=2)
    joins("Max", Role.MENTOR, level=5)
    likely = person("Lara Likely")
    likely.employment.level = 5
    likely.employment.save()
    Offer.objects.create(profile=likely.profile, topic=topic, level=3)

    text = page(desk, "readiness", program.slug)

    assert "Giving feedback" in text
    assert "1 possible mentor" in text
    assert "Lara Likely" in text
    assert "topics wanted and offered" in text  # nobody offers anything
    url = reverse("matching:mentors_ask", args=[program.slug])
    assert "Tick the people" in desk.post(url, follow=True).content.decode()
    answer = desk.post(url, {"user": [likely.pk, "x"]}, follow=True)
    assert "1 person gets a mail" in answer.content.decode()
    assert Invite.objects.get().email == likely.email


def test_readiness_of_an_empty_pool(desk, program, weigh, joins, topic):
    assert "Nobody waits" in page(desk, "readiness", program.slug)
    joins("Ann", Role.MENTEE, topic)
    assert "No mentor has a free place" in page(desk, "readiness", program.slug)


def test_readiness_of_a_good_pool_and_of_a_small_one(
    desk, program, two_pairs, joins, topic
):
    joins("Olaf", Role.MENTOR, topic, user=two_pairs["ann"].user)

    text = page(desk, "readiness", program.slug)

    assert "Ready to run" in text
    assert "as mentor and as mentee" in text
    for number in range(3):
        joins(f"More {number}", Role.MENTEE, topic)
    assert "2 places are missing" in page(desk, "readiness", program.slug)


def test_asking_for_a_programme_that_is_closed_says_so(desk, program, joins, topic):
    joins("Ann", Role.MENTEE, topic, level=2)
    likely = person("Lara Likely")
    likely.employment.level = 5
    likely.employment.save()
    Offer.objects.create(profile=likely.profile, topic=topic, level=3)
    program.move("close")

    answer = desk.post(
        reverse("matching:mentors_ask", args=[program.slug]),
        {"user": likely.pk},
        follow=True,
    )

    assert "Open the programme first" in answer.content.decode()


def criteria_data(**changes):
    data = {f"{key}-weight": "5" for key in Criterion.Key.values}
    return {**data, "mode": "rank", **changes}


def test_criteria_are_kept_with_what_exactly_they_compare(desk, program):
    url = reverse("matching:criteria_edit", args=[program.slug])
    assert "Working style" in desk.get(url).content.decode()
    assert Criterion.objects.count() == 0

    answer = desk.post(
        url,
        criteria_data(
            **{
                "level-min": "2",
                "level-max": "4",
                "style-style_pace": "different",
                "department-prefer": "same",
                "topics-must": "on",
            }
        ),
    )

    assert answer.status_code == 302
    settings = dict(program.criteria.values_list("key", "settings"))
    assert settings["level"] == {"min": 2, "max": 4, "reversed": False}
    assert "different" in settings["style"]["dimensions"]
    assert settings["department"]["prefer"] == "same"
    assert program.criteria.get(key="topics").must
    assert mode_of(program) == Manner.Mode.RANK


def test_wrong_criteria_are_said_at_the_field(desk, program):
    url = reverse("matching:criteria_edit", args=[program.slug])

    too_much = desk.post(url, criteria_data(**{"topics-weight": "11"}))
    upside_down = desk.post(url, criteria_data(**{"level-min": "4", "level-max": "2"}))

    assert too_much.status_code == upside_down.status_code == 422
    assert "The most is not below the least" in upside_down.content.decode()


def test_two_people_are_kept_apart_and_let_go_again(desk, program, two_pairs):
    url = reverse("matching:exclusion_list", args=[program.slug])
    assert "Nobody is excluded" in desk.get(url).content.decode()
    ann, nia = two_pairs["ann"], two_pairs["nia"]

    assert desk.post(url, {"one": ann.pk, "other": ann.pk}).status_code == 422
    desk.post(url, {"one": nia.pk, "other": ann.pk})

    assert "Nia Mentor" in desk.get(url).content.decode()
    found = Exclusion.objects.get()
    desk.post(reverse("matching:exclusion_remove", args=[program.slug, found.pk]))
    assert Exclusion.objects.count() == 0


# --- those who choose, answer, wish and wait


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
    fields = {"goals": "Speak up", "rhythm_days": 14, "months": 6}
    assert mine.post(url, fields).status_code == 302
    text = page(mine, "choose", program.slug)
    assert "an answer until" in text
    assert "Speak up" in mine.get(url).content.decode()
    again = mine.post(url, fields)
    assert again.status_code == 422
    assert "asked this mentor already" in again.content.decode()
    second = reverse("matching:mentor_choose", args=[program.slug, chooses["nia"].pk])
    answer = mine.post(second, fields, follow=True)
    assert "your next choice" in answer.content.decode()


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
    assert "Learn to &lt;b&gt;listen" in text
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
    assert f'value="{first}" selected' in mine.get(url).content.decode()
    assert (
        mine.post(url, {"wish_1": two_pairs["ann"].pk}).status_code == 422
    )  # only mentors


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
