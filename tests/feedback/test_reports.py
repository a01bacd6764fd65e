"""Serious reports: one person reads them, and nobody else finds out."""

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from feedback.actions import (
    add_to_report,
    begin_report,
    close_report,
    hand_over_reports,
    name_confidant,
    send_report,
)
from feedback.models import Confidant, Report
from feedback.tasks import tell_of_handing_over, warn_of_confidants
from history.models import Event, Press
from mentoring.sealing import CannotOpen
from outbox.delivery import deliver
from outbox.models import Message
from people.actions import leave
from people.models import User
from programs.models import Role
from tests import factories

SECRET = "He waits for me at my car."


@pytest.fixture
def confidant(program):
    user = factories.UserFactory(name="Vera Trouw", email="vera@example.org")
    name_confidant(None, user, by=user)
    return user


@pytest.fixture
def sent(mentorship, mentee, confidant):
    return send_report(mentorship, SECRET, by=mentee)


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


def test_the_person_of_a_programme_goes_before_that_of_the_organisation(
    program, confidant, mentorship
):
    own = factories.UserFactory()
    name_confidant(program, own, by=own)

    assert Confidant.of(mentorship) == own


def test_who_is_in_the_mentorship_does_not_read_what_is_reported_of_it(
    program, confidant, mentorship, mentor
):
    name_confidant(program, mentor, by=mentor)

    assert Confidant.of(mentorship) == confidant


def test_who_runs_the_programme_does_not_read_what_is_reported_of_it(
    program, confidant, mentorship, coordinator, hr_admin, as_user
):
    for user in (coordinator, hr_admin):
        name_confidant(program, user, by=user)
        assert Confidant.of(mentorship) == confidant

        answer = as_user(hr_admin).post(
            path("confidant_list"), {"email": user.email, "program": program.pk}
        )
        assert answer.status_code == 422
        assert "somebody outside of them" in text(answer)


@pytest.fixture
def runner(program):
    """Somebody who runs the programme."""
    user = factories.UserFactory(name="Rik Regelaar", email="rik@example.org")
    factories.ParticipantFactory(program=program, user=user, role=Role.COORDINATOR)
    return user


def test_whoever_runs_a_programme_is_not_named_for_all(
    as_user, hr_admin, confidant, mentorship, runner
):
    answer = as_user(hr_admin).post(
        path("confidant_list"), {"email": runner.email, "program": ""}
    )

    assert answer.status_code == 422
    assert "somebody outside of them" in text(answer)
    assert Confidant.of(mentorship) == confidant


def test_confidant_list_says_who_is_replaced(as_user, hr_admin, confidant):
    factories.UserFactory(name="Nora Nieuw", email="nora@example.org")
    client = as_user(hr_admin)

    assert "the whole organisation (now Vera Trouw)" in text(
        client.get(path("confidant_list"))
    )
    answer = client.post(
        path("confidant_list"), {"email": "nora@example.org"}, follow=True
    )

    assert "Reports go to Nora Nieuw from now on" in text(answer)
    assert "Vera Trouw no longer gets them" in text(answer)


def test_confidant_list_says_where_nobody_is_left(
    as_user, hr_admin, confidant, mentorship, mentor, program
):
    client = as_user(hr_admin)
    assert "Where nobody can report" not in text(client.get(path("confidant_list")))

    page = text(
        client.post(path("confidant_list"), {"email": mentor.email}, follow=True)
    )

    assert Confidant.of(mentorship) is None
    assert "In 1 mentorship nobody can report anything now" in page
    assert "Where nobody can report" in page
    name_confidant(program, confidant, by=hr_admin)
    assert "Where nobody can report" not in text(client.get(path("confidant_list")))


@pytest.mark.parametrize("who", ["outside", "runs it", "in it", "left", "HR"])
def test_without_reader_and_who_reads_agree(
    program, mentorship, confidant, runner, mentor, hr_admin, who
):
    user = {"runs it": runner, "in it": mentor, "HR": hr_admin}.get(who, confidant)
    name_confidant(None, user, by=user)
    if who == "left":
        leave(confidant, by=None)

    lacking = list(Confidant.without_reader())

    assert lacking == ([] if who == "outside" else [mentorship])
    assert (Confidant.of(mentorship) is None) == (who != "outside")
    name_confidant(program, factories.UserFactory(), by=user)
    assert not Confidant.without_reader().exists()


def test_hr_hears_once_that_the_named_person_runs_the_programme_now(
    as_user, hr_admin, confidant, mentorship, program, mailoutbox
):
    warn_of_confidants()
    assert not Message.objects.filter(kind="without_reader").exists()
    factories.ParticipantFactory(program=program, user=confidant, role=Role.COORDINATOR)

    for _time in range(2):
        warn_of_confidants()

    deliver(Message.objects.get(kind="without_reader"))
    [mail] = mailoutbox
    assert mail.to == [hr_admin.email]
    assert "In 1 mentorship of" in mail.body
    assert "nobody can report anything" in text(as_user(hr_admin).get("/"))


def test_hr_hears_nothing_of_it_once_somebody_else_is_named(
    hr_admin, confidant, mentorship, program, mentor, mailoutbox
):
    name_confidant(None, mentor, by=hr_admin)
    warn_of_confidants()
    name_confidant(None, confidant, by=hr_admin)

    deliver(Message.objects.get(kind="without_reader"))

    assert mailoutbox == []


def test_who_left_reads_nothing_any_more(mentorship, confidant):
    User.objects.filter(pk=confidant.pk).update(
        is_active=False, left_on=timezone.localdate()
    )

    assert Confidant.of(mentorship) is None


def test_there_is_one_named_person_for_the_organisation(confidant):
    with pytest.raises(IntegrityError), transaction.atomic():
        Confidant.objects.create(program=None, user=factories.UserFactory())


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


def test_what_was_said_goes_along_to_who_takes_it_over(
    as_user, sent, mentee, gone, successor, hr_admin
):
    close_report(sent, "I called him.", by=gone)
    add_to_report(sent, "It goes on.", by=mentee)
    begin_report(sent, by=gone)

    hand_over_reports(gone, successor, by=hr_admin)

    body = text(as_user(successor).get(sent.get_absolute_url()))
    assert "Vera Trouw on" in body
    assert "I called him." in body
    assert "It goes on." in body
    assert "I am looking at it" in body


def test_who_answered_and_was_erased_has_no_name(as_user, sent, mentee, confidant):
    close_report(sent, "I called him.", by=confidant)
    report = Report.objects.get()
    report.bind_to(factories.UserFactory())
    report.save()
    Confidant.objects.all().delete()
    confidant.delete()

    assert "Whoever read it on" in text(as_user(mentee).get(path("report_mine")))


def test_who_has_no_mentorship_reads_whom_to_write_to(as_user, confidant, outsider):
    page = text(as_user(outsider).get(path("report_mine")))

    assert "vera@example.org" in page


def test_who_has_no_mentorship_is_not_sent_to_whoever_runs_their_programme(
    as_user, confidant, outsider, program
):
    factories.ParticipantFactory(program=program, user=outsider, role=Role.MENTEE)
    factories.ParticipantFactory(program=program, user=confidant, role=Role.COORDINATOR)

    page = text(as_user(outsider).get(path("report_mine")))

    assert "vera@example.org" not in page
    assert "the confidential adviser of your organisation" in page


def test_nobody_is_sent_to_themselves(as_user, confidant):
    page = text(as_user(confidant).get(path("report_mine")))

    assert "Without a mentorship you can write to" not in page


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


def test_confidant_list_names_and_removes(as_user, hr_admin, mentorship):
    named = factories.UserFactory(email="vera@example.org")
    client = as_user(hr_admin)

    client.post(path("confidant_list"), {"email": "VERA@example.org", "program": ""})
    assert Confidant.of(mentorship) == named
    client.post(path("confidant_remove", Confidant.objects.get().pk))

    assert Confidant.of(mentorship) is None


@pytest.fixture
def gone(sent, confidant):
    """The named person left the company while a report waits."""
    leave(confidant, by=None)
    confidant.refresh_from_db()
    return confidant


@pytest.fixture
def successor(gone):
    user = factories.UserFactory(name="Nora Nieuw", email="nora@example.org")
    name_confidant(None, user, by=user)
    return user


def test_what_waits_with_who_left_is_read_by_whom_it_is_handed_to(
    as_user, hr_admin, sent, gone, successor, mentee
):
    answer = as_user(hr_admin).post(
        path("report_hand_over", gone.pk), {"to": successor.pk}, follow=True
    )

    assert "1 report is with Nora Nieuw now" in text(answer)
    body = text(as_user(successor).get(sent.get_absolute_url()))
    assert SECRET in body
    assert mentee.name in body
    assert "Handed over to you" in body
    assert not Report.objects.visible_to(gone).exists()
    assert Event.objects.get(verb="handed over").by == hr_admin
    assert Message.objects.filter(kind="report", to=successor).count() == 1


def test_hr_reads_nothing_of_what_it_hands_over(as_user, hr_admin, sent, gone, mentee):
    client = as_user(hr_admin)

    for page in (path("report_hand_over", gone.pk), path("confidant_list")):
        body = text(client.get(page))
        assert "1 open report" in body
        assert SECRET not in body
        assert mentee.name not in body
    assert client.get(sent.get_absolute_url()).status_code == 404


def test_whoever_wrote_it_is_told_once_and_no_row_says_who(
    gone, successor, hr_admin, mentee, mailoutbox
):
    hand_over_reports(gone, successor, by=hr_admin)
    before = Message.objects.count()

    assert [tell_of_handing_over(), tell_of_handing_over()] == [1, 0]

    [mail] = mailoutbox
    assert mail.to == [mentee.email]
    assert mail.reply_to == [successor.email]
    assert "Nora Nieuw" in mail.subject
    assert SECRET not in mail.body
    assert Message.objects.count() == before


def _refuse(*_args, **_given):
    raise ConnectionRefusedError


def test_a_mail_server_that_is_away_is_tried_again(
    gone, successor, hr_admin, mailoutbox, monkeypatch
):
    hand_over_reports(gone, successor, by=hr_admin)
    with monkeypatch.context() as away:
        away.setattr(EmailMessage, "send", _refuse)
        assert tell_of_handing_over() == 0

    assert tell_of_handing_over() == 1
    assert len(mailoutbox) == 1


def test_whoever_wrote_it_and_left_is_not_told(
    gone, successor, hr_admin, mentee, mailoutbox
):
    User.objects.filter(pk=mentee.pk).update(is_active=False)
    hand_over_reports(gone, successor, by=hr_admin)

    assert tell_of_handing_over() == 0
    assert mailoutbox == []


def test_a_report_is_not_handed_to_somebody_in_the_mentorship(
    as_user, sent, gone, hr_admin, mentor
):
    name_confidant(None, mentor, by=hr_admin)

    answer = as_user(hr_admin).post(
        path("report_hand_over", gone.pk), {"to": mentor.pk}, follow=True
    )

    assert "cannot go to" in text(answer)
    sent.refresh_from_db()
    assert sent.to == gone
    assert sent.read().text == SECRET


def test_what_a_colleague_handed_over_a_moment_before_is_not_announced_again(
    sent, gone, successor, hr_admin, monkeypatch
):
    """Between looking and moving it, it goes to somebody else."""
    bind = Report.bind_to

    def late(report, user):
        Report.objects.filter(pk=report.pk).update(to=hr_admin)
        bind(report, user)

    monkeypatch.setattr(Report, "bind_to", late)

    assert hand_over_reports(gone, successor, by=hr_admin) == (0, 0)

    assert not Message.objects.filter(kind="report", to=successor).exists()
    assert not Event.objects.filter(verb="handed over").exists()


def test_only_who_is_named_can_take_reports_over(
    as_user, hr_admin, gone, successor, coordinator
):
    answer = as_user(hr_admin).post(
        path("report_hand_over", gone.pk), {"to": coordinator.pk}
    )

    assert answer.status_code == 422
    assert Report.objects.get().to == gone


def test_without_another_named_person_the_page_says_to_name_one(
    as_user, hr_admin, gone
):
    page = as_user(hr_admin).get(path("report_hand_over", gone.pk))

    assert "Name somebody first" in text(page)


def test_what_somebody_still_reads_is_not_handed_over(
    as_user, hr_admin, sent, confidant
):
    client = as_user(hr_admin)

    assert client.get(path("report_hand_over", confidant.pk)).status_code == 404
    assert "wait for somebody" not in text(client.get(path("confidant_list")))


def test_who_is_named_no_more_reads_on_until_it_is_handed_over(
    as_user, hr_admin, sent, confidant
):
    other = factories.UserFactory()
    name_confidant(None, other, by=hr_admin)

    assert SECRET in text(as_user(confidant).get(sent.get_absolute_url()))
    assert "not named any more" in text(as_user(hr_admin).get(path("confidant_list")))
    assert hand_over_reports(confidant, other, by=hr_admin) == (1, 0)
    assert as_user(confidant).get(sent.get_absolute_url()).status_code == 404


def test_what_is_closed_stays_with_whom_it_was_written_to(
    as_user, sent, confidant, hr_admin
):
    as_user(confidant).post(path("report_close", sent.pk))
    other = factories.UserFactory()
    name_confidant(None, other, by=hr_admin)

    assert hand_over_reports(confidant, other, by=hr_admin) == (0, 0)


def test_nobody_with_whom_reports_wait_is_removed_without_another(
    as_user, hr_admin, sent, confidant
):
    answer = as_user(hr_admin).post(
        path("confidant_remove", Confidant.objects.get().pk), follow=True
    )

    assert "Name somebody in their place first" in text(answer)
    assert Confidant.objects.exists()


def test_hr_hears_once_that_the_named_person_left(as_user, gone, hr_admin, mailoutbox):
    for _time in range(2):
        warn_of_confidants()

    deliver(Message.objects.get(kind="confidant_left"))
    [mail] = mailoutbox
    assert mail.to == [hr_admin.email]
    assert "Vera Trouw" in mail.body
    assert "1 report waits" in mail.body
    assert SECRET not in mail.body
    assert "Somebody else has to read reports" in text(as_user(hr_admin).get("/"))


def test_hr_hears_nothing_once_somebody_came_in_their_place(
    gone, successor, hr_admin, mailoutbox
):
    warn_of_confidants()
    hand_over_reports(gone, successor, by=hr_admin)
    Message.objects.exclude(kind="confidant_left").delete()

    deliver(Message.objects.get())

    assert mailoutbox == []


def test_while_the_named_person_works_here_hr_hears_nothing(sent, hr_admin):
    warn_of_confidants()

    assert not Message.objects.filter(kind="confidant_left").exists()


def test_confidant_list_wants_somebody_who_works_here(as_user, hr_admin):
    answer = as_user(hr_admin).post(path("confidant_list"), {"email": "x@example.org"})

    assert answer.status_code == 422
    assert "Nobody with this address works here." in text(answer)
