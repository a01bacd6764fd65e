"""Every form of the site, read from its pages as a browser reads them.

A form that somebody adds is found by itself. One that stands on no page of the world
(htmx sends it, or a mail program, or it is not the time for it) is in ``ELSEWHERE``
with what it asks, or else it is sent what forms often ask.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser

from django.urls import Resolver404, resolve, reverse
from django.utils import timezone

from outbox.delivery import unsubscribe_path
from tests.cast import ROLES, World
from tests.test_access import OUTSIDE, arguments_for, lines
from tests.urls_of_the_site import URLS

READERS = ["mentee", "mentor", "coordinator", "hr_admin", "it_admin", "anonymous"]
# Forms that stand on no page of the world, by URL name: who sends them, and what.
ELSEWHERE = {
    "mentorships:goal_review": (
        "mentee",
        ["specific", "measure", "start", "target", "relevance", "by_on"],
    ),
    "outbox:unsubscribe": ("anonymous", ["List-Unsubscribe"]),
    "people:demo_sign_in": ("anonymous", []),
    "people:welcome": ("anonymous", ["name", "email"]),
    "people:offer_add": ("mentee", []),
    "people:wish_add": ("mentee", []),
    "people:offer_change": ("mentee", ["value", "remove"]),
    "people:wish_change": ("mentee", ["value", "remove"]),
    "people:person_return": ("hr_admin", []),
    "mentorships:session_miss": ("mentee", []),
    "programs:participation_leave": ("mentee", []),
}
OFTEN = ["text", "body", "value", "name", "state", "on", "by_on", "email", "next"]
SIGN_IN = {"account_login", "account_request_login_code", "account_reset_password"}


@dataclass(frozen=True)
class Field:
    """One thing that a form asks for, and what can be chosen."""

    name: str
    kind: str
    value: str = ""
    choices: tuple[str, ...] = ()


@dataclass
class Form:
    """A form as it stands on a page: where it goes, and what it sends."""

    path: str
    role: str
    fields: dict[str, Field] = field(default_factory=dict)
    # Whether it has a button that sends nothing of its own.
    has_plain_button: bool = False
    # Whether what it asks was read from a page, or is named here.
    is_known: bool = True

    @property
    def name(self) -> str:
        """The name of the URL that it is sent to."""
        return resolve(self.path).view_name

    def filled(self) -> dict[str, object]:
        """What somebody sends who fills in all there is to fill in."""
        return {
            each.name: sensible(each)
            for each in self.fields.values()
            if each.kind != "submit" or not self.has_plain_button
        }


def sensible(asked: Field) -> object:
    """A value that a careful person would give."""
    if asked.kind in {"radio", "select", "submit"}:
        return asked.value or next(filter(None, asked.choices), "")
    if asked.kind == "checkbox":
        return list(asked.choices)
    if asked.kind == "hidden":
        return asked.value
    return asked.value or {
        "date": f"{timezone.localdate() + timedelta(days=30)}",
        "time": "10:00",
        "number": "3",
        "range": "3",
        "email": "asked@example.org",
    }.get(asked.kind, "words")


class Reader(HTMLParser):
    """Collects the forms of one page."""

    def __init__(self, path: str, role: str) -> None:
        super().__init__()
        self.path, self.role = path, role
        self.forms: list[Form] = []
        self.form: Form | None = None
        self.select = ""
        self.area = ""

    def handle_starttag(self, tag: str, attrs: list) -> None:
        found = {key: value or "" for key, value in attrs}
        if tag == "form" and found.get("method", "").lower() == "post":
            path = (found.get("action") or self.path).split("?")[0].split("#")[0]
            self.form = Form(path, self.role)
        if self.form is None:
            return
        name = found.get("name", "")
        if tag == "button" and not name:
            self.form.has_plain_button = True
        if tag in {"input", "button"} and name and name != "csrfmiddlewaretoken":
            kind = found.get("type", "submit" if tag == "button" else "text")
            self.add(name, kind, found)
        elif tag == "select" and name:
            self.select = name
            self.add(name, "select", {"value": ""})
        elif tag == "option" and self.select:
            self.choose(self.select, found.get("value", ""), "selected" in found)
        elif tag == "textarea" and name:
            self.add(name, "textarea", {})
            self.area = name

    def handle_data(self, data: str) -> None:
        if self.form and self.area and data.strip():
            self.put(self.area, value=data.strip())

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self.form is not None:
            self.forms.append(self.form)
            self.form = None
        elif tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.area = ""

    def add(self, name: str, kind: str, found: dict[str, str]) -> None:
        assert self.form is not None
        if kind in {"radio", "checkbox", "submit"}:
            if name not in self.form.fields:
                self.form.fields[name] = Field(name, kind)
            self.choose(name, found.get("value", "on"), "checked" in found)
        else:
            self.form.fields[name] = Field(name, kind, found.get("value", ""))

    def choose(self, name: str, value: str, is_chosen: bool) -> None:
        assert self.form is not None
        before = self.form.fields[name]
        self.put(
            name,
            choices=(*before.choices, value),
            value=value if is_chosen else before.value,
        )

    def put(self, name: str, **values: object) -> None:
        assert self.form is not None
        self.form.fields[name] = Field(
            **{**self.form.fields[name].__dict__, **values}  # type: ignore[arg-type]
        )


def paths(world: World) -> Iterator[str]:
    """Every page of the first programme, and those of a session that was held."""
    for name in URLS:
        if name not in OUTSIDE:
            yield reverse(name, kwargs=arguments_for(name, world.arguments))
    yield from (reverse(name) for name in SIGN_IN)
    for name in ("session_detail", "session_log"):
        yield reverse(f"mentorships:{name}", args=[world.arguments["held_id"]])


def forms_of(world: World) -> list[Form]:
    """Each form once: by where it goes and what it asks, and by who finds it first."""
    found: dict[tuple[str, tuple[str, ...]], Form] = {}
    for role in READERS:
        client = world.client(role)
        for path in paths(world):
            response = client.get(path)
            if not response.get("Content-Type", "").startswith("text/html"):
                continue
            reader = Reader(path, role)
            reader.feed(response.content.decode())
            for form in reader.forms:
                try:
                    key = (form.name, tuple(sorted(form.fields)))
                except Resolver404:
                    continue
                found.setdefault(key, form)
    known = {name for name, _fields in found} | ELSEWHERE.keys()
    rest = {
        name: (who_may(codes), OFTEN)
        for method, name, codes in lines()
        if method == "POST" and name not in known
    }
    for name, (role, names) in {**ELSEWHERE, **rest}.items():
        kwargs = arguments_for(name, {**world.arguments, **token_for(name, world)})
        fields = {each: Field(each, "text") for each in names}
        path = reverse(name, kwargs=kwargs)
        form = Form(path, role, fields, is_known=name in ELSEWHERE)
        found[name, tuple(names)] = form
    return list(found.values())


def who_may(codes: list[int]) -> str:
    """Somebody for whom this form is there."""
    given = dict(zip(ROLES, codes, strict=True))
    there = [role for role in READERS if given[role] not in {403, 404, 410}]
    return there[0] if there else "hr_admin"


def token_for(name: str, world: World) -> dict[str, str]:
    """A link that works, for what is only reached by link."""
    if name == "outbox:unsubscribe":
        path = unsubscribe_path(world.people["mentee"].pk, "pulse")
        return {"token": path.rstrip("/").rsplit("/", 1)[-1]}
    return {}
