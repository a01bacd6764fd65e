"""What the log says, and whom it does not name."""

import json
import logging
import sys

import pytest
from celery import shared_task
from django.test import Client
from django.urls import reverse

from mentoring.logs import Json, Line
from tests.urls_of_the_site import URLS

OWN = {name for name, taken in URLS.items() if {"token", "code"} & {*taken}}


@shared_task(name="tests.fails")
def fails(text):
    raise ValueError(f"what {text} wrote")


def record(message, *values, **given):
    found = logging.makeLogRecord(
        {"name": "outbox", "levelname": "WARNING", "msg": message, "args": values}
    )
    vars(found).update(given)
    return found


def test_a_line_is_one_object_with_what_goes_along():
    found = json.loads(Json().format(record("message not sent", row=7)))

    assert found["event"] == "message not sent"
    assert (found["level"], found["logger"], found["row"]) == ("WARNING", "outbox", 7)
    assert found["at"].endswith("+00:00")


@pytest.mark.parametrize("formatter", [Json(), Line()])
def test_an_address_is_never_in_the_log(formatter):
    text = formatter.format(
        record("to %s refused", "mia@example.org", who="<mo@example.org>")
    )

    assert "mia@example.org" not in text
    assert "mo@example.org" not in text
    assert "refused" in text


@pytest.mark.parametrize("formatter", [Json(), Line()])
@pytest.mark.parametrize("name", sorted(OWN))
def test_a_link_of_ones_own_is_never_in_the_log(name, formatter):
    path = reverse(name, args=["nFWq-s_x"])

    text = formatter.format(
        record('"%s" %s', path, f"{path}more?a=b", request=f"<GET '{path}'>")
    )

    assert "nFWq" not in text
    assert path.partition("nFWq")[0] in text


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(OWN))
def test_nor_does_a_page_that_refuses_say_the_link(name, caplog):
    caplog.set_level(logging.INFO)
    path = reverse(name, args=["nFWq-s_x"])

    Client().post(path)
    Client().get(f"{path}more/")

    assert caplog.records
    for each in caplog.records:
        assert "nFWq" not in Json().format(each)
        assert "nFWq" not in Line().format(each)


def test_a_line_with_an_address_between_quotes_is_still_an_object():
    found = json.loads(Json().format(record('to "%s" refused', "mia@example.org")))

    assert found["event"] == 'to "…@…" refused'


def raised():
    """What somebody wrote, in an exception, as a logger has it."""

    def fail():
        raise ValueError("what Mia wrote about Mo")

    try:
        fail()
    except ValueError:
        return sys.exc_info()


def test_of_an_error_the_kind_and_the_way_are_kept_not_what_it_says():
    text = Json().format(record("it failed", exc_info=raised()))

    found = json.loads(text)
    assert found["error"] == "ValueError"
    assert any("fail" in step for step in found["way"])
    assert "Mia wrote" not in text


def test_neither_does_a_line_for_a_terminal_keep_it():
    text = Line().format(record("it failed", exc_info=raised()))

    assert "it failed" in text
    assert text.endswith("ValueError")
    assert " fail" in text
    assert "Mia wrote" not in text


@pytest.mark.parametrize("formatter", [Json(), Line()])
def test_nor_does_celery_say_it_of_a_task_that_fails(formatter, caplog):
    fails.apply(["Mia"])

    told = [each for each in caplog.records if each.name == "celery.app.trace"]
    assert told
    for each in told:
        assert "Mia" in each.getMessage()
        text = formatter.format(each)
        assert "tests.fails" in text
        assert "ValueError" in text
        assert "Mia" not in text


def test_a_mail_that_fails_is_logged_without_whom_or_what(
    mentorship, mentee, monkeypatch, caplog
):
    from outbox.actions import plan
    from outbox.tasks import send_due

    def send(*_args):
        raise OSError(f"{mentee.email} said: private words")

    monkeypatch.setattr(
        "django.core.mail.backends.locmem.EmailBackend.send_messages", send
    )
    plan("introduction", mentee, about=mentorship)
    send_due()

    assert "message not sent" in caplog.text
    assert mentee.email not in caplog.text
    assert "private words" not in caplog.text
