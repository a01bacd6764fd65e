"""Ours beside other solvers, on the same pools, each in a process of its own.

    python -m bench.matching [--sizes 1000,5000,10000] [--big] [--only ours,scipy,flow]

A pool has half as many mentors as mentees, with two places each. Scores come from eight
hidden traits, some mentors are popular, and one pair in twelve is forbidden. The
objective is the total when as many as possible are matched. Memory is the peak of the
process above what it takes to hold the scores and the imports. Beside the seconds on
the wall stand those that the process worked: on a busy machine these can be compared.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from matching.checker import check
from matching.scoring import Criterion, Person, Pool, Scorer
from matching.solver import Problem, solve

BONUS = 100_000
Result = dict[str, Any]


def table(size: int, seed: int = 1) -> np.ndarray:
    """Scores of a pool with ``size`` mentees, −1 where forbidden."""
    draw = np.random.default_rng(seed)
    width = size // 2
    scores = np.empty((size, width), np.int16)
    mine = draw.normal(size=(size, 8)).astype(np.float32)
    theirs = draw.normal(size=(width, 8)).astype(np.float32)
    popular = draw.normal(450, 60, width).astype(np.float32)
    for start in range(0, size, 500):
        part = slice(start, min(start + 500, size))
        height = part.stop - start
        worth = popular + 60 * (mine[part] @ theirs.T)
        worth += 60 * draw.standard_normal((height, width), np.float32)
        scores[part] = np.clip(np.rint(worth), 0, 1000)
        scores[part][draw.random((height, width), np.float32) < 1 / 12] = -1
    return scores


def pool(size: int, seed: int = 1) -> Pool:
    """People with everything that a programme may weigh."""
    draw = np.random.default_rng(seed)
    languages = [("nl",), ("nl", "en"), ("en",), ("nl", "fr")]
    places = ["Utrecht", "Delft", "Arnhem", "Zwolle", ""]

    def some(highest: int, most: int) -> list[int]:
        return draw.choice(highest, draw.integers(1, most + 1), replace=False).tolist()

    def person(number: int, capacity: int) -> Person:
        return Person(
            id=number,
            user_id=number,
            topics_offered={t: int(draw.integers(1, 4)) for t in some(200, 6)},
            topics_wanted={t: int(draw.integers(1, 4)) for t in some(200, 5)},
            interests=frozenset(some(60, 6)),
            directions_from=frozenset(some(20, 3)),
            directions_to=frozenset(some(20, 2)),
            style=tuple(draw.integers(1, 6, 5).tolist()),
            languages=frozenset(languages[draw.integers(4)]),
            location=places[draw.integers(5)],
            time_zone="Europe/Amsterdam",
            level=int(draw.integers(1, 9)),
            department=f"department {draw.integers(40)}",
            manager_chain=frozenset(draw.integers(0, size, 3).tolist()),
            capacity=capacity,
        )

    return Pool(
        [person(n, 1) for n in range(size)],
        [person(size + n, 2) for n in range(size // 2)],
        [
            Criterion("topics", 8),
            Criterion("interests", 3),
            Criterion("direction", 4),
            Criterion("style", 3),
            Criterion("languages", 5, must=True),
            Criterion("location", 2),
            Criterion("level", 3),
            Criterion("department", 2),
        ],
        {topic: topic // 10 for topic in range(200)},
    )


def peak() -> float:
    """The most memory this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(work: Callable[[], Result]) -> Result:
    before, began, own = peak(), time.perf_counter(), time.process_time()
    result = work()
    seconds, own = time.perf_counter() - began, time.process_time() - own
    return {"seconds": seconds, "own": own, "memory": peak() - before, **result}


def ours(size: int, *, protect: bool = False) -> Result:
    scores = table(size)
    one, places = np.ones(size, int), np.full(size // 2, 2)
    found: list[Any] = []

    def work() -> Result:
        solution = solve(Problem(scores, one, places, protect_weakest=protect))
        found.append(solution)
        return {
            "matched": solution.matched,
            "total": solution.total,
            "gap": solution.gap,
            "note": f"{solution.rounds} rounds"
            + (f", nobody below {solution.floor}" if protect else ""),
        }

    result = measured(work)
    answer = found[0]
    proof = check(
        scores,
        one,
        places,
        answer.pairs,
        answer.mentor_prices,
        bonus=answer.bonus,
        floor=answer.floor,
    )
    if proof.gap or proof.total != answer.total:
        raise SystemExit("the checker does not agree")
    return result


def ours_protecting(size: int) -> Result:
    return ours(size, protect=True)


def scipy(size: int) -> Result:
    from scipy.optimize import linear_sum_assignment

    scores = table(size)

    def work() -> Result:
        worth = np.where(scores < 0, -1e9, scores + float(BONUS))
        rows, columns = linear_sum_assignment(
            np.repeat(worth, 2, axis=1), maximize=True
        )
        got = scores[rows, columns // 2]
        return {"matched": int((got >= 0).sum()), "total": int(got[got >= 0].sum())}

    return measured(work)


def flow(size: int) -> Result:
    from ortools.graph.python import min_cost_flow

    scores = table(size)
    width = size // 2

    def work() -> Result:
        rows, columns = np.nonzero(scores >= 0)
        worth = scores[rows, columns].astype(np.int64)
        network = min_cost_flow.SimpleMinCostFlow()
        middle = network.add_arcs_with_capacity_and_unit_cost(
            rows, columns + size, np.ones(len(rows), np.int64), -(worth + BONUS)
        )
        for nodes, room in ((np.arange(size), 1), (np.arange(width) + size, 2)):
            network.add_arcs_with_capacity_and_unit_cost(
                nodes,
                np.full(len(nodes), size + width),
                np.full(len(nodes), room),
                np.zeros(len(nodes), np.int64),
            )
        network.set_nodes_supplies(np.arange(size), np.ones(size, np.int64))
        network.set_node_supply(size + width, -size)
        network.solve()
        used = network.flows(middle) > 0
        return {"matched": int(used.sum()), "total": int(worth[used].sum()), "gap": 0}

    return measured(work)


def scored(size: int) -> Result:
    """From people to a proven answer: scoring eight criteria, then solving."""
    everybody = pool(size)

    def work() -> Result:
        began = time.perf_counter()
        scorer = Scorer(everybody)
        ready = time.perf_counter()
        rows = np.arange(size)
        for start in range(0, size, 500):
            scorer.block(rows[start : start + 500])
        once = time.perf_counter() - ready
        solution = solve(
            Problem(
                scorer.block,
                [p.capacity for p in everybody.mentees],
                [p.capacity for p in everybody.mentors],
                mentee_ids=[p.id for p in everybody.mentees],
                mentor_ids=[p.id for p in everybody.mentors],
            )
        )
        return {
            "matched": solution.matched,
            "total": solution.total,
            "gap": solution.gap,
            "note": f"preparing {ready - began:.2f} s, scoring all pairs {once:.2f} s,"
            f" solving {solution.seconds:.2f} s",
        }

    return measured(work)


def big(size: int) -> Result:
    """100,000 × 30,000 with 50 candidates each, as a sparse matrix; four places."""
    from scipy.sparse import csr_matrix

    draw = np.random.default_rng(3)
    width, each = size * 3 // 10, 50
    popular = draw.normal(0, 60, width)
    columns = np.empty((size, each), np.int32)
    for start in range(0, size, 1000):
        part = slice(start, min(start + 1000, size))
        # Without repeats: what is drawn twice is shifted away.
        drawn = draw.integers(0, width - each, (part.stop - start, each))
        columns[part] = np.sort(drawn, axis=1) + np.arange(each)
    scores = np.clip(
        draw.normal(550, 120, (size, each)) + popular[columns], 0, 1000
    ).astype(np.int16)
    matrix = csr_matrix(
        (scores.ravel(), columns.ravel(), np.arange(0, size * each + 1, each)),
        shape=(size, width),
    )

    def work() -> Result:
        solution = solve(Problem(matrix, np.ones(size, int), np.full(width, 4)))
        return {
            "matched": solution.matched,
            "total": solution.total,
            "gap": solution.gap,
            "note": "exact on its candidates",
        }

    return measured(work)


SOLVERS: dict[str, Callable[[int], Result]] = {
    "ours": ours,
    "ours, protecting": ours_protecting,
    "scipy": scipy,
    "flow": flow,
    "with scoring": scored,
    "big": big,
}


def in_a_process(name: str, size: int) -> Result:
    """One solver, one size, alone: its memory is its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.matching", "--one", name, "--sizes", str(size)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        return {"note": (done.stderr.strip().splitlines() or ["killed"])[-1]}
    return json.loads(done.stdout)


def show(name: str, size: int, width: int, result: Result) -> None:
    def number(key: str, form: str) -> str:
        return format(result[key], form) if key in result else "–"

    print(
        f"{size:>7,} × {width:<6,} {name:<17} {number('seconds', '8.2f'):>8} s"
        f" {number('own', '8.2f'):>8} s"
        f" {number('memory', '7,.0f'):>7} MB {number('matched', ','):>8}"
        f" {number('total', ','):>12} {number('gap', ','):>5}"
        f"  {result.get('note', '')}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1000,5000,10000")
    parser.add_argument(
        "--only", default="ours,ours protecting,scipy,flow,with scoring"
    )
    parser.add_argument("--big", action="store_true", help="100,000 × 30,000 as well")
    parser.add_argument("--one", choices=SOLVERS, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    sizes = [int(size) for size in asked.sizes.split(",") if size]
    if asked.one:
        print(json.dumps(SOLVERS[asked.one](sizes[0])))
        return
    print(
        f"{'people':<16}  {'solver':<17} {'wall':>10} {'worked':>10} {'peak':>10}"
        f" {'matched':>8} {'total':>12} {'gap':>5}"
    )
    names = [
        name.strip().replace("ours p", "ours, p") for name in asked.only.split(",")
    ]
    for size in sizes:
        for name in names:
            show(name, size, size // 2, in_a_process(name, size))
    if asked.big:
        show("ours", 100_000, 30_000, in_a_process("big", 100_000))


if __name__ == "__main__":
    main()
