"""Where mentees choose and rank: asking, answering, the clock, wishes, waiting."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from matching.actions import (
    accept_request,
    ask_mentor,
    decline_request,
    save_wishes,
    withdraw_request,
)
from matching.models import LeftOver, Manner, Request, Round, WishFor
from matching.standing import standing_of
from matching.suggestions import suggested_in, suggestions_for
from matching.tasks import move_requests
from mentorships.models import Mentorship
from outbox.models import Message
from outbox.tasks import send_due
from people.models import Absence, User, Wish
from programs.actions import leave_program, pause_participation, resume_participation
from programs.models import JoinQuestion, Participant, Program, Role
from programs.tasks import plan_waiting_status

WORDS = {"goals": "Chair a meeting", "rhythm_days": 14, "months": 6}


@pytest.fixture
def chooses(program):
    return Manner.objects.create(program=program, mode=Manner.Mode.CHOOSE)


@pytest.fixture
def asked(chooses, two_pairs):
    return ask_mentor(
        two_pairs["ann"], two_pairs["max"], by=two_pairs["ann"].user, **WORDS
    )


@pytest.fixture
def next_one(asked, two_pairs):
    return ask_mentor(
        two_pairs["ann"], two_pairs["nia"], by=two_pairs["ann"].user, **WORDS
    )


def planned(kind):
    return Message.objects.filter(kind=kind)


def test_a_request_is_told_to_the_mentor_and_expires_in_a_week(asked, two_pairs):
    assert asked.state == Request.State.OPEN
    assert asked.expires_at - timezone.now() > timedelta(days=6, hours=23)
    assert planned("request").get().to == two_pairs["max"].user


def test_the_mail_asks_and_its_link_answers(asked, two_pairs):
    send_due()

    [letter] = mail.outbox
    assert "Ann Mentee" in letter.subject
    assert asked.get_absolute_url() in letter.body
    assert WORDS["goals"] not in letter.body
    assert letter.reply_to == [two_pairs["ann"].user.email]


def test_a_second_choice_waits_for_the_first(next_one, two_pairs):
    assert next_one.state == Request.State.QUEUED
    assert planned("request").count() == 1


def test_asking_the_same_mentor_twice_is_refused(asked, two_pairs):
    with pytest.raises(ValidationError, match="asked this person"):
        ask_mentor(
            two_pairs["ann"], two_pairs["max"], by=two_pairs["ann"].user, **WORDS
        )


def test_a_mentor_is_asked_only_as_often_as_there_is_room(asked, two_pairs):
    with pytest.raises(ValidationError, match="no free place"):
        ask_mentor(
            two_pairs["bob"], two_pairs["max"], by=two_pairs["bob"].user, **WORDS
        )


def test_yes_starts_the_mentorship_and_lets_the_next_choice_go(
    asked, next_one, two_pairs
):
    mentorship = accept_request(asked, by=two_pairs["max"].user)

    assert mentorship.rhythm_days == 14
    next_one.refresh_from_db()
    assert next_one.state == Request.State.WITHDRAWN
    with pytest.raises(ValidationError, match="answered"):
        accept_request(asked, by=two_pairs["max"].user)
    assert Mentorship.objects.count() == 1


def test_yes_without_a_place_left_leaves_the_request_open(asked, two_pairs):
    Participant.objects.filter(pk=two_pairs["max"].pk).update(places_taken=1)

    with pytest.raises(ValidationError, match="no free place"):
        accept_request(asked, by=two_pairs["max"].user)

    asked.refresh_from_db()
    assert asked.state == Request.State.OPEN


def test_no_passes_the_question_on_and_the_reason_stays(asked, next_one, two_pairs):
    decline_request(asked, reason="Too busy", by=two_pairs["max"].user)

    next_one.refresh_from_db()
    assert next_one.state == Request.State.OPEN
    assert planned("request").count() == 2
    mail.outbox.clear()
    send_due()
    told = next(m for m in mail.outbox if m.to == [two_pairs["ann"].user.email])
    assert "Nia Mentor" in told.body
    assert not any("Too busy" in m.body for m in mail.outbox)


def test_who_declined_each_other_are_never_matched_by_a_round(
    asked, two_pairs, run, weigh
):
    decline_request(asked, reason="", by=two_pairs["max"].user)

    found = run()

    together = {
        frozenset(p.members.values_list("participant", flat=True))
        for p in found.proposals.all()
    }
    assert frozenset({two_pairs["ann"].pk, two_pairs["max"].pk}) not in together


def test_a_next_choice_without_room_is_passed_over(asked, next_one, two_pairs):
    Participant.objects.filter(pk=two_pairs["nia"].pk).update(places_taken=1)

    decline_request(asked, reason="", by=two_pairs["max"].user)

    next_one.refresh_from_db()
    assert next_one.state == Request.State.WITHDRAWN
    send_due()
    assert "Choose another mentor" in [m.subject for m in mail.outbox]


def test_the_clock_reminds_on_day_three_and_passes_on_at_day_seven(
    asked, next_one, two_pairs
):
    with time_machine.travel(asked.at + timedelta(days=2)):
        move_requests()
        assert planned("request_reminder").count() == 0
    with time_machine.travel(asked.at + timedelta(days=3, hours=1)):
        move_requests()
        move_requests()
        assert planned("request_reminder").count() == 1
    with time_machine.travel(asked.at + timedelta(days=7, hours=1)):
        assert move_requests() == 1
        assert move_requests() == 0
        asked.refresh_from_db()
        next_one.refresh_from_db()

    assert asked.state == Request.State.EXPIRED
    assert next_one.state == Request.State.OPEN


def test_taking_it_back_asks_the_next_one_without_a_mail_to_the_mentee(
    asked, next_one, two_pairs
):
    withdraw_request(asked, by=two_pairs["ann"].user)

    next_one.refresh_from_db()
    assert next_one.state == Request.State.OPEN
    assert planned("request_unmet").count() == 0
    withdraw_request(next_one, by=two_pairs["ann"].user)
    with pytest.raises(ValidationError):
        withdraw_request(next_one, by=two_pairs["ann"].user)


@pytest.mark.parametrize("state", ["closing", "archived"])
def test_nobody_asks_or_is_asked_once_matching_is_over(
    state, as_user, program, asked, next_one, two_pairs
):
    ann, bob, max_ = (two_pairs[name] for name in ("ann", "bob", "max"))
    Program.objects.filter(pk=program.pk).update(state=state)

    with pytest.raises(ValidationError, match="nobody is matched"):
        accept_request(asked, by=max_.user)
    with pytest.raises(ValidationError, match="nobody is matched"):
        ask_mentor(bob, two_pairs["nia"], by=bob.user, **WORDS)
    decline_request(asked, reason="", by=max_.user)
    send_due()
    next_one.refresh_from_db()
    assert next_one.state == Request.State.QUEUED
    page = as_user(ann.user).get(reverse("matching:choose", args=[program.slug]))

    assert mail.outbox == []
    assert not Mentorship.objects.exists()
    assert "nobody is matched" in page.content.decode()


def goes(participant, how):
    if how == "leaves":
        leave_program(participant, by=participant.user)
    else:
        until = timezone.localdate() + timedelta(days=30)
        pause_participation(participant, until, by=participant.user)


@pytest.mark.parametrize("how", ["leaves", "pauses"])
def test_a_mentee_who_goes_waits_for_nobody(how, as_user, asked, next_one, two_pairs):
    goes(two_pairs["ann"], how)

    assert set(Request.objects.values_list("state", flat=True)) == {"withdrawn"}
    send_due()
    subjects = [m.subject for m in mail.outbox]
    assert not any("asks you" in each for each in subjects), subjects
    home = as_user(two_pairs["max"].user).get("/").content.decode()
    assert asked.get_absolute_url() not in home


@pytest.mark.parametrize("how", ["leaves", "pauses"])
def test_when_a_mentor_goes_the_next_choice_is_asked(
    how, as_user, asked, next_one, two_pairs
):
    bob = two_pairs["bob"]
    second = ask_mentor(bob, two_pairs["nia"], by=bob.user, **WORDS)
    third = ask_mentor(bob, two_pairs["max"], by=bob.user, **WORDS)
    Participant.objects.filter(pk=two_pairs["nia"].pk).update(capacity=2)

    goes(two_pairs["max"], how)

    for each in (asked, next_one, second, third):
        each.refresh_from_db()
    assert (asked.state, next_one.state, second.state) == ("withdrawn", "open", "open")
    assert third.state == ("withdrawn" if how == "leaves" else "queued")
    assert planned("request_unmet").get().to == two_pairs["ann"].user
    home = as_user(two_pairs["ann"].user).get("/").content.decode()
    assert "Nia answers before" in home


def test_a_next_choice_who_pauses_is_passed_over(asked, next_one, two_pairs):
    Participant.objects.filter(pk=two_pairs["nia"].pk).update(
        paused_until=timezone.localdate() + timedelta(days=30)
    )

    decline_request(asked, reason="", by=two_pairs["max"].user)

    next_one.refresh_from_db()
    assert next_one.state == Request.State.WITHDRAWN


def test_who_pauses_is_not_asked_and_does_not_ask(as_user, chooses, two_pairs, program):
    ann, max_ = two_pairs["ann"], two_pairs["max"]
    goes(max_, "pauses")
    with pytest.raises(ValidationError, match="away until"):
        ask_mentor(ann, max_, by=ann.user, **WORDS)

    goes(ann, "pauses")
    with pytest.raises(ValidationError, match="You pause"):
        ask_mentor(ann, two_pairs["nia"], by=ann.user, **WORDS)
    page = as_user(ann.user).get(reverse("matching:choose", args=[program.slug]))
    assert "You pause" in page.content.decode()


@pytest.mark.parametrize("days", [1, 8])
def test_the_clock_lets_go_of_what_was_asked_where_matching_is_over(
    days, program, asked, next_one
):
    Program.objects.filter(pk=program.pk).update(state="closing")

    with time_machine.travel(asked.at + timedelta(days=days)):
        move_requests()

    assert set(Request.objects.values_list("state", flat=True)) == {"withdrawn"}
    assert planned("request").count() == 1
    assert not planned("request_unmet").exists()


# --- suggestions


def test_suggestions_fit_best_first_and_leave_out_who_was_asked(
    chooses, two_pairs, joins, topic, program
):
    first = [each.mentor for each in suggestions_for(two_pairs["ann"])]
    assert first[0] == two_pairs["max"]

    ask_mentor(two_pairs["bob"], two_pairs["max"], by=two_pairs["bob"].user, **WORDS)

    assert two_pairs["max"] not in [
        each.mentor for each in suggestions_for(two_pairs["ann"])
    ]


def test_a_mentor_is_shown_to_three_for_each_place(
    chooses, joins, topic, weigh, program
):
    for number in range(8):
        joins(f"Mentee {number}", Role.MENTEE, topic)
    mentor = joins("Max", Role.MENTOR, topic, capacity=2)

    shown = suggested_in(program)

    assert [fit.mentor for fits in shown.values() for fit in fits] == [mentor.pk] * 6


def test_every_process_shows_the_same_and_a_change_counts_in_all_of_them(
    program, chooses, two_pairs, django_assert_max_num_queries
):
    first = suggested_in(program)
    with django_assert_max_num_queries(6):  # what it was worked out of, read no more
        assert suggested_in(program) == first
    # Another worker has a memory of its own.
    cache.clear()
    assert suggested_in(program) == first

    max_ = two_pairs["max"]
    for change in (
        lambda: ask_mentor(two_pairs["bob"], max_, by=two_pairs["bob"].user, **WORDS),
        lambda: Absence.objects.create(
            user=two_pairs["nia"].user,
            starts_on=timezone.localdate(),
            ends_on=timezone.localdate(),
        ),
    ):
        change()
        after = suggested_in(program)
        assert after != first
        first = after


@pytest.mark.parametrize("goes", ["pauses", "is shut out"])
def test_who_cannot_be_asked_now_is_not_suggested(
    goes, as_user, program, chooses, two_pairs
):
    ann, max_ = two_pairs["ann"], two_pairs["max"]
    url = reverse("matching:choose", args=[program.slug])
    client = as_user(ann.user)
    assert "Ask Max" in client.get(url).content.decode()

    if goes == "pauses":
        until = timezone.localdate() + timedelta(days=30)
        pause_participation(max_, until, by=max_.user)
    else:
        User.objects.filter(pk=max_.user_id).update(is_active=False)
    assert "Ask Max" not in client.get(url).content.decode()

    if goes == "pauses":
        resume_participation(max_, by=max_.user)
        assert "Ask Max" in client.get(url).content.decode()


def test_what_counts_no_more_counts_in_no_suggestion(program, chooses, two_pairs):
    question = JoinQuestion.objects.create(
        program=program, kind="one", text_en="?", use_en="!", feeds_matching=True
    )
    program.criteria.create(key=f"answer:{question.pk}", weight=10)
    (before,) = suggestions_for(two_pairs["ann"])[:1]

    question.delete()

    (after,) = suggestions_for(two_pairs["ann"])[:1]
    assert after.score > before.score


def test_the_page_of_who_chooses_takes_few_queries(
    as_user, program, chooses, two_pairs, django_assert_max_num_queries
):
    client = as_user(two_pairs["ann"].user)
    url = reverse("matching:choose", args=[program.slug])
    client.get(url)

    with django_assert_max_num_queries(15):
        client.get(url)


# --- wishes


def test_wishes_are_kept_in_order_and_count_in_a_round(two_pairs, weigh, run):
    weigh(wishes=10)
    save_wishes(two_pairs["ann"], [two_pairs["nia"], two_pairs["max"]])

    found = run()

    proposal = found.proposals.get(members__participant=two_pairs["ann"])
    assert proposal.mentor.participant == two_pairs["nia"]
    assert list(WishFor.objects.values_list("rank", flat=True)) == [1, 2]


def test_wishes_as_a_must_allow_nobody_else(two_pairs, weigh, run):
    weigh(topics=10, must="wishes")
    save_wishes(two_pairs["ann"], [two_pairs["nia"]])
    save_wishes(two_pairs["bob"], [two_pairs["nia"]])

    found = run()

    assert found.matched == 1


def test_at_most_five_wishes_and_nobody_twice(two_pairs):
    with pytest.raises(ValidationError):
        save_wishes(two_pairs["ann"], [two_pairs["max"]] * 6)
    with pytest.raises(ValidationError):
        save_wishes(two_pairs["ann"], [two_pairs["max"], two_pairs["max"]])


# --- waiting


def test_standing_says_why_and_what_would_help(two_pairs, program, weigh):
    earlier = Round.objects.create(program=program, state=Round.State.PUBLISHED)
    LeftOver.objects.create(
        round=earlier, participant=two_pairs["ann"], limit="capacity"
    )

    standing = standing_of(two_pairs["ann"])

    assert "more mentees than places" in standing.why
    assert standing.comes_first
    assert any("three or more" in tip for tip in standing.tips)


@pytest.mark.parametrize("limit", LeftOver.Limit.values)
def test_every_limit_is_said_kindly(two_pairs, program, limit):
    earlier = Round.objects.create(program=program, state=Round.State.PUBLISHED)
    LeftOver.objects.create(round=earlier, participant=two_pairs["ann"], limit=limit)

    assert standing_of(two_pairs["ann"]).why.endswith(".")


def test_the_letter_to_who_waits_leads_to_where_they_stand(two_pairs, program):
    Participant.objects.update(ready_at=timezone.now())
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        plan_waiting_status()
        send_due()

    letter = next(m for m in mail.outbox if m.to == [two_pairs["ann"].user.email])
    assert reverse("matching:waiting", args=[program.slug]) in letter.body


@pytest.mark.parametrize("they_choose", [False, True])
def test_the_letter_says_what_each_waits_for(two_pairs, program, they_choose):
    """Where mentees choose there is no round to wait for."""
    Program.objects.filter(pk=program.pk).update(
        starts_on=timezone.localdate() - timedelta(days=30), matching_on=None
    )
    mode = Manner.Mode.CHOOSE if they_choose else Manner.Mode.COORDINATOR
    Manner.objects.update_or_create(program=program, defaults={"mode": mode})
    Participant.objects.update(ready_at=timezone.now())
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        plan_waiting_status()
        send_due()

    mentee, mentor = (
        next(m.body for m in mail.outbox if m.to == [two_pairs[name].user.email])
        for name in ("ann", "max")
    )
    assert ("You choose whom you ask" in mentee) is they_choose
    assert ("We look again in the next round" in mentee) is not they_choose
    assert ("As soon as somebody asks you" in mentor) is they_choose
    assert ("Nobody is matched with you yet" in mentor) is not they_choose


def test_standing_says_nothing_about_others(two_pairs, program, weigh):
    earlier = Round.objects.create(program=program, state=Round.State.PUBLISHED)
    LeftOver.objects.create(
        round=earlier,
        participant=two_pairs["ann"],
        limit="forbidden",
        facts={"lift": "languages", "mentor": two_pairs["max"].pk},
    )
    Wish.objects.filter(profile__user=two_pairs["ann"].user).delete()

    standing = standing_of(two_pairs["ann"])

    assert "languages" in standing.why
    assert "Max" not in standing.why
    assert standing.ahead_points == 50
    assert any("topics" in tip for tip in standing.tips)
