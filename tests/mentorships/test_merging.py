from hypothesis import given
from hypothesis import strategies as st

from mentorships.merging import merge

LINES = st.lists(st.sampled_from(["", "a", "b", "c", "one two"]), max_size=7)
TEXTS = LINES.map("\n".join)


def lines(text):
    return set(text.split("\n"))


@given(TEXTS, TEXTS)
def test_who_changed_nothing_gets_what_the_other_wrote(base, other):
    assert merge(base, base, other) == other
    assert merge(base, other, base) == other
    assert merge(base, other, other) == other


@given(TEXTS, TEXTS, TEXTS)
def test_no_line_that_either_of_them_added_is_lost(base, mine, theirs):
    found = merge(base, mine, theirs)

    for line in (lines(mine) | lines(theirs)) - lines(base):
        assert line in found


def test_changes_in_different_places_are_both_there():
    base = "Agenda\n\nTalked about: \n\nNext:"
    mine = "Agenda\n\nTalked about: the move\n\nNext:"
    theirs = "Agenda\n\nTalked about: \n\nNext: call Jan"

    assert (
        merge(base, mine, theirs)
        == "Agenda\n\nTalked about: the move\n\nNext: call Jan"
    )


def test_of_one_line_that_both_changed_both_stay():
    assert merge("x", "x, says Mia", "x, says Mo") == "x, says Mo\nx, says Mia"


def test_a_line_that_somebody_wrote_on_is_not_there_twice():
    assert merge("", "hello world", "hello") == "hello world"


def test_what_one_deleted_and_the_other_changed_stays():
    assert merge("a\nb\nc", "a\nc", "a\nb!\nc") == "a\nb!\nc"
