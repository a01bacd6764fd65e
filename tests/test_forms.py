"""What holds for each form of the site, whoever fills it in.

Sent with nonsense it does not break, with a field too many it does nothing more, sent
twice it makes one of a thing, and sent from another site it does nothing. Finding the
forms means reading each page as everybody, so it is done once for all of them.
"""

import random
from collections import Counter
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, models, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from history.models import Press
from outbox.delivery import deliver
from outbox.models import Message
from programs.models import Program
from tests.cast import World
from tests.forms_of_the_site import Form, forms_of
from tests.nonsense import (
    EVERYTHING,
    FILES,
    LIKELY,
    SEED,
    TRIES,
    answer,
    encodable,
    live_far_apart,
    shortened,
    wrong_with,
)
from tests.test_every_page import WRITES

# What a form is sent that asks for more than a word or the first choice.
SENT: dict[str, dict[str, Any]] = {
    # Results by department are of anonymous surveys.
    "feedback:survey_create": {"every_days": "", "by_department": ""},
    "people:background_create": {
        "choices_nl": "een\ntwee",
        "choices_en": "one\ntwo",
    },
    "programs:module_add": {"link": "https://example.org/"},
    "programs:question_add": {"feeds_matching": ""},
}
# What has to come of them, so that this cannot hold by refusing.
MAKES = {
    "feedback:care_write": "CareMessage",
    "feedback:question_add": "Question",
    "feedback:survey_create": "Survey",
    "mentorships:feedback_give": "PeerFeedback",
    "mentorships:goal_add": "Goal",
    "mentorships:goal_comment": "GoalComment",
    "mentorships:goal_progress": "Progress",
    "mentorships:journal": "Reflection",
    "mentorships:session_log_new": "MentoringSession",
    "mentorships:session_offer": "SessionOffer",
    "mentorships:session_plan": "MentoringSession",
    "mentorships:session_vouch": "MentoringSession",
    "mentorships:something_off": "Concern",
    "mentorships:story_write": "Story",
    "mentorships:thank_you": "ThankYou",
    "people:background_create": "BackgroundQuestion",
    "people:family_list": "TopicFamily",
    "people:topic_create": "Topic",
    "programs:module_add": "Module",
    "programs:program_copy": "Program",
    "programs:program_create": "Program",
    "programs:program_goals": "ProgramGoal",
    "programs:question_add": "JoinQuestion",
}
# What may grow with a second press: who is signed in, and who pressed.
BESIDES = {"Session", "Event"}
# Asked only at times: whether and how one met, and what there is to choose from.
AT_TIMES = {
    "mentorships:session_tap": {"minutes", "rating"},
    "people:proposal_decide": {"topic"},
}
# What is made anew each time: a number, a secret, a sealed text.
NEW_EACH_TIME = {"about_id", "facts", "ics_uid", "message_id", "nonce", "password"}
NEW_EACH_TIME |= {"sealed", "token_hash"}


@pytest.fixture(scope="module")
def forms(world_of_the_file: World) -> list[Form]:
    return forms_of(world_of_the_file)


# --- nonsense


@pytest.mark.long
def test_no_form_breaks(world: World, forms: list[Form]):
    live_far_apart(world)
    chance = random.Random(SEED)
    broken = [
        f"{form.name} {shortened(data)}: {problem}"
        for form in sorted(forms, key=lambda form: (form.name, [*form.fields]))
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
        with CaptureQueriesContext(connection) as queries:
            response = answer(client, "post", form.path, clean)
        problem = wrong_with(response)
        if not problem and response.status_code == 302:
            if is_ours(response["Location"]):
                where = response["Location"]
                wrote = any(map(is_written, queries))
                problem = look(world, client, form.role, where, wrote) or not_sent(last)
            else:
                problem = f"leads to {response['Location']}"
        transaction.set_rollback(True)
    return problem


def is_ours(location: str) -> bool:
    return location.startswith("/") and not location.startswith(("//", "/\\"))


def is_written(query: dict[str, str]) -> bool:
    """Whether it changes more than who is signed in, and who pressed."""
    beside = ("django_session", Press._meta.db_table)
    return bool(WRITES.match(query["sql"])) and not any(
        f'"{table}"' in query["sql"] for table in beside
    )


def look(world: World, client: Client, role: str, location: str, wrote: bool) -> str:
    """Read what came of it, as who sent it; and if anything was written, all that it
    changed: as those who see it too, and what everybody begins with.
    """
    path = location.split("#")[0]
    pages = [(client, path)]
    if wrote:
        others = [each for each in ("mentor", "coordinator") if each != role]
        pages += [(world.client(each), path) for each in others]
        pages.append((client, reverse("dashboards:home")))
    for reader, page in pages:
        if problem := wrong_with(answer(reader, "get", page)):
            return f"then {page}: {problem}"
    return ""


def not_sent(last: int) -> str:
    """Why a mail that this caused cannot be sent."""
    for message in Message.objects.filter(pk__gt=last):
        deliver(message)
        message.refresh_from_db()
        if message.last_error:
            return f"mail {message.kind}: {message.last_error}"
    return ""


# --- fields too many


def our_models() -> list[type[models.Model]]:
    others = {Session, ContentType}
    return [model for model in apps.get_models() if model not in others]


Row = tuple[type[models.Model], Any]


def rows() -> dict[Row, dict[str, Any]]:
    """Everything in the database, as it lies there: asked for hundreds of times."""
    found = {}
    with connection.cursor() as cursor:
        for model in our_models():
            fields = model._meta.concrete_fields
            names = [each.attname for each in fields]
            columns = ", ".join(f'"{each.column}"' for each in fields)
            cursor.execute(f'SELECT {columns} FROM "{model._meta.db_table}"')
            for row in cursor.fetchall():
                values = dict(zip(names, row, strict=True))
                found[model, values[model._meta.pk.attname]] = values
    return found


def told(row: Row, values: dict[str, Any], before: dict[Row, Any]) -> str:
    """A row in words that are the same when the same thing is done again."""
    model, _key = row
    words = [model._meta.label]
    for each in model._meta.concrete_fields:
        value = values[each.attname]
        if each.attname in NEW_EACH_TIME or isinstance(each, models.UUIDField):
            continue
        related = each.related_model if each.is_relation else None
        if each.attname == "program_id":
            # Postgres counts on where a row was taken back, also where no key says so.
            related = Program
        is_new = related and value is not None and (related, value) not in before
        if is_new or (each.primary_key and row not in before):
            value = "new"
        words.append(f"{each.attname}={value}")
    return " ".join(words)


def too_many() -> dict[str, Any]:
    """A value for each field of each model."""
    return {
        name: other_value(each)
        for model in our_models()
        for each in model._meta.concrete_fields
        for name in (each.name, each.attname)
    }


def other_value(each: models.Field) -> Any:
    """A value that the field would take, and that is not what it has."""
    if each.is_relation and each.related_model is not None:
        last = each.related_model._base_manager.order_by("-pk").first()
        return last.pk if last else 1
    if each.choices:
        return [value for value, _label in each.flatchoices][-1]
    for kind, value in (
        (models.BooleanField, "on"),
        (models.DateTimeField, "2020-02-02 02:02"),
        (models.DateField, "2020-02-02"),
        ((models.DecimalField, models.FloatField, models.IntegerField), "17"),
        (models.EmailField, "taken-over@example.org"),
    ):
        if isinstance(each, kind):
            return value
    return "taken-over"


def done_by(
    client: Client, form: Form, data: dict[str, Any], before: dict[Row, Any]
) -> tuple[int, set[str]]:
    """What a form did: the answer, and each row that came, went or changed."""
    cache.clear()  # how often somebody tried to sign in
    with transaction.atomic():
        status = client.post(form.path, data).status_code
        after = rows()
        transaction.set_rollback(True)
    changed = {
        told(row, values, before)
        for row, values in after.items()
        if before.get(row) != values
    }
    gone = {f"gone {row}" for row in before.keys() - after.keys()}
    return status, changed | gone


@pytest.mark.long
def test_a_field_that_a_form_does_not_ask_for_changes_nothing(
    world: World, forms: list[Form]
):
    forms = [form for form in forms if form.is_known]
    asked: dict[str, set[str]] = {}
    for form in forms:
        asked.setdefault(form.name, set()).update(form.fields)
    differ, idle = [], []

    with time_machine.travel(timezone.now(), tick=False):
        # Each form is taken back again, so all of them find the same.
        signed_in = {form.role: world.client(form.role).cookies for form in forms}
        before, more = rows(), too_many()
        for form in sorted(forms, key=lambda form: form.name):
            client = Client()
            client.cookies = signed_in[form.role].copy()
            sound = form.filled()
            expected = done_by(client, form, sound, before)
            own = asked[form.name] | AT_TIMES.get(form.name, set())
            data = {name: more[name] for name in more.keys() - own} | sound
            client.cookies = signed_in[form.role].copy()
            found = done_by(client, form, data, before)
            if found != expected:
                differ.append((form.name, found, expected))
            if not found[1]:
                idle.append(form.name)

    assert differ == []
    # Were most of the forms refused, this test would say nothing.
    assert len(idle) < len(forms) / 2, idle


# --- sent twice


def counted() -> Counter[str]:
    """How many rows each table has, in one question: it is asked a thousand times."""
    tables = {
        model._meta.db_table: model.__name__
        for model in apps.get_models()
        if model.__name__ not in BESIDES
    }
    each = [f"SELECT '{table}', COUNT(*) FROM \"{table}\"" for table in tables]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each))
        return Counter({tables[table]: number for table, number in cursor.fetchall()})


def press_twice(world: World, form: Form) -> tuple[Any, Counter[str], Counter[str]]:
    """Send it twice: the first answer, what it made, and what the second made."""
    client = world.client(form.role)
    data = {**form.filled(), **SENT.get(form.name, {})}
    before = counted()
    answer = client.post(form.path, data)
    between = counted()
    client.post(form.path, data)
    return answer, between - before, counted() - between


@pytest.mark.long
def test_a_form_sent_twice_makes_one(world: World, forms: list[Form]):
    made: dict[str, set[str]] = {}
    twice = []
    refused = {}

    for form in forms:
        with transaction.atomic():
            answer, first, second = press_twice(world, form)
            transaction.set_rollback(True)
        made.setdefault(form.name, set()).update(first)
        if second:
            twice.append((form.name, dict(second)))
        if form.name in MAKES and answer.status_code == 422:
            refused[form.name] = dict(answer.context["form"].errors)

    assert twice == []
    assert {
        name: refused.get(name)
        for name, model in MAKES.items()
        if model not in made.get(name, ())
    } == {}


# --- from another site


@pytest.mark.long
def test_no_form_is_taken_without_the_word_that_only_our_pages_have(
    world: World, forms: list[Form]
):
    # A mail program presses it, without our cookies (RFC 8058).
    free = {"outbox:unsubscribe"}
    taken = []

    for form in forms:
        client = Client(enforce_csrf_checks=True)
        if form.role != "anonymous":
            client.force_login(world.people[form.role])
        if client.post(form.path, form.filled()).status_code != 403:
            taken.append(form.name)

    assert set(taken) == free
