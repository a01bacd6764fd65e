"""In the demo mailbox a link of a mail can be pressed, as in any mailbox."""

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.urls import reverse

from mentoring import mailbox


@pytest.fixture
def letter(settings, tmp_path) -> mailbox.Mail:
    settings.MAILBOX_DIR = tmp_path
    mail = EmailMultiAlternatives(
        "Hello",
        "In words",
        to=["mia@example.org"],
        connection=get_connection("mentoring.mailbox.MailboxBackend"),
    )
    html = "<html><head><title>Hello</title></head><body>In colours</body></html>"
    mail.attach_alternative(html, "text/html")
    mail.send()
    return mailbox.newest(1)[0]


def test_a_link_in_a_mail_opens_in_the_whole_window(client, letter):
    shown = client.get(reverse("demo_mail_html", args=[letter.name]))
    around = client.get(reverse("demo_mail", args=[letter.name]))

    assert '<head><base target="_top"><title>' in shown.content.decode()
    assert "allow-top-navigation-by-user-activation" in around.content.decode()
