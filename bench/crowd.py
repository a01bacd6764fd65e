"""Twenty people at work at once: ``python -m bench.crowd [--people 20 --seconds 90]``.

The web server runs as ``manage.py up`` and Compose run it: gunicorn, two processes of
four threads. Each person goes through the pages of their role in an order of their own,
over HTTP, and looks at a page for one to five seconds before the next; those who take
part write something now and then. The style sheets, which a browser keeps, are not
asked for.
"""

import argparse
import http.client
import os
import random
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import defaultdict
from statistics import median, quantiles

from django.conf import settings
from django.db import connection, connections
from django.test import Client

from bench import company
from bench.sights import paths_of, people

MOST_MS = 200
LOOKS = (1.0, 5.0)  # seconds
WRITES_EVERY = 8  # pages
TOKEN = "c" * 32  # of CSRF, as a cookie and as a header

Times = dict[str, list[float]]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def cookies(user: object) -> str:
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)  # type: ignore[arg-type]
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return (
        f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}"
    )


class Person(threading.Thread):
    """Somebody who looks at pages until it is time."""

    def __init__(
        self, name: str, paths: dict[str, str], cookie: str, port: int, until: float
    ) -> None:
        super().__init__(name=name)
        self.paths, self.cookie, self.port, self.until = paths, cookie, port, until
        self.draw = random.Random(name)
        self.times: Times = defaultdict(list)
        self.wrong: list[str] = []

    def run(self) -> None:
        time.sleep(self.draw.uniform(0, LOOKS[1]))
        seen = 0
        while True:
            deck = list(self.paths.items())
            self.draw.shuffle(deck)
            for title, path in deck:
                if time.monotonic() > self.until:
                    return
                self.ask(title, path)
                seen += 1
                if "goal" in self.paths and seen % WRITES_EVERY == 0:
                    self.ask(
                        "writing how far a goal is",
                        f"{self.paths['goal']}progress/",
                        f"value={self.draw.randint(1, 99)}",
                    )
                time.sleep(self.draw.uniform(*LOOKS))

    def ask(self, title: str, path: str, body: str | None = None) -> None:
        start = time.perf_counter()
        # Between clicks a browser's connection has mostly been closed again.
        site = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            site.request(
                "GET" if body is None else "POST",
                path,
                body,
                {
                    "Cookie": self.cookie,
                    "X-CSRFToken": TOKEN,
                    "Content-Type": "application/x-www-form-urlencoded",
                    "Accept-Encoding": "gzip",
                },
            )
            answer = site.getresponse()
            answer.read()
        finally:
            site.close()
        self.times[title].append(1000 * (time.perf_counter() - start))
        if answer.status != (200 if body is None else 302):
            self.wrong.append(f"{answer.status} {title} {path}")


def serve(port: int) -> subprocess.Popen[bytes]:
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "mentoring.wsgi"),
            *("--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "4"),
            *("--log-level", "warning", "--no-control-socket"),
        ],
        env=os.environ,
    )
    for _try in range(100):
        time.sleep(0.2)
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            continue
        return server
    raise SystemExit("The server does not answer.")


def p95(times: list[float]) -> float:
    return quantiles(times, n=20)[-1] if len(times) > 1 else times[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--seconds", type=int, default=90)
    asked = parser.parse_args()
    company.make()
    port = free_port()
    those = people(asked.people)
    ready = {
        name: (paths_of(name, user), cookies(user)) for name, user in those.items()
    }
    connections.close_all()
    server = serve(port)
    try:
        # One round alone: templates are read, and what is kept for a while is kept.
        for paths, cookie in ready.values():
            first = Person("warm", paths, cookie, port, 0)
            for title, path in paths.items():
                first.ask(title, path)
        until = time.monotonic() + asked.seconds
        at_work = [
            Person(name, *each, port=port, until=until) for name, each in ready.items()
        ]
        for person in at_work:
            person.start()
        for person in at_work:
            person.join()
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)
    times: Times = defaultdict(list)
    for person in at_work:
        for title, found in person.times.items():
            times[title] += found
        for line in person.wrong:
            print("WRONG", line)
    every = [each for found in times.values() for each in found]
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        f"the web server worked {used.ru_utime + used.ru_stime:.0f} s, the first round"
        f" included; the load of the machine was {os.getloadavg()[0]:.0f}"
    )
    print(
        f"{connection.vendor}, {os.cpu_count()} processors, {asked.people} people,"
        f" {asked.seconds} s, {len(every)} pages, {len(every) / asked.seconds:.1f} a"
        f" second: median {median(every):.0f} ms, p95 {p95(every):.0f} ms,"
        f" slowest {max(every):.0f} ms"
    )
    for title, found in sorted(times.items(), key=lambda each: -p95(each[1])):
        slow = p95(found)
        print(
            f"{title:<34} {median(found):6.0f} {slow:6.0f} ms, {len(found):3} times"
            f"  {'SLOW' if slow > MOST_MS else 'ok'}"
        )


if __name__ == "__main__":
    main()
