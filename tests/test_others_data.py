"""Nobody reaches what is of others: by a guessed number, or by a field too many."""

from collections.abc import Iterator
from itertools import chain, combinations
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection, models, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mentorships.models import Action, Attendance, Member
from programs.models import Program
from tests.cast import World
from tests.forms_of_the_site import Form, forms_of
from tests.test_access import arguments_for
from tests.test_every_page import WRITES
from tests.urls_of_the_site import URLS

# What everybody in the organisation may name: people, topics, guides, a language.
EVERYBODYS = {"user_id", "topic_id", "upload_id", "guide_key", "template_key"}
EVERYBODYS |= {"role", "action", "token", "name"}
# Asked only at times: whether and how one met, and what there is to choose from.
AT_TIMES = {
    "mentorships:session_tap": {"minutes", "rating"},
    "people:proposal_decide": {"topic"},
}
# What a sponsor sees of every programme: totals, never a person.
TOTALS = {
    "dashboards:access",
    "dashboards:outcomes",
    "dashboards:sponsor_program",
}
# What is made anew each time: a number, a secret, a sealed text.
NEW_EACH_TIME = {"about_id", "facts", "ics_uid", "message_id", "nonce", "password"}
NEW_EACH_TIME |= {"sealed", "token_hash"}


def addresses_with_theirs(world: World) -> Iterator[tuple[str, str]]:
    """Each URL with one or more of its arguments taken from the other programme."""
    for name in URLS:
        ours = arguments_for(name, world.arguments)
        theirs = arguments_for(name, {**world.arguments, **world.theirs})
        wanted = [
            each
            for each in ours
            if each not in EVERYBODYS and ours[each] != theirs[each]
        ]
        some = chain.from_iterable(
            combinations(wanted, size) for size in range(1, len(wanted) + 1)
        )
        for taken in some:
            kwargs = ours | {each: theirs[each] for each in taken}
            yield name, reverse(name, kwargs=kwargs)


# Whoever has a second step shows it once more before anything is looked up.
ASKS_AGAIN = {"mfa_edit_webauthn", "mfa_remove_webauthn"}


@pytest.mark.parametrize(
    "role", ["outsider", "mentee", "mentor", "coordinator", "sponsor", "it_admin"]
)
def test_what_is_of_another_programme_is_not_there(world: World, role: str):
    client = world.client(role)
    client.get(reverse("dashboards:home"))
    found = []

    for name, path in addresses_with_theirs(world):
        if role == "sponsor" and name in TOTALS:
            continue
        for send in (client.get, client.post):
            with transaction.atomic(), CaptureQueriesContext(connection) as queries:
                status = send(path).status_code
                transaction.set_rollback(True)
            if name in ASKS_AGAIN and status == 302:
                # Whichever key it is: so nothing is said of whose.
                continue
            wrote = [query for query in queries if WRITES.match(query["sql"])]
            if status not in {403, 404, 405} or wrote:
                found.append(f"{send.__name__} {name} {path}: {status}")

    assert found == []


def test_an_action_is_never_given_to_somebody_of_another_mentorship(world: World):
    theirs = Member.objects.filter(mentorship=world.theirs["mentorship_id"]).first()
    assert theirs is not None
    path = reverse("mentorships:action_add", args=[world.arguments["mentorship_id"]])

    response = world.client("mentee").post(path, {"text": "mine", "owner": theirs.pk})

    assert response.status_code == 422
    assert not Action.objects.filter(owner=theirs, text="mine").exists()


def test_nobody_of_another_mentorship_was_at_a_session(world: World):
    theirs = Member.objects.filter(mentorship=world.theirs["mentorship_id"]).first()
    assert theirs is not None
    path = reverse("mentorships:session_log", args=[world.arguments["held_id"]])
    data = {
        "on": timezone.localdate(),
        "minutes": 60,
        "came": [theirs.pk],
        "seen_version": 1,
        "action": "mine",
        "owner": theirs.pk,
    }

    response = world.client("mentor").post(path, data)

    assert response.status_code == 422
    assert not Attendance.objects.filter(member=theirs).exists()
    assert not Action.objects.filter(text="mine").exists()


# --- fields too many


def our_models() -> list[type[models.Model]]:
    others = {Session, ContentType}
    return [model for model in apps.get_models() if model not in others]


Row = tuple[type[models.Model], Any]


def rows() -> dict[Row, dict[str, Any]]:
    """Everything in the database, but what is random each time."""
    return {
        (model, row[model._meta.pk.attname]): row  # type: ignore[union-attr]
        for model in our_models()
        for row in model._base_manager.values(
            *(each.attname for each in model._meta.concrete_fields)
        )
    }


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
def test_a_field_that_a_form_does_not_ask_for_changes_nothing(world: World):
    forms = [form for form in forms_of(world) if form.is_known]
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
