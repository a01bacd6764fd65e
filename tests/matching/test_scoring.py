"""The sum of a pair: what each criterion gives, and that table and sum agree."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.scoring import (
    FORBIDDEN,
    NEUTRAL,
    PRIORITY_CAP,
    Criterion,
    Person,
    Pool,
    Scorer,
)

KEYS = [
    "topics",
    "interests",
    "direction",
    "style",
    "languages",
    "location",
    "level",
    "department",
    "wishes",
    "answer:7",
]


def person(number, **said):
    return Person(id=number, user_id=number, **said)


def explain(key, mentee, mentor, families=None, **settings):
    pool = Pool(
        [person(1, **mentee)],
        [person(2, **mentor)],
        [Criterion(key, 10, settings=settings)],
        families or {},
    )
    return Scorer(pool).explain(0, 0)


def fraction(key, mentee, mentor, families=None, **settings):
    return explain(key, mentee, mentor, families, **settings).lines[0].fraction


def test_a_wanted_topic_earns_the_level_that_is_offered():
    wanted = {"topics_wanted": {5: 3}}
    assert fraction("topics", wanted, {"topics_offered": {5: 3}}) == 1
    assert fraction("topics", wanted, {"topics_offered": {5: 1}}) == pytest.approx(
        1 / 3
    )
    assert fraction("topics", wanted, {"topics_offered": {6: 3}}) == 0


def test_topics_weigh_by_priority_and_a_family_earns_half():
    wanted = {"topics_wanted": {5: 3, 6: 1}}
    offered = {"topics_offered": {6: 3}}
    assert fraction("topics", wanted, offered) == pytest.approx(1 / 4)
    kin = {5: 1, 6: 1}
    assert fraction("topics", wanted, offered, kin) == pytest.approx((3 / 2 + 1) / 4)


@pytest.mark.parametrize(
    ("key", "mentee", "mentor", "settings", "wanted"),
    [
        ("interests", {"interests": {1, 2, 3, 4}}, {"interests": {1, 2}}, {}, 2 / 3),
        ("interests", {"interests": {1}}, {"interests": {1, 2}}, {}, 1),
        ("interests", {"interests": {1, 2}}, {"interests": {1}}, {"enough": 1}, 1),
        ("direction", {"directions_to": {1, 2}}, {"directions_from": {2}}, {}, 1 / 2),
        ("languages", {"languages": {"nl"}}, {"languages": {"nl", "en"}}, {}, 1),
        ("languages", {"languages": {"nl"}}, {"languages": {"fr"}}, {}, 0),
        ("style", {"style": (1,) * 5}, {"style": (1, 1, 1, 1, 5)}, {}, 4 / 5),
        (
            "style",
            {"style": (1,) * 5},
            {"style": (5, 1, 1, 1, 1)},
            {"dimensions": ["different", "ignore", "ignore", "ignore", "ignore"]},
            1,
        ),
        ("location", {"location": "Utrecht"}, {"location": "Utrecht"}, {}, 1),
        ("location", {"location": "Utrecht"}, {"location": "Delft"}, {}, 0),
        (
            "location",
            {"location": "Utrecht", "time_zone": "Europe/Amsterdam"},
            {"location": "London", "time_zone": "Europe/London"},
            {},
            5 / 12,
        ),
        (
            "location",
            {"time_zone": "Europe/Amsterdam"},
            {"time_zone": "Asia/Tokyo"},
            {"by": "time_zone"},
            0,
        ),
        ("level", {"level": 2}, {"level": 4}, {}, 1),
        ("level", {"level": 2}, {"level": 6}, {}, 2 / 3),
        ("level", {"level": 2}, {"level": 1}, {}, 1 / 3),
        ("level", {"level": 4}, {"level": 2}, {"reversed": True}, 1),
        ("level", {"level": 4}, {"level": 4}, {"min": 0, "max": 0}, 1),
        ("department", {"department": "HR"}, {"department": "IT"}, {}, 1),
        ("department", {"department": "HR"}, {"department": "HR"}, {}, 0),
        (
            "department",
            {"department": "HR"},
            {"department": "HR"},
            {"prefer": "same"},
            1,
        ),
        ("wishes", {"wishes": (2,)}, {}, {}, 1),
        ("wishes", {"wishes": (9, 2)}, {}, {}, 4 / 5),
        ("wishes", {"wishes": (9,)}, {"wishes": (1,)}, {}, 1 / 2),
        ("answer:7", {"answers": {"7": "a"}}, {"answers": {"7": "a"}}, {}, 1),
        (
            "answer:7",
            {"answers": {"7": "a"}},
            {"answers": {"7": "b"}},
            {"prefer": "other"},
            1,
        ),
    ],
)
def test_a_criterion_compares_what_both_said(key, mentee, mentor, settings, wanted):
    assert fraction(key, mentee, mentor, **settings) == pytest.approx(wanted)


@pytest.mark.parametrize("key", KEYS)
def test_who_says_nothing_is_neither_for_nor_against(key):
    line = explain(key, {}, {}).lines[0]
    assert (line.fraction, line.points, line.is_known) == (NEUTRAL, 500, False)


@pytest.mark.parametrize("key", KEYS)
def test_a_must_does_not_hold_silence_against_anybody(key):
    pool = Pool([person(1)], [person(2)], [Criterion(key, 10, must=True)])
    assert Scorer(pool).explain(0, 0).blocked_by == ()


def test_weights_share_a_thousand_points():
    pool = Pool(
        [person(1, languages={"nl"}, level=1, department="a")],
        [person(2, languages={"nl"}, level=2, department="b")],
        [Criterion("languages", 5), Criterion("level", 5), Criterion("department", 5)],
    )
    found = Scorer(pool).explain(0, 0)
    assert sorted(line.at_most for line in found.lines) == [333, 333, 334]
    assert found.score == 1000


def test_who_waited_gets_points_up_to_the_cap_and_never_above_a_thousand():
    criteria = [Criterion("languages", 1)]
    mine = person(1, languages={"nl"}, priority=30)
    other = person(2, languages={"fr"})
    assert Scorer(Pool([mine], [other], criteria)).explain(0, 0).score == 30
    waited = replace(mine, priority=9999)
    found = Scorer(Pool([waited], [other], criteria)).explain(0, 0)
    assert found.score == PRIORITY_CAP
    assert found.lines[-1].key == "priority"
    same = replace(other, languages=frozenset({"nl"}))
    assert Scorer(Pool([waited], [same], criteria)).explain(0, 0).score == 1000


@pytest.mark.parametrize(
    ("mentee", "mentor", "pool", "reason"),
    [
        ({"id": 1, "user_id": 7}, {"id": 2, "user_id": 7}, {}, "self"),
        ({"manager_chain": {2, 5}}, {}, {}, "reporting_line"),
        ({}, {"manager_chain": {1}}, {}, "reporting_line"),
        ({}, {}, {"excluded": frozenset({(1, 2)})}, "excluded"),
        ({}, {}, {"excluded": frozenset({(2, 1)})}, "excluded"),
        ({}, {}, {"declined": frozenset({(2, 1)})}, "declined"),
        ({}, {"capacity": 0}, {}, "capacity"),
        ({"capacity": 0}, {}, {}, "capacity"),
        ({"languages": {"nl"}}, {"languages": {"fr"}}, {}, "must:languages"),
    ],
)
def test_a_hard_limit_forbids_a_pair_and_says_so(mentee, mentor, pool, reason):
    criteria = [Criterion("languages", 3, must=True), Criterion("level", 3)]
    one = Person(**{"id": 1, "user_id": 1, **mentee})
    other = Person(**{"id": 2, "user_id": 2, **mentor})
    scorer = Scorer(Pool([one], [other], criteria, **pool))
    assert scorer.explain(0, 0).blocked_by == (reason,)
    assert scorer.explain(0, 0).score == FORBIDDEN
    assert scorer.block(np.array([0])).tolist() == [[FORBIDDEN]]


def test_a_criterion_that_there_is_not_is_refused():
    with pytest.raises(KeyError):
        Scorer(Pool([], [], [Criterion("horoscope", 3)]))


few = st.integers(1, 6)
people = st.builds(
    Person,
    id=st.just(0),
    user_id=st.integers(1, 30),
    topics_offered=st.dictionaries(few, st.integers(1, 3), max_size=4),
    topics_wanted=st.dictionaries(few, st.integers(1, 3), max_size=4),
    interests=st.frozensets(few),
    directions_from=st.frozensets(few),
    directions_to=st.frozensets(few),
    style=st.just(()) | st.tuples(*[st.integers(1, 5)] * 5),
    languages=st.frozensets(st.sampled_from(["nl", "en", "fr"])),
    location=st.sampled_from(["", "Utrecht", "Delft"]),
    time_zone=st.sampled_from(["", "Europe/Amsterdam", "Asia/Kolkata", "nowhere"]),
    level=st.none() | st.integers(1, 8),
    department=st.sampled_from(["", "HR", "IT"]),
    manager_chain=st.frozensets(st.integers(1, 30), max_size=3),
    capacity=st.integers(0, 3),
    wishes=st.lists(st.integers(100, 112), unique=True, max_size=4).map(tuple),
    answers=st.dictionaries(st.just("7"), st.sampled_from("abc"), max_size=1),
    priority=st.sampled_from([0, 0, 0, 20, 500]),
)
criteria = st.lists(
    st.builds(Criterion, st.sampled_from(KEYS), st.integers(0, 10), st.booleans()),
    unique_by=lambda criterion: criterion.key,
)
pairs = st.frozensets(st.tuples(st.integers(1, 30), st.integers(1, 30)), max_size=8)


@st.composite
def pools(draw):
    mentees = draw(st.lists(people, max_size=7))
    mentors = draw(st.lists(people, max_size=7))
    return Pool(
        [replace(p, id=100 + n) for n, p in enumerate(mentees)],
        [replace(p, id=106 + len(mentees) + n) for n, p in enumerate(mentors)],
        draw(criteria),
        {1: 1, 2: 1, 3: 2, 4: 2, 5: 3},
        draw(pairs),
        draw(pairs),
    )


@settings(max_examples=120, deadline=None)
@given(pools())
def test_the_sum_is_the_score_to_the_point(pool):
    scorer = Scorer(pool)
    table = scorer.block(np.arange(len(pool.mentees)))
    assert table.dtype == np.int16
    assert table.shape == (len(pool.mentees), len(pool.mentors))
    for row in range(len(pool.mentees)):
        for column in range(len(pool.mentors)):
            found = scorer.explain(row, column)
            assert table[row, column] == found.score
            assert found.total == sum(line.points for line in found.lines)
            assert 0 <= found.total <= 1000
            for line in found.lines:
                assert 0 <= line.fraction <= 1
                if line.key != "priority":
                    on_paper = int(line.at_most * line.fraction + 0.5 + 1e-6)
                    assert line.points == on_paper


@settings(max_examples=40, deadline=None)
@given(pools(), st.randoms())
def test_a_score_is_of_two_people_not_of_their_place(pool, random):
    scorer = Scorer(pool)
    rows = np.arange(len(pool.mentees))
    order = rows.tolist()
    random.shuffle(order)
    turned = Scorer(replace(pool, mentees=[pool.mentees[n] for n in order]))
    assert (turned.block(rows) == scorer.block(rows)[order]).all()
    assert (scorer.block(np.array(order, int)) == scorer.block(rows)[order]).all()


def test_a_big_pool_is_scored_in_pieces_as_in_one():
    mentees = [
        person(n, style=(1 + n % 5,) * 5, level=n % 7, topics_wanted={n % 9: 1 + n % 3})
        for n in range(900)
    ]
    mentors = [
        person(1000 + n, style=(1 + n % 4,) * 5, level=n % 5, topics_offered={n % 9: 2})
        for n in range(700)
    ]
    weights = [Criterion("style", 3), Criterion("level", 2), Criterion("topics", 9)]
    scorer = Scorer(Pool(mentees, mentors, weights))
    whole = scorer.block(np.arange(900))
    for row in (0, 450, 899):
        assert (scorer.block(np.array([row]))[0] == whole[row]).all()
        assert whole[row, 321] == scorer.explain(row, 321).score
