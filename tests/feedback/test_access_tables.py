"""Access by group: counts of five and more, whatever is subtracted from what."""

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from dashboards import figures
from feedback.access import access_gap, renew_access, stages_of, tables
from feedback.cells import REST, remembered, renewed, tells_of_few
from feedback.models import AccessTable
from feedback.tasks import renew_access_tables
from people.actions import save_background, take_background
from people.models import Background
from programs.models import Invite, Role
from tests import factories

FLOOR = 5


@pytest.fixture
def gender(hr_admin):
    return take_background("gender", by=hr_admin)


@pytest.fixture
def join(program):
    """So many people join, all of them having said this of themselves."""

    def do(number, said=None, *, matched=0):
        people = factories.ParticipantFactory.create_batch(
            number, program=program, role=Role.MENTEE
        )
        for place, participant in enumerate(people):
            if said:
                save_background(participant.user, {said.question_id: said.pk})
            if place < matched:
                factories.MemberFactory(
                    mentorship=factories.MentorshipFactory(program=program),
                    participant=participant,
                )
        return people

    return do


def test_groups_of_five_and_more_are_counted_by_stage(program, gender, join):
    women, men = gender.choices.all()[:2]
    join(12, women, matched=6)
    join(11, men, matched=11)

    counts = tables(program)[gender.pk]

    assert counts == {
        str(women.pk): [12, 12, 6, 0, 0],
        str(men.pk): [11, 11, 11, 0, 0],
    }


def test_small_groups_are_with_those_who_did_not_say(program, gender, join):
    women, men, other = gender.choices.all()[:3]
    join(12, women)
    join(9, men)
    join(2, other)
    join(6)

    counts = tables(program)[gender.pk]

    assert counts[REST][0] == 8
    assert str(other.pk) not in counts


def test_a_rest_that_is_too_small_takes_the_smallest_group_with_it(
    program, gender, join
):
    women, men, other = gender.choices.all()[:3]
    join(12, women)
    join(9, men)
    join(2, other)

    counts = tables(program)[gender.pk]

    assert counts == {str(women.pk): counts[str(women.pk)], REST: counts[REST]}
    assert counts[REST][0] == 11


def test_a_stage_at_which_few_of_a_group_were_lost_is_left_out(program, gender, join):
    women, men = gender.choices.all()[:2]
    join(12, women, matched=10)
    join(12, men, matched=12)

    assert tables(program)[gender.pk][str(women.pk)][2] is None


def test_a_question_whose_groups_lie_close_to_anothers_is_left_out(
    program, gender, hr_admin, join
):
    age = take_background("age", by=hr_admin)
    women, men = gender.choices.all()[:2]
    young, old = age.choices.all()[:2]
    for number, (sex, years) in enumerate(
        [(women, young)] * 8 + [(men, young)] * 2 + [(men, old)] * 9
    ):
        [participant] = join(1)
        save_background(participant.user, {gender.pk: sex.pk, age.pk: years.pk})
        assert number < 19

    assert list(tables(program)) == [gender.pk]


def test_nobody_but_the_clock_counts_and_twice_changes_nothing(program, gender, join):
    women, men = gender.choices.all()[:2]
    join(12, women)
    join(11, men)

    assert renew_access_tables() == 1
    assert renew_access_tables() == 0


def test_a_table_waits_until_a_change_tells_of_five(program, gender, join):
    women, men = gender.choices.all()[:2]
    join(12, women)
    join(11, men)
    renew_access(program)

    join(1, women)
    assert renew_access(program) == 0
    join(4, women)

    assert renew_access(program) == 1
    assert AccessTable.objects.get().counts[str(women.pk)][0] == 17


def test_whoever_takes_it_back_is_counted_no_more(program, gender, join):
    women, men = gender.choices.all()[:2]
    join(12, women)
    join(11, men)

    Background.objects.all().delete()

    assert tables(program) == {}


def test_who_was_invited_and_did_not_join_counts_as_invited(program, join):
    [asked] = join(1)
    user = factories.UserFactory()
    Invite.objects.create(
        program=program,
        email=user.email,
        role=Role.MENTEE,
        token_hash="0",
        expires_at=timezone.now(),
    )

    assert stages_of(program)[0] == {asked.user_id, user.pk}
    assert user.pk not in stages_of(program)[1]


def test_the_access_gap_is_the_largest_difference_in_being_matched(
    program, gender, join
):
    women, men = gender.choices.all()[:2]
    join(20, women, matched=5)
    join(10, men, matched=10)
    assert access_gap(program) is None

    renew_access(program)

    assert access_gap(program) == 75


def test_the_page_shows_groups_and_says_how_large_the_gap_is(
    program, gender, join, as_user, coordinator
):
    women, men = gender.choices.all()[:2]
    join(20, women, matched=5)
    join(10, men, matched=10)
    renew_access(program)

    body = as_user(coordinator).get(reverse("dashboards:access", args=[program.slug]))

    assert "did best has 75 more matched" in body.content.decode()
    assert "Woman" in body.content.decode()


def test_the_page_says_when_nothing_can_be_shown(program, gender, as_user, coordinator):
    body = as_user(coordinator).get(reverse("dashboards:access", args=[program.slug]))

    assert "at least two groups of 5" in body.content.decode()


counts = st.one_of(st.none(), st.integers(0, 40).filter(lambda n: n == 0 or n > 4))
rows = st.dictionaries(
    st.sampled_from(["a", "b", REST]),
    st.lists(counts, min_size=3, max_size=3),
    min_size=1,
)


def after(*days):
    """The tables that are shown, day after day."""
    shown, seen = days[0], remembered([], days[0])
    pages = [shown]
    for now in days[1:]:
        shown = renewed(shown, now, seen, FLOOR) or shown
        seen = remembered(seen, shown)
        pages.append(shown)
    return pages


def told(page, known, stage):
    """What a page says of the same people as an earlier one, beside what that said."""
    both = [name for name in page if name in known and name != REST]
    sums = [
        [table[name][stage] for name in table if name not in both]
        for table in (page, known)
    ]
    found = [(page[name][stage], known[name][stage]) for name in both]
    if not any(None in each for each in sums):
        found.append((sum(sums[0]), sum(sums[1])))
    return [each for each in found if None not in each]


@given(st.lists(rows, min_size=2, max_size=5))
def test_whoever_keeps_all_tables_subtracts_nobody_or_five(days):
    # By the groups of a page, what it last said of each.
    notes = {}
    for page in after(*days):
        for known in notes.values():
            for stage in range(3):
                for one, other in told(page, known, stage):
                    assert one == other or abs(one - other) >= FLOOR
        known = notes.setdefault(frozenset(page), page)
        notes[frozenset(page)] = {
            name: [
                old if new is None else new
                for new, old in zip(row, known[name], strict=True)
            ]
            for name, row in page.items()
        }


def test_a_group_that_was_hidden_comes_back_as_it_was_or_with_five_more():
    first = {"a": [10], "b": [12], REST: [10]}
    without = {"b": [12], REST: [20]}

    for number in (10, 15):
        later = {"a": [number], "b": [12], REST: [15]}
        assert after(first, without, later) == [first, without, later]
    later = {"a": [11], "b": [12], REST: [15]}
    assert after(first, without, later) == [first, without, without]


def test_a_group_that_joins_the_rest_does_not_tell_who_left_it():
    first = {"a": [10], "b": [12], REST: [5]}

    assert after(first, {"b": [12], REST: [14]}) == [first, first]


def test_a_stage_that_was_hidden_comes_back_as_it_was_or_with_five_more():
    def found(number):
        days = ({"a": [20, each], "b": [20, 10]} for each in (10, None, number))
        return after(*days)[-1]["a"][1]

    assert [found(number) for number in (10, 11, 15)] == [10, None, 15]


def test_what_was_shown_is_remembered_while_it_is_hidden(program, gender, join):
    women, men, other = gender.choices.all()[:3]
    join(12, women)
    joined = join(10, men)
    join(9, other)
    renew_access(program)
    for participant in joined[:6]:
        Background.objects.filter(user=participant.user).delete()
    renew_access(program)
    [table] = AccessTable.objects.all()
    assert str(men.pk) not in table.counts
    for participant in joined[:6]:
        save_background(participant.user, {gender.pk: men.pk})
    join(1, men)
    join(5)

    renew_access(program)

    [table] = AccessTable.objects.all()
    assert str(men.pk) not in table.counts


@given(st.lists(st.frozensets(st.integers(0, 12)), max_size=6))
def test_a_group_in_another_is_found_when_few_are_left_over(groups):
    few = any(
        small < large and len(large - small) < FLOOR
        for small in groups
        for large in groups
    )

    assert tells_of_few(groups, FLOOR) == few


def test_two_programmes_with_nearly_the_same_people_do_not_tell_of_one(
    program, gender, join
):
    women, men = gender.choices.all()[:2]
    people = join(12, women) + join(11, men)
    assert renew_access(program) == 1
    other = factories.ProgramFactory(running=True, slug="next-year")
    for participant in people[1:]:
        factories.ParticipantFactory(
            program=other, user=participant.user, role=Role.MENTEE
        )

    renew_access(other)

    # Of the first only the groups of which nobody is missing may be shown as well.
    shown = other.access_tables.values_list("counts", flat=True)
    assert all(counts.get(str(women.pk), [None])[0] != 11 for counts in shown)


def test_two_programmes_with_other_people_are_both_shown(program, gender, join):
    women, men = gender.choices.all()[:2]
    join(12, women)
    join(11, men)
    renew_access(program)
    other = factories.ProgramFactory(running=True, slug="next-year")
    for said in [women] * 8 + [men] * 9:
        participant = factories.ParticipantFactory(program=other, role=Role.MENTEE)
        save_background(participant.user, {gender.pk: said.pk})

    assert renew_access(other) == 1


def test_the_page_shows_groups_in_the_order_in_which_one_chooses(program, hr_admin):
    question = take_background("age", by=hr_admin)
    choices = list(question.choices.all())
    counts = {"rest": [9] * 5}
    for each in sorted(choices, key=str, reverse=True):
        counts[str(each.pk)] = [7] * 5
    AccessTable.objects.create(program=program, question=question, counts=counts)

    [table] = figures.access(program)

    names = [name for name, _row in table.rows]
    assert names[:-1] == [str(each) for each in choices]
    assert len(names) == len(choices) + 1
