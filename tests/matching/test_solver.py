"""The best assignment: by properties, against every possibility, against others."""

import itertools
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_matrix

from matching.checker import Wrong, check
from matching.solver import (
    BEST_TOTAL,
    MOST_MATCHED,
    Cancelled,
    CannotKeep,
    Gain,
    Problem,
    left_out,
    solve,
)

OBJECTIVES = [BEST_TOTAL, MOST_MATCHED]


@st.composite
def problems(draw, largest=4, pairs=12):
    n = draw(st.integers(1, largest))
    m = draw(st.integers(1, min(largest, max(1, pairs // n))))
    top = draw(st.sampled_from([2, 12, 1000]))
    scores = draw(
        st.lists(
            st.lists(st.integers(-1, top), min_size=m, max_size=m),
            min_size=n,
            max_size=n,
        )
    )
    a = draw(st.lists(st.integers(0, 2), min_size=n, max_size=n))
    c = draw(st.lists(st.integers(0, 3), min_size=m, max_size=m))
    fixed, left_a, left_c = [], a[:], c[:]
    for i, j in draw(
        st.lists(
            st.tuples(st.integers(0, n - 1), st.integers(0, m - 1)),
            max_size=2,
            unique=True,
        )
    ):
        if scores[i][j] >= 0 and left_a[i] and left_c[j]:
            left_a[i] -= 1
            left_c[j] -= 1
            fixed.append((i, j))
    return Problem(
        np.array(scores),
        a,
        c,
        objective=draw(st.sampled_from(OBJECTIVES)),
        floor=draw(st.sampled_from([0, 0, 1, top // 2])),
        protect_weakest=draw(st.booleans()),
        fixed=fixed,
        candidates=draw(st.sampled_from([1, 20])),
    )


def assignments(problem, mentor_capacity=None, floor=None):
    """Every assignment that is allowed, without the fixed pairs."""
    a, c = (
        list(problem.mentee_capacity),
        list(mentor_capacity or problem.mentor_capacity),
    )
    for i, j in problem.fixed:
        a[i] -= 1
        c[j] -= 1
    least = problem.floor if floor is None else floor
    free = [
        (i, j)
        for i, j in itertools.product(range(len(a)), range(len(c)))
        if problem.scores[i, j] >= least and (i, j) not in problem.fixed
    ]

    def go(rest, chosen):
        if not rest:
            yield chosen
            return
        (i, j), after = rest[0], rest[1:]
        yield from go(after, chosen)
        if a[i] and c[j]:
            a[i] -= 1
            c[j] -= 1
            yield from go(after, [*chosen, (i, j)])
            a[i] += 1
            c[j] += 1

    return list(go(free, []))


def best(problem, mentor_capacity=None, floor=None):
    """How many, how much, above which floor: by trying everything."""
    found = assignments(problem, mentor_capacity, floor)
    least = problem.floor if floor is None else floor
    most = max(len(each) for each in found)
    if problem.protect_weakest and floor is None and most:
        least = max(
            min(problem.scores[p] for p in each) for each in found if len(each) == most
        )
        found = [e for e in found if all(problem.scores[p] >= least for p in e)]
    if problem.objective == MOST_MATCHED:
        found = [each for each in found if len(each) == most]
    total = max(sum(int(problem.scores[p]) for p in each) for each in found)
    return most, total, int(least)


def proof_of(problem, solution):
    return check(
        problem.scores,
        problem.mentee_capacity,
        problem.mentor_capacity,
        solution.pairs,
        solution.mentor_prices,
        bonus=solution.bonus,
        floor=solution.floor,
        fixed=problem.fixed,
    )


@settings(max_examples=250, deadline=None)
@given(problems())
def test_nothing_possible_is_better(problem):
    most, total, floor = best(problem)
    solution = solve(problem)
    kept = sum(int(problem.scores[pair]) for pair in problem.fixed)
    assert solution.total == total + kept
    assert solution.is_proven
    if problem.objective == MOST_MATCHED:
        assert solution.matched == most + len(problem.fixed)
    if problem.protect_weakest:
        assert solution.floor == floor


@settings(max_examples=200, deadline=None)
@given(problems(largest=9, pairs=60))
def test_every_rule_holds_and_the_checker_agrees(problem):
    solution = solve(problem)
    assert len(set(solution.pairs)) == len(solution.pairs) == solution.matched
    assert set(problem.fixed) <= set(solution.pairs)
    for i, j in solution.pairs:
        assert problem.scores[i, j] >= 0
        assert (i, j) in problem.fixed or problem.scores[i, j] >= problem.floor
    mine = np.bincount([i for i, _ in solution.pairs], minlength=len(problem.scores))
    theirs = np.bincount(
        [j for _, j in solution.pairs], minlength=len(problem.mentor_capacity)
    )
    assert (mine <= problem.mentee_capacity).all()
    assert (theirs <= problem.mentor_capacity).all()
    assert solution.total == sum(int(problem.scores[p]) for p in solution.pairs)
    assert proof_of(problem, solution) == (solution.total, solution.upper_bound, 0)


@settings(max_examples=100, deadline=None)
@given(problems(largest=8, pairs=40), st.randoms(), st.sampled_from("dbs"))
def test_the_order_and_the_form_of_the_input_do_not_matter(problem, shuffler, form):
    n, m = problem.scores.shape
    rows, columns = list(range(n)), list(range(m))
    shuffler.shuffle(rows)
    shuffler.shuffle(columns)
    turned = problem.scores[rows][:, columns]
    kinds = {
        "d": np.where(turned < 0, np.nan, turned),
        "b": lambda asked: turned[asked],
        "s": sparse(turned),
    }

    def named(scores, rows, columns):
        return solve(
            Problem(
                scores,
                [problem.mentee_capacity[i] for i in rows],
                [problem.mentor_capacity[j] for j in columns],
                objective=problem.objective,
                floor=problem.floor,
                protect_weakest=problem.protect_weakest,
                fixed=[(rows.index(i), columns.index(j)) for i, j in problem.fixed],
                mentee_ids=[1000 + 7 * i for i in rows],
                mentor_ids=[5000 - 3 * j for j in columns],
            )
        )

    one = named(problem.scores, list(range(n)), list(range(m)))
    other = named(kinds[form], rows, columns)
    assert one.total == other.total
    assert one.matched == other.matched
    assert sorted((rows[i], columns[j]) for i, j in other.pairs) == list(one.pairs)


def sparse(scores):
    """What is allowed, stored even where it is worth nothing."""
    at = np.nonzero(scores >= 0)
    stored = csr_matrix((scores[at] + 1, at), shape=scores.shape)
    stored.data -= 1
    return stored


@settings(max_examples=80, deadline=None)
@given(problems(largest=3, pairs=9))
def test_a_price_is_what_one_more_place_brings(problem):
    solution = solve(problem)
    before = best(problem, floor=solution.floor)
    for mentor in range(len(problem.mentor_capacity)):
        more = list(problem.mentor_capacity)
        more[mentor] += 1
        after = best(problem, more, solution.floor)
        gain = solution.one_more_place(mentor)
        assert gain.points == after[1] - before[1]
        if problem.objective == MOST_MATCHED:
            assert gain.pairs == after[0] - before[0]


@settings(max_examples=60, deadline=None)
@given(problems(largest=3, pairs=9))
def test_another_pair_costs_at_least_what_is_said(problem):
    solution = solve(problem)
    for i, j in itertools.product(*map(range, problem.scores.shape)):
        score = int(problem.scores[i, j])
        allowed = [
            sum(int(problem.scores[p]) for p in each)
            for each in assignments(problem, floor=solution.floor)
            if (i, j) in each
            and (
                problem.objective == BEST_TOTAL
                or len(each) + len(problem.fixed) == solution.matched
            )
        ]
        cost = solution.cost_of(i, j, score)
        if allowed and cost.pairs == 0:
            kept = sum(int(problem.scores[pair]) for pair in problem.fixed)
            assert max(allowed) + kept <= solution.total - cost.points


def or_library(size, seed):
    """As the OR-Library's assignment problems: costs 1 to 100, evenly."""
    return np.random.default_rng(seed).integers(1, 101, (size, size))


@pytest.mark.parametrize("size", [100, 200, 300, 400])
def test_as_the_other_solver_on_assignment_problems(size):
    costs = or_library(size, size)
    rows, columns = linear_sum_assignment(costs)
    one = np.ones(size, int)
    solution = solve(Problem(1000 - costs, one, one))
    assert 1000 * size - solution.total == costs[rows, columns].sum()
    assert solution.is_proven
    assert solution.matched == size


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("protect", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_as_the_other_solver_on_pools(objective, protect, seed):
    draw = np.random.default_rng(seed)
    popular = draw.normal(0, 120, 90)
    scores = np.clip(draw.normal(450, 120, (200, 90)) + popular, 0, 1000).astype(int)
    scores[draw.random(scores.shape) < 0.3] = -1
    mine, places = np.ones(200, int), np.full(90, 2)
    solution = solve(
        Problem(scores, mine, places, objective, protect_weakest=protect, candidates=5)
    )
    worth = np.where(scores < solution.floor, -1e6, scores)
    rows, columns = linear_sum_assignment(np.repeat(worth, 2, axis=1), maximize=True)
    assert solution.total == int(worth[rows, columns // 2].sum())
    assert solution.gap == 0
    if protect:
        stricter = np.where(scores > solution.floor, 1, 0)
        rows, columns = linear_sum_assignment(
            np.repeat(stricter, 2, axis=1), maximize=True
        )
        assert stricter[rows, columns // 2].sum() < solution.matched


def test_when_places_are_tight_all_who_can_be_are_matched():
    draw = random.Random(4)
    scores = np.full((120, 60), -1)
    for row in scores:
        # A few mentors whom everybody likes, and one whom hardly anybody has.
        row[:5] = [draw.randint(800, 1000) for _ in range(5)]
        row[draw.randrange(60)] = draw.randint(0, 50)
    problem = Problem(scores, np.ones(120, int), np.full(60, 2), candidates=2)
    solution = solve(problem)
    _, columns = linear_sum_assignment(np.repeat(scores >= 0, 2, axis=1), maximize=True)
    assert (
        solution.matched
        == (np.repeat(scores >= 0, 2, axis=1)[range(120), columns]).sum()
    )
    assert solution.is_proven
    assert proof_of(problem, solution).gap == 0


def test_a_fixed_pair_that_may_not_be_is_refused():
    scores = np.array([[5, -1], [5, 5]])
    with pytest.raises(CannotKeep) as forbidden:
        solve(Problem(scores, [1, 1], [1, 1], fixed=[(0, 1)]))
    assert (forbidden.value.pair, forbidden.value.reason) == ((0, 1), "forbidden")
    with pytest.raises(CannotKeep) as full:
        solve(Problem(scores, [1, 1], [1, 1], fixed=[(0, 0), (1, 0)]))
    assert (full.value.pair, full.value.reason) == ((1, 0), "capacity")


def test_whoever_is_left_out_hears_which_limit_it_was():
    scores = np.array([[900, 100], [800, 100], [-1, -1], [700, 50]])
    problem = Problem(scores, [1, 1, 1, 0], [1, 0], BEST_TOTAL)
    solution = solve(problem)
    second, third = left_out(problem, solution)
    assert (second.mentee, second.limit, second.mentor) == (1, "capacity", 0)
    assert second.gain == Gain(0, 800)
    assert (third.mentee, third.limit) == (2, "forbidden")

    problem = Problem(scores, [1, 1, 1, 0], [0, 0])
    limits = [each.limit for each in left_out(problem, solve(problem))]
    assert limits == ["no_mentors"] * 3

    problem = Problem(scores, [0, 1, 0, 0], [1, 1], floor=850)
    (low,) = left_out(problem, solve(problem))
    assert (low.limit, low.mentor, low.score) == ("below_floor", 0, 800)


def test_out_of_time_the_gap_is_honest():
    scores = np.random.default_rng(1).integers(0, 1000, (150, 60))
    one, places = np.ones(150, int), np.full(60, 2)
    exact = solve(Problem(scores, one, places, candidates=1))
    hasty = solve(
        Problem(scores, one, places, candidates=1, protect_weakest=True, time_limit=0)
    )
    assert hasty.total <= exact.total <= hasty.upper_bound
    assert not hasty.is_proven


def test_progress_is_told_and_the_last_gap_is_none():
    told = []
    scores = np.random.default_rng(2).integers(0, 1000, (80, 40))
    solution = solve(
        Problem(scores, np.ones(80, int), np.full(40, 2), candidates=2),
        on_progress=lambda rounds, gap: told.append((rounds, gap)),
    )
    assert told[-1] == (solution.rounds, 0)
    assert [rounds for rounds, _ in told] == list(range(1, solution.rounds + 1))


def test_somebody_can_stop_it():
    with pytest.raises(Cancelled):
        solve(Problem(np.ones((2, 2)), [1, 1], [1, 1]), is_cancelled=lambda: True)


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_nobody_is_a_problem_too(objective):
    for n, m in ((0, 0), (0, 3), (3, 0)):
        problem = Problem(np.zeros((n, m)), [1] * n, [1] * m, objective)
        solution = solve(problem)
        assert (solution.pairs, solution.total, solution.gap) == ((), 0, 0)
        assert len(left_out(problem, solution)) == n


@pytest.mark.parametrize(
    "wrong",
    [
        {"scores": np.full((2, 2), 1001)},
        {"scores": np.zeros((3, 2))},
        {"mentor_capacity": [-1, 1]},
        {"objective": "cheapest"},
        {"mentee_ids": [3, 3]},
    ],
)
def test_a_problem_that_makes_no_sense_is_refused(wrong):
    sound = {
        "scores": np.zeros((2, 2)),
        "mentee_capacity": [1, 1],
        "mentor_capacity": [1, 1],
    }
    with pytest.raises(ValueError):
        solve(Problem(**{**sound, **wrong}))


@pytest.mark.parametrize(
    ("pairs", "prices", "fixed"),
    [
        ([(0, 0), (0, 0)], [0, 0], []),
        ([(0, 0), (0, 1)], [0, 0], []),
        ([(0, 0), (1, 0)], [0, 0], []),
        ([(1, 1)], [0, 0], []),
        ([(0, 0)], [0, -1], []),
        ([(0, 0)], [0], []),
        ([(0, 0)], [0, 0], [(0, 1)]),
    ],
)
def test_the_checker_does_not_let_a_broken_rule_pass(pairs, prices, fixed):
    scores = np.array([[5, 6], [7, -1]])
    with pytest.raises(Wrong):
        check(scores, [1, 1], [1, 1], pairs, prices, fixed=fixed)


def test_the_checker_sees_that_there_is_better():
    scores = np.array([[5, 6], [7, 0]])
    assert check(scores, [1, 1], [1, 1], [(0, 0), (1, 1)], [0, 0]).gap == 8
    assert check(scores, [1, 1], [1, 1], [(0, 1), (1, 0)], [0, 0]) == (13, 13, 0)


# --- instances that anybody can make again, and the answer by trying every subset


def made_again(size, seed):
    """Costs from 1 to 100, by the "minimal standard" generator of Park and Miller."""
    state, costs = seed, []
    for _row in range(size):
        row = []
        for _column in range(size):
            state = state * 16807 % 2147483647
            row.append(1 + state % 100)
        costs.append(row)
    return np.array(costs)


def least_cost(costs):
    """By dynamic programming over the sets of columns: exact, and slow."""
    size = len(costs)
    best = {0: 0}
    for row in range(size):
        longer = {}
        for used, cost in best.items():
            for column in range(size):
                if not used >> column & 1:
                    now = used | 1 << column
                    total = cost + int(costs[row, column])
                    if total < longer.get(now, total + 1):
                        longer[now] = total
        best = longer
    return best[(1 << size) - 1]


@pytest.mark.parametrize(
    ("size", "seed", "optimum"), [(8, 1, 115), (10, 2, 140), (12, 3, 126)]
)
def test_known_optima_are_reached_and_proven(size, seed, optimum):
    costs = made_again(size, seed)
    ones = np.ones(size, int)

    found = solve(Problem(1000 - costs, ones, ones))

    assert 1000 * size - found.total == optimum == least_cost(costs)
    assert found.is_proven
