"""The workbench of a round, through the browser's eyes."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from matching.actions import approve_rest, begin_round
from matching.models import (
    Criterion,
    Exclusion,
    Proposal,
    ProposalMember,
    Round,
    WishFor,
)
from matching.tasks import solve_round
from matching.words import Words
from mentorships.models import Mentorship
from outbox.tasks import send_due
from people.models import Profile
from programs.models import Participant, Role
from tests import factories
from tests.conftest import person
from tests.matching.conftest import page


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
    assert "there is no better way" in text
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

    assert "Nobody waits for a match" in page(desk, "round_detail", found.pk)


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

    assert "Giving feedback (this comes first)" in text
    assert "Giving feedback (expert)" in text
    assert re.search(r"<title>\s*Ann Mentee and Max Mentor", text)
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

    for words in ("Chess", "English", "level 2", "Utrecht", "Operations"):
        assert words in text
    # Five sliders in the middle, and those of somebody who is at the ends.
    assert "between go with the flow and clear agenda" in text
    Profile.objects.filter(user=two_pairs["max"].user).update(
        style_structure=5, style_talk=1, style_pace=4, style_challenge=2, style_focus=3
    )
    proposal = run().proposals.get(members__participant=two_pairs["ann"])
    assert (
        "clear agenda, listen first, keep moving, encourage,"
        " between the person and the task" in page(desk, "proposal_detail", proposal.pk)
    )
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
    assert desk.get(url, {"other": "9" * 15}).status_code == 200
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
    assert "2 proposals are taken back" in answer.content.decode()
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


def test_with_nothing_approved_the_page_says_what_to_do(desk, ready):
    Proposal.objects.filter(pk=ready.proposals.first().pk).update(state="held")

    text = page(desk, "round_publish", ready.pk)

    assert "2 proposals wait for your decision" in text
    assert f'href="{ready.get_absolute_url()}"' in text
    assert "Publish matches" not in text
    assert "approved match" not in text
    ready.proposals.update(state="rejected")
    assert "No proposal of this round is left to approve" in page(
        desk, "round_publish", ready.pk
    )
    Round.objects.update(state=Round.State.PUBLISHED)
    assert "This round is closed" in page(desk, "round_publish", ready.pk)


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


def test_left_over_names_whose_proposal_was_rejected(desk, ready, two_pairs):
    proposal = ready.proposals.get(members__participant=two_pairs["ann"])
    desk.post(
        reverse("matching:proposal_decide", args=[proposal.pk]),
        {"decision": "rejected"},
    )

    listed = page(desk, "left_over_list", ready.pk)

    assert "Ann Mentee" in listed
    assert "You rejected their proposal." in listed
    approve_rest(ready)
    assert "1 person stays without a match" in page(desk, "round_publish", ready.pk)


def test_a_rejected_proposal_leaves_the_total_and_comes_back_into_it(desk, ready):
    one, other = ready.proposals.all()
    url = reverse("matching:proposal_decide", args=[one.pk])

    desk.post(url, {"decision": "rejected"})
    ready.refresh_from_db()
    assert (ready.total, ready.matched) == (other.score, 1)

    desk.post(url, {"decision": "proposed"})
    ready.refresh_from_db()
    assert (ready.total, ready.matched) == (one.score + other.score, 2)


def test_of_the_floor_it_is_said_what_is_lower(desk, ready):
    Round.objects.update(floor=400, protect_weakest=True)
    assert "Only what was changed by hand" not in page(desk, "round_detail", ready.pk)

    Proposal.objects.filter(pk=ready.proposals.first().pk).update(score=399)

    assert "Only what was changed by hand" in page(desk, "round_detail", ready.pk)


def test_a_rejected_pair_that_is_published_is_left_over_no_more(desk, ready):
    proposal = ready.proposals.first()
    desk.post(
        reverse("matching:proposal_decide", args=[proposal.pk]),
        {"decision": "rejected"},
    )
    assert ready.left_over.count() == 1

    desk.post(reverse("matching:proposal_publish", args=[proposal.pk]))

    assert ready.left_over.count() == 0
    assert Mentorship.objects.count() == 1


@pytest.mark.parametrize(
    ("millionths", "at_most", "points", "shown"),
    [
        (533_333, 244, 130, "53.3"),
        (500_000, 421, 211, "50"),
        (571_429, 421, 241, "57.14"),
        (123_456, 10, 7, "12.3456"),
    ],
)
def test_a_fit_is_shown_with_the_digits_that_give_its_points(
    millionths, at_most, points, shown
):
    row = {"key": "topics", "millionths": millionths, "at_most": at_most}

    (line,) = Words([]).lines([row | {"points": points}])

    assert str(line.percent) == shown


def test_what_counts_is_listed_before_anybody_chose_it(desk, program):
    assert not program.criteria.exists()

    text = page(desk, "round_list", program.slug)

    assert "Topics wanted and offered" in text
    assert "Nothing counts yet" not in text
