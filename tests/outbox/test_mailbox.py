"""The mailbox of a trial: a folder of mails, and the pages that show them."""

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives, get_connection
from django.urls import reverse

from mentoring import mailbox
from mentoring.mail import compose


@pytest.fixture
def box(settings, tmp_path):
    settings.MAILBOX_DIR = tmp_path / "mailbox"
    settings.EMAIL_BACKEND = "mentoring.mailbox.MailboxBackend"
    return settings.MAILBOX_DIR


def send(to="mia@example.org", subject="Hello", **fields):
    found = EmailMultiAlternatives(subject, "As text.", to=[to], **fields)
    found.attach_alternative("<p>As HTML.</p>", "text/html")
    get_connection().send_messages([found])


@pytest.mark.parametrize("zone", ["-0000", "+0000", "GMT"])
def test_a_mail_can_be_read_as_its_receiver_has_it(box, zone):
    send(headers={"Date": f"Tue, 12 Jan 2027 10:00:00 {zone}"})

    [found] = mailbox.newest(10)

    assert found.subject == "Hello"
    assert found.to == "mia@example.org"
    assert found.text.strip() == "As text."
    assert found.html.strip() == "<p>As HTML.</p>"
    assert f"{found.sent_at:%Y-%m-%d %H:%M}" == "2027-01-12 10:00"
    assert found.attachments == []


def test_attachments_are_named(box):
    found = EmailMultiAlternatives("With a file", "Text.", to=["mia@example.org"])
    found.attach("invite.ics", b"BEGIN:VCALENDAR", "text/calendar")
    get_connection().send_messages([found])

    assert mailbox.newest(10)[0].attachments == ["invite.ics"]


def test_attachments_are_files_to_keep(box, client):
    found = EmailMultiAlternatives("With a file", "Text.", to=["mia@example.org"])
    found.attach("invite.ics", b"BEGIN:VCALENDAR", "text/calendar; method=REQUEST")
    get_connection().send_messages([found])
    [mail] = mailbox.newest(10)
    link = reverse("demo_attachment", args=[mail.name, 0])

    page = client.get(reverse("demo_mail", args=[mail.name])).content.decode()
    response = client.get(link)

    assert link in page
    assert response.content == b"BEGIN:VCALENDAR"
    assert response["Content-Type"] == "text/calendar"
    assert response["Content-Disposition"] == 'attachment; filename="invite.ics"'
    assert (
        client.get(reverse("demo_attachment", args=[mail.name, 1])).status_code == 404
    )


def test_newest_is_of_one_receiver_when_asked_and_no_more_than_asked(box):
    for number in range(3):
        send(subject=f"Number {number}")
    send(to="mo@example.org", subject="For Mo")

    assert len(mailbox.newest(2)) == 2
    assert [each.subject for each in mailbox.newest(9, to="MO@")] == ["For Mo"]


def test_a_search_stops_at_the_mails_it_keeps(box, monkeypatch):
    monkeypatch.setattr(mailbox, "KEEP", 3)

    for number in range(5):
        send(subject=f"Number {number}")

    assert [each.subject for each in mailbox.newest(9)] == [
        "Number 4",
        "Number 3",
        "Number 2",
    ]


@pytest.mark.parametrize("name", ["none", "../secret_key", "../../etc/passwd"])
def test_a_name_leads_nowhere_else(box, name):
    assert mailbox.read(name) is None


def test_the_pages_show_the_list_the_mail_and_its_html(box, client):
    send()
    [found] = mailbox.newest(1)

    listed = client.get(reverse("demo_mailbox")).content.decode()
    shown = client.get(reverse("demo_mail", args=[found.name])).content.decode()
    html = client.get(reverse("demo_mail_html", args=[found.name]))

    assert "Hello" in listed
    assert "As text." in shown
    assert "<p>As HTML.</p>" in html.content.decode()
    assert "script-src 'none'" in html["Content-Security-Policy"]
    assert html["X-Frame-Options"] == "SAMEORIGIN"


def test_the_list_can_be_of_one_receiver(box, client):
    send(subject="For Mia")
    send(to="mo@example.org", subject="For Mo")

    page = client.get(reverse("demo_mailbox"), {"to": "mo@"}).content.decode()

    assert "For Mo" in page
    assert "For Mia" not in page


@pytest.mark.parametrize(
    "name", ["demo_mailbox", "demo_mail", "demo_mail_html", "demo_attachment"]
)
def test_there_is_no_mailbox_outside_a_trial(box, client, settings, name):
    send()
    [found] = mailbox.newest(1)
    settings.DEMO_MODE = False
    arguments = [] if name == "demo_mailbox" else [found.name]
    arguments += [0] if name == "demo_attachment" else []

    assert client.get(reverse(name, args=arguments)).status_code == 404


def test_a_calendar_stands_beside_the_text_and_at_the_files(mentee):
    calendar = ("invite.ics", b"BEGIN:VCALENDAR", "text/calendar; method=REQUEST")

    compose("joined", mentee, {}, attachments=[calendar]).send()

    parts = [part.get_content_type() for part in mail.outbox[0].message().walk()]
    assert parts.count("text/calendar") == 2


def test_a_subject_is_one_line(mentee):
    found = compose("digest", mentee, {})

    assert found.subject == "Your week in Wegwijs"
    assert f"<title>{found.subject}</title>" in str(found.alternatives[0][0])
