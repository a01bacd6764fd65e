from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone

from history.models import Event
from mentorships import actions
from mentorships.models import (
    Agreement,
    Concern,
    EndReason,
    FitCheck,
    MentoringSession,
    Mentorship,
    Signature,
)
from outbox.models import Message
from outbox.tasks import send_due
from programs.models import Role
from tests import factories
from tests.mentorships.pages import at, text


def words(seen=0, **fields):
    return {
        "seen": seen,
        "minutes": 60,
        "channel": "By video",
        "confidentiality": "All of it",
        "expectations": "We are on time",
        "first_goal": "Chair a meeting",
        **fields,
    }


def day(days):
    return f"{timezone.localdate() + timedelta(days=days)}"


# --- agreement


def test_who_writes_the_agreement_signs_it_and_the_other_signs_too(
    as_mentee, as_mentor, mentorship
):
    url = at("agreement", mentorship.pk)
    assert as_mentee.post(url, words()).status_code == 302

    agreement = Agreement.objects.get()
    assert not agreement.is_signed
    assert "waits for your name" in text(as_mentor.get(mentorship.get_absolute_url()))
    assert "We are on time" in text(as_mentor.get(url))

    as_mentor.post(at("agreement_sign", mentorship.pk), {"version": 1})
    assert Agreement.objects.get().is_signed
    assert "signed by all" in text(as_mentor.get(mentorship.get_absolute_url()))


def test_in_a_group_one_waits_for_the_others(as_mentee, mentorship):
    factories.MemberFactory(mentorship=mentorship, role=Role.MENTEE)

    as_mentee.post(at("agreement", mentorship.pk), words())

    assert "waits for the others" in text(as_mentee.get(mentorship.get_absolute_url()))


def test_a_change_is_signed_anew(as_mentee, as_mentor, mentorship):
    url = at("agreement", mentorship.pk)
    as_mentee.post(url, words())
    as_mentor.post(at("agreement_sign", mentorship.pk), {"version": 1})

    as_mentor.post(url, words(seen=1, channel="In the canteen"))

    agreement = Agreement.objects.get()
    assert (agreement.version, agreement.channel) == (2, "In the canteen")
    assert not agreement.is_signed
    assert Signature.objects.count() == 3


def test_the_rhythm_is_part_of_what_they_agree_on(as_mentee, mentorship):
    url = at("agreement", mentorship.pk)
    assert 'value="14" selected' in text(as_mentee.get(url))

    as_mentee.post(url, words(rhythm_days=30))

    mentorship.refresh_from_db()
    assert mentorship.rhythm_days == 30
    assert "monthly" in text(as_mentee.get(url))


def test_of_two_who_change_it_at_once_the_second_looks_again(
    as_mentee, as_mentor, mentorship
):
    url = at("agreement", mentorship.pk)
    as_mentee.post(url, words())

    response = as_mentor.post(url, words(channel="My own words"))

    assert response.status_code == 422
    assert "changed this in the meantime" in text(response)
    assert "My own words" in text(response)
    assert Agreement.objects.get().channel == "By video"


def test_an_earlier_version_is_not_signed(as_mentor, as_mentee, mentorship, mentor):
    as_mentee.post(at("agreement", mentorship.pk), words())
    as_mentee.post(at("agreement", mentorship.pk), words(seen=1, channel="Elsewhere"))

    response = as_mentor.post(
        at("agreement_sign", mentorship.pk), {"version": 1}, follow=True
    )

    assert "changed this in the meantime" in text(response)
    assert not Signature.objects.filter(member__participant__user=mentor).exists()


def test_signing_twenty_times_is_one_signature(as_mentee, as_mentor, mentorship):
    as_mentee.post(at("agreement", mentorship.pk), words())

    for _time in range(20):
        as_mentor.post(at("agreement_sign", mentorship.pk), {"version": 1})

    assert Signature.objects.count() == 2


# --- pause, extension, name


def test_a_pause_calls_off_what_was_planned_before_its_end(
    as_mentee, mentorship, mentor, mentee
):
    for days in (5, 40):
        factories.MentoringSessionFactory(
            mentorship=mentorship, starts_at=timezone.now() + timedelta(days=days)
        )

    as_mentee.post(at("mentorship_pause", mentorship.pk), {"pause-until": day(30)})

    mentorship.refresh_from_db()
    assert mentorship.is_paused
    assert [each.state for each in MentoringSession.objects.all()] == [
        "missed",
        "planned",
    ]
    assert [each.to for each in Message.objects.filter(kind="paused")] == [mentor]
    assert "Your mentorship is paused" in text(
        as_mentee.get(mentorship.get_absolute_url())
    )


def test_nobody_is_reminded_in_a_pause_nor_right_after_it(mentorship, mentee):
    now = timezone.now()
    assert mentorship in Mentorship.objects.quiet_at(now)

    actions.pause_mentorship(
        mentorship, timezone.localdate() + timedelta(days=20), by=mentee
    )

    quiet = Mentorship.objects.quiet_at
    assert mentorship not in quiet(now)
    assert mentorship not in quiet(now + timedelta(days=30))
    assert mentorship in quiet(now + timedelta(days=43))


def test_one_goes_on_earlier(as_mentee, mentorship, mentee):
    actions.pause_mentorship(
        mentorship, timezone.localdate() + timedelta(days=20), by=mentee
    )

    url = at("mentorship_resume", mentorship.pk)
    first, second = (text(as_mentee.post(url, follow=True)) for _time in range(2))

    mentorship.refresh_from_db()
    assert not mentorship.is_paused
    assert "You go on." in first
    assert "You go on." not in second


def test_more_time_is_told_to_the_others(as_mentee, mentorship, mentor):
    as_mentee.post(at("mentorship_extend", mentorship.pk), {"extend-until": day(300)})

    mentorship.refresh_from_db()
    assert mentorship.last_day == timezone.localdate() + timedelta(days=300)
    assert [each.to for each in Message.objects.filter(kind="extended")] == [mentor]


@pytest.mark.parametrize("days", [200, 199])
def test_less_time_is_no_more_time(as_mentee, mentorship, program, days):
    program.ends_on = timezone.localdate() + timedelta(days=200)
    program.save()

    response = as_mentee.post(
        at("mentorship_extend", mentorship.pk), {"extend-until": day(days)}
    )

    assert response.status_code == 422
    assert "until then you go on anyway" in text(response)
    mentorship.refresh_from_db()
    assert mentorship.ends_on is None
    assert not Message.objects.filter(kind="extended").exists()


# --- rhythm


def test_another_rhythm_is_told_to_the_others(as_mentee, mentorship, mentor):
    url = at("mentorship_rhythm", mentorship.pk)

    page = text(as_mentee.post(url, {"rhythm_days": 30}, follow=True))
    send_due()

    assert "Your rhythm is changed." in page
    [found] = mail.outbox
    assert found.to == [mentor.email]
    assert found.subject == "You meet monthly: Mentee Mia"


def test_only_the_last_rhythm_is_told(as_mentee, mentorship, mentor):
    for rhythm in (30, 14, 7):
        as_mentee.post(at("mentorship_rhythm", mentorship.pk), {"rhythm_days": rhythm})
    send_due()

    assert [each.subject for each in mail.outbox] == ["You meet weekly: Mentee Mia"]


def test_the_rhythm_that_there_is_is_no_change(as_mentee, mentorship):
    url = at("mentorship_rhythm", mentorship.pk)

    page = text(as_mentee.post(url, {"rhythm_days": 14}, follow=True))

    assert "Your rhythm is changed." not in page
    assert not Event.objects.filter(verb="rhythm changed").exists()
    assert not Message.objects.filter(kind="rhythm_changed").exists()


def test_after_the_end_the_rhythm_stays_as_it_was(as_mentee, mentorship):
    mentorship.end()
    url = at("mentorship_rhythm", mentorship.pk)

    page = text(as_mentee.post(url, {"rhythm_days": 30}, follow=True))

    assert "This mentorship has ended." in page
    assert "Your rhythm is changed." not in page
    mentorship.refresh_from_db()
    assert mentorship.rhythm_days == 14
    assert not Event.objects.filter(verb="rhythm changed").exists()


@pytest.mark.parametrize(
    ("name", "field"),
    [("mentorship_pause", "pause-until"), ("mentorship_extend", "extend-until")],
)
def test_a_day_that_has_passed_is_refused_in_words(as_mentee, mentorship, name, field):
    response = as_mentee.post(at(name, mentorship.pk), {field: "2020-01-01"})

    assert response.status_code == 422
    assert "still to come" in text(response)


def test_nothing_of_its_course_changes_after_the_end(mentorship, mentee):
    mentorship.end()
    later = timezone.localdate() + timedelta(days=30)

    for change in (actions.pause_mentorship, actions.extend_mentorship):
        with pytest.raises(ValidationError, match="has ended"):
            change(mentorship, later, by=mentee)


# --- does it click, and is something off


def test_a_fit_check_is_asked_after_the_first_session(as_mentee, mentorship, past):
    page = mentorship.get_absolute_url()
    assert "Does it click?" not in text(as_mentee.get(page))

    MentoringSession.objects.update(state="held")
    assert "Does it click?" in text(as_mentee.get(page))


@pytest.mark.parametrize(
    ("answer", "sentence"), [("yes", "Good to hear"), ("no", "End it without fault")]
)
def test_a_fit_check_is_kept_for_oneself(
    as_mentee, as_mentor, mentorship, answer, sentence
):
    url = at("fit_check", mentorship.pk)

    page = text(as_mentee.post(url, {"answer": answer}, follow=True))

    assert sentence in page
    assert FitCheck.objects.get().read() == answer
    assert answer.encode() not in bytes(FitCheck.objects.get().sealed)
    assert sentence not in text(as_mentor.get(url))


def test_another_answer_takes_the_place_of_the_first(as_mentee, mentorship):
    for answer in ("no", "yes"):
        as_mentee.post(at("fit_check", mentorship.pk), {"answer": answer})

    assert FitCheck.objects.get().read() == "yes"


def concern(**fields):
    return {
        "matter": "trust",
        "words": "He tells his team.",
        "once": "5d2d0bd6-6f0c-4f04-9d7a-2d6f6a7f9d11",
        **fields,
    }


def test_what_is_off_is_for_oneself(as_mentee, as_mentor, mentorship):
    url = at("something_off", mentorship.pk)
    as_mentee.post(url, concern())

    assert "He tells his team." in text(as_mentee.get(url))
    assert "He tells his team." not in text(as_mentor.get(url))
    assert not Message.objects.filter(kind="help_wanted").exists()


def test_a_coordinator_hears_that_one_wants_to_talk_and_not_why(
    as_mentee, mentorship, coordinator, mentor
):
    for _time in range(20):
        as_mentee.post(at("something_off", mentorship.pk), concern(ask="on"))
    send_due()

    assert Concern.objects.count() == 1
    [found] = [each for each in mail.outbox if each.to == [coordinator.email]]
    assert "Mentee Mia" in found.subject
    said = found.body + str(found.alternatives)
    assert "tells his team" not in said
    assert "trust" not in said
    assert mentor.name not in said
    assert not [each for each in mail.outbox if each.to == [mentor.email]]


# --- the end


def test_the_reason_of_an_end_is_for_oneself(as_mentee, mentorship, mentor):
    as_mentee.post(
        at("mentorship_end", mentorship.pk), {"reason": "He was never there."}
    )
    send_due()

    assert EndReason.objects.get().read() == "He was never there."
    assert mail.outbox
    for found in mail.outbox:
        assert "never there" not in found.body


def test_an_end_leads_to_thanks_and_a_certificate(as_mentee, mentorship, past):
    MentoringSession.objects.update(state="held")
    mentorship.end()

    page = text(as_mentee.get(mentorship.get_absolute_url()))

    assert "Get my certificate" in page
    assert "Say thank you" in page
