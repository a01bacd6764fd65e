"""Reports that wait with somebody who left go to another, and nobody reads them."""

from django.core.mail import EmailMessage
from django.urls import reverse

from feedback.actions import (
    add_to_report,
    begin_report,
    close_report,
    hand_over_reports,
    name_confidant,
)
from feedback.models import Confidant, Report
from feedback.tasks import tell_of_handing_over, warn_of_confidants
from history.models import Event
from outbox.delivery import deliver
from outbox.models import Message
from people.models import User
from tests import factories
from tests.feedback.conftest import SECRET


def path(name, *args):
    return reverse(f"feedback:{name}", args=args)


def text(response):
    return response.content.decode()


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
