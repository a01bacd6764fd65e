"""Who is in a group or circle: moved, swapped, fixed, taken out, kept by a rerun."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from matching.actions import (
    Desk,
    begin_round,
    decide,
    fix_member,
    learners_of,
    move_member,
    run_round,
    swap_members,
    take_out,
)
from matching.models import Exclusion, LeftOver, Proposal, ProposalMember, fixed_members
from matching.obstacles import problem_of
from programs.models import Program, Role
from tests.matching.conftest import page


def stored_total(found):
    """The points of every two, added up from the sums that are kept."""
    total = 0
    for proposal in found.proposals.exclude(state="rejected"):
        points = [part["score"] for part in proposal.parts]
        if found.program.is_for_peers:
            points = [
                (one + other + 1) // 2
                for one, other in zip(points[::2], points[1::2], strict=True)
            ]
        total += sum(points)
    return total


@pytest.fixture
def people(program, joins, topic, other_topic, weigh):
    """Seven mentees and two mentors of groups: four fit Max, three fit Nia."""
    Program.objects.filter(pk=program.pk).update(model="group")
    program.refresh_from_db()
    found = {
        "max": joins("Max Mentor", Role.MENTOR, topic, level=5),
        "nia": joins("Nia Mentor", Role.MENTOR, other_topic, level=5),
    }
    for name in ("Ann", "Bob", "Cas", "Dia"):
        found[name.lower()] = joins(name, Role.MENTEE, topic)
    for name in ("Eve", "Fay", "Gus"):
        found[name.lower()] = joins(name, Role.MENTEE, other_topic)
    return found


@pytest.fixture
def groups(people, run):
    """A round with two groups: of four, and of three."""
    return run(least=3, most=5)


@pytest.fixture
def circle_people(program, joins, topic, weigh):
    Program.objects.filter(pk=program.pk).update(model="peer")
    program.refresh_from_db()
    return [joins(name, Role.PEER, topic) for name in "ABCDEFG"]


@pytest.fixture
def circles(circle_people, run):
    """A round with two circles: of four, and of three."""
    return run(least=3, most=5)


def group_of(found, participant):
    return found.proposals.get(members__participant=participant)


def rerun(found, coordinator):
    again = begin_round(
        found.program,
        objective="most_matched",
        protect_weakest=False,
        by=coordinator,
        least=found.least,
        most=found.most,
        keep=found,
    )
    run_round(again)
    assert again.state == "ready", problem_of(again)
    return again


def sizes(found):
    return sorted(
        len(learners_of(each))
        for each in found.proposals.filter(state__in=Proposal.OPEN)
    )


def test_a_member_is_moved_and_the_total_is_counted_again(groups, people, coordinator):
    cost = Desk(groups, people["ann"]).move(group_of(groups, people["nia"])).cost
    before = groups.total

    move_member(
        groups,
        people["ann"],
        group_of(groups, people["nia"]),
        overrule=False,
        by=coordinator,
    )

    assert group_of(groups, people["ann"]) == group_of(groups, people["nia"])
    assert sizes(groups) == [3, 4]
    assert cost > 0
    assert groups.total == before - cost == stored_total(groups)
    assert groups.gap == cost
    assert groups.matched == 7
    assert ProposalMember.objects.get(
        participant=people["ann"], proposal__round=groups
    ).is_fixed


def test_what_was_approved_is_to_decide_anew_once_somebody_comes(
    groups, people, coordinator
):
    decide(group_of(groups, people["nia"]), "approved", by=coordinator)

    move_member(
        groups,
        people["ann"],
        group_of(groups, people["nia"]),
        overrule=False,
        by=coordinator,
    )

    assert group_of(groups, people["nia"]).state == "proposed"


def test_a_group_never_gets_too_small_or_too_large(groups, people, coordinator):
    with pytest.raises(ValidationError, match="would have 2, and 3 is the fewest"):
        move_member(
            groups,
            people["eve"],
            group_of(groups, people["max"]),
            overrule=True,
            by=coordinator,
        )
    with pytest.raises(ValidationError, match="would have 2"):
        take_out(group_of(groups, people["nia"]), people["eve"], by=coordinator)
    groups.most = 3
    groups.save()
    with pytest.raises(ValidationError, match="full: 3 is the most"):
        move_member(
            groups,
            people["ann"],
            group_of(groups, people["nia"]),
            overrule=True,
            by=coordinator,
        )

    assert sizes(groups) == [3, 4]


def test_the_last_place_goes_to_who_is_faster(groups, people, coordinator, monkeypatch):
    """The check before the change has seen an older state of the group."""
    monkeypatch.setattr("matching.actions.members._allowed", lambda *a, **k: None)
    groups.most = 3
    groups.save()

    with pytest.raises(ValidationError, match="in the meantime"):
        move_member(
            groups,
            people["ann"],
            group_of(groups, people["nia"]),
            overrule=True,
            by=coordinator,
        )

    assert sizes(groups) == [3, 4]


def test_two_people_are_swapped_at_the_cost_that_was_shown(groups, people, coordinator):
    cost = Desk(groups, people["ann"]).swap(people["eve"]).cost
    before = groups.total

    swap_members(groups, people["ann"], people["eve"], overrule=False, by=coordinator)

    assert group_of(groups, people["ann"]) == group_of(groups, people["nia"])
    assert group_of(groups, people["eve"]) == group_of(groups, people["max"])
    assert groups.total == before - cost == stored_total(groups)
    with pytest.raises(ValidationError, match="two people of two groups"):
        swap_members(
            groups, people["ann"], people["fay"], overrule=False, by=coordinator
        )


def test_a_must_is_overruled_with_a_word_and_is_said(
    groups, people, coordinator, program
):
    groups.settings["criteria"] = [
        {**each, "must": each["key"] == "topics"}
        for each in groups.settings["criteria"]
    ]
    groups.save()
    nia = group_of(groups, people["nia"])

    with pytest.raises(ValidationError, match="Confirm"):
        move_member(groups, people["ann"], nia, overrule=False, by=coordinator)
    move_member(groups, people["ann"], nia, overrule=True, by=coordinator)

    nia.refresh_from_db()
    assert nia.overruled == ["must:topics"]
    assert min(part["score"] for part in nia.parts) >= 0
    assert groups.total == stored_total(groups)


def test_nobody_is_put_with_who_is_above_them(groups, people, coordinator):
    people["ann"].user.employment.manager = people["nia"].user
    people["ann"].user.employment.save()
    nia = group_of(groups, people["nia"])

    assert Desk(groups, people["ann"]).move(nia).broken == ["reporting_line"]
    with pytest.raises(ValidationError, match="never be matched"):
        move_member(groups, people["ann"], nia, overrule=True, by=coordinator)


def test_a_rerun_leaves_who_is_fixed_and_fills_the_group_up(
    groups, people, coordinator
):
    nia = group_of(groups, people["nia"])
    move_member(groups, people["ann"], nia, overrule=False, by=coordinator)

    again = rerun(groups, coordinator)

    assert group_of(again, people["ann"]) == group_of(again, people["nia"])
    assert again.matched == 7
    assert again.total == stored_total(again)
    assert again.is_proven
    fixed = ProposalMember.objects.filter(proposal__round=again, is_fixed=True)
    assert [each.participant for each in fixed] == [people["ann"]]
    # And the one after that as well.
    third = rerun(again, coordinator)
    assert group_of(third, people["ann"]) == group_of(third, people["nia"])


def test_those_who_are_fixed_are_read_together(
    groups, people, coordinator, django_assert_num_queries
):
    for group in groups.proposals.all():
        fix_member(group, group.learners[0].participant, fixed=True, by=coordinator)

    with django_assert_num_queries(2):
        found = fixed_members(groups)

    assert {mentor for _mentee, mentor in found} == {people["max"].pk, people["nia"].pk}


def test_who_is_let_go_may_be_moved_by_a_rerun(groups, people, coordinator):
    nia = group_of(groups, people["nia"])
    move_member(groups, people["ann"], nia, overrule=False, by=coordinator)
    fix_member(nia, people["ann"], fixed=False, by=coordinator)

    again = rerun(groups, coordinator)

    assert group_of(again, people["ann"]) == group_of(again, people["max"])


def test_a_must_that_was_overruled_stays_so_in_a_rerun(
    groups, people, coordinator, weigh
):
    nia = group_of(groups, people["nia"])
    move_member(groups, people["ann"], nia, overrule=False, by=coordinator)
    weigh(must="topics", topics=10)

    again = rerun(groups, coordinator)

    assert group_of(again, people["ann"]) == group_of(again, people["nia"])
    assert group_of(again, people["nia"]).overruled == ["must:topics"]
    assert group_of(again, people["max"]).overruled == []


def test_not_this_time_keeps_two_apart_in_the_next_round(groups, people, coordinator):
    take_out(group_of(groups, people["max"]), people["ann"], by=coordinator)

    left = LeftOver.objects.get(round=groups, participant=people["ann"])
    assert left.limit == LeftOver.Limit.TAKEN_OUT
    assert groups.matched == 6
    assert groups.total == stored_total(groups)
    again = rerun(groups, coordinator)
    assert group_of(again, people["ann"]) == group_of(again, people["nia"])
    assert not Exclusion.objects.exists()


def test_never_with_this_mentor_is_an_exclusion(groups, people, coordinator):
    take_out(
        group_of(groups, people["max"]),
        people["ann"],
        never_with=people["max"],
        by=coordinator,
    )

    both = {people["ann"].user, people["max"].user}
    found = Exclusion.objects.get()
    assert {found.a, found.b} == both


def test_who_was_taken_out_is_put_back_by_hand(groups, people, coordinator):
    take_out(group_of(groups, people["max"]), people["ann"], by=coordinator)

    nia = group_of(groups, people["nia"])
    move_member(groups, people["ann"], nia, overrule=False, by=coordinator)

    assert not groups.left_over.filter(participant=people["ann"]).exists()
    assert groups.matched == 7


def test_a_rejected_group_comes_back_only_while_its_people_are_free(
    groups, people, coordinator
):
    rejected = group_of(groups, people["max"])
    decide(rejected, "rejected", by=coordinator)
    nia = group_of(groups, people["nia"])
    move_member(groups, people["ann"], nia, overrule=False, by=coordinator)

    rejected.refresh_from_db()
    with pytest.raises(ValidationError, match="in another group"):
        decide(rejected, "proposed", by=coordinator)


def test_a_round_that_is_closed_is_not_changed(groups, people, coordinator):
    groups.state = "published"
    groups.save()
    nia = group_of(groups, people["nia"])

    with pytest.raises(ValidationError, match="not open for changes"):
        move_member(groups, people["ann"], nia, overrule=False, by=coordinator)
    with pytest.raises(ValidationError, match="not open for changes"):
        fix_member(nia, people["eve"], fixed=True, by=coordinator)
    with pytest.raises(ValidationError, match="not open for changes"):
        take_out(group_of(groups, people["max"]), people["ann"], by=coordinator)


def test_what_somebody_else_changed_is_not_changed_again(groups, people, coordinator):
    nia = group_of(groups, people["nia"])
    with pytest.raises(ValidationError, match="in the meantime"):
        take_out(nia, people["ann"], by=coordinator)
    with pytest.raises(ValidationError, match="in the meantime"):
        fix_member(nia, people["ann"], fixed=True, by=coordinator)
    decide(nia, "rejected", by=coordinator)
    with pytest.raises(ValidationError, match="in the meantime"):
        move_member(groups, people["ann"], nia, overrule=False, by=coordinator)
    with pytest.raises(ValidationError, match="already"):
        move_member(
            groups,
            people["ann"],
            group_of(groups, people["max"]),
            overrule=False,
            by=coordinator,
        )


def test_who_left_or_has_a_match_is_not_moved(groups, people, coordinator):
    nia = group_of(groups, people["nia"])
    take_out(group_of(groups, people["max"]), people["ann"], by=coordinator)
    people["ann"].places_taken = 1
    people["ann"].save()
    with pytest.raises(ValidationError, match="has a match already"):
        move_member(groups, people["ann"], nia, overrule=False, by=coordinator)
    people["bob"].user.is_active = False
    with pytest.raises(ValidationError, match="no longer takes part"):
        swap_members(
            groups, people["bob"], people["eve"], overrule=False, by=coordinator
        )


def test_a_circle_that_was_changed_by_hand_stays_as_it_is(
    circles, circle_people, coordinator
):
    large, small = sorted(
        circles.proposals.all(), key=lambda each: -len(learners_of(each))
    )
    who = large.learners[0].participant
    cost = Desk(circles, who).move(small).cost
    before = circles.total

    move_member(circles, who, small, overrule=False, by=coordinator)

    assert sizes(circles) == [3, 4]
    assert circles.total == before - cost == stored_total(circles)
    small.refresh_from_db()
    assert small.is_by_hand
    again = rerun(circles, coordinator)
    assert set(learners_of(group_of(again, who))) == set(
        learners_of(group_of(circles, who))
    )


def test_two_peers_are_swapped_and_one_is_never_with_another(
    circles, circle_people, coordinator
):
    large, small = sorted(
        circles.proposals.all(), key=lambda each: -len(learners_of(each))
    )
    one, other = large.learners[0].participant, small.learners[0].participant
    swap_members(circles, one, other, overrule=False, by=coordinator)
    assert circles.total == stored_total(circles)
    large = group_of(circles, other)
    peer = next(
        each.participant for each in large.learners if each.participant != other
    )
    with pytest.raises(ValidationError, match="in the meantime"):
        fix_member(large, other, fixed=True, by=coordinator)

    take_out(large, other, never_with=peer, by=coordinator)

    assert Exclusion.objects.count() == 1
    assert circles.left_over.get(participant=other).facts["not_with"]
    with pytest.raises(ValidationError, match="in the meantime"):
        take_out(small, one, never_with=other, by=coordinator)


# --- the pages


def move_page(desk, found, **query):
    return page(desk, "member_move", found.pk, **query)


def test_the_page_lists_every_group_then_its_sums_and_swaps(desk, groups, people):
    nia = group_of(groups, people["nia"])
    ann, eve = people["ann"], people["eve"]

    start = move_page(desk, groups)
    every = move_page(desk, groups, who=ann.pk)
    one = move_page(desk, groups, who=ann.pk, to=nia.pk)
    two = move_page(desk, groups, who=ann.pk, to=nia.pk, other=eve.pk)
    here = move_page(desk, groups, who=ann.pk, to=group_of(groups, ann).pk)

    assert "Why not in that group?" in start
    assert "Nia Mentor" in every
    assert "3 of 5" in re.sub(r"\s+", " ", every)
    assert "The total loses" in one
    assert "Put them in this group" in one
    assert "Or swap with somebody there" in one
    assert "Ann and Eve would change places." in two
    assert "Ann is here in this round." in here


def test_who_moves_is_found_by_a_part_of_the_name(desk, groups, people):
    ann, nia = people["ann"], group_of(groups, people["nia"])

    typing = move_page(desk, groups, who_name="an")
    sent = move_page(desk, groups, who_name="an", to=nia.pk)
    unknown = move_page(desk, groups, who_name="Zeb", to="")

    assert f'name="who" value="{ann.pk}" checked' in typing
    assert "Which group for" not in typing
    assert "Which group for" in sent
    assert "The total loses" in sent
    assert "Nobody here has this name" in unknown


def test_a_move_a_swap_and_a_refusal_by_the_page(desk, groups, people):
    nia = group_of(groups, people["nia"])
    where = reverse("matching:member_move", args=[groups.pk])

    nowhere = desk.post(where, {"who": people["ann"].pk})
    small = desk.post(
        where, {"who": people["eve"].pk, "to": group_of(groups, people["max"]).pk}
    )
    moved = desk.post(where, {"who": people["ann"].pk, "to": nia.pk}, follow=True)
    swapped = desk.post(
        where,
        {"who": people["bob"].pk, "to": nia.pk, "other": people["eve"].pk},
        follow=True,
    )

    assert nowhere.status_code == small.status_code == 422
    assert b"Choose a group." in nowhere.content
    assert b"is the fewest" in small.content
    assert b"Ann is in this group now" in moved.content
    assert b"fixed here" in moved.content
    assert b"They are swapped." in swapped.content


@pytest.mark.parametrize(
    ("decision", "says"),
    [
        ("fix", "fixed here"),
        ("not_now", "taken out"),
        ("never", "Choose with whom"),
        ("nonsense", "Choose with whom"),
    ],
)
def test_deciding_on_a_member(desk, groups, people, decision, says):
    group = group_of(groups, people["max"])
    where = reverse("matching:member_decide", args=[group.pk, people["ann"].pk])

    answer = desk.post(where, {"decision": decision}, follow=True)

    assert says in answer.content.decode()


def test_never_with_the_mentor_by_the_page(desk, groups, people):
    group = group_of(groups, people["max"])
    where = reverse("matching:member_decide", args=[group.pk, people["ann"].pk])

    answer = desk.post(where, {"decision": f"never-{people['max'].pk}"}, follow=True)

    assert "never matched with Max Mentor" in answer.content.decode()
    assert Exclusion.objects.count() == 1


def test_a_rejected_group_with_people_elsewhere_says_so(
    desk, groups, people, coordinator
):
    rejected = group_of(groups, people["max"])
    decide(rejected, "rejected", by=coordinator)
    nia = group_of(groups, people["nia"])
    move_member(groups, people["ann"], nia, overrule=False, by=coordinator)

    answer = desk.post(
        reverse("matching:proposal_decide", args=[rejected.pk]),
        {"decision": "proposed"},
        follow=True,
    )

    assert "in another group of this round" in answer.content.decode()


def test_how_well_one_fits_a_circle_is_the_mean_half_up(desk, circles):
    circle = next(each for each in circles.proposals.all() if len(each.parts) == 6)
    seen = set()
    for part in circle.parts:
        part["score"] = 401 if part["one"] in seen else 400
        seen.add(part["one"])
    circle.save()

    text = page(desk, "proposal_detail", circle.pk)

    fits = re.findall(r'data-label="Fit">\s*(\d+) of 1000', text)
    assert fits == ["401"] * 3


def test_the_pages_of_circles_speak_of_circles(desk, circles):
    circle = circles.proposals.first()
    who = circle.learners[0].participant
    other = circles.proposals.last()

    assert "Which circle for" in move_page(desk, circles, who=who.pk)
    assert "Put them in this circle" in move_page(
        desk, circles, who=other.learners[0].participant_id, to=circle.pk
    ) or "Put them in this circle" in move_page(desk, circles, who=who.pk, to=other.pk)
    assert "Never" in page(desk, "proposal_detail", circle.pk)


def test_in_a_programme_of_pairs_there_are_no_groups(desk, ready, two_pairs):
    answer = desk.get(reverse("matching:member_move", args=[ready.pk]))

    assert answer.url == reverse("matching:pair_check", args=[ready.pk])
    with pytest.raises(ValidationError, match="in pairs"):
        Desk(ready, two_pairs["ann"])


def test_the_page_takes_as_many_queries_for_many_as_for_few(
    desk, groups, people, joins, topic
):
    def queries():
        with CaptureQueriesContext(connection) as found:
            move_page(desk, groups, who=people["ann"].pk)
        return len(found)

    move_page(desk, groups)
    few = queries()
    for number in range(6):
        leads = joins(f"Mentor {number}", Role.MENTOR, topic, level=5)
        group = Proposal.objects.create(round=groups, score=500)
        members = [joins(f"M {number} {n}", Role.MENTEE, topic) for n in range(3)]
        for each in (leads, *members):
            ProposalMember.objects.create(
                proposal=group, participant=each, role=each.role
            )

    assert queries() == few
