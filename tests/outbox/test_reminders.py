"""One reminder a person a day, in working hours, with what falls due besides."""

import smtplib
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail

from mentoring import branding
from outbox.delivery import deliver
from outbox.kinds import Content
from outbox.models import Bounce, Message, Preference, SwitchedOff, Wording
from outbox.tasks import send_due
from people.models import Absence, Organisation

State = Message.State
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
# A Tuesday at ten.
NOW = datetime(2027, 1, 12, 10, tzinfo=AMSTERDAM)


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def reminder(letter, kind, clock):
    """A row of a kind that counts for one reminder a day."""
    for key in ("check_in", "pulse", "digest"):
        kind(key, is_reminder=True)

    def write(key="check_in", **fields):
        return letter(kind=key, **{"not_before": NOW, **fields})

    return write


def state_of(*messages):
    return [Message.objects.get(pk=each.pk).state for each in messages]


def test_what_falls_due_together_is_one_mail(reminder, mentee):
    first, second = reminder("check_in"), reminder("digest")

    send_due()

    [found] = mail.outbox
    assert found.to == [mentee.email]
    assert found.subject.endswith("and one thing more")
    assert "Your week in Wegwijs" in str(found.alternatives[0][0])
    assert "YOUR WEEK IN WEGWIJS" in found.body
    assert state_of(first, second) == [State.SENT, State.SENT]
    assert Message.objects.get(pk=second.pk).sent_with == first


def test_what_extends_another_mail_says_it_in_one_mail_too(reminder, letter, kind):
    """The second link for logging is worded as the first."""
    session = SimpleNamespace(starts_at=NOW, minutes=45)
    kind(
        "session_log_again",
        lambda _message: Content({"session": session, "action_path": "/log/"}),
        is_reminder=True,
    )
    reminder("check_in")
    letter(kind="session_log_again", not_before=NOW)

    send_due()

    [found] = mail.outbox
    assert "45 minutes" in found.body
    assert "45 minutes" in str(found.alternatives[0][0])
    assert "Log it in one tap" in str(found.alternatives[0][0])


def test_what_falls_due_together_has_the_colour_of_the_organisation(reminder):
    Organisation.objects.create(pk=1, accent="#7a1f5c")
    branding.forget()
    reminder("check_in")
    reminder("digest")

    send_due()

    [found] = mail.outbox
    html = str(found.alternatives[0][0])
    assert html.count("background:#7a1f5c;color:#ffffff") == 2
    assert "background:#0b6a6a" not in html


def test_one_that_falls_due_later_today_travels_along(reminder):
    later = reminder("digest", not_before=NOW + timedelta(hours=5))
    reminder("check_in")

    send_due()

    assert state_of(later) == [State.SENT]
    assert len(mail.outbox) == 1


def test_one_that_falls_due_tomorrow_waits(reminder):
    tomorrow = reminder("digest", not_before=NOW + timedelta(hours=15))
    reminder("check_in")

    send_due()

    assert state_of(tomorrow) == [State.PLANNED]


def test_the_second_of_a_day_comes_the_next_working_morning(
    office_hours, reminder, clock
):
    reminder("check_in")
    send_due()
    second = reminder("digest", not_before=NOW + timedelta(hours=1))
    clock.move_to(NOW + timedelta(hours=2))
    send_due()

    second.refresh_from_db()
    assert second.not_before == datetime(2027, 1, 13, 9, tzinfo=AMSTERDAM)

    clock.move_to(second.not_before)
    send_due()
    assert state_of(second) == [State.SENT]
    assert len(mail.outbox) == 2


def test_two_workers_at_once_send_one(reminder):
    reminder("check_in"), reminder("digest")
    [one] = Message.objects.claim_due(limit=1)
    [other] = Message.objects.claim_due(limit=1)

    deliver(one)
    deliver(other)

    assert len(mail.outbox) == 1
    other.refresh_from_db()
    assert (other.state, other.lease_until) == (State.PLANNED, None)


def test_news_is_no_reminder_and_goes_at_once(letter, reminder):
    reminder("check_in")
    letter(not_before=NOW)
    letter(not_before=NOW)

    send_due()

    assert len(mail.outbox) == 3


def test_different_people_have_each_their_own_day(reminder, mentor, mentee):
    reminder(to=mentor)
    reminder(to=mentee)

    send_due()

    assert sorted(each.to[0] for each in mail.outbox) == sorted(
        [mentor.email, mentee.email]
    )


def test_a_day_is_that_of_the_place(reminder, mentee, clock):
    mentee.time_zone = "Asia/Tokyo"
    mentee.save()
    # Eleven in the evening in Tokyo, and past midnight two hours later.
    evening = datetime(2027, 1, 12, 23, tzinfo=ZoneInfo("Asia/Tokyo"))
    clock.move_to(evening)
    reminder("check_in", not_before=evening)
    send_due()
    reminder("digest", not_before=evening + timedelta(hours=2))
    clock.move_to(evening + timedelta(hours=2))
    send_due()

    assert len(mail.outbox) == 2


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2027-01-12T20:00", "2027-01-13T09:00"),
        ("2027-01-16T10:00", "2027-01-18T09:00"),
        # King's Day, on which nobody in the Netherlands works.
        ("2027-04-27T10:00", "2027-04-28T09:00"),
    ],
)
def test_a_reminder_waits_for_working_hours(office_hours, reminder, clock, now, then):
    moment = datetime.fromisoformat(now).replace(tzinfo=AMSTERDAM)
    clock.move_to(moment)
    message = reminder(not_before=moment)

    send_due()

    message.refresh_from_db()
    assert message.state == State.PLANNED
    assert message.not_before == datetime.fromisoformat(then).replace(tzinfo=AMSTERDAM)
    assert mail.outbox == []


def test_after_three_days_of_standstill_one_mail_with_the_newest(
    office_hours, reminder, clock, mentorship
):
    about = {"about_type": "mentorships.mentorship", "about_id": mentorship.pk}
    old = [
        reminder(occasion=f"day-{day}", not_before=NOW + timedelta(days=day), **about)
        for day in range(3)
    ]
    other = reminder("digest")
    clock.move_to(NOW + timedelta(days=3))

    send_due()

    assert len(mail.outbox) == 1
    assert state_of(*old) == [State.DROPPED, State.DROPPED, State.SENT]
    assert state_of(other) == [State.SENT]


def test_what_lasts_a_day_is_dropped_after_it(reminder, kind, clock):
    kind("digest", is_reminder=True, lasts=timedelta(days=1))
    message = reminder("digest")
    clock.move_to(NOW + timedelta(days=1, minutes=1))

    send_due()

    assert state_of(message) == [State.DROPPED]


def test_one_that_is_no_longer_true_does_not_take_the_day(reminder, kind):
    reminder("check_in")
    kind("check_in", content=lambda _message: None, is_reminder=True)
    send_due()
    reminder("digest")
    send_due()

    assert len(mail.outbox) == 1


def test_one_whose_text_fails_holds_up_no_other(reminder, kind):
    def fail(_message):
        raise ZeroDivisionError

    kind("check_in", content=fail, is_reminder=True)
    broken, well = reminder("check_in"), reminder("digest")

    send_due()

    assert state_of(broken, well) == [State.PLANNED, State.SENT]


def test_one_click_switches_off_all_that_was_in_the_mail(reminder, kind, client):
    kind("first_step", is_reminder=True, may_switch_off=False)
    for key in ("check_in", "digest", "first_step"):
        reminder(key)
    send_due()

    link = mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>")
    client.post(link.removeprefix("http://127.0.0.1:8000"))

    off = Preference.objects.filter(wanted=False).values_list("kind", flat=True)
    assert sorted(off) == ["check_in", "digest"]


def test_each_part_has_its_own_button_and_reply_goes_to_a_person(reminder, kind):
    for key in ("check_in", "digest"):
        path = f"/{key}/"
        kind(
            key,
            content=lambda _message, path=path: Content(
                {"action_path": path}, reply_to="mentor@example.org"
            ),
            is_reminder=True,
        )
        reminder(key)

    send_due()

    html = str(mail.outbox[0].alternatives[0][0])
    assert 'href="http://127.0.0.1:8000/check_in/"' in html
    assert 'href="http://127.0.0.1:8000/digest/"' in html
    assert mail.outbox[0].reply_to == ["mentor@example.org"]


# --- when the mail server does not take it


def refuse(monkeypatch, error):
    def send(*_args):
        raise error

    monkeypatch.setattr(
        "django.core.mail.backends.locmem.EmailBackend.send_messages", send
    )


def test_after_a_failure_all_go_together_once_under_the_first_name(
    reminder, clock, monkeypatch
):
    first, second = reminder("check_in"), reminder("digest")
    with monkeypatch.context() as broken:
        refuse(broken, ConnectionResetError())
        send_due()
    assert state_of(first, second) == [State.PLANNED, State.PLANNED]

    clock.move_to(NOW + timedelta(minutes=2))
    send_due()

    assert len(mail.outbox) == 1
    assert mail.outbox[0].extra_headers["Message-ID"] == first.message_id
    assert state_of(first, second) == [State.SENT, State.SENT]


def test_an_address_that_is_refused_for_good_is_left_alone(
    letter, reminder, monkeypatch, mentee
):
    gone = smtplib.SMTPRecipientsRefused({mentee.email: (550, b"no such user")})
    with monkeypatch.context() as broken:
        refuse(broken, gone)
        first = letter(not_before=NOW)
        send_due()

    assert Bounce.objects.of(mentee.email.upper()).exists()
    needed, nice = letter(not_before=NOW), reminder()
    send_due()

    assert state_of(first, needed, nice) == [State.FAILED, State.FAILED, State.DROPPED]
    assert mail.outbox == []


def test_an_address_that_is_refused_for_now_is_tried_again(
    letter, monkeypatch, mentee, clock
):
    full = smtplib.SMTPRecipientsRefused({mentee.email: (452, b"mailbox full")})
    with monkeypatch.context() as broken:
        refuse(broken, full)
        message = letter(not_before=NOW)
        send_due()

    assert state_of(message) == [State.PLANNED]
    assert not Bounce.objects.exists()
    assert "452" in Message.objects.get().last_error


def test_what_the_server_said_is_kept_without_the_address(
    letter, monkeypatch, mentee, clock
):
    refuse(monkeypatch, smtplib.SMTPDataError(554, f"<{mentee.email}> not today"))
    letter(not_before=NOW)

    send_due()

    error = Message.objects.get().last_error
    assert "554" in error
    assert mentee.email not in error


def test_sending_again_lifts_the_bounce(as_user, hr_admin, letter, mentee, clock):
    Bounce.objects.create(email=mentee.email)
    message = letter(state=State.FAILED, last_error="bounced", not_before=NOW)

    as_user(hr_admin).post("/messages/failed/settle/", {"message": message.pk})
    send_due()

    assert state_of(message) == [State.SENT]
    assert not Bounce.objects.exists()


# --- what a programme decides


def test_a_programme_can_switch_a_kind_off_for_itself(letter, program, clock):
    SwitchedOff.objects.create(program_id=program.pk, kind="joined")
    here = letter(not_before=NOW, program_id=program.pk)
    elsewhere = letter(not_before=NOW, program_id=program.pk + 1)

    send_due()

    assert state_of(here, elsewhere) == [State.DROPPED, State.SENT]


def test_a_programme_says_it_in_its_own_words(letter, kind, program, clock):
    kind(content=lambda _message: Content({"other_names": "Mentor Mo"}))
    Wording.objects.create(
        program_id=program.pk,
        kind="joined",
        language="en",
        subject="Welcome, {name}",
        body="You will meet { others }.\n\nBring {cake}.",
    )
    letter(not_before=NOW, program_id=program.pk)

    send_due()

    [found] = mail.outbox
    assert found.subject == "Welcome, Mentee"
    assert "You will meet Mentor Mo." in found.body
    assert "Bring {cake}." in found.body
    assert "<p>You will meet Mentor Mo.</p>" in str(found.alternatives[0][0])


def test_in_the_other_language_it_is_said_as_shipped(letter, program, mentee, clock):
    mentee.language = "nl"
    mentee.save()
    Wording.objects.create(
        program_id=program.pk, kind="joined", language="en", subject="Own words"
    )
    letter(not_before=NOW, program_id=program.pk)

    send_due()

    assert mail.outbox[0].subject != "Own words"


def test_own_words_cannot_bring_in_markup(letter, program, clock):
    Wording.objects.create(
        program_id=program.pk, kind="joined", language="en", body="<b>Bold</b>"
    )
    letter(not_before=NOW, program_id=program.pk)

    send_due()

    assert "&lt;b&gt;" in str(mail.outbox[0].alternatives[0][0])


def test_own_words_stand_in_a_mail_with_others_too(reminder, program):
    Wording.objects.create(
        program_id=program.pk, kind="check_in", language="en", body="Own words."
    )
    reminder("check_in", program_id=program.pk)
    reminder("digest")

    send_due()

    assert "Own words." in mail.outbox[0].body
    assert "<p>Own words.</p>" in str(mail.outbox[0].alternatives[0][0])


def test_a_reminder_waits_until_somebody_is_back_and_then_comes_once(
    reminder, mentee, clock
):
    # Until the Friday of next week; they are back on the Monday after.
    Absence.objects.create(
        user=mentee, starts_on=date(2027, 1, 11), ends_on=date(2027, 1, 22)
    )
    first = reminder("check_in", about_id=1, occasion="day-3")
    second = reminder("check_in", about_id=1, occasion="day-7")

    send_due()
    assert not mail.outbox
    clock.move_to(NOW + timedelta(days=7))
    send_due()
    assert not mail.outbox

    clock.move_to(datetime(2027, 1, 25, 9, 30, tzinfo=AMSTERDAM))
    send_due()

    assert len(mail.outbox) == 1
    assert sorted(state_of(first, second)) == sorted([State.DROPPED, State.SENT])


def test_what_happened_is_told_to_somebody_who_is_away(letter, mentee, clock):
    Absence.objects.create(
        user=mentee, starts_on=date(2027, 1, 11), ends_on=date(2027, 1, 22)
    )
    letter(not_before=NOW)

    send_due()

    assert len(mail.outbox) == 1
