"""What the log says, and whom it does not name."""

import json
import logging
import sys

import pytest
from celery import shared_task

from mentoring.logs import Json, Line


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
