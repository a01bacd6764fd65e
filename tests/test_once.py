"""A form of the site, sent twice with the mark of its page, makes one of a thing."""

import uuid
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from history.models import Press
from history.tasks import forget_presses
from people.models import TopicFamily

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
