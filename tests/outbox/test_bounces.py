"""Mail that comes back after the server had taken it."""

import io
import subprocess
import sys
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from anymail.exceptions import AnymailRecipientsRefused
from django.core import mail
from django.core.management import call_command

from outbox.bounces import read_report
from outbox.models import Bounce, Message
from outbox.tasks import send_due

ROOT = Path(__file__).resolve().parents[2]
REPORT = """\
From: Mail Delivery System <mailer-daemon@example.org>
To: wegwijs@example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I am sorry.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.org

Final-Recipient: rfc822; {email}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 no such user

--b
Content-Type: {enclosed}

Message-ID: {message_id}
Subject: something personal

--b--
"""


def report(email, action="failed", status="5.1.1", message_id="", part="headers"):
    enclosed = "text/rfc822-headers" if part == "headers" else "message/rfc822"
    text = REPORT.format(
        email=email,
        action=action,
        status=status,
        message_id=message_id,
        enclosed=enclosed,
    )
    return text.encode()


def run(monkeypatch, content, *addresses):
    said = StringIO()
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(content)))
    call_command("record_bounce", *addresses, stdout=said)
    return said.getvalue()


@pytest.mark.parametrize("part", ["headers", "mail"])
def test_a_mail_that_came_back_stands_among_those_not_sent(
    letter, mentee, monkeypatch, part
):
    message = letter()
    send_due()
    content = report(mentee.email.upper(), message_id=message.message_id, part=part)

    for _ in range(2):
        assert "1 are known here" in run(monkeypatch, content)

    message.refresh_from_db()
    assert (message.state, message.last_error) == ("failed", "bounced")
    assert Bounce.objects.get().email == mentee.email


def test_nothing_more_is_sent_to_the_address_until_somebody_says_so(
    letter, mentee, hr_admin, as_user, monkeypatch
):
    run(monkeypatch, b"", mentee.email)
    message = letter()
    send_due()
    assert mail.outbox == []
    message.refresh_from_db()
    assert message.state == "failed"

    as_user(hr_admin).post("/messages/failed/settle/", {"message": message.pk})
    send_due()

    assert [each.to for each in mail.outbox] == [[mentee.email]]
    assert not Bounce.objects.exists()


@pytest.mark.parametrize(
    ("action", "status"), [("delayed", "4.4.1"), ("failed", "4.2.2"), ("relayed", "2")]
)
def test_what_is_only_late_is_no_bounce(mentee, monkeypatch, action, status):
    said = run(monkeypatch, report(mentee.email, action, status))

    assert "0 addresses" in said
    assert not Bounce.objects.exists()


@pytest.mark.parametrize("content", [b"", b"hello", b"\xff\xfe", report("<>")])
def test_what_is_no_report_does_nothing(monkeypatch, content):
    run(monkeypatch, content)

    assert not Bounce.objects.exists()


def test_an_address_of_nobody_here_is_not_kept(monkeypatch):
    assert "0 are known" in run(monkeypatch, report("stranger@example.org"))

    assert not Bounce.objects.exists()


def test_a_mail_of_somebody_else_is_not_taken_for_one_that_came_back(
    letter, mentee, mentor, monkeypatch
):
    message = letter()
    send_due()

    run(monkeypatch, report(mentor.email, message_id=message.message_id))

    assert Message.objects.get(pk=message.pk).state == "sent"


def test_a_report_says_which_mail_and_which_address():
    [found] = read_report(report("a@example.org", message_id="<x@y>"))

    assert (found.email, found.message_id) == ("a@example.org", "<x@y>")


def test_a_mail_service_is_chosen_by_the_environment(tmp_path):
    ask = (
        "from django.core.mail import get_connection; found = get_connection();"
        " print(type(found).__module__, found.server_token)"
    )
    said = subprocess.run(
        [sys.executable, "manage.py", "shell", "--verbosity", "0", "--command", ask],
        cwd=ROOT,
        env={
            "PATH": "",
            "DATA_DIR": str(tmp_path),
            "MAIL_SERVICE": "postmark",
            "ANYMAIL": '{"POSTMARK_SERVER_TOKEN": "token"}',
        },
        capture_output=True,
        check=True,
        text=True,
    ).stdout

    assert said.split() == ["anymail.backends.postmark", "token"]


def test_an_address_that_a_mail_service_refuses_has_bounced(
    letter, mentee, monkeypatch
):
    def refuse(*_args):
        raise AnymailRecipientsRefused

    monkeypatch.setattr(
        "django.core.mail.backends.locmem.EmailBackend.send_messages", refuse
    )
    message = letter()

    send_due()

    message.refresh_from_db()
    assert (message.state, message.last_error) == ("failed", "bounced")
    assert Bounce.objects.get().email == mentee.email
