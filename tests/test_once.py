"""A form of the site, sent twice with the mark of its page, makes one of a thing."""

import uuid
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from history.models import Press
from history.tasks import forget_presses
from people.models import TopicFamily
from tests.cast import World, make_world
from tests.forms_of_the_site import Form, forms_of

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


@pytest.fixture
def world() -> World:
    return make_world()


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


def test_a_form_sent_twice_makes_one(world: World):
    made: dict[str, set[str]] = {}
    twice = []
    refused = {}

    for form in forms_of(world):
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


# --- the mark of a form


FAMILIES = reverse("people:family_list")


def test_a_form_sent_again_leads_where_it_led(as_user, hr_admin):
    client = as_user(hr_admin)
    data = {"name_nl": "Taal", "name_en": "Language", "once": str(uuid.uuid4())}

    first, second = client.post(FAMILIES, data), client.post(FAMILIES, data)

    assert TopicFamily.objects.filter(name_en="Language").count() == 1
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.url == second.url


def test_whoever_goes_back_and_fills_in_something_else_makes_that_too(
    as_user, hr_admin
):
    client = as_user(hr_admin)
    data = {"name_nl": "Taal", "name_en": "Language", "once": str(uuid.uuid4())}

    client.post(FAMILIES, data)
    client.post(FAMILIES, {**data, "name_nl": "Muziek", "name_en": "Music"})

    assert TopicFamily.objects.filter(name_en__in=["Language", "Music"]).count() == 2


def test_a_form_that_was_wrong_can_be_sent_again(as_user, hr_admin):
    client = as_user(hr_admin)
    once = str(uuid.uuid4())

    wrong = client.post(FAMILIES, {"name_nl": "Taal", "name_en": "", "once": once})
    client.post(FAMILIES, {"name_nl": "Taal", "name_en": "Language", "once": once})

    assert wrong.status_code == 422
    assert TopicFamily.objects.filter(name_en="Language").count() == 1


def test_each_page_gives_its_form_another_mark(as_user, hr_admin):
    client = as_user(hr_admin)
    marks = [
        client.get(FAMILIES).content.decode().partition('name="once" value="')[2][:36]
        for _time in range(2)
    ]

    assert len({uuid.UUID(mark) for mark in marks}) == 2


def test_what_is_no_mark_does_no_harm(as_user, hr_admin):
    data = {"name_nl": "Taal", "name_en": "Language", "once": "no mark"}

    assert as_user(hr_admin).post(FAMILIES, data).status_code == 302


def test_presses_are_forgotten_after_two_days(db):
    old = timezone.now() - timedelta(days=3)
    for at in (old, timezone.now()):
        Press.objects.create(mark=uuid.uuid4(), at=at)

    forget_presses()
    forget_presses()

    assert [press.at > old for press in Press.objects.all()] == [True]
