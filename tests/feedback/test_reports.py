"""Serious reports: one person reads them, and nobody else finds out."""

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from feedback.actions import (
    add_to_report,
    begin_report,
    close_report,
    name_confidant,
    send_report,
)
from feedback.models import Confidant, Report
from history.models import Event, Press
from mentoring.sealing import CannotOpen
from outbox.delivery import deliver
from outbox.models import Message
from tests import factories
from tests.feedback.conftest import SECRET


def path(name, *args):
    return reverse(f"feedback:{name}", args=args)


def text(response):
    return response.content.decode()


def test_a_report_is_read_by_the_named_person(as_user, confidant, sent, mentee):
    body = text(as_user(confidant).get(sent.get_absolute_url()))

    assert SECRET in body
    assert mentee.name in body


def test_neither_text_nor_writer_stands_in_the_database(sent, mentee):
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM feedback_report")
        row = cursor.fetchone()

    assert SECRET not in str(
        [bytes(x) if isinstance(x, memoryview) else x for x in row]
    )
    assert [field.name for field in Report._meta.fields] == [
        "id",
        "to",
        "sealed",
        "trace",
        "at",
        "begun_at",
        "closed_at",
        "handed_at",
        "told_at",
        "mark",
    ]
    assert not Event.objects.filter(by=mentee, about_type="feedback.report").exists()


def test_a_report_for_another_does_not_open(sent, mentee):
    Report.objects.update(to=mentee)

    with pytest.raises(CannotOpen):
        Report.objects.get().read()


def test_the_mail_to_the_named_person_says_nothing_of_it(
    sent, confidant, mentee, mentorship, mailoutbox
):
    deliver(Message.objects.get(kind="report"))

    [mail] = mailoutbox
    assert mail.to == [confidant.email]
    whole = (
        mail.subject + mail.body + "".join(str(each[0]) for each in mail.alternatives)
    )
    for word in (SECRET, mentee.name, mentorship.program.name):
        assert word not in whole


def test_sending_twice_is_one_report_and_one_mail(
    as_user, mentorship, mentee, confidant
):
    client = as_user(mentee)
    data = {"once": str(uuid.uuid4()), "text": SECRET}

    for _time in range(2):
        client.post(path("report_create", mentorship.pk), data)

    assert Report.objects.count() == 1
    assert Message.objects.filter(kind="report").count() == 1
    # Written at the same moment, it would say of whom the report is.
    press = Press.objects.get()
    assert press.led_to == path("report_mine")
    assert press.led_to.encode() not in bytes(press.sealed)


def test_without_a_named_person_nothing_can_be_sent(mentorship, mentee, as_user):
    with pytest.raises(ValidationError):
        send_report(mentorship, SECRET, by=mentee)
    page = text(as_user(mentee).get(path("report_create", mentorship.pk)))
    assert "Nobody has been named yet" in page


def test_a_report_written_in_the_browser_arrives(
    as_user, mentee, mentorship, confidant
):
    answer = as_user(mentee).post(
        path("report_create", mentorship.pk), {"text": SECRET}, follow=True
    )

    assert "Only Vera Trouw can read it" in text(answer)
    assert Report.objects.get().read().text == SECRET


def test_whoever_reported_sees_what_became_of_it_and_nobody_else_does(
    as_user, confidant, sent, mentee, mentor, hr_admin
):
    page = text(as_user(mentee).get(path("report_mine")))
    assert SECRET in page
    assert "received" in page
    assert "within 5 working days" in page
    for other in (mentor, hr_admin, confidant):
        assert SECRET not in text(as_user(other).get(path("report_mine")))

    as_user(confidant).post(path("report_close", sent.pk))

    assert "Vera Trouw closed it" in text(as_user(mentee).get(path("report_mine")))


def test_a_report_that_does_not_open_hides_no_other(as_user, sent, mentee, mentorship):
    send_report(mentorship, "And again.", by=mentee)
    Report.objects.filter(pk=sent.pk).update(mark=uuid.uuid4())

    page = text(as_user(mentee).get(path("report_mine")))

    assert "And again." in page
    assert SECRET not in page


def test_whoever_wrote_it_finds_it_and_no_other_is_opened(
    as_user, sent, mentee, mentor, mentorship, monkeypatch
):
    send_report(mentorship, "Of somebody else.", by=mentor)
    opened, read = [], Report.read
    monkeypatch.setattr(
        Report, "read", lambda report: opened.append(report.pk) or read(report)
    )

    page = text(as_user(mentee).get(path("report_mine")))

    assert SECRET in page
    assert opened == [sent.pk]


def test_two_reports_of_one_person_have_nothing_in_common(sent, mentee, mentorship):
    again = send_report(mentorship, "And again.", by=mentee)

    assert sent.trace != again.trace
    assert set(Report.objects.written_by(mentee)) == {sent, again}


def test_without_the_key_nobody_sees_who_wrote_it(sent, mentee, settings):
    settings.NOTES_KEY = "another"

    assert not Report.objects.written_by(mentee).exists()


def test_whoever_wrote_it_adds_to_it_and_the_reader_hears_that_there_is_something(
    as_user, sent, mentee, confidant
):
    answer = as_user(mentee).post(
        path("report_add", sent.pk), {f"to{sent.pk}-text": "A note."}, follow=True
    )

    assert "A note." in text(answer)
    body = text(as_user(confidant).get(sent.get_absolute_url()))
    assert body.index(SECRET) < body.index("Added on") < body.index("A note.")
    assert Message.objects.filter(kind="report", to=confidant).count() == 2
    assert not Event.objects.filter(by=mentee, about_type="feedback.report").exists()


def test_nothing_is_added_without_a_word(as_user, sent, mentee):
    answer = as_user(mentee).post(
        path("report_add", sent.pk), {f"to{sent.pk}-text": ""}
    )

    assert answer.status_code == 422
    assert "There is a problem" in text(answer)
    assert Report.objects.get().read().later == []


def test_whoever_wrote_it_sees_that_it_is_looked_at(as_user, sent, mentee, confidant):
    as_user(confidant).post(path("report_begin", sent.pk))

    page = text(as_user(mentee).get(path("report_mine")))
    assert "being looked at" in page
    assert "Vera Trouw has been looking at it since" in page
    assert "I am looking at it" not in text(
        as_user(confidant).get(sent.get_absolute_url())
    )


def test_whoever_wrote_it_reads_what_came_of_it_and_no_row_says_so(
    as_user, sent, mentee, confidant
):
    before = Message.objects.count()

    as_user(confidant).post(path("report_close", sent.pk), {"answer": "He moves away."})

    page = text(as_user(mentee).get(path("report_mine")))
    assert "Vera Trouw on" in page
    assert "He moves away." in page
    assert b"moves" not in bytes(Report.objects.get().sealed)
    assert Message.objects.count() == before


def test_an_answer_that_is_too_long_closes_nothing(as_user, sent, confidant):
    answer = as_user(confidant).post(
        path("report_close", sent.pk), {"answer": "x" * 4001}
    )

    assert answer.status_code == 422
    assert Report.objects.get().is_open


def test_what_was_closed_is_closed_once(as_user, sent, confidant):
    for word in ("One.", "Two."):
        as_user(confidant).post(path("report_close", sent.pk), {"answer": word})

    assert [each.text for each in Report.objects.get().read().later] == ["One."]


def test_what_is_added_to_what_was_closed_opens_it_again(sent, mentee, confidant):
    begin_report(sent, by=confidant)
    close_report(sent, "", by=confidant)

    add_to_report(sent, "It goes on.", by=mentee)

    report = Report.objects.get()
    assert report.is_open
    assert report.begun_at is None


def test_who_answered_and_was_erased_has_no_name(as_user, sent, mentee, confidant):
    close_report(sent, "I called him.", by=confidant)
    report = Report.objects.get()
    report.bind_to(factories.UserFactory())
    report.save()
    Confidant.objects.all().delete()
    confidant.delete()

    assert "Whoever read it on" in text(as_user(mentee).get(path("report_mine")))


def test_report_close_keeps_it_to_be_read_again(as_user, confidant, sent):
    client = as_user(confidant)

    client.post(path("report_close", sent.pk))

    assert "closed" in text(client.get(path("report_list")))
    assert SECRET in text(client.get(sent.get_absolute_url()))


def test_home_of_the_named_person_says_that_there_is_something(
    as_user, confidant, sent, coordinator
):
    assert "something for you to read" in text(as_user(confidant).get("/"))
    assert "something for you to read" not in text(as_user(coordinator).get("/"))


def test_the_menu_of_the_named_person_leads_to_reports(
    as_user, confidant, sent, mentee
):
    client = as_user(confidant)
    client.post(path("report_close", sent.pk))
    link = f'href="{path("report_list")}"'

    assert link in text(client.get("/"))
    assert link not in text(as_user(mentee).get("/"))


def test_who_was_named_once_still_finds_what_was_sent(as_user, confidant, sent):
    name_confidant(None, factories.UserFactory(), by=confidant)

    assert f'href="{path("report_list")}"' in text(as_user(confidant).get("/"))
