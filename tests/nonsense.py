"""Odd things to send to the site, and what came of it.

The same seed gives the same nonsense; about a minute of it. ``FUZZ_TRIES=200`` for
each form looks deeper, ``FUZZ_SEED`` elsewhere.
"""

import os

from django.http import HttpResponse
from django.test import Client

from people.models import User
from tests.cast import World

TRIES = int(os.environ.get("FUZZ_TRIES", "6"))
SEED = int(os.environ.get("FUZZ_SEED", "1"))
TEXTS = [
    "",
    " ",
    "\0",
    "a\0b",
    "\x0b\x1b[31m\x7f",
    "a\r\nBcc: evil@example.org\r\n\r\nb",
    "x" * 301,
    "x" * 25_000,
    "🧑\u200d🚀" * 60,
    "\u202egnirts\u2066",
    "e\u0301" * 100,
    "\ud800",
    "\ufffe\uffff",
    "٣",
    "<script>alert(1)</script>",
    "{{ 7|add:7 }}{% debug %}%(name)s{0}",
    "'; DROP TABLE people_user; --",
    "=HYPERLINK(1)",
    'Jan "JJ" Jansen; a,b:c\\',
    "<" * 500 + "[" * 500 + "*" * 500,
    "- " * 300 + "a",
    "on",
    "None",
    "null",
    "[]",
]
NUMBERS = [
    *("0", "-1", "-0", "1.5", "1,5", "1e5", "9e999999", "-9e999999", "1e-999999"),
    *("NaN", "sNaN", "Infinity", "-inf", "0x10", "1_000", "٣٤", "32768", "2147483648"),
    *("9223372036854775807", "9223372036854775808", "9" * 30, "9" * 5000, "99999999.9"),
]
DATES = [
    *("9999-12-31", "0001-01-01", "1000-01-01", "1900-02-29", "2026-02-30"),
    *("10000-01-01", "31-12-2026", "2026-W01", "0000-00-00", "2027-03-28"),
]
TIMES = ["00:00", "24:00", "23:59:59.999999", "02:30", "-1:00", "00:00:00+14:00"]
ADDRESSES = [
    *("a@b", "@", "a@b@c.nl", "a" * 250 + "@example.org", "a@" + "b." * 120 + "nl"),
    *('"a b"@example.org', "a@éxämple.org", "mia@K.example", "a@[127.0.0.1]"),
    *("<x@example.org>", "x@example.org,\n,;;", "_@example.org", "a@example.org\0"),
]
PLACES = [
    *("//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example"),
    *("///evil.example", "javascript:alert(1)", "words", "people:settings", "/\t/evil"),
    *("http:///evil.example", "/%2f/evil.example", "//[::1", "http://[", "/?next=/"),
]
EVERYTHING = [*TEXTS, *NUMBERS, *DATES, *TIMES, *ADDRESSES, *PLACES]
LIKELY = {"date": DATES, "time": TIMES, "number": NUMBERS, "email": ADDRESSES}
ODD_NUMBERS = ["0", "9223372036854775807", "9223372036854775808", "9" * 4299]
ODD_WORDS = ["x" * 2000, "-", "%00", "%ED%A0%80", "..%2f..", "a:b:c", "%F0%9F"]
QUERIES = ["q", "page", "show", "role", "state", "department", "next", "to", "all"]
FILES = [
    b"",
    b"\0",
    b"\xff\xfe\x00\x00",
    b"email;name\n",
    b'email,name\n"a@example.org,A',
    b"email,name\na@example.org," + b"x" * 200_000,
    b"email,name,level,started_on\na@example.org,A,\xd9\xa3,0001-01-01\n",
    b"email,name\n" + b",,,,\n" * 50,
    b"\xef\xbb\xbfe-mail\tnaam\nx@example.org\tX\n",
    b"email,email,name\na@example.org,b@example.org,A\n",
    b"GIF89a,name\n1,2\n",
]


def live_far_apart(world: World) -> None:
    """A day that one of its people sees is then not a day for everybody."""
    for role, zone in (
        ("mentor", "Asia/Tokyo"),
        ("coordinator", "America/Los_Angeles"),
    ):
        User.objects.filter(pk=world.people[role].pk).update(time_zone=zone)
        world.people[role].refresh_from_db()


def answer(client: Client, method: str, path: str, data: object = None, **more: object):
    """What a visitor gets, also when that is an error of ours."""
    client.raise_request_exception = False
    return getattr(client, method)(path, data, **more)


def wrong_with(response: HttpResponse) -> str:
    """What broke, if so. That a part of us is down (503) is an answer."""
    if response.status_code < 500 or response.status_code == 503:
        return ""
    raised = getattr(response, "exc_info", None)
    return f"{raised[1]!r}"[:300] if raised else str(response.status_code)


def encodable(value: object) -> object:
    """Half a character cannot travel as UTF-8; browsers send what stands for it."""
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass")
    return value


def shortened(data: dict[str, object]) -> str:
    return ascii({name: str(value)[:60] for name, value in data.items()})
