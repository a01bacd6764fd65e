from datetime import timedelta
from itertools import pairwise

import pytest
import time_machine
from django.utils import timezone

from mentorships import actions
from mentorships.actions import log as log_actions
from mentorships.models import (
    Action,
    Agreement,
    MentoringSession,
    PrivateNote,
    SharedNote,
)
from programs.models import Role
from tests import factories
from tests.mentorships.pages import at, log, text, tomorrow


def test_a_log_needs_a_date_and_a_length(as_mentee, mentorship, past):
    response = as_mentee.post(at("session_log", past.pk), log(mentorship, 2))

    past.refresh_from_db()
    assert response.url == mentorship.get_absolute_url()
    assert past.is_held
    assert timezone.localtime(past.starts_at).date() == (
        timezone.localdate() - timedelta(days=2)
    )


def test_what_was_never_planned_can_be_logged_once(as_mentee, mentorship):
    url = at("session_log_new", mentorship.pk)

    assert as_mentee.get(url).status_code == 200
    assert as_mentee.post(url, log(mentorship, 3)).status_code == 302
    again = as_mentee.post(url, log(mentorship, 3))

    assert again.status_code == 422
    assert "at this moment already" in text(again)
    assert MentoringSession.objects.held().count() == 1


def test_what_was_planned_for_that_day_is_what_is_logged(as_mentee, mentorship, past):
    day = (timezone.localdate() - timezone.localdate(past.starts_at)).days

    as_mentee.post(at("session_log_new", mentorship.pk), log(mentorship, day))

    assert MentoringSession.objects.get() == past
    assert MentoringSession.objects.get().is_held


def test_what_nobody_planned_was_at_noon_or_now_when_it_is_morning(
    as_mentee, mentorship
):
    morning = timezone.localtime().replace(hour=9, minute=40, second=20)

    with time_machine.travel(morning, tick=False):
        for days in (0, 1):
            as_mentee.post(at("session_log_new", mentorship.pk), log(mentorship, days))

    yesterday, today = MentoringSession.objects.held()
    assert yesterday.wall_time[11:] == "12:00"
    assert today.wall_time[11:] == "09:40"
    assert today.starts_at <= morning


def test_a_log_begins_with_the_length_of_last_time_or_as_agreed(
    as_mentee, mentorship, mentee
):
    url = at("session_log_new", mentorship.pk)
    actions.agree(Agreement(mentorship=mentorship, minutes=45), seen=0, by=mentee)
    assert 'value="45" selected' in text(as_mentee.get(url))

    factories.MentoringSessionFactory(mentorship=mentorship, minutes=50)
    assert 'value="50" selected' in text(as_mentee.get(url))


def test_what_is_still_to_come_cannot_be_logged(as_mentee, mentorship, coming):
    response = as_mentee.get(at("session_log", coming.pk))
    assert response.url == coming.get_absolute_url()

    response = as_mentee.post(
        at("session_log_new", mentorship.pk), log(mentorship, days=-2)
    )
    assert response.status_code == 422


def test_an_action_of_the_log_has_an_owner(as_mentee, mentorship, past):
    url = at("session_log", past.pk)

    response = as_mentee.post(url, log(mentorship, 3, action="Call Jan"))
    assert response.status_code == 422
    assert "Say who does it." in text(response)

    owner = mentorship.members.first().pk
    as_mentee.post(url, log(mentorship, 3, action="Call Jan", owner=owner))
    assert Action.objects.get().text == "Call Jan"


def test_two_who_write_at_once_both_see_both(
    as_mentee, as_mentor, mentorship, past, mentee
):
    url = at("session_log", past.pk)
    as_mentor.post(url, log(mentorship, 3, shared="What Mo wrote."))

    response = as_mentee.post(
        url,
        log(mentorship, 3, shared="What Mia wrote.", private="Only mine."),
        follow=True,
    )

    page = text(response)
    assert "Both texts stand there now" in page
    assert "What Mo wrote." in page
    assert "What Mia wrote." in page
    assert "Only mine." in page
    assert past.notes.count() == 2


def test_earlier_versions_stay_readable(as_mentee, as_mentor, mentorship, past):
    url = at("session_log", past.pk)
    as_mentor.post(url, log(mentorship, 3, shared="First words."))
    as_mentee.post(url, log(mentorship, 3, shared="Second words.", base="First words."))

    page = text(as_mentee.get(past.get_absolute_url()))

    assert "Second words." in page
    assert "First words." in page


def test_ends_of_lines_of_a_browser_are_not_a_change(
    as_mentee, as_mentor, mentorship, past
):
    url = at("session_log", past.pk)
    as_mentor.post(url, log(mentorship, 3, shared="One\r\nTwo"))

    as_mentee.post(url, log(mentorship, 3, shared="One\r\nTwo", base="One\r\nTwo"))

    assert past.notes.get().body == "One\nTwo"


def test_a_private_note_is_on_no_page_of_the_other(
    as_mentee, as_mentor, mentorship, past
):
    url = at("session_log", past.pk)
    as_mentee.post(url, log(mentorship, 3, private="I was nervous."))

    assert "I was nervous." in text(as_mentee.get(url))
    assert "I was nervous." in text(as_mentee.get(past.get_absolute_url()))
    for page in (url, past.get_absolute_url(), mentorship.get_absolute_url()):
        assert "I was nervous." not in text(as_mentor.get(page))


def test_a_note_that_does_not_open_is_kept_until_a_new_one_is_written(
    as_mentee, mentorship, past, settings
):
    url = at("session_log", past.pk)
    as_mentee.post(url, log(mentorship, 3, private="I was nervous."))
    settings.NOTES_KEY = "another"

    assert "cannot be opened" in text(as_mentee.get(past.get_absolute_url()))
    assert "cannot be opened" in text(as_mentee.get(url))
    as_mentee.post(url, log(mentorship, 3))
    assert PrivateNote.objects.exists()

    as_mentee.post(url, log(mentorship, 3, private="A new one."))
    assert PrivateNote.objects.get().read() == "A new one."


def test_an_unusual_length_stays_as_it_is(as_mentee, past):
    MentoringSession.objects.update(minutes=50)

    assert '<option value="50" selected>' in text(
        as_mentee.get(at("session_log", past.pk))
    )


# --- shared notes, as they are typed


def type_in(client, session, shared, base=""):
    return client.post(at("note_save", session.pk), {"shared": shared, "base": base})


def test_saying_that_it_is_saved_moves_no_button(as_mentee, mentorship, past):
    """The line is there before the first time, where notes are saved as one types."""
    line = "This is saved as you type."

    assert line in text(as_mentee.get(at("session_log", past.pk)))
    assert line not in text(as_mentee.get(at("session_log_new", mentorship.pk)))
    assert line not in text(type_in(as_mentee, past, "We"))


def test_notes_are_kept_while_somebody_types(as_mentee, past):
    said = ["We", "We talked", "We talked about it."]
    for base, shared in pairwise(["", *said]):
        response = type_in(as_mentee, past, shared, base)

    assert "Saved at" in text(response)
    assert past.notes.get().body == "We talked about it."


def test_two_who_type_at_once_lose_nothing(as_mentee, as_mentor, past):
    type_in(as_mentee, past, "Mia: one")
    type_in(as_mentor, past, "Mo: one")
    kept = text(type_in(as_mentee, past, "Mia: one\nMia: two", base="Mia: one"))

    body = past.notes.first().body
    for line in ("Mia: one", "Mia: two", "Mo: one"):
        assert body.count(line) == 1
        assert line in kept
    assert "These notes were changed elsewhere too" in kept


def test_what_somebody_deletes_stays_as_an_earlier_version(as_mentee, past):
    type_in(as_mentee, past, "A long story.")
    type_in(as_mentee, past, "Short.", base="A long story.")

    assert [note.body for note in past.notes.all()] == ["Short.", "A long story."]


def test_after_a_while_typing_is_a_new_version(as_mentee, past):
    type_in(as_mentee, past, "Before lunch.")
    SharedNote.objects.update(at=timezone.now() - timedelta(minutes=11))

    type_in(as_mentee, past, "Before lunch. After.", base="Before lunch.")

    assert past.notes.count() == 2


def test_notes_that_are_too_long_are_not_kept(as_mentee, past):
    assert type_in(as_mentee, past, "x" * 20_001).status_code == 422
    assert not SharedNote.objects.exists()


def test_another_writes_in_between_two_looks_and_both_are_kept(
    as_mentee, past, mentor, monkeypatch
):
    kept = log_actions._keep
    late = iter([True])

    def other_first(session, last, body, **how):
        if next(late, False):
            SharedNote.objects.create(session=session, body="Mo was first.", by=mentor)
            return kept(session, last, body, **how)
        return kept(session, last, body, **how)

    monkeypatch.setattr(log_actions, "_keep", other_first)
    type_in(as_mentee, past, "Mia was second.")

    assert past.notes.first().body == "Mo was first.\nMia was second."


def test_a_version_that_somebody_wrote_just_now_is_not_written_past(
    as_mentee, past, mentor, monkeypatch
):
    type_in(as_mentee, past, "Mia: one")
    kept = log_actions._keep
    late = iter([True])

    def other_first(session, last, body, **how):
        if next(late, False):
            SharedNote.objects.create(
                session=session, version=2, body="Mia: one\nMo: one", by=mentor
            )
        return kept(session, last, body, **how)

    monkeypatch.setattr(log_actions, "_keep", other_first)
    type_in(as_mentee, past, "Mia: one, and more", base="Mia: one")

    body = past.notes.first().body
    assert "Mia: one, and more" in body
    assert "Mo: one" in body


# --- shared notes of one person, in more than one window


def test_what_i_see_in_the_field_is_kept_though_i_wrote_elsewhere_since(
    as_mentee, mentorship, past
):
    url = at("session_log", past.pk)
    as_mentee.post(url, log(mentorship, 3, shared="First words."))
    as_mentee.post(url, log(mentorship, 3, shared="Second words.", base="First words."))

    response = as_mentee.post(
        url, log(mentorship, 3, shared="Third words.", base="First words."), follow=True
    )

    assert past.notes.first().body == "Third words."
    assert "Written down." in text(response)


@pytest.mark.parametrize("is_planned", [True, False])
def test_the_next_session_is_asked_for_where_none_is_planned(
    as_mentee, mentorship, past, is_planned
):
    if is_planned:
        factories.MentoringSessionFactory(mentorship=mentorship, starts_at=tomorrow())

    response = as_mentee.post(
        at("session_log", past.pk), log(mentorship, 3), follow=True
    )

    assert "Written down." in text(response)
    assert ("When is the next one?" in text(response)) is not is_planned


def test_what_i_took_out_elsewhere_does_not_come_back(as_mentee, mentorship, past):
    url = at("session_log", past.pk)
    as_mentee.post(url, log(mentorship, 3, shared="First words."))
    as_mentee.post(url, log(mentorship, 3, shared="", base="First words."))

    untouched = log(mentorship, 3, shared="First words.", base="First words.", rating=4)
    response = as_mentee.post(url, untouched, follow=True)

    assert past.notes.first().body == ""
    assert "Written down." in text(response)


def test_what_another_wrote_after_me_is_not_overwritten(
    as_mentee, as_mentor, mentorship, past
):
    url = at("session_log", past.pk)
    for client, shared, base in (
        (as_mentee, "Mia: one", ""),
        (as_mentee, "Mia: two", "Mia: one"),
        (as_mentor, "Mia: two\nMo: one", "Mia: two"),
    ):
        client.post(url, log(mentorship, 3, shared=shared, base=base))

    response = as_mentee.post(
        url, log(mentorship, 3, shared="Mia: three", base="Mia: one"), follow=True
    )

    assert past.notes.first().body == "Mia: three\nMo: one"
    assert "changed elsewhere while you wrote" in text(response)


def test_a_space_at_the_end_is_not_somebody_else(as_mentee, mentorship, past):
    type_in(as_mentee, past, "We talked.\n")

    response = as_mentee.post(
        at("session_log", past.pk),
        log(mentorship, 3, shared="We talked. ", base="We talked.\n"),
        follow=True,
    )

    assert "Written down." in text(response)
    assert past.notes.first().body == "We talked. "


# --- what it was worth


def test_a_rating_is_for_oneself(as_mentee, as_mentor, mentorship, past):
    as_mentee.post(at("session_log", past.pk), log(mentorship, 3, rating=4))

    assert "4 of 5" in text(as_mentee.get(past.get_absolute_url()))
    assert "of 5" not in text(as_mentor.get(past.get_absolute_url()))


def test_a_correction_by_the_other_keeps_my_rating(
    as_mentee, as_mentor, mentorship, past
):
    as_mentee.post(at("session_log", past.pk), log(mentorship, 3, rating=4))
    as_mentor.post(at("session_log", past.pk), log(mentorship, 3, minutes=45))

    assert past.attendances.get(rating=4)


def test_a_correction_keeps_that_whoever_left_since_was_there(
    as_mentee, mentorship, past, mentee
):
    leaver = factories.MemberFactory(mentorship=mentorship, role=Role.MENTEE)
    url = at("session_log", past.pk)
    as_mentee.post(url, log(mentorship, 3))
    past.attendances.filter(member=leaver).update(rating=4)
    actions.step_out(mentorship, leaver.participant, by=mentee)

    me = mentorship.members.get(participant__user=mentee)
    as_mentee.post(url, log(mentorship, 3, came=[me.pk]))

    assert {each.member_id for each in past.attendances.all()} == {leaver.pk, me.pk}
    assert past.attendances.get(member=leaver).rating == 4


def test_what_was_open_is_carried_forward_until_somebody_says_it_is_done(
    as_mentee, mentorship, past, mentee
):
    owner = mentorship.members.first()
    first, second = (
        Action.objects.create(mentorship=mentorship, owner=owner, text=text)
        for text in ("Call Jan", "Read the book")
    )
    url = at("session_log", past.pk)
    page = text(as_mentee.get(url))
    assert "Call Jan (" in page
    assert "Read the book (" in page

    as_mentee.post(url, log(mentorship, 3, done=[first.pk]))

    assert list(Action.objects.open()) == [second]
    assert "Call Jan (" not in text(as_mentee.get(url))


def test_a_log_takes_three_actions_and_gives_back_what_lacks_an_owner(
    as_mentee, mentorship, past
):
    url = at("session_log", past.pk)
    owner = mentorship.members.first().pk
    data = log(
        mentorship,
        3,
        action="Call Jan",
        owner=owner,
        action2="Call Piet",
        owner2=owner,
        action3="Call Joris",
    )

    response = as_mentee.post(url, data)
    assert response.status_code == 422
    assert "<details open>" in text(response)
    assert not Action.objects.exists()

    as_mentee.post(url, {**data, "owner3": owner})
    assert Action.objects.count() == 3


def test_an_action_of_the_log_is_not_due_before_today(as_mentee, mentorship, past):
    url = at("session_log", past.pk)
    owner = mentorship.members.first().pk
    day = timezone.localdate()
    data = log(mentorship, 3, action2="Call Jan", owner2=owner)

    response = as_mentee.post(url, {**data, "due_on2": day - timedelta(days=1)})
    assert response.status_code == 422
    assert "Choose today or a day that is still to come." in text(response)
    assert "<details open>" in text(response)

    assert as_mentee.post(url, {**data, "due_on2": day}).status_code == 302


def test_what_ran_late_is_carried_forward_all_the_same(as_mentee, mentorship, past):
    late = Action.objects.create(
        mentorship=mentorship,
        owner=mentorship.members.first(),
        text="Call Jan",
        due_on=timezone.localdate() - timedelta(days=9),
    )

    response = as_mentee.post(at("session_log", past.pk), log(mentorship, 3))

    assert response.status_code == 302
    assert list(Action.objects.open()) == [late]
