import time

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


def test_long_texts_take_no_time():
    """Alike lines, and lines that all differ: both sides changed everything."""
    numbers = range(6000)
    alike = "b\n" * 6000, "a\nb\n" * 3000, "c\nb\n" * 3000
    apart = ["\n".join(f"{word} {n}" for n in numbers) for word in ("x", "y", "z")]
    began = time.process_time()

    for base, mine, theirs in (alike, apart):
        merge(base, mine, theirs)

    assert time.process_time() - began < 2


@given(TEXTS, TEXTS)
def test_what_both_begin_and_end_with_is_left_alone(mine, theirs):
    long = "\n".join(f"line {n}" for n in range(500))
    base = f"{long}\nmiddle\n{long}"

    found = merge(base, f"{long}\n{mine}\n{long}", f"{long}\n{theirs}\n{long}")

    assert found.startswith(long)
    assert found.endswith(long)
