"""What holds when things break for real. ``make chaos`` runs it at full length and
prints the figures; among the other tests it runs in short.
"""

import http.client
import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest

from tests.chaos import mail_server
from tests.chaos.stage import Stage, missing, wait_for

pytestmark = [pytest.mark.process, pytest.mark.enable_socket]
FULL = bool(os.environ.get("CHAOS"))
MAILS = 500 if FULL else 80
KILL_ROUNDS, KILLS = (5, 4) if FULL else (1, 2)
BROKER_AWAY = 30 if FULL else 5
REQUESTS = 200 if FULL else 40
CLIENTS = 16 if FULL else 6
WAITING = 300
REFUSES = 120
PATIENCE = 60


def tell(text: str) -> None:
    """A figure, for whoever runs it."""
    sys.__stdout__.write(f"\n    {text}")
    sys.__stdout__.flush()


@pytest.fixture(scope="module")
def whole() -> Iterator[Stage]:
    if lacks := missing():
        if os.environ.get("REQUIRE_ALL", "") not in ("", "0"):
            pytest.fail(f"not here: {', '.join(lacks)}")
        pytest.skip(f"not here: {', '.join(lacks)}")
    stage = Stage()
    try:
        stage.ask("pairs", MAILS // 2)
        yield stage
    finally:
        stage.close()


@pytest.fixture
def stage(whole: Stage) -> Iterator[Stage]:
    """The site, with nobody at work; what a test starts is ended after it."""
    whole.mail.mood = lambda _to: mail_server.WELL
    whole.redis().flushall()
    # What an earlier test left behind is not sent in this one.
    whole.ask("forget")
    whole.mail.received.clear()
    whole.mail.tried.clear()
    yield whole
    for name in ("worker", "worker2", "beat", "beat2", "web"):
        process = whole.processes.get(name)
        if process and process.poll() is None:
            whole.kill(name)


def sent(stage: Stage, number: int) -> bool:
    return len(stage.mail.people()) >= number


def settled(stage: Stage, kind: str) -> bool:
    return not stage.ask("waits", kind)


def test_a_worker_that_is_killed_loses_nobody(stage):
    stage.start_beat()
    slowest, copies, killed = 0.0, 0, 0
    for round_ in range(KILL_ROUNDS):
        stage.mail.received.clear()
        number = len(stage.ask("plan_digests", MAILS))
        stage.start_worker()
        for _ in range(KILLS):
            wait_for(lambda: sent(stage, 1), 20)
            time.sleep(random.Random(round_).uniform(0.2, 1.5))
            stage.kill("worker")
            killed += 2
            stage.start_worker()
        took = wait_for(lambda number=number: sent(stage, number), PATIENCE)
        took += wait_for(lambda: settled(stage, "digest"), PATIENCE)
        slowest = max(slowest, took)
        copies += stage.mail.copies()

        assert len(stage.mail.people()) == number
        by_person = Counter(to for to, _id in stage.mail.received)
        assert set(by_person.values()) == {1}, "one Message-ID for each receiver"
        stage.kill("worker")
    tell(
        f"{KILL_ROUNDS} × {MAILS} digests, {killed} senders killed: nobody missed,"
        f" {copies} copies, done {slowest:.0f} s after the last kill"
    )
    assert copies <= killed
    assert slowest <= PATIENCE


def test_a_broker_that_forgets_everything_loses_nobody(stage):
    stage.start_beat()
    number = len(stage.ask("plan_introductions", MAILS))
    stage.redis().flushall()
    stage.start_worker()
    for _ in range(5):
        time.sleep(0.5)
        stage.redis().flushall()

    took = wait_for(lambda: sent(stage, number), PATIENCE)

    tell(f"emptied 6 times: {MAILS} sent, {stage.mail.copies()} copies, {took:.0f} s")
    assert len(stage.mail.people()) == number
    assert stage.mail.copies() == 0
    if FULL:
        stage.kill("worker")
        stage.mail.received.clear()
        number = len(stage.ask("plan_introductions", WAITING))
        stage.redis().flushall()
        stage.start_worker()
        took = wait_for(lambda: sent(stage, number), PATIENCE)
        tell(
            f"emptied with {number} waiting: {len(stage.mail.people())} sent,"
            f" {stage.mail.copies()} copies, {took:.0f} s"
        )
        assert len(stage.mail.people()) == number
        assert stage.mail.copies() == 0


def post_join(stage: Stage, session: str) -> int:
    """Join the programme as somebody; the status, 0 when the line broke."""
    token = "t" * 32
    line = http.client.HTTPConnection("127.0.0.1", stage.web_port, timeout=30)
    try:
        line.request(
            "POST",
            "/programs/chaos-open/join/mentee/",
            urlencode({"accepted": "on", "version": 1, "csrfmiddlewaretoken": token}),
            {
                "Cookie": f"sessionid={session}; csrftoken={token}",
                "Content-Type": "application/x-www-form-urlencoded",
            },
        )
        return line.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        line.close()


def test_without_a_broker_everything_works_and_mail_follows(stage):
    sessions = stage.ask("joiners", REQUESTS)
    before = stage.ask("joined")
    stage.start_web()
    stage.start_worker()
    stage.start_beat()
    stage.kill("redis")
    began = time.monotonic()
    with ThreadPoolExecutor(8) as clients:
        codes = Counter(clients.map(lambda key: post_join(stage, key), sessions))
    time.sleep(max(0.0, BROKER_AWAY - (time.monotonic() - began)))

    stage.start_redis()

    took = wait_for(lambda: sent(stage, REQUESTS), PATIENCE)
    tell(
        f"no broker for {BROKER_AWAY} s, {REQUESTS} requests: {dict(codes)};"
        f" all mail {took:.0f} s after it was back"
    )
    assert set(codes) == {302}
    assert stage.ask("joined") == before + REQUESTS
    assert len(stage.mail.people()) == REQUESTS
    assert stage.mail.copies() == 0


def test_two_clocks_plan_once(stage):
    stage.start_worker()
    for name in ("beat", "beat2"):
        stage.start_beat(name, CHAOS_PLANS="1")

    kinds = ["check_in", "first_step"]
    wait_for(lambda: stage.ask("occasions", kinds)["rows"] >= MAILS, 30)
    time.sleep(10 if FULL else 4)

    found = stage.ask("occasions", kinds)
    tell(f"two clocks: {found['rows']} rows, {found['different']} different")
    assert found["rows"] == found["different"] == 2 * (MAILS // 2)


def test_a_database_that_restarts_keeps_what_it_promised(stage):
    sessions = stage.ask("joiners", REQUESTS)
    before = stage.ask("joined")
    stage.start_web()
    back = [float("inf")]
    found: list[tuple[float, int]] = []
    lock = threading.Lock()

    def join(session: str) -> None:
        began = time.monotonic()
        code = post_join(stage, session)
        with lock:
            found.append((began, code))
        time.sleep(0.1)

    def restart() -> None:
        time.sleep(0.5)
        stage.postgres("restart", "-m immediate")
        back[0] = time.monotonic()

    breaker = threading.Thread(target=restart)
    breaker.start()
    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(join, sessions))
        breaker.join()
        # Whoever failed tries again, once it is back.
        time.sleep(1)
        again = stage.ask("joiners", CLIENTS)
        list(clients.map(join, again))

    late = [code for began, code in found if began > back[0] + 1]
    good = sum(code == 302 for _began, code in found)
    tell(
        f"database restarted under {CLIENTS} clients: {good} of {len(found)} well,"
        f" {sum(code != 302 for code in late)} failed later than 1 s after"
    )
    assert late
    assert set(late) == {302}
    assert stage.ask("joined") - before == good


def test_a_web_process_that_is_asked_to_stop_finishes_what_it_began(stage):
    sessions = stage.ask("joiners", REQUESTS)
    before = stage.ask("joined")
    stage.start_web()
    codes: list[int] = []

    def join(session: str) -> None:
        codes.append(post_join(stage, session))

    with ThreadPoolExecutor(8) as clients:
        work = [clients.submit(join, session) for session in sessions]
        wait_for(lambda: len(codes) > 8, 20)
        os.kill(stage.processes["web"].pid, signal.SIGTERM)
        for each in work:
            each.result()

    good = codes.count(302)
    tell(f"stopped under load: {Counter(codes)}; {good} answers, as many rows")
    # 0 is a line that nobody took up any more; no answer is an error.
    assert set(codes) <= {302, 0}
    assert stage.ask("joined") - before == good


def test_a_mail_server_that_misbehaves_holds_up_nobody_else(stage):
    moods = {
        "p0@example.org": mail_server.GONE,
        "p1@example.org": mail_server.LATER,
        "p2@example.org": mail_server.HANGS,
        "p3@example.org": mail_server.DROPS,
    }
    stage.mail.mood = lambda to: moods.get(to, mail_server.WELL)
    asked = stage.ask("plan_introductions", MAILS)
    stage.start_beat()
    stage.start_worker()

    others = set(asked) - set(moods)
    took = wait_for(lambda: others <= stage.mail.people(), PATIENCE)
    to_try_again = [to for to in moods if moods[to] != mail_server.GONE]
    wait_for(
        lambda: all(stage.ask("row", to)["attempts"] for to in to_try_again), PATIENCE
    )
    rows = {to: stage.ask("row", to) for to in moods}

    tell(f"{len(others)} others in {took:.0f} s; {rows['p1@example.org']}")
    assert others <= stage.mail.people()
    assert rows["p0@example.org"]["state"] == "failed"
    for to in to_try_again:
        assert rows[to]["state"] == "planned"
        assert rows[to]["attempts"] == 1
        assert rows[to]["waits"] <= 60
    if FULL:
        # Two minutes of "later": the first retry is refused too, the next is taken.
        time.sleep(REFUSES - took)
        moods.clear()
        wait = wait_for(lambda: settled(stage, "introduction"), 6 * PATIENCE)
        last = stage.ask("row", "p1@example.org")
        tell(
            f"the rest {wait:.0f} s after {REFUSES} s of refusing, in"
            f" {last['attempts'] + 1} attempts, {stage.mail.copies()} copies"
        )
        assert last["state"] == "sent"
        assert wait <= 6 * PATIENCE
        # One was dropped after DATA, twice: it has the same Message-ID each time.
        assert stage.mail.copies() <= 2
        assert len(stage.mail.received) == len(set(asked)) - 1
