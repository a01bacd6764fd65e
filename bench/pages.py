"""How fast pages are with many people: ``python -m bench.pages [part of a name ...]``.

One visitor at a time, in this process: the work of each page, without the database,
beside that of an empty page and of a plain one; how long it takes with the database;
and its queries, beside those with a tenth of the people.
"""

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median, quantiles

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import path

from bench import company
from bench.sights import paths_of, people
from mentoring.urls import urlpatterns
from people.models import Topic, User

RUNS = 9
MOST_QUERIES = 15
MOST_MS = 200
MOST_PLAIN = 4
# A page of the site with a form and little else, in the frame that all pages have.
PLAIN = "/people/new/"


def empty(_request: HttpRequest) -> HttpResponse:
    """An empty page that reads one row."""
    page = engines["django"].from_string("<!doctype html><title>{{ topic }}</title>")
    return HttpResponse(page.render({"topic": Topic.objects.order_by("pk")[0]}))


def visitor(user: User) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    return client


@dataclass(frozen=True)
class Visits:
    """Some visits of a page: milliseconds on the wall, the 95th percentile; those that
    this process worked, the median; queries and bytes of one.
    """

    slow: float
    own: float
    queries: int
    size: int


def visits(client: Client, page: str) -> Visits:
    wall, own = [], []
    for _run in range(RUNS + 1):
        start, worked = time.perf_counter(), time.process_time()
        answer = client.get(page)
        wall.append(1000 * (time.perf_counter() - start))
        own.append(1000 * (time.process_time() - worked))
        assert answer.status_code == 200, (page, answer.status_code)
    with CaptureQueriesContext(connection) as queries:
        client.get(page)
    return Visits(
        quantiles(wall[1:], n=20)[-1],
        median(own[1:]),
        len(queries),
        len(answer.content),
    )


def each_page(wanted: list[str]) -> Iterator[tuple[str, Visits]]:
    seen = set()
    for name, user in people(10).items():
        client = visitor(user)
        for title, page in paths_of(name, user).items():
            if title not in seen and any(each in title for each in wanted or [""]):
                seen.add(title)
                yield title, visits(client, page)


def main() -> None:
    # It freezes what is loaded, as in the web server: Python looks no more through it.
    import mentoring.wsgi  # noqa: F401

    wanted = sys.argv[1:]
    print(f"{connection.vendor}, one visitor at a time")
    few = {}
    if not wanted:
        company.make(10)
        few = {title: found.queries for title, found in each_page([])}
    company.make()
    admin = visitor(User.objects.get(email="hr@bench.example"))
    urlpatterns.append(path("bench/", empty))
    plain = visits(admin, PLAIN)
    bare = visits(admin, "/bench/")
    print(
        f"work for an empty page that reads one row {bare.own:.1f} ms, for a plain page"
        f" of the site {plain.own:.1f} ms, {plain.own / bare.own:.1f} x empty; then for"
        " each page, and how long it takes:"
    )
    for title, found in each_page(wanted):
        before = few.get(title, found.queries)
        marks = [
            mark
            for mark, is_so in (
                ("SLOW", found.slow > MOST_MS),
                ("MORE THAN 4 x PLAIN", found.own > MOST_PLAIN * plain.own),
                ("MANY QUERIES", found.queries > MOST_QUERIES),
                (f"GROWS from {before}", found.queries > before),
            )
            if is_so
        ]
        print(
            f"{title:<34} {found.own:6.1f} ms, {found.own / bare.own:4.1f} x empty,"
            f" {found.own / plain.own:4.1f} x plain,"
            f" p95 {found.slow:6.1f} ms, {found.queries:2} queries,"
            f" {found.size / 1024:3.0f} KB  {', '.join(marks) or 'ok'}",
            flush=True,
        )


if __name__ == "__main__":
    main()
