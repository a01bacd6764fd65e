"""Whatever is sent, nothing breaks: no form and no page answers with an error of ours.

The same seed gives the same nonsense; about a minute of it. ``FUZZ_TRIES=200`` for
each form looks deeper, ``FUZZ_SEED`` elsewhere.
"""

import os
import random
from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from outbox.delivery import deliver
from outbox.models import Message
from people.models import User
from tests.cast import World
from tests.forms_of_the_site import Form, forms_of
from tests.test_access import OUTSIDE, arguments_for
from tests.urls_of_the_site import URLS

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


@pytest.fixture
def world(world: World) -> World:
    """Its people live far apart: a day that one sees is not a day for everybody."""
    for role, zone in (
        ("mentor", "Asia/Tokyo"),
        ("coordinator", "America/Los_Angeles"),
    ):
        User.objects.filter(pk=world.people[role].pk).update(time_zone=zone)
        world.people[role].refresh_from_db()
    return world


@pytest.mark.long
def test_no_form_breaks(world: World):
    chance = random.Random(SEED)
    broken = [
        f"{form.name} {shortened(data)}: {problem}"
        for form in sorted(
            forms_of(world), key=lambda form: (form.name, [*form.fields])
        )
        for data in nonsense(form, chance)
        if (problem := trouble(world, form, data))
    ]

    assert broken == []


def nonsense(form: Form, chance: random.Random) -> list[dict[str, object]]:
    """What to send: mostly right with one thing wrong, or all of it wrong."""
    found: list[dict[str, object]] = [{}]
    sound = form.filled()
    for each in form.fields.values():
        if each.kind == "file":
            found += [
                {**sound, each.name: SimpleUploadedFile("a.csv", content)}
                for content in FILES
            ]
            continue
        likely = LIKELY.get(each.kind, EVERYTHING)
        values = [*likely, *chance.choices(EVERYTHING, k=max(4, TRIES // 4))]
        found += [{**sound, each.name: value} for value in values]
        found.append({**sound, each.name: chance.choices(likely, k=3)})
        found.append({name: sound[name] for name in sound if name != each.name})
    found += [
        {name: chance.choice(EVERYTHING) for name in form.fields}
        for _try in range(max(2, TRIES // 4))
    ]
    return chance.sample(found, k=min(TRIES, len(found)))


def trouble(world: World, form: Form, data: dict[str, object]) -> str:
    """What broke when this was sent, or when its result was looked at and mailed."""
    clean = {
        name: [encodable(each) for each in value]
        if isinstance(value, list)
        else encodable(value)
        for name, value in data.items()
    }
    client = world.client(form.role)
    last = Message.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    with transaction.atomic():
        response = answer(client, "post", form.path, clean)
        problem = wrong_with(response)
        if not problem and response.status_code == 302:
            if is_ours(response["Location"]):
                where = response["Location"]
                problem = look(world, client, form.role, where) or not_sent(last)
            else:
                problem = f"leads to {response['Location']}"
        transaction.set_rollback(True)
    return problem


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


def is_ours(location: str) -> bool:
    return location.startswith("/") and not location.startswith(("//", "/\\"))


def look(world: World, client: Client, role: str, location: str) -> str:
    """Read what came of it: as who sent it, and as those who see it too."""
    path = location.split("#")[0]
    others = [world.client(each) for each in ("mentor", "coordinator") if each != role]
    for reader in (client, *others):
        if problem := wrong_with(answer(reader, "get", path)):
            return f"then {path}: {problem}"
    return wrong_with(answer(client, "get", reverse("dashboards:home")))


def not_sent(last: int) -> str:
    """Why a mail that this caused cannot be sent."""
    for message in Message.objects.filter(pk__gt=last):
        deliver(message)
        message.refresh_from_db()
        if message.last_error:
            return f"mail {message.kind}: {message.last_error}"
    return ""


def shortened(data: dict[str, object]) -> str:
    return ascii({name: str(value)[:60] for name, value in data.items()})


@pytest.mark.parametrize("role", ["mentee", "coordinator", "hr_admin", "anonymous"])
def test_no_page_breaks_on_an_odd_question(world: World, role: str):
    chance = random.Random(SEED)
    client = world.client(role)
    broken = []

    for name in URLS:
        if name in OUTSIDE and not name.startswith("account_log"):
            continue
        path = reverse(name, kwargs=arguments_for(name, world.arguments))
        if client.get(path).status_code not in {200, 302}:
            continue
        for _try in range(max(2, TRIES // 4)):
            asked = {
                each: encodable(chance.choice(EVERYTHING)[:2000]) for each in QUERIES
            }
            part = chance.choice(["", "found", "topics", "\x00", "é"])
            headers = {"HX-Request": "true", "HX-Target": part} if part else {}
            with transaction.atomic():
                response = answer(client, "get", path, asked, headers=headers)
                transaction.set_rollback(True)
            if problem := wrong_with(response):
                broken.append(f"{name} {shortened(asked)}: {problem}")

    assert broken == []


@pytest.mark.long
@pytest.mark.parametrize("role", ["mentee", "hr_admin"])
def test_no_page_breaks_on_an_odd_address(world: World, role: str):
    client = world.client(role)
    broken = []

    for path in odd_addresses(world):
        for method in ("get", "post"):
            with transaction.atomic():
                response = answer(client, method, path)
                transaction.set_rollback(True)
            if problem := wrong_with(response):
                broken.append(f"{method} {path[:200]}: {problem}")

    assert broken == []


def odd_addresses(world: World) -> Iterator[str]:
    """Each address with something else in the place of each of its arguments."""
    for name in URLS:
        sound = arguments_for(name, world.arguments)
        for each, value in sound.items():
            is_number = isinstance(value, int)
            mark = 1_234_567_890 if is_number else "put-it-here"
            path = reverse(name, kwargs={**sound, each: mark})
            for odd in ODD_NUMBERS if is_number else ODD_WORDS:
                yield path.replace(str(mark), odd)
